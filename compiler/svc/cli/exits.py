"""Exit codes: an interface. A test holds them unique and documented."""

from enum import IntEnum, unique


@unique
class Exit(IntEnum):
    CLEAN = 0
    """Nothing at or above the failing severity; with --check, the output is up to date."""
    FINDINGS = 1
    """Findings at or above the failing severity, or output that is out of date with --check."""
    INVALID = 2
    """Wrong usage, or a configuration or spec that cannot be read or is invalid; files that cannot be written."""
    INTERNAL = 3
    """A bug of ours, or an external tool that crashed."""
    INTERRUPTED = 130
    """Interrupted from the keyboard."""
