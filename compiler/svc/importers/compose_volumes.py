"""Volumes of a compose service: persistent ones and scratch; folders of the developer's machine have no place."""

from __future__ import annotations

import re

from svc.importers.compose_values import filled
from svc.importers.draft import Draft
from svc.importers.ledger import View

_BIND = "a folder of the developer's machine; write files into `files`, sources into the image"


def volumes(view: View, draft: Draft) -> None:
    for one in view.each():
        if isinstance(one.value, dict):
            _long(one, draft)
            continue
        parts = filled(one).split(":")
        path = parts[1] if len(parts) > 1 else parts[0]
        modes = parts[2].split(",") if len(parts) > 2 else []
        if (len(parts) > 1 and parts[0][:1] in "./~") or not path.startswith("/"):
            one.dropped(_BIND)
        else:
            _persistent(path, draft)
            if "ro" in modes:
                draft.set(("volumes", path, "read_only"), True)
            one.mapped("volumes", path)


def _persistent(path: str, draft: Draft) -> None:
    draft.set(("volumes", path), {"size": "1Gi", "access": "once"})
    draft.missing.append(f"`volumes.{path}.size`: compose names none; 1Gi is assumed")


def _long(view: View, draft: Draft) -> None:
    kind, path = view.at("type").text or "volume", filled(view.at("target"))
    if kind not in ("volume", "tmpfs") or not path.startswith("/"):
        view.dropped(_BIND if kind == "bind" else f"a volume of type {kind} has no place in a spec")
        return
    to = ("volumes", path)
    if kind == "volume":
        _persistent(path, draft)
    else:
        draft.set(to, {"scratch": "memory"})
    for key, part in view.items():
        if key in ("type", "target"):
            part.mapped(*to)
        elif key == "source":
            part.default("svc names the claim")
        elif key == "read_only":
            draft.set((*to, "read_only"), part.value)
            part.mapped(*to, "read_only")
        elif key == "tmpfs":
            _scratch(part, draft, to)
        elif key == "volume":
            _options(part, draft, to)
        elif key == "consistency":
            part.default("a matter of Docker Desktop")
        else:
            part.dropped("svc import does not know this key of a volume")


def _scratch(view: View, draft: Draft, to: tuple[str, ...]) -> None:
    for key, part in view.items():
        if key == "size":
            draft.set((*to, "size"), memory(filled(part)))
            part.mapped(*to, "size")
        else:
            part.dropped("scratch belongs to the process's user")


def _options(view: View, draft: Draft, to: tuple[str, ...]) -> None:
    for key, part in view.items():
        if key == "subpath":
            draft.set((*to, "sub_path"), filled(part))
            part.mapped(*to, "sub_path")
        elif key == "nocopy":
            part.default("Kubernetes never copies the image's files into a volume")
        else:
            part.dropped("svc import does not know this key of a volume")


def tmpfs(view: View, draft: Draft) -> None:
    for text in view.texts():
        path, _, options = text.partition(":")
        size = re.search(r"(?:^|,)size=(\w+)", options)
        draft.set(("volumes", path), {"scratch": "memory", **({"size": memory(size[1])} if size else {})})
    view.mapped("volumes")


def memory(text: str) -> str:
    """An amount of compose, whose units are powers of 1024, as Kubernetes writes it."""
    match = re.fullmatch(r"(\d+)([kmgKMG])i?[bB]?", text)
    if match is None:
        return re.sub(r"(?<=\d)[bB]$", "", text)
    return f"{match[1]}{'K' if match[2] in 'kK' else match[2].upper()}i"
