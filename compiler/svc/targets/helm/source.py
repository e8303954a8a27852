"""A chart as people write it: its files, read and not rendered. Routes begin with a file's path in the chart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from svc.diagnostics import Diagnostic, Place, Route, Span, Within
from svc.parse import Document, parse
from svc.patterns import regex
from svc.records import dataclass, field
from svc.source import Source, Unreadable, lines_of

CHART, VALUES, SCHEMA, LOCK = "Chart.yaml", "values.yaml", "values.schema.json", "Chart.lock"
REQUIREMENTS, REQUIREMENTS_LOCK = "requirements.yaml", "requirements.lock"
"""Where charts of `apiVersion: v1` list what they depend on."""
_OTHER_VALUES = ("values-*.y*ml", "values.*.y*ml", "*-values.y*ml", "values/*.y*ml", "ci/*values.y*ml")
_DATA = (CHART, VALUES, SCHEMA, LOCK, REQUIREMENTS, REQUIREMENTS_LOCK)
_DEPTH = 6
_INNER = regex(r"((?:charts/[^/]+/)*charts/[^/]+)/Chart\.yaml")

Load = Callable[[Path, str], Source | Unreadable]


@dataclass(frozen=True, slots=True)
class SourceChart:
    """`paths`: every file below the folder, sorted, links left out. `documents`: those files that are data. `inner`: whether
    it lies in the folder `charts` of another one. `charts`: those that lie in its own, by folder, at any depth: what they
    are called and depend on, no more."""

    folder: str
    paths: tuple[str, ...]
    documents: Mapping[str, Document]
    texts: Mapping[str, str] = field(default_factory=dict)
    inner: bool = False
    charts: Mapping[str, SourceChart] = field(default_factory=dict)

    def data(self, path: str) -> Any:
        """What a file holds; None when there is no such file, or it cannot be read."""
        document = self.documents.get(path)
        return document.data if document is not None else None

    @property
    def head(self) -> dict[str, Any]:
        found = self.data(CHART)
        return found if isinstance(found, dict) else {}

    @property
    def library(self) -> bool:
        return self.head.get("type") == "library"

    @property
    def values_files(self) -> tuple[str, ...]:
        """Values that stand beside `values.yaml` for a place or for a test."""
        return tuple(path for path in self.paths if any(fnmatchcase(path, one) for one in _OTHER_VALUES))

    @property
    def requiring(self) -> tuple[str, dict[str, Any]]:
        """The file that lists the dependencies, and what it holds."""
        listed = self.data(REQUIREMENTS) if self.head.get("apiVersion") == "v1" else None
        return (REQUIREMENTS, listed) if isinstance(listed, dict) else (CHART, self.head)

    @property
    def lock_file(self) -> str:
        return REQUIREMENTS_LOCK if self.requiring[0] == REQUIREMENTS else LOCK

    @property
    def dependencies(self) -> Iterator[tuple[Route, dict[str, Any]]]:
        path, head = self.requiring
        listed = head.get("dependencies")
        for index, one in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(one, dict) and isinstance(one.get("name"), str):
                yield (path, "dependencies", index), one

    def vendored(self, name: str) -> bool:
        """Whether `charts/` holds a chart, as a folder or as an archive."""
        if any(folder.count("/") == 1 and one.head.get("name") == name for folder, one in self.charts.items()):
            return True
        return any(
            path.startswith(f"charts/{name}/") or fnmatchcase(path, f"charts/{name}-[0-9v]*.tgz") for path in self.paths
        )

    def under(self, folder: str) -> Iterator[str]:
        return (path for path in self.paths if path.startswith(f"{folder}/"))

    def origin(self, route: Route) -> Route:
        return route

    def place(self, route: Route, within: Within | None = None, /) -> Place:
        """Where a route stands; the start of Chart.yaml for a file that is not there."""
        path = str(route[0]) if route else CHART
        document = self.documents.get(path)
        if document is not None:
            found = document.place(route[1:], "value", within)
            return Place(found.file, found.span, route, found.outer)
        there = path if path in self.paths else CHART
        span = _asked(self.texts.get(path, ""), route[1:])
        return Place(f"{self.folder}/{there}" if self.folder else there, span, route)


def _asked(text: str, route: Route) -> Span:
    """Where a template first asks for a value: `("Values", "image", "tag")`; its start for any other route."""
    wanted = f".{'.'.join(str(one) for one in route)}"
    for number, line in enumerate(lines_of(text) if route[:1] == ("Values",) else (), 1):
        column = line.find(wanted)
        if column >= 0:
            return Span(number, column + 1, number, column + 1 + len(wanted))
    return Span(1, 1, 1, 1)


def read_chart(folder: Path, shown: str, load: Load) -> tuple[SourceChart, tuple[Diagnostic, ...]]:
    """The chart of a folder, and what cannot be read of it; `shown` is the folder's name in reports."""
    paths = tuple(sorted(_walk(folder, "", _DEPTH)))
    documents: dict[str, Document] = {}
    texts: dict[str, str] = {}
    problems: list[Diagnostic] = []
    bare = SourceChart(shown, paths, {})
    for path in paths:
        data = path in _DATA or path in bare.values_files
        if not data and not path.startswith(("crds/", "templates/")):
            continue
        source = load(folder / path, f"{shown}/{path}" if shown else path)
        if isinstance(source, Unreadable):
            problems.append(source.diagnostic)
            continue
        texts[path] = source.text
        if data:
            parsed = parse(source)
            problems.extend(parsed.problems)
            if parsed.documents and not parsed.problems:
                documents[path] = parsed.documents[0]
    charts = {inner: _head(folder, inner, paths, load) for inner in _folders(paths)}
    return SourceChart(shown, paths, documents, texts, _is_inner(folder), charts), tuple(problems)


def _folders(paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        found = _INNER.fullmatch(path)
        if found is not None:
            yield found[1]


def _head(folder: Path, inner: str, paths: tuple[str, ...], load: Load) -> SourceChart:
    """A chart of which nothing is told that cannot be read: it is said where the chart itself is judged."""
    documents = {}
    for name in (CHART, REQUIREMENTS):
        path = f"{inner}/{name}"
        source = load(folder / path, path) if path in paths else None
        if isinstance(source, Source) and (found := parse(source).documents):
            documents[name] = found[0]
    return SourceChart(inner, (), documents)


def _is_inner(folder: Path) -> bool:
    above = folder.absolute().parent
    return above.name == "charts" and (above.parent / CHART).is_file()


def chart_of(texts: Mapping[str, str]) -> SourceChart:
    """A chart of texts by path."""
    documents = {}
    for path, text in texts.items():
        if path.endswith((".yaml", ".yml", ".json", ".lock")) and not path.startswith(("templates/", "crds/")):
            parsed = parse(Source(path, text))
            documents.update({path: parsed.documents[0]} if parsed.documents else {})
    return SourceChart("", tuple(sorted(texts)), documents, texts)


def _walk(folder: Path, prefix: str, depth: int) -> Iterator[str]:
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink():
            continue
        if entry.is_dir() and depth and entry.name != ".git":
            deeper = _DEPTH if entry.name == "charts" else depth - 1
            yield from _walk(entry, f"{prefix}{entry.name}/", deeper)
        elif entry.is_file():
            yield prefix + entry.name
