"""Edits of texts that people wrote: comments and layout stay, and every result is proved by reading it back."""
