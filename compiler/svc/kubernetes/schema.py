"""Does an object fit the API of a Kubernetes minor? Strictly, by the API's own schemas, without a cluster.

The schemas are those that kubeconform reads: one self-contained JSON Schema per kind in which unknown keys are
forbidden, `schemas/kubernetes/<minor>/<kind>[-<group>]-<version>.json`, custom resources in `crds/`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc import assets
from svc.diagnostics import Route
from svc.kubernetes import sanity, words
from svc.kubernetes.types import Manifest

if TYPE_CHECKING:
    from jsonschema import ValidationError

    from svc.fits import Test

MINORS = ("1.35", "1.36", "1.37")
"""The Kubernetes minors that outputs are made for."""

CUSTOM = "crds"


def check(manifest: Manifest, minor: str) -> tuple[tuple[Route, str], ...]:
    """What an API server of that minor would refuse, as (route, message); empty for a fine object."""
    name = schema_name(manifest.api_version, manifest.kind)
    fits = _fits(minor, name)
    if fits is None:
        message = f"Kubernetes {minor} has no {manifest.kind} in {manifest.api_version or '(no apiVersion)'}"
        return ((("apiVersion",), message),)
    found = [] if fits(manifest.tree.data) else _errors(minor, name, manifest.tree.data)
    said = [(one.route, one.message) for one in words.check(manifest)]
    return tuple(dict.fromkeys([*found, *said, *sanity.check(manifest)]))


def schema_name(api_version: str, kind: str) -> str:
    """kubeconform's file name: `deployment-apps-v1`, `service-v1`, `ingress-networking-v1`."""
    group, slash, version = api_version.rpartition("/")
    parts = [kind, group.split(".")[0], version] if slash else [kind, version]
    return "-".join(parts).lower()


def known(api_version: str, kind: str) -> bool:
    """Whether there is a schema of a kind."""
    return _schema(MINORS[-1], schema_name(api_version, kind)) is not None


def of(api_version: str, kind: str, minor: str) -> dict[str, Any] | None:
    """The API's schema of a kind, not to be changed; None where there is none."""
    return _schema(minor, schema_name(api_version, kind))


def folder() -> Path:
    return assets.schemas() / "kubernetes"


@lru_cache(maxsize=1024)
def _schema(minor: str, name: str) -> dict[str, Any] | None:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,200}", name):
        return None
    for place in (minor, CUSTOM):
        path = folder() / place / f"{name}.json"
        if path.is_file():
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return found
    return None


@cache
def _fits(minor: str, name: str) -> Test | None:
    schema = _schema(minor, name)
    from svc.fits import fitting

    return None if schema is None else fitting(schema)


def _errors(minor: str, name: str, data: Any) -> list[tuple[Route, str]]:
    from jsonschema import Draft7Validator

    return [leaf for error in Draft7Validator(_schema(minor, name) or {}).iter_errors(data) for leaf in _leaves(error)]


def _leaves(error: ValidationError) -> Iterator[tuple[Route, str]]:
    """The parts of an `anyOf` say what is wrong, the whole only that something is."""
    route: Route = tuple(error.absolute_path)
    if error.validator in ("anyOf", "oneOf") and error.context:
        wanted = sorted({_words(one) for one in error.context})
        yield route, " or ".join(wanted)
        return
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        for key in sorted(set(error.instance) - set(known)):
            yield (*route, key), f"unknown key `{key}`"
        return
    yield route, _words(error)


def _words(error: ValidationError) -> str:
    value: Any = error.validator_value
    if error.validator == "type":
        wanted = value if isinstance(value, str) else " or ".join(one for one in value if one != "null")
        return f"`{_short(error.instance)}` is not of type {wanted}"
    if error.validator == "enum":
        return f"`{_short(error.instance)}` is none of {', '.join(str(one) for one in value if one is not None)}"
    return str(error.message)


def _short(value: object) -> str:
    text = json.dumps(value) if not isinstance(value, str) else value
    return text if len(text) <= 60 else f"{text[:57]}..."
