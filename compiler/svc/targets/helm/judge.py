"""External proof: the real Helm renders the judged objects for every environment and minor, and kubeconform accepts them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from svc import tools
from svc.kubernetes import judge as kubeconform
from svc.kubernetes import schema
from svc.parse import parse
from svc.source import Source
from svc.targets.helm.types import Chart, Environment
from svc.targets.helm.verify import differences
from svc.targets.protocol import Fault, Judgement

NAME = "helm"


def judge(artifact: Chart | None, root: Path, /, box: tools.Toolbox | None = None) -> tuple[Judgement, ...]:
    if artifact is None:
        return ()
    used = box or tools.toolbox({})
    try:
        located = tools.find(NAME, used)
    except tools.ToolMissing as missing:
        return (Judgement(NAME, "", skipped=str(missing)),)
    folder = root / artifact.path("")
    with tempfile.TemporaryDirectory(prefix="svc-helm-") as temporary:
        faults = [
            fault
            for one in artifact.environments
            for fault in _environment(located, artifact, one, folder, Path(temporary))
        ]
        rendered = sorted(path.name for path in Path(temporary).iterdir())
        accepted = kubeconform.judge(Path(temporary), rendered, used, _without_schema(artifact))
    return (Judgement(NAME, tools.version_of(located), tuple(faults)), *accepted)


def _without_schema(chart: Chart) -> tuple[str, ...]:
    """Custom kinds of the user's own that nothing here knows, as kubeconform names them."""
    manifests = [manifest for one in chart.environments for manifest in one.manifests]
    unknown = {(one.api_version, one.kind) for one in manifests if not schema.known(one.api_version, one.kind)}
    return tuple(sorted(f"{version}/{kind}" for version, kind in unknown))


def _environment(
    located: tools.Located, chart: Chart, one: Environment, folder: Path, rendered: Path
) -> Iterator[Fault]:
    values = f"values-{one.name}.yaml"
    options = ["--strict", "--quiet", "--values", values, "--namespace", one.namespace, "."]
    linted = tools.expect(tools.run(located, ["lint", *options], cwd=folder), (0, 1))
    if linted.returncode:
        yield Fault(NAME, chart.path(values), 0, f"helm lint: {(linted.stdout + linted.stderr).strip()}")
    for minor in schema.MINORS:
        options = ["--values", values, "--namespace", one.namespace, "--kube-version", f"{minor}.0"]
        done = tools.expect(tools.run(located, ["template", chart.name, ".", *options], cwd=folder), (0, 1))
        if done.returncode:
            yield Fault(NAME, chart.path(values), 0, f"helm template: {done.stderr.strip()}")
            continue
        yield from differences(chart, one, _objects(done.stdout), f"helm {minor}")
        if minor == schema.MINORS[-1]:
            (rendered / f"{one.name}.yaml").write_text(done.stdout, "utf-8")


def _objects(text: str) -> dict[tuple[str, str], Any]:
    documents = [one.data for one in parse(Source("rendered", text)).documents if one.data is not None]
    found = {}
    for one in documents:
        if not isinstance(one, dict) or "kind" not in one or not isinstance(one.get("metadata"), dict):
            raise tools.ToolCrashed(NAME, f"helm printed what is no object: {str(one)[:200]!r}")
        found[one["kind"], one["metadata"].get("name")] = one
    return found
