"""Names that mean something to GitHub: shells, variables, runners' labels, actions and their inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route, Severity
from svc.suggest import nearest
from svc.tree import mapping
from svc.workflows import uses
from svc.workflows.beyond import Beyond
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
        "ubuntu-26.04",
        "ubuntu-26.04-arm",
        "ubuntu-latest",
        "ubuntu-slim",
        "windows-11",
        "windows-11-arm",
        "windows-11-vs2026-arm",
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


def problems(data: Mapping[str, Any], beyond: Beyond) -> Iterator[Problem]:
    yield from _env(data.get("env"), ("env",))
    yield from _shell(mapping(data, "defaults", "run").get("shell"), ("defaults", "run", "shell"), ())
    for name, job in mapping(data, "jobs").items():
        route: Route = ("jobs", name)
        found = list(runners(mapping(job), route))
        labels = [label for _, label in found]
        filled = [one for one in found if "strategy" in one[0]]
        default = mapping(job, "defaults", "run").get("shell")
        yield from _env(mapping(job).get("env"), (*route, "env"))
        yield from _conflict(mapping(job).get("runs-on"), (*route, "runs-on"), filled)
        yield from _shell(default, (*route, "defaults", "run", "shell"), labels)
        yield from steps(mapping(job).get("steps"), (*route, "steps"), labels, beyond)


def steps(listed: Any, route: Route, labels: list[str], beyond: Beyond) -> Iterator[Problem]:
    for index, step in enumerate(listed if isinstance(listed, list) else ()):
        at = (*route, index)
        yield from _env(mapping(step).get("env"), (*at, "env"))
        yield from _shell(mapping(step).get("shell"), (*at, "shell"), labels)
        yield from uses.problems(mapping(step), at, beyond)


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


def _conflict(labels: Any, route: Route, more: list[tuple[Route, str]]) -> Iterator[Problem]:
    """No machine has two systems, and a job wants one that has every label."""
    for key in labels if isinstance(labels, dict) else ():
        if key not in ("group", "labels"):
            message = f"`runs-on` has no key `{key}`{nearest(key, ('group', 'labels'))}"
            yield Problem("workflow-key-unknown", (*route, key), message, "it knows `group`, `labels`", "key")
    if not isinstance(labels, list):
        return
    plain = [one for one in labels if isinstance(one, str) and system(one)]
    first = plain[0] if plain else ""
    for at, label in [*((route, one) for one in plain[1:]), *more] if first else ():
        if system(label) not in ("", system(first)):
            message = f"no runner is both `{first}` and `{label}`"
            yield Problem("workflow-runner", at, message, "to run on each, use a matrix")
            if at == route:
                return


def system(label: str) -> str:
    """The operating system that a label stands for: one of GitHub's, or one that every machine of one's own has."""
    text = label.lower()
    if text in HOSTED:
        return {"ubuntu": "linux"}.get(text.partition("-")[0], text.partition("-")[0])
    return text if text in ("linux", "macos", "windows") else ""


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
    elif shell.lower() == "sh" and labels and all(system(one) == "windows" for one in labels):
        message = f"shell `sh` is not promised on Windows, and the job runs on `{labels[0]}`"
        yield Problem("workflow-shell", route, message, "write `bash`", severity=Severity.WARNING)


def _env(env: Any, route: Route) -> Iterator[Problem]:
    for name in mapping(env):
        if OPEN not in name and (not name or any(one in name for one in "&= ")):
            message = f"`{name}` is no name of a variable"
            help_ = "use letters, digits and `_`"
            yield Problem("workflow-variable", (*route, name), message, help_, "key")
