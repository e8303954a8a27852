"""Old words of the language keep working, are said at their place, and are rewritten with every comment kept."""

from __future__ import annotations

import pytest

from svc.diagnostics import Severity
from svc.edit.cst import written
from svc.edit.types import RefusedError
from svc.fixes.specs import renewed
from svc.model.renames import _LAYERS, FIELDS, VERSION, VERSIONS, Fields, Kind, Renamed, updated
from svc.parse import Document, parse
from svc.source import Source

INJECTED: Fields = {
    "service": (
        Renamed(("replicas",), ("scale", "replicas"), "0.4"),
        Renamed(("healthcheck",), ("health",), "0.3"),
        Renamed(("ports", "*", "number"), ("ports", "*", "port"), "0.3"),
    ),
    "workspace": (Renamed(("image_registry",), ("registry",), "0.2"),),
}
SPEC = """\
# head
apiVersion: svc/v1  # current
healthcheck: /healthz  # asked every second
# how many
replicas: 3
ports:
  http:
    number: 8080  # the first
  grpc: {number: 9090}
environments:
  prod:
    healthcheck: {ready: /ready}
waivers:
  - {policy: single-replica, at: ports.http.number, reason: none}
"""


def document(text: str, name: str = "service.yaml") -> Document:
    parsed = parse(Source(name, text))
    assert not parsed.problems
    return parsed.documents[0]


def today(text: str, kind: Kind = "service", name: str = "service.yaml") -> tuple[Document, list[str]]:
    made, said = updated(document(text, name), kind, INJECTED)
    assert {(one.id, one.severity) for one in said} == {("deprecated-name", Severity.WARNING)}
    return made, [f"{one.place.span.line}:{one.place.span.column} {one.message}" for one in said if one.place.span]


def rewritten(text: str, name: str = "service.yaml", kind: Kind = "service") -> str:
    for _ in range(20):
        said = updated(document(text, name), kind, INJECTED)[1]
        if not said:
            return text
        text = renewed(said[0], Source(name, text), INJECTED)
    raise AssertionError("it never ends")


def test_old_words_mean_the_new_ones_and_each_is_said_at_its_place() -> None:
    made, said = today(SPEC)
    assert made.data == {
        "apiVersion": "svc/v1",
        "health": "/healthz",
        "scale": {"replicas": 3},
        "ports": {"http": {"port": 8080}, "grpc": {"port": 9090}},
        "environments": {"prod": {"health": {"ready": "/ready"}}},
        "waivers": [{"policy": "single-replica", "at": "ports.http.port", "reason": "none"}],
    }
    assert sorted(said) == [
        "12:5 `environments.prod.healthcheck` is called `environments.prod.health` since 0.3",
        "14:34 `ports.http.number` is called `ports.http.port` since 0.3",
        "3:1 `healthcheck` is called `health` since 0.3",
        "5:1 `replicas` is called `scale.replicas` since 0.4",
        "8:5 `ports.http.number` is called `ports.http.port` since 0.3",
        "9:10 `ports.grpc.number` is called `ports.grpc.port` since 0.3",
    ]


def test_a_new_word_stands_where_the_old_one_is_written() -> None:
    made, _ = today(SPEC)
    old = document(SPEC)
    assert made.span(("scale", "replicas")) == old.span(("replicas",))
    assert made.span(("environments", "prod", "health", "ready")) == old.span(
        ("environments", "prod", "healthcheck", "ready")
    )
    assert made.span(("scale",)) == old.span(("replicas",), "key")
    assert set(made.nodes) >= {("scale",), ("scale", "replicas"), ("health",)}


def test_the_text_is_rewritten_with_every_comment_kept() -> None:
    text = rewritten(SPEC)
    assert document(text).data == today(SPEC)[0].data
    assert written(text).comments() == written(SPEC).comments()
    assert "health: /healthz  # asked every second\n" in text
    assert "    port: 8080  # the first\n  grpc: {port: 9090}\n" in text


def test_a_workspace_has_words_of_its_own_and_those_of_its_services() -> None:
    text = """\
apiVersion: svc/v1
kind: Workspace
image_registry: ghcr.io/acme
defaults: {replicas: 2}
environments: {prod: {defaults: {healthcheck: /a}}}
profiles: {web: {healthcheck: /b}}
"""
    made, said = today(text, "workspace", "svc-workspace.yaml")
    assert len(said) == 4
    assert made.data["registry"] == "ghcr.io/acme"
    assert made.data["profiles"] == {"web": {"health": "/b"}}
    assert made.data["environments"] == {"prod": {"defaults": {"health": "/a"}}}
    new = rewritten(text, "svc-workspace.yaml", "workspace")
    assert document(new).data == made.data


@pytest.mark.parametrize("text", ["health: /a\nhealthcheck: /b\n", "healthcheck: /b\nhealth: null\n"])
def test_both_words_are_an_error(text: str) -> None:
    made, said = updated(document(text), "service", INJECTED)
    assert [(one.id, one.severity) for one in said] == [("renamed-key-twice", Severity.ERROR)]
    assert made.data == document(text).data
    with pytest.raises(RefusedError):
        renewed(said[0], Source("service.yaml", "apiVersion: svc/v1\n" + text), INJECTED)


def test_a_place_that_is_taken_by_a_short_form_is_an_error() -> None:
    _, said = updated(document("replicas: 2\nscale: 3\n"), "service", INJECTED)
    assert [one.id for one in said] == ["renamed-key-twice"]


def test_what_is_moved_does_not_leave_its_comments_behind() -> None:
    fields: Fields = {"service": (Renamed(("a",), ("b", "a"), "1"),), "workspace": ()}
    text = "apiVersion: svc/v1\nname: x\na:\n  # why\n  c: 1\n"
    said = updated(document(text), "service", fields)[1]
    with pytest.raises(RefusedError, match="comments"):
        renewed(said[0], Source("service.yaml", text), fields)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_version_is_read_as_the_present_one(version: str) -> None:
    text = f"apiVersion: '{version}'  # ours\nname: a\n"
    made, said = updated(document(text), "service")
    assert made.data == {"apiVersion": VERSION, "name": "a"}
    assert [(one.id, one.severity) for one in said] == [("deprecated-version", Severity.WARNING)]
    assert said[0].help == "write `svc/v1`; `svc lint --fix` does it"
    assert renewed(said[0], Source("service.yaml", text)) == "apiVersion: 'svc/v1'  # ours\nname: a\n"


@pytest.mark.parametrize(
    "text", ["apiVersion: svc/v2\n", "apiVersion: [svc/v1beta1]\n", "apiVersion: {a: b}\n", "- a\n"]
)
def test_anything_else_is_left_to_the_model(text: str) -> None:
    made, said = updated(document(text), "service", INJECTED)
    assert made.data == document(text).data
    assert not said


@pytest.mark.parametrize("fields", [FIELDS, INJECTED], ids=["real", "injected"])
def test_a_registry_leads_somewhere(fields: Fields) -> None:
    for renamed in fields.values():
        old = [one.old for one in renamed]
        assert len(old) == len(set(old))
        for one in renamed:
            assert one.old.count("*") == one.new.count("*")
            assert one.new not in old, "name the present word"
            assert one.new[: len(one.old)] != one.old, "a key that becomes a mapping is a short form of it"
            assert one.since
    assert VERSION not in VERSIONS
    assert set(_LAYERS) == set(fields)
