"""What compose services read from files: variables of env files, secrets and configs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence

from svc.checks.secrets import is_stored, names_stored
from svc.importers.compose_values import filled
from svc.importers.draft import Draft, label
from svc.importers.interpolate import interpolate
from svc.importers.ledger import View
from svc.patterns import regex
from svc.records import dataclass
from svc.resolve import dollars
from svc.source import Source, Unreadable

Read = Callable[[str], Source | Unreadable]
_LINE = regex(
    r"""^[^\S\n]*(?:export[^\S\n]+)?(?P<name>[A-Za-z_][\w.-]*)[^\S\n]*[=:]"""
    r"""(?P<value>[^\S\n]*"(?:[^"\\]|\\.)*"(?=[^\S\n]*(?:#.*)?$)|[^\S\n]*'[^']*'(?=[^\S\n]*(?:#.*)?$)|.*)""",
    re.MULTILINE,
)
"""As compose-go's dotenv: a quoted value may have several lines."""
_RAW = regex(r"^(?P<name>[A-Za-z_][\w.-]*)=(?P<value>.*)$", re.MULTILINE)


LONGEST = 131_072
"""Bytes of a variable with its name, the end included, that Linux gives to a process (MAX_ARG_STRLEN)."""
_LONG = "longer than what a process gets"


def too_long(text: str) -> bool:
    """Whether no process can have it as a variable."""
    return len(text.encode("utf-8", "replace")) >= LONGEST


def unread(name: str) -> Unreadable:
    return Unreadable(name, "file-missing", "files beside it are not read")


@dataclass(frozen=True, slots=True)
class Files:
    """The tops of all compose files, and how files beside them are read."""

    tops: Sequence[View]
    read: Read = unread

    def path(self, view: View, text: str | None = None) -> str:
        """A path that a file names, relative to which it is."""
        beside = posixpath.dirname(view.ledger.document.source.name)
        return posixpath.normpath(posixpath.join(beside, filled(view) if text is None else text))

    def declared(self, kind: str, name: str, beside: View) -> View:
        """A secret or config: of the same file, or of another one of the project."""
        found = [top.at(kind, name) for top in (View(beside.ledger), *self.tops)]
        return next((one for one in found if one.there), found[0])


def env_file(view: View, draft: Draft, files: Files) -> None:
    """Variables of env files: `environment` says more, so this comes before it."""
    ones = view.each() if isinstance(view.value, list) else [view]
    for one in ones:
        named = one.at("path") if isinstance(one.value, dict) else one
        source = files.read(files.path(named))
        if isinstance(source, Unreadable) and one.at("required").value is False:
            one.default("it is optional, and not there")
            continue
        if isinstance(source, Unreadable):
            one.dropped(f"it cannot be read ({source.message}): write what it sets into `env` and `secrets`")
            continue
        found = variables(source.text, view.ledger.values, raw=one.at("format").text == "raw")
        hidden = sorted(
            name for name, text in found.items() if is_stored(name, text) or (not text and names_stored(name))
        )
        long = [name for name, text in found.items() if name not in hidden and too_long(text)]
        for name, text in found.items():
            if name in long:
                draft.missing.append(f"`env.{name}`: its text in {files.path(named)} is {_LONG}: give it as a file")
                continue
            assign(draft, name, None if name in hidden else text)
            if name in hidden:
                path = files.path(named)
                shared = posixpath.basename(path) == ".env"  # whose variables compose files have, too
                draft.origins[name] = (("variable" if shared else path, name),)
        reason = f"; left out, {_LONG}: {', '.join(long)}" if long else ""
        reason += f"; secrets, whose values are left out: {', '.join(hidden)}" if hidden else ""
        named.mapped("env", reason=f"its {len(found)} variables{reason}")
        for key in ("required", "format"):
            if one.at(key).there:
                one.at(key).default("the file was read")


def variables(text: str, values: Mapping[str, str], *, raw: bool = False) -> dict[str, str]:
    """The variables of an env file; later lines may use earlier ones, and those of the shell."""
    if raw:
        return {one["name"]: one["value"] for one in _RAW.finditer(text)}
    found: dict[str, str] = {}
    for match in _LINE.finditer(text):
        value = match["value"].strip()
        quote = value[:1] if value[:1] in ("'", '"') and len(value) > 1 and value.endswith(value[0]) else ""
        value = value[1:-1] if quote else re.sub(r"(^|\s+)#.*", "", value)
        if quote == '"':
            value = value.replace('\\"', '"').replace("\\n", "\n")
        found[match["name"]] = value if quote == "'" else interpolate(value, {**found, **values})[0]
    return found


def shell(read: Read, name: str, files: Sequence[str] = (".env",)) -> Mapping[str, str]:
    """The values of `.env` beside a compose file. Those of secrets stay unknown: they must not stand in a spec."""
    found: dict[str, str] = {}
    for file in files:
        source = read(posixpath.normpath(posixpath.join(posixpath.dirname(name), file)))
        found.update(variables(source.text, found) if isinstance(source, Source) else {})
    return {key: value for key, value in found.items() if not names_stored(key) and not is_stored(key, value)}


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
        top = files.declared("secrets", source.text, source).of(draft.name)
        for key, part in top.items():
            if key in ("external", "name"):
                part.default("the secret store has it")
            else:
                part.dropped("a secret's value never stands in a spec: put it into the secret store", *to)
        if top.there and not top.items():
            top.default("the secret store has it")
        draft.missing.append(f"`secrets.{name}.from`: the path in the secret store is assumed")


def configs(view: View, draft: Draft, files: Files) -> None:
    """Each config is a file of the spec: its text, a file beside it, or a ConfigMap that is there."""
    for one in view.each():
        source = one.at("source") if isinstance(one.value, dict) else one
        target = one.at("target").text or f"/{source.text}"
        top = files.declared("configs", source.text, source).of(draft.name)
        to = ("files", target if target.startswith("/") else f"/{target}")
        if top.at("content").there:
            draft.set((*to, "content"), filled(top.at("content")))
            top.at("content").mapped(*to, "content")
        elif top.at("file").there:
            beside(top.at("file"), filled(top.at("file")), draft, to)
        elif top.at("external").value is True:
            name = label(top.at("name").text or source.text, 63)
            draft.set((*to, "config"), name)
            draft.set((*to, "key"), source.text)
            draft.missing.append(f"`files.{to[1]}.key`: the key in the ConfigMap {name} is assumed")
            for part in (top.at("external"), top.at("name")):
                if part.there:
                    part.mapped(*to, "config")
        else:
            outside = top.at("environment")
            source.dropped(
                f"its text is that of the variable {outside.text} of the shell: write it into `files`"
                if outside.there
                else "the file does not say where its text is"
            )
            continue
        source.mapped(*to)
        if one.at("target").there:
            one.at("target").mapped(*to)
        if one.at("mode").there:
            draft.set((*to, "mode"), _octal(one.at("mode")))
            one.at("mode").mapped(*to, "mode")
        for key in ("uid", "gid"):
            one.at(key).default("the process may read it")


def unused(top: View) -> None:
    """Secrets and configs that no service takes."""
    for kind in ("secrets", "configs"):
        for _, one in top.at(kind).items():
            if not any(route[: len(one.route)] == one.route for route in top.ledger.notes):
                one.dropped("no service takes it")
        if top.at(kind).there and not top.at(kind).items():
            top.at(kind).default("empty: there is nothing in it")


def _octal(view: View) -> str:
    text = view.text.removeprefix("0o")
    return text if text.startswith("0") else f"{view.value:04o}" if isinstance(view.value, int) else f"0{text}"


def beside(view: View, text: str, draft: Draft, to: tuple[str, ...]) -> None:
    """A file that is named in the compose file becomes one beside the spec."""
    path = text.removeprefix("./")
    inside = path.removeprefix(f"{draft.folder}/") if draft.folder else path
    if inside == path or inside.startswith(("..", "/")):
        inside = posixpath.basename(path)
        draft.missing.append(f"`files.{to[1]}.source`: copy {path} into the spec's folder")
    draft.set((*to, "source"), inside)
    view.mapped(*to, "source")
