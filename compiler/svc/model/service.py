"""service.yaml as a frozen, typed `Service`. Every field documents itself; the JSON Schema and the reference are made from here."""

from __future__ import annotations

from typing import Any, Literal

from svc.model.access import Access, Expose
from svc.model.base import Command, Part, about, required
from svc.model.build import Build
from svc.model.cluster import Account, Placement, ServiceOptions
from svc.model.delivery import Ci, Cloud, Observe
from svc.model.env import EnvFrom, EnvFromSource, Secret
from svc.model.escape import Manifest, OwnTarget
from svc.model.health import Health
from svc.model.mapped import after
from svc.model.needs import Need
from svc.model.patch import Patch
from svc.model.process import Container, Port, Resources
from svc.model.rollout import Rollout
from svc.model.scalars import (
    AbsolutePath,
    Capability,
    DnsLabel,
    EnvName,
    Flag,
    ImageReference,
    LabelKey,
    LabelValue,
    PortName,
    ServiceName,
    SubdomainName,
    Text,
    UserId,
)
from svc.model.scale import Scale
from svc.model.spelled import refuse
from svc.model.storage import File, Volume
from svc.model.waiver import Waiver
from svc.model.work import Job, Worker


class Service(Part):
    """One service: what it is, how it is built, what it needs, how it is run and delivered."""

    IN_ORDER = frozenset(("env", "init", "environments"))

    apiVersion: Literal["svc/v1"] = required("The version of this language.", "svc/v1")
    name: ServiceName = required(
        "The service's name; objects, images and cloud resources are named after it.", "checkout"
    )
    team: DnsLabel = about("Who owns it.", "payments", default="")
    description: Text = about("What it does, in a sentence.", "Places orders.", default="")
    profile: Text = about("A profile of the workspace whose values are merged under this file.", "web", default="")
    namespace: DnsLabel | None = about(
        "Kubernetes namespace; the environment's, else the team's, else the service's name.", "shop"
    )
    labels: dict[LabelKey, LabelValue] = about("Labels for every object.", {"tier": "backend"}, default_factory=dict)
    annotations: dict[LabelKey, Text] = about(
        "Annotations for the pods.", {"example.com/team": "payments"}, default_factory=dict
    )
    build: Build | None = about("How the image is made.", {"language": "go", "version": "1.26"})
    image: ImageReference | None = about(
        "An image that is built elsewhere, pinned by digest; with `build`, the name to push to.",
        "ghcr.io/acme/checkout",
    )
    pull_secrets: list[SubdomainName] = about(
        "Existing Secrets with the credentials of the registries that images are pulled from.",
        ["registry"],
        default_factory=list,
    )
    workload: Literal["deployment", "statefulset", "none"] | None = about(
        "What runs the process; a StatefulSet when a volume is `access: once`. `none`: jobs and workers only.",
        "statefulset",
    )
    command: Command | None = about("Replaces the image's ENTRYPOINT.", ["/app/server"])
    args: Command | None = about("Replaces the image's CMD.", ["--port=8080"])
    workdir: AbsolutePath | None = about("Working directory.", "/app")
    user: UserId | None = about("Numeric user; 10001 unless given.", 10001)
    group: UserId | None = about("Numeric group; the user's number unless given.", 10001)
    writable: list[AbsolutePath] = about(
        "Paths that the process may write to (scratch); the root file system is read-only.",
        ["/tmp"],
        default_factory=lambda: ["/tmp"],
    )
    read_only: Flag = about("Read-only root file system.", default=True)
    capabilities: list[Capability] = about(
        "Added Linux capabilities; all others are dropped.", ["NET_BIND_SERVICE"], default_factory=list
    )
    ports: dict[PortName, Port] = about("Ports by name.", {"http": 8080}, default_factory=dict)
    health: Health | None = about("Probes.", {"http": "/healthz"})
    env: dict[EnvName, EnvFromSource] = about(
        "Variables, in order; later ones may use $(EARLIER).", {"LOG_LEVEL": "info"}, default_factory=dict
    )
    env_from: list[EnvFrom] = about(
        "Whole ConfigMaps and Secrets as variables.", [{"config": "environment-config"}], default_factory=list
    )
    secrets: dict[EnvName, Secret] = about(
        "Secret variables.", {"STRIPE_KEY": {"from": "payments/stripe", "key": "api_key"}}, default_factory=dict
    )
    files: dict[AbsolutePath, File] = about(
        "Files in the container.", {"/etc/app/config.yaml": {"source": "config.yaml"}}, default_factory=dict
    )
    volumes: dict[AbsolutePath, Volume] = about(
        "Storage by path.", {"/data": {"size": "10Gi", "access": "once"}}, default_factory=dict
    )
    resources: Resources | None = about("CPU and memory.", {"cpu": "100m", "memory": "128Mi"})
    scale: Scale | None = about("Replicas; 2 unless given.", {"min": 2, "max": 10, "cpu": "70%"})
    needs: dict[DnsLabel, Need] = about(
        "Backing services.", {"db": {"type": "postgres", "version": "17"}}, default_factory=dict
    )
    expose: Expose | None = about("The way in from outside.", {"host": "checkout.example.com"})
    access: Access | None = about("Who may connect to us and to whom we connect.", {"from": ["frontend"]})
    init: dict[DnsLabel, Container] = about(
        "Steps before the process starts, in order.", {"warm-up": {"command": ["./warm-up"]}}, default_factory=dict
    )
    sidecars: dict[DnsLabel, Container] = about(
        "Containers beside the process.",
        {"proxy": {"image": "envoyproxy/envoy:v1.37.0", "ports": {"admin": 9901}}},
        default_factory=dict,
    )
    jobs: dict[DnsLabel, Job] = about(
        "Processes that end.", {"migrate": {"run": "before-deploy", "command": ["./migrate"]}}, default_factory=dict
    )
    workers: dict[DnsLabel, Worker] = about(
        "Other long-running processes of the same image.", {"mailer": {"command": ["./mailer"]}}, default_factory=dict
    )
    rollout: Rollout | None = about("How a new version replaces the old one.", {"strategy": "rolling"})
    placement: Placement | None = about("Where pods run.", {"node_selector": {"kubernetes.io/arch": "arm64"}})
    service: ServiceOptions | None = about("The Kubernetes Service.", {"headless": True})
    account: Account | None = about("The service account.", {"name": "checkout", "token": True})
    observe: Observe | None = about("Metrics, logs, alarms.", {"metrics": {"port": "metrics"}})
    ci: Ci | None = about("The delivery workflow.", {"test": "go test ./..."})
    cloud: Cloud | None = about("Where the cloud resources live.", {"provider": "aws", "region": "eu-west-1"})
    environments: dict[DnsLabel, Any] = about(
        "Environment -> what differs there, in the same language.", {"staging": {"scale": 1}}, default_factory=dict
    )
    waivers: list[Waiver] = about(
        "Findings that are accepted, with reason and end.",
        [{"policy": "cpu-limit-missing", "reason": "throttling hurt p99, see ADR 12"}],
        default_factory=list,
    )
    patches: list[Patch] = about(
        "The typed escape hatch.",
        [{"target": "kubernetes/Deployment", "merge": {"spec": {"paused": True}}}],
        default_factory=list,
    )
    manifests: dict[DnsLabel, Manifest] = about(
        "Kubernetes objects of your own, deployed with the generated ones.",
        {"agent": "k8s/agent.yaml"},
        default_factory=dict,
    )
    own: list[OwnTarget] = about(
        "Targets that you write yourself: nothing is generated, your files are kept and linted.",
        ["github"],
        default_factory=list,
    )

    @after
    def _something_to_run(self) -> Service:
        if self.build is None and self.image is None:
            raise refuse("a service needs build (an image is made) or image (it is built elsewhere)")
        if self.workload == "none":
            left = [name for name in ("ports", "health", "expose", "sidecars", "init") if getattr(self, name)]
            if left:
                raise refuse(f"workload: none runs no process, so `{left[0]}` has no meaning", left[0])
            if not self.jobs and not self.workers:
                raise refuse("workload: none leaves nothing to run: add jobs or workers")
        return self
