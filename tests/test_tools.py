"""The door to subprocesses: what it finds, what it refuses, and that nothing it starts outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from svc import child, tools
from svc.tools import Located, Tool, ToolCrashed, ToolMissing, ToolTimeout


def script(folder: Path, name: str, body: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def located(path: Path, environment: dict[str, str] | None = None, version: str = "1.2.3") -> Located:
    return Located(Tool(path.name, version, "install it"), path, environment or {"PATH": "/usr/bin:/bin"})


def is_running(pid: int) -> bool:
    """Whether a process is there and is not a zombie waiting for its parent."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def ends(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(pid)


def test_the_table_is_keyed_by_name_and_says_how_to_install() -> None:
    for name, tool in tools.TOOLS.items():
        assert name == tool.name
        assert tool.install
        assert tool.version[0].isdigit()


def test_find_prefers_the_setting_then_the_checkout_then_path(tmp_path: Path) -> None:
    chosen = script(tmp_path / "chosen", "my-helm", "exit 0")
    own = script(tmp_path / "checkout" / ".tools" / "bin", "helm", "exit 0")
    on_path = script(tmp_path / "bin", "helm", "exit 0")
    environ = {"PATH": str(tmp_path / "bin")}

    def found(environ: dict[str, str], checkout: Path, explicit: dict[str, str] | None = None) -> Path:
        return tools.find("helm", tools.toolbox(environ, explicit=explicit, checkout=checkout)).path

    assert found(environ, tmp_path / "checkout", {"helm": str(chosen)}) == chosen
    assert found({**environ, "SVC_TOOL_HELM": str(chosen)}, tmp_path / "checkout") == chosen
    assert found(environ, tmp_path / "checkout") == own
    assert found(environ, tmp_path / "elsewhere") == on_path


@pytest.mark.parametrize("search", [".", "", "bin", ":", "./bin", "bin:.:"])
def test_the_current_folder_and_relative_path_entries_are_never_searched(
    search: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path, "helm", "exit 0")
    script(tmp_path / "bin", "helm", "exit 0")
    monkeypatch.chdir(tmp_path)
    box = tools.toolbox({"PATH": search}, checkout=tmp_path / "checkout")
    with pytest.raises(ToolMissing):
        tools.find("helm", box)
    assert box.environment["PATH"] == ""


def test_a_missing_tool_says_how_to_install_it_and_how_to_point_at_it(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing) as caught:
        tools.find("kubeconform", tools.toolbox({"PATH": str(tmp_path)}, checkout=tmp_path))
    assert caught.value.tool == "kubeconform"
    assert "make tools" in str(caught.value)
    assert "SVC_TOOL_KUBECONFORM" in str(caught.value)


def test_a_folder_or_a_file_without_the_execute_bit_is_not_a_program(tmp_path: Path) -> None:
    (tmp_path / "cue").mkdir()
    (tmp_path / "helm").write_text("not a program")
    box = tools.toolbox({"PATH": str(tmp_path)}, checkout=tmp_path)
    assert tools.available(["cue", "helm"], box) == {}


@pytest.mark.parametrize("setting", ["./helm", "helm", "/no/such/program"])
def test_a_bad_setting_is_an_error_and_not_a_reason_to_look_elsewhere(setting: str, tmp_path: Path) -> None:
    script(tmp_path, "helm", "exit 0")
    with pytest.raises(ToolMissing, match="the path set for helm"):
        tools.find("helm", tools.toolbox({"PATH": str(tmp_path), "SVC_TOOL_HELM": setting}, checkout=tmp_path))


def test_run_returns_both_streams_and_the_exit_code_and_feeds_stdin(tmp_path: Path) -> None:
    program = located(script(tmp_path, "tool", 'cat; echo "$1" >&2; exit 3'))
    done = tools.run(program, ["a b; echo $HOME"], stdin="grüße\n")
    assert (done.returncode, done.stdout, done.stderr) == (3, "grüße\n", "a b; echo $HOME\n")


def test_run_without_stdin_reads_an_empty_input(tmp_path: Path) -> None:
    assert tools.run(located(script(tmp_path, "tool", "cat; echo end")), [], timeout=10).stdout == "end\n"


def test_a_program_that_ignores_a_large_input_is_no_error(tmp_path: Path) -> None:
    assert tools.run(located(script(tmp_path, "tool", "exit 0")), [], stdin="x" * 1_000_000).returncode == 0


def test_large_output_on_both_streams_does_not_block(tmp_path: Path) -> None:
    body = "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"
    done = tools.run(located(script(tmp_path, "tool", body)), [], timeout=20)
    assert (len(done.stdout), len(done.stderr)) == (300_000, 600_000)


def test_the_environment_is_scrubbed_and_the_working_directory_is_the_callers(tmp_path: Path) -> None:
    environ = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/home/me",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "TF_CLI_CONFIG_FILE": "/no",
    }
    path = script(tmp_path, "tool", "env; pwd")
    tool = Tool("tool", "1", "install it", env=(("FROM_TOOL", "1"),))
    program = Located(tool, path, tools.toolbox(environ).environment)
    lines = tools.run(program, [], cwd=tmp_path, env={"FROM_CALLER": "2"}).stdout.splitlines()
    assert {"HOME=/home/me", "FROM_TOOL=1", "FROM_CALLER=2", "LC_ALL=C.UTF-8"} <= set(lines)
    assert not [line for line in lines if line.startswith(("AWS_", "TF_"))]
    assert lines[-1] == str(tmp_path)


@pytest.mark.parametrize("child", ["sleep 60", "env -i sleep 60", "setsid sleep 60"])
def test_a_timeout_kills_the_program_and_its_children(child: str, tmp_path: Path) -> None:
    """Also one that forgets its environment, or leaves the group: nobody does both."""
    program = located(script(tmp_path, "tool", f"{child} & echo $! > child; wait"))
    started = time.monotonic()
    with pytest.raises(ToolTimeout, match=r"did not finish within 0\.5 seconds"):
        tools.run(program, [], cwd=tmp_path, timeout=0.5)
    assert time.monotonic() - started < 10
    assert ends(int((tmp_path / "child").read_text()))


def test_a_child_left_behind_holding_the_output_is_killed_at_the_time_limit(tmp_path: Path) -> None:
    program = located(script(tmp_path, "tool", "sleep 60 & echo $! > child"))
    with pytest.raises(ToolTimeout):
        tools.run(program, [], cwd=tmp_path, timeout=0.5)
    assert ends(int((tmp_path / "child").read_text()))


def test_a_silent_child_left_behind_does_not_outlive_the_run(tmp_path: Path) -> None:
    program = located(script(tmp_path, "tool", "sleep 60 >/dev/null 2>&1 & echo $! > child"))
    assert tools.run(program, [], cwd=tmp_path, timeout=30).returncode == 0
    assert ends(int((tmp_path / "child").read_text()))


def test_too_much_output_stops_the_program(tmp_path: Path) -> None:
    program = located(script(tmp_path, "tool", "echo $$ > pid; while :; do echo xxxxxxxxxxxxxxxx; done"))
    with pytest.raises(ToolCrashed, match="printed more than 1000 bytes"):
        tools.run(program, [], cwd=tmp_path, timeout=30, output_limit=1000)
    assert ends(int((tmp_path / "pid").read_text()))


def test_a_signal_and_a_program_that_cannot_start_are_crashes(tmp_path: Path) -> None:
    with pytest.raises(ToolCrashed, match="killed by signal 9"):
        tools.run(located(script(tmp_path, "tool", "kill -9 $$")), [])
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF nonsense")
    broken.chmod(0o755)
    with pytest.raises(ToolCrashed, match="could not be started"):
        tools.run(located(broken), [])
    with pytest.raises(ToolCrashed, match="could not be started"):
        tools.run(located(script(tmp_path, "tool", "exit 0")), ["a\0b"])


def test_expect_returns_the_result_or_quotes_what_was_said(tmp_path: Path) -> None:
    done = tools.run(located(script(tmp_path, "tool", "echo bad thing >&2; exit 7")), ["lint"])
    assert tools.expect(done, (0, 7)) is done
    with pytest.raises(ToolCrashed, match="`tool lint` ended with exit code 7: bad thing"):
        tools.expect(done, (0, 1))


def test_another_version_is_not_refused(tmp_path: Path) -> None:
    path = script(tmp_path, "tool", 'echo "tool version v1.2.3+g01 (linux)"')
    assert tools.version_of(located(path, version="2.0.0")) == "1.2.3"


def test_a_program_without_a_version_is_a_crash(tmp_path: Path) -> None:
    with pytest.raises(ToolCrashed, match="printed no version"):
        tools.version_of(located(script(tmp_path, "tool", "echo hello")))


@pytest.mark.parametrize("name", sorted(tools.TOOLS))
def test_an_installed_tool_is_the_version_we_pin(name: str) -> None:
    box = tools.toolbox(os.environ)
    try:
        program = tools.find(name, box)
    except ToolMissing as missing:
        pytest.skip(str(missing))
    if Path(program.path).parent.parent.name != ".tools":
        pytest.skip(f"{name} is the machine's own")
    assert tools.version_of(program) == program.tool.version


def test_being_told_to_end_while_waiting_does_not_wait_for_oneself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal handler runs in the thread that waits for a program, maybe while that holds the lock of the program."""
    monkeypatch.setattr(child, "_STOPPED", threading.Event())
    program = located(script(tmp_path, "sleeper", "sleep 60"))

    def wait() -> None:
        with pytest.raises(ToolCrashed):
            tools.run(program, [], cwd=tmp_path, timeout=50)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    deadline = time.monotonic() + 10
    while not child._RUNNING and time.monotonic() < deadline:
        time.sleep(0.01)
    (process,) = child._RUNNING
    with process._waitpid_lock:  # type: ignore[attr-defined]
        ending = threading.Thread(target=child.stop_all, daemon=True)
        ending.start()
        ending.join(10)
        assert not ending.is_alive()
    waiting.join(10)
    assert not waiting.is_alive()


def test_being_told_to_end_while_a_program_starts_ends_that_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program runs already, and its caller does not know it yet."""
    started: list[subprocess.Popen[bytes]] = []

    class Interrupted(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)
            child.told(KeyboardInterrupt())

    monkeypatch.setattr(child, "_STOPPED", threading.Event())
    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    program = located(script(tmp_path, "sleeper", "sleep 60"))
    with pytest.raises(KeyboardInterrupt):
        tools.run(program, [], cwd=tmp_path, timeout=50)
    assert [one.returncode for one in started] == [-signal.SIGKILL]
    for stream in (started[0].stdin, started[0].stdout, started[0].stderr):
        assert stream is not None
        stream.close()
    assert not child._RUNNING
    with pytest.raises(KeyboardInterrupt):
        child.told(KeyboardInterrupt())
