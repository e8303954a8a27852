"""Steps that reach a cluster: sign in without a stored key, deploy, try it, go back."""

from __future__ import annotations

from svc import pins
from svc.delivery import types as delivery
from svc.targets.github import scripts
from svc.targets.github.expressions import expression, literal
from svc.targets.github.made import Made, action, run

_DEPLOY_STEP = "deploy"


def cluster_login(cluster: delivery.Cluster, job: delivery.Job) -> list[Made]:
    helm = action("Set up Helm", "azure/setup-helm", {"version": f"v{pins.tool('helm4').version}"})
    login = _eks(cluster, job) if cluster.kind == "eks" else _oidc(job)
    return [*login, helm]


def _eks(cluster: delivery.Cluster, job: delivery.Job) -> list[Made]:
    known = {"AWS_ACCOUNT_ID": cluster.account, "AWS_REGION": cluster.region, "EKS_CLUSTER": cluster.name}
    account, region, name = (literal(value) or expression(f"vars.{key}") for key, value in known.items())
    inputs = {"role-to-assume": f"arn:aws:iam::{account}:role/{cluster.role}", "aws-region": region}
    remark = _variables([key for key, value in known.items() if not value], job)
    return [
        action("Sign in to AWS", "aws-actions/configure-aws-credentials", inputs).with_remark(remark),
        run("Point Helm at the cluster", scripts.EKS_LOGIN, env={"CLUSTER": name}),
    ]


def _oidc(job: delivery.Job) -> list[Made]:
    kubectl = {"version": f"v{pins.tool('kubernetes').version}"}
    remark = (
        _variables(["KUBE_SERVER", "KUBE_CA"], job)
        + "\nThe API server trusts GitHub's tokens for its own URL, so that no kubeconfig is stored anywhere."
    )
    authority = {"KUBE_CA": expression("vars.KUBE_CA")}
    return [
        action("Set up kubectl", "azure/setup-kubectl", kubectl),
        run("Sign in to the cluster", scripts.OIDC_LOGIN, env=authority).with_remark(remark),
    ]


def _variables(unknown: list[str], job: delivery.Job) -> str:
    if not unknown or job.environment is None:
        return ""
    are = "is a variable" if len(unknown) == 1 else "are variables"
    *others, last = unknown
    shown = f"{', '.join(others)} and {last}" if others else last
    return f"{shown} {are} of the environment {job.environment.name}."


def deploy(step: delivery.Deploy) -> Made:
    env = {"VALUES": literal(step.values)}
    if step.set_digest:
        env["DIGEST"] = expression("needs.publish.outputs.digest")
    if step.brought:
        env["BROUGHT"] = literal(" ".join(step.brought))
    script = scripts.deploy(set_digest=step.set_digest, brings=bool(step.brought))
    made = run("Deploy", script, env=env).with_id(_DEPLOY_STEP)
    return made.with_remark(_FIRST) if step.brought else made


_FIRST = """\
The first install waits for its database and its jobs alone; the pods need what these make.
What jobs before a deploy wait for and the release lacks comes first, with the image that runs already."""


def smoke_test() -> Made:
    return run("Test the release", scripts.SMOKE_TEST)


def rollback() -> Made:
    """Helm has undone a deploy that failed; this is for what fails after it."""
    return run("Roll back", scripts.ROLL_BACK).when(f"failure() && steps.{_DEPLOY_STEP}.outcome == 'success'")
