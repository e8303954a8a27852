"""Variables that a configuration of the JVM or the code itself reads, of which no example of a .env speaks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from svc.detect.around import code
from svc.detect.project import Project
from svc.detect.tree import At, Tree
from svc.patterns import regex
from svc.source import lines_of

_PLACE = regex(r"\$\{(\?)?([A-Z][A-Z0-9_]+)(?::([^{}]*))?\}")
_SAID = regex(r"^\s*([\w.-]+)\s*[:=]\s*\"?([^\"${}]+?)\"?\s*$")
_FILES = ("application.yml", "application.yaml", "application.properties", "application.conf")


def placeholders(tree: Tree, project: Project) -> dict[str, tuple[str | None, At]]:
    """The variables in a configuration of Spring, Quarkus, Ktor or Play, with what they are unless given: None where there is
    nothing, and the process does not start without it."""
    found: dict[str, tuple[str | None, At]] = {}
    folders = (posixpath.join(project.home, "src/main/resources"), "conf")
    for path in (posixpath.join(folder, name) for folder in folders for name in _FILES):
        before: dict[str, str] = {}
        for number, line in enumerate(lines_of(tree.text(path)), 1):
            said = _SAID.match(line)
            if said is not None:
                before[said[1]] = said[2]
            key = re.match(r"\s*([\w.-]+)", line)
            for optional, name, usual in _PLACE.findall(re.sub(r"(^|\s)(#|//).*", "", line[:2000])):
                default = before.get(key[1] if key is not None else "", "") if optional else usual
                without = not optional and not re.search(rf"\$\{{{name}:", line)
                found.setdefault(name, (None if without else default, At(path, number)))
    return found


_READ = regex(
    r"(?:process\.env|Bun\.env)\.([A-Z][A-Z0-9_]+)"
    r"|(?:\bprocess\.env|\bos\.environ(?:\.get)?|\bENV(?:\.fetch)?|\bos\.getenv|\bos\.(?:Getenv|LookupEnv)|\benv::var(?:_os)?"
    r"|\bSystem\.get_?env|\bSystem\.fetch_env!|\bDeno\.env\.get|\bGetEnvironmentVariable)\s*[\[(]\s*[\"'`]([A-Z][A-Z0-9_]+)[\"'`]"
)
_READ_MORE = {
    "python": r"(?<![\w.])(?:env(?:\.\w+)?|config)\(\s*[\"']([A-Z][A-Z0-9_]+)[\"']",
    "node": r"\b[cC]onfig(?:Service)?\.(?:get|getOrThrow)(?:<[^<>()]*>)?\(\s*[\"'`]([A-Z][A-Z0-9_]+)[\"'`]",
    "go": r"\benv(?:config)?:\"([A-Z][A-Z0-9_]+)",
    "rust": r"\benv\s*=\s*\"([A-Z][A-Z0-9_]+)\"",
}
"""By the usual libraries of a language: django-environ and decouple, Nest, env and envconfig, clap."""
_PAGES = (".tsx", ".jsx", ".svelte", ".vue", ".astro")
_USUAL = frozenset(
    (
        *("PORT", "HOST", "HOSTNAME", "HOME", "PATH", "PWD", "USER"),
        *("TZ", "LANG", "CI", "DEBUG", "SHELL", "TMPDIR", "PIDFILE"),
    )
)
"""Variables that are there anyway, or that nobody has to set."""


def read(tree: Tree, project: Project) -> Iterator[tuple[str, At]]:
    """The variables that the code asks for by name, each with the first place."""
    seen = set(_USUAL)
    patterns = [_READ, *([re.compile(_READ_MORE[project.language])] if project.language in _READ_MORE else [])]
    for path in code(tree, project.home if project.language == "node" else "", *_PAGES):
        if re.search(r"(^|/)(?:scripts|examples?|docs)/|\.config\.[cm]?[jt]s$", path):
            continue
        for name, at in (*_by_name(tree, path, patterns), *_pydantic(tree, path)):
            if name not in seen:
                seen.add(name)
                yield name, at


def _by_name(tree: Tree, path: str, patterns: Sequence[re.Pattern[str]]) -> Iterator[tuple[str, At]]:
    text = tree.text(path)
    there = [one for one in patterns if one.search(text) is not None]
    for number, line in enumerate(lines_of(text) if there else (), 1):
        for match in (one for pattern in there for one in pattern.finditer(line[:2000])):
            name = next(one for one in match.groups() if one)
            if not name.endswith("_ENV"):
                yield name, At(path, number)


def _pydantic(tree: Tree, path: str) -> Iterator[tuple[str, At]]:
    """The fields of settings of pydantic that have no default, as their variables are called."""
    text = tree.text(path) if path.endswith(".py") else ""
    if "(BaseSettings)" not in text:
        return
    told = re.search(r"\benv_prefix\s*=\s*[\"'](\w+)[\"']", text)
    inside = False
    for number, line in enumerate(lines_of(text), 1):
        inside = "(BaseSettings)" in line or (inside and (not line.strip() or line[:1] in " \t"))
        field = re.match(
            r"\s{4}([A-Za-z]\w*)\s*:\s*(?!.*(?:None|ClassVar))[\w\[\], .|]+$", line.partition("#")[0].rstrip()
        )
        if inside and field is not None:
            yield ((told[1] if told is not None else "") + field[1]).upper(), At(path, number)
