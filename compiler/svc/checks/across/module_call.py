"""A call of a module in the same repository that does not fit what the module declares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import join, normpath
from typing import TYPE_CHECKING

from svc.checks._objects import Found
from svc.patterns import regex
from svc.records import dataclass
from svc.suggest import nearest
from svc.targets.protocol import Subject

if TYPE_CHECKING:  # a run without Terraform needs none of it
    from svc.targets.terraform.types import Block, Module

_META = frozenset({"source", "version", "providers", "count", "for_each", "depends_on", "lifecycle"})
_OUTPUT = regex(r"(?<![\w.\"-])module\.([A-Za-z_][\w-]*)(?:\[[^\[\]]*\])?\.([A-Za-z_][\w-]*)")
_KINDS = ("argument", "missing", "output")


@dataclass(frozen=True, slots=True)
class Params:
    kind: str = "argument"

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"kind is one of {', '.join(_KINDS)}")


def check(subjects: Sequence[Subject], params: Params) -> Iterator[Found]:
    ours = [one for one in subjects if one.surface == "terraform"]
    modules = {_folder(one.artifact): one.artifact for one in ours}
    if len(modules) < 2:
        return
    for subject in ours:
        calls = dict(_calls(subject.artifact, modules))
        yield from _outputs(subject, calls) if params.kind == "output" else _arguments(subject, calls, params)


def _folder(module: Module) -> str:
    return normpath((module.path or ".").replace("\\", "/"))


def _calls(module: Module, modules: dict[str, Module]) -> Iterator[tuple[str, tuple[Block, Module]]]:
    """By name: the calls of modules that are in the run, and whole."""
    for block in module.blocks("module"):
        source = block.get("source")
        if not isinstance(source, str) or not source.startswith(("./", "../")) or not block.labels:
            continue
        called = modules.get(normpath(join(_folder(module), source)))
        if called is not None and called.whole:
            yield block.labels[0], (block, called)


def _arguments(subject: Subject, calls: dict[str, tuple[Block, Module]], params: Params) -> Iterator[Found]:
    for name, (block, called) in calls.items():
        given, declared = block.attributes.keys() - _META, called.variables
        if params.kind == "argument":
            for one in sorted(given - declared.keys()):
                hint = nearest(one, declared.keys() - given)
                yield subject, (*block.address, one), f"module `{name}` has no variable `{one}`{hint}"
            continue
        for one, variable in sorted(declared.items()):
            if one not in given and "default" not in variable.attributes:
                yield subject, block.address, f"module `{name}` has to be given `{one}`"


def _outputs(subject: Subject, calls: dict[str, tuple[Block, Module]]) -> Iterator[Found]:
    from svc.targets.terraform.references import code
    from svc.targets.terraform.scan import TerraformError

    for _, route, text in subject.artifact.expressions if calls else ():
        try:
            referred = _OUTPUT.findall(code(text)) if "module." in text else ()
        except TerraformError:
            continue
        for name, output in dict.fromkeys(referred):
            if name in calls and output not in calls[name][1].outputs:
                hint = nearest(output, calls[name][1].outputs)
                shown = (*route, f"module.{name}.{output}")
                yield subject, shown, f"module `{name}` has no output `{output}`{hint}"
