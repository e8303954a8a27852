"""What every target lowers from: one service in one environment, with nothing optional left open.

Every fact that two targets need (names, labels, ports, user id, image reference, secret paths) is computed once, by
`resolve`, and stands here; that is what keeps Dockerfile, chart, workflow, Terraform and compose consistent.
`at` is the route in the merged spec that caused a node; `Unit.provenance` leads from there to a file and a line.
A None or an empty tuple means "not wanted", never "not decided".
"""

from __future__ import annotations

from svc.diagnostics import Route
from svc.records import dataclass
from svc.resolve.types.around import Access, Account, Call, ConfigObject, Expose, Metrics, SecretObject
from svc.resolve.types.delivery import Ci, Cloud, Patch, RawObject
from svc.resolve.types.images import Build, Image
from svc.resolve.types.needs import Need
from svc.resolve.types.workloads import Workload


@dataclass(frozen=True, slots=True)
class Resolved:
    """One service in one environment."""

    name: str
    environment: str
    namespace: str
    team: str
    description: str
    labels: tuple[tuple[str, str], ...]
    """Labels of the user's own, for every object."""
    annotations: tuple[tuple[str, str], ...]
    version: str
    """appVersion: the image tag for an image built elsewhere, else "0.0.0"."""
    image: Image
    build: Build | None
    server: Workload | None
    """The main workload; None for a service of jobs or workers only."""
    workers: tuple[Workload, ...]
    jobs: tuple[Workload, ...]
    needs: tuple[Need, ...]
    configs: tuple[ConfigObject, ...]
    secrets: tuple[SecretObject, ...]
    account: Account
    expose: Expose | None
    access: Access
    metrics: Metrics | None
    ci: Ci
    cloud: Cloud
    patches: tuple[Patch, ...]
    at: Route = ()
    manifests: tuple[RawObject, ...] = ()
    own: tuple[str, ...] = ()
    """Targets whose files are the user's own: nothing is generated."""
    pull_secrets: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    """Services of the workspace that this one speaks to, itself included."""

    @property
    def workloads(self) -> tuple[Workload, ...]:
        """All pod templates: the server, the workers, the jobs."""
        return (*((self.server,) if self.server else ()), *self.workers, *self.jobs)
