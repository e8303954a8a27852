"""Names that two targets must agree on, each made in one place."""

from __future__ import annotations

from svc.resolve.types.whole import Resolved

UID = 10001
"""User and group of images we build: above 10000, so that it cannot clash with a host user (CKV_K8S_40)."""

HELM_INSTANCE_LABEL = "app.kubernetes.io/instance"
NAME_LABEL = "app.kubernetes.io/name"
COMPONENT_LABEL = "app.kubernetes.io/component"


def need_object(service: str, need: str) -> str:
    """The DNS name in the cluster, Secret name and cloud resource name of a need."""
    return f"{service}-{need}"


def need_secret_path(environment: str, service: str, need: str) -> str:
    """Where the secret store keeps a need's connection: what Terraform writes and the ExternalSecret reads."""
    return f"{environment}/{service}/{need}"


def secrets_object(service: str) -> str:
    """The Kubernetes Secret that holds the spec's `secrets`."""
    return f"{service}-secrets"


def config_object(service: str) -> str:
    """The ConfigMap that holds the spec's `files`."""
    return f"{service}-files"


def workload_role(service: str, environment: str) -> str:
    """The cloud identity of the pods: Terraform makes it, the ServiceAccount's annotation names it."""
    return f"{service}-{environment}"


def workload_role_arn(account: str, service: str, environment: str) -> str:
    return f"arn:aws:iam::{account}:role/{workload_role(service, environment)}"


def predeploy(name: str) -> str:
    """The copy of an object that jobs before a deploy use, when the object itself is not there yet (decision 0010).

    Cloud identities must trust `predeploy(account.name)` beside the ServiceAccount itself.
    """
    return f"{name}-predeploy"


def deploy_role(service: str, environment: str) -> str:
    """The cloud identity of the deploy job: Terraform makes it and trusts `oidc_subject`, the workflow assumes it."""
    return f"{service}-{environment}-deploy"


def build_role(service: str) -> str:
    """The cloud identity of the build job, which may push to the service's registry repository and nothing else."""
    return f"{service}-build"


def oidc_subject(repository: str, environment: str) -> str:
    """The `sub` claim of a GitHub token in a job with `environment:` (docs.github.com, "OpenID Connect reference")."""
    return f"repo:{repository}:environment:{environment}"


def branch_subject(repository: str, branch: str) -> str:
    """The `sub` claim of a GitHub token in a job without environment, on a branch."""
    return f"repo:{repository}:ref:refs/heads/{branch}"


def selector(resolved: Resolved, component: str) -> dict[str, str]:
    """The labels that select the pods of one workload; never change them after the first release."""
    return {NAME_LABEL: resolved.name, HELM_INSTANCE_LABEL: resolved.name, COMPONENT_LABEL: component}
