"""A call of a module in the same repository that does not fit what the module declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from posixpath import join, normpath
from typing import TYPE_CHECKING, Literal

from svc.checks._objects import Found
from svc.diagnostics import Route
from svc.records import dataclass
from svc.suggest import Sparing
from svc.targets.protocol import Subject

if TYPE_CHECKING:  # a run without Terraform needs none of it
    from svc.targets.terraform.types import Block, Module

_META = frozenset({"source", "version", "providers", "count", "for_each", "depends_on", "lifecycle"})


@dataclass(frozen=True, slots=True)
class Params:
    kind: Literal["argument", "missing", "output", "type"] = "argument"


def check(subjects: Sequence[Subject], params: Params) -> Iterator[Found]:
    ours = [one for one in subjects if one.surface == "terraform"]
    modules = {_folder(one.artifact): one.artifact for one in ours}
    if len(modules) < 2:
        return
    suggest = Sparing()
    for subject in ours:
        calls = dict(_calls(subject.artifact, modules))
        if params.kind == "output":
            yield from _outputs(subject, calls, suggest)
        elif subject.artifact.whole:
            yield from _arguments(subject, calls, params, suggest)


def _folder(module: Module) -> str:
    return normpath((module.path or ".").replace("\\", "/"))


def _calls(module: Module, modules: dict[str, Module]) -> Iterator[tuple[str, tuple[Block, Module]]]:
    """By name: the calls of modules that are in the run, and whole."""
    from svc.targets.terraform.override import laid

    for name, block in laid(module).get("module", {}).items():
        source = block.get("source")
        if not isinstance(source, str) or not source.startswith(("./", "../")):
            continue
        called = modules.get(normpath(join(_folder(module), source)))
        if called is not None and called.whole:
            yield name, (block, called)


def _arguments(
    subject: Subject, calls: dict[str, tuple[Block, Module]], params: Params, suggest: Sparing
) -> Iterator[Found]:
    from svc.targets.terraform.override import laid

    for name, (block, called) in calls.items():
        given, declared = block.attributes.keys() - _META, laid(called).get("variable", {})
        if params.kind == "type":
            yield from _values(subject, block, declared)
            continue
        if params.kind == "argument":
            left = declared.keys() - given
            for one in sorted(given - declared.keys()):
                hint = suggest.nearest(one, left)
                yield subject, (*block.address, one), f"module `{name}` has no variable `{one}`{hint}"
            continue
        for one, variable in sorted(declared.items()):
            if one not in given and "default" not in variable.attributes:
                yield subject, block.address, f"module `{name}` has to be given `{one}`"


def _values(subject: Subject, block: Block, declared: Mapping[str, Block]) -> Iterator[Found]:
    """Arguments that cannot become what the module's variables are."""
    from svc.checks._variable_types import no_type, unfit

    for name, value in block.attributes.items():
        type_ = declared[name].get("type") if name in declared and name not in _META else None
        if type_ is None or no_type(type_, whole=True):
            continue
        if wrong := next(unfit(type_, value, f"`{name}`"), ""):
            yield subject, (*block.address, name), wrong


def _outputs(subject: Subject, calls: dict[str, tuple[Block, Module]], suggest: Sparing) -> Iterator[Found]:
    from svc.targets.terraform.known import keys
    from svc.targets.terraform.override import laid
    from svc.targets.terraform.references import ELSEWHERE

    for block in subject.artifact.blocks() if calls else ():
        if block.type in ELSEWHERE:
            continue
        for route, name, output in _referred(block):
            known = laid(calls[name][1]).get("output", {}) if name in calls else {}
            if name in calls and output not in known and output not in keys(subject.artifact, calls[name][0]):
                shown = (*route, f"module.{name}.{output}")
                yield subject, shown, f"module `{name}` has no output `{output}`{suggest.nearest(output, known)}"


def _referred(block: Block) -> Iterator[tuple[Route, str, str]]:
    """The calls and their outputs that a block reads, but for what it tries."""
    from svc.targets.terraform.references import bound, certain, expressions, looped, paths
    from svc.targets.terraform.scan import TerraformError

    if not any("module." in text for _, text in block.expressions) or "module" in bound(block):
        return
    for route, text in expressions(block, block.address, tried=False):
        if "module." not in text or "module" in looped(text):
            continue
        try:
            referred = dict.fromkeys(path[1:3] for path in paths(certain(text)) if path[0] == "module")
        except TerraformError:
            continue
        yield from ((route, *path) for path in referred if len(path) == 2)
