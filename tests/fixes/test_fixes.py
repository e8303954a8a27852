"""Every fixable policy's own examples are fixed: the finding goes, the rest stays, a second run changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from fixing_samples import FIXABLE, linter, run
from svc import assets
from svc.emit import emit
from svc.fixes import table
from svc.fixing import fix
from svc.parse import parse_one
from svc.policy.examples import examples
from svc.policy.types import Policy
from svc.source import Source


def written(policy: Policy, value: Any, flow: bool) -> str:
    if isinstance(value, str):
        return value
    if policy.surface == "kubernetes" and "kind" not in value:
        value = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "example"}, "spec": value}
    import json

    many = value if isinstance(value, list) else [value]
    return "---\n".join(json.dumps(one) + "\n" if flow else emit(one).text for one in many)


# Examples whose fix has to be made by hand; the refusal says why.
BY_HAND = ("insecure-workflow-commands-1", "script-injection-2")


def cases() -> list[Any]:
    found = []
    for policy in FIXABLE.values():
        file = assets.policies() / f"{policy.id}.yaml"
        document = parse_one(Source(file.name, file.read_text("utf-8"))).documents[0]
        for number, example in enumerate(examples(document)):
            if example.at is not None:
                name = f"{policy.id}-{number}"
                found.append(pytest.param(policy, example.input, name.startswith(BY_HAND), id=name))
    return found


@pytest.mark.parametrize("flow", [False, True], ids=["block", "flow"])
@pytest.mark.parametrize(("policy", "value", "by_hand"), cases())
def test_an_example_is_fixed(policy: Policy, value: Any, by_hand: bool, flow: bool) -> None:
    text = "# keep me\n" + written(policy, value, flow)
    made, new = run(policy, text)
    if by_hand:
        assert made.refused
        assert new == text
        return
    assert made.applied
    assert not made.refused, made.refused
    assert not made.left, new
    assert new.startswith("# keep me\n")
    again, same = run(policy, new)
    assert same == new
    assert not again.applied


def test_every_fixable_policy_has_a_fix_and_the_other_way_round() -> None:
    assert set(FIXABLE) == {*table.DATA, *table.QUOTED, *table.DOCKER, *table.TERRAFORM}


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    policy = FIXABLE["may-run-as-root"]
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: app}]}\n"
    assert not fix({"a.yaml": text}, linter(policy), [policy]).texts
    assert fix({"a.yaml": text}, linter(policy), [policy], unsafe=True).texts


def test_a_shared_security_context_is_left_alone() -> None:
    policy = FIXABLE["privilege-escalation"]
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"
        "  - name: a\n    securityContext: &shared {privileged: false}\n  - name: b\n    securityContext: *shared\n"
    )
    made, new = run(policy, text)
    assert new == text
    assert {one.reason for one in made.refused} == {"something else would change too"}


def test_comments_quotes_and_indentation_stay() -> None:
    policy = FIXABLE["privilege-escalation"]
    text = """\
# top
apiVersion: v1
kind: Pod
metadata: {name: "a"}   # flow
spec:
    containers:
        - name: 'app'   # the app
          image: x
          # about nothing
        - name: b
          securityContext: {readOnlyRootFilesystem: true}   # ro
"""
    _, new = run(policy, text)
    assert new == text.replace(
        "          image: x\n",
        "          image: x\n          securityContext:\n              allowPrivilegeEscalation: false\n",
    ).replace("true}   # ro", "true, allowPrivilegeEscalation: false}   # ro")


def test_a_run_over_lines_keeps_them() -> None:
    policy = FIXABLE["recommended-packages"]
    text = "FROM debian:13\nRUN apt-get update \\\n    && apt-get install -y \\\n       curl\n"
    _, new = run(policy, text)
    assert new == text.replace("install -y", "install --no-install-recommends -y")
