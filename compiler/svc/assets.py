"""Where `schemas/` and `policies/` are: beside the package in a wheel, at the root of the repository in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path


def schemas() -> Path:
    return _folder("schemas")


def policies() -> Path:
    return _folder("policies")


@cache
def _folder(name: str) -> Path:
    package = Path(__file__).resolve().parent
    beside = package / name
    return beside if beside.is_dir() else package.parents[1] / name
