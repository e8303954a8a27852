"""Secrets of compose files: where one stands in a command, and which variables of several services are the same one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from svc.checks.secrets import names_stored
from svc.importers.compose_files import assign
from svc.importers.draft import Draft
from svc.importers.interpolate import interpolate
from svc.importers.ledger import View
from svc.patterns import regex
from svc.records import dataclass
from svc.resolve.names import secrets_object

_VARIABLE = regex(r"\$(?:(?P<plain>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)(?::?-(?P<default>[^{}$]*))?[^{}$]*\})")
_PASSWORD = regex(r"pass|pwd|auth$", re.IGNORECASE)
_TEXT = "a text"
_DATABASE = "DB|DATABASE|SQL"


@dataclass(frozen=True, slots=True)
class _Server:
    """What the password of a server is called there, and words by which those who connect to it call it. With `root`, it
    has two: those who connect as nobody special have the user's, where variables of the server name a `user`."""

    own: re.Pattern[str]
    words: str
    root: re.Pattern[str] | None = None
    user: re.Pattern[str] | None = None


_SERVERS = (
    _Server(regex(r"POSTGRES(QL)?_PASSWORD"), f"{_DATABASE}|PG|POSTGRES|POSTGRESQL"),
    _Server(
        regex(r"(MYSQL|MARIADB)_PASSWORD"),
        f"{_DATABASE}|MYSQL|MARIADB",
        regex(r"(MYSQL|MARIADB)_ROOT_PASSWORD"),
        regex(r"(MYSQL|MARIADB)_(USER|PASSWORD)(_FILE)?"),
    ),
    _Server(regex(r"MONGO_INITDB_ROOT_PASSWORD"), f"{_DATABASE}|MONGO|MONGODB"),
    _Server(regex(r"(REDIS|VALKEY)_PASSWORD|REDIS_AUTH"), "CACHE|REDIS|VALKEY"),
    _Server(regex(r"RABBITMQ_DEFAULT_PASS"), "AMQP|BROKER|MQ|RABBIT|RABBITMQ"),
)
_ROOT = regex(r"(^|_)(ROOT|ADMIN)(_|$)", re.IGNORECASE)
_SPOKEN = regex(r"\$\{services\.([^.}]+)\.")
_SPEAK = ("env", "args", "command")

Origin = tuple[str, str]
Drafts = Mapping[str, Draft]


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
    by_name = {one.name: one for one in drafts}
    for draft in drafts:
        taken: dict[str, list[str]] = {}
        for name, given in draft.origins.items():
            path = draft.get("secrets", name, "from")
            if path is None:
                continue
            origins, mine = _known_by(draft, name, given, by_name), (draft.name, name)
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


def _known_by(draft: Draft, name: str, origins: Sequence[Origin], drafts: Drafts) -> list[Origin]:
    """What a secret is: its variable; its text, under its name; or the password of a server that is called like one."""
    found: list[Origin] = []
    for kind, word in origins:
        if kind == _TEXT:
            found.append((f"text of {name}", word))
            found += [(f"password of {server}", word) for server in _servers(draft, name, word, drafts)]
        else:
            found.append((kind, word))
    return found


def _servers(draft: Draft, name: str, word: str, drafts: Drafts) -> Iterator[str]:
    """The servers whose password a variable of a service plainly is: its own, or one that it speaks to. Of several that
    have this text in secrets of their own, nothing says which."""
    for number, one in enumerate(_SERVERS):
        if one.own.fullmatch(name):
            yield f"{draft.name}, {number}"
        if one.root is not None and one.root.fullmatch(name):
            yield f"{draft.name}, {number} root"
    spoken = list(_spoken(draft, name, drafts))
    having = [given for server, _, own in spoken for given in _having(drafts.get(server), own, word)]
    called, variables = {name for name, _ in having}, {variable for _, variable in having}
    if len(variables - {""}) <= 1 and (len(called) <= 1 or "" not in variables):
        yield from (key for _, key, _ in spoken)


def _spoken(draft: Draft, name: str, drafts: Drafts) -> Iterator[tuple[str, str, re.Pattern[str]]]:
    """Servers that a service speaks to and whose password a variable may be: the name, the key, what it is called there."""
    for number, one in enumerate(_SERVERS):
        pattern = rf"(^|_)({one.words})_?((ROOT|ADMIN|USER)_)?(?P<word>PASSWORD|PASSWD|PASS|PWD|AUTH)$"
        found = re.search(pattern, name, re.IGNORECASE)
        if found is None:
            continue
        spoken = _SPOKEN.findall(repr([draft.data.get(key) for key in _SPEAK]))
        for server in dict.fromkeys((*spoken, *(draft.get("access", "to") or ()))):
            as_root = _ROOT.search(name) or _is_root(draft, name[: found.start("word")])
            if one.root is not None and (as_root or not _has_user(drafts.get(server), one)):
                yield server, f"{server}, {number} root", one.root
            else:
                yield server, f"{server}, {number}", one.own


def _is_root(draft: Draft, prefix: str) -> bool:
    """Whether the user beside a password is the server's own."""
    return any(draft.get("env", f"{prefix}{word}") == "root" for word in ("USER", "USERNAME", "user", "username"))


def _has_user(server: Draft | None, one: _Server) -> bool:
    if server is None or one.user is None:
        return True
    return any(one.user.fullmatch(name) for name in (*server.origins, *(server.get("env") or ())))


def _having(server: Draft | None, own: re.Pattern[str], word: str) -> Iterator[tuple[str, str]]:
    """Variables of a server under which a text is its password, and the variable of the file behind each, or nothing."""
    for name, origins in server.origins.items() if server is not None else ():
        if own.fullmatch(name) and (_TEXT, word) in origins:
            yield name, "" if origins[0][0] == _TEXT else origins[0][1]


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
