"""What cannot be read of a YAML file hides nothing of the rest, and nothing is concluded from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from svc.cli.main import main

POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec:\n  containers:\n  - name: a\n    image: a:1\n"
    "    securityContext: {privileged: true}\n"
)
POLICY = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}}\n"
BROKEN = (
    "kind: ConfigMap\nmetadata:\n  name: b\n   bad: x\n",
    "kind: ConfigMap\nmetadata: {name: b\n",
    "kind: ConfigMap\nmetadata: 'b\n",
    "kind: ConfigMap\nmetadata: *b\n",
    "kind: ConfigMap\n\tmetadata: b\n",
)


def _lint(text: str, file: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    capsys.readouterr()
    main(["lint", str(file), "--no-cache", "--format", "json", *options])
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return found


def _lines(found: list[dict[str, Any]], *policies: str) -> list[int]:
    return [one["line"] for one in found if one["policy"] in policies]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "---\n"])
@pytest.mark.parametrize("broken", BROKEN)
def test_documents_around_a_broken_one_are_judged(
    broken: str, start: str, end: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"{start}{POD % 'a'}---\n{broken}---\n{POD % 'c'}---\n{broken}--- # the last\n{POD % 'e'}"
    found = _lint(text.replace("\n", end), tmp_path / "all.yaml", capsys)
    where = [number for number, line in enumerate(text.split("\n"), 1) if "privileged" in line]
    assert _lines(found, "privileged-container") == where
    assert [one["policy"][:5] for one in found].count("yaml-") == 2
    assert found[0]["policy"].startswith("yaml-")


def test_no_object_is_missed_beside_a_broken_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"{POD % 'a'}---\n{POLICY}"
    assert not _lines(_lint(text, tmp_path / "a.yaml", capsys), "network-policy-missing")
    broken = text.replace("spec: {podS", "spec: {{podS")
    found = _lint(broken, tmp_path / "a.yaml", capsys)
    assert not _lines(found, "network-policy-missing")
    assert _lines(found, "privileged-container") == [8]
    assert _lines(_lint(POD % "a", tmp_path / "b" / "a.yaml", capsys), "network-policy-missing")


@pytest.mark.parametrize(
    ("name", "text", "twice", "expected"),
    [
        (
            "compose.yaml",
            "services:\n  a:\n    image: a:latest\n    privileged: true\n    image: a:1\n  b:\n    image: b:latest\n",
            5,
            {("compose-privileged", 4), ("compose-image-latest", 7)},
        ),
        (
            ".github/workflows/a.yaml",
            (
                "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 3\n    steps:\n"
                "    - run: echo ${{ github.event.issue.title }}\n      run: echo ${{ github.head_ref }}\n"
                "    - run: echo ${{ github.event.issue.title }}\n"
            ),
            9,
            {("script-injection", 10)},
        ),
        (
            "a.yaml",
            (POD % "a").replace("image: a:1", "image: a\n    image: b"),
            8,
            {("privileged-container", 9)},
        ),
    ],
)
def test_what_is_said_twice_hides_itself_alone(
    name: str,
    text: str,
    twice: int,
    expected: set[tuple[str, int]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = _lint(text, tmp_path / name, capsys)
    assert (found[0]["policy"], found[0]["line"]) == ("yaml-duplicate-key", twice)
    policies = {"compose-privileged", "compose-image-latest", "script-injection", "privileged-container"}
    assert {(one["policy"], one["line"]) for one in found if one["policy"] in policies | {"image-latest"}} == expected
    assert not [one for one in found if one.get("fix")]
    main(["lint", str(tmp_path / name), "--no-cache", "--fix", "--unsafe-fixes"])
    assert (tmp_path / name).read_text() == text
