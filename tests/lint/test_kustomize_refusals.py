"""What ends a build of Kustomize though keys and types are right, and what looks like it and does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("configMapGenerator: [{literals: [A=b]}]", "configMapGenerator: [{name: a, literals: [A=b, 'C=', D=e=f]}]"),
        ("secretGenerator: [{name: a, literals: [A]}]", "secretGenerator: [{name: a, literals: ['$A']}]"),
        ("replicas: [{count: 2}]", "replicas: [{name: a, count: 2}]"),
        ("patches: [{}]", "patches: [{path: a.yaml}]"),
        ("patches: [{path: a.yaml, patch: '{kind: A}'}]", "patches: [{patch: '{kind: A}'}]"),
        (
            "patches: [{patch: '- {op: remove, path: /a}'}]",
            "patches: [{patch: '- {op: remove, path: /a}', target: {kind: Deployment}}]",
        ),
        ("replacements: [{source: {kind: A}}]", "replacements: [{path: a.yaml}, {source: {kind: A}, targets: []}]"),
        ("replacements: [{targets: []}]", "replacements: []"),
        (
            "replacements: [{sourceValue: a, source: {kind: A}, targets: []}]",
            "replacements: [{sourceValue: a, targets: []}]",
        ),
        ("replacements: [{sourceValue: a}]", "replacements: []"),
        ("resources: [a.yaml, ./a.yaml]", "resources: [a.yaml, b/]"),
        ("resources: [b]\nbases: [b]", "resources: [b]\ncomponents: [b]"),
        ("resources: [../base]", "resources: [../base/b]"),
    ],
)
def test_what_ends_a_build(wrong: str, right: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "base"
    (folder / "b").mkdir(parents=True)
    (folder / "a.yaml").write_text("a: b\n")
    (folder / "b" / "kustomization.yaml").write_text("resources: []\n")
    said = []
    for text in (wrong, right):
        (folder / "kustomization.yaml").write_text(text)
        main(["lint", str(folder / "kustomization.yaml"), "--no-cache", "--format", "json"])
        found = [
            one for one in json.loads(capsys.readouterr().out)["findings"] if one["policy"] == "kustomization-refused"
        ]
        assert all(one["help"] for one in found)
        said.append(len(found))
    assert said == [1, 0]
