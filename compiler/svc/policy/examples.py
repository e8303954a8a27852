"""The examples of a policy are its tests: each runs only its own policy, and the routes are compared.

Short forms of inputs: for `kubernetes` a mapping without `kind` is the spec of a pod; `across` takes a list of
objects, of services as they call others, or of files as `{file, text}`, whose routes begin with the index; surfaces with a syntax of their own take text, and
`helm` texts by path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from svc.diagnostics import Diagnostic, Route, Severity, shown
from svc.kubernetes.types import Manifest
from svc.parse import Document, parse_one
from svc.policy.inputs import kind_of
from svc.policy.run import judge
from svc.policy.types import SHELLCHECK, Finding, Policy, Settings
from svc.records import dataclass, replace
from svc.source import Source
from svc.targets.protocol import Subject
from svc.tools import Toolbox
from svc.tree import Tree

Box = Callable[[], Toolbox]
CUE = "cue"


@dataclass(frozen=True, slots=True)
class Example:
    """`at` None: the policy must be silent. `route` is where the example stands in the policy's file."""

    input: Any
    at: tuple[Route, ...] | None
    route: Route


def examples(document: Document) -> Iterator[Example]:
    """The examples of a valid policy file."""
    for index, item in enumerate(document.data["pass"]):
        yield Example(item, None, ("pass", index))
    for index, item in enumerate(document.data["fail"]):
        yield Example(item["input"], tuple(tuple(route) for route in item["at"]), ("fail", index))


def failures(policy: Policy, file: Path, box: Box | None = None) -> tuple[Diagnostic, ...]:
    """The examples of a policy that do not come out as they say, each at its place in the policy's file."""
    return all_failures([(policy, file)], box)


def all_failures(policies: Sequence[tuple[Policy, Path]], box: Box | None = None) -> tuple[Diagnostic, ...]:
    """As `failures` for many policies; those in CUE are asked in one call. Raises CueFailed."""
    cases = []
    for policy, file in policies:
        document = parse_one(Source(file.as_posix(), file.read_text("utf-8"))).documents[0]
        cases += [(policy, document, example) for example in examples(document)]
    answers = _cue_routes([(policy, example.input) for policy, _, example in cases if policy.check == CUE], box)
    found = []
    for policy, document, example in cases:
        got = next(answers) if policy.check == CUE else routes(policy, example.input, box)
        wanted = tuple(sorted(example.at or (), key=shown))
        if got != wanted:
            message = f"example of `{policy.id}`: found at {_listed(got)}; expected {_listed(wanted)}"
            found.append(Diagnostic("policy-example", Severity.ERROR, message, document.place(example.route)))
    return tuple(found)


def routes(policy: Policy, value: Any, box: Box | None = None) -> tuple[Route, ...]:
    """Where a policy alone finds something in an example's input. Raises CueFailed when its program is not there."""
    subjects, cut = _subjects(policy, value)
    settings = Settings(severities={policy.id: policy.severity}, profile="")
    if policy.check == SHELLCHECK:
        from svc.policy import shellcheck

        return _routes(policy, shellcheck.findings([(policy, policy.severity)], subjects, settings, box), cut)
    return _routes(policy, judge(subjects, [policy], settings), cut)


def _routes(policy: Policy, findings: Iterable[Finding], cut: int) -> tuple[Route, ...]:
    across = policy.surface == "across"
    found = {(int(one.subject.key), *one.route) if across else one.route[cut:] for one in findings}
    return tuple(sorted(found, key=shown))


def _cue_routes(cases: Sequence[tuple[Policy, Any]], box: Box | None) -> Iterator[tuple[Route, ...]]:
    if not cases:
        return iter(())
    from svc.policy.cue import Job, cue_file, describe, evaluate, found_in

    made = [(policy, *_subjects(policy, value)) for policy, value in cases]
    jobs = [Job(cue_file(policy), describe(policy, subjects)) for policy, subjects, _ in made]
    answers = evaluate(jobs, box)
    return iter(
        [
            _routes(policy, found_in(policy, policy.severity, subjects, violations), cut)
            for (policy, subjects, cut), violations in zip(made, answers, strict=True)
        ]
    )


def _subjects(policy: Policy, value: Any) -> tuple[list[Subject], int]:
    """The subjects of an input, and how many parts its short form leaves out of every route."""
    if policy.surface == "across":
        return [_beside(item, str(index)) for index, item in enumerate(value)], 0
    if policy.surface == "kubernetes" and "kind" not in value:
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "example"}, "spec": value}
        return [_object(pod, "0")], 1
    return [_READERS[policy.surface](value, "0")], 0


def _beside(value: Any, key: str) -> Subject:
    """Something among others: an object, or a file with its path and text."""
    if "calls" in value:
        return _service(value, key)
    if set(value) != {"file", "text"}:
        return _object(value, key)
    kind = kind_of(value["file"]) or "docker"
    if kind == "terraform":
        return _module_of(value["file"], value["text"], key)
    text = value["text"] if kind != "compose" else parse_one(Source("compose", value["text"])).documents[0].data
    return replace(_READERS[kind](text, key), name=value["file"])


def _object(value: Any, key: str) -> Subject:
    return Subject("kubernetes", key, "example", Manifest(Tree(value)))


def _dockerfile(value: Any, key: str) -> Subject:
    from svc.targets.docker.read import read_dockerfile

    alone = replace(read_dockerfile(Source("Dockerfile", value)).dockerfile, ignored=False)
    return Subject("docker", key, "Dockerfile", alone)


def _workflow(value: Any, key: str) -> Subject:
    from svc.targets.github.read import read_workflow

    document = parse_one(Source("workflow.yaml", value)).documents[0]
    return Subject("github", key, "workflow", read_workflow(document, ".github/workflows/example.yaml"))


def _module(value: Any, key: str) -> Subject:
    from svc.targets.terraform.read import read_module

    return Subject("terraform", key, "module", read_module({"main.tf": value}))


def _module_of(file: str, text: str, key: str) -> Subject:
    """A module of one file, in its folder."""
    from svc.targets.terraform.read_json import read_file
    from svc.targets.terraform.types import Module

    folder, _, name = file.rpartition("/")
    return Subject("terraform", key, "module", Module(folder, {name: read_file(name, text)}))


def _compose(value: Any, key: str) -> Subject:
    from svc.targets.compose.types import ComposeFile

    return Subject("compose", key, "compose", ComposeFile(Tree(value)))


def _chart(value: Any, key: str) -> Subject:
    from svc.targets.helm.source import chart_of

    return Subject("helm", key, "chart", chart_of(value))


def _service(value: Any, key: str) -> Subject:
    from svc.resolve.view import View

    return Subject("service", key, "service", View(Tree(value)), str(value.get("environment") or ""))


_READERS = {
    "service": _service,
    "kubernetes": _object,
    "docker": _dockerfile,
    "github": _workflow,
    "terraform": _module,
    "compose": _compose,
    "helm": _chart,
}


def _listed(found: tuple[Route, ...]) -> str:
    return ", ".join(f"`{shown(route)}`" for route in found) or "nothing"
