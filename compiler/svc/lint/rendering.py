"""A hand-written chart, rendered by the real Helm: in a copy, with every values file, without network or plugins."""

from __future__ import annotations

from collections.abc import Set
from functools import partial
from pathlib import Path

from svc import tools
from svc.asking import ask
from svc.diagnostics import Severity
from svc.emit import emit
from svc.hands import at_once
from svc.parse import Document, parse
from svc.patterns import regex
from svc.records import dataclass, replace
from svc.source import Source
from svc.targets.helm.source import CHART, SourceChart

RELEASE = "release"
_SOURCE = regex(r"(?m)^---\n# Source: (.+)\n")
_AT = regex(
    r"[\w.-]+/((?:charts/[^/:\s]+/)*templates/[^:()\s\"]+?):(\d+)|[\w.-]+/((?:charts/[^/:\s]+/)*templates/[^:()\s\"]+)"
)
_TIMEOUT = 60.0
_HANDS = 4
"""Values files with which Helm renders a chart at once."""
_MOST_BROKEN = 3
"""Templates without which a chart is rendered once more."""
_LONGEST = 2000
"""Characters of what Helm says that are reported."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One object, and the template's path in the chart that printed it."""

    path: str
    document: Document


@dataclass(frozen=True, slots=True)
class Rendering:
    """What came out with a values file ("": the default values). `failed`: Helm's words, with their place if it says one;
    then the objects are those of the other templates.

    `wrong`: what is wrong with the YAML that came out, as (template, message).
    """

    values: str
    objects: tuple[Printed, ...] = ()
    failed: str = ""
    path: str = ""
    line: int = 0
    wrong: tuple[tuple[str, str], ...] = ()

    @property
    def asked_for(self) -> bool:
        """Whether the chart itself refused: `required` or `fail`."""
        return "execution error at" in self.failed


def render(
    chart: SourceChart, folder: Path, helm: tools.Located, minor: int, *, lenient: bool
) -> tuple[list[Rendering], list[str]]:
    """The chart with its default values and every other values file; and the dependencies that it was rendered without.

    `lenient`: values that do not fit the schema are rendered all the same, for that has been said.
    """
    import tempfile

    with tempfile.TemporaryDirectory(prefix="svc-chart-") as temporary:
        copy = Path(temporary) / "chart"
        _copy(folder, chart.paths, copy)
        left_out = _complete(chart, folder, copy)
        runs = [partial(_run, one, copy, helm, minor, lenient) for one in ("", *_readable(chart))]
        made = list(at_once(runs, _HANDS))
        templates = frozenset(chart.under("templates"))
        return [beside(one, templates, copy, helm, minor, lenient) if one.failed else one for one in made], left_out


def _readable(chart: SourceChart) -> list[str]:
    return [path for path in chart.values_files if isinstance(chart.data(path), dict)]


def _copy(folder: Path, paths: tuple[str, ...], to: Path) -> None:
    import shutil

    for path in paths:
        target = to / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / path, target)


def _complete(chart: SourceChart, folder: Path, copy: Path) -> list[str]:
    """Puts dependencies of the same repository into the copy's `charts/`; those of elsewhere are taken out and named."""
    from svc.source import load
    from svc.targets.helm.source import read_chart

    missing = []
    for _, one in chart.dependencies:
        name, repository = one["name"], str(one.get("repository") or "")
        if chart.vendored(name):
            continue
        beside = folder / repository.removeprefix("file://")
        if repository.startswith("file://") and (beside / CHART).is_file():
            found, _ = read_chart(beside, "", lambda path, name: load(path, name=name))
            _copy(beside, found.paths, copy / "charts" / name)
        else:
            missing.append(name)
    if missing:
        path, head = chart.requiring
        kept = [one for one in head["dependencies"] if not isinstance(one, dict) or one.get("name") not in missing]
        (copy / path).write_text(emit({**head, "dependencies": kept}).text, "utf-8")
    return sorted(missing)


def _one(path: Path) -> str:
    """A path where Helm reads a list of them as CSV."""
    return '"' + str(path).replace('"', '""') + '"'


def _run(values: str, copy: Path, helm: tools.Located, minor: int, lenient: bool) -> Rendering:
    args = ["template", RELEASE, str(copy), "--namespace", RELEASE, "--kube-version", f"1.{minor}.0"]
    args += ["--values", _one(copy / values)] if values else []
    args += ["--skip-schema-validation"] if lenient else []
    home = str(copy.parent / "helm")
    env = {f"HELM_{name}_HOME": home for name in ("CACHE", "CONFIG", "DATA")}
    return ask(
        helm,
        args,
        (0, 1),
        read=lambda done: _rendering(done, values, copy),
        place=copy.parent,
        files=[copy],
        env=env,
        timeout=_TIMEOUT,
    )


def beside(
    failed: Rendering, templates: Set[str], copy: Path, helm: tools.Located, minor: int, lenient: bool
) -> Rendering:
    """A rendering that ended at one of the chart's own templates, with what comes out of the chart without it."""
    gone: dict[Path, bytes] = {}
    rest = failed
    while rest.failed and len(gone) < _MOST_BROKEN:
        file = copy / rest.path
        if rest.path not in templates or file in gone:
            break
        gone[file] = file.read_bytes()
        file.unlink()
        rest = _run(failed.values, copy, helm, minor, lenient)
    for file, content in gone.items():
        file.write_bytes(content)
    return failed if rest.failed else replace(failed, objects=rest.objects)


def _rendering(done: tools.Completed, values: str, copy: Path) -> Rendering:
    if done.returncode == 0:
        return _printed(done.stdout, values)
    said = " ".join(line.strip() for line in done.stderr.split("\n") if line.strip() and "Use --debug" not in line)
    at = _AT.search(said)
    words = said.removeprefix("Error: ").replace(f"{copy}/", "")
    words = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}..."
    if not words:
        raise ValueError("refused without a word")
    if at is None:
        return Rendering(values, failed=words)
    return Rendering(values, failed=words, path=at.group(1) or at.group(3), line=int(at.group(2) or 0))


def _printed(text: str, values: str) -> Rendering:
    """Helm prints some YAML that others refuse, such as a key that stands twice."""
    parts = _SOURCE.split(text)
    if parts[0].strip() or not text:  # of a chart without objects Helm prints an empty line
        raise ValueError("no rendered chart")
    found: list[Printed] = []
    wrong: dict[tuple[str, str], None] = {}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        path = name.partition("/")[2]
        parsed = parse(Source(path, body))
        wrong |= dict.fromkeys((path, one.message) for one in parsed.problems if one.severity == Severity.ERROR)
        found += [Printed(path, one) for one in parsed.documents if isinstance(one.data, dict)]
    return Rendering(values, tuple(found), wrong=tuple(wrong))
