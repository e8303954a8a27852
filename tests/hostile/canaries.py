"""Secrets to plant, and the search for them: whole, in pieces of eight characters, and in every usual spelling."""

from __future__ import annotations

import base64
import pickle
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

PIECE = 8
"""Characters of a secret that nobody may see in a row."""
CONTROL = "Ctl5helloEverybody"
"""No secret: it has to be found where texts are kept, or the search is blind."""
_LENGTH = struct.Struct("<Q")
_PLANTED: dict[str, str] = {}
_PIECES: dict[str, str] = {}


def canary(place: str) -> str:
    """A secret for one place, without signs that any format would write in another way."""
    return _planted(place, f"Zq7{place}Kw9{place}Vt4")


def sharp(place: str) -> str:
    """One with signs that formats escape, each time after eight characters at least."""
    return _planted(place, f"Zq7{place}Kw9\"Tr4{place}Lp8'Hd5{place}Yb2<Wf6{place}Vt4>&1")


def token(place: str) -> str:
    """One that its form gives away, under any name."""
    return _planted(place, "ghp_" + (f"Zq7{place}Kw9{place}Tr4{place}Lp8{place}" * 3)[:40])


def _planted(place: str, text: str) -> str:
    _PLANTED[place] = text
    for spelled in spellings(text):
        for at in range(len(spelled) - PIECE + 1):
            _PIECES.setdefault(spelled[at : at + PIECE].lower(), place)
    return text


def spellings(text: str) -> Iterator[str]:
    """As it is, for URLs, and in base64 wherever it begins in a group of three. Other escapes leave eight in a row."""
    yield text
    yield quote(text, safe="")
    for lead in range(3):
        whole = base64.b64encode(b"x" * lead + text.encode()).decode().rstrip("=")
        yield whole[-(-lead * 8 // 6) : len(whole) - 1]


def seen(text: str) -> list[str]:
    """The places whose secret can be seen in a text, each with what stands around it."""
    lower = text.lower()
    found: dict[str, str] = {}
    for at in range(len(lower) - PIECE + 1):
        place = _PIECES.get(lower[at : at + PIECE])
        if place is not None and place not in found:
            found[place] = f"{place}: ...{text[max(0, at - 120) : at + 60]}..."
    return list(found.values())


def kept(cache: Path) -> list[str]:
    """Every entry of a cache, opened: a head of 36 bytes, then two pieces, the first packed and with its length."""
    opened = []
    for one in sorted(cache.rglob("*")):
        data = one.read_bytes() if one.is_file() else b""
        if data.startswith(b"svc"):
            assert data.startswith(b"svc2"), "the form of entries is known here"
            start = 36 + _LENGTH.size
            end = start + _LENGTH.unpack_from(data, 36)[0]
            first = zlib.decompress(data[start:end])
            pieces = [first, *_beside(data[end:])]
            opened += [piece.decode("latin-1") for piece in pieces] + list(_texts(pickle.loads(first)))
        elif data:
            opened.append(data.decode("latin-1"))
    return opened


def _beside(data: bytes) -> Iterator[bytes]:
    """The second piece as it is, and whatever is packed in it, wherever that begins."""
    yield data
    at = data.find(b"\x78")
    while at >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(data[at:])
        at = data.find(b"\x78", at + 1)


def _texts(value: object) -> Iterator[str]:
    """Packed texts within an entry, should there be any."""
    if isinstance(value, bytes):
        try:
            yield zlib.decompress(value).decode("latin-1")
        except zlib.error:
            yield value.decode("latin-1")
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _texts(one)
