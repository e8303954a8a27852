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
    """Variables that are one secret, in several services or in one, have one path in the store: that of the first."""
    owners: dict[tuple[str, str], tuple[str, str]] = {}
    for draft in drafts:
        taken: dict[str, list[str]] = {}
        for name, origins in draft.origins.items():
            if draft.get("secrets", name, "from") is None:
                continue
            path, owner = next((owners[one] for one in origins if one in owners), ("", ""))
            if path and (owner != draft.name or origins[0][0] == "variable"):
                draft.set(("secrets", name, "from"), path)
                taken.setdefault(owner, []).append(name)
            for one in origins:
                owners.setdefault(one, (draft.get("secrets", name, "from"), draft.name))
        for owner, names in taken.items():
            draft.added.append(f"secrets: the paths of {', '.join(names)} are those of {owner}: the same in the file")
