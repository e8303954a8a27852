"""What values.schema.json demands is what the policies find: the real Helm and the Python checks over the same overrides."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import samples
from judges import real
from svc import tools
from svc.diagnostics import Severity
from svc.emit import emit
from svc.fits import fitting
from svc.kubernetes.read import read
from svc.parse import parse
from svc.policy.load import load
from svc.policy.run import judge
from svc.policy.types import Settings
from svc.source import Source
from svc.targets.helm import target as helm
from svc.targets.helm.api_rules import RULES
from svc.targets.helm.check_probes import QUANTITIES, check_probes
from svc.targets.helm.demands import demands
from svc.targets.helm.probes import probes
from svc.targets.helm.refusals import refusal
from svc.targets.helm.schema import schema_data
from svc.targets.helm.types import AtMost, Chart
from svc.targets.helm.values import merged
from svc.targets.protocol import Subject

POLICIES = [one for one in load([Path(__file__).parents[3] / "policies"]).policies if one.surface == "kubernetes"]
SCHEMA = "values don't meet the specifications of the schema"
LONG = "a" * 64

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def chart() -> Chart:
    lowered = helm.lower(samples.unit(samples.web))
    assert isinstance(lowered.artifact, Chart)
    return lowered.artifact


@pytest.fixture(scope="module")
def folder(chart: Chart, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("chart")
    for path, text in helm.render(chart).files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root / chart.path("")


@pytest.fixture(scope="module")
def unchecked(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The chart without its checks."""
    copy = shutil.copytree(folder, tmp_path_factory.mktemp("unchecked") / "chart")
    (copy / "templates/validate.yaml").unlink()
    return copy


def errors(text: str) -> set[str]:
    """The error-level policies that find something in rendered objects."""
    subjects = [
        Subject("kubernetes", str(index), "rendered", one.manifest)
        for index, one in enumerate(read(parse(Source("rendered.yaml", text)).documents))
    ]
    found = judge(subjects, POLICIES, Settings())
    return {one.policy for one in found if one.severity == Severity.ERROR}


OVERRIDES: tuple[str, ...] = (
    "fullnameOverride=other",
    "fullnameOverride=Other_Name",
    "fullnameOverride=1st",
    "fullnameOverride=",
    "nameOverride=other.name",
    "nameOverride=other.name,fullnameOverride=",
    "nameOverride=other-name,fullnameOverride=",
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
def test_helm_and_the_policies_agree(override: str, folder: Path, unchecked: Path) -> None:
    options = ["template", "checkout", ".", "--values", "values-production.yaml", "--set-string", override]
    located = real.located("helm")
    strict = tools.run(located, options, cwd=folder)
    free = tools.run(located, [*options, "--skip-schema-validation"], cwd=unchecked)
    assert free.returncode == 0, free.stderr
    refused = strict.returncode != 0
    assert not refused or SCHEMA in strict.stderr
    assert refused == bool(errors(free.stdout)), (errors(free.stdout), strict.stderr)


def test_the_checks_say_what_was_meant(chart: Chart, folder: Path, tmp_path: Path) -> None:
    """Values that each check just takes, and just refuses."""
    verdicts = set()
    for values in check_probes(chart, probes(chart)[0].values):
        (tmp_path / "values.yaml").write_text(emit(values).text, "utf-8")
        options = ["template", "on", str(folder), "--values", str(tmp_path / "values.yaml"), "--skip-schema-validation"]
        done = tools.run(real.located("helm"), options, cwd=tmp_path)
        wanted = refusal(chart.checks, values)
        assert wanted in done.stderr
        assert bool(done.returncode) == bool(wanted), done.stderr
        verdicts.add(wanted)
    shares = sum(isinstance(one, AtMost) and one.gap > 0 for one in chart.checks)
    assert len(verdicts) == 1 + len(chart.checks) + shares


TOGETHER: tuple[dict[str, Any], ...] = (
    {"resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1999m"}}},
    {"workers": {"mailer": {"resources": {"requests": {"memory": "2Gi"}, "limits": {"memory": "2047Mi"}}}}},
    {"resources": {"requests": {"nvidia.com/gpu": 1}}},
    {"jobs": {"migrate": {"resources": {"requests": {"nvidia.com/gpu": 1}, "limits": {"nvidia.com/gpu": 2}}}}},
    {"autoscaling": {"minReplicas": 9, "maxReplicas": 8}, "podDisruptionBudget": {"minAvailable": 1}},
    {"autoscaling": {"minReplicas": 2}, "podDisruptionBudget": {"minAvailable": 2}},
    {"autoscaling": {"minReplicas": 2}, "podDisruptionBudget": {"minAvailable": "51%"}},
    {"autoscaling": {"enabled": False}, "replicaCount": 2, "podDisruptionBudget": {"minAvailable": 2}},
    {"service": {"ports": {"http": 8081, "metrics": 8081}}},
    {"extraEnv": [{"name": "A", "value": "a"}, {"name": "A", "value": "b"}]},
    {"jobs": {"migrate": {"extraEnv": [{"name": "A"}, {"name": "A"}]}}},
    {"networkPolicy": {"extraIngress": [{"ports": [{"port": 90, "endPort": 80}]}]}},
    {"networkPolicy": {"extraEgress": [{"ports": [{"port": 90, "endPort": 80}]}]}},
    {"networkPolicy": {"extraEgress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/9", "except": ["10.128.0.0/10"]}}]}]}},
    {"networkPolicy": {"extraIngress": [{"from": [{"ipBlock": {"cidr": "fd00::/8", "except": ["fd00::/8"]}}]}]}},
)
"""Each of the values may be there; all of them may not."""


@pytest.mark.parametrize("over", TOGETHER, ids=str)
def test_what_is_wrong_together_is_refused(over: dict[str, Any], chart: Chart, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(emit(over).text, "utf-8")
    values = merged(merged(chart.values, chart.environments[-1].overrides), over)
    options = [
        "template",
        chart.name,
        ".",
        "--values",
        "values-production.yaml",
        "--values",
        str(tmp_path / "own.yaml"),
    ]
    assert fitting(schema_data(chart))(values)
    assert refusal(chart.checks, values)
    done = tools.run(real.located("helm"), options, cwd=folder)
    assert done.returncode != 0
    assert refusal(chart.checks, values) in done.stderr


def test_quantities_are_counted_by_helm(chart: Chart, folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "chart")
    lines = [f'{json.dumps(one)}: {{{{ include "{chart.name}.quantity" {json.dumps(one)} }}}}' for one in QUANTITIES]
    (copy / "templates" / "quantities.yaml").write_text("\n".join(["kind: Quantities", *lines]) + "\n", "utf-8")
    options = ["template", chart.name, ".", "--show-only", "templates/quantities.yaml"]
    done = tools.run(real.located("helm"), options, cwd=copy)
    found = parse(Source("quantities.yaml", done.stdout)).documents[0].data
    assert {key: float(one) for key, one in found.items() if key != "kind"} == dict(QUANTITIES)


NEVER_TAKEN: tuple[dict[str, Any], ...] = (
    {"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]},
    {"tolerations": [{"key": "a", "tolerationSeconds": 5}]},
    {"tolerations": [{"operator": "Equal", "value": "b"}]},
    {"nodeSelector": {"a b": "c"}},
    {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "In"}]}]}}}},
    {"topologySpreadConstraints": [{"maxSkew": 1, "minDomains": 2, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}]},
    {"networkPolicy": {"extraEgress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}]}]}},
    {"networkPolicy": {"extraEgress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0"}}]}]}},
    {"networkPolicy": {"extraEgress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/33"}}]}]}},
    {"networkPolicy": {"extraEgress": [{"to": [{"ipBlock": {"cidr": "10.0.0.256/8"}}]}]}},
    {"networkPolicy": {"extraEgress": [{"to": [{"ipBlock": {"cidr": "fd00::/8", "except": ["fd00:1::/129"]}}]}]}},
    {"networkPolicy": {"extraEgress": [{"ports": [{"endPort": 90}]}]}},
    {"networkPolicy": {"extraEgress": [{"to": [{}]}]}},
    {"networkPolicy": {"extraEgress": [{"to": [{"podSelector": {"matchLabels": {"a b": "c"}}}]}]}},
    {"networkPolicy": {"extraEgress": [{"to": [{"podSelector": {"matchExpressions": [{"key": "a", "operator": "Exists", "values": ["b"]}]}}]}]}},
    {"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "a b"}]}}},
    {"autoscaling": {"metrics": [{"type": "Resource", "external": {"metric": {"name": "a"}, "target": {"type": "Value", "value": 1}}}]}},
    {"autoscaling": {"metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}}]}},
    {"autoscaling": {"metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "AverageValue", "averageValue": "1x"}}}]}},
    {"extraEnv": [{"name": "A", "valueFrom": {}}]},
    {"extraEnv": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}, "secretKeyRef": {"name": "a", "key": "b"}}}]},
    {"resources": {"requests": {"gpu": 1}}},
    {"resources": {"limits": {"memory": "1Gx"}}},
    {"resources": {"limits": {"memory": "256m"}}},
    {"resources": {"requests": {"ephemeral-storage": "5m"}}},
    {"extraEnv": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.annotations"}}}]},
    {"extraEnv": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "spec.image"}}}]},
    {"resources": {"limits": {"nvidia.com/gpu": "500m"}}},
    {"resources": {"limits": {"nvidia.com/gpu": "2.5"}}},
    {"resources": {"limits": {"nvidia.com/gpu": "000m"}}},
    {"resources": {"requests": {"nvidia.com/gpu": 0}}},
    {"resources": {"requests": {"nvidia.com/gpu": "0"}}},
    {"resources": {"requests": {"nvidia.com/gpu": "0e3"}}},
    {"resources": {"requests": {"nvidia.com/gpu": 0.5}, "limits": {"nvidia.com/gpu": 0.5}}},
)  # fmt: skip
"""What `validation.go` of Kubernetes refuses although the types are right."""
TAKEN: tuple[dict[str, Any], ...] = (
    {"tolerations": [{"operator": "Exists"}, {"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5}, {"key": "a.b/c", "value": "d"}]},
    {"nodeSelector": {"a/b": "c"}},
    {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "Gt", "values": ["5"]}, {"key": "a", "operator": "Exists"}]}]}}}},
    {"topologySpreadConstraints": [{"maxSkew": 1, "minDomains": 2, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}]},
    {"networkPolicy": {"extraEgress": [{"to": [{"ipBlock": {"cidr": "FD00::/8", "except": ["fd00:1::/32"]}}, {"podSelector": {}}], "ports": [{"port": 80, "endPort": 90}, {"port": "http"}]}]}},
    {"extraEnv": [{"name": "A"}, {"name": "B", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]},
    {"extraEnv": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['a/b']"}}}, {"name": "B", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIPs"}}}]},
    {"resources": {"requests": {"memory": "128974848000m"}}},
    {"resources": {"limits": {"nvidia.com/gpu": 1, "hugepages-2Mi": "4Mi", "memory": "1e9"}}},
    {"resources": {"requests": {"nvidia.com/gpu": "2"}, "limits": {"nvidia.com/gpu": 2, "a.example.com/b": "1k"}}},
    {"resources": {"limits": {"nvidia.com/gpu": "2000m", "a.example.com/b": "1.5k"}}},
    {"enabled": True, "global": {"imageRegistry": "example.com"}},
)  # fmt: skip


def test_what_the_api_never_takes(chart: Chart) -> None:
    schema = fitting(schema_data(chart))
    base = merged(chart.values, chart.environments[-1].overrides)
    assert [one for one in NEVER_TAKEN if schema(merged(base, one))] == []
    assert [one for one in TAKEN if not schema(merged(base, one))] == []


@pytest.mark.parametrize("kind", sorted(RULES.keys() - {"ServicePort"}))
def test_each_rule_of_the_api_refuses_something(kind: str, chart: Chart) -> None:
    """Or else nobody would see it go. Ports are values where environments differ in them: `test_node_ports.py`."""
    data = copy.deepcopy(schema_data(chart))
    assert data["definitions"][kind].pop("allOf") == RULES[kind]
    schema = fitting(data)
    base = merged(chart.values, chart.environments[-1].overrides)
    assert [one for one in NEVER_TAKEN if schema(merged(base, one))]


@pytest.mark.parametrize(
    ("path", "taken", "refused"),
    [
        (("persistence", "varLibData", "size"), ("1Gi", "0.5Ti", 1), ("0", "0Gi", "1x", 0, -1)),
        (("persistence", "varLibData2", "size"), ("1Gi",), ("0",)),
        (("jobs", "cleanup", "timeZone"), ("Europe/Berlin", "Etc/GMT+1", "UTC"), ("latest", "Europe/Nowhere", "")),
    ],
)
def test_what_is_demanded_of_a_member_of_a_group(path: tuple[str, ...], taken: Any, refused: Any) -> None:
    fits = fitting({"allOf": [*demands(path)]})
    assert [one for one in taken if not fits(one)] == []
    assert [one for one in refused if fits(one)] == []
