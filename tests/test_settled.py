"""Services that nothing touched are passed over, and everything is as it would be without that."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmarks.workspace import make

from disk import contents
from svc import pipeline
from svc.cli import unchanged
from svc.cli.main import main
from svc.outputs import Plan
from svc.stages import settled
from svc.write import execute
from workspace_edits import EDITS

COUNT = 8
Awake = list[list[str] | None]
"""Of each compile, the numbers of the services that went through the stages; None: all did."""


def spec(number: int) -> Path:
    return Path(f"services/service-{number:05d}/service.yaml")


def edit(number: int, old: str, new: str) -> None:
    text = spec(number).read_text()
    assert old in text
    spec(number).write_text(text.replace(old, new, 1))


@pytest.fixture
def awake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Awake:
    """A workspace that was compiled, of which every file is new."""
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    make(tmp_path / "shop", COUNT)
    monkeypatch.chdir(tmp_path / "shop")
    made: Awake = []
    was = pipeline._compiled

    def noted(request: pipeline.Request, near: settled.Settled | None) -> pipeline.Compiled:
        made.append(None)
        found = was(request, near)
        if near is not None:
            made[-1] = sorted(near.rows[at].name[-1] for at in near.awake)
        return found

    monkeypatch.setattr(pipeline, "_compiled", noted)
    assert main(["compile", "."]) == 0
    made.clear()
    return made


def as_without(capsys: pytest.CaptureFixture[str], *options: str) -> int:
    """Compiles here, and a copy of what was here without a cache: they must be one."""
    shutil.copytree(".", "../twin/shop", symlinks=True)
    capsys.readouterr()
    code = main(["compile", ".", *options])
    said = capsys.readouterr(), contents(Path.cwd())
    here = Path.cwd()
    os.chdir("../twin/shop")
    assert code == main(["compile", ".", *options, "--no-cache"])
    assert said == (capsys.readouterr(), contents(Path.cwd()))
    os.chdir(here)
    shutil.rmtree("../twin")
    return code


def test_the_run_after_the_first_one_is_answered(awake: Awake, capsys: pytest.CaptureFixture[str]) -> None:
    assert as_without(capsys) == 0
    assert awake == [None]  # the one without a cache


def test_a_changed_service_alone_is_made_and_its_files_alone_are_read(
    awake: Awake, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(5, "LOG_LEVEL: ", "LEVEL: a\n  LOG_LEVEL: ")
    assert as_without(capsys) == 0
    assert awake == [["5"], None]
    awake.clear()
    assert main(["compile", "."]) == 0
    assert awake == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("http: 8080", "http: 8081"),
        ("production: {scale", "production: {ports: {http: {port: 8080, service: 443}}, scale"),
        ("production: {scale", "production: {namespace: elsewhere, scale"),
        ("environments:\n", "environments:\n  local: {ports: {http: 3000}}\n"),
    ],
)
def test_what_others_know_of_it_wakes_them(
    awake: Awake, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    edit(3, old, new)
    assert as_without(capsys) == 0
    users = sorted({"3", *(str(number) for number in range(COUNT) if "service-00003" in spec(number).read_text())})
    assert awake[0] == users
    assert len(users) < COUNT


def test_who_has_findings_is_written_too_when_another_changes(
    awake: Awake, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services with findings are always awake: what they look at may change nonetheless."""
    _policy()
    monkeypatch.setattr(unchanged, "MARGIN", -(10**15))  # what was written just now counts as old
    assert as_without(capsys) == 0
    awake.clear()
    edit(3, "http: 8080", "http: 8081")
    assert as_without(capsys) == 0
    assert awake[0] == [str(number) for number in range(COUNT)]


def test_an_output_that_was_edited_is_looked_at(awake: Awake, capsys: pytest.CaptureFixture[str]) -> None:
    values = spec(2).parent / "chart" / "values.yaml"
    values.write_text(values.read_text() + "# mine\n")
    assert as_without(capsys) == 2
    assert as_without(capsys, "--force") == 0
    values.unlink()
    assert as_without(capsys, "--check") == 1
    assert as_without(capsys) == 0
    assert all(one in (None, ["2"]) for one in awake)


def _same_name() -> None:
    edit(7, "name: service-00007", "name: service-00006")


def _renamed() -> None:
    edit(7, "name: service-00007", "name: other")


def _shared_secret() -> None:
    edit(4, "{TOKEN: service-00004/token}", "{TOKEN: service-00000/token}")


def _circle() -> None:
    edit(0, "env:\n", "env:\n  BACK: http://${services.service-00007.http}\n")
    edit(7, "env:\n", "env:\n  ON: http://${services.service-00000.http}\n")


def _gone() -> None:
    shutil.rmtree(spec(6).parent)


def _wrong() -> None:
    edit(1, "health:", "heallth:")


def _waived() -> None:
    edit(1, "description:", "waivers: [{policy: image-latest, reason: old, until: 2020-01-01}]\ndescription:")


def _policy() -> None:
    with Path("svc-workspace.yaml").open("a") as file:
        file.write("policy: {profile: strict}\n")


def _target() -> None:
    edit(2, "description:", "own: [compose]\ndescription:")


def _source() -> None:
    spec(1).with_name("requirements.txt").write_text("flask==3.0.0\n")


def _grown() -> None:
    edit(1, "environments:\n", "volumes: {data: {size: 1Gi, path: /data}}\nenvironments:\n")


def _left_by_a_killed_run() -> None:
    (spec(3).parent / "chart" / ".values.yaml.0abcdef0.svc").write_text("half")


def _record_lost() -> None:
    Path(".svc-outputs.json").unlink()


def _record_merged() -> None:
    file = Path(".svc-outputs.json")
    file.write_text(file.read_text().replace('"owner"', '"owner" ', 1))


def _folder_is_a_link() -> None:
    folder = spec(3).parent / "chart" / "templates"
    folder.rename("elsewhere")
    folder.symlink_to(Path("elsewhere").resolve())


CHANGES: tuple[Callable[[], None], ...] = (
    _same_name, _renamed, _shared_secret, _circle, _gone, _wrong, _waived, _policy, _target, _source, _grown,
    _left_by_a_killed_run, _record_lost, _record_merged, _folder_is_a_link,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_everything_is_as_without(awake: Awake, change: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    """Also beside another change, and in the run after that."""
    change()
    as_without(capsys)
    edit(5, "LOG_LEVEL: ", "LEVEL: a\n  LOG_LEVEL: ")
    as_without(capsys)
    as_without(capsys)


def test_an_error_does_not_wake_the_others_for_good(awake: Awake, capsys: pytest.CaptureFixture[str]) -> None:
    _wrong()
    assert as_without(capsys) == 2
    edit(1, "heallth:", "health:")
    assert as_without(capsys) == 0
    assert [one for one in awake if one is not None][-1] == ["1"]


def test_another_command_between(awake: Awake, capsys: pytest.CaptureFixture[str]) -> None:
    """It writes the same record: what this one left is not relied on."""
    assert main(["compile", str(spec(4).parent), "--target", "docker", "--out", "."]) == 0
    edit(5, "LOG_LEVEL: ", "LEVEL: a\n  LOG_LEVEL: ")
    assert as_without(capsys) == 0


def test_another_run_between_compiling_and_writing(
    awake: Awake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(5, "LOG_LEVEL: ", "LEVEL: a\n  LOG_LEVEL: ")
    was = pipeline._compiled
    relied: list[bool] = []

    def overtaken(request: pipeline.Request, near: settled.Settled | None) -> pipeline.Compiled:
        found = was(request, near)
        relied.append(near is not None)
        if len(relied) == 1:
            edit(6, "LOG_LEVEL: ", "LEVEL: b\n  LOG_LEVEL: ")
            done = subprocess.run([sys.executable, "-m", "svc", "compile", "."], capture_output=True, check=False)
            assert done.returncode == 0
        return found

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "_compiled", overtaken)
        assert main(["compile", "."]) == 0
    assert relied == [True, False]  # what the other run left is not what the first look relied on
    assert main(["compile", ".", "--check", "--no-cache"]) == 0
    assert as_without(capsys) == 0


def test_a_run_that_is_killed_while_it_writes(
    awake: Awake, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(5, "LOG_LEVEL: ", "LEVEL: a\n  LOG_LEVEL: ")

    def killed(made: Plan, hands: int = 1) -> None:
        moved: list[object] = []
        real = os.replace

        def replace(*paths: str) -> None:
            moved.append(real(*paths))
            if len(moved) == 3:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", replace)
            execute(made, hands)

    with monkeypatch.context() as patch:
        patch.setattr("svc.cli.compile.execute", killed)
        assert main(["compile", "."]) == 130
    assert as_without(capsys) == 0
    assert as_without(capsys) == 0


def test_a_new_checkout_with_the_cache_of_an_old_one(awake: Awake, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(".", "../new")
    os.chdir("..")
    shutil.rmtree("shop")
    Path("new").rename("shop")
    os.chdir("shop")
    assert as_without(capsys) == 0
    edit(5, "LOG_LEVEL: ", "LEVEL: a\n  LOG_LEVEL: ")
    assert as_without(capsys) == 0


@pytest.mark.parametrize("seed", range(3))
def test_random_edits(awake: Awake, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(f"settled {seed}")
    for _ in range(5):
        for _ in range(chance.randrange(3)):
            chance.choice(EDITS)(chance, Path.cwd())
        as_without(capsys)
