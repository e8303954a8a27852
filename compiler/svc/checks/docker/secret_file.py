"""A file that holds secrets is copied into a layer."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.targets.docker.types import Dockerfile, unquoted

NAMES = regex(
    r"\.env(\.(local|prod|production|staging))?|\.npmrc|\.pypirc|\.netrc|\.git-credentials|id_(rsa|dsa|ecdsa|ed25519)|.*\.(pem|p12|pfx|keystore|jks)|credentials\.json|\.dockerconfigjson",
    needs=(
        *(
            ".env",
            ".npmrc",
            ".pypirc",
            ".netrc",
            ".git-credentials",
            "id_",
            ".pem",
            ".p12",
            ".pfx",
            ".keystore",
            ".jks",
        ),
        *("credentials.json", ".dockerconfigjson"),
    ),
)


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, one in every(dockerfile, "COPY", "ADD"):
        if one.flag("from") is not None:
            continue
        for word in one.args[:-1]:
            name = unquoted(word).rsplit("/", 1)[-1]
            if NAMES.fullmatch(name):
                yield route, f"`{unquoted(word)}` holds secrets and stays in the image"
