"""Puts this folder on the import path: `variants` is shared by the tests of this target."""
