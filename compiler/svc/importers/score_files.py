"""Files and volumes of a Score container, as lists (v1b1 at first) and as mappings by their paths (today)."""

from __future__ import annotations

import base64
import binascii
import posixpath

from svc.importers.compose_files import Read
from svc.importers.draft import Draft
from svc.importers.ledger import View
from svc.importers.score_text import Scope, said
from svc.records import dataclass
from svc.source import Source

Route = tuple[str, ...]
_PLACE = "svc import does not know this key here"
_BINARY = "it is no text: put the file into the image, or into a ConfigMap of your own"


@dataclass(frozen=True, slots=True)
class Container:
    """A container that is read, and where it goes in the spec: () for the main process."""

    view: View
    draft: Draft
    at: Route
    scope: Scope
    read: Read


def files(one: Container, view: View) -> None:
    for path, part in _by_path(view, one, ("files",)):
        _file(one, part, (*one.at, "files", path))


def _by_path(view: View, one: Container, to: Route) -> list[tuple[str, View]]:
    """Both forms; in a list each item names its path as `target`."""
    for part in view.each():
        part.at("target").mapped(*one.at, *to, part.at("target").text)
    return view.items() or [(part.at("target").text, part) for part in view.each()]


def _file(one: Container, view: View, to: Route) -> None:
    source, content, binary = view.at("source"), view.at("content"), view.at("binaryContent")
    if content.there:
        text = "\n".join(content.texts()) if isinstance(content.value, list) else content.text
        _text(one, view, content, text, to)
    elif binary.there:
        _decoded(one, binary, to)
    elif source.there:
        _source(one, view, source, to)
    mode = view.at("mode")
    if mode.there and one.draft.get(*to) is not None:
        one.draft.set((*to, "mode"), mode.text)
        mode.mapped(*to, "mode")
    view.at("noExpand").default("whether placeholders in it are filled in; they are, or there are none")
    for key, part in view.items():
        if key not in ("target", "source", "content", "binaryContent", "mode", "noExpand"):
            part.dropped(_PLACE)
    if one.draft.get(*to) is None:
        mode.dropped("there is no such file in the spec")


def _text(one: Container, view: View, content: View, text: str, to: Route) -> None:
    if view.at("noExpand").value is not True:
        filled = one.scope.plain(text)
        if filled.wrong:
            content.dropped(f"files have fixed texts: {said(filled.wrong)}; let the process fill it in from `env`")
            one.draft.missing.append(f"`{'.'.join(to[:-1])}`: {to[-1]} is left out, because of {filled.wrong[0][0]}")
            return
        text = filled.text
    one.draft.set((*to, "content"), text)
    content.mapped(*to, "content")


def _decoded(one: Container, binary: View, to: Route) -> None:
    try:
        text = base64.b64decode(binary.text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        binary.dropped(_BINARY)
        return
    if "\0" in text:
        binary.dropped(_BINARY)
        return
    one.draft.set((*to, "content"), text)
    binary.mapped(*to, "content", reason="it is text")


def _source(one: Container, view: View, source: View, to: Route) -> None:
    """A file beside the Score file; placeholders in it are filled in, unless `noExpand` says otherwise."""
    beside = posixpath.dirname(view.ledger.document.source.name)
    loaded = one.read(posixpath.normpath(posixpath.join(beside, source.text)))
    if isinstance(loaded, Source) and view.at("noExpand").value is not True and "${" in loaded.text:
        _text(one, view, source, loaded.text, to)
        return
    path = posixpath.normpath(source.text)
    if path.startswith(("/", "..")):
        one.draft.missing.append(f"`files.{to[-1]}.source`: copy {source.text} into the spec's folder")
        path = posixpath.basename(path)
    one.draft.set((*to, "source"), path)
    source.mapped(*to, "source")


# --- volumes -----------------------------------------------------------------------------------------------------


def volumes(one: Container, view: View, resources: View) -> None:
    """A volume has the path at which it is mounted. Other containers of the workload may see it there."""
    for path, part in _by_path(view, one, ("volumes",)):
        name = one.scope.plain(part.at("source").text).text
        to: Route = ("volumes", path)
        if one.at and one.draft.get(*to) is None:
            part.dropped("other containers see the volumes of the main one, at the same path: mount it there, too")
            continue
        if one.at:
            to = (*one.at, "share")
            one.draft.set(to, [*(one.draft.get(*to) or []), path])
        else:
            _volume(one, path, name, resources.at(name))
        _mount(one, part, to)


def _volume(one: Container, path: str, name: str, resource: View) -> None:
    to, size = ("volumes", path), resource.at("params", "size")
    one.draft.set(to, {"size": size.text or "1Gi", "access": "once"})
    if size.there:
        size.mapped(*to, "size")
    else:
        one.draft.missing.append(f"`volumes.{path}.size`: Score names none; 1Gi is assumed")
    if resource.at("type").there:
        resource.at("type").mapped(*to)
    else:
        one.draft.missing.append(f"`volumes.{path}`: there is no resource `{name}`; a volume of its own is assumed")


def _mount(one: Container, part: View, to: Route) -> None:
    for key, value in part.items():
        if key in ("source", "target"):
            value.mapped(*to)
        elif key == "path" and not one.at:
            one.draft.set((*to, "sub_path"), value.text.strip("/"))
            value.mapped(*to, "sub_path")
        elif key in ("readOnly", "read_only"):
            if value.value is True and not one.at:
                one.draft.set((*to, "read_only"), True)
            value.mapped(*to) if value.value is not True or not one.at else value.dropped("it may write there")
        else:
            value.dropped("other containers see all of the volume" if key == "path" else _PLACE)
