"""sha256, by OpenSSL: loading that takes as long as a dozen modules, which a lint that hashes nothing does not wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash


def sha256(data: bytes | memoryview = b"") -> _Hash:
    """The running digest of some bytes, as of `hashlib.sha256`."""
    import hashlib

    return hashlib.sha256(data)
