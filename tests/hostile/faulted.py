"""Runs verbs once for each change of the disk that they make, and lets that one fail: `python faulted.py ENOSPC 1 fmt`.

Python tells of every file that is opened, made, renamed or removed, whatever code does it (`sys.addaudithook`); `os.write`,
`os.fsync` and `fcntl.flock` are wrapped. `ALL` stands for each fault in turn, the number for every how many-th call; without
names all verbs are tried. It works in the current folder and prints how many calls were tried.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import io
import os
import shutil
import signal
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from svc import staging
from svc.cli.main import main

ROOT = Path("work")
DIGEST = "sha256:" + "4f3b" * 16
SPEC = "apiVersion: svc/v1\nname: shop\nteam: shop\nbuild: {language: go}\nports: {http: 8080}\nhealth: /healthz\n"
LOOSE = "name:   shop\napiVersion: svc/v1\nimage: a/b:1\n"
COMPOSE = "services:\n  shop:\n    image: a/b:1\n  cart:\n    image: a/c:1\n"
DOCKERFILE = f"FROM debian:12@{DIGEST}\nRUN apt-get install curl\nUSER 10001\n"
CHANGES = {
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "os.utime",
    "os.truncate",
    "os.link",
    "os.symlink",
}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True, slots=True)
class Verb:
    """`check`: the command that says whether all is as it should be, exit code 0 for that."""

    files: Mapping[str, str]
    arguments: tuple[str, ...]
    check: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    """What is run before, once, to make the old state."""
    then: Mapping[str, str] = field(default_factory=dict)
    """What is changed after that."""
    shared: bool = False
    """Two processes write; one of them may be the one that fails."""


OUT = ("compile", "--target", "docker", "--out", "out")
VERBS: Mapping[str, Verb] = {
    "compile": Verb({"service.yaml": SPEC}, (*OUT, "."), (*OUT, "--check", ".")),
    "compile-again": Verb(
        {"service.yaml": SPEC},
        (*OUT, "."),
        (*OUT, "--check", "."),
        (*OUT, "."),
        {"service.yaml": SPEC + "user: 10002\n"},
    ),
    "compile-less": Verb(
        {"a/service.yaml": SPEC, "b/service.yaml": SPEC.replace("name: shop", "name: cart")},
        (*OUT, "a"),
        (*OUT, "--check", "a"),
        (*OUT, "a", "b"),
    ),
    "compile-shared": Verb(
        {"a/service.yaml": SPEC, "b/service.yaml": SPEC.replace("name: shop", "name: cart")},
        (*OUT, "--jobs", "2", "a", "b"),
        (*OUT, "--check", "a", "b"),
        shared=True,
    ),
    "compile-report": Verb(
        {"service.yaml": SPEC},
        (*OUT, "--format", "json=r/report.json", "--format", "text", "."),
        (*OUT, "--check", "."),
    ),
    "fmt": Verb(
        {"service.yaml": LOOSE, "b/service.yaml": LOOSE.replace("shop", "cart")}, ("fmt", "."), ("fmt", "--check", ".")
    ),
    "fix": Verb({"Dockerfile": DOCKERFILE, "b/Dockerfile": DOCKERFILE}, ("lint", "--fix", "--unsafe-fixes", ".")),
    "baseline": Verb({"Dockerfile": DOCKERFILE}, ("lint", "--write-baseline", "baseline.json", ".")),
    "baseline-again": Verb(
        {"Dockerfile": DOCKERFILE},
        ("lint", "--write-baseline", "baseline.json", "."),
        first=("lint", "--write-baseline", "baseline.json", "."),
        then={"b/Dockerfile": DOCKERFILE},
    ),
    "report": Verb({"Dockerfile": DOCKERFILE}, ("lint", "--format", "sarif=reports/a.sarif", ".")),
    "init": Verb(
        {"go.mod": "module shop\n\ngo 1.26\n", "main.go": "package main\n"}, ("init", "--defaults", "--name", "shop")
    ),
    "policies-new": Verb({"a.txt": "a\n"}, ("policies", "new", "pack/own", "--check", "cue", "--surface", "service")),
    "import": Verb({"compose.yaml": COMPOSE}, ("import", "--out", "services", "compose.yaml")),
    "import-one": Verb(
        {"compose.yaml": COMPOSE.split("  cart")[0]}, ("import", "--out", "made/service.yaml", "compose.yaml")
    ),
}
FAULTS = ("KILL", "ENOSPC", "EACCES", "EIO", "EROFS", "EMFILE", "EINTR", "EDQUOT", "ESTALE")


class Faulty:
    """Counts the changes below the folders, and lets one of them fail. -1: none."""

    def __init__(self, number: int, fault: str) -> None:
        self.made: list[str] = []
        self._number, self._fault = number, fault
        self._folders = (str(Path.cwd()), str(Path.cwd().parent / "cache"))

    def arm(self) -> None:
        sys.addaudithook(self._heard)
        self._wrap(os, "write", self._half)
        self._wrap(os, "fsync", lambda call, handle: self._first("fsync", call, handle))
        self._wrap(fcntl, "flock", lambda call, *given: self._first("flock", call, *given))

    def _wrap(self, module: Any, name: str, instead: Callable[..., Any]) -> None:
        call = getattr(module, name)
        setattr(module, name, lambda *given: instead(call, *given))

    def _first(self, name: str, call: Any, *given: Any) -> Any:
        self._due(name)
        return call(*given)

    def _half(self, call: Any, handle: int, data: bytes) -> int:
        """Half of what is to be written arrives before the fault."""
        if handle < 3 or not stat.S_ISREG(os.fstat(handle).st_mode):
            return int(call(handle, data))
        half = int(call(handle, data[: len(data) // 2]))
        self._due("write")
        return half + int(call(handle, data[half:]))

    def _heard(self, event: str, given: tuple[Any, ...]) -> None:
        if event == "open":
            changes = isinstance(given[2], int) and given[2] & WRITES
        else:
            changes = event in CHANGES
        if changes and isinstance(given[0], str | bytes | os.PathLike):
            path = str(Path(os.fsdecode(given[0])).absolute())
            if path.startswith(self._folders):
                self._due(f"{event} {path}", path)

    def _due(self, what: str, path: str | None = None) -> None:
        self.made.append(what)
        if len(self.made) - 1 != self._number:
            return
        if self._fault == "KILL":
            os.kill(os.getpid(), signal.SIGKILL)
        code = getattr(errno, self._fault)
        raise OSError(code, os.strerror(code), path)


def forked(arguments: tuple[str, ...], number: int = -1, fault: str = "KILL") -> tuple[int, list[str], str]:
    """A command in a process of its own: its exit code, the changes it made, and what it said."""
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        os.close(receive)
        said = io.StringIO()
        os.chdir(ROOT)
        faulty = Faulty(number, fault)
        faulty.arm()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = main(arguments)
        text = "\0".join([said.getvalue(), *faulty.made])
        with os.fdopen(send, "w", errors="replace") as stream:
            stream.write(text)
        os._exit(code)
    os.close(send)
    with os.fdopen(receive) as stream:
        text, *made = stream.read().split("\0")
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), made, text


def tree() -> dict[str, bytes]:
    return {one.relative_to(ROOT).as_posix(): one.read_bytes() for one in sorted(ROOT.rglob("*")) if one.is_file()}


def put(files: Mapping[str, bytes]) -> None:
    shutil.rmtree(ROOT, ignore_errors=True)
    shutil.rmtree("cache", ignore_errors=True)
    for name, data in files.items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_bytes(data)


def _outputs(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if not name.endswith(".svc-outputs.json")}


def _same(left: Mapping[str, bytes], old: Mapping[str, bytes]) -> bool:
    """But for what a killed process leaves, and the record, which names what was going to be."""
    return {name: data for name, data in _outputs(left).items() if not name.endswith(".svc")} == _outputs(old)


def trial(verb: Verb, number: int, fault: str, old: Mapping[str, bytes], new: Mapping[str, bytes], code: int) -> None:
    put(old)
    ended, made, said = forked(verb.arguments, number, fault)
    left = tree()
    wanted = ({-9} if fault == "KILL" else {2, code}) | ({3, code} if verb.shared else set())
    assert ended in wanted, (ended, said)
    for word in ("Traceback", "internal error"):
        assert word not in said, said
    assert ended != 2 or code == 2 or said.count("svc: ") >= 1 or "not " in said, said
    assert "no file was changed" not in said or _same(left, old), said
    for name, data in left.items():
        temporary = name.endswith(".svc")
        assert not temporary or fault == "KILL" or verb.shared or made[number].startswith("os.remove"), (
            f"{name} was left"
        )
        assert temporary or name.endswith(".json") or data in (old.get(name), new.get(name)), (
            f"{name} is neither old nor new"
        )
    gone = set(old) - set(left)
    assert not gone - (set(old) - set(new)), gone
    if ended == code and fault != "KILL":
        assert _outputs(left).items() >= _outputs(new).items(), f"it said that all is well: {sorted(left)}"
    if verb.check and _outputs(left) != _outputs(new):
        assert forked(verb.check)[0] == 1, "half of it is called up to date"
    again, _, said = forked(verb.arguments)
    assert again == code or (again == 2 and "exist" in said and new.items() <= left.items()), (again, said)
    assert tree() == new, sorted(set(tree()) ^ set(new)) or "other texts"


def trials(name: str, fault: str, step: int) -> int:
    verb = VERBS[name]
    staging._PAYS = 1 if verb.shared else 1000
    put({path: text.encode() for path, text in verb.files.items()})
    if verb.first:
        assert forked(verb.first)[0] in (0, 1)
    for path, text in verb.then.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text)
    old = tree()
    os.chdir(ROOT)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        main(verb.arguments)  # everything is imported here, once
    os.chdir("..")
    put(old)
    code, made, said = forked(verb.arguments)
    assert code in (0, 1), said
    new = tree()
    assert new != old
    made += ["in another process"] * (30 if verb.shared else 0)
    chosen = range(len(name) % step, len(made), step)
    for number in chosen:
        one = FAULTS[number % len(FAULTS)] if fault == "ALL" else fault
        try:
            trial(verb, number, one, old, new, code)
        except AssertionError as error:
            raise AssertionError(f"{name}: {one} at call {number}, {made[number]}: {error}") from error
    return len(chosen)


if __name__ == "__main__":
    os.environ["SVC_CACHE_DIR"] = str(Path.cwd() / "cache")
    count = sum(trials(one, sys.argv[1], int(sys.argv[2])) for one in sys.argv[3:] or VERBS)
    sys.stdout.write(f"{count}\n")
