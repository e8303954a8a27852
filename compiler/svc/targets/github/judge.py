"""External proof: actionlint (with shellcheck where it is there) and zizmor's strictest persona."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from svc import tools
from svc.asking import ask, version_of
from svc.patterns import regex
from svc.targets.github.types import Workflow
from svc.targets.protocol import Fault, Judgement

_ACTIONLINT_LINE = regex(r"(?P<path>.+?):(?P<line>\d+):\d+: (?P<message>.+)")


def judge(
    artifacts: Sequence[Sequence[Workflow]], root: Path, /, box: tools.Toolbox | None = None
) -> tuple[Judgement, ...]:
    """Without a toolbox only the checkout's own programs are looked for."""
    paths = sorted({workflow.path for one in artifacts for workflow in one})
    if not paths:
        return ()
    used = box or tools.toolbox({})
    return tuple(
        _judge(name, used, run, root, paths) for name, run in (("actionlint", _actionlint), ("zizmor", _zizmor))
    )


Runner = Callable[[tools.Located, tools.Toolbox, Path, Sequence[str]], tuple[Fault, ...]]


def _judge(name: str, box: tools.Toolbox, run: Runner, root: Path, paths: Sequence[str]) -> Judgement:
    try:
        located = tools.find(name, box)
    except tools.ToolMissing as missing:
        return Judgement(name, "", skipped=str(missing))
    return Judgement(name, version_of(located), run(located, box, root, paths))


def _actionlint(located: tools.Located, box: tools.Toolbox, root: Path, paths: Sequence[str]) -> tuple[Fault, ...]:
    shell = tools.available(("shellcheck",), box)
    program = str(shell["shellcheck"].path) if shell else ""
    options = ["-no-color", "-oneline", "-pyflakes=", f"-shellcheck={program}"]
    return ask(
        located,
        [*options, *paths],
        (0, 1),
        read=_lines,
        place=root,
        files=_read(root, paths),
        timeout=tools.DEFAULT_TIMEOUT + len(paths),
    )


def _lines(done: tools.Completed) -> tuple[Fault, ...]:
    """A finding a line; a message may go on in lines of its own."""
    lines = [line for line in done.stdout.split("\n") if line.strip()]
    found = [_ACTIONLINT_LINE.fullmatch(line) for line in lines]
    if bool(lines) != bool(done.returncode) or (found and found[0] is None):
        raise ValueError(f"exit code {done.returncode}, and no findings")
    return tuple(Fault("actionlint", one["path"], int(one["line"]), one["message"]) for one in found if one)


def _zizmor(located: tools.Located, _: tools.Toolbox, root: Path, paths: Sequence[str]) -> tuple[Fault, ...]:
    options = ["--offline", "--no-config", "--persona", "auditor", "--format", "json-v1", "--no-exit-codes"]
    timeout = tools.DEFAULT_TIMEOUT + len(paths)
    return ask(located, [*options, *paths], read=_findings, place=root, files=_read(root, paths), timeout=timeout)


def _read(root: Path, paths: Sequence[str]) -> list[Path]:
    """The files and what they may call: other workflows, and actions of the same tree."""
    return [*(root / path for path in paths), root / ".github"]


def _findings(done: tools.Completed) -> tuple[Fault, ...]:
    found = json.loads(done.stdout)
    if not isinstance(found, list):
        raise ValueError("no list of findings")
    return tuple(_finding(one) for one in found)


def _finding(one: dict[str, Any]) -> Fault:
    primary = next(place for place in one["locations"] if place["symbolic"]["kind"] == "Primary")
    path = primary["symbolic"]["key"]["Local"]["verbatim_path"].removeprefix("./")
    row = primary["concrete"]["location"]["start_point"]["row"]
    return Fault("zizmor", path, row + 1, f"{one['ident']}: {one['desc']}")
