"""Secrets of compose files: where one stands in a command, and which variables of several services are the same one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from svc.checks._secrets import names_stored
from svc.importers.compose_files import assign
from svc.importers.draft import Draft
from svc.importers.interpolate import interpolate
from svc.importers.ledger import View
from svc.patterns import regex
from svc.resolve.names import secrets_object

_VARIABLE = regex(r"\$(?:(?P<plain>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?::?-(?P<default>[^{}$]*))?[^{}$]*\})")
_PASSWORD = regex(r"pass|pwd|auth$", re.IGNORECASE)
_TEXT = "a text"
_DATABASE = "DB|DATABASE|SQL"
_SERVERS = (
    (regex(r"POSTGRES(QL)?_PASSWORD"), f"{_DATABASE}|PG|POSTGRES|POSTGRESQL"),
    (regex(r"(MYSQL|MARIADB)(_ROOT)?_PASSWORD"), f"{_DATABASE}|MYSQL|MARIADB"),
    (regex(r"MONGO_INITDB_ROOT_PASSWORD"), f"{_DATABASE}|MONGO|MONGODB"),
    (regex(r"(REDIS|VALKEY)_PASSWORD|REDIS_AUTH"), "CACHE|REDIS|VALKEY"),
    (regex(r"RABBITMQ_DEFAULT_PASS"), "AMQP|BROKER|MQ|RABBIT|RABBITMQ"),
)
"""What the password of a server is called there, and words by which those who connect to it call it."""
_SPOKEN = regex(r"\$\{services\.([^.}]+)\.")
_SPEAK = ("env", "args", "command")

Origin = tuple[str, str]


def stored(draft: Draft, name: str, raw: str | None) -> None:
    """A variable of the secret store. `raw` is what the file says of it: None if the caller's shell has it."""
    assign(draft, name, None)
    found = _VARIABLE.fullmatch(raw or "")
    if raw is None:
        draft.origins[name] = (("variable", name),)
    elif found is not None:
        texts = ((_TEXT, found["default"]),) if found["default"] else ()
        draft.origins[name] = (("variable", found["plain"] or found["braced"]), *texts)
    elif raw:
        draft.origins[name] = ((_TEXT, raw),)


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
    owners: dict[Origin, Origin] = {}
    variables: dict[Origin, str] = {}
    paths: dict[Origin, str] = {}
    for draft in drafts:
        taken: dict[str, list[str]] = {}
        for name, given in draft.origins.items():
            path = draft.get("secrets", name, "from")
            if path is None:
                continue
            origins, mine = _known_by(draft, name, given), (draft.name, name)
            variables[mine] = given[0][1] if given[0][0] != _TEXT else ""
            found = (owners[one] for one in origins if one in owners)
            owner = next((one for one in found if _agree(variables, one, mine)), mine)
            if owner[0] != draft.name:
                _read(draft, name, *owner)
                taken.setdefault(owner[0], []).append(name)
            elif variables[mine]:
                draft.set(("secrets", name, "from"), paths.get(owner, path))
            else:
                owner = mine
            paths[mine] = draft.get("secrets", name, "from") or ""
            for one in origins:
                owners.setdefault(one, owner)
        for other, names in taken.items():
            are = "are" if len(names) > 1 else "is"
            secret, listed = secrets_object(other), " and ".join(names)
            draft.added.append(
                f"secrets: {listed} {are} read from the Secret {secret} of {other}: the same in the file"
            )
    _alike(drafts)


def _agree(variables: dict[Origin, str], one: Origin, other: Origin) -> bool:
    """Two variables of compose are two secrets, whatever they are without a value."""
    return "" in (variables[one], variables[other]) or variables[one] == variables[other]


def _known_by(draft: Draft, name: str, origins: Sequence[Origin]) -> list[Origin]:
    """What a secret is: its variable; its text, under its name; or the password of a server that is called like one."""
    found: list[Origin] = []
    for kind, word in origins:
        found += [(f"text of {name}", word)] if kind == _TEXT else [(kind, word)]
        found += [(f"password of {server}", word) for server in _servers(draft, name)] if kind == _TEXT else []
    return found


def _servers(draft: Draft, name: str) -> Iterator[str]:
    """The servers whose password a variable of a service plainly is: its own, or one that it speaks to."""
    for number, (own, words) in enumerate(_SERVERS):
        if own.fullmatch(name):
            yield f"{draft.name}, {number}"
        if re.search(rf"(^|_)({words})_?((ROOT|ADMIN|USER)_)?(PASSWORD|PASSWD|PASS|PWD|AUTH)$", name, re.IGNORECASE):
            spoken = _SPOKEN.findall(repr([draft.data.get(key) for key in _SPEAK]))
            yield from (f"{one}, {number}" for one in (*spoken, *(draft.get("access", "to") or ())))


def _alike(drafts: Sequence[Draft]) -> None:
    """Says which passwords of several services only have a text in common, as where all of them have the one of a laptop."""
    seen: dict[str, tuple[str, str]] = {}
    for draft in drafts:
        mine: dict[str, list[str]] = {}
        for name, origins in draft.origins.items():
            if draft.get("secrets", name, "from") is not None and _PASSWORD.search(name):
                for word in (word for kind, word in origins if kind == _TEXT):
                    mine.setdefault(word, []).append(name)
        for word, names in mine.items():
            other, theirs = seen.setdefault(word, (draft.name, names[0]))
            if other != draft.name:
                have, secret = "have" if len(names) > 1 else "has", secrets_object(other)
                draft.missing.append(
                    f"secrets: {' and '.join(names)} {have} the same text in the file as {theirs} of {other};"
                    f" where that is one secret, read it from the Secret {secret}"
                )


def _read(draft: Draft, name: str, owner: str, variable: str) -> None:
    """A secret of another service, whose Secret has it: Terraform makes its place in the store once, there."""
    rest = {key: one for key, one in draft.get("secrets", name).items() if key not in ("from", "key")}
    key = {} if variable == name else {"key": variable}
    draft.set(("secrets", name), {"secret": secrets_object(owner), **key, **rest})
