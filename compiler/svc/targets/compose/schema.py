"""Where a compose file does not fit the published schema (schemas/compose/compose-spec.json)."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from svc import assets
from svc.diagnostics import Problem, Route
from svc.fits import Test, fitting
from svc.patterns import regex
from svc.shapes import Shape
from svc.suggest import nearest
from svc.targets.compose import interpolated, refused, together

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_OVERRIDE = regex(r"\.override\.ya?ml$", needs=(".override.",))
"""Files that Compose lays over others by their name, and whose services name what the others declare."""


def problems(data: Any, name: str = "") -> Iterator[Problem]:
    """Values that the environment fills in fit everything; so does what the file leaves empty. `name`: of the file."""
    yield from _shape().problems(data)
    if not _OVERRIDE.search(name):
        yield from _references(data)
    top = data if isinstance(data, dict) else {}
    yield from interpolated.check(top)
    yield from together.check(top)
    for name, service in _declared(top, "services").items():
        if isinstance(service, dict):
            yield from refused.check(service, ("services", name), top)


def _references(data: Any) -> Iterator[Problem]:
    """Services, volumes, networks, secrets and configs that are named and not declared. Parts of a file are left alone."""
    top = data if isinstance(data, dict) else {}
    services = {name: one for name, one in _declared(top, "services").items() if isinstance(one, dict)}
    if "include" in top or not all({"image", "build", "extends"} & set(one) for one in services.values()):
        return
    for name, service in services.items():
        for key, kind in (
            ("depends_on", "services"),
            ("networks", "networks"),
            ("secrets", "secrets"),
            ("configs", "configs"),
        ):
            known = [*_declared(top, kind), *(["default"] if kind == "networks" else [])]
            for at, named in _named(service.get(key)):
                if named not in known and "$" not in named:
                    yield _undeclared(("services", name, key, at), name, named, kind, known)
        volumes, listed = _declared(top, "volumes"), service.get("volumes")
        for index, volume in enumerate(listed if isinstance(listed, list) else ()):
            source, within = _volume(volume)
            if len(source) > 1 and source[0].isalnum() and "$" not in source and source not in volumes:
                yield _undeclared(("services", name, "volumes", index, *within), name, source, "volumes", list(volumes))


def _volume(volume: Any) -> tuple[str, Route]:
    """The name of a volume in either form, and where in it the name stands; no name for a folder of the machine's."""
    if isinstance(volume, dict):
        source = volume.get("source") if volume.get("type") == "volume" else ""
        return (source, ("source",)) if isinstance(source, str) else ("", ())
    return volume.partition(":")[0] if isinstance(volume, str) and ":" in volume else "", ()


def _declared(top: dict[str, Any], kind: str) -> dict[str, Any]:
    found = top.get(kind)
    return found if isinstance(found, dict) else {}


def _named(value: Any) -> Iterator[tuple[str | int, str]]:
    if isinstance(value, dict):
        optional = [key for key, one in value.items() if isinstance(one, dict) and one.get("required") is False]
        yield from ((key, str(key)) for key in value if key not in optional)
    for index, one in enumerate(value if isinstance(value, list) else ()):
        source = one.get("source") if isinstance(one, dict) else one
        if isinstance(source, str):
            yield index, source


def _undeclared(route: Route, service: str, named: str, kind: str, known: list[str]) -> Problem:
    words = f"; there are {', '.join(f'`{one}`' for one in sorted(known))}" if known else ""
    message = f"service `{service}` names `{named}`, which `{kind}` does not have{words}{nearest(named, known)}"
    return Problem("compose-reference", route, message, f"declare it in `{kind}`")


def schema_errors(data: Any) -> tuple[tuple[Route, str], ...]:
    """Every place where data is no compose file, in the words of the schema."""
    if _fits()(data):
        return ()
    return tuple((tuple(error.absolute_path), error.message) for error in _validator().iter_errors(data))


@functools.cache
def _validator() -> Validator:
    from jsonschema.validators import validator_for

    schema = _schema()
    return validator_for(schema)(schema)


@functools.cache
def _fits() -> Test:
    return fitting(_schema())


@functools.cache
def _schema() -> dict[str, Any]:
    path = assets.schemas() / "compose" / "compose-spec.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@functools.cache
def _shape() -> Shape:
    return Shape(_schema(), "compose", lambda text: "$" in text or text.startswith("!"), empty=True)
