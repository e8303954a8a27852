"""How files spell a text, and what a private key and a token of the web look like."""

from __future__ import annotations

import base64
import json

from hostile.canaries import canary


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def double_quoted(text: str) -> str:
    return json.dumps(text)


def single_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def private_key(place: str) -> str:
    """The lines of a private key."""
    return f"-----BEGIN RSA PRIVATE KEY-----\n{canary(place + '1')}\n{canary(place + '2')}\n-----END RSA PRIVATE KEY-----\n"


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.splitlines())


def jwt(place: str) -> str:
    return f"eyJhbGciOiJIUzI1NiJ9xx.eyJ{canary(place)}abcdefghij.{canary(place + 's')}"
