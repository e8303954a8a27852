"""Runs svc in a process of its own with little memory, little time and nothing on its standard input."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
MEMORY = 1024 * 1024 * 1024
"""Bytes of address space."""
SECONDS = 30
"""Seconds of processor time: generous for a slow machine, and far from what a catastrophe takes."""
HANGS = 600
"""Seconds after which a process that waits for something is given up: those above take this long on a busy machine."""

FAILURES = ("Traceback", "internal error", "MemoryError", "RecursionError")


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


def svc(*arguments: str, cwd: Path, environ: Mapping[str, str] | None = None, memory: int = MEMORY) -> Ran:
    """One run. A process that hangs, or takes more than it may, fails the test by its exit code."""

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "svc", *arguments],
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(REPO / "compiler"), "LANG": "C.UTF-8", **(environ or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=HANGS,
        preexec_fn=limits,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def sane(ran: Ran) -> None:
    """No crash of ours, not killed, and not a report that nobody can read."""
    assert ran.code in (0, 1, 2), ran.said[-2000:]
    assert not [word for word in FAILURES if word in ran.said], ran.said[-2000:]
    assert len(ran.said) < 100_000, f"{len(ran.said)} characters of report"


def refused(ran: Ran, *words: str) -> None:
    """Exit 2, with a message that says this."""
    sane(ran)
    assert ran.code == 2, ran.said[-2000:]
    for word in words:
        assert word in ran.said, f"`{word}` is not in: {ran.said[-2000:]}"
