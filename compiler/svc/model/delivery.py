"""Observation, the delivery workflow, the cloud."""

from __future__ import annotations

from typing import ClassVar, Literal

from svc.model.base import Part, about, required
from svc.model.scalars import AccountId, Duration, Flag, PortName, Positive, Region, Repository, Text, UrlPath
from svc.model.texts import ClusterName, Command


class MetricsEndpoint(Part):
    """Where Prometheus scrapes."""

    port: PortName | None = about("The port's name; `metrics` or the main HTTP port unless given.", "metrics")
    path: UrlPath = about("The path.", default="/metrics")
    interval: Duration = about("How often.", default=30)


class Observe(Part):
    """Metrics, logs, alarms."""

    metrics: MetricsEndpoint | None = about("Scraping by a ServiceMonitor.", {"port": "metrics"})
    log_retention: Positive = about("Days that the cloud keeps logs.", default=365)
    alarms: Flag = about("Cloud alarms on the needs.", default=True)


class TestRun(Part):
    """How the workflow tests; short form: the command."""

    SHORT: ClassVar[str] = "command"
    command: Command = required("Shell command.", "go test ./...")
    services: list[Text] = about(
        "Needs (by name or type) that run beside the tests.", ["postgres"], default_factory=list
    )


class Ci(Part):
    """The delivery workflow."""

    provider: Literal["github", "none"] = about("Whose workflow is written.", default="github")
    repository: Repository | None = about("owner/name of the repository.", "acme/shop")
    branch: Text = about("The branch that is deployed.", default="main")
    test: TestRun | None = about("How it is tested; the image's test stage unless given.", "go test ./...")
    paths: list[Text] = about(
        "Paths that trigger the workflow: the spec's folder unless given. The files that decide what is compiled (the"
        " spec, what stands beside it and decides by being there, the workspace's file, its policies, the specs of"
        " services that this one refers to) are always among them, for pull requests alone where the whole folder is"
        ' listed, since what they change is in it; with `["**"]` there is no filter.',
        ["services/checkout/**"],
        default_factory=list,
    )
    runner: Text = about("Runner label.", default="ubuntu-24.04")
    scan: list[Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]] = about(
        "Vulnerabilities that stop the build.", default_factory=lambda: ["CRITICAL", "HIGH"]
    )
    reusable_workflow: Text = about(
        "A team's own deploy workflow, called instead of inlined steps.",
        "acme/ci/.github/workflows/deploy.yaml@<commit>",
        default="",
    )


class Permission(Part):
    """What the workload may do in the cloud besides using its needs."""

    actions: list[Text] = required("Actions.", ["s3:GetObject"])
    resources: list[Text] = required("ARNs.", ["arn:aws:s3:::shared-assets/*"])


class Cloud(Part):
    """Where the cloud resources live; what is left out becomes a variable."""

    provider: Literal["aws", "none"] = about("Whose Terraform is written.", default="aws")
    region: Region | None = about("Region.", "eu-west-1")
    account: AccountId | None = about("Account.", "123456789012")
    cluster: ClusterName | None = about("EKS cluster.", "shop-production")
    state_bucket: Text | None = about("S3 bucket of the Terraform state.", "acme-terraform-state")
    dns_zone: Text | None = about("Route 53 zone of the exposed hosts.", "example.com")
    alarm_topic: Text | None = about("ARN of the SNS topic for alarms.", "arn:aws:sns:eu-west-1:123456789012:alerts")
    permissions: list[Permission] = about(
        "Further permissions of the workload.",
        [{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::shared-assets/*"]}],
        default_factory=list,
    )
