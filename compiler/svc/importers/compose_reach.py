"""Who reaches whom: addresses in variables and commands become references, other wishes `access.to`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from svc.importers.compose_links import aliases
from svc.importers.compose_needs import ADDRESS
from svc.importers.compose_ports import named
from svc.importers.compose_project import Chains
from svc.importers.compose_values import filled, pairs
from svc.importers.draft import Draft
from svc.importers.ledger import View
from svc.model.image import image_parts

_USUAL = {"postgres": 5432, "postgis": 5432, "pgvector": 5432, "timescaledb": 5432, "mysql": 3306, "mariadb": 3306,
          "redis": 6379, "valkey": 6379, "keydb": 6379, "dragonfly": 6379, "rabbitmq": 5672, "mongo": 27017,
          "memcached": 11211, "elasticsearch": 9200, "opensearch": 9200, "nats": 4222, "minio": 9000, "kafka": 9092,
          "zookeeper": 2181, "nginx": 80, "httpd": 80, "caddy": 80, "clickhouse-server": 9000, "etcd": 2379,
          "mailpit": 1025, "mailhog": 1025, "gotenberg": 3000, "tika": 9998, "prometheus": 9090}  # fmt: skip
"""The port of an image, by the last part of its name, where the file names none: containers of compose reach each
other on every port, those of Kubernetes on the ones of the Service."""
_SCHEMES = {"http": 80, "https": 443}


def reach(chains: Chains, drafts: Mapping[str, Draft]) -> None:
    """`drafts` are by the names of the chains; ports that others name are added to those that they belong to."""
    for name, draft in drafts.items():
        hosts = {**_hosts(chains, drafts), **_own(chains[name], drafts)}
        hosts = {host: one for host, one in hosts.items() if one is not draft}
        by_name = {host: one for host, one in hosts.items() if host}
        wanted = [*_waited(chains[name], drafts), *(drafts[one] for _, one in aliases(chains[name]) if one in drafts)]
        wanted += [by_name[host] for host in _raw(chains[name], by_name)]
        _rewrite(draft, by_name)
        named_ports = set(
            re.findall(r"\$\{services\.([^.}]+)\.(?!host\})", repr([draft.data.get(key) for key in _KEYS]))
        )
        for other in wanted:
            if other is not draft and not other.get("ports"):
                _usual(other)
            note = f"`access.to`: {other.name} names no port in the file: name it there under `ports`, and {other.name} here"
            if other is not draft and not other.get("ports") and note not in draft.missing:
                draft.missing.append(note)
        reached = sorted({one.name for one in wanted if one is not draft and one.get("ports")} - named_ports)
        if reached:
            draft.set(("access", "to"), reached)


_KEYS = ("env", "args", "command")


def _hosts(chains: Chains, drafts: Mapping[str, Draft]) -> dict[str, Draft]:
    """The names by which containers are reached."""
    found: dict[str, Draft] = {}
    for name, draft in drafts.items():
        ones = [name]
        for link in chains[name]:
            ones += [filled(link.at(key)) for key in ("container_name", "hostname") if link.at(key).there]
            ones += [text for _, one in link.at("networks").items() for text in one.at("aliases").texts()]
        found.update({host: draft for host in ones if host and host not in found})
    return found


def _own(links: Sequence[View], drafts: Mapping[str, Draft]) -> dict[str, Draft]:
    return {alias: drafts[name] for alias, name in aliases(links) if name in drafts}


def _waited(links: Sequence[View], drafts: Mapping[str, Draft]) -> Iterable[Draft]:
    """Whom it waits for, it connects to; but not what ends."""
    for link in links:
        part = link.at("depends_on")
        for other in part.texts() if isinstance(part.value, list) else [key for key, _ in part.items()]:
            ends = part.at(other, "condition").text == "service_completed_successfully"
            if other in drafts and not ends:
                yield drafts[other]


def _raw(links: Sequence[View], hosts: Mapping[str, Draft]) -> list[str]:
    """Hosts in variables as the file has them: also those whose value is a secret."""
    if not hosts:
        return []
    pattern = re.compile(rf"(?:^|[/@,])({'|'.join(map(re.escape, hosts))})(?=[:/,?]|$)")
    given = [(name, text) for link in links for name, text, _ in pairs(link.at("environment")) if text]
    texts = [text for name, text in given if text not in hosts or ADDRESS.search(name)]
    return [host for text in texts for host in pattern.findall(text)]


def _usual(draft: Draft) -> None:
    parts = image_parts(str(draft.get("image") or ""))
    number = _USUAL.get(parts[0].rpartition("/")[2]) if parts is not None else None
    if number is not None:
        draft.added.append(f"ports.{named(draft, number, 'tcp')}: {number}, the image's own, as others connect to it")


def _rewrite(draft: Draft, hosts: Mapping[str, Draft]) -> None:
    if not hosts:
        return
    names = "|".join(sorted(map(re.escape, hosts), key=len, reverse=True))
    pattern = re.compile(rf"(?P<before>^|[/@,;=\s\"'(])(?P<host>{names})(?::(?P<port>\d{{2,5}}))?(?=[/,;?\s\"')]|$)")
    env = draft.get("env") or {}
    for variable, text in env.items():
        if isinstance(text, str):
            env[variable] = _text(text, pattern, hosts, alone=bool(ADDRESS.search(variable)))
    for key in ("command", "args"):
        words: list[Any] = draft.get(key) or []
        words[:] = [_text(one, pattern, hosts, alone=False) if isinstance(one, str) else one for one in words]


def _text(text: str, pattern: re.Pattern[str], hosts: Mapping[str, Draft], *, alone: bool) -> str:
    def put(match: re.Match[str]) -> str:
        other, port = hosts[match["host"]], match["port"]
        scheme = re.search(r"([a-z]+)://$", text[: match.end("before")])
        if port is None and scheme is not None:
            usual = _SCHEMES.get(scheme[1], 0)
            port = str(usual) if usual in _numbers(other) else None
        if port is not None:
            name = named(other, int(port), "tcp")
            return f"{match['before']}${{services.{other.name}.{name}}}"
        if scheme is not None or match["before"] == "@" or (alone and match[0] == text):
            return f"{match['before']}${{services.{other.name}.host}}"
        return match[0]

    return pattern.sub(put, text)


def _numbers(draft: Draft) -> set[int]:
    return {one if isinstance(one, int) else one["port"] for one in (draft.get("ports") or {}).values()}
