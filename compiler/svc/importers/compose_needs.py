"""Backing services of a compose file become needs, where every reference to them can be rewritten."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from svc.importers.compose_credentials import CREDENTIALS, Claims, Variables, apart, connection, variables
from svc.importers.compose_values import filled, pairs
from svc.importers.draft import Draft, label
from svc.importers.ledger import View
from svc.model.image import image_parts
from svc.patterns import regex
from svc.resolve import dollars
from svc.resolve.names import need_object
from svc.resolve.needs import NOT_MANAGED

_TYPES = {"postgres": "postgres", "mysql": "mysql", "redis": "redis", "rabbitmq": "rabbitmq", "mongo": "mongodb"}
_URL = r"(?P<scheme>[a-z][a-z0-9+.]*)://(?:[^@/\s]*@)?{host}(?::\d+)?(?:/(?P<name>[^?\s]*))?(?P<rest>\?\S*)?"
_DATABASES = {"postgres", "mysql", "mongodb"}
ADDRESS = regex(r"host|addr|url|uri|server|endpoint|broker|upstream|backend|dsn|proxy|origin|nodes?$", re.IGNORECASE)
"""Variables whose value, when it is the name of another service, means its host."""
_USUAL = regex(r"(redis-server ?)?(--requirepass \S+ ?)?(--appendonly yes ?)?(--requirepass \S+)?")
"""The command that a need of Redis has, too."""
_CARRIED = {"image", "environment", "ports", "expose", "volumes", "restart", "healthcheck", "container_name",
            "networks", "env_file", "hostname", "profiles", "deploy", "logging", "labels", "stop_grace_period", "init",
            "user", "read_only", "tmpfs", "cap_drop", "tty", "stdin_open", "security_opt", "shm_size", "pull_policy", "platform", "mem_limit", "cpus", "ulimits"}  # fmt: skip


def sound(chains: Mapping[str, list[View]]) -> dict[str, tuple[str, str]]:
    """Services that can be needs, with type and version: somebody refers to them, and only by whole addresses."""
    found = {}
    for name, own in chains.items():
        kind = _kind(own)
        keys = {key for link in own for key in link.value if not key.startswith("x-")}
        extended = any(own[-1] in links for links in chains.values() if links is not own)
        if not kind or keys - _CARRIED - ({"command"} if kind[0] == "redis" else set()) or extended:
            continue
        if _only_whole(name, kind[0], chains):
            found[name] = kind
    return found


def _only_whole(name: str, kind: str, chains: Mapping[str, list[View]]) -> bool:
    """Whether all who name its host have a whole address, or all parts of one."""
    whole = re.compile(_URL.format(host=re.escape(name)))
    pattern = re.compile(rf"(^|[/@]){re.escape(name)}(?=[:/?]|$)")
    own, used = variables(chains[name]), False
    for other, links in chains.items():
        if other == name:
            continue
        theirs = variables(links)
        parts = connection(theirs, own, name, kind)
        mine = [one for one, (value, _, _) in theirs.items() if pattern.search(value) and _about(one, value, name)]
        if not all(one in parts or whole.fullmatch(theirs[one][0]) for one in mine):
            return False
        used = used or bool(mine)
    return used


def _about(variable: str, value: str, host: str) -> bool:
    """Whether a value that is the host's name means the host."""
    return value != host or ADDRESS.search(variable) is not None


def _kind(links: list[View]) -> tuple[str, str] | None:
    images = [filled(link.at("image")) for link in links if link.at("image").there]
    parts = image_parts(images[-1]) if images else None
    if parts is None or any(link.at("build").there for link in links):
        return None
    kind = _TYPES.get(parts[0].removeprefix("docker.io/").removeprefix("library/"))
    version = re.match(r"\d+(\.\d+)?", parts[1])
    if kind is None:
        return None
    text = version[0] if version else ""
    return kind, text if kind == "mysql" else text.partition(".")[0]


def attach(chains: Mapping[str, list[View]], needs: Mapping[str, tuple[str, str]], drafts: Mapping[str, Draft]) -> None:
    """Needs at those that refer to them, their addresses as references."""
    texts = {user: _references(chains, needs, user) for user in drafts}
    for name, (kind, version) in needs.items():
        first = ""
        for user, draft in drafts.items():
            theirs = variables([link.of(draft.name) for link in chains[user]])
            if _rewrite(draft, theirs, texts[user][name], name):
                inside = {"realise": "in-cluster"} if kind in NOT_MANAGED else {}
                draft.set(("needs", label(name)), {"type": kind, **({"version": version} if version else {}), **inside})
                first = first or draft.name
        for view in [link.of(first) for link in chains[name]]:
            view.mapped("needs", label(name))
        for key, part in [one for link in chains[name] for one in link.of(first).items()]:
            _account(key, part, label(name))


def _references(chains: Mapping[str, list[View]], needs: Mapping[str, tuple[str, str]], user: str) -> Claims:
    """Need -> variable of a service -> what it is there."""
    theirs, found = variables(chains[user]), {}
    for name, (kind, _) in needs.items():
        texts = {one: _address(theirs[one][0], name, kind) for one in theirs}
        texts |= connection(theirs, variables(chains[name]), name, kind)
        found[name] = {one: text for one, text in texts.items() if text}
    return apart(found)


_BROUGHT = {"volumes", "ports", "expose", "healthcheck", "restart", "container_name", "networks", "shm_size", "init", "user",
            "read_only", "tmpfs", "cap_drop", "security_opt", "stop_grace_period", "logging", "pull_policy", "hostname"}  # fmt: skip
"""What a need has of its own, or what the compiler does for every container."""


def _account(key: str, part: View, need: str) -> None:
    """What became of the service that is a need now."""
    if key == "image":
        part.mapped("needs", need, "type")
    elif key == "environment":
        for name, _, one in pairs(part):
            if name in CREDENTIALS:
                one.default("a need has a name, user and password of its own")
            else:
                one.dropped("a setting of the container: of a need, svc has `version`, `size` and `storage`")
    elif key in _BROUGHT or (
        key == "command" and _USUAL.fullmatch(re.sub(r"\$\{[^}]*\}", "$", " ".join(part.texts())))
    ):
        part.default("the need brings its own")
    else:
        part.dropped("a setting of the container: of a need, svc has `version`, `size` and `storage`")


def share(drafts: Sequence[Draft]) -> None:
    """What several services name is one need: the others find it in the Secret of the first one."""
    owners: dict[str, Draft] = {}
    for draft in drafts:
        for name, need in (draft.get("needs") or {}).items():
            owner = owners.setdefault(name, draft)
            if owner is not draft:
                secret = need_object(owner.name, name)
                draft.data["needs"][name] = {"type": need["type"], "realise": "existing", "secret": secret}
                draft.missing.append(f"`needs.{name}`: it is that of {owner.name}, in whose namespace {secret} is")


def _rewrite(draft: Draft, theirs: Variables, texts: Mapping[str, str], name: str) -> bool:
    for variable, text in texts.items():
        if draft.get("secrets", variable) is not None:
            draft.remove(("secrets", variable))
        draft.set(("env", variable), text.replace("{need}", label(name)))
        view = theirs[variable][2]
        view.ledger.notes.pop(view.route, None)
        view.mapped("env", variable, reason=f"as outputs of the need {label(name)}")
    if texts:
        order = {variable: index for index, variable in enumerate(theirs)}
        env = draft.data["env"]
        draft.data["env"] = dict(sorted(env.items(), key=lambda one: order.get(one[0], -1)))
    return bool(texts)


def _address(value: str, host: str, kind: str) -> str:
    """An address of the host as references, "" for another text."""
    match = re.fullmatch(_URL.format(host=re.escape(host)), value)
    if match is None:
        return ""
    user = "" if kind == "redis" else "${needs.{need}.user}"
    made = f"{match['scheme']}://{user}:${{needs.{{need}}.password}}@${{needs.{{need}}.host}}:${{needs.{{need}}.port}}"
    tail = "/${needs.{need}.name}" if kind in _DATABASES else f"/{match['name']}" if match["name"] else ""
    return made + tail + dollars.literally(match["rest"] or "")
