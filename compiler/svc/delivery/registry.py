"""Which registry an image repository names, and so how a job signs in to it."""

from __future__ import annotations

from svc.delivery.types import Registry
from svc.patterns import regex

_ECR = regex(r"(?P<account>\d{12})\.dkr\.ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?")


def registry(repository: str) -> Registry:
    """The registry of `host/path`; a repository without a host is Docker Hub's, as for Docker itself."""
    first, slash, _ = repository.partition("/")
    host = first if slash and ("." in first or ":" in first or first == "localhost") else "docker.io"
    match = _ECR.fullmatch(host)
    if match:
        return Registry("ecr", host, match["account"], match["region"])
    return Registry("ghcr" if host == "ghcr.io" else "other", host)
