"""The engine on small policies of its own: selection, order, repetition, groups."""

from __future__ import annotations

import random
from typing import Any

from svc.diagnostics import Place, Severity
from svc.kubernetes.types import Manifest
from svc.policy.run import judge, selected, unknown, without_repetition
from svc.policy.types import Finding, Policy, Settings
from svc.targets.protocol import Subject
from svc.tree import Tree


def policy(name: str = "image-latest", check: str = "image_latest", **changes: Any) -> Policy:
    values: dict[str, Any] = {
        "id": name,
        "title": name,
        "severity": Severity.WARNING,
        "surface": "kubernetes",
        "check": check,
        "profiles": ("recommended", "strict"),
        "sets": (),
        "params": {},
        "why": "because",
        "help": "do it otherwise",
        "aliases": ("OTHER_1",),
        "since": "0.1",
        "fix": "none",
        "unless": (),
        "place": Place("policy.yaml"),
    }
    return Policy(**{**values, **changes})


def pod(key: str = "a", environment: str = "", image: str = "nginx", **spec: Any) -> Subject:
    data = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": key},
        "spec": {"containers": [{"name": "app", "image": image}], **spec},
    }
    return Subject("kubernetes", key, key, Manifest(Tree(data)), environment)


def test_a_finding_carries_what_the_policy_says() -> None:
    (finding,) = judge([pod()], [policy()], Settings())
    assert (finding.policy, finding.severity, finding.help) == ("image-latest", Severity.WARNING, "do it otherwise")
    assert finding.route == ("spec", "containers", 0, "image")
    assert "`nginx`" in finding.message


def test_the_profile_selects_and_severities_remap() -> None:
    strict = policy("other", profiles=("strict",), sets=("pss-restricted",))
    assert not list(selected([strict], Settings()))
    assert [one.id for one, _ in selected([strict], Settings("strict"))] == ["other"]
    assert list(selected([strict], Settings("pss-restricted"))) == [(strict, Severity.ERROR)]
    assert list(selected([strict], Settings(severities={"other": Severity.ERROR}))) == [(strict, Severity.ERROR)]
    assert not list(selected([policy()], Settings(severities={"image-latest": None})))
    assert not list(selected([policy()], Settings(severities={"OTHER_1": None})))


def test_names_that_mean_no_policy() -> None:
    assert unknown(["nothing", "image-latest", "OTHER_1"], [policy()]) == ("nothing",)


def test_the_order_of_subjects_and_policies_does_not_matter() -> None:
    subjects = [pod("a"), pod("b"), pod("c", image="nginx:latest")]
    policies = [policy(), policy("image-not-pinned", "image_pinned")]
    forward = judge(subjects, policies, Settings())
    assert len(forward) == 6
    assert forward == judge(subjects[::-1], policies[::-1], Settings())


def test_what_another_policy_has_said_at_the_same_place_is_not_said_again() -> None:
    policies = [policy(), policy("image-not-pinned", "image_pinned", unless=("image-latest",))]
    assert [one.policy for one in judge([pod()], policies, Settings())] == ["image-latest"]
    off = Settings(severities={"image-latest": None})
    assert [one.policy for one in judge([pod()], policies, off)] == ["image-not-pinned"]
    milder = Settings(severities={"image-latest": Severity.INFO})
    assert [one.policy for one in judge([pod()], policies, milder)] == ["image-latest", "image-not-pinned"]
    firm = Settings(mandatory=("image-not-pinned",))
    assert [one.policy for one in judge([pod()], policies, firm)] == ["image-latest", "image-not-pinned"]


def test_environments_are_judged_apart() -> None:
    service = Manifest(
        Tree({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"selector": {"a": "b"}}})
    )
    subjects = [
        Subject("kubernetes", "s", "s", service, "staging"),
        pod("p", "production"),
        Subject("kubernetes", "s", "s", service, "production"),
    ]
    across = policy("nothing", "service_selects", surface="across")
    assert [one.subject.environment for one in judge(subjects, [across], Settings())] == ["production"]


def test_the_kubernetes_version_reaches_the_checks() -> None:
    sysctl = policy("sysctl", "sysctls")
    pods = [pod(securityContext={"sysctls": [{"name": "net.ipv4.tcp_rmem", "value": "1"}]})]
    assert judge(pods, [sysctl], Settings(kubernetes=31))
    assert not judge(pods, [sysctl], Settings(kubernetes=32))


def test_a_mandatory_policy_runs_although_the_profile_lacks_it() -> None:
    strict = policy(profiles=("strict",))
    assert [one.id for one, _ in selected([strict], Settings("baseline", mandatory=("image-latest",)))] == [strict.id]
    assert [one.id for one, _ in selected([strict], Settings("baseline", mandatory=("OTHER_1",)))] == [strict.id]
    assert list(selected([strict], Settings("baseline"))) == []


def test_what_is_said_again_is_what_comparing_each_with_each_says() -> None:
    """Findings of three policies, two of which speak for the third, at places in and beside each other."""
    dice = random.Random(7)
    subject = Subject("kubernetes", "0", "a", Manifest(Tree({})))
    unless = {"a": ("b", "c"), "b": ("c",), "c": ()}
    for _ in range(300):
        found = [
            Finding(
                dice.choice("abc"),
                dice.choice(list(Severity)),
                subject,
                tuple(dice.choices("xy", k=dice.randrange(4))),
                "",
                "",
            )
            for _ in range(dice.randrange(9))
        ]
        wanted = [
            one
            for one in found
            if not any(_speaks(other, one) for other in found if other.policy in unless[one.policy])
        ]
        assert _once(without_repetition(found, unless)) == _once(wanted)


def _speaks(other: Finding, one: Finding) -> bool:
    length = min(len(one.route), len(other.route))
    return one.route[:length] == other.route[:length] and other.severity >= one.severity


def _once(findings: list[Finding]) -> list[tuple[object, ...]]:
    return list(dict.fromkeys((one.policy, one.route) for one in findings))
