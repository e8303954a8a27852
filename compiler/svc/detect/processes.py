"""The processes of a tree beside the one that serves: a Procfile's, workers of queues, migrations of the database."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from svc.detect.composed import Built
from svc.detect.procfile import SHELL, crontab, procfile
from svc.detect.project import Kind, Process, Project, role
from svc.detect.scalars import quoted
from svc.detect.tree import At, Tree, label
from svc.detect.workers import workers
from svc.patterns import regex


def processes(
    tree: Tree, project: Project, port: int, name: str, migrating: Sequence[Process], built: Sequence[Built]
) -> tuple[Process, ...]:
    """The Procfile's, else those of a compose file that are `built` of the same image, and those that neither names.
    `name`: the service's."""
    said = (*(procfile(tree, port or 8000) or compose(project, built, name)), *crontab(tree))
    found = list(said)
    if any(one.kind == "job" and _prepares(tree, one.command) for one in said):
        migrating = ()
    for one in (*migrating, *workers(tree, project), *_commands(project)):
        words = [word for word in one.command.split() if word[:1] != "-"]
        known = {word for other in said for word in other.command.replace("'", " ").split()}
        named = one.name in {other.name for other in found}
        if words[-1] not in known and not named and not (one.kind == "worker" and words[-1] in {"worker"} & known):
            found.append(one)
    return tuple(found)


def _prepares(tree: Tree, command: str) -> bool:
    """Whether a job migrates, by its words or by those of the script that it runs."""
    texts = [command, *(tree.text(word.removeprefix("./")) for word in command.split() if word.endswith(".sh"))]
    return any(_PREPARING.search(one) is not None for one in texts)


_WEB = ("web", "app", "api", "server", "backend", "www")
_MIGRATING = regex(r"\b(db:)?migrat(e|ions?)\b|\bupgrade head\b|\bdb upgrade\b")
_PREPARING = regex(rf"{_MIGRATING.pattern}|\b(db|database):\S")
_DEVELOPING = regex(r"\brunserver\b|--reload\b|\bnodemon\b|\b(npm|pnpm|yarn)( run)? dev\b|\bflask\b.*\brun\b|\bair\b")


def compose(project: Project, built: Sequence[Built], name: str) -> tuple[Process, ...]:
    """Services of a compose file that are the same image with another command."""
    web = next((one for one in built if one.name in (*_WEB, name)), None)
    web = (
        web or next((one for one in built if not one.command), None) or next((one for one in built if one.ports), None)
    )
    web = web or (built[0] if len(built) == 1 and _known(project, built[0]) else None)
    found = []
    for one in built:
        words = _ours(project, one.command, name)
        line = shlex.join(words)
        if not words or (one is web and _DEVELOPING.search(line)):
            continue
        if SHELL.search(line) and words[:2] not in (["sh", "-c"], ["bash", "-c"]):
            words = ["sh", "-c", " ".join(words)]
        kind: Kind = "web" if one is web else "job" if one.ends or _MIGRATING.search(line) else "worker"
        found.append(Process(kind, label(one.name), _beating(shlex.join(words)), one.at))
    return tuple(found)


def _known(project: Project, one: Built) -> bool:
    """Whether a service runs what is started anyway, with words of its own."""
    return not one.ends and one.command[0] in {text.split()[0] for text, _ in project.mains}


def _ours(project: Project, command: tuple[str, ...], name: str) -> list[str]:
    """A command as it is in an image of ours, which has a binary under the service's name and no `npm run`."""
    words = list(command)
    if project.language in ("go", "rust") and words:
        first = words[0] if words[0].startswith(("/", "./")) else ""
        return [f"/app/{name}", *words[1:]] if first or words[0].startswith("-") else words
    return words


def _beating(command: str) -> str:
    """Celery's clock keeps a file, and the folder of the sources is read-only."""
    plain = (
        command.startswith("celery")
        and re.search(r"\bbeat\b", command)
        and not re.search(r"\s(-s|--schedule)\b", command)
    )
    return f"{command} --schedule /tmp/beat" if plain else command


def commands(project: Project) -> tuple[tuple[str, Kind, At], ...]:
    """Commands of a Go module, or programs of Rust, whose names say what they are for, where there are others beside them."""
    if project.language == "rust":
        names = list(project.mains)
    else:
        names = [(text.rpartition("/")[2], at) for text, at in project.mains if text.startswith("./cmd/")]
    if project.language not in ("go", "rust") or len(names) != len(project.mains) or len(names) < 2:
        return ()
    return tuple((name, kind, at) for name, at in names if (kind := role(name)) is not None)


def _commands(project: Project) -> list[Process]:
    return [
        Process(kind, "migrate" if kind == "job" else label(name), f"/app/{name}", at)
        for name, kind, at in commands(project)
    ]


_ALONE = ", scale: 1, rollout: {strategy: recreate}"
"""Of a clock, of which two would do everything twice, also while one replaces the other."""
_CLOCK = regex(r"^celery\b.* beat\b|\bschedule:work\b")
USUAL = "0 3 * * *"
"""When a job runs by whose name it is scheduled, and nothing says when."""


def lines(found: tuple[Process, ...]) -> list[str]:
    """`jobs` and `workers` of a spec."""
    made: list[str] = []
    for kinds, key in ((("job", "cron"), "jobs"), (("worker",), "workers")):
        ones = [one for one in found if one.kind in kinds]
        if ones:
            made += ["", f"{key}:"]
        for one in ones:
            words = ", ".join(quoted(word) for word in shlex.split(one.command))
            when = {"job": "run: before-deploy, ", "cron": f'schedule: "{one.schedule or USUAL}", '}.get(one.kind, "")
            single = _ALONE if _CLOCK.search(one.command) else ""
            made.append(f"  {quoted(one.name)}: {{{when}command: [{words}]{single}}}  # {one.at}")
    return made
