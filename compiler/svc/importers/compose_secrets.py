"""Secrets of compose files: where one stands in a command, and which variables of several services are the same one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from svc.checks._secrets import names_stored
from svc.importers.compose_files import assign
from svc.importers.draft import Draft
from svc.importers.interpolate import interpolate
from svc.importers.ledger import View
from svc.patterns import regex
from svc.resolve.names import secrets_object

_VARIABLE = regex(r"\$(?:(?P<plain>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?::?-(?P<default>[^{}$]*))?[^{}$]*\})")


_PASSWORD = regex(r"pass|pwd|auth$", re.IGNORECASE)


def stored(draft: Draft, name: str, raw: str | None) -> None:
    """A variable of the secret store. `raw` is what the file says of it: None if the caller's shell has it."""
    assign(draft, name, None)
    found = _VARIABLE.fullmatch(raw or "")
    if raw is None:
        draft.origins[name] = (("variable", name),)
    elif found is not None:
        texts = (_text(name, found["default"]),) if found["default"] else ()
        draft.origins[name] = (("variable", found["plain"] or found["braced"]), *texts)
    elif raw:
        draft.origins[name] = (_text(name, raw),)


def _text(name: str, value: str) -> tuple[str, str]:
    """Passwords of one text are one, whatever they are called; other secrets only where they are called the same."""
    return ("text of a password" if _PASSWORD.search(name) else f"text of {name}"), value


def commanded(view: View, draft: Draft) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """A word of a command, the secrets in it as references to those of the spec, and what has no value."""
    names = (found["plain"] or found["braced"] for found in _VARIABLE.finditer(view.text.replace("$$", "")))
    secret = tuple(dict.fromkeys(name for name in names if names_stored(name) and name not in view.ledger.values))
    text, unknown = interpolate(view.text, {**view.ledger.values, **{name: f"${{secrets.{name}}}" for name in secret}})
    for name in secret:
        if draft.get("secrets", name) is None:
            stored(draft, name, f"${name}")
    return text, secret, unknown


def share(drafts: Sequence[Draft]) -> None:
    """Variables that are one secret: a service has one path for them, others read the Secret of the first of them."""
    owners: dict[tuple[str, str], tuple[str, str]] = {}
    paths: dict[tuple[str, str], str] = {}
    for draft in drafts:
        taken: dict[str, list[str]] = {}
        for name, origins in draft.origins.items():
            path = draft.get("secrets", name, "from")
            if path is None:
                continue
            owner = next((owners[one] for one in origins if one in owners), (draft.name, name))
            if owner[0] != draft.name:
                _read(draft, name, *owner)
                taken.setdefault(owner[0], []).append(name)
            elif origins[0][0] == "variable":
                draft.set(("secrets", name, "from"), paths.get(owner, path))
            paths[draft.name, name] = draft.get("secrets", name, "from") or ""
            for one in origins:
                owners.setdefault(one, owner)
        for other, names in taken.items():
            secret, listed = secrets_object(other), ", ".join(names)
            draft.added.append(f"secrets: {listed}: read from the Secret {secret} of {other}: the same in the file")


def _read(draft: Draft, name: str, owner: str, variable: str) -> None:
    """A secret of another service, whose Secret has it: Terraform makes its place in the store once, there."""
    rest = {key: one for key, one in draft.get("secrets", name).items() if key not in ("from", "key")}
    key = {} if variable == name else {"key": variable}
    draft.set(("secrets", name), {"secret": secrets_object(owner), **key, **rest})
