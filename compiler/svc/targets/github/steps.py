"""Each abstract action of the delivery pipeline in GitHub's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc import pins
from svc.delivery import types as delivery
from svc.targets.github import scripts
from svc.targets.github.cluster import cluster_login, deploy, rollback, smoke_test
from svc.targets.github.expressions import expression, literal, run_value
from svc.targets.github.made import Made, action, run
from svc.tree import without_none

PUSHED = expression("env.IMAGE") + "@" + expression("needs.publish.outputs.digest")
BUILD_STEP = "image"
_UNIQUE_TAG = ":".join(
    (expression("env.IMAGE"), "-".join(expression(f"github.{part}") for part in ("sha", "run_id", "run_attempt")))
)
_SBOM_FILE = "sbom.cdx.json"


def steps(step: delivery.Step, job: delivery.Job) -> list[Made]:
    """What a step of a job is in a workflow."""
    match step:
        case delivery.Checkout():
            more = {"submodules": "recursive"} if step.submodules else {}
            return [action("Check out", "actions/checkout", {"persist-credentials": False, **more})]
        case delivery.CheckSpec():
            return _check_spec(step)
        case delivery.Builder():
            return _builder(step)
        case delivery.Login():
            return _login(step)
        case delivery.BuildImage():
            return [_build(step)]
        case delivery.RunTests():
            return [_tests(step, job)]
        case delivery.Scan():
            return [_scan(step)]
        case delivery.Sbom():
            return [_sbom(step)]
        case delivery.Sign():
            return _sign()
        case delivery.ClusterLogin():
            return cluster_login(step.cluster, job)
        case delivery.Deploy():
            return [deploy(step)]
        case delivery.SmokeTest():
            return [smoke_test()]
        case delivery.Rollback():
            return [rollback()]


def _check_spec(step: delivery.CheckSpec) -> list[Made]:
    uv = {"version": pins.tool("uv").version, "enable-cache": False}
    return [
        action("Set up uv", "astral-sh/setup-uv", uv),
        run("Install svc", scripts.INSTALL_SVC, env={"SVC_VERSION": step.version}),
        run("Check the spec and what was compiled from it", scripts.CHECK_SPEC, env={"SPEC": literal(step.spec)}),
    ]


def _builder(step: delivery.Builder) -> list[Made]:
    qemu = [action("Set up QEMU", "docker/setup-qemu-action")] if step.emulate else []
    return [*qemu, action("Set up Buildx", "docker/setup-buildx-action")]


def _login(step: delivery.Login) -> list[Made]:
    place = step.registry
    if place.kind == "ecr":
        role = {"role-to-assume": f"arn:aws:iam::{place.account}:role/{step.role}", "aws-region": place.region}
        return [
            action("Sign in to AWS", "aws-actions/configure-aws-credentials", role),
            action("Log in to ECR", "aws-actions/amazon-ecr-login", {"registries": place.account}),
        ]
    user, password = "github.actor", "github.token"
    if place.kind == "other":
        user, password = "secrets.REGISTRY_USERNAME", "secrets.REGISTRY_PASSWORD"
    login = {"registry": literal(place.host), "username": expression(user), "password": expression(password)}
    return [action(f"Log in to {literal(place.host)}", "docker/login-action", login)]


def _build(step: delivery.BuildImage) -> Made:
    cache = f"type=gha,scope={step.cache}"
    inputs = {
        "context": literal(step.context),
        "file": literal(step.dockerfile),
        "target": literal(step.target) or None,
        "platforms": ",".join(step.platforms) or None,
        **_result(step),
        "build-args": "\n".join(_arguments(step)) or None,
        "secret-envs": "\n".join(f"{secret}={secret.upper()}" for secret in step.secrets) or None,
        "cache-from": cache,
        "cache-to": f"{cache},mode=max" if step.write_cache else None,
    }
    env = {secret.upper(): expression(f"secrets.{secret.upper()}") for secret in step.secrets}
    made = action(_build_title(step), "docker/build-push-action", without_none(inputs), env=env)
    if step.result != "push":
        return made
    return made.with_id(BUILD_STEP).with_remark(
        "A tag of its own for every attempt: a registry may refuse to move one."
    )


def _arguments(step: delivery.BuildImage) -> Iterator[str]:
    yield from (literal(f"{name}={value}") for name, value in step.args)
    if step.revision:
        yield f"REVISION={expression('github.sha')}"


def _build_title(step: delivery.BuildImage) -> str:
    if step.result == "none":
        return "Build the test stage, which runs the tests"
    if step.result == "load" and step.target in ("dev", "test"):
        return "Build the image for the tests"
    return "Build and push" if step.result == "push" else "Build"


def _result(step: delivery.BuildImage) -> dict[str, Any]:
    if step.result == "none":
        return {"outputs": "type=cacheonly"}
    if step.result == "load":
        return {"load": True, "tags": literal(step.name)}
    return {"push": True, "tags": _UNIQUE_TAG, "provenance": "mode=max", "sbom": True}


def _tests(step: delivery.RunTests, job: delivery.Job) -> Made:
    env = {name: run_value(value) for name, value in step.env}
    if not step.image:
        env["TEST_COMMAND"] = literal(step.command)
        folder = literal(step.folder) if step.folder != "." else None
        return run("Run the tests", scripts.TEST_ON_RUNNER, env=env, folder=folder)
    services = job.services
    if services:
        env["NETWORK"] = expression(f"job.services.{services[0].name}.network")
    env |= {"TEST_IMAGE": literal(step.image), "TEST_COMMAND": literal(step.command)}
    script = scripts.test_in_image(tuple(name for name, _ in step.env), bool(services), step.folder)
    return run("Run the tests", script, env=env)


def _scan(step: delivery.Scan) -> Made:
    inputs = {
        "image-ref": literal(step.reference) or PUSHED,
        "version": f"v{pins.tool('trivy').version}",
        "scanners": "vuln",
        "severity": ",".join(step.severities),
        "ignore-unfixed": True,
        "exit-code": "1",
    }
    return action("Scan for vulnerabilities", "aquasecurity/trivy-action", inputs)


def _sbom(step: delivery.Sbom) -> Made:
    inputs = {
        "image": PUSHED,
        "format": "cyclonedx-json",
        "output-file": _SBOM_FILE,
        "artifact-name": literal(step.artifact),
        "upload-release-assets": False,
    }
    return action("List what is in the image", "anchore/sbom-action", inputs)


def _sign() -> list[Made]:
    digest = {"DIGEST": expression("needs.publish.outputs.digest")}
    cosign = {"cosign-release": f"v{pins.tool('cosign').version}"}
    return [
        action("Install Cosign", "sigstore/cosign-installer", cosign),
        run("Sign the image and its SBOM", scripts.SIGN, env={**digest, "SBOM": _SBOM_FILE}),
        run("Verify the signature", scripts.VERIFY, env=digest),
    ]
