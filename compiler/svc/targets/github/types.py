"""A GitHub Actions workflow, generated or written by hand: its data, and typed ways to look at it.

The views never fail on odd data: what has the wrong shape looks absent, and the schema says so elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Literal

from svc.diagnostics import Route
from svc.patterns import regex
from svc.records import dataclass, field
from svc.tree import Tree

FOLDER = ".github/workflows"
_SHA = regex(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Uses:
    """What a `uses:` names. `name` is `owner/repository[/path]`, a local path, or an image; `ref` follows the `@`."""

    text: str
    kind: Literal["action", "local", "docker"]
    name: str
    ref: str
    route: Route

    @property
    def pinned(self) -> bool:
        """Whether it can only ever mean one thing: a commit, an image digest, or this repository's own commit."""
        if self.kind == "local":
            return True
        if self.kind == "docker":
            return self.ref.startswith("sha256:")
        return _SHA.fullmatch(self.ref) is not None


@dataclass(frozen=True)
class Step:
    data: Mapping[str, Any]
    route: Route
    job: str

    @property
    def id(self) -> str:
        return _text(self.data.get("id"))

    @property
    def name(self) -> str:
        return _text(self.data.get("name"))

    @cached_property
    def run(self) -> str:
        return _text(self.data.get("run"))

    @property
    def condition(self) -> str:
        return _text(self.data.get("if"))

    @cached_property
    def inputs(self) -> Mapping[str, Any]:
        """What is given `with` the action."""
        return _mapping(self.data.get("with"))

    @cached_property
    def env(self) -> Mapping[str, Any]:
        return _mapping(self.data.get("env"))

    @cached_property
    def action(self) -> str:
        """`owner/name` of its action in lower case, "" for a script."""
        return self.uses.name.lower() if self.uses else ""

    @cached_property
    def uses(self) -> Uses | None:
        return _uses(self.data.get("uses"), (*self.route, "uses"))


@dataclass(frozen=True)
class Job:
    """`workflow` is set for a job that calls a reusable workflow and so has no steps."""

    id: str
    data: Mapping[str, Any]
    route: Route

    @property
    def name(self) -> str:
        return _text(self.data.get("name"))

    @property
    def condition(self) -> str:
        return _text(self.data.get("if"))

    @property
    def needs(self) -> tuple[str, ...]:
        return _texts(self.data.get("needs"))

    @property
    def runs_on(self) -> tuple[str, ...]:
        return _texts(self.data.get("runs-on"))

    @cached_property
    def permissions(self) -> Mapping[str, str] | str | None:
        """Scopes, or `read-all` / `write-all`; None when the job says nothing."""
        return _permissions(self.data.get("permissions"))

    @property
    def timeout(self) -> Any:
        """Minutes, or an expression; None when it says nothing."""
        return self.data.get("timeout-minutes")

    @property
    def environment(self) -> str:
        value = self.data.get("environment")
        return _text(value.get("name") if isinstance(value, Mapping) else value)

    @property
    def concurrency(self) -> Any:
        return self.data.get("concurrency")

    @cached_property
    def env(self) -> Mapping[str, Any]:
        return _mapping(self.data.get("env"))

    @property
    def services(self) -> Mapping[str, Mapping[str, Any]]:
        return {key: _mapping(value) for key, value in _mapping(self.data.get("services")).items()}

    @cached_property
    def workflow(self) -> Uses | None:
        return _uses(self.data.get("uses"), (*self.route, "uses"))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Those that run beside each other included."""
        return tuple(_steps(self.data.get("steps"), (*self.route, "steps"), self.id))

    @property
    def images(self) -> tuple[tuple[str, Route], ...]:
        """The images of the job's own container and of its services."""
        found = []
        container = self.data.get("container")
        if isinstance(container, str):
            found.append((container, (*self.route, "container")))
        elif isinstance(container, dict) and "image" in container:
            found.append((_text(container["image"]), (*self.route, "container", "image")))
        for key, service in _mapping(self.data.get("services")).items():
            if isinstance(service, str):
                found.append((service, (*self.route, "services", key)))
            elif isinstance(service, dict) and "image" in service:
                found.append((_text(service["image"]), (*self.route, "services", key, "image")))
        return tuple(found)


@dataclass(frozen=True)
class Workflow:
    """`path` from the repository's root. `spec` is what it was compiled from, "" for one that people wrote.

    `notes` are comments at the end of a line, `remarks` above it; both are for the reader only.
    """

    path: str
    tree: Tree
    spec: str = field(default="", compare=False)
    notes: Mapping[Route, str] = field(default_factory=dict, compare=False, repr=False)
    remarks: Mapping[Route, str] = field(default_factory=dict, compare=False, repr=False)
    patched: bool = field(default=False, compare=False)
    """The spec changed it by patches: only what GitHub itself demands is certain."""

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone: the rest can be worked out again."""
        return {name: getattr(self, name) for name in self.__match_args__}

    def origin(self, route: Route) -> Route:
        return self.tree.origin(route)

    @cached_property
    def data(self) -> Mapping[str, Any]:
        return _mapping(self.tree.data)

    @property
    def name(self) -> str:
        return _text(self.data.get("name")) or self.path

    @cached_property
    def triggers(self) -> Mapping[str, Mapping[str, Any]]:
        """Event -> its filters, whichever of the three ways `on` is written."""
        on = self.data.get("on")
        if isinstance(on, Mapping):
            return {key: _mapping(value) for key, value in on.items()}
        return {event: {} for event in _texts(on)}

    def trigger_route(self, event: str) -> Route:
        on = self.data.get("on")
        if isinstance(on, list):
            return ("on", on.index(event))
        return ("on", event) if isinstance(on, Mapping) else ("on",)

    @property
    def permissions(self) -> Mapping[str, str] | str | None:
        return _permissions(self.data.get("permissions"))

    @property
    def concurrency(self) -> Any:
        return self.data.get("concurrency")

    @cached_property
    def env(self) -> Mapping[str, Any]:
        return _mapping(self.data.get("env"))

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        jobs = _mapping(self.data.get("jobs"))
        return tuple(Job(key, job, ("jobs", key)) for key, job in jobs.items() if isinstance(job, dict))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Those of all jobs; those of a composite action, when the file is one (and so has no jobs)."""
        if "jobs" not in self.data:
            return Job("", _mapping(self.data.get("runs")), ("runs",)).steps
        return tuple(step for job in self.jobs for step in job.steps)

    @cached_property
    def uses(self) -> tuple[Uses, ...]:
        """Every action and reusable workflow that runs."""
        called = [job.workflow for job in self.jobs] + [step.uses for step in self.steps]
        return tuple(one for one in called if one)

    @cached_property
    def found(self) -> dict[object, Any]:
        """What others have worked out of the workflow, by a name of theirs."""
        return {}

    @cached_property
    def templated(self) -> tuple[tuple[Route, str], ...]:
        """Every text with an expression in it, with its route."""
        return tuple(_templated(self.tree.data, ()))


def _templated(value: Any, route: Route) -> Iterator[tuple[Route, str]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, str) and "${{" in value:
        yield route, value
    for key, item in parts:
        if isinstance(item, str):
            if "${{" in item:
                yield (*route, key), item
        elif isinstance(item, (dict, list)):
            yield from _templated(item, (*route, key))


def _steps(value: Any, route: Route, job: str) -> Iterator[Step]:
    for index, step in enumerate(value if isinstance(value, list) else ()):
        if isinstance(step, dict):
            yield Step(step, (*route, index), job)
            yield from _steps(step.get("parallel"), (*route, index, "parallel"), job)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(item for item in value if isinstance(item, str))
    return (value,) if isinstance(value, str) else ()


def _permissions(value: Any) -> Mapping[str, str] | str | None:
    if isinstance(value, Mapping):
        return {key: _text(item) for key, item in value.items()}
    return value if isinstance(value, str) else None


def _uses(value: Any, route: Route) -> Uses | None:
    if not isinstance(value, str) or not value.strip():
        return None
    value = value.strip()
    if value.startswith("docker://"):
        name, _, ref = value.removeprefix("docker://").partition("@")
        return Uses(value, "docker", name, ref, route)
    if value.startswith(("./", "$/")):
        return Uses(value, "local", value, "", route)
    name, _, ref = value.partition("@")
    return Uses(value, "action", name, ref, route)
