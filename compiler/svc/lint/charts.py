"""Charts as people write them: their files, their values, and what their templates render to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from svc.diagnostics import Anchor, Diagnostic, Place, Route, Severity, Span, Within
from svc.lint.linted import Group, Linted, of_values
from svc.records import dataclass
from svc.source import Source, lines_of
from svc.targets.helm import source_values
from svc.targets.helm.source import CHART, Load, SourceChart, read_chart
from svc.targets.protocol import Subject
from svc.tools import Located, Toolbox, ToolMissing

if TYPE_CHECKING:
    from svc.kubernetes.types import Manifest
    from svc.lint.rendering import Printed, Rendering

Plain = Callable[[Source, Path], None]
"""Reads a template that is plain YAML, where nothing renders it."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """An object that a template printed: placed in the template."""

    manifest: Manifest
    printed: Printed
    chart: SourceChart
    text: str | None

    def place(self, route: Route, _: Anchor = "value", within: Within | None = None, /) -> Place:
        if self.text is None:
            return self.chart.place(_dependency(self.chart, self.printed.path))
        from svc.lint.template_lines import part_of, span_of

        name, data = _name(self.chart, self.printed.path), self.printed.document.data
        whole = span_of(self.text, data, route)
        part = part_of(self.text, data, route, within) if within is not None else None
        return Place(name, whole, route) if part is None else Place(name, part, route, whole)


def settle(linted: Linted, read: Load, box: Callable[[], Toolbox] | None, minor: int, plain: Plain) -> None:
    """Reads the charts that were met, and judges their templates as Helm renders them; without `box`, as they stand."""
    tops = _outermost(linted.charts)
    helm, why = _helm(box) if tops else (None, "")
    rendered: list[Path] = []
    for folder, shown in sorted(linted.charts.items()):
        if not folder.is_dir():
            continue  # a Chart.yaml from standard input
        chart, problems = read_chart(folder, shown, read)
        linted.say(*problems)
        linted.add(Subject("helm", shown or ".", shown or ".", chart), chart.place)
        for path, document in chart.documents.items():
            linted.sources.setdefault(document.source.name, document.source)
            linted.files.setdefault(document.source.name, folder / path)
        wrong = list(source_values.problems(chart))
        linted.say(*(Diagnostic(one.id, one.severity, one.message, chart.place(one.route), one.help) for one in wrong))
        if folder in tops and helm is not None and chart.head and not chart.library:
            if chart.head.get("apiVersion") in ("v1", "v2"):  # Helm 4 crashes on others; that they are wrong is told
                _render(linted, chart, folder, helm, minor, bool(wrong))
            rendered.append(folder)
    _leave(linted, rendered, why, plain)


def _outermost(charts: Iterable[Path]) -> set[Path]:
    known = set(charts)
    return {one for one in known if not known & set(one.parents)}


def _helm(box: Callable[[], Toolbox] | None) -> tuple[Located | None, str]:
    if box is None:
        return None, "templates are judged as Helm renders them, which was switched off"
    from svc import tools

    try:
        return tools.find("helm", box()), ""
    except ToolMissing as missing:
        return None, f"templates were not judged: {missing}"


def _render(linted: Linted, chart: SourceChart, folder: Path, helm: Located, minor: int, known_bad: bool) -> None:
    from svc.lint.rendering import render

    try:
        made, left_out = render(chart, folder, helm, minor, lenient=known_bad)
    except OSError as error:
        linted.say(_said(chart, "chart-not-rendered", Severity.ERROR, f"Helm could not render the chart: {error}"))
        return
    if left_out:
        names = ", ".join(f"`{name}`" for name in left_out)
        message = f"judged without {names}: not in charts/; run `helm dependency build`"
        linted.say(_said(chart, "chart-dependency-absent", Severity.INFO, message))
    some = any(not one.failed for one in made)
    for one in made:
        if one.asked_for and not one.values and some:
            continue  # a chart may demand values that only the files of its places have
        if one.failed:
            _fail(linted, chart, one, left_out)
        if one.objects or not one.failed:
            objects = [_object(linted, chart, printed, tuple(left_out)) for printed in one.objects]
            linted.groups.append(Group(one.values, objects, whole=not one.failed))
            for path, message in one.wrong:
                said = f"renders {_with(one)} to YAML that is refused: {message}"
                help_ = "`helm template . --debug` shows what came out"
                linted.say(
                    Diagnostic("chart-not-rendered", Severity.ERROR, said, Place(_name(chart, path), None), help_)
                )


def _fail(linted: Linted, chart: SourceChart, one: Rendering, left_out: list[str]) -> None:
    """A chart needs its dependencies' helpers."""
    lacking = left_out and ("no template" in one.failed or any(f".Values.{name}" in one.failed for name in left_out))
    severity = Severity.INFO if lacking else Severity.ERROR
    message = f"does not render {_with(one)}: {one.failed}"
    if not one.path:
        place = chart.place((one.values or CHART,))
    else:
        span = Span(one.line, 1, one.line, 1 + len(_line(chart, one.path, one.line))) if one.line else None
        place = Place(_name(chart, one.path), span)
    help_ = "give it in `values.yaml`" if one.asked_for else "`helm template . --debug` shows what came out so far"
    linted.say(Diagnostic("chart-not-rendered", severity, message, place, help_))


def _with(one: Rendering) -> str:
    return f"with {one.values}" if one.values else "with the default values"


def _line(chart: SourceChart, path: str, line: int) -> str:
    lines = lines_of(chart.texts.get(_file(chart, path), ""))
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _object(linted: Linted, chart: SourceChart, printed: Printed, lacking: tuple[str, ...]) -> Subject:
    from svc.kubernetes.types import SELECTING, Manifest
    from svc.tree import Tree

    name = _name(chart, printed.path)
    text = chart.texts.get(_file(chart, printed.path)) or (
        linted.sources[name].text if name in linted.sources else None
    )
    manifest = Manifest(Tree(printed.document.data), printed=True, lacking=lacking)
    made = Rendered(manifest, printed, chart, text)
    if text is not None:
        linted.sources.setdefault(name, Source(name, text))
    linted.manifests.append(made)
    if manifest.kind in SELECTING and not isinstance(manifest.tree.get("spec", "selector"), dict):
        message = f"the {manifest.kind} has no selector: the API refuses it"
        help_ = "write `selector: {matchLabels: ...}`, with labels of its pod template"
        linted.say(Diagnostic("manifest-selector-missing", Severity.ERROR, message, made.place(("spec",)), help_))
    identity = f"{manifest.kind}/{manifest.name}"
    subject = Subject("kubernetes", f"{name}#{identity}", identity, manifest)
    linted.places[id(subject)] = of_values(made.place)
    return subject


def _leave(linted: Linted, rendered: list[Path], why: str, plain: Plain) -> None:
    """Templates that nothing rendered: plain ones are manifests, and of the others it is said that nobody judged them."""
    silent: dict[Path, str] = {}
    for root, source, file in linted.templates:
        if any(folder == root or folder in root.parents for folder in rendered):
            from svc.policy.comments import waivers_in

            linted.answer(waivers_in(source))
        elif "{{" not in source.text:
            plain(source, file)
        else:
            silent.setdefault(root, source.name)
    for root, name in sorted(silent.items()):
        message = (
            why if root in linted.charts and why else "a template is judged with its chart: name the chart's folder"
        )
        if root in linted.charts and not why:
            message = "templates are judged as Helm renders them, and this chart cannot be rendered"
        linted.say(Diagnostic("chart-template-skipped", Severity.INFO, message, Place(name)))


def _said(chart: SourceChart, id_: str, severity: Severity, message: str) -> Diagnostic:
    return Diagnostic(id_, severity, message, chart.place((CHART,)))


def _name(chart: SourceChart, path: str) -> str:
    path = _file(chart, path)
    return f"{chart.folder}/{path}" if chart.folder else path


def _file(chart: SourceChart, path: str) -> str:
    """The file of a template: Helm calls the folder of each chart within the other by its alias, or by its name."""
    at, rest, around = "", path, chart
    while rest.startswith("charts/"):
        called, _, rest = rest.removeprefix("charts/").partition("/")
        names = [one["name"] for _, one in around.dependencies if one.get("alias") == called] or [called]
        beside = (one for one in chart.charts if one.rpartition("charts/")[0] == at)
        folder = next((one for one in beside if chart.charts[one].head.get("name") in names), "")
        if not folder:
            return path
        at, around = f"{folder}/", chart.charts[folder]
    return at + rest


def _dependency(chart: SourceChart, path: str) -> Route:
    """The entry of Chart.yaml that brought an archived chart's template."""
    called = path.split("/")[1] if path.startswith("charts/") else ""
    for route, one in chart.dependencies:
        if called in (one["name"], one.get("alias")):
            return route
    return (CHART,)
