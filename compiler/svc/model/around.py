"""Parts of the language around the process: needs, exposure, access, jobs, delivery, cloud, waivers, patches."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from svc.model.base import Part, about, required
from svc.model.process import Container, Rollout, Scale
from svc.model.scalars import (
    AccountId,
    Cidr,
    Count,
    CronLine,
    DnsLabel,
    Duration,
    EnvName,
    Flag,
    HostName,
    LabelKey,
    LabelValue,
    Memory,
    PortName,
    PortNumber,
    Positive,
    Region,
    RelativePath,
    Repository,
    SubdomainName,
    Text,
    TimeZone,
    UrlPath,
    Version,
    refuse,
)


class Build(Part):
    """How the image is made: from a language's convention, or by your own Dockerfile."""

    language: Literal["python", "node", "go", "java", "kotlin", "dotnet", "rust", "ruby", "php", "static"] | None = (
        about("The language.", "go")
    )
    version: Version | None = about("Its version, for Kotlin the JDK's; the newest supported one unless given.", "1.26")
    main: Text = about("What to build or start, in the language's own terms.", "./cmd/checkout", default="")
    manager: Literal["uv", "pip", "poetry", "npm", "pnpm", "yarn", "maven", "gradle"] | None = about(
        "The package manager, where the language has several.", "uv"
    )
    context: RelativePath = about("Folder of the sources, relative to the spec.", "src", default=".")
    packages: list[Text] = about(
        "OS packages that the process needs at run time.", ["ca-certificates"], default_factory=list
    )
    build_packages: list[Text] = about("OS packages that the build needs.", ["libpq-dev"], default_factory=list)
    secrets: list[EnvName] = about(
        "Build-time secrets: mounted while a step runs, never in a layer.", ["npm_token"], default_factory=list
    )
    args: dict[EnvName, Text] = about("Build arguments with their defaults.", default_factory=dict)
    env: dict[EnvName, Text] = about("Variables of the final image.", {"NODE_ENV": "production"}, default_factory=dict)
    files: list[RelativePath] = about(
        "Further files or folders that the final image needs, where the language does not imply them.",
        ["templates"],
        default_factory=list,
    )
    test: Text = about("Command of the image's test stage.", "go test ./...", default="")
    dockerfile: RelativePath | None = about("Your own Dockerfile: linted, not generated.", "Dockerfile")
    target: Text = about("Stage of your own Dockerfile.", "final", default="")

    @model_validator(mode="after")
    def _one_way(self) -> Build:
        if (self.language is None) == (self.dockerfile is None):
            raise refuse("a build has either language (a Dockerfile is generated) or dockerfile (your own)")
        return self


class Need(Part):
    """A backing service; the same variables whatever realises it."""

    SHORT: ClassVar[str] = "type"
    SHORT_MERGES: ClassVar[bool] = True
    type: Literal["postgres", "mysql", "redis", "rabbitmq", "mongodb", "queue", "topic", "bucket"] = required(
        "What it is.", "postgres"
    )
    version: Version | None = about("Major version; a current one unless given.", "17")
    size: Literal["small", "medium", "large"] = about("Size of the instance.", default="small")
    storage: Memory | None = about("Disk space.", "20Gi")
    realise: Literal["container", "in-cluster", "managed", "existing"] | None = about(
        "A managed cloud service, a StatefulSet in the cluster, one that exists already; a container is for local work.",
        "managed",
    )
    secret: SubdomainName | None = about(
        "Kubernetes Secret with the connection, for `existing` (or to name it yourself).", "elasticache-redis"
    )
    keys: dict[Text, Text] = about(
        "Output -> key in that Secret, where they differ.", {"host": "primary_endpoint_address"}, default_factory=dict
    )
    host: Text | None = about("Address of an existing one, when it is no secret.", "redis-cart")
    port: PortNumber | None = about("Port of an existing one.", 6379)
    multi_zone: Flag | None = about("Standby in another zone; on for medium and large.")
    fifo: Flag = about("Order-preserving queue or topic.", default=False)


class ExposePath(Part):
    """A path and the port behind it; short form: the path."""

    SHORT: ClassVar[str] = "path"
    path: UrlPath = required("The path.", "/")
    type: Literal["Prefix", "Exact", "ImplementationSpecific"] = about("How it matches.", default="Prefix")
    port: PortName | None = about("The port behind it; the exposure's port unless given.", "http")


class Expose(Part):
    """The way in from outside."""

    SHORT: ClassVar[str] = "host"
    SHORT_MERGES: ClassVar[bool] = True
    host: HostName | None = about("The host name.", "checkout.example.com")
    hosts: list[HostName] = about("Several host names.", default_factory=list)
    path: UrlPath | None = about("The path.", "/")
    paths: list[ExposePath] = about("Several paths.", default_factory=list)
    port: PortName | None = about("The port behind it; the first HTTP port unless given.", "http")
    tls: Flag = about("Serve TLS; plain HTTP is judged by a policy.", default=True)
    tls_secret: SubdomainName | None = about("Secret with the certificate; <name>-tls unless given.", "checkout-tls")
    via: Literal["ingress", "gateway", "load-balancer"] = about(
        "Ingress, Gateway API route, or a cloud load balancer.", default="ingress"
    )
    class_name: SubdomainName | None = about("Ingress class.", "nginx")
    gateway: Text | None = about("namespace/name of the Gateway.", "infra/public")
    allow: list[Cidr] = about("Networks that may come in; all unless given.", ["10.0.0.0/8"], default_factory=list)
    annotations: dict[LabelKey, Text] = about("Annotations of the Ingress, route or Service.", default_factory=dict)

    @model_validator(mode="after")
    def _one_form(self) -> Expose:
        if self.host is not None and self.hosts:
            raise refuse("write host or hosts, not both")
        if self.path is not None and self.paths:
            raise refuse("write path or paths, not both")
        if self.via == "gateway" and self.gateway is None:
            raise refuse("via: gateway needs `gateway`, the namespace/name of the Gateway")
        if self.via != "load-balancer" and self.host is None and not self.hosts:
            raise refuse("expose needs a host, such as shop.example.com")
        return self


_PEER = re.compile(
    r"(?P<cidr>[0-9a-fA-F.:]+/[0-9]+)(?P<cport>:[0-9]+)?|(?P<host>[A-Za-z0-9*-]+(\.[A-Za-z0-9-]+)+):(?P<hport>[0-9]+)|"
    r"((?P<ns>[a-z0-9-]+)/)?(?P<service>[a-z]([-a-z0-9]*[a-z0-9])?)(?P<sport>:[0-9]+)?|(?P<any>\*)"
)


class Peer(Part):
    """Somebody to talk with; short form: service, namespace/service, network, network:port, host:port, or * for the namespace."""

    SHORT: ClassVar[str] = "peer"
    peer: Text | None = about("The short form, taken apart.", "api.stripe.com:443")
    service: DnsLabel | None = about("A service (label app.kubernetes.io/name).", "frontend")
    namespace: DnsLabel | None = about("Its namespace; ours unless given. Alone: every pod in it.", "shop")
    cidr: Cidr | None = about("A network.", "10.0.0.0/8")
    host: HostName | None = about("A host outside the cluster.", "api.stripe.com")
    ports: list[PortNumber] = about("Ports.", [443], default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _take_apart(cls, value: Any) -> Any:
        text = value.get("peer") if isinstance(value, dict) else value
        if not isinstance(text, str):
            return value
        match = _PEER.fullmatch(text)
        if match is None:
            raise refuse(
                f"“{text}” is no peer: write a service, namespace/service, a network 10.0.0.0/8[:port], or host:port such as api.stripe.com:443"
            )
        port = match["cport"] or match["hport"] or match["sport"]
        found: dict[str, Any] = {
            "peer": text,
            "cidr": match["cidr"],
            "host": match["host"],
            "service": match["service"],
            "namespace": match["ns"],
        }
        if port:
            found["ports"] = [int(port.lstrip(":"))]
        return {key: item for key, item in found.items() if item is not None}


class Access(Part):
    """Who may connect to us and to whom we may connect; everything else is denied."""

    from_: list[Peer] | None = about(
        "Who may connect; the pods of our namespace unless given.", ["frontend"], alias="from"
    )
    to: list[Peer] = about(
        "To whom we connect, besides DNS, the needs and the services that `env` refers to.",
        ["api.stripe.com:443"],
        default_factory=list,
    )
    open_egress: Flag = about("No limit on outgoing connections.", default=False)


class Overrides(Container):
    """A process that runs the service's image with the service's variables, secrets and files unless it says otherwise."""

    inherit: Flag = about("Take over env, secrets, files and volumes of the service.", default=True)


class History(Part):
    """Finished runs that are kept."""

    successful: Count = about("Successful ones.", default=3)
    failed: Count = about("Failed ones.", default=1)


class Job(Overrides):
    """A process that ends: before or after a deploy, on a schedule, or started by hand."""

    run: Literal["before-deploy", "after-deploy", "manual"] | None = about(
        "When it runs; a `schedule` instead makes a cron job.", "before-deploy"
    )
    schedule: CronLine | None = about("Cron line.", "0 2 * * *")
    timezone: TimeZone = about("Time zone of the schedule.", default="Etc/UTC")
    concurrency: Literal["allow", "forbid", "replace"] = about("When the last run is not over yet.", default="forbid")
    backoff: Count = about("Retries before the job has failed.", default=3)
    timeout: Duration = about("How long it may take in all; an hour unless given.", "10m", default=3600)
    keep_finished: Duration = about("When a finished job is removed; a day unless given.", "1h", default=86400)
    completions: Positive | None = about("How many runs must succeed.", 1)
    parallelism: Positive | None = about("How many run at once.", 1)
    indexed: Flag = about("Every run has an index, JOB_COMPLETION_INDEX; needs `completions`.", default=False)
    history: History | None = about("Finished runs of a schedule that are kept.", {"successful": 5, "failed": 5})
    start_deadline: Duration | None = about("How late a scheduled run may start; five minutes unless given.", "5m")
    suspend: Flag = about("Do not start new runs.", default=False)
    restart: Literal["never", "on-failure"] = about("In a new pod, or in the same one.", default="never")

    @model_validator(mode="after")
    def _one_trigger(self) -> Job:
        if self.run is not None and self.schedule is not None:
            raise refuse(f"a job has either run ({self.run}) or a schedule")
        if self.run is None and self.schedule is None:
            raise refuse("a job needs run (before-deploy, after-deploy, manual) or a schedule such as 0 2 * * *")
        if self.indexed and self.completions is None:
            raise refuse("an indexed job has a fixed number of runs: add `completions`", "indexed")
        if self.suspend and self.schedule is None:
            raise refuse(
                "only a job with a schedule can be suspended: remove `suspend`, or write `schedule`", "suspend"
            )
        return self


class Worker(Overrides):
    """Another long-running process of the same image, without a Service."""

    scale: Scale | None = about("Replicas; 1 unless given.", {"min": 1})
    rollout: Rollout | None = about("How it is replaced.")


class Placement(Part):
    """Where pods run."""

    os: Literal["linux"] | None = about("The nodes' system.", "linux")
    node_selector: dict[LabelKey, LabelValue] = about(
        "Labels that the node must have.", {"kubernetes.io/arch": "arm64"}, default_factory=dict
    )
    spread: list[Literal["zone", "host"]] = about(
        "Over what replicas are spread.", default_factory=lambda: ["zone", "host"]
    )
    apart_from: list[DnsLabel] = about("Services that should not share a node with ours.", default_factory=list)
    near: list[DnsLabel] = about("Services that should be on the same node.", default_factory=list)
    priority_class: SubdomainName | None = about("PriorityClass of the pods, jobs excepted.", "high")


class ServiceOptions(Part):
    """The Kubernetes Service."""

    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = about("Its type.", default="ClusterIP")
    annotations: dict[LabelKey, Text] = about("Annotations.", default_factory=dict)
    headless: Flag = about("No cluster IP: DNS answers with the pods.", default=False)
    publish_not_ready: Flag = about("DNS answers with pods that are not ready, too.", default=False)
    ip_family: Literal["SingleStack", "PreferDualStack", "RequireDualStack"] | None = about(
        "IP families.", "PreferDualStack"
    )
    session_affinity: Literal["None", "ClientIP"] = about("ClientIP: a client stays with one pod.", default="None")


class AccountRule(Part):
    """What the pods may do with the Kubernetes API."""

    groups: list[Text] = about("API groups; the core group unless given.", ["apps"], default_factory=lambda: [""])
    resources: list[Text] = required("Resources.", ["configmaps"])
    verbs: list[Text] = required("Verbs.", ["get", "list", "watch"])
    names: list[Text] = about("Only objects with these names.", default_factory=list)


class Account(Part):
    """The service account."""

    name: SubdomainName | None = about("Its name; the service's unless given.", "bank-of-anthos")
    create: Flag = about("Make it; false when it exists already.", default=True)
    token: Flag = about("Mount its API token.", default=False)
    annotations: dict[LabelKey, Text] = about("Annotations, such as a workload identity.", default_factory=dict)
    rules: list[AccountRule] = about("A Role bound to it; mounts the token.", default_factory=list)


class MetricsEndpoint(Part):
    """Where Prometheus scrapes."""

    port: PortName | None = about("The port's name; `metrics` or the first HTTP port unless given.", "metrics")
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
    command: Text = required("Shell command.", "go test ./...")
    services: list[Text] = about(
        "Needs (by name or type) that run beside the tests.", ["postgres"], default_factory=list
    )


class Ci(Part):
    """The delivery workflow."""

    provider: Literal["github", "none"] = about("Whose workflow is written.", default="github")
    repository: Repository | None = about("owner/name of the repository.", "acme/shop")
    branch: Text = about("The branch that is deployed.", default="main")
    test: TestRun | None = about("How it is tested; the image's test stage unless given.", "go test ./...")
    paths: list[Text] = about("Paths that trigger the workflow; the spec's folder unless given.", default_factory=list)
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
    cluster: Text | None = about("EKS cluster.", "shop-production")
    state_bucket: Text | None = about("S3 bucket of the Terraform state.", "acme-terraform-state")
    dns_zone: Text | None = about("Route 53 zone of the exposed hosts.", "example.com")
    alarm_topic: Text | None = about("ARN of the SNS topic for alarms.", "arn:aws:sns:eu-west-1:123456789012:alerts")
    permissions: list[Permission] = about("Further permissions of the workload.", default_factory=list)


def _is_date(text: str) -> bool:
    """Whether a text is a day of the calendar, as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class Waiver(Part):
    """A finding that is accepted, with reason and end."""

    policy: Text = required("The policy's id, or another tool's id for it.", "cpu-limit-missing")
    at: Text = about("The place, as a route.", "resources", default="")
    reason: Text = required("Why.", "throttling hurt p99, see ADR 12")
    until: Text = about("Last day (YYYY-MM-DD).", "2027-03-31", default="")
    owner: Text = about("Who answers for it.", "team-payments", default="")

    @model_validator(mode="after")
    def _dated(self) -> Waiver:
        if self.until and not _is_date(self.until):
            raise refuse(f"“{self.until}” is not a date such as 2027-03-31", "until")
        if not self.reason.strip():
            raise refuse("a waiver needs a reason")
        return self


class Patch(Part):
    """The typed escape hatch: a change to a generated object, judged by the policies like everything else."""

    target: Text = required("surface/kind of what is patched.", "kubernetes/Deployment")
    name: Text = about("Only the object of this name.", "checkout", default="")
    merge: Any | None = about(
        "Merged into it (RFC 7386).", {"spec": {"template": {"spec": {"priorityClassName": "high"}}}}
    )
    json_patch: list[Any] = about("JSON Patch operations (RFC 6902).", default_factory=list)

    @model_validator(mode="after")
    def _one_way(self) -> Patch:
        if (self.merge is None) == (not self.json_patch):
            raise refuse("a patch has exactly one of merge and json_patch")
        if self.merge is not None and not isinstance(self.merge, dict):
            raise refuse("expected a mapping with the keys to change, such as {spec: {replicas: 3}}", "merge")
        return self
