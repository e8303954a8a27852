"""Image references as people write them: `registry:5000/name:tag@sha256:...`."""

from __future__ import annotations

from svc.kubernetes.syntax import stands_in
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    repository: str
    tag: str
    digest: str


def reference(text: str) -> Reference:
    """The parts of a reference; what is not there is empty. A port of the registry is not a tag, `@latest` is no digest."""
    rest, _, digest = text.partition("@")
    head, slash, last = rest.rpartition("/")
    last, _, tag = last.partition(":")
    return Reference(f"{head}{slash}{last}", tag, digest if ":" in digest else "")


def is_variable(text: str) -> bool:
    """Whether the reference is filled in later, so that nothing can be said about it: `auto` by Istio's injection."""
    return text == "auto" or stands_in(text)


def qualified(text: str) -> str:
    """The reference with the registry that Docker means when none is written."""
    first, slash, _ = text.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return text
    return f"docker.io/{text}" if slash else f"docker.io/library/{text}"
