"""What is locked, and what the project says that it needs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "requirements"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)(?: ; [^\\]+)? \\$", re.MULTILINE)


def pins(name: str) -> set[tuple[str, str]]:
    return {(canonical(found), version) for found, version in PIN.findall((REQUIREMENTS / name).read_text("utf-8"))}


def locked(name: str) -> dict[str, str]:
    return dict(pins(name))


def hashes_of(lock: str, package: str) -> set[str]:
    """The digests that a lock allows for a package."""
    text = (REQUIREMENTS / lock).read_text("utf-8")
    (block,) = re.findall(rf"(?m)^{re.escape(package)}==.*\\\n((?:    --hash=.*\n)+)", text)
    return set(re.findall(r"sha256:([0-9a-f]{64})", block))


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def project() -> dict[str, list[str]]:
    found: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return found
