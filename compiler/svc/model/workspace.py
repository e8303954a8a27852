"""The workspace file: what a platform team decides once for all services under it."""

from __future__ import annotations

from typing import Any, Literal

from svc.model.base import SPEC_ALONE, Part, about, required
from svc.model.mapped import after
from svc.model.scalars import AccountId, DnsLabel, PortNumber, Region, RelativePath, Repository, SubdomainName, Text
from svc.model.spelled import refuse
from svc.model.texts import ClusterName, RegistryPath
from svc.model.waiver_file import FileWaiver

TargetName = Literal["docker", "helm", "github", "terraform", "compose"]


def _layer(values: dict[str, Any], *at: str) -> None:
    """Values for many services say nothing that only one of them can say."""
    for key in values:
        if key in SPEC_ALONE:
            elsewhere = "; the workspace has `waivers` of its own" if key == "waivers" else ""
            raise refuse(f"`{key}` belongs at the top of a spec alone: {SPEC_ALONE[key]}{elsewhere}", *at, key)


class Environment(Part):
    """An environment that services are deployed to."""

    namespace: DnsLabel | None = about("Kubernetes namespace.", "shop-staging")
    cluster: ClusterName | None = about("EKS cluster.", "shop-staging")
    account: AccountId | None = about("Cloud account.", "123456789012")
    region: Region | None = about("Cloud region.", "eu-west-1")
    domain: Text | None = about(
        "Domain of the environment: `expose.host` may use ${environment.domain}.", "staging.example.com"
    )
    state_bucket: Text | None = about("S3 bucket of the Terraform state.", "acme-terraform-state")
    dns_zone: Text | None = about("Route 53 zone.", "example.com")
    alarm_topic: Text | None = about("ARN of the SNS topic for alarms.", "arn:aws:sns:eu-west-1:123456789012:alerts")
    defaults: dict[str, Any] = about(
        "Merged under every service in this environment.", {"scale": 1}, default_factory=dict
    )

    @after
    def _says_what_services_share(self) -> Environment:
        _layer(self.defaults, "defaults")
        return self


class PolicySettings(Part):
    """Which policies judge, and how hard."""

    profile: Literal["baseline", "recommended", "strict"] = about("The set of policies.", default="recommended")
    severities: dict[str, Literal["error", "warning", "info", "off"]] = about(
        "Policy -> severity.", {"no-network-policy": "error"}, default_factory=dict
    )
    mandatory: list[Text] = about("Policies that no service can waive.", ["runs-as-root"], default_factory=list)
    packs: list[RelativePath] = about(
        "Folders with the organisation's own policies.", ["policies"], default_factory=list
    )
    plugins: list[Text] = about(
        "Installed packages whose checks the policies may use.", ["acme-svc-checks"], default_factory=list
    )


class SecretStore(Part):
    """The External Secrets store that secrets come from."""

    name: SubdomainName = about("Its name.", default="default")
    kind: Literal["ClusterSecretStore", "SecretStore"] = about("Its kind.", default="ClusterSecretStore")
    refresh: Text = about("How often it is read.", "1h", default="1h")


class Workspace(Part):
    """Decisions for all services under this folder; every one has a default."""

    IN_ORDER = frozenset(("environments",))

    apiVersion: Literal["svc/v1"] = required("The version of this language.", "svc/v1")
    kind: Literal["Workspace"] = about("Says that this is a workspace.", default="Workspace")
    registry: RegistryPath | None = about(
        "Where images are pushed: the name is put behind it.", "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
    )
    repository: Repository | None = about("owner/name of the repository.", "acme/shop")
    branch: Text = about("The branch that is deployed.", default="main")
    services: list[Text] = about(
        "Globs of the specs.",
        ["services/*/service.yaml"],
        default_factory=lambda: ["**/service.yaml", "**/service.yml", "**/service.cue"],
    )
    environments: dict[DnsLabel, Environment] = about(
        "Environments, in the order of delivery.",
        {"staging": {"namespace": "shop-staging"}, "production": {"namespace": "shop"}},
        default_factory=dict,
    )
    defaults: dict[str, Any] = about("Merged under every service.", {"team": "platform"}, default_factory=dict)
    profiles: dict[DnsLabel, dict[str, Any]] = about(
        "Profile -> values merged under the services that name it.",
        {"web": {"scale": {"min": 2, "max": 10}}},
        default_factory=dict,
    )
    targets: list[TargetName] = about(
        "What is written.", default_factory=lambda: ["docker", "helm", "github", "terraform", "compose"]
    )
    policy: PolicySettings = about("Which policies judge.", {"profile": "strict"}, default_factory=PolicySettings)
    secret_store: SecretStore = about(
        "Where secrets come from.", {"name": "vault", "kind": "SecretStore"}, default_factory=SecretStore
    )
    ingress_class: SubdomainName = about("Ingress class of exposed services.", default="nginx")
    ingress_namespace: DnsLabel = about("Namespace of the ingress controller.", default="ingress-nginx")
    monitoring_namespace: DnsLabel = about("Namespace of Prometheus.", default="monitoring")
    ports: dict[DnsLabel, PortNumber] = about("Ports reserved per service.", {"checkout": 8080}, default_factory=dict)
    protected: list[Text] = about("Paths that are never written to.", ["charts/legacy/**"], default_factory=list)
    waivers: list[FileWaiver] = about(
        "Findings that are accepted in every service, or in the files that are named.",
        [{"policy": "cpu-limit-missing", "reason": "throttling hurt p99, see ADR 12"}],
        default_factory=list,
    )

    @after
    def _says_what_services_share(self) -> Workspace:
        _layer(self.defaults, "defaults")
        for name, values in self.profiles.items():
            _layer(values, "profiles", name)
        return self
