"""Where a compose file does not fit the published schema (schemas/compose/compose-spec.json)."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from svc import assets
from svc.diagnostics import Problem, Route
from svc.fits import Test, fitting
from svc.shapes import Shape
from svc.targets.compose import interpolated, references, refused, together

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


def problems(data: Any, below: Sequence[Any] | None = ()) -> Iterator[Problem]:
    """Values that the environment fills in fit everything; so does what the file leaves empty. `below`: what the file may
    be laid over, and names parts of; None where that is not known."""
    top = data if isinstance(data, dict) else {}
    if (service := outside(top)) is not None:
        message = f"`{service}` is a service, and does not stand below `services`"
        advice = "write `services:` above all services, and indent them; Compose takes them nowhere else"
        yield Problem("compose-key-missing", (service,), message, advice, "key")
        return
    services = top.get("services")
    refusals = [
        problem
        for name, service in (services.items() if isinstance(services, dict) else ())
        if isinstance(service, dict)
        for problem in refused.check(service, ("services", name), top)
    ]
    told = {one.route for one in refusals}
    yield from (one for one in _shape().problems(data) if one.route not in told)
    if below is not None:
        yield from references.check(top, [one for one in below if isinstance(one, dict)])
    yield from interpolated.check(top)
    yield from together.check(top)
    yield from refusals


def outside(top: dict[str, Any]) -> str | None:
    """The first service of a file in the form that Compose had before there was `services`."""
    if "services" in top:
        return None
    found = [name for name, one in top.items() if isinstance(one, dict) and ("image" in one or "build" in one)]
    own = _schema()["properties"] if found else ()  # a volume may be called `image`, too
    return next((one for one in found if one not in own and not str(one).startswith("x-")), None)


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
    return Shape(_schema(), "compose", lambda text: "$" in text or text.startswith("!"), empty=True, exact=True)
