"""Files of several workspaces: in one run, each is told what it is told in a run of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from svc import tools
from svc.cli.exits import Exit
from svc.cli.main import main

HEAD = "apiVersion: svc/v1\nkind: Workspace\n"
REMARK = "# svc: ignore=base-image-latest reason=a trial\n"
FILES = {
    "Dockerfile": "FROM alpine:latest\nCOPY . .\nCMD top\n",
    "trial/Dockerfile": f"{REMARK}FROM alpine:latest\nCMD top\n",
    "pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n"
    "spec:\n  hostNetwrok: true\n  containers:\n    - {name: web, image: nginx, securityContext: {privileged: true}}\n",
}
DEMANDS = {
    "nothing": "",
    "one of two off": 'policy: {severities: {base-image-latest: "off", base-image-not-pinned: error}}\n',
    "one of two milder": "policy: {severities: {base-image-latest: info, base-image-not-pinned: error}}\n",
    "one of two mandatory": "policy: {mandatory: [base-image-not-pinned, capabilities-not-dropped]}\n",
    "another mandatory": "policy: {mandatory: [base-image-latest], severities: {image-latest: info}}\n",
    "a waiver": "waivers: [{policy: privileged-container, reason: it drives a device, owner: us}]\n",
    "strict": "policy: {profile: strict}\n",
    "baseline": "policy: {profile: baseline, severities: {added-capability: info}}\n",
}
"""What a workspace says."""
OPTIONS = {
    "as they say": (),
    "a set": ("--policy-set", "pss-restricted"),
    "some": ("--select", "base-image-latest", "--select", "base-image-not-pinned"),
    "but one": ("--ignore", "image-latest"),
}


def workspace(folder: Path, said: str, files: dict[str, str] | None = None) -> None:
    for name, text in {"svc-workspace.yaml": HEAD + said, **(files or FILES)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    """The exit code, and what is said, but for the sums."""
    capsys.readouterr()
    code = main(["lint", "--no-cache", "--format", "concise", *words])
    return code, sorted(line for line in capsys.readouterr().out.splitlines() if "[" in line)


def alike(capsys: pytest.CaptureFixture[str], homes: list[str], *options: str) -> list[str]:
    """Asserts that a run over all says what runs over each say, in any order; gives that."""
    alone = [told(capsys, home, *options) for home in homes]
    every = max(code for code, _ in alone), sorted(line for _, lines in alone for line in lines)
    for order in (homes, homes[::-1]):
        assert told(capsys, *order, *options) == every
    return every[1]


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_each_is_told_what_it_is_told_alone(
    options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, said in DEMANDS.items():
        workspace(tmp_path / name.replace(" ", "-"), said)
    (tmp_path / "nothing/svc-workspace.yaml").unlink()
    lines = alike(capsys, [name.replace(" ", "-") for name in DEMANDS], *options)
    assert ("[manifest-key-unknown]" in "".join(lines)) is (options[:1] != ("--policy-set",)), "a set judges by itself"


@pytest.mark.parametrize(
    "said", [DEMANDS[name] for name in ("one of two off", "one of two milder", "one of two mandatory")]
)
def test_nothing_is_lost_beside_a_clean_one(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    pinned = "@sha256:" + "1" * 64
    workspace(tmp_path / "a", "", {"Dockerfile": f'FROM alpine:3.20{pinned}\nUSER 10001\nCMD ["top"]\n'})
    workspace(tmp_path / "b", said, {"Dockerfile": f"{REMARK}FROM alpine:latest\nUSER 10001\n"})
    lines = alike(capsys, ["a", "b"])
    assert any("[base-image-not-pinned]" in line for line in lines)
    assert told(capsys, "a")[0] == Exit.CLEAN


SCRIPT = "FROM debian:13\nRUN touch $(cat names) && rm -r $HOME/x\nUSER 1\n"
CODES = {
    "some": 'policy: {severities: {SC2046: "off", SC2086: error}}\n',
    "all": 'policy: {severities: {shell-problem: "off"}}\n',
    "milder": "policy: {severities: {shell-problem: info}}\n",
    "plain": "",
}


@pytest.mark.parametrize("options", [(), ("--ignore", "SC2086"), ("--select", "SC2086")])
def test_codes_of_shellcheck_are_each_ones_own(
    options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _program("shellcheck")
    monkeypatch.chdir(tmp_path)
    for name, said in CODES.items():
        workspace(tmp_path / name, said, {"Dockerfile": SCRIPT})
    assert "[shell-problem]" in "".join(alike(capsys, [*CODES], "--deep", *options))


def test_a_policy_in_cue_is_of_those_who_have_its_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _program("cue")
    monkeypatch.chdir(tmp_path)
    labelled = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {app: web}}\n"
    for name in ("a", "b", "c"):
        workspace(tmp_path / name, "", {"web.yaml": labelled})
    assert main(["policies", "new", "b/pack/team-missing", "--check", "cue"]) == Exit.CLEAN
    workspace(tmp_path / "b", "policy: {packs: [pack], severities: {team-missing: info}}\n", {"web.yaml": labelled})
    lines = [line for line in alike(capsys, ["a", "b", "c"]) if "[team-missing]" in line]
    assert {(line.split(":")[0], line.split()[1].split("[")[0]) for line in lines} == {("b/web.yaml", "info")}


def _program(name: str) -> None:
    try:
        tools.find(name, tools.toolbox(os.environ))
    except tools.ToolMissing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


OWN = """\
title: Variables are ours
severity: error
surface: docker
check: base_latest
profiles: [recommended]
why: A test.
help: Do otherwise.
since: "1"
fix: none
pass: [FROM a:1]
fail: [{input: FROM a, at: [[instructions, 0]]}]
"""


def test_packs_may_call_different_policies_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    off = OWN.replace("FROM a:1", "FROM a:1@sha256:" + "1" * 64).replace("base_latest", "base_pinned")
    for name, own in (("a", OWN), ("b", off), ("c", OWN.replace("Do otherwise", "Do as we do"))):
        workspace(tmp_path / name, "policy: {packs: [pack]}\n", {"Dockerfile": "FROM alpine:3.20\nCMD top\n"})
        (tmp_path / name / "pack").mkdir()
        (tmp_path / name / "pack/our-own.yaml").write_text(own)
    lines = [line for line in alike(capsys, ["a", "b", "c"]) if "[our-own]" in line]
    assert [line.split(":")[0] for line in lines] == ["b/Dockerfile"]
