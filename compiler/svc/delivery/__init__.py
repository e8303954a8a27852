"""Delivery: one typed pipeline per service, below the targets; each CI vendor's target says it in its own words."""
