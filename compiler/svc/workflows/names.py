"""Names that mean something to GitHub: shells, variables, runners' labels, actions and their inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route
from svc.suggest import nearest
from svc.workflows.contexts import mapping, popular
from svc.workflows.expression import OPEN

SHELLS = ("bash", "cmd", "powershell", "pwsh", "python", "sh")
HOSTED = frozenset(
    [
        "macos-14",
        "macos-14-large",
        "macos-14-xlarge",
        "macos-15",
        "macos-15-intel",
        "macos-15-large",
        "macos-15-xlarge",
        "macos-26",
        "macos-26-intel",
        "macos-26-large",
        "macos-26-xlarge",
        "macos-latest",
        "macos-latest-large",
        "macos-latest-xlarge",
        "ubuntu-22.04",
        "ubuntu-22.04-arm",
        "ubuntu-24.04",
        "ubuntu-24.04-arm",
        "ubuntu-latest",
        "ubuntu-slim",
        "windows-11-arm",
        "windows-2022",
        "windows-2025",
        "windows-2025-vs2026",
        "windows-latest",
    ]
)
"""Labels of GitHub's own runners."""
RETIRED = frozenset(
    [
        "macos-10.14",
        "macos-10.15",
        "macos-11",
        "macos-11.0",
        "macos-12",
        "macos-12-large",
        "macos-12-xlarge",
        "macos-13",
        "macos-13-large",
        "macos-13-xlarge",
        "ubuntu-16.04",
        "ubuntu-18.04",
        "ubuntu-20.04",
        "windows-2016",
        "windows-2019",
    ]
)
"""Labels of GitHub's own runners that no job gets any more."""


def problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _env(data.get("env"), ("env",))
    yield from _shell(mapping(data, "defaults", "run").get("shell"), ("defaults", "run", "shell"), ())
    for name, job in mapping(data, "jobs").items():
        route: Route = ("jobs", name)
        labels = [label for _, label in runners(mapping(job), route)]
        default = mapping(job, "defaults", "run").get("shell")
        yield from _env(mapping(job).get("env"), (*route, "env"))
        yield from _conflict(mapping(job).get("runs-on"), (*route, "runs-on"))
        yield from _shell(default, (*route, "defaults", "run", "shell"), labels)
        yield from steps(mapping(job).get("steps"), (*route, "steps"), labels)


def steps(listed: Any, route: Route, labels: list[str]) -> Iterator[Problem]:
    for index, step in enumerate(listed if isinstance(listed, list) else ()):
        at = (*route, index)
        yield from _env(mapping(step).get("env"), (*at, "env"))
        yield from _shell(mapping(step).get("shell"), (*at, "shell"), labels)
        yield from _uses(mapping(step), at)
        yield from _inputs(mapping(step), at)


def _uses(step: Mapping[str, Any], route: Route) -> Iterator[Problem]:
    uses = step.get("uses")
    if "with" in step and "uses" not in step and "run" in step:
        message = "a step that runs a script has no `with`"
        yield Problem("workflow-step", (*route, "with"), message, "write its variables in `env`", "key")
    if not isinstance(uses, str) or OPEN in uses or uses.startswith(("./", "$/", "../", "docker://")):
        return
    name, at, ref = uses.partition("@")
    if not at or not ref or "/" not in name.strip("/"):
        message = f"`{uses}` is no action: it is owner/repository@ref"
        yield Problem("workflow-uses", (*route, "uses"), message, "write the commit or tag after `@`")


def runners(job: Mapping[str, Any], route: Route) -> Iterator[tuple[Route, str]]:
    """The labels that a job asks for, those that its matrix fills in included, with where they stand."""
    value = job.get("runs-on")
    at: Route = (*route, "runs-on")
    if isinstance(value, dict):
        value, at = value.get("labels"), (*at, "labels")
    for index, label in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(label, str):
            continue
        where = (*at, index) if isinstance(value, list) else at
        row = label.removeprefix("${{").removesuffix("}}").strip() if label.startswith(OPEN) else ""
        if row.startswith("matrix."):
            yield from _row(job, row.removeprefix("matrix."), route)
        elif OPEN not in label:
            yield where, label


def _conflict(labels: Any, route: Route) -> Iterator[Problem]:
    """No machine has two systems, and a job wants one that has every label."""
    for key in labels if isinstance(labels, dict) else ():
        if key not in ("group", "labels"):
            message = f"`runs-on` has no key `{key}`{nearest(key, ('group', 'labels'))}"
            yield Problem("workflow-key-unknown", (*route, key), message, "it knows `group`, `labels`", "key")
    hosted = [one for one in labels if isinstance(one, str) and one in HOSTED] if isinstance(labels, list) else []
    systems = {one.partition("-")[0] for one in hosted}
    if len(systems) > 1:
        message = f"no runner is both `{hosted[0]}` and `{next(one for one in hosted if one[:3] != hosted[0][:3])}`"
        yield Problem("workflow-runner", route, message, "to run on each, use a matrix")


def _row(job: Mapping[str, Any], name: str, route: Route) -> Iterator[tuple[Route, str]]:
    matrix = mapping(job, "strategy", "matrix")
    at: Route = (*route, "strategy", "matrix")
    row, include = matrix.get(name), matrix.get("include")
    for index, value in enumerate(row if isinstance(row, list) else ()):
        if isinstance(value, str) and OPEN not in value:
            yield (*at, name, index), value
    for index, entry in enumerate(include if isinstance(include, list) else ()):
        value = mapping(entry).get(name)
        if isinstance(value, str) and OPEN not in value:
            yield (*at, "include", index, name), value


def _shell(shell: Any, route: Route, labels: list[str] | tuple[()]) -> Iterator[Problem]:
    if not isinstance(shell, str) or OPEN in shell:
        return
    if "{0}" not in shell and shell.split(" ")[0].lower() not in SHELLS:
        words = ", ".join(f"`{one}`" for one in SHELLS)
        message = f"there is no shell `{shell}`; known are {words}{nearest(shell, SHELLS)}"
        yield Problem("workflow-shell", route, message, "write one of them, or a command with `{0}` for the script")
    elif (
        shell.lower() in ("cmd", "powershell")
        and labels
        and all(one in HOSTED and "windows" not in one for one in labels)
    ):
        message = f"shell `{shell}` is on Windows alone, and the job runs on `{labels[0]}`"
        yield Problem("workflow-shell", route, message, "write `pwsh`" if shell == "powershell" else "write `bash`")


def _env(env: Any, route: Route) -> Iterator[Problem]:
    for name in mapping(env):
        if OPEN not in name and (not name or any(one in name for one in "&= ")):
            message = f"`{name}` is no name of a variable"
            help_ = "use letters, digits and `_`"
            yield Problem("workflow-variable", (*route, name), message, help_, "key")


def _inputs(step: Mapping[str, Any], route: Route) -> Iterator[Problem]:
    """Inputs that a popular action at a major version does not know, or needs."""
    uses, given = step.get("uses"), mapping(step, "with")
    if not isinstance(uses, str) or "@" not in uses or uses.startswith(("./", "$/", "docker://")):
        return
    known = popular()["actions"].get(uses.lower())
    if known is None or known.get("open") or any(OPEN in name for name in given):
        return
    inputs = {name.lower(): name for name in known["inputs"]}
    for name in given:
        if name.lower() not in inputs:
            listed = ", ".join(f"`{one}`" for one in sorted(inputs.values()))
            message = f"`{uses}` has no input `{name}`{nearest(name, inputs.values())}"
            help_ = f"it has {listed}" if listed else "it has none"
            yield Problem("workflow-action-input", (*route, "with", name), message, help_, "key")
    lower = {name.lower() for name in given}
    missing = sorted(name for name, required in known["inputs"].items() if required and name.lower() not in lower)
    if missing:
        words = ", ".join(f"`{one}`" for one in missing)
        yield Problem("workflow-action-input", (*route, "uses"), f"`{uses}` needs {words} in `with`", f"write {words}")
