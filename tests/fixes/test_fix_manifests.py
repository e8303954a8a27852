"""What a manifest shows of what a fix would break: then it is refused, or waits for a review."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fixing_samples import FIXABLE, fixed, linter, refused
from svc.diagnostics import Diagnostic, Route
from svc.edit.types import RefusedError
from svc.fixes import kubernetes, windows
from svc.fixing import fix, with_edits
from svc.records import replace
from svc.report.form import Run
from svc.report.text import render
from svc.source import Source
from svc.tree import Data

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n%s  containers:\n    - name: a\n%s"


@pytest.mark.parametrize(
    ("policy", "pod", "container", "why"),
    [
        (
            "privilege-escalation",
            "",
            "      securityContext: {capabilities: {add: [CAP_SYS_ADMIN]}}\n",
            "the API refuses it",
        ),
        ("privilege-escalation", "", "      securityContext: {privileged: true}\n", "`privileged: true`"),
        (
            "duplicate-variable",
            "",
            "      env: [{name: J, value: -Xmx1g}, {name: J, value: $(J) -XX:+UseG1GC}]\n",
            "reads the earlier one",
        ),
        (
            "duplicate-variable",
            "",
            "      env: [{name: J, value: a}, {name: K, value: $(J)}, {name: J, value: b}]\n",
            "reads the earlier one",
        ),
        (
            "probe-of-another-host",
            "  hostNetwork: true\n",
            "      livenessProbe: {httpGet: {host: 127.0.0.1, port: 80}}\n",
            "this address alone",
        ),
        (
            "privileged-container",
            "  volumes: [{name: v, hostPath: {path: /v}}]\n",
            "      volumeMounts: [{name: v, mountPath: /v, mountPropagation: Bidirectional}]\n      securityContext: {privileged: true}\n",
            "mountPropagation",
        ),
    ],
)
def test_manifests(policy: str, pod: str, container: str, why: str) -> None:
    assert why in refused(policy, POD % (pod, container))


_ASKED = "  affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [%s]}]}}}\n"


@pytest.mark.parametrize(
    ("pod", "container"),
    [
        ("  nodeSelector: {kubernetes.io/os: windows}\n", ""),
        (_ASKED % "{key: kubernetes.io/os, operator: In, values: [windows]}", ""),
        (_ASKED % "{key: kubernetes.io/os, operator: NotIn, values: [linux]}", ""),
        ("  securityContext: {windowsOptions: {runAsUserName: ContainerUser}}\n", ""),
        ("", "      securityContext: {windowsOptions: {runAsUserName: ContainerUser}}\n"),
        ("", "    - {name: b, image: 'mcr.microsoft.com/windows/nanoserver:ltsc2022'}\n"),
    ],
)
@pytest.mark.parametrize(
    "policy", ["seccomp-missing", "privilege-escalation", "capabilities-not-dropped", "root-filesystem-writable"]
)
def test_windows_gets_nothing_that_it_does_not_know(policy: str, pod: str, container: str) -> None:
    assert "write `os: {name: windows}` instead" in refused(policy, POD % (pod, container))


@pytest.mark.parametrize("route", [("spec", "containers", 0), ("spec", "securityContext", "seccompProfile", "type")])
def test_what_says_that_it_is_windows_is_not_told_to_say_so(route: Route) -> None:
    pod = {"os": {"name": "windows"}, "securityContext": {}, "containers": [{"name": "a"}]}
    with pytest.raises(RefusedError, match=r"knows no such thing$"):
        kubernetes.seccomp({"spec": pod}, route)


def test_the_containers_of_a_pod_are_looked_through_once_for_all_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    real = windows._maps

    def noted(data: Data) -> Iterator[dict[str, Data]]:
        for one in real(data):
            looked.append(one["name"])
            yield one

    monkeypatch.setattr(windows, "_maps", noted)
    policy = FIXABLE["privilege-escalation"]
    for count in (10, 20):
        names = [f"c{number}" for number in range(count)]
        text = POD % ("", "") + "".join(f"    - name: {name}\n" for name in names)
        found = linter(policy)({"a.yaml": text})
        assert sorted(looked) == sorted(["a", *names])
        looked.clear()
        made = with_edits(found, {"a.yaml": Source("a.yaml", text)}, [policy])
        assert sum(one.fix is not None for one in made) == count + 1
        assert sorted(looked) == sorted(["a", *names])
        looked.clear()


def test_linux_is_no_windows() -> None:
    text = POD % (_ASKED % "{key: kubernetes.io/os, operator: NotIn, values: [windows]}", "")
    assert "RuntimeDefault" in fixed("seccomp-missing", text)


@pytest.mark.parametrize(
    ("pod", "container", "safe"),
    [
        ("", "", False),
        ("  securityContext: {runAsNonRoot: true}\n", "", True),
        ("  securityContext: {runAsUser: 1000}\n", "", True),
        ("  securityContext: {runAsUser: 1000}\n", "      securityContext: {runAsUser: 0}\n", False),
        ("", "      securityContext: {runAsUser: 65532}\n", True),
        ("", "      securityContext: {runAsUser: 1000, seccompProfile: {type: Unconfined}}\n", False),
    ],
)
def test_root_keeps_its_capabilities_until_somebody_looks(pod: str, container: str, safe: bool) -> None:
    policy, text = FIXABLE["capabilities-not-dropped"], POD % (pod, container)
    assert bool(fix({"a.yaml": text}, linter(policy), [policy]).texts) == safe
    assert fix({"a.yaml": text}, linter(policy), [policy], unsafe=True).texts


@pytest.mark.parametrize("name", ["privilege-escalation", "capabilities-not-dropped", "seccomp-missing"])
def test_builders_of_images_without_root_are_looked_at_first(name: str) -> None:
    text = POD % ("  securityContext: {runAsUser: 1000, appArmorProfile: {type: Unconfined}}\n", "")
    made = fix({"a.yaml": text}, linter(FIXABLE[name]), [FIXABLE[name]])
    assert "unconfined" in made.refused[0].reason
    assert fixed(name, text) != text


_ANNOTATED = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}, annotations: {%s}}\n    spec:\n      securityContext: {runAsUser: 1000}\n      containers: [{name: a, image: 'moby/buildkit:rootless'}]\n"


@pytest.mark.parametrize("name", ["privilege-escalation", "capabilities-not-dropped", "seccomp-missing"])
@pytest.mark.parametrize(
    ("annotation", "unconfined"),
    [
        ("container.apparmor.security.beta.kubernetes.io/a: unconfined", True),
        ("container.seccomp.security.alpha.kubernetes.io/a: unconfined", True),
        ("seccomp.security.alpha.kubernetes.io/pod: unconfined", True),
        ("container.apparmor.security.beta.kubernetes.io/b: unconfined", False),
        ("container.apparmor.security.beta.kubernetes.io/a: runtime/default", False),
    ],
)
def test_annotations_too_say_that_a_container_is_unconfined(name: str, annotation: str, unconfined: bool) -> None:
    deployment = _ANNOTATED % annotation
    pod = POD % ("  securityContext: {runAsUser: 1000}\n", "")
    for text in (deployment, pod.replace("{name: a}", f"{{name: a, annotations: {{{annotation}}}}}", 1)):
        made = fix({"a.yaml": text}, linter(FIXABLE[name]), [FIXABLE[name]])
        assert ["unconfined" in one.reason for one in made.refused] == [True] * unconfined
        assert fixed(name, text) != text


def test_what_was_refused_is_tried_again_when_something_else_has_changed() -> None:
    """What stands below is tried first."""
    policies = [FIXABLE["host-namespace"], FIXABLE["probe-of-another-host"]]
    text = POD % ("  hostNetwork: true\n", "      livenessProbe: {httpGet: {host: 127.0.0.1, port: 80}}\n")
    made = fix({"a.yaml": text}, linter(*policies), policies, unsafe=True)
    assert not made.left
    assert not made.refused
    assert "127.0.0.1" not in made.texts["a.yaml"]


def test_what_another_fix_takes_away_is_in_nobodys_way() -> None:
    policies = [FIXABLE["dangerous-capability"], FIXABLE["privilege-escalation"]]
    text = POD % ("", "      securityContext:\n        capabilities: {add: [CAP_SYS_ADMIN]}\n")
    made = fix({"a.yaml": text}, linter(*policies), policies, unsafe=True)
    assert not made.left
    assert not made.refused
    assert "capabilities" not in made.texts["a.yaml"]


def test_objects_of_one_name_are_fixed_in_one_run() -> None:
    text = "---\n".join([POD % ("", "")] * 3)
    assert fixed("token-mounted", text).count("automountServiceAccountToken: false") == 3


ROLE = (
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\n"
    "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a}\n"
    "subjects: [{kind: ServiceAccount, name: default}]\n"
)


def test_an_account_with_a_role_keeps_its_token_whatever_the_message_says() -> None:
    policy = FIXABLE["token-mounted"]
    files = {"role.yaml": ROLE, "a.yaml": POD % ("", "")}

    def lint(texts: dict[str, str]) -> list[Diagnostic]:
        return [replace(one, message="a token") for one in linter(policy)(texts)]

    made = fix(files, lint, [policy])  # type: ignore[arg-type]
    assert not made.texts
    assert "a role is bound" in made.refused[0].reason
    assert "= fix" not in render(Run(made.left, {}))
    assert "= fix" in render(Run(linter(policy)({"a.yaml": files["a.yaml"]}), {}))


@pytest.mark.parametrize(
    ("who", "used"),
    [
        ("{kind: User, name: 'system:serviceaccount:a:default'}", True),
        ("{kind: User, name: 'system:serviceaccount:a:other'}", False),
        ("{kind: User, name: default}", False),
        ("{kind: Group, name: 'system:serviceaccounts'}", True),
        ("{kind: Group, name: 'system:serviceaccounts:a'}", True),
        ("{kind: Group, name: 'system:serviceaccounts:b'}", False),
        ("{kind: Group, name: 'system:authenticated'}", True),
        ("{kind: Group, name: 'system:unauthenticated'}", False),
    ],
)
def test_a_role_may_be_bound_to_an_account_as_a_user_or_in_a_group(who: str, used: bool) -> None:
    policy, pod = FIXABLE["token-mounted"], POD.replace("{name: a}", "{name: a, namespace: a}", 1) % ("", "")
    made = fix(
        {"a.yaml": ROLE.replace("{kind: ServiceAccount, name: default}", who) + "---\n" + pod}, linter(policy), [policy]
    )
    assert ["a role is bound" in one.reason for one in made.refused] == [True] * used
    assert bool(made.texts) != used


@pytest.mark.parametrize(
    ("who", "asks"),
    [
        ("{kind: User, name: 'system:serviceaccount:a:own'}", True),
        ("{kind: Group, name: 'system:serviceaccounts:a'}", False),
    ],
)
def test_an_account_of_its_own_with_a_role_asks_for_its_token(who: str, asks: bool) -> None:
    policy, pod = FIXABLE["token-mounted"], POD % ("  serviceAccountName: own\n", "")
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: own}\n"
    texts = {"a.yaml": "---\n".join((account, ROLE.replace("{kind: ServiceAccount, name: default}", who), pod))}
    assert bool(linter(policy)(texts)) != asks
    assert not fix(texts, linter(policy), [policy]).texts


@pytest.mark.parametrize(("policy", "word"), [("", "OnFailure"), ("  podFailurePolicy: {rules: []}\n", "Never")])
def test_a_job_with_a_policy_of_failures_is_never_restarted(policy: str, word: str) -> None:
    text = (
        f"apiVersion: batch/v1\nkind: Job\nmetadata: {{name: a}}\nspec:\n{policy}  template:\n    spec:\n"
        "      restartPolicy: Always\n      containers: [{name: a, image: 'a:1'}]\n"
    )
    assert fixed("job-restarts-always", text) == text.replace("Always", word)
