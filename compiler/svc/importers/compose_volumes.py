"""Volumes of a compose service: persistent ones and scratch; folders of the developer's machine have no place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from svc.importers.compose_files import Files, beside
from svc.importers.compose_values import filled
from svc.importers.draft import Draft
from svc.importers.ledger import View
from svc.resolve.volumes import slug
from svc.source import Source

_BIND = "a folder of the developer's machine; write files into `files`, sources into the image"
_MOST = 1024 * 1024
"""Bytes that a ConfigMap holds, and so a file of a spec."""


def volumes(view: View, draft: Draft, files: Files) -> None:
    for one in view.each():
        if isinstance(one.value, dict):
            if not (
                one.at("type").text == "bind" and _file(one, one.at("source"), filled(one.at("target")), draft, files)
            ):
                _long(one, draft)
            continue
        parts = filled(one).split(":")
        path = parts[1] if len(parts) > 1 else parts[0]
        modes = parts[2].split(",") if len(parts) > 2 else []
        if (len(parts) > 1 and parts[0][:1] in "./~") or not path.startswith("/"):
            if len(parts) == 1 or not (
                _file(one, one, path, draft, files, parts[0])
                or ("ro" not in modes and _data(one, parts[0], path, draft))
            ):
                one.dropped(_BIND)
        else:
            _persistent(path, draft)
            if "ro" in modes:
                draft.set(("volumes", path, "read_only"), True)
            one.mapped("volumes", path)


def _file(one: View, named: View, path: str, draft: Draft, files: Files, text: str | None = None) -> bool:
    """A single file that is bound becomes one of the spec."""
    source = filled(named) if text is None else text
    loaded = files.read(files.path(named, source)) if source.startswith("./") and path.startswith("/") else None
    if not isinstance(loaded, Source) or len(loaded.text) > _MOST or "\0" in loaded.text:
        return False
    beside(named, source, draft, ("files", path))
    for part in [part for _, part in one.items()] or [one]:
        part.mapped("files", path, reason="a file beside the spec")
    return True


def _data(one: View, source: str, path: str, draft: Draft) -> bool:
    """A folder that an image which is built elsewhere writes to is its data; with a build, it is the sources."""
    if draft.get("build") is not None or draft.get("image") is None or not source.startswith((".", "~")):
        return False
    if not path.startswith("/"):
        return False
    _persistent(path, draft)
    for part in [part for _, part in one.items()] or [one]:
        part.mapped("volumes", path, reason="a folder of the developer's machine, as a volume that is empty at first")
    draft.missing.append(f"`volumes.{path}`: it is empty at first, {source} is not; remove it if nothing is kept there")
    return True


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
        elif key == "read_only" and part.value is False:
            part.default("a volume is written to unless it says otherwise")
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


def declared(view: View) -> None:
    """The volumes of a file by name: those that mount them have claims, or one that they share."""
    for _, one in view.items():
        if one.at("external").value not in (None, False):
            one.dropped("it is there already on the developer's machine: name a claim of the cluster, by `claim`")
        for key, part in one.items():
            if key in ("name", "labels") or (key == "driver" and part.text == "local"):
                part.default("svc names the claim, and the cluster makes the storage")
            elif not key.startswith("x-") and key != "external":
                part.dropped("how storage is made is the cluster's: see `storage_class`")
        if one.at("external").value in (None, False):
            one.default("the services that mount it have the claim")


def share(chains: Mapping[str, Sequence[View]], drafts: Mapping[str, Draft]) -> None:
    """A volume of several services is the claim of the first one."""
    owners: dict[str, tuple[Draft, str]] = {}
    for name, draft in drafts.items():
        for source, path in _mounted(chains[name]):
            owner, at = owners.setdefault(source, (draft, path))
            if draft.get("volumes", path, "size") is not None and draft is not owner:
                _claimed(draft, path, owner, at)
    for name, draft in drafts.items():
        for view in [one for link in chains[name] for one in link.of(draft.name).at("volumes_from").each()]:
            other, _, mode = filled(view).removeprefix("service:").partition(":")
            for path, volume in dict(drafts[other].get("volumes") or {}).items() if other in drafts else ():
                if "size" in volume and "scratch" not in volume and draft.get("volumes", path) is None:
                    draft.set(("volumes", path), {"read_only": True} if mode == "ro" else {})
                    _claimed(draft, path, drafts[other], path)
                    view.mapped("volumes", path, reason=f"the volumes of {other}")


def _claimed(draft: Draft, path: str, owner: Draft, at: str) -> None:
    owner.set(("volumes", at, "access"), "many")
    kept = {key: one for key, one in draft.get("volumes", path).items() if key in ("read_only", "sub_path")}
    draft.set(("volumes", path), {"claim": f"{owner.name}-{slug(at)}", **kept})
    draft.missing[:] = [one for one in draft.missing if f"`volumes.{path}.size`" not in one]
    note = f"`volumes.{at}.access`: {draft.name} mounts it, too; its storage class must be able to (many)"
    owner.missing += [note] if note not in owner.missing else []


def _mounted(links: Sequence[View]) -> list[tuple[str, str]]:
    """(volume, path) of the volumes that have names."""
    found = []
    for one in [one for link in links for one in link.at("volumes").each()]:
        parts = (
            [filled(one.at("source")), filled(one.at("target"))]
            if isinstance(one.value, dict)
            else filled(one).split(":")
        )
        if len(parts) > 1 and re.fullmatch(r"[A-Za-z0-9][\w.-]*", parts[0]):
            found.append((parts[0], parts[1]))
    return found


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
