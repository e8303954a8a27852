"""The programs of the field over everything that the real services compile to."""
