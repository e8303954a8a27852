"""Twelve real services, judged by the tools of the field: no finding and no suppression, except in `accepted.yaml`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from judges import findings, real
from svc import tools
from svc.targets.docker.verify import judge as judge_docker
from svc.targets.github.judge import judge as judge_github
from svc.targets.helm.judge import judge as judge_helm
from svc.targets.terraform.judge import judge as judge_terraform
from svc.targets.terraform.types import Module

pytestmark = [pytest.mark.tools, pytest.mark.slow]

_DECISIONS = Path(__file__).parents[1] / "docs" / "decisions"
_SUPPRESSIONS = re.compile(
    r"(checkov|bridgecrew|terrascan):skip|checkov\.io/skip|hadolint\s+(global\s+)?ignore|check=skip|zizmor: ?ignore"
    r"|(trivy|tfsec|tflint-ignore|opa|semgrep):ignore|tflint-ignore|nosemgrep|nosec\b|shellcheck\s+disable|kube-linter"
    r"|ignore-check\.|kics-scan|yamllint\s+disable|svc: ?ignore",
    re.IGNORECASE,
)
_CONFIGURATIONS = re.compile(
    r"(^|/)(\.?hadolint\.ya?ml|\.checkov\.ya?ml|\.?trivy(\.ya?ml|ignore(\.ya?ml)?)|\.tflint\.hcl|\.tfsec.*"
    r"|\.?zizmor\.ya?ml|actionlint\.ya?ml|\.shellcheckrc|\.kube-linter\.ya?ml)$"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> real.Built:
    return real.build(tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="module")
def found(built: real.Built) -> tuple[findings.Finding, ...]:
    """What Checkov and Trivy say about everything, each started twice: over the files, and over rendered charts."""
    real.located("helm")
    return (
        *findings.checkov(built.rendered, ("kubernetes",)),
        *findings.checkov(built.root, ("dockerfile", "github_actions", "terraform", "secrets")),
        *findings.trivy(built.rendered),
        *findings.trivy(built.root),
    )


def test_every_service_compiles_in_every_environment(built: real.Built) -> None:
    assert len(real.NAMES) == 12
    assert sorted(unit.name for unit in built.compiled.units) == sorted(real.NAMES)
    assert all(
        tuple(one.environment for one in unit.environments) == real.ENVIRONMENTS for unit in built.compiled.units
    )
    assert built.compiled.faults == ()


def test_no_output_suppresses_a_finding(built: real.Built) -> None:
    assert [one.path for one in built.compiled.outputs if _SUPPRESSIONS.search(one.text)] == []
    assert [one.path for one in built.compiled.outputs if _CONFIGURATIONS.search(one.path)] == []


@pytest.mark.parametrize(
    "text",
    [
        *("# checkov:skip=CKV_AWS_1: why", "checkov.io/skip1: CKV_K8S_1", "#hadolint ignore=DL3008", "# hadolint global ignore=DL3008"),
        *("# check=skip=all", "uses: a/b@c # zizmor: ignore[unpinned-uses]", "# trivy:ignore:AWS-1", "#tfsec:ignore:a", "# tflint-ignore: a"),
        *("# shellcheck disable=SC2086", "ignore-check.kube-linter.io/a: b", "# svc: ignore[image-latest] why"),
    ],
)  # fmt: skip
def test_a_suppression_is_known(text: str) -> None:
    assert _SUPPRESSIONS.search(text)


def test_no_spec_waives_a_policy(built: real.Built) -> None:
    assert [one.id for one in built.compiled.diagnostics if one.waived] == []


@pytest.mark.parametrize("name", ["hadolint", "dockerlint"])
def test_dockerfiles(built: real.Built, name: str) -> None:
    real.located(name)
    artifacts = [piece.artifact for piece in built.pieces("docker")]
    judged = judge_docker(artifacts, built.root)
    assert len([one for one in artifacts if one.dockerfile is not None]) == 9
    assert len([one for one in judged if one.tool == name and not one.skipped]) == 1
    assert [fault for one in judged if one.tool == name for fault in one.faults] == []


@pytest.mark.parametrize("path", sorted(real.FIXTURES.glob("*/Dockerfile")), ids=lambda path: path.parent.name)
def test_dockerfiles_of_their_own(path: Path) -> None:
    done = tools.run(real.located("dockerlint"), [path.name], cwd=path.parent)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("name", ["actionlint", "zizmor"])
def test_workflows(built: real.Built, name: str) -> None:
    real.located(name)
    real.located("shellcheck")
    workflows = [workflow for piece in built.pieces("github") for workflow in piece.artifact]
    judged = judge_github([workflows], built.root, real.box())
    assert {one.tool for one in judged if not one.skipped} >= {name}
    assert [fault for one in judged if one.tool == name for fault in one.faults] == []


@pytest.mark.parametrize("service", real.NAMES)
def test_charts(built: real.Built, service: str) -> None:
    """`helm lint --strict`, `helm template` equal to the judged objects, kubeconform: every environment and minor."""
    real.located("helm")
    real.located("kubeconform")
    (chart,) = [piece.artifact for piece in built.pieces("helm") if piece.unit.name == service]
    judged = judge_helm([chart], built.root, real.box())
    assert [one.tool for one in judged] == ["helm", "kubeconform 1.35", "kubeconform 1.36", "kubeconform 1.37"]
    assert [fault for one in judged for fault in one.faults] == []


@pytest.mark.parametrize("service", real.NAMES)
def test_charts_render_with_values_yaml_alone(built: real.Built, service: str) -> None:
    """What people try first: every container's variables have a value or a source."""
    (chart,) = [piece.artifact for piece in built.pieces("helm") if piece.unit.name == service]
    helm = real.located("helm")
    done = tools.run(helm, ["template", "release", str(built.root / chart.path(""))])
    assert done.returncode == 0, done.stderr
    pods = re.findall(r"(?m)^ +- name: [A-Z][A-Z0-9_]+\n +(\S+)", done.stdout)
    assert set(pods) <= {"value:", "valueFrom:"}


@pytest.mark.parametrize("service", real.NAMES)
def test_terraform_modules(built: real.Built, service: str) -> None:
    """`terraform fmt`, `init` and `validate` with the schema-only provider."""
    real.located("terraform")
    (module,) = [piece.artifact for piece in built.pieces("terraform") if piece.unit.name == service]
    assert isinstance(module, Module)
    judged = judge_terraform([module], built.root, _only("terraform"))
    assert {one.tool for one in judged if not one.skipped} == {"terraform", "terraform validate"}
    assert [fault for one in judged for fault in one.faults] == []


def _only(name: str) -> tools.Toolbox:
    """A toolbox in which the other programs are not found: they judge all modules at once, elsewhere."""
    box = real.box()
    path = str(tools.find(name, box).path)
    mirror = tuple(folder for folder in box.folders if (folder.parent / "terraform-mirror").is_dir())
    nowhere = dict.fromkeys(("checkov", "trivy"), "/nowhere")
    return tools.Toolbox({name: path, **nowhere}, mirror, box.environment)


@pytest.mark.parametrize("tool", ["checkov", "trivy"])
def test_scanners_find_nothing(found: tuple[findings.Finding, ...], tool: str) -> None:
    accepted = findings.accepted()
    left = [one for one in found if one.tool == tool and not any(entry.covers(one) for entry in accepted)]
    assert left == []


def test_every_accepted_finding_still_stands(found: tuple[findings.Finding, ...]) -> None:
    """An entry that covers nothing any more must go, and its decision must be written down."""
    for entry in findings.accepted():
        assert any(entry.covers(one) for one in found), entry
        assert list(_DECISIONS.glob(f"{entry.decision}-*.md")), entry
