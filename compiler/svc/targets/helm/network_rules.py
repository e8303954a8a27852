"""Rules of a network policy, whose places in their list say nothing: woven by what they say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from svc.resolve import names
from svc.targets.helm.conventions import OF_NAMESPACE
from svc.targets.helm.place import Place, camel
from svc.targets.helm.types import Added, Entry, Items, Node, Path, When
from svc.targets.helm.values import Cases, alike, common_order

if TYPE_CHECKING:
    from svc.targets.helm.weave import Weaver

_OWN = '"own namespace": ""'


def network_rules(weaver: Weaver, cases: Cases, place: Place) -> Node:
    """Rules of a network policy: what is the same everywhere in the template, what differs in between as a value."""
    path = place.path("networkPolicy", f"extra{place.key.capitalize()}")
    neutral = _neutral(weaver, cases)
    switched = _switched(weaver, neutral, place, path)
    if switched is not None:
        return switched
    shortest = min(len(case) for case in cases)
    first = next((at for at in range(shortest) if not alike([case[at] for case in neutral])), shortest)
    most = shortest - first
    last = next((at for at in range(most) if not alike([case[-1 - at] for case in neutral])), most)
    if first + last == 0:
        return weaver.hole(place.path("networkPolicy", place.key), cases, spot=place.spot())
    doc = f"Further {place.key} rules of the network policy."
    between = tuple(case[first : len(case) - last] for case in cases)
    added = Added(weaver.hole(path, between, doc, {"type": "array"}, spot=place.spot()).path)
    known = [
        Entry("", weaver.weave(tuple(case[at] for case in cases), place.child(first)))
        for at in (*range(first), *range(-last, 0))
    ]
    return Items((*known[:first], added, *known[first:]))


def _switched(weaver: Weaver, texts: list[list[str]], place: Place, path: Path) -> Items | None:
    """Rules to needs that are turned on and off, as parts of the template: there they follow the release's name."""
    order = common_order(texts)
    if order is None:
        return None
    there = {text: tuple(text in case for case in texts) for text in order}
    whens = {text: _when_needed(weaver, json.loads(text), there[text]) for text in order}
    known = [text for text in order if all(there[text]) or whens[text] is not None]
    first = next((at for at, text in enumerate(order) if text not in known), len(order))
    extra = [[text for text in case if text not in known] for case in texts]
    for case, more in zip(texts, extra, strict=True):
        around = [[text for text in part if text in case] for part in (known[:first], known[first:])]
        if case != [*around[0], *more, *around[1]]:
            return None
    if not any(whens.values()):
        return None
    nodes = [weaver.weave(tuple(_everywhere(weaver, text)), place.child(at)) for at, text in enumerate(known)]
    entries = [Entry("", node, whens[text]) for node, text in zip(nodes, known, strict=True)]
    doc = f"Further {place.key} rules of the network policy."
    values = tuple([_everywhere(weaver, text)[at] for text in more] for at, more in enumerate(extra))
    added = Added(weaver.hole(path, values, doc, {"type": "array"}, spot=place.spot()).path)
    return Items((*entries[:first], added, *entries[first:]))


def _neutral(weaver: Weaver, cases: Cases) -> list[list[str]]:
    """The rules as texts that say the same where only the environment's own namespace differs."""
    own = [json.dumps({OF_NAMESPACE: one.namespace})[1:-1] for one in weaver.environments]
    return [[json.dumps(rule).replace(mine, _OWN) for rule in case] for case, mine in zip(cases, own, strict=True)]


def _everywhere(weaver: Weaver, text: str) -> list[Any]:
    """What a neutral rule is in each environment."""
    own = [json.dumps({OF_NAMESPACE: one.namespace})[1:-1] for one in weaver.environments]
    return [json.loads(text.replace(_OWN, mine)) for mine in own]


def _when_needed(weaver: Weaver, rule: Mapping[str, Any], there: tuple[bool, ...]) -> When | None:
    """The condition of a rule to the pods of one need, where it is there exactly when the need is."""
    peers = rule.get("to") or [{}]
    labels = peers[0].get("podSelector", {}).get("matchLabels", {})
    need = str(labels.get(names.NAME_LABEL, "")).removeprefix(f"{weaver.name}-")
    path = ("needs", camel(need), "enabled")
    return When(path, "if") if need and not all(there) and weaver.taken.get(path) == there else None
