"""A secret in plain text in a variable, a build argument or a command."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.checks.secrets import is_secret
from svc.patterns import regex
from svc.targets.compose.types import ComposeFile
from svc.tree import mapping

_DEFAULT = regex(r"\$\{(\w+):?-([^${}]+)\}", needs=("${",))


def check(compose: ComposeFile, _: Params) -> Iterator[Found]:
    for name, service in compose.services.items():
        places = ((("environment",), service), (("args",), mapping(service, "build")))
        for path, owner in places:
            prefix = ("services", name, "build") if path == ("args",) else ("services", name)
            values = mapping(owner).get(path[0])
            if isinstance(values, dict):
                for key, value in values.items():
                    if isinstance(value, str | int) and is_secret(key, _given(str(value))):
                        yield (*prefix, *path, key), f"`{key}` of service `{name}` {_holds(str(value))}"
            for index, word in enumerate(values if isinstance(values, list) else ()):
                key, _equals, value = str(word).partition("=")
                if is_secret(key, _given(value)):
                    yield (*prefix, *path, index), f"`{key}` of service `{name}` {_holds(value)}"


def _given(value: str) -> str:
    """What a variable holds when nobody sets it: `${NAME:-default}` is its default."""
    found = _DEFAULT.fullmatch(value.strip())
    return found[2] if found else value


def _holds(value: str) -> str:
    found = _DEFAULT.fullmatch(value.strip())
    if found is None:
        return "holds a secret in plain text"
    return f"has a secret in plain text for its default; write `${{{found[1]}:?}}`, which has to be set"
