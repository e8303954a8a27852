"""What a pipeline cannot do, or needs from outside, said at the spec."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.delivery import services
from svc.delivery.registry import registry
from svc.delivery.types import Job
from svc.diagnostics import Problem, Severity
from svc.patterns import regex
from svc.resolve import names
from svc.resolve.unit import Unit

_PINNED = regex(r"[\w.-]+/[\w.-]+/\.github/workflows/[\w.-]+\.ya?ml@[0-9a-f]{40}|\./\.github/workflows/[\w.-]+\.ya?ml")


def problems(unit: Unit, jobs: Sequence[Job]) -> tuple[Problem, ...]:
    found = [*_registry(unit), *_environments(unit), *_reusable(unit), *_identity(unit, jobs)]
    if any(job.services for job in jobs) or unit.first.ci.test_services:
        found.extend(services.containers(unit.local, publish=False)[1])
    return tuple(found)


def _registry(unit: Unit) -> Iterator[Problem]:
    image = unit.first.image
    place = registry(image.repository)
    if image.built and place.kind == "other":
        yield Problem(
            "ci-registry-password",
            image.at,
            f"{place.host} cannot be signed in to without a stored password",
            "put REGISTRY_USERNAME and REGISTRY_PASSWORD into the repository's environment `build`, limited to the "
            "delivered branch, or use a registry that accepts the workflow's own identity (ECR, ghcr.io)",
            severity=Severity.WARNING,
        )
    for other in unit.environments[1:]:
        if image.built and other.image.repository != image.repository:
            yield Problem(
                "ci-several-registries",
                ("image",),
                f"{other.environment} runs {other.image.repository}, but the workflow pushes to {image.repository}",
                "use one repository for all environments: the digest that was scanned and signed is the one deployed",
                environment=other.environment,
            )


def _environments(unit: Unit) -> Iterator[Problem]:
    unknown = [one.environment for one in unit.environments if one.cloud.provider == "none"]
    if unknown and not unit.first.ci.reusable_workflow:
        yield Problem(
            "ci-cluster-unknown",
            ("cloud",),
            f"no cloud is named for {', '.join(unknown)}: the deploy jobs sign in to the cluster with GitHub's token",
            "let the API server trust https://token.actions.githubusercontent.com, and set the variables KUBE_SERVER "
            "and KUBE_CA in each environment; or name the cloud under `cloud`",
            severity=Severity.INFO,
            environment=unknown[0],
        )
    lacking: dict[tuple[str, ...], list[str]] = {}
    for one in unit.environments:
        missing = tuple(key for key in ("account", "region", "cluster") if not getattr(one.cloud, key))
        if one.cloud.provider == "aws" and missing and not one.ci.reusable_workflow:
            lacking.setdefault(missing, []).append(one.environment)
    for missing, environments in lacking.items():
        variables = _listed([_VARIABLES[key] for key in missing])
        yield Problem(
            "ci-cluster-variables",
            ("cloud",),
            f"the deploys to {_listed(environments)} read the {_listed(missing)} from variables of the environment",
            f"set {variables} there, or write {'it' if len(missing) == 1 else 'them'} into the spec or the workspace",
            severity=Severity.INFO,
            environment=environments[0],
        )


_VARIABLES = {"account": "AWS_ACCOUNT_ID", "region": "AWS_REGION", "cluster": "EKS_CLUSTER"}


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _reusable(unit: Unit) -> Iterator[Problem]:
    reference = unit.first.ci.reusable_workflow
    if reference and not _PINNED.fullmatch(reference):
        yield Problem(
            "ci-reusable-workflow-unpinned",
            (*unit.first.ci.at, "reusable_workflow"),
            f"“{reference}” is no reusable workflow at a commit",
            "write owner/repository/.github/workflows/<file>.yaml@<40 hexadecimal digits>, or "
            "./.github/workflows/<file>.yaml for one of this repository",
        )


def _identity(unit: Unit, jobs: Sequence[Job]) -> Iterator[Problem]:
    """A job in an environment has another OIDC subject than one without."""
    publish = next((job for job in jobs if job.publishes), None)
    if publish and publish.environment and registry(unit.first.image.repository).kind == "ecr":
        repository = unit.first.ci.repository or "<owner>/<repository>"
        yield Problem(
            "ci-build-subject",
            publish.at,
            f"build secrets come from the environment `{publish.environment.name}`, which changes the job's identity",
            f"let the role {names.build_role(unit.name)} trust the subject "
            f"{names.oidc_subject(repository, publish.environment.name)}",
            severity=Severity.INFO,
        )
