"""Processes that share work: the same results whatever their number, and honest ends."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from benchmarks.workspace import make

from svc import tools
from svc.pipeline import Compiled, Piece, Request, compile_, verify
from svc.pool import Channel, Team, WorkerDied, WorkerFailed
from svc.stages.shared import _chunks, _shared, _Work

BROKEN = (
    "apiVersion: svc/v1\nname: {name}\nimage: nginx\nports: {{http: 80}}\nenv: {{A: '${{services.nobody.http}}'}}\n"
)


def squares(channel: Channel) -> None:
    while True:
        channel.send(channel.receive() ** 2)


def test_every_worker_answers_in_turn() -> None:
    with Team(3, squares) as team:
        for number in range(3):
            team.send(number, number)
        assert [team.receive(number) for number in range(3)] == [0, 1, 4]


def test_what_is_sent_can_be_large() -> None:
    with Team(1, lambda channel: channel.send("x" * 5_000_000)) as team:
        assert len(team.receive(0)) == 5_000_000


def test_a_signal_just_before_a_wait_for_the_other_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits without an end hears it afterwards only, so no wait is without one: not for room in a full pipe,
    and not for the rest of an object."""
    from_other, to_me = os.pipe()
    from_me, to_other = os.pipe()
    mine, theirs = Channel(from_other, to_other), Channel(from_me, to_me)
    assert not os.get_blocking(to_other)
    waits: list[float | None] = []
    was = select.select
    text = "x" * 1_000_000
    received: list[str] = []

    def noted(*given: Any) -> Any:
        if threading.current_thread() is threading.main_thread():
            waits.append(given[3] if len(given) > 3 else None)
            if len(waits) == 3:
                raise KeyboardInterrupt
            if len(waits) == 5:
                reader.start()
        return was(*given)

    reader = threading.Thread(target=lambda: received.append(theirs.receive()))
    monkeypatch.setattr(select, "select", noted)
    with pytest.raises(KeyboardInterrupt):
        mine.send(text)  # nobody reads
    while True:  # what was half sent is nobody's any more
        try:
            os.set_blocking(from_me, False)
            os.read(from_me, 1 << 20)
        except BlockingIOError:
            break
    os.set_blocking(from_me, True)
    mine.send(text)
    reader.join()
    assert received == [text]
    sender = threading.Thread(target=lambda: theirs.send(text))
    sender.start()
    assert mine.receive() == text
    sender.join()
    assert len(waits) > 6
    assert all(one is not None and one <= 1 for one in waits)
    for channel in (mine, theirs):
        channel.close()


def _raises(error: Exception) -> Callable[[Channel], None]:
    def serve(_: Channel) -> None:
        raise error

    return serve


def test_a_failure_says_what_it_was() -> None:
    with Team(1, _raises(ValueError("odd"))) as team, pytest.raises(WorkerFailed, match="odd") as caught:
        team.receive(0)
    assert caught.value.kind == "ValueError"
    assert "test_pool.py" in caught.value.where


def test_a_tool_that_fails_in_a_worker_is_the_same_failure_here() -> None:
    with Team(1, _raises(tools.ToolCrashed("cue", "it crashed"))) as team:
        with pytest.raises(tools.ToolCrashed, match="it crashed") as caught:
            team.receive(0)
        assert caught.value.tool == "cue"


def test_a_killed_worker_is_reported() -> None:
    with Team(2, squares) as team:
        team.send(0, 1)
        team.receive(0)
        os.kill(team.pids[0], signal.SIGKILL)
        with pytest.raises(WorkerDied, match="signal 9"):
            team.receive(0)


def test_no_worker_outlives_the_block() -> None:
    def sleeps(_: Channel) -> None:
        time.sleep(600)

    with Team(2, sleeps) as team:
        pids = team.pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("many")
    make(root, 9)
    return root


def compiled(root: Path, **changes: object) -> Compiled:
    request = Request((root,), Path.as_posix, date(2026, 1, 1), whole=False)
    return compile_(replace(request, **changes))  # type: ignore[arg-type]


def files(one: Compiled) -> list[tuple[str, str, str, str]]:
    return [(each.path, each.owner, each.sha256, each.text) for each in one.outputs]


def test_the_number_of_jobs_changes_nothing(workspace: Path) -> None:
    single = compiled(workspace)
    assert single.outputs
    for jobs in (2, 3, 20):
        several = compiled(workspace, jobs=jobs)
        assert several == single
        assert files(several) == files(single)
    whole = compiled(workspace, whole=True)
    assert replace(whole, units=(), pieces=(), outputs=()) == replace(single, units=(), outputs=())
    assert files(whole) == files(single)
    assert whole.pieces


@pytest.mark.parametrize(("count", "hands"), [(1, 1), (9, 2), (9, 20), (64, 3), (1000, 2)])
def test_chunks_are_all_of_the_work(count: int, hands: int) -> None:
    chunks = _chunks(count, hands)
    assert len(chunks) == hands
    flat = sorted(one for mine in chunks for one in mine)
    assert [number for first, end in flat for number in range(first, end)] == list(range(count))


def test_one_that_is_done_helps_the_others() -> None:
    """The second worker is slow: the first does most, and the results still come in order."""

    def serve(channel: Channel) -> None:
        slow = channel.receive().files[0] == Path("slow")
        while True:
            first, end = channel.receive()
            time.sleep(0.2 if slow else 0.0)
            channel.send([(number, slow) for number in range(first, end)])

    with Team(2, serve) as team:
        was = team.send

        def send(worker: int, value: object) -> None:
            was(worker, replace(value, files=(Path(("fast", "slow")[worker]),)) if isinstance(value, _Work) else value)

        team.send = send  # type: ignore[method-assign]
        found = list(_shared(team, _Work(), 80))
    assert [number for number, _ in found] == list(range(80))
    assert sum(slow for _, slow in found) <= 40


def test_messages_come_in_the_same_order(tmp_path: Path) -> None:
    make(tmp_path, 6)
    for number in range(6):
        folder = tmp_path / "services" / f"broken-{number}"
        folder.mkdir()
        (folder / "service.yaml").write_text(BROKEN.format(name=f"broken-{number % 4}"))
    single = compiled(tmp_path)
    assert {one.id for one in single.diagnostics} >= {"reference-unknown", "service-named-twice"}
    assert [compiled(tmp_path, jobs=jobs).diagnostics for jobs in (2, 5)] == [single.diagnostics] * 2


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are looked up in /proc")
@pytest.mark.parametrize(("number", "to_worker", "code"), [(signal.SIGKILL, True, 3), (signal.SIGINT, False, 130)])
def test_an_end_in_the_middle(tmp_path: Path, number: signal.Signals, to_worker: bool, code: int) -> None:
    make(tmp_path, 60)
    command = [sys.executable, "-m", "svc", "compile", str(tmp_path), "--jobs", "2"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )
    workers: list[int] = []
    while process.poll() is None and len(workers) < 2:
        time.sleep(0.01)
        workers = _children(process.pid)
    os.kill(workers[0] if to_worker else process.pid, number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in said
    assert ("signal 9" if to_worker else "interrupted") in said
    assert not (tmp_path / ".svc-outputs.json").exists()
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def test_programs_run_at_once_and_answer_in_order(tmp_path: Path) -> None:
    """Each judge waits for the next one to begin, so that one after another would never end."""
    begun = [threading.Event() for _ in range(2)]

    def judging(number: int) -> SimpleNamespace:
        def judge(artifacts: list[int], root: Path, box: tools.Toolbox) -> tuple[int, ...]:
            begun[artifacts[0]].set()
            assert begun[1 - artifacts[0]].wait(30)
            return tuple(artifacts)

        return SimpleNamespace(artifact=number, name=f"target {number}", target=SimpleNamespace(judge=judge))

    pieces = cast("tuple[Piece, ...]", (judging(0), judging(1)))
    made = Compiled(tmp_path, (), {}, pieces=pieces)
    told: list[tuple[str, int, int]] = []
    assert list(map(str, verify(made, tmp_path, tools.toolbox({}), lambda *one: told.append(one), hands=2))) == [
        "0",
        "1",
    ]
    assert told == [("verifying", 0, 2), ("verifying", 1, 2), ("verifying", 2, 2)]
