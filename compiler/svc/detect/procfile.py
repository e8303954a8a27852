"""A Procfile: what it calls `web` serves, `release` migrates, the rest are workers. A crontab: what runs, and when."""

from __future__ import annotations

import re
import shlex

from svc.detect.project import Kind, Process
from svc.detect.tree import At, Tree, label
from svc.patterns import regex
from svc.source import lines_of

SHELL = regex(r"[$&|;<>`*]|^\w+=")
"""What only a shell understands."""
_PORT = regex(r"\$(?:PORT\b|\{PORT(?::?-[^}]*)?\})")


def procfile(tree: Tree, port: int) -> tuple[Process, ...]:
    found: dict[str, Process] = {}
    for number, line in enumerate(lines_of(tree.text("Procfile"))[:100], 1):
        match = re.match(r"([A-Za-z0-9_-]+)\s*:\s*(\S.*?)\s*$", line[:2000])
        if match is None:
            continue
        kind: Kind = "web" if match[1] == "web" else "job" if match[1] == "release" else "worker"
        command = _command(match[2], port)
        if command:
            found.setdefault(match[1], Process(kind, label(match[1]), command, At("Procfile", number)))
    return tuple(found.values())


_CRONTABS = ("crontab", "crontab.txt", "cron/crontab", "config/crontab", "docker/crontab")
_LINE = regex(
    r"((?:[\d*/,-]+\s+){4}[\d*/,A-Za-z-]+|@(?:hourly|daily|weekly|monthly|yearly))\s+(?:(?:root|app|www-data)\s+)?(\S.*?)\s*$"
)


def crontab(tree: Tree) -> list[Process]:
    path = next((one for one in _CRONTABS if one in tree.files), "")
    found: dict[str, Process] = {}
    for number, line in enumerate(lines_of(tree.text(path))[:100], 1):
        match = _LINE.match(line[:2000].strip())
        command = _command(re.sub(r"\s*(?:>>?|[12]>&?)\s*\S+", "", match[2]), 0) if match is not None else ""
        words = [one for one in shlex.split(command) if re.fullmatch(r"[\w./:][\w./:-]*", one)]
        name = label("-".join(one.rpartition("/")[2].partition(".")[0] for one in words[:3] if one != "sh"))
        if match is not None and command:
            found.setdefault(name, Process("cron", name, command, At(path, number), " ".join(match[1].split())))
    return list(found.values())


def _command(line: str, port: int) -> str:
    """The line with its port; `sh -c` around what only a shell understands. "" when its quotes do not match."""
    line = _PORT.sub(str(port), line)
    try:
        words = shlex.split(line)
    except ValueError:
        return ""
    if SHELL.search(line):
        return shlex.join(["sh", "-c", line])
    if words[:1] == ["gunicorn"] and not {"-b", "--bind", "-c", "--config"} & {one.partition("=")[0] for one in words}:
        words[1:1] = ["--bind", f"0.0.0.0:{port}"]
    return shlex.join(words)
