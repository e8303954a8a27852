"""What is looked up in subjects seen together is what a comparison of all with all finds."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from svc.checks._objects import named, pods, pods_beside, selected, selects, together
from svc.checks.seen import Seen, Selectors, once, seen
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject
from svc.tree import Tree

VALUES: st.SearchStrategy[Any] = st.sampled_from(["a", "b", 1, 1.0, True, None, [], {}])
LABELS = st.dictionaries(st.sampled_from(["app", "tier", "x"]), VALUES, max_size=3)
EXPRESSION = st.fixed_dictionaries(
    {
        "key": st.sampled_from(["app", "tier"]),
        "operator": st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist", "?"]),
        "values": st.lists(VALUES, max_size=2),
    }
)
SELECTOR = st.fixed_dictionaries(
    {}, optional={"matchLabels": LABELS, "matchExpressions": st.lists(EXPRESSION, max_size=1)}
)
SPACES = st.sampled_from(["", "one", "two"])


@st.composite
def subjects(draw: st.DrawFn) -> list[Subject]:
    found = []
    for index in range(draw(st.integers(0, 6))):
        meta = {"name": draw(st.sampled_from(["web", "db"])), "namespace": draw(SPACES)}
        kind = draw(st.sampled_from(["Deployment", "NetworkPolicy", "Service"]))
        spec: dict[str, Any] = {"podSelector": draw(SELECTOR)}
        if kind == "Deployment":
            spec = {"template": {"metadata": {"labels": draw(LABELS)}, "spec": {"containers": []}}}
        manifest = Manifest(Tree({"apiVersion": "v1", "kind": kind, "metadata": meta, "spec": spec}))
        found.append(Subject("kubernetes", f"all.yaml#{index}", f"{kind}/{index}", manifest))
    return found


def _owner(space: str) -> Manifest:
    return Manifest(Tree({"kind": "Service", "metadata": {"name": "web", "namespace": space}}))


@given(subjects(), SELECTOR, SPACES)
def test_what_a_selector_selects(given_: list[Subject], selector: Any, space: str) -> None:
    owner = _owner(space)
    all_pods = [(one, labels) for _, one, labels in pods(given_)]
    assert len(all_pods) == sum(one.artifact.kind == "Deployment" for one in given_)
    wanted = [one for one, labels in all_pods if together(owner, one) and selects(selector, labels)]
    assert [id(one) for one in selected(seen(given_), owner, selector)] == [id(one) for one in wanted]
    assert pods_beside(given_, owner) == any(together(owner, one) for one, _ in all_pods)


@given(subjects())
def test_who_selects(given_: list[Subject]) -> None:
    policies = [(one, one.artifact) for one in given_ if one.artifact.kind == "NetworkPolicy"]
    selectors = Selectors(policies, lambda one: one.tree.get("spec", "podSelector"))
    for _, pod, labels in pods(given_):

        def selecting(one: Manifest, pod: Manifest = pod, labels: dict[str, Any] = labels) -> bool:
            return together(one, pod) and selects(one.tree.get("spec", "podSelector"), labels)

        near = [id(one) for one in selectors.near(pod, labels) if selecting(one)]
        assert near == [id(one) for _, one in policies if selecting(one)]


@given(subjects(), SPACES)
def test_what_has_a_name(given_: list[Subject], space: str) -> None:
    owner = _owner(space)
    for name, kind in product(("web", "db", None), ("Service", "Deployment")):
        found = [one.artifact for one in given_ if one.artifact.kind == kind and one.artifact.name == name]
        wanted = [id(one) for one in found if together(owner, one)]
        assert [id(one) for one in named(given_, owner, name, kind)] == wanted


def test_work_is_done_once_for_all_who_ask() -> None:
    asked = []

    def work(them: Seen) -> int:
        asked.append(them)
        return len(them)

    together_ = seen([])
    assert [once(together_, work), once(together_, work)] == [0, 0]
    assert len(asked) == 1
    assert once([], work) == 0
    assert len(asked) == 2
