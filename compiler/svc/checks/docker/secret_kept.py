"""A mounted secret that RUN writes into the layer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.checks._docker import Found, every, script, spot
from svc.checks._params import NoParams as Params
from svc.shell import Command, parse
from svc.targets.docker.types import Dockerfile, Instruction


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, run in every(dockerfile, "RUN"):
        files = _files(run)
        text = script(run)
        copied = next(((name, command.at) for command in parse(text) for name in _copied(command, files)), None)
        kept, at = copied or ("", (0, 0))
        if not kept:
            written = (
                re.search(rf"(?:{'|'.join(map(re.escape, files))})[^;&\n]*>>?\s*(?!/dev/)(\S+)", text)
                if files
                else None
            )
            kept, at = (written[1], written.span()) if written else ("", at)
        if kept and not _removed(text, kept):
            yield route, f"the mounted secret is written to `{kept}`, which stays in this layer", spot(run, at)


def _files(run: Instruction) -> list[str]:
    """Where a RUN's secrets are mounted."""
    found = []
    for mount in run.flag_values("mount"):
        parts = dict(part.partition("=")[::2] for part in mount.split(","))
        if parts.get("type") == "secret" and "env" not in parts:
            target = parts.get("target") or parts.get("dst") or parts.get("destination")
            name = parts.get("id") or parts.get("source") or parts.get("src") or ""
            found.append(target or f"/run/secrets/{name}")
    return found


def _copied(command: Command, files: list[str]) -> list[str]:
    arguments = command.arguments
    if command.name in ("cp", "install") and len(arguments) > 1 and any(one in files for one in arguments[:-1]):
        return [arguments[-1]]
    return []


def _removed(text: str, name: str) -> bool:
    return any(command.name in ("rm", "shred", "unlink") and name in command.words for command in parse(text))
