"""Backing services of a compose file become needs, where every reference to them can be rewritten."""

from __future__ import annotations

import re
from collections.abc import Mapping

from svc.importers.draft import Draft
from svc.importers.interpolate import interpolate
from svc.importers.ledger import View
from svc.model.scalars import image_parts

_TYPES = {"postgres": "postgres", "mysql": "mysql", "redis": "redis", "rabbitmq": "rabbitmq", "mongo": "mongodb"}
_URL = r"(?P<scheme>[a-z][a-z0-9+.]*)://(?:[^@/\s]*@)?{host}(?::\d+)?(?:/(?P<name>[^?\s]*))?(?P<rest>\?\S*)?"
_DATABASES = {"postgres", "mysql", "mongodb"}
_NOT_MANAGED = {"mongodb", "rabbitmq"}
"""No cloud of svc runs them: they stay what they are in the file, a container, in the cluster."""
_CARRIED = {"image", "environment", "ports", "expose", "volumes", "restart", "healthcheck", "container_name",
            "networks", "env_file", "hostname", "profiles", "deploy"}  # fmt: skip


def sound(views: Mapping[str, View], chains: Mapping[str, list[View]]) -> dict[str, tuple[str, str]]:
    """Services that can be needs, with type and version: somebody refers to them, and only by whole addresses."""
    found = {}
    for name, view in views.items():
        kind = _kind(view)
        if not kind or set(view.value) - _CARRIED or any(view in links[:-1] for links in chains.values()):
            continue
        users = [value for other, links in chains.items() if other != name for one in links for value in _values(one)]
        mine = [value for value in users if re.search(rf"(^|[/@]){re.escape(name)}(?=[:/?]|$)", value)]
        if mine and all(re.fullmatch(_URL.format(host=re.escape(name)), value) for value in mine):
            found[name] = kind
    return found


def _kind(view: View) -> tuple[str, str] | None:
    parts = image_parts(interpolate(view.at("image").text)[0])
    if parts is None or view.at("build").there:
        return None
    kind = _TYPES.get(parts[0].removeprefix("docker.io/").removeprefix("library/"))
    version = re.match(r"\d+(\.\d+)?", parts[1])
    if kind is None:
        return None
    text = version[0] if version else ""
    return kind, text if kind == "mysql" else text.partition(".")[0]


def _values(view: View) -> list[str]:
    part = view.at("environment")
    if isinstance(part.value, dict):
        return [interpolate(one.text)[0] for _, one in part.items()]
    return [interpolate(one.text.partition("=")[2])[0] for one in part.each()]


def attach(chains: Mapping[str, list[View]], needs: Mapping[str, tuple[str, str]], drafts: Mapping[str, Draft]) -> None:
    """Needs at those that refer to them, their addresses as references."""
    for name, (kind, version) in needs.items():
        first = ""
        for user, draft in drafts.items():
            for link in chains[user]:
                if _rewrite(link.of(draft.name), draft, name, kind, version):
                    first = first or draft.name
        view = chains[name][-1].of(first)
        view.mapped("needs", name)
        for key, part in view.items():
            if key == "image":
                part.mapped("needs", name, "type")
            elif key in ("volumes", "ports", "expose", "healthcheck", "restart", "container_name", "networks"):
                part.default("the need brings its own")
            else:
                part.dropped("names, users and passwords of a need are svc's; its outputs are what the service sees")


def _rewrite(view: View, draft: Draft, name: str, kind: str, version: str) -> bool:
    used = False
    part = view.at("environment")
    ones = part.items() if isinstance(part.value, dict) else [(one.text.partition("=")[0], one) for one in part.each()]
    for variable, one in ones:
        raw = one.text if isinstance(part.value, dict) else one.text.partition("=")[2]
        match = re.fullmatch(_URL.format(host=re.escape(name)), interpolate(raw)[0])
        if match is None:
            continue
        used = True
        if draft.get("secrets", variable) is not None:
            draft.remove(("secrets", variable))
        draft.set(("env", variable), _address(match, name, kind))
        view.ledger.notes.pop(one.route, None)
        one.mapped("env", variable, reason=f"as outputs of the need {name}")
    if used:
        inside = {"realise": "in-cluster"} if kind in _NOT_MANAGED else {}
        draft.set(("needs", name), {"type": kind, **({"version": version} if version else {}), **inside})
    return used


def _address(match: re.Match[str], name: str, kind: str) -> str:
    user = "" if kind == "redis" else f"${{needs.{name}.user}}"
    address = f"{match['scheme']}://{user}:${{needs.{name}.password}}@${{needs.{name}.host}}:${{needs.{name}.port}}"
    tail = f"/${{needs.{name}.name}}" if kind in _DATABASES else f"/{match['name']}" if match["name"] else ""
    return address + tail + (match["rest"] or "")
