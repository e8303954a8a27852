"""Policies written in CUE: one `cue export` for all of a run, violations back as data with routes.

`<id>.cue` beside `<id>.yaml` (with `check: cue`) defines

    #Policy: {
        input: _                                   // what is judged, as plain data
        violations: [for ... {at: ["spec", "replicas"], message: "..."}]
    }

Every policy is a package of its own in a module made for the run; nothing is fetched.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from svc import tools
from svc.asking import ask
from svc.diagnostics import Diagnostic, Place, Route, Severity, Span
from svc.patterns import regex
from svc.policy.plain import plain
from svc.policy.types import CueFailed, Finding, Policy
from svc.records import dataclass
from svc.source import Unreadable, load
from svc.targets.protocol import Subject

CHECK = "cue"
Box = Callable[[], tools.Toolbox]

_MODULE = 'module: "policies.svc"\nlanguage: version: "v0.11.0"\n'
_PACKAGE = regex(r"^package[ \t]+\w+[ \t]*(?://[^\n]*)?$", re.MULTILINE)
_ERROR_AT = regex(r"^\s+(?:\./)?(?P<file>p\d+)/policy\.cue:(?P<line>\d+):(?P<column>\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Job:
    """One policy over one input."""

    file: Path
    input: Any


Violation = tuple[Route, str]


def findings(
    chosen: Sequence[tuple[Policy, Severity]], groups: Sequence[Sequence[Subject]], box: Box | None
) -> list[Finding]:
    """What the CUE policies among `chosen` find in groups of subjects that live together. Raises CueFailed."""
    owners = [
        (policy, severity, subjects)
        for policy, severity in chosen
        if policy.check == CHECK
        for subjects in _judged(policy, groups)
    ]
    jobs = [Job(cue_file(policy), describe(policy, subjects)) for policy, _, subjects in owners]
    answers = zip(owners, evaluate(jobs, box), strict=True)
    return [one for (owner, violations) in answers for one in found_in(*owner, violations)]


def describe(policy: Policy, subjects: Sequence[Subject]) -> Any:
    """The `input` that a policy judges: one artifact, or for `across` the list of all."""
    return [_described(one) for one in subjects] if policy.surface == "across" else plain(subjects[0])


def found_in(
    policy: Policy, severity: Severity, subjects: Sequence[Subject], violations: Sequence[Violation]
) -> Iterator[Finding]:
    """The findings of one policy: its violations, each at the subject that its route begins with."""
    for route, message in violations:
        subject, rest = _target(policy, subjects, route)
        yield Finding(policy.id, severity, subject, rest, message, policy.help)


def cue_file(policy: Policy) -> Path:
    return Path(policy.place.file).with_suffix(".cue")


def _judged(policy: Policy, groups: Sequence[Sequence[Subject]]) -> Iterator[Sequence[Subject]]:
    if policy.surface == "across":
        yield from groups
        return
    each = {id(one): one for group in groups for one in group if one.surface == policy.surface}
    yield from ([one] for one in each.values())


def _target(policy: Policy, subjects: Sequence[Subject], route: Route) -> tuple[Subject, Route]:
    """Routes of across policies begin with the subject's index and `data`."""
    if policy.surface != "across":
        return subjects[0], route
    index = route[0] if route and isinstance(route[0], int) and 0 <= route[0] < len(subjects) else 0
    rest = route[1:]
    return subjects[index], rest[1:] if rest[:1] == ("data",) else rest


def _described(subject: Subject) -> dict[str, Any]:
    return {
        "surface": subject.surface,
        "name": subject.name,
        "environment": subject.environment,
        "data": plain(subject),
    }


def evaluate(jobs: Sequence[Job], box: Box | None) -> list[list[Violation]]:
    """The violations of every job, in one call of `cue`. Raises CueFailed; ToolCrashed is the machine's."""
    if not jobs:
        return []
    files = list(dict.fromkeys(job.file for job in jobs))
    if box is None:
        raise CueFailed([_missing(files[0], "svc was not told where programs are")])
    try:
        located = tools.find("cue", box())
    except tools.ToolMissing as missing:
        raise CueFailed([_missing(files[0], str(missing))]) from None
    with tempfile.TemporaryDirectory(prefix="svc-policies-") as name:
        folder = Path(name)
        _lay(folder, files, jobs)
        args = ["export", "--out", "json", "--expression", "runs", "."]
        env = {"CUE_CACHE_DIR": name, "CUE_REGISTRY": "none"}
        said = ask(located, args, (0, 1), read=lambda done: _answers(done, len(jobs)), place=folder, env=env)
    if isinstance(said, str):
        raise CueFailed(_errors(said, files))
    return [_violations(answer, job.file) for answer, job in zip(said, jobs, strict=True)]


def _answers(done: tools.Completed, count: int) -> str | list[Any]:
    """An answer for each job; or CUE's words, where it refuses."""
    if done.returncode:
        said = done.stderr or done.stdout
        if not said.strip():
            raise ValueError("refused without a word")
        return said
    answers = json.loads(done.stdout)
    if not isinstance(answers, list) or len(answers) != count:
        raise ValueError("not an answer for each policy")
    return answers


def _lay(folder: Path, files: Sequence[Path], jobs: Sequence[Job]) -> None:
    (folder / "cue.mod").mkdir()
    (folder / "cue.mod/module.cue").write_text(_MODULE, "utf-8")
    lines = ["package main", ""]
    for number, file in enumerate(files):
        text = _read(file)
        text = _PACKAGE.sub("package policy", text, count=1) if _PACKAGE.search(text) else f"package policy\n{text}"
        (folder / f"p{number}").mkdir()
        (folder / f"p{number}/policy.cue").write_text(text, "utf-8")
        lines.append(f'import p{number} "policies.svc/p{number}:policy"')
    inputs: dict[str, int] = {}
    runs = []
    for job in jobs:
        key = json.dumps(job.input, ensure_ascii=False)
        at = inputs.setdefault(key, len(inputs))
        runs.append(f"\t(p{files.index(job.file)}.#Policy & {{input: _inputs[{at}]}}).violations,")
    lines += ["", "_inputs: [", *(f"\t{_literal(key)}," for key in inputs), "]", "", "runs: [", *runs, "]", ""]
    (folder / "main.cue").write_text("\n".join(lines), "utf-8")


def _read(file: Path) -> str:
    """The text of a policy. Raises CueFailed when it cannot be read."""
    source = load(file)
    if isinstance(source, Unreadable):
        raise CueFailed([source.diagnostic])
    return source.text


def _literal(text: str) -> str:
    """JSON is CUE, but for U+2028 and U+2029 and the escaped slash, which CUE does not know outside escapes."""
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x7f", "\\u007f")


def _violations(answer: Any, file: Path) -> list[Violation]:
    if not isinstance(answer, list):
        raise CueFailed([_invalid(file, f"`violations` is {type(answer).__name__}, not a list")])
    found = []
    for one in answer:
        fits = isinstance(one, Mapping) and set(one) == {"at", "message"} and isinstance(one["message"], str)
        if not fits or not isinstance(one["at"], list) or not all(isinstance(part, str | int) for part in one["at"]):
            text = json.dumps(one, ensure_ascii=False)[:120]
            raise CueFailed([_invalid(file, f"a violation is {{at: [keys and indexes], message: text}}, not {text}")])
        found.append((tuple(one["at"]), one["message"]))
    return found


def _errors(said: str, files: Sequence[Path]) -> list[Diagnostic]:
    """CUE's own words at CUE's own places; each message is followed by the places that it is about."""
    found = []
    for block in re.split(r"\n(?=\S)", said.strip()):
        message = block.split("\n")[0].rstrip(":")
        message = re.sub(r"^runs\.\d+\.?[\w.]*: ", "", message)
        match = _ERROR_AT.search("\n" + block)
        file = files[int(match["file"][1:])] if match else files[0]
        span = _span(file, int(match["line"]), int(match["column"])) if match else None
        found.append(_invalid(file, message, span))
    return list(dict.fromkeys(found))


def _span(file: Path, line: int, column: int) -> Span:
    """A place of CUE's in the file as it is on disk: a text without a package clause was given one, on a line before."""
    line -= 0 if _PACKAGE.search(_read(file)) else 1
    return Span(max(line, 1), column, max(line, 1), column + 1)


def _invalid(file: Path, message: str, span: Span | None = None) -> Diagnostic:
    place = Place(file.as_posix(), span)
    advice = "`svc policies test` runs a pack's examples; docs/how-to/policies.md shows the form of a policy in CUE"
    return Diagnostic("policy-invalid", Severity.ERROR, f"policy `{file.stem}`: {message}", place, advice)


def _missing(file: Path, why: str) -> Diagnostic:
    message = f"policy `{file.stem}` is written in CUE, and there is no cue: nothing can be judged by it"
    return Diagnostic("cue-missing", Severity.ERROR, message, Place(file.as_posix()), why)
