"""External proof: actionlint (with shellcheck where it is there) and zizmor's strictest persona."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from svc import tools
from svc.asking import ask, version_of
from svc.targets.github.types import Workflow
from svc.targets.protocol import Fault, Judgement


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
    # a label of one's own machines is a word of the spec; the policy `runner-unknown` knows misspelt ones
    own = ["-ignore", '^label ".+" is unknown']
    options = ["-no-color", "-format", "{{json .}}", "-pyflakes=", f"-shellcheck={program}", *own]
    return ask(
        located,
        [*options, *paths],
        (0, 1),
        read=_problems,
        place=root,
        files=_read(root, paths),
        timeout=tools.DEFAULT_TIMEOUT + len(paths),
    )


def _problems(done: tools.Completed) -> tuple[Fault, ...]:
    """A list, also of nothing: who says nothing at all has not judged."""
    found = json.loads(done.stdout)
    if not isinstance(found, list) or bool(found) != bool(done.returncode):
        raise ValueError(f"exit code {done.returncode} does not go with the list of findings")
    return tuple(
        Fault("actionlint", str(one["filepath"]), int(one["line"]), f"{one['message']} [{one['kind']}]")
        for one in found
    )


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
