"""Charts derived from their types, read back by our reader and by the real Helm: both give what the trees mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, seed, settings

from judges import real
from svc import tools
from svc.emit import emit
from svc.parse import parse
from svc.source import Source
from svc.targets.helm.meaning import objects
from svc.targets.helm.probes import probes
from svc.targets.helm.release import Release
from svc.targets.helm.render import render
from svc.targets.helm.types import Chart, Slot
from svc.targets.helm.values import merged
from svc.targets.helm.verify import verify
from targets.derived import met, reachable
from targets.helm.charts import RULES, charts
from targets.helm.go_reader import alike, as_kubernetes_reads, differing
from targets.test_inverse import EXAMPLES, many


@many
@given(charts)
def test_charts(chart: Chart) -> None:
    """Values files, the objects of every environment, and what `--set` might ask for."""
    faults = verify(chart, render(chart).files)
    assert [one for one in faults if one.tool == "read-back"] == []


def test_every_type_of_a_chart_is_met() -> None:
    """By draws one after the other, as long as a type is missing: the rarest ones are in one chart of a hundred."""
    seen: set[Any] = set()
    wanted = reachable(Chart) - reachable(Slot)  # what is said about values
    for number in range(10):

        @seed(number)
        @settings(many, max_examples=80)
        @given(charts)
        def look(chart: Chart) -> None:
            met(chart, seen)

        look()
        if wanted <= seen:
            break
    missing = {one.__name__ for one in wanted - seen}
    assert not missing, missing
    for rule in RULES:
        assert rule[1] in rule[0].__annotations__, rule


@pytest.mark.tools
def test_the_real_helm_gives_the_same(tmp_path: Path) -> None:
    """For every environment and for values of nobody's; the YAML that it prints is read as Kubernetes reads it, too."""
    located = real.located("helm")
    wanted: list[Any] = []
    texts: list[str] = []

    @settings(many, max_examples=max(6, EXAMPLES // 10))
    @given(charts)
    def look(chart: Chart) -> None:
        folder = tmp_path / str(len(texts))
        write(folder, chart)
        files = [f"values-{one.name}.yaml" for one in chart.environments] + [""] * 2
        for file, release in zip(files, (*_environments(chart), *probes(chart)), strict=True):
            if not file:  # all values, since an empty mapping takes nothing away
                (folder / "values.yaml").write_text(emit(dict(release.values)).text, "utf-8")
            options = ["--values", file or "values.yaml", "--namespace", release.namespace, "--skip-schema-validation"]
            done = tools.run(located, ["template", release.name, ".", *options], cwd=folder)
            assert done.returncode == 0, done.stderr
            wanted.append(objects(release))
            texts.append(done.stdout)
            assert alike(_by_name(done.stdout), wanted[-1])

    look()
    for found, objects_ in zip(as_kubernetes_reads(texts, tmp_path / "reader"), wanted, strict=True):
        named = {(one["kind"], one["metadata"]["name"]): one for one in found}
        assert named.keys() == objects_.keys()
        for key, one in named.items():
            assert alike(one, objects_[key]), differing(one, objects_[key])


def _environments(chart: Chart) -> list[Release]:
    return [
        Release(chart, merged(chart.values, one.overrides), chart.name, one.namespace) for one in chart.environments
    ]


def write(folder: Path, chart: Chart) -> None:
    for path, text in render(chart).files.items():
        file = folder / path.removeprefix("chart/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def _by_name(text: str) -> dict[tuple[str, str], Any]:
    documents = [one.data for one in parse(Source("rendered", text)).documents if one.data is not None]
    return {(one["kind"], one["metadata"]["name"]): one for one in documents}
