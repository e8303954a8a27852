"""One fact, computed once: what the five outputs of every real service say about the same thing is the same.

Read from the rendered files, by readers that did not write them; no program is needed.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from judges import real
from svc.pipeline import Request, compile_
from svc.source import Source
from svc.targets.docker.read import read_dockerfile
from svc.targets.docker.types import Instruction
from svc.targets.helm.read import read_objects

BUILT_HERE = tuple(name for name in real.NAMES if not (real.FIXTURES / name / "Dockerfile").exists())
BOTH = [(name, environment) for name in real.NAMES for environment in real.ENVIRONMENTS]
Objects = dict[tuple[str, str], list[dict[str, Any]]]
ROLE = "eks.amazonaws.com/role-arn"


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    compiled = real.compiled_fixtures()
    assert compiled.faults == ()
    return {one.path: one.text for one in compiled.outputs}


def _yaml(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)


@pytest.fixture(scope="module")
def objects(files: dict[str, str]) -> Objects:
    """The objects of every service and environment, as the chart's files give them."""
    return {both: _objects(files, *both) for both in BOTH}


def _objects(files: dict[str, str], service: str, environment: str) -> list[dict[str, Any]]:
    found = read_objects(files, f"{service}/chart/", f"values-{environment}.yaml", service, "unused")
    return list(found.values())


def _main(objects: list[dict[str, Any]], service: str) -> dict[str, Any]:
    """The pod spec of the service's own process, or of its first job."""
    for one in objects:
        if one["kind"] in {"Deployment", "StatefulSet"} and one["metadata"]["name"] == service:
            return dict(one["spec"]["template"]["spec"])
    return next(
        dict(one["spec"]["jobTemplate"]["spec"]["template"]["spec"]) for one in objects if one["kind"] == "CronJob"
    )


def _container(objects: list[dict[str, Any]], service: str) -> dict[str, Any]:
    return dict(_main(objects, service)["containers"][0])


def _final(files: dict[str, str], service: str) -> tuple[Instruction, ...]:
    path = f"{service}/Dockerfile"
    text = files.get(path) or (real.FIXTURES / path).read_text("utf-8")
    instructions = read_dockerfile(Source(path, text)).dockerfile.instructions
    last = max(index for index, one in enumerate(instructions) if one.keyword == "FROM")
    return instructions[last:]


def _compose(files: dict[str, str], service: str) -> dict[str, Any]:
    services = _yaml(files[f"{service}/compose.yaml"])["services"]
    return dict(services.get(service) or services[f"{service}-cleanup"])


def _workflow(files: dict[str, str], service: str) -> dict[str, Any]:
    return dict(_yaml(files[f".github/workflows/{service}.yaml"]))


def _terraform(files: dict[str, str], service: str, environment: str) -> str:
    """The module's text with the environment's name in place of its variable, and the service's in that of the local."""
    texts = [text for path, text in files.items() if path.startswith(f"{service}/terraform/") and path.endswith(".tf")]
    text = "\n".join(texts).replace("${var.environment}", environment)
    (name,) = re.findall(r'^  name\s*= "(.*)"', files[f"{service}/terraform/locals.tf"], re.M)
    return text.replace("${local.name}", name).replace("= local.name\n", f'= "{name}"\n')


def _tfvars(files: dict[str, str], service: str, environment: str) -> str:
    return files[f"{service}/terraform/environments/{environment}.tfvars"]


def _account(files: dict[str, str], service: str, environment: str) -> str:
    return str(re.findall(r'^account_id\s*= "(\d+)"', _tfvars(files, service, environment), re.M)[0])


def _words(one: Instruction) -> str:
    return " ".join(one.args)


@pytest.mark.parametrize(("service", "environment"), BOTH)
def test_ports_are_the_same_everywhere(files: dict[str, str], objects: Objects, service: str, environment: str) -> None:
    """EXPOSE = containerPort = targetPort = probe port = compose port."""
    found = objects[service, environment]
    container = _container(found, service)
    ports = {one["name"]: one["containerPort"] for one in container.get("ports", [])}
    exposed = {
        int(word.partition("/")[0]) for one in _final(files, service) if one.keyword == "EXPOSE" for word in one.args
    }
    assert exposed == set(ports.values())
    published = {int(one.rpartition(":")[2].partition("/")[0]) for one in _compose(files, service).get("ports", [])}
    assert published == set(ports.values())
    for one in found:
        if one["kind"] == "Service" and one["metadata"]["name"] == service:
            targets = {ports.get(port["targetPort"], port["targetPort"]) for port in one["spec"]["ports"]}
            assert targets == set(ports.values())
    for probe in _probes(container):
        asked = next((probe[kind]["port"] for kind in ("httpGet", "grpc", "tcpSocket") if kind in probe), None)
        assert asked is None or ports.get(asked, asked) in ports.values()


def _probes(container: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (container[key] for key in ("readinessProbe", "livenessProbe", "startupProbe") if key in container)


@pytest.mark.parametrize(("service", "environment"), BOTH)
def test_users_are_the_same_everywhere(files: dict[str, str], objects: Objects, service: str, environment: str) -> None:
    """USER of the image = runAsUser = compose user."""
    found = objects[service, environment]
    for context in (_main(found, service)["securityContext"], _container(found, service)["securityContext"]):
        pair = f"{context['runAsUser']}:{context['runAsGroup']}"
        user = next(_words(one) for one in _final(files, service) if one.keyword == "USER")
        assert user in {pair, str(context["runAsUser"])}
        assert _compose(files, service)["user"] == pair


@pytest.mark.parametrize(("service", "environment"), BOTH)
def test_image_is_the_same_everywhere(files: dict[str, str], objects: Objects, service: str, environment: str) -> None:
    """The image that the workflow pushes = the chart's = the repository that Terraform makes."""
    image = _workflow(files, service)["env"]["IMAGE"]
    assert _yaml(files[f"{service}/chart/values.yaml"])["image"]["repository"] == image
    assert _container(objects[service, environment], service)["image"].startswith(f"{image}:")
    owner = next(one for one in real.ENVIRONMENTS if "create_registry" not in _tfvars(files, service, one))
    block = re.findall(r'resource "aws_ecr_repository" "this" \{.*?\n\}', _terraform(files, service, owner), re.S)[0]
    name = re.findall(r'^\s*name\s*= "(.*)"', block, re.M)[0]
    assert image == f"{_account(files, service, owner)}.dkr.ecr.eu-west-1.amazonaws.com/{name}"


BUILT_ELSEWHERE = f"""apiVersion: svc/v1
name: shop
team: shop
image: ghcr.io/acme/shop:1.4.2@sha256:{"a" * 64}
ports: {{http: 8080}}
health: /healthz
sidecars: {{proxy: {{image: "ghcr.io/acme/proxy:2@sha256:{"b" * 64}", command: [./proxy]}}}}
environments: {{production: {{scale: 2}}}}
"""


def test_images_that_are_built_elsewhere(tmp_path: Path) -> None:
    """The chart's = compose's, to the digest."""
    (tmp_path / "service.yaml").write_text(BUILT_ELSEWHERE)
    compiled = compile_(Request((tmp_path,), Path.as_posix, date(2026, 1, 1)))
    made = {one.path: one.text for one in compiled.outputs}
    found = list(read_objects(made, "chart/", "values-production.yaml", "shop", "unused").values())
    pod = _main(found, "shop")
    images = {one["image"] for one in (*pod["containers"], *pod.get("initContainers", ()))}
    assert images == {one["image"] for one in _yaml(made["compose.yaml"])["services"].values()}
    assert images == set(re.findall(r"image: \"?(ghcr[^\s\"]+)", BUILT_ELSEWHERE))


@pytest.mark.parametrize(("service", "environment"), BOTH)
def test_secrets_that_are_read_exist(files: dict[str, str], objects: Objects, service: str, environment: str) -> None:
    """Every path that an ExternalSecret reads is a secret that Terraform makes in that environment, and the reverse."""
    read = {
        entry["remoteRef"]["key"]
        for one in objects[service, environment]
        if one["kind"] == "ExternalSecret"
        for entry in one["spec"]["data"]
    }
    assert read == _held(files, service, environment)


def _held(files: dict[str, str], service: str, environment: str) -> set[str]:
    tfvars = _tfvars(files, service, environment)
    off = set(re.findall(r"^(\w+)_enabled\s*= false", tfvars, re.M))
    listed = re.findall(r"^secret_paths\s*= \[(.*?)\]", tfvars, re.M | re.S)
    held = set(re.findall(r'"([^"]+)"', listed[0])) if listed else set()
    blocks = re.findall(
        r'resource "aws_secretsmanager_secret" "(\w+)" \{(.*?)\n\}', _terraform(files, service, environment), re.S
    )
    for need, body in blocks:
        names = re.findall(r'^\s*name\s*= "(.*)"', body, re.M)
        held |= set(names) if need not in off else set()
    return held


@pytest.mark.parametrize(("service", "environment"), BOTH)
def test_variables_from_secrets(files: dict[str, str], objects: Objects, service: str, environment: str) -> None:
    """A key that a container reads is one that the ExternalSecret of that name fills."""
    found = objects[service, environment]
    filled = {
        one["spec"]["target"]["name"]: {entry["secretKey"] for entry in one["spec"]["data"]}
        for one in found
        if one["kind"] == "ExternalSecret"
    }
    for variable in _container(found, service).get("env", []):
        reference = variable.get("valueFrom", {}).get("secretKeyRef")
        if reference and reference["name"] in filled:
            assert reference["key"] in filled[reference["name"]]
        elif reference:  # one that is there already, by the name that the spec gives
            assert f"secret: {reference['name']}" in (real.FIXTURES / service / "service.yaml").read_text("utf-8")


@pytest.mark.parametrize(("service", "environment"), BOTH)
def test_the_role_of_the_pods_is_made(files: dict[str, str], objects: Objects, service: str, environment: str) -> None:
    """The role that the service account names is the one that Terraform makes, for exactly that account."""
    terraform = _terraform(files, service, environment)
    accounts = [one for one in objects[service, environment] if one["kind"] == "ServiceAccount"]
    named = [(one, one["metadata"].get("annotations", {}).get(ROLE)) for one in accounts]
    made = re.findall(r'resource "aws_iam_role" "workload" \{.*?\n\}', terraform, re.S)
    roles = {
        f"arn:aws:iam::{_account(files, service, environment)}:role/{name}"
        for block in made
        for name in re.findall(r'^\s*name\s*= "(.*)"', block, re.M)
    }
    assert {arn for _, arn in named if arn} == roles
    tfvars = _tfvars(files, service, environment)
    trusted = re.findall(r'^service_account\s*= "(.*)"', tfvars, re.M)
    assert [one["metadata"]["name"] for one, arn in named if arn] == trusted


def test_one_service_has_a_workload_identity(files: dict[str, str]) -> None:
    """Otherwise the test above would hold for nothing."""
    assert any(ROLE in text for text in files.values())


@pytest.mark.parametrize(("service", "environment"), BOTH)
def test_the_role_of_the_deploy_trusts_it_alone(files: dict[str, str], service: str, environment: str) -> None:
    """The subject that the cloud trusts = repository and environment of the job; the role it takes = the one made."""
    workflow, terraform = _workflow(files, service), _terraform(files, service, environment)
    (job,) = [one for one in workflow["jobs"].values() if one.get("environment", {}).get("name") == environment]
    assert f'"repo:acme/shop:environment:{job["environment"]["name"]}"' in terraform
    (taken,) = [step["with"]["role-to-assume"] for step in job["steps"] if "role-to-assume" in step.get("with", {})]
    block = re.findall(r'resource "aws_iam_role" "deploy" \{.*?\n\}', terraform, re.S)[0]
    name = re.findall(r'^\s*name\s*= "(.*)"', block, re.M)[0]
    assert taken == f"arn:aws:iam::{_account(files, service, environment)}:role/{name}"


@pytest.mark.parametrize(("service", "environment"), BOTH)
def test_the_deploy_is_of_this_chart(files: dict[str, str], objects: Objects, service: str, environment: str) -> None:
    """Chart, values, namespace and cluster of the job = the chart's files, its objects, Terraform's variables."""
    job = _workflow(files, service)["jobs"][f"deploy-{environment}"]
    variables = {**job["env"]}
    for step in job["steps"]:
        variables.update(step.get("env", {}))
    assert f"{variables['CHART']}/Chart.yaml" in files
    assert variables["VALUES"] in files
    spaces = {one["metadata"]["namespace"] for one in objects[service, environment]}
    tfvars = _tfvars(files, service, environment)
    assert spaces == {variables["NAMESPACE"]} == set(re.findall(r'^namespace\s*= "(.*)"', tfvars, re.M))
    assert variables["CLUSTER"] == re.findall(r'^cluster_name\s*= "(.*)"', tfvars, re.M)[0]


@pytest.mark.parametrize("service", [name for name in real.NAMES if name not in {"worker", "sentry-cleanup"}])
def test_every_output_asks_the_same_endpoint(files: dict[str, str], objects: Objects, service: str) -> None:
    """The endpoint of the readiness probe = HEALTHCHECK = compose healthcheck."""
    probe = _container(objects[service, "staging"], service)["readinessProbe"]
    asked = probe.get("httpGet", {}).get("path") or (
        shlex.join(probe["exec"]["command"][:1]) if "exec" in probe else "grpc"
    )
    assert asked in " ".join(_compose(files, service)["healthcheck"]["test"])
    if service in BUILT_HERE:
        (check,) = [one for one in _final(files, service) if one.keyword == "HEALTHCHECK"]
        assert asked in _words(check) or check.args == ("NONE",)


@pytest.mark.parametrize(("service", "environment"), BOTH)
def test_selectors_choose_their_pods(files: dict[str, str], objects: Objects, service: str, environment: str) -> None:
    """Every object names its service and instance; selectors choose exactly the pods of their workload."""
    found = objects[service, environment]
    pods = [
        (one["metadata"]["name"], one["spec"]["selector"]["matchLabels"], one["spec"]["template"]["metadata"]["labels"])
        for one in found
        if one["kind"] in {"Deployment", "StatefulSet"}
    ]
    for one in found:
        labels = one["metadata"]["labels"]
        assert labels["app.kubernetes.io/name"].startswith(service)
        assert labels["app.kubernetes.io/instance"] == service
    for name, selector, labels in pods:
        assert selector.items() <= labels.items()
        assert [other for other, _, theirs in pods if selector.items() <= theirs.items()] == [name]
    for one in found:
        if one["kind"] == "Service":
            chosen = one["spec"]["selector"].items()
            assert [name for name, _, labels in pods if chosen <= labels.items()] == [one["metadata"]["name"]]
