"""The connection to a backing service in variables of its own: host, port, user, password and name, each by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from svc.importers.compose_values import inserted, pairs
from svc.importers.ledger import View
from svc.patterns import regex
from svc.resolve.needs import KINDS

_SET_BY = {
    "postgres": {"user": "POSTGRES_USER", "password": "POSTGRES_PASSWORD", "name": "POSTGRES_DB"},
    "mysql": {"user": "MYSQL_USER", "password": "MYSQL_PASSWORD", "name": "MYSQL_DATABASE"},
    "mongodb": {"user": "MONGO_INITDB_ROOT_USERNAME", "password": "MONGO_INITDB_ROOT_PASSWORD"},
    "rabbitmq": {"user": "RABBITMQ_DEFAULT_USER", "password": "RABBITMQ_DEFAULT_PASS"},
}
"""What the official images call it; the service that connects must have the same values."""
CREDENTIALS = {
    "MYSQL_ROOT_PASSWORD",
    "PGDATA",
    "REDIS_PASSWORD",
    "REDISCLI_AUTH",
    *(name for parts in _SET_BY.values() for name in parts.values()),
}
_NAMED = {
    "host": regex(r"host|addr|server|endpoint|url|node", re.IGNORECASE),
    "port": regex(r"port", re.IGNORECASE),
    "user": regex(r"user|login|role", re.IGNORECASE),
    "password": regex(r"pass|pwd|secret", re.IGNORECASE),
    "name": regex(r"name|db|database|schema", re.IGNORECASE),
}
Variables = dict[str, tuple[str, str, View]]
"""Name -> value, as it is written, and where."""


Claims = dict[str, dict[str, str]]
"""Need -> variable -> its text with references to the need."""


def apart(claims: Claims) -> Claims:
    """A variable that fits several needs, which have the same user or name, is of the one whose address is called like it."""
    hosts = {need: [one for one, text in texts.items() if ".host}" in text] for need, texts in claims.items()}
    found: Claims = {need: {} for need in claims}
    for variable in dict.fromkeys(one for texts in claims.values() for one in texts):
        asking = [need for need, texts in claims.items() if variable in texts]
        best = max(asking, key=lambda need: max((_alike(variable, host) for host in hosts[need]), default=0))
        found[best][variable] = claims[best][variable]
    return found


def _alike(one: str, other: str) -> int:
    """How many words two names begin with in common; the same name has the most."""
    pairs = zip(one.split("_"), other.split("_"), strict=False)
    return 1000 if one == other else len([*takewhile(lambda pair: pair[0] == pair[1], pairs)])


def variables(links: Sequence[View]) -> Variables:
    """The last of several files that set one counts."""
    found: Variables = {}
    for link in links:
        for name, raw, one in pairs(link.at("environment")):
            if raw is not None:
                found[name] = (inserted(one, raw)[0], raw, one)
    return found


def connection(user: Variables, own: Variables, host: str, kind: str) -> dict[str, str]:
    """Variable -> its text with references to the need, which is called `{need}` in it; empty if a part is missing."""
    if kind not in _SET_BY:
        return {}
    found: dict[str, str] = {}
    for name, (value, _, _) in user.items():
        if value == host and _NAMED["host"].search(name):
            found[name] = "${needs.{need}.host}"
        elif re.fullmatch(rf"{re.escape(host)}:\d+", value):
            found[name] = "${needs.{need}.host}:${needs.{need}.port}"
    for output, setting in _SET_BY[kind].items():
        given = own.get(setting) or _usual(kind, output, own)
        same = [name for name, one in user.items() if given is not None and _same(one, given)]
        same = [name for name in same if _NAMED[output].search(name) and name not in found]
        if not same or not found:
            return {}
        found.update(dict.fromkeys(same, f"${{needs.{{need}}.{output}}}"))
    port = str(KINDS[kind].port)  # type: ignore[index]
    ports = [name for name, (value, _, _) in user.items() if value == port and _NAMED["port"].search(name)]
    return found | dict.fromkeys(ports, "${needs.{need}.port}")


def _usual(kind: str, output: str, own: Variables) -> tuple[str, str, View] | None:
    """What the image takes when nothing is said."""
    if kind == "postgres" and output == "name":
        return own.get("POSTGRES_USER")
    if kind == "mysql" and output == "password":
        return own.get("MYSQL_ROOT_PASSWORD")
    return None


def _same(one: tuple[str, str, View], other: tuple[str, str, View]) -> bool:
    return (one[0] != "" and one[0] == other[0]) or (one[0] == "" and one[1] == other[1] != "")
