"""A secret stands in plain text in a variable, an argument or a command."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found, name
from svc.checks.secrets import in_argument, is_secret, secret_at
from svc.kubernetes.types import PODS, Manifest
from svc.tree import items, mappings

KINDS = PODS


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    for route, container in manifest.containers():
        for index, variable in mappings(container, "env"):
            value = variable.get("value")
            if isinstance(value, str) and is_secret(str(variable.get("name", "")), value):
                message = f"variable `{variable.get('name')}` of {name(container)} holds a secret in plain text"
                yield (*route, "env", index, "value"), message
        for field in ("command", "args"):
            for index, word in enumerate(items(container, field)):
                if isinstance(word, str) and in_argument(word):
                    message = f"{name(container)} gets a secret in plain text as an argument"
                    yield (*route, field, index), message, secret_at(word)
