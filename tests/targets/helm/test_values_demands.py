"""What values.schema.json demands is what the policies find: the real Helm and the Python checks over the same overrides."""

from __future__ import annotations

from pathlib import Path

import pytest

import samples
from judges import real
from svc import tools
from svc.diagnostics import Severity
from svc.kubernetes.read import read_manifests
from svc.parse import parse
from svc.policy.load import load
from svc.policy.run import judge
from svc.policy.types import Settings
from svc.source import Source
from svc.targets.helm import target as helm
from svc.targets.helm.types import Chart
from svc.targets.protocol import Subject

POLICIES = [one for one in load([Path(__file__).parents[3] / "policies"]).policies if one.surface == "kubernetes"]
SCHEMA = "values don't meet the specifications of the schema"
LONG = "a" * 64

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lowered = helm.lower(samples.unit(samples.web))
    chart = lowered.artifact
    assert isinstance(chart, Chart)
    root = tmp_path_factory.mktemp("chart")
    for path, text in helm.render(chart).files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root / chart.path("")


def errors(text: str) -> set[str]:
    """The error-level policies that find something in rendered objects."""
    subjects = [
        Subject("kubernetes", str(index), "rendered", one)
        for index, one in enumerate(read_manifests(parse(Source("rendered.yaml", text)).documents))
    ]
    found = judge(subjects, POLICIES, Settings())
    return {one.policy for one in found if one.severity == Severity.ERROR}


OVERRIDES: tuple[str, ...] = (
    "fullnameOverride=other",
    "fullnameOverride=Other_Name",
    "fullnameOverride=1st",
    "fullnameOverride=",
    "nameOverride=other.name",
    "nameOverride=-other",
    "commonLabels.team=shop",
    "commonLabels.team=ann@example.com",
    "commonLabels.Example\\.com/team=shop",
    "commonLabels.example\\.com/team=shop",
    f"commonLabels.team={LONG}",
    "image.tag=1.2.3",
    "image.tag=1.2.3+build",
    "podAnnotations.a=b",
    "podAnnotations.container\\.apparmor\\.security\\.beta\\.kubernetes\\.io/web=unconfined",
    "podAnnotations.container\\.apparmor\\.security\\.beta\\.kubernetes\\.io/web=localhost/web",
    "ingress.annotations.nginx\\.ingress\\.kubernetes\\.io/configuration-snippet=more_set_headers a",
    "ingress.annotations.nginx\\.ingress\\.kubernetes\\.io/proxy-body-size=1m",
    "podDisruptionBudget.minAvailable=50%",
    "podDisruptionBudget.minAvailable=100%",
    "serviceAccount.name=Other",
    "serviceAccount.name=other",
)


@pytest.mark.parametrize("override", OVERRIDES)
def test_helm_and_the_policies_agree(override: str, folder: Path) -> None:
    options = ["template", "checkout", ".", "--values", "values-production.yaml", "--set-string", override]
    located = real.located("helm")
    strict = tools.run(located, options, cwd=folder)
    free = tools.run(located, [*options, "--skip-schema-validation"], cwd=folder)
    assert free.returncode == 0, free.stderr
    refused = strict.returncode != 0
    assert not refused or SCHEMA in strict.stderr
    assert refused == bool(errors(free.stdout)), (errors(free.stdout), strict.stderr)


def test_both_verdicts_happen(folder: Path) -> None:
    located = real.located("helm")
    options = ["template", "checkout", ".", "--values", "values-production.yaml", "--set-string"]
    codes = {tools.run(located, [*options, one], cwd=folder).returncode for one in OVERRIDES[:4]}
    assert len(codes) > 1
