"""What a workspace says for all services, and a service in another form or without use for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.diagnostics import Route, Severity
from svc.parse import parse_one
from svc.pipeline import Compiled, Request, compile_
from svc.resolve.overlay import Merged, annotated, layer_of, merge
from svc.source import Source

HEAD = "apiVersion: svc/v1\nname: shop\nimage: ghcr.io/acme/shop:1.4.2@sha256:" + "a" * 64 + "\n"


def compiled(folder: Path, workspace: str, spec: str) -> Compiled:
    (folder / "svc-workspace.yaml").write_text(f"apiVersion: svc/v1\n{workspace}\n", "utf-8")
    (folder / "service.yaml").write_text(HEAD + spec, "utf-8")
    return compile_(Request((folder,), lambda one: one.name, date(2026, 11, 29), targets=("helm",)))


def merged_of(texts: dict[str, str]) -> Merged:
    layers = []
    for name, text in texts.items():
        (document,) = parse_one(Source(name, text)).documents
        layers.append(layer_of(name, document, (), annotated(document)))
    return merge(layers)


SHORT, LONG = "{cpu: 200m, memory: 512Mi}", "{requests: {cpu: 200m, memory: 512Mi}}"


@pytest.mark.parametrize("below", [SHORT, LONG])
@pytest.mark.parametrize("above", ["{cpu: 1}", "{requests: {cpu: 1}}"])
def test_resources_are_one_whichever_form_a_layer_has(tmp_path: Path, below: str, above: str) -> None:
    made = compiled(tmp_path, f"defaults: {{resources: {below}}}", f"ports: {{http: 80}}\nresources: {above}\n")
    assert not made.failed
    server = made.units[0].first.server
    assert server is not None
    found = dict(server.main.resources.requests)
    assert (found["cpu"], found["memory"]) == ("1", "512Mi")


@pytest.mark.parametrize(
    ("below", "above", "route"),
    [
        (SHORT, "{requests: {cpu: 1}}", ("resources", "requests", "memory")),
        (LONG, "{cpu: 1}", ("resources", "memory")),
    ],
)
def test_a_value_keeps_its_layer_in_the_other_form(below: str, above: str, route: Route) -> None:
    merged = merged_of({"below": f"resources: {below}\n", "above": f"resources: {above}\n"})
    assert merged.origins[route].layer == "below"
    assert merged.origins[(*route[:-1], "cpu")].layer == "above"
    assert set(merged.data["resources"]) == ({"cpu", "memory"} if len(route) == 2 else {"requests"})
    assert merged.place(route, "key").file == "below"


@pytest.mark.parametrize("resources", ["{cpu: 1, requests: {memory: 1Gi}}", "{cpu: 1, requests: {cpu: 1}}"])
def test_both_forms_in_one_layer_are_refused(tmp_path: Path, resources: str) -> None:
    made = compiled(tmp_path, f"defaults: {{resources: {SHORT}}}", f"resources: {resources}\n")
    assert any("are requests already" in one.message for one in made.diagnostics)


@pytest.mark.parametrize("below", [SHORT, LONG])
@pytest.mark.parametrize(
    ("above", "wanted"),
    [
        ("{cpu: null, memory: null, requests: {cpu: 1}}", {"cpu": "1"}),
        ("{requests: null, cpu: 1}", {"cpu": "1"}),
        ("{memory: null, requests: {cpu: 1}}", {"cpu": "1"}),
        ("{memory: null, cpu: 1}", {"cpu": "1"}),
        ("{requests: {memory: null, cpu: 1}}", {"cpu": "1"}),
        ("{memory: null}", {"cpu": "200m"}),
        ("{requests: {memory: null}}", {"cpu": "200m"}),
        ("{requests: null}", {}),
        ("{requests: null, limits: {memory: 1Gi}}", {}),
    ],
)
def test_a_null_removes_what_is_below_in_either_form(
    tmp_path: Path, below: str, above: str, wanted: dict[str, str]
) -> None:
    made = compiled(tmp_path, f"defaults: {{resources: {below}}}", f"ports: {{http: 80}}\nresources: {above}\n")
    assert [one.id for one in made.diagnostics if one.id in ("key-without-value", "removes-nothing")] == []
    assert not made.failed
    texts = {"below": f"resources: {below}\n", "above": f"resources: {above}\n"}
    data = merged_of(texts).data["resources"]
    found = data.get("requests", {key: value for key, value in data.items() if key != "limits"})
    assert {key: str(getattr(value, "text", value)) for key, value in found.items()} == wanted


@pytest.mark.parametrize("above", ["{storage: null}", "{limits: null}", "{storage: null, requests: {cpu: 1}}"])
@pytest.mark.parametrize("below", [SHORT, LONG])
def test_a_null_of_resources_that_removes_nothing_is_asked_about(tmp_path: Path, below: str, above: str) -> None:
    made = compiled(tmp_path, f"defaults: {{resources: {below}}}", f"ports: {{http: 80}}\nresources: {above}\n")
    assert [one.id for one in made.diagnostics if "value" in one.id] == ["key-without-value"]


@pytest.mark.parametrize(
    ("workspace", "spec"),
    [
        ("defaults: {scale: 1}", "workload: none\njobs: {a: {run: manual, command: [./a]}}"),
        ("environments: {dev: {defaults: {scale: 1}}}", "workload: none\njobs: {a: {run: manual, command: [./a]}}"),
        ("defaults: {rollout: {max_surge: 50%}}", "volumes: {/data: {size: 1Gi, access: once}}"),
    ],
)
def test_what_is_said_for_all_services_need_not_serve_each(tmp_path: Path, workspace: str, spec: str) -> None:
    made = compiled(tmp_path, workspace, spec + "\n")
    (said,) = [one for one in made.diagnostics if one.id == "no-effect"]
    assert said.severity is Severity.INFO
    assert "in `shop`" in said.message
    assert not said.help


def test_a_name_that_no_environment_has_is_said_once(tmp_path: Path) -> None:
    made = compiled(
        tmp_path, "environments: {staging: {}}", "ports: {http: 80}\nenvironments: {Staging_1: {scale: 1}}\n"
    )
    assert [one.id for one in made.diagnostics] == ["environment-unknown"]


@pytest.mark.parametrize(("value", "said"), [("shop", []), ("store", ["no-effect"])])
def test_the_name_that_pods_have_already_may_be_a_label(tmp_path: Path, value: str, said: list[str]) -> None:
    made = compiled(tmp_path, "", f"ports: {{http: 80}}\nlabels: {{app.kubernetes.io/name: {value}}}\n")
    assert [one.id for one in made.diagnostics if one.id == "no-effect"] == said
