"""The architecture that the pods ask of their nodes, by a label that says it in Go's words."""

from __future__ import annotations

from collections.abc import Mapping

from svc.resolve.context import Context
from svc.suggest import nearest

USUAL = "amd64"
_LABELS = ("kubernetes.io/arch", "beta.kubernetes.io/arch")
_KNOWN = ("386", "amd64", "arm", "arm64", "loong64", "mips64le", "ppc64le", "riscv64", "s390x")
_OTHERS = {
    **dict.fromkeys(("x86_64", "x86-64", "x64", "intel64"), "amd64"),
    **dict.fromkeys(("aarch64", "arm64v8", "armv8", "graviton"), "arm64"),
    **dict.fromkeys(("i386", "i686", "x86"), "386"),
    **dict.fromkeys(("armhf", "armv7", "armv7l"), "arm"),
}


def architecture(selector: Mapping[str, str]) -> str:
    """The one that a node selector asks for, or the usual one."""
    return next((selector[label] for label in _LABELS if label in selector), USUAL)


def report_architecture(context: Context) -> None:
    """No node has a label of another value, so pods would wait forever, and no image could be built for them."""
    placement = context.service.placement
    given = placement.node_selector if placement is not None else {}
    for label in _LABELS:
        name = str(given.get(label, USUAL))
        if name in _KNOWN:
            continue
        meant = _OTHERS.get(name.lower(), name.lower())
        message = f"no node has the architecture `{name}`; known are {', '.join(_KNOWN)}{nearest(meant, _KNOWN)}"
        help_ = f"write `{meant}`" if meant in _KNOWN else "write what `kubectl get nodes -L kubernetes.io/arch` shows"
        context.report("architecture-unknown", ("placement", "node_selector", label), message, help=help_)
