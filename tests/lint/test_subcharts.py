"""Charts that others depend on: vendored, named by an alias, or of the same repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from judges import real
from lint.linted_charts import HEAD, POD, POLICIES, judged, said, written
from svc.gate import Demand
from svc.lint.collect import collect
from svc.lint.findings import findings
from svc.policy.types import Settings


@pytest.fixture
def helm() -> None:
    real.located("helm")


@pytest.mark.usefixtures("helm")
def test_a_chart_of_the_same_repository_is_rendered_with_it(tmp_path: Path) -> None:
    web = "dependencies: [{name: common, version: 1.0.0, repository: 'file://../common'}]\n"
    written(tmp_path / "web", **{"Chart.yaml": HEAD + web, "templates/pod.yaml": '{{ include "common.pod" . }}'})
    helper = '{{ define "common.pod" }}' + POD % "true" + "{{ end }}"
    head = "apiVersion: v2\nname: common\nversion: 1.0.0\ntype: library\n"
    written(tmp_path / "common", **{"Chart.yaml": head, "templates/_pod.tpl": helper})
    before = sorted(tmp_path.rglob("*"))
    found = judged(tmp_path)[1]
    assert [(one.id, one.place.file) for one in found if one.policy] == [("host-namespace", "web/templates/pod.yaml")]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.usefixtures("helm")
def test_the_file_of_a_dependency_is_named_and_not_its_alias(tmp_path: Path) -> None:
    top = (
        "dependencies:\n- {name: worker, version: 1.0.0, alias: jobs}\n- {name: worker, version: 1.0.0, alias: more}\n"
    )
    written(tmp_path, **{"Chart.yaml": HEAD + top})
    worker = HEAD.replace("web", "worker")
    written(tmp_path / "charts" / "worker", **{"Chart.yaml": worker, "templates/pod.yaml": POD % "true"})
    place = ("host-namespace", "charts/worker/templates/pod.yaml", 6)
    assert [one for one in said(tmp_path) if one[0] == "host-namespace"] == [place]
    written(tmp_path / "charts" / "worker", **{"Chart.yaml": worker, "templates/pod.yaml": "a: {{ fail `no` }}\n"})
    assert ("chart-not-rendered", "charts/worker/templates/pod.yaml", 1) in said(tmp_path)


@pytest.mark.usefixtures("helm")
def test_aliases_within_aliases_too(tmp_path: Path) -> None:
    """Folders may be called otherwise than the charts in them, and lie deep."""
    files = {"Chart.yaml": HEAD + "dependencies: [{name: mid, version: 1.0.0, alias: one}]\n"}
    written(tmp_path, **files)
    mid = "apiVersion: v1\nname: mid\nversion: 1.0.0\n"
    leaf = HEAD.replace("web", "leaf") + "dependencies: [{name: last, version: 1.0.0, alias: deep}]\n"
    inner = tmp_path / "charts" / "mid-1.0.0"
    requirements = "dependencies: [{name: leaf, version: 1.0.0, alias: leafy}]\n"
    written(inner, **{"Chart.yaml": mid, "requirements.yaml": requirements, "templates/pod.yaml": POD % "true"})
    written(inner / "charts" / "leaf", **{"Chart.yaml": leaf, "templates/pod.yaml": POD % "true"})
    last = HEAD.replace("web", "last")
    written(inner / "charts" / "leaf" / "charts" / "last", **{"Chart.yaml": last, "templates/pod.yaml": POD % "true"})
    written(
        tmp_path / "charts" / "other", **{"Chart.yaml": HEAD.replace("web", "leaf"), "templates/pod.yaml": POD % "true"}
    )
    folders = (
        "charts/other",
        "charts/mid-1.0.0",
        "charts/mid-1.0.0/charts/leaf",
        "charts/mid-1.0.0/charts/leaf/charts/last",
    )
    found = said(tmp_path)
    hosts = {one for one in found if one[0] == "host-namespace"}
    assert hosts == {("host-namespace", f"{folder}/templates/pod.yaml", 6) for folder in folders}
    assert "chart-dependency-absent" not in {name for name, _, _ in found}


@pytest.mark.usefixtures("helm")
def test_a_chart_of_a_chart_is_no_chart_of_the_one_around_both(tmp_path: Path) -> None:
    wanted = "dependencies: [{name: leaf, version: 1.0.0, repository: 'https://charts.example.com'}]\n"
    written(tmp_path, **{"Chart.yaml": HEAD + wanted})
    written(tmp_path / "charts" / "mid", **{"Chart.yaml": HEAD.replace("web", "mid")})
    written(tmp_path / "charts" / "mid" / "charts" / "leaf", **{"Chart.yaml": HEAD.replace("web", "leaf")})
    assert "chart-dependency-absent" in {name for name, _, _ in said(tmp_path)}


def test_what_a_chart_within_another_is_asked_for_does_not_depend_on_the_folder_of_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"values.yaml": "enabled: true\n", "templates/pod.yaml": POD % "true"}
    written(tmp_path / "web")
    written(tmp_path / "web" / "charts" / "in", **values)
    written(tmp_path / "charts" / "out", **values)  # a folder called `charts` alone is nobody's
    for name, inner in (("web/charts/in", True), ("charts/out", False)):
        for start in (tmp_path, (tmp_path / name).parent, tmp_path / name):
            monkeypatch.chdir(start)
            folder = Path(os.path.relpath(tmp_path / name))
            linted = collect([folder], lambda one: one.as_posix(), box=real.box)
            found = {one.id for one in findings(linted, POLICIES, Settings("recommended"), Demand())}
            assert ("chart-value-unused" not in found) == inner
