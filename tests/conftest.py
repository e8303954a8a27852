"""Puts this folder on the import path: `samples` and `sample_parts` are shared by the tests of all targets."""
