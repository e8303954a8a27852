"""A secret in ARG, ENV or RUN: it stays in the image or in its history."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every, script, spot, word
from svc.checks._params import NoParams as Params
from svc.checks.secrets import holds_secret, is_secret, names_secret, secret_at
from svc.targets.docker.types import Dockerfile


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, one in every(dockerfile, "ARG", "ENV"):
        for name, value in one.pairs:
            if value and is_secret(name, value):
                yield route, f"{one.keyword} `{name}` holds a secret in plain text", word(one, name)
            elif names_secret(name) and ((one.keyword == "ARG" and not value) or value.startswith("$")):
                yield route, f"{one.keyword} `{name}` keeps a secret in the image's history", word(one, name)
    for route, one in every(dockerfile, "RUN"):
        if holds_secret(script(one)):
            yield route, "RUN holds a secret in plain text", spot(one, secret_at(script(one)))
