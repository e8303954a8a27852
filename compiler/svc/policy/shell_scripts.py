"""The scripts that Dockerfiles and workflows hold, as ShellCheck wants them: a shell in the first line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from svc.diagnostics import Route
from svc.patterns import regex
from svc.records import dataclass, replace
from svc.targets.protocol import Subject
from svc.tree import mapping
from svc.workflows.names import runners

if TYPE_CHECKING:
    from svc.targets.docker.types import Dockerfile, Instruction
    from svc.targets.github.types import Job, Step, Workflow

_KNOWN = frozenset(("sh", "bash", "dash", "ash", "ksh"))
_PROXIES = (
    "FTP_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "ftp_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)
"""Build arguments that every build has."""
_HEREDOC = regex(r"\d*<<-?\s*(['\"]?)([A-Za-z_][\w.]*)\1")
_EXPRESSION = regex(r"\$\{\{.*?\}\}", re.DOTALL)
_NOT_WINDOWS = regex(r"(?i)\s*(\$\{\{)?\s*runner\.os\s*(==\s*'(Linux|macOS)'|!=\s*'Windows')")
_PRAGMA = regex(r"hadolint\s+(?:.*\s)?shell=(\S+)")


@dataclass(frozen=True, slots=True)
class Script:
    """`head`: characters before the script's own first one, which stands at `start` of the text at the route."""

    subject: Subject
    route: Route
    text: str
    head: int
    start: int = 0

    def offset(self, line: int, column: int) -> int:
        """Where a line and a column of the text, both from 1, are in the text at the route; below 0 in the head."""
        begin = 0
        for _ in range(line - 1):
            begin = self.text.find("\n", begin) + 1
        return begin + column - 1 - self.head + self.start if begin + column > self.head else -1


@dataclass(frozen=True, slots=True)
class _State:
    """A stage's shell ("" for one that ShellCheck does not know) and the variables that are set in it."""

    shell: str = "/bin/sh"
    variables: frozenset[str] = frozenset(_PROXIES)


def scripts(subject: Subject) -> Iterator[Script]:
    if subject.surface == "docker":
        yield from _dockerfile(subject, subject.artifact)
    elif subject.surface == "github":
        yield from _workflow(subject, subject.artifact)


def _dockerfile(subject: Subject, dockerfile: Dockerfile) -> Iterator[Script]:
    ended: dict[str, _State] = {}
    for stage in dockerfile.stages if dockerfile.read("SHELL", "ENV", "ARG") else ():
        state = ended.get(stage.base.lower(), _State())
        for offset, one in enumerate(stage.instructions):
            state = _after(state, one)
            run = one.trigger or one
            if run.keyword == "RUN" and not run.exec and run.args and state.shell:
                made = _run(run, state)
                if made is not None:
                    head, text, start = made
                    route = ("instructions", stage.first + offset)
                    yield Script(subject, route, f"{head}{text}\n", len(head), start)
        for name in (stage.name.lower(), str(stage.index)):
            ended[name] = state


def _after(state: _State, one: Instruction) -> _State:
    for line in one.comment:
        pragma = _PRAGMA.match(line)
        if pragma:
            state = replace(state, shell=_shell(pragma[1]))
    if one.keyword == "SHELL":
        return replace(state, shell=_shell(one.args[0] if one.args else ""))
    if one.keyword in ("ARG", "ENV"):
        return replace(state, variables=state.variables | {name for name, _value in one.pairs})
    return state


def _shell(program: str) -> str:
    return program if program.rpartition("/")[2] in _KNOWN else ""


def _run(run: Instruction, state: _State) -> tuple[str, str, int] | None:
    """What stands before a script, the script, and where that begins in the instruction's text; None for a
    here-document of another language."""
    words = " ".join(run.args[0].split("\n"))
    names = sorted(name for name in state.variables if re.fullmatch(r"[A-Za-z_]\w*", name))
    exports = "".join(f"export {name}=1\n" for name in names)
    if len(run.heredocs) == 1 and not _HEREDOC.sub("", words, count=1).strip():
        body, shell, start = run.heredocs[0].text, state.shell, len(" ".join(run.args)) + 1
        if body.startswith("#!"):
            first, _, rest = body.partition("\n")
            shell = _shell(re.sub(r"^#!\s*(\S*/env\s+(-S\s+)?)?", "", first).partition(" ")[0])
            body, start = f"\n{rest}", start + len(first)
        return (f"#!{shell}\n{exports}", body, start) if shell else None
    bodies = "".join(f"\n{one.text}\n{one.name}" for one in run.heredocs)
    return f"#!{state.shell}\n{exports}", words + bodies, 0


def _workflow(subject: Subject, workflow: Workflow) -> Iterator[Script]:
    for job in workflow.jobs:
        common = _shell_of(job.data) or _shell_of(workflow.data)
        for step in job.steps:
            yield from _step(subject, step, common or _runner(job, step))
    for step in workflow.steps if "jobs" not in workflow.data else ():
        yield from _step(subject, step, "")


def _step(subject: Subject, step: Step, common: str) -> Iterator[Script]:
    """The script of a step, whose shell is its own or the common one."""
    named = step.data.get("shell")
    words = (named if isinstance(named, str) else common).split()
    shell = _shell(words[0]) if words else ""
    if step.run and shell:
        text = _EXPRESSION.sub(lambda match: re.sub(r"[^\n]", "_", match[0]), step.run)
        head = f"#!/bin/{shell}\n" + ("set -e\n" if len(words) == 1 or "-e" in words else "\n")
        yield Script(subject, (*step.route, "run"), f"{head}{text}\n", len(head))


def _shell_of(data: Mapping[str, Any]) -> str:
    for key in ("defaults", "run"):
        inner = data.get(key)
        data = inner if isinstance(inner, Mapping) else {}
    shell = data.get("shell")
    return shell if isinstance(shell, str) else ""


def _runner(job: Job, step: Step) -> str:
    """Runners of Windows start PowerShell; what an expression names may be one, unless its matrix says all that it names,
    or the step's condition leaves Windows out."""
    if _NOT_WINDOWS.match(step.condition) and "||" not in step.condition:
        return "bash"
    if not any("${{" in label for label in job.runs_on):
        return _started(job.runs_on)
    whole = "${{" not in json.dumps(mapping(job.data, "strategy", "matrix"), default=str)
    named = [label for _, label in runners(job.data, job.route)]
    return _started(named) if whole and named else "pwsh"


def _started(labels: Sequence[str]) -> str:
    return "pwsh" if any("windows" in label.lower() for label in labels) else "bash"
