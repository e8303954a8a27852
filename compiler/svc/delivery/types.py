"""The delivery pipeline of a service, in no vendor's words: a DAG of jobs, each a list of abstract actions.

What comes from the spec stands here as plain text; quoting it for a shell, an expression or a file is the vendor
target's business. `at` is the route in the merged spec that caused a node.
"""

from __future__ import annotations

from typing import Literal

from svc.diagnostics import Problem, Route
from svc.records import dataclass, field

THROWAWAY = "\ufdd0"
"""Stands in a value for a password that is good for one run only; no text of a spec holds this noncharacter. Each
vendor puts something of the run in its place, so that no file holds even a worthless password."""

# --- where things are --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Registry:
    """Where the image lives. `ecr`: signed in by the job's own identity (`account`, `region` from the host name);
    `ghcr`: by the CI's own token; `other`: by a user name and a password that somebody has to keep."""

    kind: Literal["ecr", "ghcr", "other"]
    host: str
    account: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where an environment runs. Empty strings are not known: the vendor asks a variable of the environment.

    `eks`: signed in as `role` in the account. `oidc`: the API server trusts the CI's identity tokens itself.
    """

    kind: Literal["eks", "oidc"]
    role: str = ""
    account: str = ""
    region: str = ""
    name: str = ""


# --- actions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checkout:
    """The source at the commit that is built, without credentials left behind."""

    submodules: bool = False
    """With the repositories that are part of the sources, and those that are part of them."""


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """`svc lint` and `svc compile --check`: the spec is sound and the generated files are its own."""

    spec: str
    version: str


@dataclass(frozen=True, slots=True)
class Builder:
    """An image builder with cache; `emulate` when foreign architectures run commands."""

    emulate: bool = False


@dataclass(frozen=True, slots=True)
class Login:
    """Sign in to the registry, as `role` where the registry belongs to a cloud account."""

    registry: Registry
    role: str = ""


@dataclass(frozen=True, slots=True)
class BuildImage:
    """Build a Dockerfile's stage ("" for the last one).

    `result`: `none` throws it away (the build was the test), `load` keeps it on the runner as `name`, `push` sends it
    to repository `name` with provenance and SBOM attestations and yields its digest.
    """

    result: Literal["none", "load", "push"]
    context: str
    dockerfile: str
    target: str
    name: str
    platforms: tuple[str, ...]
    secrets: tuple[str, ...]
    args: tuple[tuple[str, str], ...]
    cache: str
    """Name of the shared layer cache."""
    write_cache: bool = False
    revision: bool = False
    """Whether the Dockerfile has an argument REVISION, which is the commit."""


@dataclass(frozen=True, slots=True)
class RunTests:
    """The test command: in `folder` of the loaded image `image` ("" for its working directory), or in `folder` on the
    runner when there is no image."""

    command: str
    image: str
    folder: str
    env: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """Look for known vulnerabilities and fail on these severities. `reference` "": the image that was pushed."""

    reference: str
    severities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sbom:
    """List what is in the pushed image and keep the list as an artifact."""

    artifact: str


@dataclass(frozen=True, slots=True)
class Sign:
    """Sign the pushed image and attest its SBOM with the job's own identity, then prove that it verifies."""


@dataclass(frozen=True, slots=True)
class ClusterLogin:
    cluster: Cluster


@dataclass(frozen=True, slots=True)
class Deploy:
    """Install or upgrade a Helm release and wait until it is ready; Helm undoes it when it is not.

    `set_digest`: with the digest of the pushed image; else the chart knows its image already. `timeout` in seconds.
    `brought`: objects that jobs before a deploy need and the release makes. An install that makes one of them is not
    waited for, since the job that its pods need comes behind them in it.
    """

    release: str
    chart: str
    values: str
    namespace: str
    timeout: int
    set_digest: bool
    brought: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SmokeTest:
    """The chart's own tests against the fresh release."""

    release: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Rollback:
    """Back to the release before, when a later step than the deploy failed."""

    release: str
    namespace: str
    timeout: int


Step = (
    Checkout
    | CheckSpec
    | Builder
    | Login
    | BuildImage
    | RunTests
    | Scan
    | Sbom
    | Sign
    | ClusterLogin
    | Deploy
    | SmokeTest
    | Rollback
)

# --- jobs --------------------------------------------------------------------------------------------------------

Stage = Literal["lint", "test", "build", "publish", "scan", "sign", "deploy"]
When = Literal["always", "change", "release"]
"""`change`: a proposed change, whose code nobody has approved yet. `release`: the branch that is delivered."""

Capability = Literal["read-source", "read-packages", "write-packages", "identity"]


@dataclass(frozen=True, slots=True)
class Permission:
    """What a job may do at the CI vendor, and why."""

    capability: Capability
    why: str


@dataclass(frozen=True, slots=True)
class ServiceContainer:
    """A backing service beside the tests; `name` is its host name. `publish`: reached on the runner's own ports."""

    name: str
    image: str
    port: int
    publish: bool
    env: tuple[tuple[str, str], ...]
    health: tuple[str, ...]
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Environment:
    """What protects a job: approvals, variables and secrets of this name. `deploys` False: only to hold secrets."""

    name: str
    url: str = ""
    deploys: bool = True


@dataclass(frozen=True, slots=True)
class Delegate:
    """A job that is a team's own reusable workflow; it is given these inputs, and the digest when there is one."""

    reference: str
    inputs: tuple[tuple[str, str], ...]
    digest: bool


@dataclass(frozen=True, slots=True)
class Job:
    """`timeout` in minutes. `lock` "": may run beside itself; else one at a time and never cancelled."""

    id: str
    title: str
    stage: Stage
    when: When
    needs: tuple[str, ...]
    steps: tuple[Step, ...]
    permissions: tuple[Permission, ...]
    timeout: int
    services: tuple[ServiceContainer, ...] = ()
    environment: Environment | None = None
    lock: str = ""
    superseded: bool = False
    """A newer commit of the same proposed change cancels it."""
    secrets: tuple[str, ...] = ()
    publishes: bool = False
    """Yields the digest of the image that it pushed, for the jobs that need it."""
    delegate: Delegate | None = None
    at: Route = ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`paths` are globs from the repository's root: a change elsewhere starts nothing; empty: any change does. `beside`:
    changes that are only checked while they are proposed."""

    name: str
    image: str
    """Repository of the image, without tag."""
    branch: str
    paths: tuple[str, ...]
    beside: tuple[str, ...]
    runner: str
    spec: str
    jobs: tuple[Job, ...]
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    at: Route = ()
    asked: int = field(default=0, compare=False)
    """How many of the paths the spec has itself: the first ones."""

    def job(self, id_: str) -> Job | None:
        return next((job for job in self.jobs if job.id == id_), None)

    @property
    def edges(self) -> frozenset[tuple[str, str]]:
        """The DAG itself: (job, the job it needs)."""
        return frozenset((job.id, need) for job in self.jobs for need in job.needs)
