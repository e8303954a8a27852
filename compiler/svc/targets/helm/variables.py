"""Variables of containers: those with values of their own are values of the chart, one each; a place for further ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from svc.targets.helm import plain_texts as texts
from svc.targets.helm.place import Place
from svc.targets.helm.types import Added, Const, Entry, Fields, Items, Node, Path, When
from svc.targets.helm.values import MISSING, Cases, Missing, alike, common_order, equal

if TYPE_CHECKING:
    from svc.targets.helm.weave import Weaver


def environment(weaver: Weaver, cases: Cases, place: Place) -> Node | None:
    """Variables keep their order, since one may refer to an earlier one; plain values are values of the chart."""
    section = place.container("env")
    if section is None or MISSING in cases:
        return None
    order = common_order([[item["name"] for item in case] for case in cases])
    if order is None:
        return None
    entries = [_variable(weaver, name, cases, section, place.child(index, name)) for index, name in enumerate(order)]
    return Items((*entries, *extra_env(weaver, section, place, order)))


def extra_env(weaver: Weaver, section: Path, place: Place, names: Sequence[str] = ()) -> tuple[Added, ...]:
    """A place for variables that the spec does not know, in the main containers of the service."""
    if section != place.section or not place.own:
        return ()
    doc = "Further variables, as Kubernetes writes them: a list of name and value or valueFrom."
    path = (*section, "extraEnv")
    taken = {"items": {"properties": {"name": {"not": {"enum": sorted(names)}}}}} if names else {}
    schema = {"type": "array", **taken}
    weaver.hole(path, ([],) * len(weaver.environments), doc, schema, spot=place.spot())
    return (Added(path),)


def _variable(weaver: Weaver, name: str, cases: Cases, section: Path, place: Place) -> Entry:
    items = tuple(next((item for item in case if item["name"] == name), MISSING) for case in cases)
    there = [item for item in items if not isinstance(item, Missing)]
    plain = [set(item) == {"name", "value"} for item in there]
    if all(plain):
        values = tuple(item if isinstance(item, Missing) else item["value"] for item in items)
        shared = ("env", name)
        path = shared if equal(weaver.taken.get(shared, ()), values) else (*section, "env", name)
        hole = weaver.hole(path, values, "", texts.value_of(name), "string")
        fields = Fields((Entry("name", Const(name)), Entry("value", hole)))
    elif not any(plain) and len(there) == len(items) and alike(items):
        return Entry("", weaver.mapping(items, place))
    else:
        bodies = tuple(item if isinstance(item, Missing) else _without_name(item) for item in items)
        spot = place.spot("name")
        schema = {"type": "object", "properties": {"value": texts.value_of(name)}}
        hole = weaver.hole((*section, "envSources", name), bodies, "", schema, "block", spot)
        fields = Fields((Entry("name", Const(name)), Entry("", hole)))
        if not alike([sorted((*item, *item.get("valueFrom", ()))) for item in there]):
            weaver.whole.add(hole.path)
    apart = len(there) < len(items) or hole.path in weaver.whole
    return Entry("", fields, When(hole.path, "has") if apart else None)


def _without_name(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "name"}
