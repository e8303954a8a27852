"""What a run does, counted by the audit hooks of Python: files opened and parsed, bytes, programs, answers of the cache."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

PROGRAM = """
import json, os, sys
opened, started, size = [], [], 0
def note(event, args):
    global size
    if event == "open" and isinstance(args[0], str) and not (args[2] or 0) & (os.O_WRONLY | os.O_RDWR):
        opened.append(os.path.abspath(args[0]))
        size += os.stat(args[0]).st_size if os.path.isfile(args[0]) else 0
    elif event in ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.fork"):
        started.append(event)
sys.addaudithook(note)
from svc import cache
from svc.cli.main import main
hits, find = [], cache.Store.find
def found(self, key):
    answer = find(self, key)
    hits.append(answer is not None)
    return answer
cache.Store.find = found
parsed = []
def watch(module):
    real = module.read
    def read(name, text):
        parsed.append(name)
        return real(name, text)
    module.read = read
if "yaml" in sys.argv[1]:
    from svc import parse
    watch(parse)
before = len(opened), size
code = main(sys.argv[2:])
told = {"code": int(code), "opened": opened[before[0]:], "bytes": size - before[1], "started": started}
sys.stderr.write("\\n@" + json.dumps({**told, "parsed": parsed, "hits": sum(hits), "asked": len(hits)}))
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """`files`: how often each file below the folder of the run was opened, by its path there."""

    files: Counter[str]
    parsed: Counter[str]
    bytes: int
    started: list[str]
    hits: int
    asked: int
    own: int
    """Files of svc itself that were opened: policies, schemas; no modules."""


def counted(folder: Path, *arguments: str, yaml: bool = True) -> Counted:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "yaml" if yaml else "", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "@{" in done.stderr, done.stderr
    told = json.loads(done.stderr.rpartition("\n@")[2])
    assert told["code"] < 2 or "lint" in arguments, done.stderr
    here = f"{folder.resolve()}/"
    files = [path.removeprefix(here) for path in told["opened"] if path.startswith(here)]
    own = [path for path in told["opened"] if path.endswith((".json", ".yaml")) and not path.startswith(here)]
    return Counted(
        Counter(files),
        Counter(name for name in told["parsed"] if not name.startswith("/")),
        told["bytes"],
        told["started"],
        told["hits"],
        told["asked"],
        len([path for path in own if "site-packages" not in path and "/cache/" not in path]),
    )
