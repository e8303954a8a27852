"""What a compose file in the tree says: the backing services beside the application, and how it is told where they are."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

from svc import pins
from svc.detect.tree import At, Tree
from svc.model.image import image_parts
from svc.notice import BY
from svc.parse import Document, parse
from svc.records import dataclass, field
from svc.resolve.needs import KINDS
from svc.source import Source

FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_TYPES = {"postgres": "postgres", "postgresql": "postgres", "postgis": "postgres", "timescaledb": "postgres", "pgvector": "postgres",
          "mysql": "mysql", "mariadb": "mysql", "redis": "redis", "valkey": "redis", "rabbitmq": "rabbitmq", "mongo": "mongodb", "mongodb": "mongodb"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Backing:
    """`version` "": the one of `image` is not among those that are pinned."""

    type: str
    version: str
    image: str
    at: At


@dataclass(frozen=True, slots=True)
class Built:
    """A service that is built from the tree. `command` are its words, empty for the image's own; `ends`: it is no server."""

    name: str
    command: tuple[str, ...]
    ports: bool
    ends: bool
    at: At


@dataclass(frozen=True, slots=True)
class Composed:
    """`services` are backing services by their names there; `urls` the variables that hold their addresses."""

    services: dict[str, Backing] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    built: tuple[Built, ...] = ()


def own(tree: Tree, *names: str) -> tuple[str, ...]:
    """The files of these names that are there, without those that svc wrote."""
    return tuple(path for path in names if path in tree.files and BY not in tree.text(path))


def read(tree: Tree) -> Composed:
    """Nothing of a file that cannot be read: `svc import` says what is wrong with it."""
    for path in own(tree, *FILES):
        parsed = parse(Source(path, tree.text(path)))
        if not parsed.problems and parsed.documents:
            return _read(path, parsed.documents[0])
    return Composed()


def _read(path: str, document: Document) -> Composed:
    data = document.data if isinstance(document.data, dict) else {}
    inside: tuple[str, ...] = ("services",) if isinstance(data.get("services"), dict) else ()
    services = data["services"] if inside else data
    made = Composed(built=tuple(_built(path, document, inside, services)))
    for name, one in services.items():
        image = one.get("image") if isinstance(one, dict) and "build" not in one else None
        backing = _backing(str(image), At(path, document.span((*inside, name, "image"), "key").line)) if image else None
        if backing is not None:
            made.services[str(name)] = backing
    for one in services.values():
        for variable, value in _variables(one.get("environment")) if isinstance(one, dict) and "build" in one else ():
            host = re.fullmatch(r"[a-z][a-z0-9+.]*://(?:[^@/\s]*@)?([\w-]+)(?::[^/]*)?(?:/\S*)?", value)
            if host is not None and host[1] in made.services:
                made.urls.setdefault(variable, host[1])
    return made


def _built(path: str, document: Document, inside: tuple[str, ...], services: dict[Any, Any]) -> Iterator[Built]:
    """The services of one image: those that are built as the first one is."""
    ones = [(str(name), one) for name, one in services.items() if isinstance(one, dict) and one.get("build")]
    depended = [one["depends_on"] for one in services.values() if isinstance(one, dict) and "depends_on" in one]
    waited = {
        str(name)
        for given in depended
        for name, how in (given.items() if isinstance(given, dict) else ())
        if isinstance(how, dict) and how.get("condition") == "service_completed_successfully"
    }
    for name, one in ones:
        if _context(one) == _context(ones[0][1]):
            line = document.span((*inside, name), "key").line
            ends = name in waited or one.get("restart") == "no" or (bool(one.get("profiles")) and not one.get("ports"))
            command = (*_words(one.get("entrypoint")), *_words(one.get("command")))
            yield Built(name, command, bool(one.get("ports")), ends, At(path, line))


def _context(one: dict[str, Any]) -> tuple[str, str, str]:
    build = one["build"] if isinstance(one["build"], dict) else {"context": one["build"]}
    found = (str(build.get(key) or "") for key in ("context", "dockerfile", "target"))
    context, dockerfile, target = found
    return context.removeprefix("./").rstrip("/") or ".", dockerfile, target


def _words(given: Any) -> tuple[str, ...]:
    if isinstance(given, list):
        return tuple(interpolated(str(one)) for one in given)
    try:
        return tuple(shlex.split(interpolated(given))) if isinstance(given, str) else ()
    except ValueError:
        return ()


def interpolated(text: str) -> str:
    """With the defaults of variables in their place, and two dollars one."""
    return re.sub(r"\$\{\w+:?-([^}]*)\}", r"\1", text).replace("$$", "$")


def _backing(image: str, at: At) -> Backing | None:
    parts = image_parts(re.sub(r"\$\{\w+:?-([^}]*)\}", r"\1", image))
    kind = _TYPES.get(parts[0].rpartition("/")[2]) if parts is not None else None
    if parts is None or kind is None:
        return None
    known = pins.versions(KINDS[kind].image)  # type: ignore[index]
    digits = re.match(r"\d+(?:\.\d+)?", parts[1])
    same = parts[0].rpartition("/")[2] == KINDS[kind].image  # type: ignore[index]
    wanted = (digits[0], digits[0].partition(".")[0]) if digits is not None and same else ()
    return Backing(kind, next((one for one in wanted if one in known), ""), interpolated(image), at)


def _variables(given: Any) -> Iterator[tuple[str, str]]:
    pairs = (
        given.items()
        if isinstance(given, dict)
        else (str(one).partition("=")[::2] for one in given if isinstance(one, str))
        if isinstance(given, list)
        else ()
    )
    for name, value in pairs:
        if re.fullmatch(r"[A-Za-z_]\w*", str(name), re.ASCII):
            yield str(name), re.sub(r"\$\{\w+:?-([^}]*)\}", r"\1", str(value))
