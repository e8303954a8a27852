"""Single instructions, as a recipe puts them together."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterable, Mapping

from svc.diagnostics import Route
from svc.patterns import regex
from svc.pins import PinnedImage
from svc.records import replace
from svc.targets.docker.types import Heredoc, Instruction

BUILD: Route = ("build",)
_STRICT = "set -e\n"


def command_line(main: str, *interpreter: str) -> tuple[str, ...]:
    """What `main` starts: a command line as it is, one word behind the language's interpreter; () without a `main`."""
    if not main:
        return ()
    return tuple(shlex.split(main)) if " " in main else (*interpreter, main)


def word(text: str) -> str:
    """A value as one Dockerfile word in which nothing is expanded."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'


def from_(image: PinnedImage | str, name: str, *, native: bool = False, comment: str = "") -> Instruction:
    """A stage. `native`: it runs on the builder's own architecture and cross-compiles."""
    base = image if isinstance(image, str) else image.reference
    flags = (("platform", "$BUILDPLATFORM"),) if native else ()
    return Instruction("FROM", (base, "AS", name), flags, comment=(comment,) if comment else (), at=(*BUILD, "version"))


def run(*lines: str, mounts: Iterable[str] = (), comment: str = "", at: Route = BUILD) -> Instruction:
    """`lines`: one command; what the spec says in it may begin a here-document only in the shell, not in the file."""
    text, said = "\n".join(lines), (comment,) if comment else ()
    if "<<" in text:
        return replace(user_command(text.replace("\n", " \\\n"), at, mounts), comment=said)
    return Instruction("RUN", (text,), tuple(("mount", one) for one in mounts), comment=said, at=at)


def user_command(text: str, at: Route, mounts: Iterable[str] = ()) -> Instruction:
    """A command of the user's, as a here-document when the shell form could not carry it unchanged."""
    flags = tuple(("mount", one) for one in mounts)
    text = text.replace("\r\n", "\n").strip()
    if re.fullmatch(r"[\w./][^\n]*(?<![\\&])", text) and "<<" not in text and "#" not in text:
        return Instruction("RUN", (text,), flags, at=at)
    name = "EOF"
    while name in text.split("\n"):
        name += "_"
    return Instruction(
        "RUN", (f"<<'{name}'",), flags, heredocs=(Heredoc(name, _STRICT + text.rstrip("\n"), True),), at=at
    )


_LASTING = regex(
    r"(?:^|[;&|({\n]|\b(?:then|do|else)\s)\s*"
    r"(?:(?:cd|pushd|exit|exec|set|shopt|export|unset|trap|umask|source|eval|return)(?![\w./-])|\.\s)"
)
"""Commands of the shell that change what follows them, or whether it is run."""


def then(first: Instruction, command: str) -> Instruction:
    """Another command in the same layer, to which nothing that the first one does to its shell matters: behind a
    here-document it would be run instead of the text in it."""
    if not first.heredocs:
        shell = first.args[0]
        return replace(first, args=(f"{f'({shell})' if _LASTING.search(shell) else shell}\n&& {command}",))
    *others, script = first.heredocs
    text = script.text
    if _LASTING.search(text.removeprefix(_STRICT)):
        text = f"{_STRICT}(\n{text.removeprefix(_STRICT)}\n)"
    return replace(first, heredocs=(*others, replace(script, text=f"{text}\n{command}")))


def copies(paths: Iterable[str]) -> tuple[Instruction, ...]:
    """Files to where they stand in the context: an instruction for each folder."""
    folders: dict[str, list[str]] = {}
    for path in sorted(dict.fromkeys(paths)):
        folders.setdefault(posixpath.dirname(path), []).append(path)
    return tuple(copy(*names, f"{folder}/" if folder else "./") for folder, names in sorted(folders.items()))


def copy(*paths: str, stage: str = "", image: PinnedImage | None = None, at: Route = BUILD) -> Instruction:
    """COPY from the context, a stage or an image. Paths that are more than words take the JSON form."""
    source = image.reference if image else stage
    flags = (("from", source),) if source else ()
    plain = all(
        one.replace("/", "").replace(".", "").replace("-", "").replace("_", "").replace("*", "").isalnum()
        or not set(one) - set("./*")
        for one in paths
    )
    return Instruction("COPY", paths, flags, exec=not plain, at=at)


def prefixed_path(folder: str) -> tuple[Instruction, ...]:
    """A folder in front of PATH: the one place where a variable is meant to be expanded."""
    return (Instruction("ENV", (f'PATH="{folder}:${{PATH}}"',), at=BUILD),)


def env(values: Mapping[str, str], at: Route = BUILD) -> tuple[Instruction, ...]:
    if not values:
        return ()
    return (Instruction("ENV", tuple(f"{key}={_value(value)}" for key, value in values.items()), at=at),)


def workdir(path: str) -> Instruction:
    return Instruction("WORKDIR", (path,), at=("workdir",))


def arg(name: str, default: str | None = None, at: Route = BUILD) -> Instruction:
    return Instruction("ARG", (name if default is None else f"{name}={_value(default)}",), at=at)


def _value(value: str) -> str:
    return value if value and not set(value) - _PLAIN else word(value)


_PLAIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+/:,=@%")


def cache(target: str) -> str:
    return f"type=cache,target={target}"


def bind(name: str) -> str:
    return f"type=bind,source={name},target={name}"
