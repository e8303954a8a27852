"""The strict reading of one policy file: every key known, every value of its form, each fault at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, get_args

from svc.checks import CHECKS, surface_of
from svc.diagnostics import Diagnostic, Route, Severity
from svc.parse import Document
from svc.patterns import regex
from svc.policy.head import from_head
from svc.policy.params import faults
from svc.policy.types import PROFILES, SETS, SHELLCHECK, Fix, Policy
from svc.suggest import nearest
from svc.targets.protocol import Surface

REQUIRED = ("title", "severity", "surface", "check", "why", "help", "pass", "fail")
OPTIONAL = ("profiles", "sets", "params", "aliases", "since", "fix", "unless")
_ID = regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

Fault = tuple[Route, str]


def problems(document: Document, name: str) -> tuple[Diagnostic, ...]:
    """What is wrong with a policy file; nothing when `policy` may be called."""
    return tuple(
        Diagnostic(
            "policy-invalid",
            Severity.ERROR,
            f"policy `{name}`: {message}",
            document.place(route),
            "see docs/reference/policies.md for the form of a policy",
        )
        for route, message in _faults(document.data, name)
    )


def policy(document: Document, name: str) -> Policy:
    return from_head(head(document.data), name, document.place(()))


def head(data: dict[str, Any]) -> dict[str, Any]:
    """The file without its examples: what a run needs."""
    return {key: value for key, value in data.items() if key not in ("pass", "fail")}


def _faults(data: Any, name: str) -> Iterator[Fault]:
    if not _ID.fullmatch(name):
        yield (), f"`{name}` is not a policy id: lower-case words joined by `-`"
    if not isinstance(data, dict):
        yield (), "a policy is a mapping"
        return
    known = (*REQUIRED, *OPTIONAL)
    for key in data:
        if key not in known:
            yield (key,), f"unknown key `{key}`; known are {', '.join(sorted(known))}"
    missing = [key for key in REQUIRED if key not in data]
    if missing:
        yield (), f"{', '.join(f'`{key}`' for key in missing)} {'is' if len(missing) == 1 else 'are'} missing"
    for key, form in _FORMS.items():
        if key in data:
            message = form(data[key])
            if message:
                yield (key,), f"`{key}` {message}"
    yield from _check_faults(data)
    yield from _example_faults(data)
    yield from _input_faults(data)
    if data.get("surface") == "service":
        yield from _service_faults(data)


def _check_faults(data: dict[str, Any]) -> Iterator[Fault]:
    check, surface = data.get("check"), data.get("surface")
    if not isinstance(check, str):
        return
    if check == "cue":
        if data.get("params"):
            yield ("params",), "a policy in CUE has no parameters: write them in its file"
        return
    if check == SHELLCHECK:
        if surface in get_args(Surface) and surface not in ("docker", "github"):
            yield ("surface",), f"ShellCheck judges docker, github, not {surface}"
        if data.get("params"):
            yield ("params",), "a policy over ShellCheck has no parameters: severities may name its codes"
        return
    try:
        judges = surface_of(check)
    except KeyError as error:
        known = f"there is no check `{check}`{nearest(check, CHECKS)}"
        yield ("check",), str(error) if ":" in check else known
        return
    if surface != judges and surface in get_args(Surface):
        yield ("surface",), f"check `{check}` judges {judges}, not {surface}"
        return
    params = data.get("params", {})
    if isinstance(params, dict):
        for key, message in faults(check, params):
            yield ("params", key), message


def _example_faults(data: dict[str, Any]) -> Iterator[Fault]:
    for key in ("pass", "fail"):
        examples = data.get(key)
        if key in data and (not isinstance(examples, list) or not examples):
            yield (key,), f"`{key}` is a list of at least one example"
    failing = data.get("fail")
    for index, example in enumerate(failing if isinstance(failing, list) else ()):
        if not isinstance(example, dict) or set(example) != {"input", "at"}:
            yield ("fail", index), "an example that fails is a mapping of `input` and `at`"
        elif not isinstance(example["at"], list) or not all(isinstance(route, list) for route in example["at"]):
            yield ("fail", index, "at"), "`at` is a list of routes, each a list of keys and indexes"


def _input_faults(data: dict[str, Any]) -> Iterator[Fault]:
    """Examples whose input is nothing that their surface reads."""
    from svc.policy.inputs import misshapen

    surface = data.get("surface")
    for key, inside in (("pass", ()), ("fail", ("input",))):
        examples = data.get(key)
        for index, example in enumerate(examples if isinstance(examples, list) else ()):
            given = example.get("input") if inside and isinstance(example, dict) else example
            wrong = misshapen(surface, given) if surface in get_args(Surface) else None
            if wrong is not None:
                yield (key, index, *inside, *wrong[0]), wrong[1]


def _service_faults(data: dict[str, Any]) -> Iterator[Fault]:
    """Keys in examples that no service has: such an example would prove nothing."""
    from svc.resolve.view_shape import misfit

    for key, inside in (("pass", ()), ("fail", ("input",))):
        examples = data.get(key)
        for index, example in enumerate(examples if isinstance(examples, list) else ()):
            route: Route = (key, index, *inside)
            given = example.get("input") if inside and isinstance(example, dict) else example
            if not isinstance(given, dict):
                yield (key, index), "an example of surface service is a mapping, see docs/reference/service-view.md"
            elif (found := misfit(given)) is not None:
                yield (*route, *found[0]), found[1]


def _text(value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() else "must be text"


def _one_of(*allowed: str) -> Callable[[Any], str]:
    return lambda value: "" if value in allowed else f"must be one of {', '.join(allowed)}, not `{value}`"


def _some_of(*allowed: str) -> Callable[[Any], str]:
    def form(value: Any) -> str:
        if not isinstance(value, list):
            return f"must be a list of {', '.join(allowed)}"
        wrong = [str(item) for item in value if item not in allowed]
        return f"names `{wrong[0]}`; allowed are {', '.join(allowed)}" if wrong else ""

    return form


def _texts(value: Any) -> str:
    return "" if isinstance(value, list) and all(isinstance(item, str) for item in value) else "must be a list of text"


def _mapping(value: Any) -> str:
    return "" if isinstance(value, dict) else "must be a mapping"


_FORMS: dict[str, Callable[[Any], str]] = {
    "title": _text,
    "severity": _one_of("error", "warning", "info"),
    "surface": _one_of(*get_args(Surface)),
    "check": _text,
    "why": _text,
    "help": _text,
    "profiles": _some_of(*PROFILES),
    "sets": _some_of(*SETS),
    "params": _mapping,
    "aliases": _texts,
    "since": _text,
    "fix": _one_of(*get_args(Fix)),
    "unless": _texts,
}
