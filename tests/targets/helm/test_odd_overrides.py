"""What people lay over a chart's values arrives as the text that it is, as Kubernetes reads it, or Helm refuses it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import samples
from judges import real
from svc import tools
from svc.emit import emit
from svc.targets.helm import target as helm
from svc.targets.helm.meaning import objects
from svc.targets.helm.release import Release
from svc.targets.helm.types import Chart
from svc.targets.helm.types import Path as Key
from svc.targets.helm.values import merged, put
from targets.helm.go_reader import alike, as_kubernetes_reads, differing

WORDS = ("on", "y", "1e3", "0x10", "1_000", "12:30:00", "~")
FIELDS: tuple[Key, ...] = (
    ("fullnameOverride",),
    ("nameOverride",),
    ("namespaceOverride",),
    ("serviceAccount", "name"),
    ("commonLabels", "odd"),
    ("podAnnotations", "odd"),
    ("image", "tag"),
    ("env", "LOG_LEVEL"),
)
NEVER = {("env", "LOG_LEVEL"), ("podAnnotations", "odd")}
"""Any text may stand there."""


@pytest.mark.tools
def test_words_that_yaml_takes_for_others_arrive(tmp_path: Path) -> None:
    lowered = helm.lower(samples.unit(samples.web)).artifact
    assert isinstance(lowered, Chart)
    chart = lowered
    for path, text in helm.render(chart).files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    environment, folder = chart.environments[-1], tmp_path / chart.path("")
    options = ["template", chart.name, ".", "--values", f"values-{environment.name}.yaml", "--namespace", "1e3"]
    cases: list[tuple[dict[str, Any], str]] = []
    for word in WORDS:
        taken: dict[Key, str] = {}
        for field in FIELDS:
            over = _over({field: word})
            (folder / "own.yaml").write_text(emit(over).text, "utf-8")
            done = tools.run(real.located("helm"), [*options, "--values", "own.yaml"], cwd=folder)
            assert done.returncode == 0 or (field not in NEVER and "meet the specifications" in done.stderr)
            if done.returncode == 0:
                taken[field] = word
                cases.append((over, done.stdout))
        said = ",".join(f"{'.'.join(field)}={word}" for field in taken)
        done = tools.run(real.located("helm"), [*options, "--set-string", said], cwd=folder)
        assert done.returncode == 0, done.stderr
        cases.append((_over(taken), done.stdout))
    assert len(cases) > 5 * len(WORDS)
    base = merged(chart.values, environment.overrides)
    for (over, _), found in zip(
        cases, as_kubernetes_reads([text for _, text in cases], tmp_path / "reader"), strict=True
    ):
        wanted = objects(Release(chart, merged(base, over), chart.name, "1e3"))
        named = {(one["kind"], one["metadata"]["name"]): one for one in found}
        assert alike(named, wanted), (over, differing(named, wanted))


@pytest.mark.tools
@pytest.mark.parametrize(("written", "number"), [("0x1F90", 8080), ("1e3", 1000), ("8_080", 8080), ("017", 15)])
def test_numbers_of_any_spelling_are_ports(written: str, number: int, tmp_path: Path) -> None:
    """As Helm's reader takes them."""
    chart = helm.lower(samples.unit(samples.web)).artifact
    assert isinstance(chart, Chart)
    for path, text in helm.render(chart).files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    (tmp_path / "own.yaml").write_text(f"service: {{ports: {{http: {written}}}}}\nreplicaCount: {written}\n", "utf-8")
    options = ["template", chart.name, str(tmp_path / chart.path("")), "--values", "own.yaml"]
    done = tools.run(real.located("helm"), options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (found,) = as_kubernetes_reads([done.stdout], tmp_path / "reader")
    values = merged(chart.values, {"service": {"ports": {"http": number}}, "replicaCount": number})
    wanted = objects(Release(chart, values, chart.name, "default"))
    assert alike({(one["kind"], one["metadata"]["name"]): one for one in found}, wanted)


@pytest.mark.tools
@pytest.mark.parametrize("name", ["on", "y", "1e3", "0x10"])
def test_releases_and_namespaces_have_any_name(name: str, tmp_path: Path) -> None:
    chart = helm.lower(samples.unit(samples.web)).artifact
    assert isinstance(chart, Chart)
    for path, text in helm.render(chart).files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    over = {"fullnameOverride": "", "namespaceOverride": ""}
    (tmp_path / "own.yaml").write_text(emit(over).text, "utf-8")
    options = ["template", name, str(tmp_path / chart.path("")), "--values", "own.yaml", "--namespace", name]
    done = tools.run(real.located("helm"), options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (found,) = as_kubernetes_reads([done.stdout], tmp_path / "reader")
    wanted = objects(Release(chart, merged(chart.values, over), name, name))
    assert alike({(one["kind"], one["metadata"]["name"]): one for one in found}, wanted)


def _over(values: dict[Key, str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for field, word in values.items():
        put(made, field, word)
    return made
