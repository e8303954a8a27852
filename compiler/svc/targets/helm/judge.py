"""External proof: the real Helm renders the judged objects for every environment and minor, and kubeconform accepts them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from svc import tools
from svc.asking import ask, version_of
from svc.hands import at_once
from svc.kubernetes import judge as kubeconform
from svc.kubernetes import schema
from svc.parse import parse
from svc.records import dataclass, field
from svc.source import Source
from svc.targets.helm.types import Chart, Environment
from svc.targets.helm.verify import differences
from svc.targets.protocol import Fault, Judgement

NAME = "helm"


HANDS = 4
"""Programs that run at once for charts."""


def judge(artifacts: Sequence[Chart | None], root: Path, /, box: tools.Toolbox | None = None) -> tuple[Judgement, ...]:
    charts = [one for one in artifacts if one is not None]
    if not charts:
        return ()
    used = box or tools.toolbox({})
    try:
        located = tools.find(NAME, used)
    except tools.ToolMissing as missing:
        return (Judgement(NAME, "", skipped=str(missing)),)
    with tempfile.TemporaryDirectory(prefix="svc-helm-") as temporary:
        each = [(chart, one) for chart in charts for one in chart.environments]
        pieces = [partial(_faults, located, chart, one, root, Path(temporary)) for chart, one in each]
        faults = [fault for several in at_once(pieces, HANDS) for fault in several]
        rendered = sorted(path.name for path in Path(temporary).iterdir())
        accepted = kubeconform.judge(Path(temporary), rendered, used, _without_schema(charts))
    return (Judgement(NAME, version_of(located), tuple(faults)), *accepted)


def _without_schema(charts: Sequence[Chart]) -> tuple[str, ...]:
    """Custom kinds of the user's own that nothing here knows, as kubeconform names them."""
    manifests = [manifest for chart in charts for one in chart.environments for manifest in one.manifests]
    unknown = {(one.api_version, one.kind) for one in manifests if not schema.known(one.api_version, one.kind)}
    return tuple(sorted(f"{version}/{kind}" for version, kind in unknown))


def _faults(located: tools.Located, chart: Chart, one: Environment, root: Path, rendered: Path) -> tuple[Fault, ...]:
    return tuple(_environment(located, chart, one, root, rendered))


def _environment(located: tools.Located, chart: Chart, one: Environment, root: Path, rendered: Path) -> Iterator[Fault]:
    folder, values = root / chart.path(""), f"values-{one.name}.yaml"
    options = ["--strict", "--quiet", "--values", values, "--namespace", one.namespace, "."]
    refused = ask(located, ["lint", *options], (0, 1), read=_refused, place=folder)
    if refused:
        yield Fault(NAME, chart.path(values), 0, f"helm lint: {refused}")
    for minor in _differing(folder):
        options = ["--values", values, "--namespace", one.namespace, "--kube-version", f"{minor}.0"]
        made = ask(located, ["template", chart.name, ".", *options], (0, 1), read=_rendered, place=folder)
        if made.refused:
            yield Fault(NAME, chart.path(values), 0, f"helm template: {made.refused}")
            continue
        yield from differences(chart, one, made.objects, f"helm {minor}")
        if minor == schema.MINORS[-1]:
            (rendered / f"{chart.name}-{one.name}.yaml").write_text(made.text, "utf-8")


@dataclass(frozen=True, slots=True)
class _Rendered:
    text: str = ""
    objects: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    refused: str = ""


def _refused(done: tools.Completed) -> str:
    """What Helm has against a chart, nothing for nothing."""
    said = (done.stdout + done.stderr).strip()
    if done.returncode and not said:
        raise ValueError("refused without a word")
    return said if done.returncode else ""


def _rendered(done: tools.Completed) -> _Rendered:
    if done.returncode:
        return _Rendered(refused=_refused(done))
    if not done.stdout:  # of a chart without objects Helm prints an empty line
        raise ValueError("nothing at all")
    return _Rendered(done.stdout, _objects(done.stdout))


def _differing(folder: Path) -> Sequence[str]:
    """The minors for which a chart has to be rendered: a chart that asks nothing of the cluster is the same for all.

    The oldest one is always tried, since Chart.yaml says from which minor on the chart can be used.
    """
    texts = (path.read_text("utf-8") for path in sorted(folder.rglob("*")) if path.is_file())
    asks = any(word in text for text in texts for word in ("Capabilities", "lookup", "tpl"))
    return schema.MINORS if asks else sorted({schema.MINORS[0], schema.MINORS[-1]})


def _objects(text: str) -> dict[tuple[str, str], Any]:
    documents = [one.data for one in parse(Source("rendered", text)).documents if one.data is not None]
    found = {}
    for one in documents:
        if not isinstance(one, dict) or "kind" not in one or not isinstance(one.get("metadata"), dict):
            raise ValueError("no object")
        found[one["kind"], one["metadata"].get("name")] = one
    return found
