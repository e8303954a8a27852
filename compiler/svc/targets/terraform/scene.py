"""What the lowering functions share: the environments in the cloud, and the parts that they contribute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from svc.diagnostics import Problem, Route
from svc.records import dataclass, field
from svc.resolve.types.needs import Need
from svc.resolve.types.whole import Resolved
from svc.resolve.unit import Unit
from svc.targets.terraform.build import Nested, ex, identifier
from svc.targets.terraform.types import Block, Value


class Unset:
    """No value: no default of a variable, or a fact that the spec does not know."""


UNSET = Unset()
NAME = "${local.name}"
"""The service's name, which stands in `locals.tf` alone: the other files of two services that own the same are alike."""


@dataclass(frozen=True, slots=True)
class Input:
    """A variable. `values` are per environment; UNSET there leaves it to the reader of the tfvars file."""

    name: str
    type: str
    description: str
    default: Any = UNSET
    check: tuple[str, str] = ("", "")
    values: Mapping[str, Any] = field(default_factory=dict)
    at: Route | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one concern adds. `grants` are statements of the workload's policy, per need or permission."""

    files: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Block, ...] = ()
    grants: tuple[Grant, ...] = ()
    locals: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """A policy statement; `each` lists ARNs that may be none (`aws_sqs_queue.orders[*].arn`).

    `listed`: each of them is itself a list of ARNs.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[Any, ...] = ()
    each: str = ""
    suffix: str = ""
    listed: bool = False
    at: Route | None = None

    def blocks(self) -> tuple[str, Nested]:
        """The nested block's type and its body."""
        statement: dict[str, Any] = {"sid": self.sid, "actions": list(self.actions)}
        if not self.each:
            return "statement", Nested({**statement, "resources": list(self.resources)})
        arn: Value = ex(f'"${{statement.value}}{self.suffix}"') if self.suffix else ex("statement.value")
        content = Nested({**statement, "resources": arn if self.listed else [arn]})
        return "dynamic", Nested({"for_each": ex(self.each), "content": content}, ("statement",))


@dataclass(frozen=True, slots=True)
class Owned:
    """What of a managed need its blocks are made of: equal facts make the same blocks, whichever service has them."""

    name: str
    type: str
    version: str
    fifo: bool
    outputs: tuple[str, ...]
    at: Route
    always: bool

    @property
    def id(self) -> str:
        return identifier(self.name)

    def count(self, also: str = "") -> dict[str, Value]:
        """The `count` argument, when there may be none: `also` is a further condition."""
        conditions = [*([] if self.always else [f"var.{self.id}_enabled"]), *([also] if also else [])]
        return {"count": ex(f"{' && '.join(conditions)} ? 1 : 0")} if conditions else {}

    def ref(self, type_: str, attribute: str, name: str = "") -> str:
        return f"{type_}.{name or self.id}{'' if self.always else '[0]'}.{attribute}"

    def splat(self, type_: str, attribute: str) -> str:
        """All of them as a list, for what stands outside the condition."""
        return f"{type_}.{self.id}[*].{attribute}"

    def shown(self, type_: str, attribute: str) -> Value:
        """For an output: null where there is none."""
        return ex(self.ref(type_, attribute) if self.always else f"one({self.splat(type_, attribute)})")

    def grant(self, sid: str, actions: Iterable[str], type_: str, suffix: str = "") -> Grant:
        if self.always:
            arn = f"{type_}.{self.id}.arn"
            one = ex(f'"${{{arn}}}{suffix}"') if suffix else ex(arn)
            return Grant(sid, tuple(actions), (one,), at=self.at)
        return Grant(sid, tuple(actions), each=self.splat(type_, "arn"), suffix=suffix, at=self.at)


@dataclass(frozen=True)
class Managed:
    """A need that the cloud provides in some environments."""

    name: str
    by_environment: Mapping[str, Need]
    always: bool

    @property
    def id(self) -> str:
        return identifier(self.name)

    @property
    def need(self) -> Need:
        return next(iter(self.by_environment.values()))

    @cached_property
    def own(self) -> Owned:
        need = self.need
        return Owned(self.name, need.type, need.version, need.fifo, tuple(need.outputs), need.at, self.always)


@dataclass(frozen=True, slots=True)
class Scene:
    unit: Unit
    environments: tuple[Resolved, ...]

    @property
    def name(self) -> str:
        return self.unit.name

    @property
    def first(self) -> Resolved:
        return self.environments[0]

    def per(self, get: Callable[[Resolved], Any]) -> dict[str, Any]:
        """A fact in each environment; empty strings are facts that nobody knows."""
        found = {one.environment: get(one) for one in self.environments}
        return {name: UNSET if value == "" else value for name, value in found.items()}

    def managed(self, *types: str) -> tuple[Managed, ...]:
        found: dict[str, dict[str, Need]] = {}
        for one in self.environments:
            for need in one.needs:
                if need.type in types and need.realise == "managed":
                    found.setdefault(need.name, {})[one.environment] = need
        return tuple(Managed(name, needs, len(needs) == len(self.environments)) for name, needs in found.items())

    def enabled(self, managed: Managed) -> tuple[Input, ...]:
        """The switch of a need that only some environments have in the cloud."""
        if managed.always:
            return ()
        values = {one.environment: one.environment in managed.by_environment for one in self.environments}
        description = f"Whether this environment has its {managed.name} as a managed service."
        return (Input(f"{managed.id}_enabled", "bool", description, True, values=values, at=managed.need.at),)

    def sized(self, managed: Managed, get: Callable[[Need], Any]) -> dict[str, Any]:
        """A fact of a need in the environments that have it; the others keep the variable's default."""
        return {name: get(need) for name, need in managed.by_environment.items()}


def merged(parts: Iterable[Part]) -> Part:
    """All parts as one; a variable that several ask for is declared once."""
    files: dict[str, tuple[Block, ...]] = {}
    inputs: dict[str, Input] = {}
    named: dict[str, Any] = {}
    rest = list(parts)
    for part in rest:
        for name, blocks in part.files.items():
            files[name] = files.get(name, ()) + blocks
        for one in part.inputs:
            inputs.setdefault(one.name, one)
        named.update(part.locals)
    return Part(
        files,
        tuple(inputs.values()),
        tuple(block for part in rest for block in part.outputs),
        tuple(grant for part in rest for grant in part.grants),
        named,
        tuple(problem for part in rest for problem in part.problems),
    )
