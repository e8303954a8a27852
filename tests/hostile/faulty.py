"""Writes outputs once for each call that changes the disk, and lets that call fail: `python faulty.py ENOSPC` (or KILL).

The calls of `os` are wrapped, whatever code makes them. It works in the current folder.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from svc.lock import locked
from svc.outputs import Output, Plan
from svc.owned import STATE
from svc.write import execute, plan

OUT = Path("out")
OWNER = "shop/helm"
NEVER = -1
KEPT = {"chart/Chart.yaml": "name: shop\n"}
OLD = {**KEPT, "Dockerfile": "FROM a\n", "chart/values.yaml": "a: 1\n", "chart/templates/gone/job.yaml": "kind: Job\n"}
NEW = {**KEPT, "Dockerfile": "FROM b\n", "chart/values.yaml": "a: 2\n", "chart/new/networkpolicy.yaml": "kind: N\n"}
OTHER = {**KEPT, "Dockerfile": "FROM c\n", "chart/values.yaml": "a: 3\n"}
CHANGING = ("open", "mkdir", "replace", "rename", "unlink", "remove", "rmdir", "fsync", "fchmod", "chmod", "sync")


def arm(number: int, fault: str, root: str) -> list[str]:
    """Wraps the calls; the list grows by each that is made."""
    made: list[str] = []

    def due(name: str) -> None:
        made.append(name)
        if len(made) - 1 != number:
            return
        if fault == "KILL":
            os.kill(os.getpid(), signal.SIGKILL)
        code = getattr(errno, fault)
        raise OSError(code, os.strerror(code), root)

    def wrapped(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def faulty(*args: Any, **kwargs: Any) -> Any:
            if name != "open" or (len(args) > 1 and args[1] & (os.O_WRONLY | os.O_RDWR)):
                due(name)
            return call(*args, **kwargs)

        return faulty

    for name in CHANGING:
        setattr(os, name, wrapped(name, getattr(os, name)))
    wrote = os.write

    def writing(handle: int, data: bytes) -> int:
        """Half of what is to be written arrives before the fault."""
        half = wrote(handle, data[: len(data) // 2])
        due("write")
        return half + wrote(handle, data[half:])

    setattr(os, "write", writing)  # noqa: B010
    return made


def forked(outputs: dict[str, str], number: int = NEVER, fault: str = "KILL") -> tuple[int, int]:
    """Writes the outputs in a forked process. Its exit code (-9: killed, 2: the fault came out), the calls it made."""
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        calls = arm(number, fault, str(OUT))
        code = 0
        try:
            with locked(OUT):
                execute(planned(outputs))
        except OSError:
            code = 2
        os.write(send, str(len(calls)).encode())
        os._exit(code)
    os.close(send)
    _, status = os.waitpid(child, 0)
    count = os.read(receive, 100)
    os.close(receive)
    return os.waitstatus_to_exitcode(status), int(count or 0)


def planned(outputs: dict[str, str]) -> Plan:
    made = plan(OUT, [Output(path, text, OWNER) for path, text in outputs.items()], (OWNER,))
    assert not made.refused, made.refused
    return made


def tree(root: Path) -> dict[str, bytes]:
    return {one.relative_to(root).as_posix(): one.read_bytes() for one in sorted(root.rglob("*")) if one.is_file()}


def put(root: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(root, ignore_errors=True)
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)


def without_record(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name != STATE}


def trial(number: int, fault: str, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    """One fault on the way from the old state to the new one; then the same outputs again, or the old, or others."""
    for again in (NEW, OLD, OTHER):
        put(OUT, old)
        code, _ = forked(NEW, number, fault)
        left = tree(OUT)
        assert code == (-9 if fault == "KILL" else 2) or left == new, (code, sorted(left))
        for name, data in left.items():
            assert data in (old.get(name), new.get(name)) or name.endswith((".svc", STATE)), name
        done = without_record(left) == without_record(new)
        assert done or not planned(NEW).up_to_date, sorted(left)
        assert forked(again)[0] == 0
        assert without_record(tree(OUT)) == {name: text.encode() for name, text in again.items()}, sorted(tree(OUT))
        assert planned(again).up_to_date


def trials(fault: str) -> int:
    forked(OLD)
    old = tree(OUT)
    code, count = forked(NEW)
    assert code == 0
    new = tree(OUT)
    for number in range(count):
        try:
            trial(number, fault, old, new)
        except AssertionError as error:
            raise AssertionError(f"{fault} at call {number} of {count}: {error}") from error
    return count


if __name__ == "__main__":
    sys.stdout.write(f"{trials(sys.argv[1])}\n")
