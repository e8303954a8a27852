"""What the variables of a compose file are in a spec: addresses of needs by the names of the services that they lead to."""

from __future__ import annotations

import re

from svc.detect import addresses
from svc.detect.composed import Composed
from svc.detect.tree import At
from svc.patterns import regex

GPU = (
    "{target: kubernetes/Deployment, json_patch: [{op: add,"
    " path: /spec/template/spec/containers/0/resources/limits/nvidia.com~1gpu, value: '1'}]}"
)
"""The patch with which a process has a GPU."""
CUDA = r"(?:\+|whl/|-)cu\d{3}\b|(?:^|[\"'\s])(?:vllm|flash-attn|bitsandbytes|cupy-cuda\w+)\b"
"""What stands among the dependencies of Python that do nothing without a GPU."""
BUILT = ("NEXT_PUBLIC_", "VITE_", "REACT_APP_")
"""How variables begin that are read by the build alone, which writes them into scripts of the browser."""
_URL = regex(r"(?:(?:j|r2)dbc:)?[a-z][a-z0-9+.]*://(?:[^@/\s]*@)?([\w-]+)(?::[^/]*)?(?:/\S*)?")
_HOST = regex(r"(?i)(?:Host|Server|Data Source|Address|Addr)=([\w-]+)(?:[,:]\d+)?(?=[;,]|$)")
_LOCAL = regex(r"\blocalhost\b|\b127\.0\.0\.1\b|\bhost\.docker\.internal\b|\$\{?\w|://(?:[^@/\s]*@)?[\w-]+(?:[:/]|$)")
"""What is right on a developer's machine alone, or is not known."""


def references(beside: Composed, more: dict[str, tuple[str, At]], wanted: dict[str, tuple[str, At]]) -> dict[str, str]:
    """Variables that hold an address of a need, or a part of one. `more`: those of examples, which may hold the rest."""
    values = {**more, **beside.values}
    hosts = {name: one.type for name, one in beside.services.items() if name in wanted}
    found: dict[str, str] = {}
    for group in addresses.groups(values, hosts) if hosts else ():
        need = next(values[name][0] for name, output in group.outputs if output == "host")
        found.update({name: f"${{needs.{need}.{output}}}" for name, output in group.outputs})
    for name, (text, _) in beside.values.items():
        reference = _whole(text, hosts)
        if reference:
            found[name] = reference
    return found


def _whole(text: str, hosts: dict[str, str]) -> str:
    """What a text is that leads to a need from its first sign to its last."""
    url = _URL.fullmatch(text)
    if url is not None:
        return addresses.url(text, url[1]) if url[1] in hosts else ""
    pair = re.fullmatch(r"([\w-]+)(:\d+)?", text)
    if pair is not None and pair[1] in hosts:
        return f"${{needs.{pair[1]}.host}}" + (f":${{needs.{pair[1]}.port}}" if pair[2] else "")
    told = _HOST.match(text)
    if told is not None and told[1] in hosts:
        return addresses.connection_string(told[1], hosts[told[1]])
    return ""


def elsewhere(text: str, beside: Composed) -> bool:
    """Whether a value leads to a container, or to the developer's machine: no value of another environment."""
    words = set(re.findall(r"(?<![\w./-])[\w-]+(?=:\d|[/;,\s]|$)|(?<=//)[\w-]+|(?<=[@=])[\w-]+(?=[:;,/])", text))
    return _LOCAL.search(text) is not None or not words.isdisjoint(beside.hosts)


def notes(beside: Composed, libraries: At | None) -> list[str]:
    """What a compose file says of the part and the spec does not. `libraries`: where some stand that need a GPU."""
    kept = [
        f"{at}: {target} is a volume there: `volumes: {{{target}: {{size: 10Gi}}}}` keeps it, `{{scratch: disk}}` has it empty"
        for target, at in beside.kept
    ]
    asked = beside.devices or ((libraries,) if libraries is not None else ())
    return kept + [f"{at}: it asks for a GPU: `patches: [{GPU}]`, with the kind of what needs it" for at in asked]


def args(beside: Composed) -> dict[str, str]:
    """Arguments of the build that it writes into scripts of the browser, where the file says them."""
    found = {name: text for name, (text, _) in beside.args.items() if name.startswith(BUILT)}
    return {name: text for name, text in found.items() if text and not elsewhere(text, beside)}
