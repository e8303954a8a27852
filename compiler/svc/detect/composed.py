"""What a compose file says of a part: the backing services beside it, its variables, and what else is made of its image."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from svc import pins
from svc.detect.tree import At, Tree
from svc.model.image import image_parts
from svc.notice import BY
from svc.parse import Document, parse
from svc.patterns import regex
from svc.records import dataclass, field, replace
from svc.resolve.needs import KINDS
from svc.source import Source, lines_of
from svc.tree import value_at

FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_TYPES = {"postgres": "postgres", "postgresql": "postgres", "postgis": "postgres", "timescaledb": "postgres", "pgvector": "postgres",
          "mysql": "mysql", "mariadb": "mysql", "redis": "redis", "valkey": "redis", "rabbitmq": "rabbitmq", "mongo": "mongodb", "mongodb": "mongodb"}  # fmt: skip
_DEFAULT = regex(r"\$\{\w+:?-([^}]*)\}")


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
    """`services` are backing services by their names there, `others` those that this part does not speak of; `hosts` the
    names of all. `values` are the variables of the part, with "" where the file does not say what they are; `args` those of
    its build; `kept` the paths of its volumes."""

    services: dict[str, Backing] = field(default_factory=dict)
    others: dict[str, Backing] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    values: dict[str, tuple[str, At]] = field(default_factory=dict)
    args: dict[str, tuple[str, At]] = field(default_factory=dict)
    built: tuple[Built, ...] = ()
    kept: tuple[tuple[str, At], ...] = ()
    devices: tuple[At, ...] = ()
    files: tuple[str, ...] = ()
    """Where more of its variables are, from the folder of the file."""


def own(tree: Tree, *names: str) -> tuple[str, ...]:
    """The files of these names that are there, without those that svc wrote."""
    return tuple(path for path in names if path in tree.files and BY not in tree.text(path))


def read(tree: Tree) -> Composed:
    """Nothing of a file that cannot be read: `svc import` says what is wrong with it. A file above the tree speaks of all
    parts of a repository: what it says of this one counts."""
    above = (path for path in tree.files if path.startswith("../") and path.rpartition("/")[2] in FILES)
    for path in (*own(tree, *FILES), *above):
        parsed = parse(Source(path, tree.text(path)))
        if not parsed.problems and parsed.documents:
            made = _read(path, parsed.documents[0], path_from(tree, path))
            told = _first(one for file in made.files for one in _of_file(tree, path, file))
            return replace(made, values={**told, **made.values})
    return Composed()


def _of_file(tree: Tree, path: str, file: str) -> Iterator[tuple[str, tuple[str, At]]]:
    """The variables of a file that a compose file names, beside it or below. A `.env` is a developer's own."""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
    folder = (tree.root / path).resolve().parent
    if posixpath.basename(place) == ".env" or not (tree.root / place).resolve().is_relative_to(folder):
        return
    for number, line in enumerate(lines_of(replace(tree, files=(place,)).text(place))[:500], 1):
        match = re.match(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$", line[:2000])
        if match is not None:
            yield match[1], (match[2].strip("\"'"), At(place, number))


def path_from(tree: Tree, path: str) -> str:
    """The tree's folder as a file in it or above it names it."""
    folder = posixpath.normpath(posixpath.join(tree.root.resolve().as_posix(), posixpath.dirname(path)))
    return posixpath.relpath(tree.root.resolve().as_posix(), folder)


def _read(path: str, document: Document, part: str) -> Composed:
    data = document.data if isinstance(document.data, dict) else {}
    inside: tuple[str, ...] = ("services",) if isinstance(data.get("services"), dict) else ()
    services = {str(name): one for name, one in (data["services"] if inside else data).items() if isinstance(one, dict)}
    ones = _ours(services, part)

    def at(*route: str | int) -> At:
        return At(path, document.span((*inside, *route), "key").line)

    def variables(*keys: str) -> dict[str, tuple[str, At]]:
        placed = ((name, one) for name, service in ones.items() for one in _placed(value_at(service, keys)))
        return _first((variable, (text, at(name, *keys, place))) for name, (variable, text, place) in placed)

    images = {name: str(one["image"]) for name, one in services.items() if one.get("image") and "build" not in one}
    backing = {name: found for name, one in images.items() if (found := _backing(one, at(name, "image"))) is not None}
    spoken = {name for name in backing if part == "." or any(_speaks(one, name) for one in ones.values())}
    volumes = ((name, target) for name, one in ones.items() for target in _volumes(one.get("volumes")))
    return Composed(
        services={name: one for name, one in backing.items() if name in spoken},
        others={name: one for name, one in backing.items() if name not in spoken},
        hosts=frozenset(services),
        values=variables("environment"),
        args=variables("build", "args"),
        built=tuple(_built(services, ones, at)),
        kept=tuple((target, at(name, "volumes")) for name, target in volumes),
        devices=tuple(at(name) for name, one in ones.items() if _devices(one)),
        files=tuple(file for one in ones.values() for file in _files(one.get("env_file"))),
    )


def _first(pairs: Iterable[tuple[str, tuple[str, At]]]) -> dict[str, tuple[str, At]]:
    """The first value of each name."""
    found: dict[str, tuple[str, At]] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return found


def builds(data: object, part: str) -> bool:
    """Whether a service of a compose file is made of a folder."""
    services = data.get("services") if isinstance(data, dict) else None
    found = {str(name): one for name, one in services.items()} if isinstance(services, dict) else {}
    return any(_of(one, part) for one in found.values() if isinstance(one, dict))


def _ours(services: dict[str, dict[str, Any]], part: str) -> dict[str, dict[str, Any]]:
    """The services of one image: those that are built as the first one of this folder is."""
    built = {name: one for name, one in services.items() if one.get("build")}
    chosen = next((one for one in built.values() if _of(one, part)), None)
    if chosen is None and part == ".":
        chosen = next(iter(built.values()), None)
    return {name: one for name, one in built.items() if chosen is not None and _context(one) == _context(chosen)}


def _of(one: dict[str, Any], part: str) -> bool:
    context, dockerfile, _ = _context(one) if one.get("build") else ("", "", "")
    return context == part or (
        bool(dockerfile) and posixpath.normpath(posixpath.join(context, posixpath.dirname(dockerfile))) == part
    )


def _speaks(one: dict[str, Any], name: str) -> bool:
    """Whether a service waits for another, or has its name in a variable."""
    given = [value for key in ("depends_on", "links") if isinstance(value := one.get(key), list | dict)]
    waits = [str(each) for value in given for each in value]
    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return name in waits or any(word.search(text) is not None for _, text, _ in _placed(one.get("environment")))


def _built(
    services: dict[str, dict[str, Any]], ones: dict[str, dict[str, Any]], at: Callable[..., At]
) -> Iterator[Built]:
    depended = [one["depends_on"] for one in services.values() if "depends_on" in one]
    waited = {
        str(name)
        for given in depended
        for name, how in (given.items() if isinstance(given, dict) else ())
        if isinstance(how, dict) and how.get("condition") == "service_completed_successfully"
    }
    for name, one in ones.items():
        ends = name in waited or one.get("restart") == "no" or (bool(one.get("profiles")) and not one.get("ports"))
        command = (*_words(one.get("entrypoint")), *_words(one.get("command")))
        yield Built(name, command, bool(one.get("ports")), ends, at(name))


def _context(one: dict[str, Any]) -> tuple[str, str, str]:
    build = one["build"] if isinstance(one["build"], dict) else {"context": one["build"]}
    context, dockerfile, target = (str(build.get(key) or "") for key in ("context", "dockerfile", "target"))
    return posixpath.normpath(context or "."), dockerfile.removeprefix("./"), target


def _volumes(given: Any) -> Iterator[str]:
    """Where volumes with a name are mounted: what is bound is the developer's own folder."""
    for one in given if isinstance(given, list) else ():
        if isinstance(one, dict):
            name, target = (one.get("source") if one.get("type", "volume") == "volume" else "."), one.get("target")
        else:
            name, target = (*str(one).split(":"), "")[:2]
        plain = re.fullmatch(r"[A-Za-z0-9][\w.-]*", str(name or "")) is not None
        if plain and str(target or "").startswith("/") and not str(target).endswith("/node_modules"):
            yield str(target)


def _devices(one: dict[str, Any]) -> bool:
    """Whether a service asks for a GPU."""
    reserved = value_at(one, ("deploy", "resources", "reservations", "devices"))
    return bool(one.get("gpus")) or one.get("runtime") == "nvidia" or "gpu" in str(reserved or "")


def _words(given: Any) -> tuple[str, ...]:
    if isinstance(given, list):
        return tuple(_interpolated(str(one)) for one in given)
    try:
        return tuple(shlex.split(_interpolated(given))) if isinstance(given, str) else ()
    except ValueError:
        return ()


def _interpolated(text: str) -> str:
    """With the defaults of variables in their place, and two dollars one."""
    return _defaults(text).replace("$$", "$")


def _defaults(text: str) -> str:
    return _DEFAULT.sub(r"\1", text)


def _backing(image: str, at: At) -> Backing | None:
    image = _interpolated(image)
    parts = image_parts(image)
    kind = _TYPES.get(parts[0].rpartition("/")[2]) if parts is not None else None
    if parts is None or kind is None:
        return None
    known = pins.versions(KINDS[kind].image)  # type: ignore[index]
    digits = re.match(r"\d+(?:\.\d+)?", parts[1])
    same = parts[0].rpartition("/")[2] == KINDS[kind].image  # type: ignore[index]
    wanted = (digits[0], digits[0].partition(".")[0]) if digits is not None and same else ()
    return Backing(kind, next((one for one in wanted if one in known), ""), image, at)


def _files(given: Any) -> Iterator[str]:
    for one in given if isinstance(given, list) else [given]:
        file = one.get("path") if isinstance(one, dict) else one
        if isinstance(file, str) and not file.startswith("/"):
            yield file


def _placed(given: Any) -> Iterator[tuple[str, str, str | int]]:
    """Variables with their texts, and the key or the number of each."""
    pairs: list[tuple[Any, Any, str | int]] = []
    if isinstance(given, dict):
        pairs = [(name, value, str(name)) for name, value in given.items()]
    elif isinstance(given, list):
        words = [(number, one.partition("=")) for number, one in enumerate(given) if isinstance(one, str)]
        pairs = [(name, value, number) for number, (name, _, value) in words]
    for name, value, place in pairs:
        if re.fullmatch(r"[A-Za-z_]\w*", str(name), re.ASCII):
            text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
            yield str(name), _defaults(text), place
