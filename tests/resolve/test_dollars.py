"""Dollars: a container sees the same text in every target, and the one that Kubernetes documents."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from svc.importers.interpolate import interpolate
from svc.parse import parse
from svc.pipeline import Compiled, Request, compile_
from svc.resolve import dollars
from svc.source import Source

SPEC = """\
apiVersion: svc/v1
name: shop
build: {language: go, version: "1.26", main: ./cmd/shop}
ports: {http: 8080}
health: /healthz
needs: {db: postgres}
"""
TARGETS = ("helm", "compose", "github")
TEXTS = {
    "a$b": "a$b",
    "a$$b": "a$b",
    "a$$$$b": "a$$b",
    "$(X)": "v",
    "$$(X)": "$(X)",
    "$$$(X)": "$v",
    "$(NO)": "$(NO)",
    "$($(X))": "$($(X))",
    "$(echo $(X))": "$(echo $(X))",
    "$$${env.X}": "$v",
    "$${X}": "${X}",
    "$$$${X}": "$${X}",
    "$${env.X}": "${env.X}",
    "${env.X}-$": "v-$",
    "$(X": "$(X",
    "$(X)$": "v$",
    "$${service.name} ${service.name}": "${service.name} shop",
}


def expanded_by_the_kubelet(text: str, known: dict[str, str]) -> str:
    """k8s.io/kubernetes/third_party/forked/golang/expansion/expand.go, line by line."""
    made, checkpoint, cursor = "", 0, 0
    while cursor < len(text):
        if text[cursor] == "$" and cursor + 1 < len(text):
            made += text[checkpoint:cursor]
            rest = text[cursor + 1 :]
            if rest[0] == "$":
                read, advance = "$", 1
            elif rest[0] == "(" and ")" in rest:
                end = rest.index(")")
                read, advance = known.get(rest[1:end], f"$({rest[1:end]})"), end + 1
            elif rest[0] == "(":
                read, advance = "$(", 1
            else:
                read, advance = "$" + rest[0], 1
            made += read
            cursor += advance
            checkpoint = cursor + 1
        cursor += 1
    return made + text[checkpoint:]


def test_every_target_shows_a_container_the_same(tmp_path: Path) -> None:
    names = {f"IT_{index}": text for index, text in enumerate(TEXTS)}
    tested = {f"DB_{name}": f"${{needs.db.host}}:{text}" for name, text in names.items()}
    spec = SPEC + "".join(
        f"{key}: {json.dumps(value)}\n"
        for key, value in {
            "env": {"X": "v", **names, **tested},
            "command": ["/shop", *TEXTS],
            "args": list(TEXTS),
            "ci": {"test": {"command": "go test ./...", "services": ["db"]}},
        }.items()
    )
    (tmp_path / "service.yaml").write_text(spec, "utf-8")
    compiled = compile_(Request((tmp_path / "service.yaml",), Path.as_posix, date(2026, 11, 24), targets=TARGETS))
    assert not compiled.failed, compiled.diagnostics
    assert not compiled.faults
    seen = list(TEXTS.values())

    container = _container(compiled)
    variables = {one["name"]: one.get("value", "") for one in container["env"]}
    assert [expanded_by_the_kubelet(variables[name], {"X": "v"}) for name in names] == seen
    assert [expanded_by_the_kubelet(one, {"X": "v"}) for one in container["command"][1:]] == seen
    assert [expanded_by_the_kubelet(one, {"X": "v"}) for one in container["args"]] == seen

    files = {one.path: one.text for one in compiled.outputs}
    service = _data(files["compose.yaml"])["services"]["shop"]
    for words in ([service["environment"][name] for name in names], service["entrypoint"][1:], service["command"]):
        assert [interpolate(one)[0] for one in words] == seen

    workflow = next(_data(text) for path, text in files.items() if path.startswith(".github/"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    given_ = next(step["env"] for step in steps if "DB_IT_0" in step.get("env", {}))
    assert [given_[f"DB_{name}"] for name in names] == [f"shop-db:{text}" for text in seen]


def _data(text: str) -> Any:
    return parse(Source("it", text)).documents[0].data


def _container(compiled: Compiled) -> Any:
    subjects = [one for piece in compiled.pieces for one in piece.subjects]
    found = [
        one.artifact.tree.data for one in subjects if one.key.endswith("deployment.yaml") or "Deployment" in one.name
    ]
    return found[0]["spec"]["template"]["spec"]["containers"][0]


@given(st.text(alphabet="$(){}Xa", max_size=12))
@settings(max_examples=500, deadline=None)
def test_expansion_is_the_kubelets(text: str) -> None:
    assert dollars.expanded(text, {"X": "v$(a)"}) == expanded_by_the_kubelet(text, {"X": "v$(a)"})


@given(st.text(alphabet="$(){}Xa", max_size=12))
@settings(max_examples=500, deadline=None)
def test_what_is_written_literally_arrives(text: str) -> None:
    assert dollars.expanded(dollars.literally(text), {"X": "v", "a": "w"}) == text


def test_two_dollars_for_a_shell_are_questioned(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(SPEC + "command: [sh, -c, 'echo $$ > /tmp/pid']\n", "utf-8")
    compiled = compile_(Request((tmp_path / "service.yaml",), Path.as_posix, date(2026, 11, 24), targets=("helm",)))
    assert [one.place.route for one in compiled.diagnostics if one.id == "dollars-halved"] == [("command", 2)]
