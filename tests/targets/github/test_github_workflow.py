"""The workflow as a whole: what every variant must be, and what the strictest tools say about it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import samples
from delivery.units import changed, with_ci
from sample_parts import build, cloud
from svc import tools
from svc.delivery.lower import pipeline
from svc.diagnostics import Severity
from svc.resolve.unit import Unit
from svc.targets.github import target as github
from svc.targets.github.types import Workflow

ECR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/checkout"
PINNED = "acme/ci/.github/workflows/deploy.yaml@0123456789abcdef0123456789abcdef01234567"


def web() -> Unit:
    return samples.unit(samples.web)


VARIANTS: dict[str, Callable[[], Unit]] = {
    "web": web,
    "external": lambda: samples.unit(samples.worker_only),
    "external-tested": lambda: with_ci(samples.unit(samples.grpc), test="make test"),
    "jobs": lambda: samples.unit(samples.jobs_only),
    "services": lambda: with_ci(web(), test="pytest -m slow", test_services=("db", "cache")),
    "ecr": lambda: changed(web(), image=replace(web().first.image, repository=ECR)),
    "password": lambda: changed(web(), image=replace(web().first.image, repository="registry.example.com/checkout")),
    "secrets": lambda: changed(web(), build=build("node", secrets=("npm_token",))),
    "go": lambda: changed(web(), build=build("go", packages=("git",))),
    "own": lambda: with_ci(changed(web(), build=build(dockerfile="Dockerfile")), test_services=("db",)),
    "no-cloud": lambda: changed(web(), cloud=cloud("staging", provider="none")),
    "variables": lambda: changed(web(), cloud=cloud("staging", account="", region="", cluster="")),
    "reusable": lambda: with_ci(web(), reusable_workflow=PINNED),
    "monorepo": lambda: replace(
        with_ci(web(), paths=("services/checkout/**",)),
        directory="services/checkout",
        spec="services/checkout/service.yaml",
    ),
}

variants = pytest.mark.parametrize("make", VARIANTS.values(), ids=VARIANTS.keys())


def compiled(unit: Unit) -> Workflow:
    lowered = github.lower(unit)
    assert [one for one in lowered.problems if one.severity is Severity.ERROR] == []
    (workflow,) = lowered.artifact
    assert isinstance(workflow, Workflow)
    return workflow


def text_of(unit: Unit) -> str:
    return github.render((compiled(unit),)).files[".github/workflows/checkout.yaml"]


@variants
def test_the_text_gives_the_workflow_back_and_fits_the_schema(make: Callable[[], Unit]) -> None:
    workflow = compiled(make())
    assert github.verify((workflow,), github.render((workflow,)).files) == ()


@variants
def test_rights_pins_timeouts_and_credentials(make: Callable[[], Unit]) -> None:
    workflow = compiled(make())
    assert workflow.permissions == {}
    assert workflow.concurrency
    assert workflow.data["defaults"] == {"run": {"shell": "bash"}}
    assert all(uses.pinned for uses in workflow.uses)
    for job in workflow.jobs:
        assert isinstance(job.permissions, dict), job.id
        assert job.workflow or isinstance(job.timeout, int), job.id
        assert job.name
    for step in workflow.steps:
        assert "${{" not in step.run, step.name
        if step.uses and step.uses.name == "actions/checkout":
            assert step.inputs["persist-credentials"] is False


def test_the_commit_is_the_revision_of_a_generated_image() -> None:
    """An image whose label says `unknown` cannot be traced; a Dockerfile of the user's own has arguments of its own."""
    assert text_of(web()).count("build-args: REVISION=${{ github.sha }}\n") == 1
    own = changed(web(), build=build(dockerfile="Dockerfile", args=(("TAGS", "netgo"),)))
    assert "REVISION" not in text_of(own)


@variants
def test_the_workflow_has_the_pipelines_dag(make: Callable[[], Unit]) -> None:
    workflow = compiled(make())
    assert {(job.id, need) for job in workflow.jobs for need in job.needs} == pipeline(make()).edges


@pytest.mark.tools
@variants
def test_actionlint_and_zizmor_have_nothing_to_say(make: Callable[[], Unit], tmp_path: Path) -> None:
    box = tools.toolbox(os.environ)
    missing = {"actionlint", "zizmor", "shellcheck"} - set(tools.available(("actionlint", "zizmor", "shellcheck"), box))
    if missing:
        pytest.skip(f"missing: {', '.join(sorted(missing))}")
    workflow = compiled(make())
    path = tmp_path / workflow.path
    path.parent.mkdir(parents=True)
    path.write_text(github.render((workflow,)).files[workflow.path], encoding="utf-8")
    judged = github.judge([(workflow,)], tmp_path, box)
    assert [(one.tool, one.faults, one.skipped) for one in judged] == [("actionlint", (), ""), ("zizmor", (), "")]


@pytest.mark.tools
def test_a_runner_of_ones_own_is_no_fault_of_the_workflow(tmp_path: Path) -> None:
    box = tools.toolbox(os.environ)
    if not tools.available(("actionlint",), box):
        pytest.skip("missing: actionlint")
    workflow = compiled(with_ci(web(), runner="gpu-farm-2"))
    path = tmp_path / workflow.path
    path.parent.mkdir(parents=True)
    path.write_text(github.render((workflow,)).files[workflow.path], encoding="utf-8")
    actionlint, _ = github.judge([(workflow,)], tmp_path, box)
    assert (actionlint.tool, actionlint.faults, actionlint.skipped) == ("actionlint", (), "")


@pytest.mark.tools
def test_the_judges_do_complain(tmp_path: Path) -> None:
    box = tools.toolbox(os.environ)
    if set(tools.available(("actionlint", "zizmor"), box)) != {"actionlint", "zizmor"}:
        pytest.skip("missing: actionlint or zizmor")
    workflow = compiled(web())
    broken = github.render((workflow,)).files[workflow.path].replace("needs:\n      - lint", "needs:\n      - lnt")
    broken = broken.replace("persist-credentials: false", "fetch-depth: 1")
    path = tmp_path / workflow.path
    path.parent.mkdir(parents=True)
    path.write_text(broken, encoding="utf-8")
    actionlint, zizmor = github.judge([(workflow,)], tmp_path, box)
    assert any("lnt" in fault.message and fault.line > 1 for fault in actionlint.faults)
    assert {fault.path for fault in (*actionlint.faults, *zizmor.faults)} == {workflow.path}
    assert any(fault.message.startswith("artipacked") for fault in zizmor.faults)


def test_verify_notices_a_changed_text_and_a_broken_graph() -> None:
    workflow = compiled(web())
    files = github.render((workflow,)).files
    text = files[workflow.path]
    assert github.verify((workflow,), {}) != ()
    other = github.verify((workflow,), {workflow.path: text.replace("timeout-minutes: 10", "timeout-minutes: 11")})
    assert [fault.tool for fault in other] == ["read-back"]
    wrong = github.verify((workflow,), {workflow.path: text.replace("runs-on:", "runson:")})
    assert {"schema", "read-back"} <= {fault.tool for fault in wrong}
    cycle = github.verify(
        (workflow,), {workflow.path: text.replace("      - publish\n", "      - deploy-production\n")}
    )
    assert "structure" in {fault.tool for fault in cycle}


def test_every_action_has_its_version_beside_it() -> None:
    lines = [line for line in text_of(web()).splitlines() if " uses: " in line]
    assert lines
    for line in lines:
        assert re.search(r"uses: [\w./-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+$", line), line


def test_the_digest_that_was_scanned_and_signed_is_the_one_deployed() -> None:
    workflow = compiled(web())
    pushed = "${{ env.IMAGE }}@${{ needs.publish.outputs.digest }}"
    jobs = {job.id: job for job in workflow.jobs}
    assert jobs["publish"].data["outputs"] == {"digest": "${{ steps.image.outputs.digest }}"}
    assert [step.inputs.get("image-ref") for step in jobs["scan"].steps][-1] == pushed
    assert pushed in [step.inputs.get("image") for step in jobs["sign"].steps]
    (deploy,) = [step for step in jobs["deploy-production"].steps if step.id == "deploy"]
    assert deploy.env["DIGEST"] == "${{ needs.publish.outputs.digest }}"
    assert '--set-string "image.digest=$DIGEST"' in deploy.run
    assert "--rollback-on-failure" in deploy.run


def test_deploys_wait_for_each_other_and_cannot_be_cancelled() -> None:
    jobs = {job.id: job for job in compiled(web()).jobs}
    production = jobs["deploy-production"]
    assert "deploy-staging" in production.needs
    assert production.environment == "production"
    assert production.data["environment"]["url"] == "https://checkout.example.com"
    assert production.concurrency == {"group": "deploy-checkout-production", "cancel-in-progress": False}


def test_only_work_on_an_outdated_pull_request_is_cancelled() -> None:
    workflow = compiled(web())
    cancelled = {
        job.id for job in workflow.jobs if job.concurrency and job.concurrency["cancel-in-progress"] is not False
    }
    assert cancelled == {"build"}
    assert workflow.concurrency["cancel-in-progress"] is False


def test_unknown_facts_of_the_cloud_are_variables_and_said_in_a_comment() -> None:
    unit = VARIANTS["variables"]()
    assert "# AWS_ACCOUNT_ID, AWS_REGION and EKS_CLUSTER are variables of the environment staging.\n" in text_of(unit)
    jobs = {job.id: job for job in compiled(unit).jobs}
    inputs = next(step.inputs for step in jobs["deploy-staging"].steps if "role-to-assume" in step.inputs)
    assert inputs["role-to-assume"] == "arn:aws:iam::${{ vars.AWS_ACCOUNT_ID }}:role/checkout-staging-deploy"


def test_path_filters_of_a_monorepo_include_the_workflow_itself() -> None:
    triggers = compiled(VARIANTS["monorepo"]()).triggers
    assert triggers["push"]["paths"] == ["services/checkout/**", ".github/workflows/checkout.yaml"]
    assert triggers["pull_request"] == triggers["push"]


def test_parts_know_what_in_the_spec_caused_them() -> None:
    workflow = compiled(VARIANTS["services"]())
    assert workflow.origin(("jobs", "test", "services", "checkout-db", "image")) == ("needs", "db")
    assert workflow.origin(("jobs", "publish", "steps", 0)) == ("build",)
    assert workflow.origin(("on", "push")) == ("ci",)


def test_rendered_lines_lead_to_the_text() -> None:
    workflow = compiled(web())
    rendered = github.render((workflow,))
    found = rendered.line(workflow.path, ("jobs", "sign", "permissions", "id-token"))
    assert found is not None
    path, line = found
    assert rendered.files[path].splitlines()[line - 1].strip().startswith("id-token: write  # sign without a key")


def test_no_ci_no_file() -> None:
    lowered = github.lower(with_ci(web(), provider="none"))
    assert github.render(lowered.artifact).files == {}
    assert github.judge([lowered.artifact], Path("unused")) == ()
