"""Environments that differ in kinds, names and keys of objects: each value belongs to one thing, each object to its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from svc.pipeline import Request, compile_
from svc.targets.helm.demands import demands
from svc.targets.helm.values import MISSING, Cases, at, joint, merged

HEAD = f"""\
apiVersion: svc/v1
name: web
image: ghcr.io/acme/web:1.4.2@sha256:{"a" * 64}
"""
SERVER = "ports: {http: 8080}\nhealth: /healthz\n"
RULES = "rules: [{resources: [configmaps], verbs: [get]}]"


def made(folder: Path, spec: str) -> tuple[dict[str, str], dict[str, Any]]:
    """The files, and the values of each environment."""
    (folder / "service.yaml").write_text(HEAD + spec, "utf-8")
    found = compile_(Request((folder,), lambda path: path.name, date(2026, 11, 29), targets=("helm",)))
    assert not found.failed, found.diagnostics
    assert found.faults == ()
    (chart,) = [piece.artifact for piece in found.pieces]
    files = {one.path.removeprefix("chart/"): one.text for one in found.outputs}
    return files, {one.name: merged(chart.values, one.overrides) for one in chart.environments}


def switches(values: dict[str, Any], *path: str) -> tuple[Any, Any]:
    return at(values["dev"], path), at(values["live"], path)


@pytest.mark.parametrize("more", ["", ", scale: {min: 2, max: 4, cpu: 70%}", ", scale: 4"])
def test_a_volume_in_one_environment_makes_another_kind(more: str, tmp_path: Path) -> None:
    environments = f"environments: {{dev: {{}}, live: {{volumes: {{/data: {{size: 1Gi}}}}{more}}}}}\n"
    files, values = made(tmp_path, SERVER + environments)
    assert switches(values, "deployment", "enabled") == (True, False)
    assert switches(values, "statefulSet", "enabled") == (False, True)
    assert {"affinity", "resources", "replicaCount"} <= values["dev"].keys()
    assert not [key for key in values["dev"] if key.endswith("2")], "both are set by the same values"
    assert bool(switches(values, "affinity")[1]) == bool(more)
    assert "templates/statefulset.yaml" in files


def test_a_job_is_run_otherwise_in_another_environment(tmp_path: Path) -> None:
    environments = """\
environments:
  dev: {jobs: {migrate: {schedule: "0 2 * * *", command: [x]}}}
  live: {jobs: {migrate: {run: before-deploy, command: [x]}}}
"""
    _, values = made(tmp_path, environments)
    assert switches(values, "jobs", "migrate", "cronJob", "enabled") == (True, False)
    assert switches(values, "jobs", "migrate", "job", "enabled") == (False, True)


@pytest.mark.parametrize("what", ["workers", "jobs"])
def test_names_that_are_one_word_have_values_of_their_own(what: str, tmp_path: Path) -> None:
    run = ', schedule: "0 1 * * *"' if what == "jobs" else ", scale: {min: 1, max: 3, cpu: 60%}"
    environments = f"""\
environments:
  dev: {{{what}: {{mail1: {{command: [a]{run}}}}}}}
  live: {{{what}: {{mail-1: {{command: [a]{run}}}}}}}
"""
    _, values = made(tmp_path, environments)
    assert switches(values, what, "mail1", "enabled") == (True, False)
    assert switches(values, what, "mail12", "enabled") == (False, True)


def test_volumes_that_are_one_word_have_values_of_their_own(tmp_path: Path) -> None:
    environments = """\
environments:
  dev: {volumes: {/data1: {size: 1Gi, access: many}}}
  live: {volumes: {/data-1: {size: 2Gi, access: many}}}
"""
    _, values = made(tmp_path, SERVER + environments)
    assert switches(values, "persistence") == (
        {"data1": {"enabled": True, "size": "1Gi"}, "data12": {"enabled": False, "size": "2Gi"}},
        {"data1": {"enabled": False, "size": "1Gi"}, "data12": {"enabled": True, "size": "2Gi"}},
    )


@pytest.mark.parametrize("account", ["", RULES, f"create: false, {RULES}"])
@pytest.mark.parametrize(("dev", "live"), [("a", "b"), ("a", "web"), ("web-dev", "web-live"), ("web", "name")])
def test_accounts_are_called_otherwise(dev: str, live: str, account: str, tmp_path: Path) -> None:
    environments = f"environments: {{dev: {{account: {{name: {dev}}}}}, live: {{account: {{name: {live}}}}}}}\n"
    _, values = made(tmp_path, f"{SERVER}account: {{{account}}}\n{environments}")
    known = tuple("" if name == "web" and "create" not in account else name for name in (dev, live))
    assert switches(values, "serviceAccount", "name") == known
    assert switches(values, "serviceAccount", "enabled") == switches(values, "rbac") == (None, None)


@pytest.mark.parametrize(
    "spec",
    [
        "annotations: {team: a}\nenvironments: {dev: {}, live: {annotations: {owner: b}}}\n",
        "annotations: {team: a}\nenvironments: {dev: {}, live: {files: {/etc/x/cfg: {content: a}}}}\n",
        "environments: {dev: {annotations: {x: c}}, live: {annotations: {x: c, y: d}}}\n",
        "annotations: {x: a}\nenvironments: {dev: {annotations: {y: a}}, live: {annotations: {on: b}}}\n",
    ],
)
def test_annotations_have_other_keys(spec: str, tmp_path: Path) -> None:
    made(tmp_path, spec)


PATCHED = "patches: [{target: kubernetes/ServiceAccount, merge: {metadata: {annotations: {y: b}}}}]"


@pytest.mark.parametrize(
    ("dev", "live"),
    [
        ("", PATCHED),
        ("account: {annotations: {x: a}}", PATCHED),
        ("account: {annotations: {y: a}}", PATCHED),
        ("account: {annotations: {y: a}}", f"account: {{annotations: {{x: a}}}}, {PATCHED}"),
        (PATCHED, PATCHED.replace("b}", "c}")),
    ],
)
def test_accounts_are_patched_otherwise(dev: str, live: str, tmp_path: Path) -> None:
    _, values = made(tmp_path, f"{SERVER}environments: {{dev: {{{dev}}}, live: {{{live}}}}}\n")
    assert at(values["live"], ("serviceAccount", "annotations", "y")) == ("c" if "c}" in live else "b")
    assert values["live"]["serviceAccount"].keys() == {"create", "name", "annotations", "automount"}


@pytest.mark.parametrize(
    "spec",
    [
        'environments: {dev: {}, live: {labels: {"on": "no"}}}\n',
        "environments: {dev: {}, live: {labels: {x: a}, volumes: {/shared: {size: 1Gi}}}}\n",
        "environments: {dev: {}, live: {labels: {x: a}, patches: [{target: kubernetes/Deployment, merge: {metadata: {labels: {y: b}}}}]}}\n",
        "environments: {dev: {patches: [{target: kubernetes/Deployment, merge: {metadata: {labels: {x: b}}}}]}, live: {labels: {x: a}}}\n",
        "labels: {x: a}\nenvironments: {dev: {labels: {x: null}}, live: {}, stage: {labels: {y: b}}}\n",
    ],
)
def test_labels_have_other_keys(spec: str, tmp_path: Path) -> None:
    made(tmp_path, SERVER + spec)


def test_paths_are_others(tmp_path: Path) -> None:
    """The notes speak of hosts, which are no value of their own then."""
    environments = """\
waivers: [{policy: exposed-without-tls, reason: Behind a proxy.}]
environments:
  dev: {expose: {host: b.example.com, tls: false}}
  live: {expose: {hosts: [c.example.com, d.example.com], path: /x}}
"""
    files, _ = made(tmp_path, SERVER + environments)
    assert "hosts" not in files["templates/NOTES.txt"]


def test_teams_are_others(tmp_path: Path) -> None:
    files, values = made(tmp_path, f"{SERVER}team: shop\nenvironments: {{dev: {{team: y}}, live: {{}}}}\n")
    assert switches(values, "partOfLabel") == ("y", "shop")
    assert "part-of: {{ .Values.partOfLabel | quote }}" in files["templates/_helpers.tpl"]


@pytest.mark.parametrize("where", ["", "environments.live"])
def test_a_label_of_the_spec_leaves_no_value_for_the_team(where: str, tmp_path: Path) -> None:
    label = "labels: {app.kubernetes.io/part-of: other}"
    live = f"{{{label}}}" if where else "{}"
    top = "" if where else f"{label}\n"
    files, values = made(tmp_path, f"{SERVER}team: shop\n{top}environments: {{dev: {{team: y}}, live: {live}}}\n")
    assert "partOfLabel" not in values["dev"] | values["live"]
    assert "partOfLabel" not in "".join(files.values())


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (((1, 1), (True, True)), ((1, 1), (True, True)), (1, 1)),
        (((1, 1), (True, True)), ((1, 2), (True, True)), None),
        (((1, 1), (True, False)), ((2, 2), (False, True)), (1, 2)),
        (((1, 1), (True, False)), ((2, 3), (True, True)), None),
        (((1, 1), (True, False)), ((1, 3), (True, True)), (1, 3)),
        (((1, 1), (True, False)), (("2", "2"), (False, True)), None),
        (((1, 1), (True, False)), ((MISSING, 2), (False, True)), None),
    ],
)
def test_what_an_environment_lacks_says_nothing_about_it(
    one: tuple[Cases, tuple[bool, bool]], other: tuple[Cases, tuple[bool, bool]], expected: Cases | None
) -> None:
    assert joint(one, other) == expected


def test_a_disruption_budget_is_held_against_both_kinds(tmp_path: Path) -> None:
    environments = "environments: {dev: {scale: 3}, live: {scale: 4, volumes: {/data: {size: 1Gi}}}}\n"
    files, _ = made(tmp_path, SERVER + environments)
    assert "replicaCount" in files["templates/validate.yaml"]


def test_a_value_with_a_number_is_held_to_the_same() -> None:
    assert demands(("nodeSelector2",)) == demands(("nodeSelector",)) != ()
    assert demands(("image2", "tag")) == demands(("image", "tag")) != ()


def test_a_value_without_a_name_of_its_own_says_where_it_stands(tmp_path: Path) -> None:
    environments = "environments: {dev: {rollout: {grace: 5s}}, live: {rollout: {grace: 50s}}}\n"
    files, _ = made(tmp_path, SERVER + environments)
    key = "terminationGracePeriodSeconds"
    assert f"\n# spec.template.spec.{key} of the Deployment.\n{key}: " in files["values.yaml"]
