"""Scripts judged by ShellCheck: one call for all of a run, each finding at the instruction or step that holds it.

A finding's route ends with ShellCheck's own code, so that a waiver, `--ignore` or a severity can name `SC2046` alone.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from svc import tools
from svc.asking import ask
from svc.diagnostics import Diagnostic, Place, Severity
from svc.policy.shell_scripts import Script, scripts
from svc.policy.types import SHELLCHECK, SHELLCHECK_CODE, CueFailed, Finding, Policy, Settings
from svc.records import replace
from svc.targets.protocol import Subject

Box = Callable[[], tools.Toolbox]

_LEFT_OUT = {
    "docker": frozenset((1090, 1091, 2187)),
    "github": frozenset((1090, 1091, 2050, 2153, 2154, 2157, 2194)),
}
"""What cannot be judged from here: files that are not there, `ash`, and what expressions stand for."""
_CODES = range(2)
_COMMENT = {"file": str, "line": int, "column": int, "code": int, "level": str, "message": str} | dict.fromkeys(
    ("endLine", "endColumn"), int
)


def missing(box: Box | None) -> Diagnostic | None:
    """What to say when scripts are to be judged and there is no ShellCheck."""
    try:
        if box is not None:
            tools.find("shellcheck", box())
            return None
        why = "svc was not told where programs are"
    except tools.ToolMissing as error:
        why = str(error)
    message = "scripts were not judged: there is no shellcheck"
    return Diagnostic("shellcheck-missing", Severity.INFO, message, Place("shellcheck"), why)


def findings(
    chosen: Sequence[tuple[Policy, Severity]], subjects: Sequence[Subject], settings: Settings, box: Box | None
) -> list[Finding]:
    """What the policies over ShellCheck find. Raises CueFailed when it is not there."""
    owners = [(policy, severity) for policy, severity in chosen if policy.check == SHELLCHECK]
    surfaces = {policy.surface for policy, _ in owners}
    each = {id(one): one for one in subjects if one.surface in surfaces}
    found = [script for one in each.values() for script in scripts(one)]
    return [
        finding
        for script, comments in zip(found, _comments(found, box), strict=True)
        for policy, severity in owners
        if policy.surface == script.subject.surface
        for finding in _findings(script, comments, policy, severity, settings)
    ]


def _findings(
    script: Script, comments: Sequence[Any], policy: Policy, severity: Severity, settings: Settings
) -> Iterator[Finding]:
    for one in comments:
        code, level = f"SC{one['code']}", severity
        if one["code"] in _LEFT_OUT[script.subject.surface] or not _asked(code, policy, settings):
            continue
        if code in settings.severities:
            remapped = settings.severities[code]
            if remapped is None:
                continue
            level = remapped
        elif one["level"] in ("info", "style"):
            level = Severity.INFO
        start = script.offset(one["line"], one["column"])
        within = (start, script.offset(one["endLine"], one["endColumn"])) if start >= 0 else None
        text = re.sub(r"\.$", "", " ".join(one["message"].split()))
        help_ = f"see https://www.shellcheck.net/wiki/{code}"
        route = (*script.route, code)
        yield Finding(policy.id, level, script.subject, route, f"{text} ({code})", help_, within)


def _asked(code: str, policy: Policy, settings: Settings) -> bool:
    codes = [name for name in settings.select if SHELLCHECK_CODE.fullmatch(name)]
    whole = policy.id in settings.select
    return code not in settings.ignore and (whole or not codes or code in codes)


def _comments(found: Sequence[Script], box: Box | None) -> list[list[Any]]:
    """ShellCheck's comments on each script, in the order of their places."""
    if not found:
        return []
    absent = missing(box)
    if absent is not None or box is None:
        raise CueFailed([replace(one, severity=Severity.ERROR) for one in (absent,) if one is not None])
    program = tools.find("shellcheck", box())
    texts = sorted({script.text for script in found})
    names = {text: f"{number}.sh" for number, text in enumerate(texts)}
    with tempfile.TemporaryDirectory(prefix="svc-scripts-") as folder:
        for text, name in names.items():
            (Path(folder) / name).write_text(text, "utf-8", newline="")
        arguments = ["--norc", "--format=json1", "--severity=style", *names.values()]
        comments = ask(program, arguments, _CODES, read=_by_file, place=Path(folder))
    return [comments.get(names[script.text], []) for script in found]


def _by_file(done: tools.Completed) -> dict[str, list[Any]]:
    """The comments of each file, in order, all of the form that is read later."""
    comments: dict[str, list[Any]] = {}
    for one in json.loads(done.stdout)["comments"]:
        if not all(isinstance(one[key], kind) for key, kind in _COMMENT.items()):
            raise ValueError("a comment of another form")
        comments.setdefault(one["file"], []).append(one)
    if bool(comments) != bool(done.returncode):
        raise ValueError(f"exit code {done.returncode} does not go with what it says of {len(comments)} files")
    for several in comments.values():
        several.sort(key=lambda one: (one["line"], one["column"], one["code"], one["message"]))
    return comments
