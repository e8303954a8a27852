"""Strategies: services and workspaces made of what `tests/model/parts.yaml` says about every field, in any combination.

A spec is a few of those cases laid over each other, with names, ports, texts, needs and environments of its own. Most
are valid; one that is not is a test as well, of what svc says about it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from model.every_model import models
from model.test_every_field import CASES, FILES
from svc.diagnostics import Route
from svc.model.base import Part

Spec = dict[str, Any]
Shuffle = Callable[[list[Any]], None]

WORKSPACE: Spec = {
    "apiVersion": "svc/v1",
    "kind": "Workspace",
    "registry": "111122223333.dkr.ecr.eu-west-1.amazonaws.com",
    "repository": "acme/shop",
    "environments": {
        name: {
            "namespace": f"shop-{name}",
            "cluster": f"shop-{name}",
            "account": account,
            "region": "eu-west-1",
            "domain": f"{name}.shop.example.com",
            "state_bucket": f"acme-shop-{name}-terraform-state",
        }
        for name, account in (("staging", "444455556666"), ("production", "111122223333"))
    },
    "defaults": {"team": "shop"},
}
OVERLAID = ("env", "labels", "resources", "scale", "placement", "rollout", "observe", "command", "service", "account")
"""Keys that an environment of a generated spec says differently."""
IN_ORDER = frozenset({"environments"}).union(*(model.IN_ORDER for model in models() if issubclass(model, Part)))
"""Fields whose keys mean something by their order; every other order of names makes the same outputs."""
NEEDS: dict[str, Spec] = {
    "postgres": {"URL": "${needs.%s.url}"},
    "redis": {"CACHE": "${needs.%s.host}"},
    "queue": {"QUEUE": "${needs.%s.url}"},
    "bucket": {"BUCKET": "${needs.%s.name}"},
}
RUNS: tuple[Spec, ...] = (
    {"run": "before-deploy"},
    {"run": "after-deploy"},
    {"run": "manual"},
    {"schedule": "5 4 * * *"},
)


def _builds() -> list[Spec]:
    """Of each language and manager the first, and a Dockerfile of one's own."""
    found: dict[str, Spec] = {}
    for case in CASES:
        build = case.after.get("build")
        if isinstance(build, dict):
            found.setdefault(f"{build.get('language')} {build.get('manager')}", build)
    return list(found.values())


BUILDS = tuple({"build": build} for build in _builds())
"""As many of each way to build, whatever is said about it."""

labels = st.from_regex(r"[a-z][a-z0-9]{0,7}(-[a-z0-9]{1,6})?", fullmatch=True)
variables = st.from_regex(r"X_[A-Z][A-Z0-9_]{0,9}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20) | st.text(
    "{}$`\"'\\#:-|>\n a%&*!@=", max_size=12
)
values = texts | st.integers(-9, 99999) | st.booleans()


@dataclass(frozen=True, slots=True)
class World:
    """Specs by folder, and the workspace above them (None: there is none)."""

    specs: tuple[Spec, ...]
    workspace: Spec | None

    def write(self, root: Path) -> Path:
        for spec in self.specs:
            folder = root / spec["name"]
            for name, text in (*FILES.items(), ("service.yaml", json.dumps(spec, indent=1, ensure_ascii=False))):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text, "utf-8")
        if self.workspace is not None:
            (root / "svc-workspace.yaml").write_text(json.dumps(self.workspace, ensure_ascii=False), "utf-8")
        return root

    def permuted(self, shuffle: Shuffle) -> World:
        """The same data with the keys of every mapping in another order."""
        return World(tuple(permuted(one, shuffle) for one in self.specs), permuted(self.workspace, shuffle))


def laid(base: Any, over: Any) -> Any:
    """Mappings by key; the rest of `over` wins."""
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return copy.deepcopy(over)
    return {
        key: laid(base.get(key), over[key]) if key in over else copy.deepcopy(base[key]) for key in {**base, **over}
    }


def permuted(value: Any, shuffle: Shuffle, ordered: bool = False) -> Any:
    """With the keys of every mapping in another order, but where that means something."""
    if isinstance(value, dict):
        keys = list(value)
        if not ordered:
            shuffle(keys)
        return {key: permuted(value[key], shuffle, key in IN_ORDER) for key in keys}
    return [permuted(one, shuffle) for one in value] if isinstance(value, list) else value


@st.composite
def specs(draw: st.DrawFn, name: str, known: tuple[str, ...] = ()) -> Spec:
    """`known`: services of the workspace that this one may speak of."""
    spec: Spec = {}
    for case in draw(st.lists(st.sampled_from(CASES), min_size=1, max_size=3)):
        spec = laid(spec, case.after)
    if draw(st.integers(0, 2)) == 0:
        spec = {key: one for key, one in spec.items() if key not in ("image", "build")} | draw(st.sampled_from(BUILDS))
    spec |= {"apiVersion": "svc/v1", "name": name, "team": draw(labels)}
    env = draw(st.dictionaries(variables, values, max_size=3))
    spec = laid(spec, {"env": env | draw(_references(spec, known))} if env or known else {})
    if draw(st.booleans()) and isinstance(spec.get("ports"), dict) and "http" in spec["ports"]:
        spec["ports"] = {**spec["ports"], "extra": draw(st.integers(1024, 65535))}
    spec = laid(spec, draw(_needs()))
    for job in draw(st.lists(labels, max_size=1)):
        spec = laid(spec, {"jobs": {job: {**draw(st.sampled_from(RUNS)), "command": ["./run", draw(texts)]}}})
    environments = {one: draw(_overlay()) for one in draw(st.sampled_from(((), ("staging", "production"))))}
    return laid(spec, {"environments": environments}) if environments else spec


@st.composite
def _needs(draw: st.DrawFn) -> Spec:
    kinds = draw(st.lists(st.sampled_from(sorted(NEEDS)), max_size=2, unique=True))
    made: Spec = {"needs": {}, "env": {}}
    for kind in kinds:
        key = f"{kind}-{draw(labels)}"
        made["needs"][key] = kind
        made["env"] |= {f"X_{name}": text % key for name, text in NEEDS[kind].items()}
    return made if kinds else {}


@st.composite
def _references(draw: st.DrawFn, spec: Spec, known: tuple[str, ...]) -> Spec:
    names = draw(st.lists(st.sampled_from(known), max_size=2, unique=True)) if known else []
    return {f"X_{one.upper().replace('-', '_')}_AT": f"${{services.{one}.url}}" for one in names}


@st.composite
def _overlay(draw: st.DrawFn) -> Spec:
    case = draw(st.sampled_from(CASES)).after
    kept = {key: case[key] for key in OVERLAID if key in case}
    env = draw(st.dictionaries(variables, values, max_size=2))
    return {**kept, "env": {**kept.get("env", {}), **env}} if env else kept


@st.composite
def worlds(draw: st.DrawFn) -> World:
    names = tuple(draw(st.lists(labels, min_size=1, max_size=3, unique=True)))
    made = tuple(draw(specs(name, tuple(one for one in names if one != name))) for name in names)
    return World(tuple(pinned(one) for one in made), draw(st.sampled_from((WORKSPACE, None))))


def pinned(value: Any) -> Any:
    """Every image with a digest, as the policies want it."""
    if isinstance(value, dict):
        return {
            key: _digest(one) if key == "image" and isinstance(one, str) else pinned(one) for key, one in value.items()
        }
    return [pinned(one) for one in value] if isinstance(value, list) else value


def _digest(image: str) -> str:
    return image if "@" in image else f"{image}@sha256:{'0123456789abcdef' * 4}"


def repaired(world: World, wrong: Iterable[tuple[str, Route]]) -> World:
    """Without what diagnostics point at: (service, route). A service is left as it is when nothing of it is named."""
    made = {one["name"]: copy.deepcopy(one) for one in world.specs}
    for name, route in wrong:
        spec = made.get(name)
        if spec is not None and route:
            _drop(spec, route)
    return World(tuple(made.values()), world.workspace)


def _drop(spec: Spec, route: Route) -> None:
    """The value at a route, or its nearest ancestor that is written as a key of mappings."""
    node: Any = spec
    for index, key in enumerate(route):
        deeper = node.get(key) if isinstance(node, dict) else None
        if index + 1 < len(route) and isinstance(deeper, dict) and route[index + 1] in deeper:
            node = deeper
        elif isinstance(node, dict) and key not in ("name", "apiVersion", "team"):
            node.pop(key, None)
            return
