"""Fixes: what an edit of a hand-written artifact does about a finding. A literal table, one small function each."""
