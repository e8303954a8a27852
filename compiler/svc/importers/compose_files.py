"""What compose services read from files: variables of env files, secrets and configs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from svc.checks._secrets import is_secret
from svc.importers.draft import Draft, label
from svc.importers.interpolate import interpolate
from svc.importers.ledger import View
from svc.records import dataclass
from svc.resolve import dollars
from svc.source import Source, Unreadable

Read = Callable[[str], Source | Unreadable]
_LINE = re.compile(r"\s*(?:export\s+)?(?P<name>[A-Za-z_][\w.]*)\s*=\s*(?P<value>.*?)\s*")


def unread(name: str) -> Unreadable:
    return Unreadable(name, "file-missing", "files beside it are not read")


@dataclass(frozen=True, slots=True)
class Files:
    """The top of a compose file, and how files beside it are read."""

    top: View
    read: Read = unread

    def path(self, relative: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.top.ledger.document.source.name), relative))


def env_file(view: View, draft: Draft, files: Files) -> None:
    """Variables of env files: `environment` says more, so this comes before it."""
    ones = view.each() if isinstance(view.value, list) else [view]
    for one in ones:
        named = one.at("path") if isinstance(one.value, dict) else one
        source = files.read(files.path(interpolate(named.text)[0]))
        if isinstance(source, Unreadable):
            one.dropped(f"it cannot be read ({source.message}): write what it sets into `env` and `secrets`")
            continue
        names = [_assign(line, draft) for line in source.text.splitlines()]
        hidden = sorted(name for name, secret in filter(None, names) if secret)
        reason = f"; secrets, whose values are left out: {', '.join(hidden)}" if hidden else ""
        named.mapped("env", reason=f"its {sum(1 for one in names if one)} variables{reason}")
        for key in ("required", "format"):
            if one.at(key).there:
                one.at(key).default("the file was read")


def _assign(line: str, draft: Draft) -> tuple[str, bool] | None:
    match = None if line.lstrip().startswith("#") else _LINE.fullmatch(line)
    if match is None:
        return None
    name, text = match["name"], match["value"]
    if text[:1] in "\"'" and text[:1] and text.endswith(text[0]) and len(text) > 1:
        text = text[1:-1] if text[0] == "'" else interpolate(text[1:-1])[0]
    else:
        text = interpolate(re.sub(r"\s+#.*", "", text))[0]
    secret = is_secret(name, text)
    assign(draft, name, None if secret else text)
    return name, secret


def assign(draft: Draft, name: str, text: str | None) -> None:
    """A variable with its value, or (None) one from the secret store; the last one that says it counts."""
    old, new = ("env", "secrets") if text is None else ("secrets", "env")
    if draft.get(old, name) is not None:
        draft.remove((old, name))
    draft.set((new, name), {"from": f"{draft.name}/{label(name, 60)}"} if text is None else dollars.literally(text))


def secrets(view: View, draft: Draft, files: Files) -> None:
    """Each secret is mounted as the file that compose mounts, from the secret store."""
    for one in view.each():
        source = one.at("source") if isinstance(one.value, dict) else one
        target = one.at("target").text or source.text
        path = target if target.startswith("/") else f"/run/secrets/{target}"
        name = re.sub(r"\W", "_", source.text).upper()
        to = ("secrets", name)
        draft.set(to, {"from": f"{draft.name}/{label(source.text, 60)}", "file": path})
        source.mapped(*to, reason="put its value into the secret store")
        for key in ("target", "uid", "gid", "mode"):
            if one.at(key).there:
                one.at(key).mapped(*to) if key == "target" else one.at(key).default("the process may read it")
        top = files.top.at("secrets", source.text)
        for _, part in top.of(draft.name).items():
            part.dropped("a secret's value never stands in a spec: put it into the secret store", *to)
        draft.missing.append(f"`secrets.{name}.from`: the path in the secret store is assumed")


def configs(view: View, draft: Draft, files: Files) -> None:
    """Each config is a file of the spec: its text, a file beside it, or a ConfigMap that is there."""
    for one in view.each():
        source = one.at("source") if isinstance(one.value, dict) else one
        target = one.at("target").text or f"/{source.text}"
        top = files.top.at("configs", source.text).of(draft.name)
        to = ("files", target if target.startswith("/") else f"/{target}")
        if top.at("content").there:
            draft.set((*to, "content"), interpolate(top.at("content").text)[0])
            top.at("content").mapped(*to, "content")
        elif top.at("file").there:
            _beside(top.at("file"), draft, to)
        elif top.at("external").value is True:
            name = label(top.at("name").text or source.text, 63)
            draft.set((*to, "config"), name)
            draft.set((*to, "key"), source.text)
            draft.missing.append(f"`files.{to[1]}.key`: the key in the ConfigMap {name} is assumed")
            for part in (top.at("external"), top.at("name")):
                if part.there:
                    part.mapped(*to, "config")
        else:
            source.dropped("the file does not say where its text is")
            continue
        source.mapped(*to)
        if one.at("target").there:
            one.at("target").mapped(*to)
        if one.at("mode").there:
            draft.set((*to, "mode"), _octal(one.at("mode")))
            one.at("mode").mapped(*to, "mode")
        for key in ("uid", "gid"):
            one.at(key).default("the process may read it")


def _octal(view: View) -> str:
    text = view.text.removeprefix("0o")
    return text if text.startswith("0") else f"{view.value:04o}" if isinstance(view.value, int) else f"0{text}"


def _beside(view: View, draft: Draft, to: tuple[str, ...]) -> None:
    path = interpolate(view.text)[0].removeprefix("./")
    inside = path.removeprefix(f"{draft.folder}/") if draft.folder else path
    if inside == path or inside.startswith(("..", "/")):
        inside = posixpath.basename(path)
        draft.missing.append(f"`files.{to[1]}.source`: copy {path} into the spec's folder")
    draft.set((*to, "source"), inside)
    view.mapped(*to, "source")
