"""From a tree to a spec's text, with what was found, and what is not known, as comments and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from svc.detect import around, building, composed, composed_values, examples, foreign, migrations, processes, storage
from svc.detect.above import Part, beside_above, part
from svc.detect.environment import environment
from svc.detect.languages import LANGUAGES
from svc.detect.memory import memory
from svc.detect.node import bun, chosen_of
from svc.detect.project import HELPS, Process, Project
from svc.detect.scalars import quoted
from svc.detect.tree import At, Tree, label, scan
from svc.notice import BY
from svc.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class Detected:
    """`found` are lines such as `language: go 1.26, from go.mod:3`; `notes` is what a person must look at."""

    text: str
    found: tuple[str, ...]
    notes: tuple[str, ...]


def look(root: Path, *, generate: bool = False) -> tuple[Tree, tuple[Project, ...]]:
    """`generate`: a Dockerfile of one's own says nothing of how another one is made."""
    tree = scan(root)
    found = _apart(tuple(project for one in LANGUAGES if (project := one(tree)) is not None))
    own = bool(own_dockerfile(tree)) and not generate
    if not found and own:
        return tree, (
            Project("", At("Dockerfile"), needs_main=False, manifests=tuple(filter(None, foreign.foreign(tree)[:1]))),
        )
    return tree, found if own or not bun(tree) else tuple(one for one in found if one.manager != "npm")


def beneath(root: Path, tree: Tree, *, generate: bool = False) -> tuple[Part, tuple[Project, ...]] | None:
    """The build above a folder that is a part of it, and what of it this folder starts. A Dockerfile of one's own says how
    the folder is built."""
    found = None if own_dockerfile(tree) and not generate else part(root, tree)
    if found is None:
        return None
    language, whole = found
    projects = tuple(project for one in LANGUAGES if (project := one(whole.tree)) is not None)
    inside = tuple(
        replace(one, mains=mains)
        for one in _apart(projects)
        if one.language in (language, "static", *(("kotlin",) if language == "java" else ()))
        and (mains := tuple(main for main in one.mains if main[1].path.startswith(f"{whole.home}/")))
    )
    return (whole, inside) if inside else None


def _apart(found: tuple[Project, ...]) -> tuple[Project, ...]:
    """Without what is a part of another: packages of a site's generator, the pages and scripts of an application in Node, PHP
    or Ruby."""
    if any(one.language == "static" and one.manifests and one.at.path != "package.json" for one in found):
        found = tuple(one for one in found if one.mains)
    languages = {one.language for one in found}
    if languages & {"php", "ruby"}:
        found = tuple(one for one in found if one.language != "static")
    built = any(one.at.path == "package.json" for one in found)
    return tuple(one for one in found if not (built and one.language == "static" and not one.manifests))


def write(
    tree: Tree, project: Project, main: int, name: str, team: str, *, generate: bool = False, whole: Part | None = None
) -> Detected:
    """The spec that starts candidate number `main`. `generate`: without its own Dockerfile. `whole`: the build above the tree."""
    project = chosen_of(project, main)
    own_project = project if whole is None else whole.near(project)
    here = beside_above(tree)
    beside = composed.read(here)
    tree = tree if whole is None else whole.tree
    near = _without_others(here, own_project, main)
    number, number_from = around.port(near, own_project)
    own = "" if generate or whole is not None else own_dockerfile(tree)
    bare = not own and _bare(tree, project, main)
    migrating = migrations.migrations(tree, project, bare=bare)
    made = processes.processes(tree, project, number, name, migrating, beside.built)
    started, made, server = _starting(project, made, main, number, own)
    found = [building.language(project)] if project.language else []
    notes = [*(() if own else project.notes), *migrations.notes(tree, project, migrating, bare=bare)]
    notes += storage.notes(tree)
    lines = ["apiVersion: svc/v1", f"name: {quoted(name)}", *([f"team: {quoted(team)}"] if team else []), ""]
    lines += (
        building.kept(own, found, notes) if own else building.made(tree, project, started, main, whole, found, notes)
    )
    lines += [] if own else building.args(composed_values.args(beside))
    if server is not None:
        lines += ["", f"command: [/app/{server[0].rpartition('/')[2]}]"]
    port_name = _port_name(near, own_project, number, own)
    if number:
        lines += ["", *_ports(near, own_project, port_name, (number, number_from), found)]
    else:
        lines += _without_port(around.exposed(here, "udp"), started, made, found, notes)
    spoken = examples.shared(here, whole)
    lines += environment(spoken, own_project, beside, name, port_name if number else "", found, notes)
    written = [one.replace("/app/", f"{building.workdir(tree)}/") if own else one for one in project.writable]
    lines += ["", f"writable: [{', '.join(written)}]"] if written else []
    lines += memory(tree, project, found)
    lines += processes.lines(_besides(made, started, found, notes))
    lines += _own(here, name, notes)
    notes += () if own else _written_over(here)
    return Detected("\n".join(lines) + "\n", tuple(found), tuple(notes))


def _bare(tree: Tree, project: Project, main: int) -> bool:
    """Whether the image has the server that Next makes, and no packages but those that it imports."""
    chosen = [text for text, _ in project.mains[main : main + 1]]
    return chosen == ["next"] and tree.search("Procfile", r"^web\s*:") is None


def _starting(
    project: Project, made: tuple[Process, ...], main: int, number: int, own: str
) -> tuple[tuple[str, At] | None, tuple[Process, ...], tuple[str, At] | None]:
    """What is started, the processes, and the one command of several in one image that serves. `number`: the port."""
    started = _started(project, made, main)
    if started in project.mains and started is not None:
        started = (_listening(started[0], project.port, number), started[1])
    server = None if own else _server(project, made)
    if server is not None:
        return ("./cmd/...", server[1]), made, server
    if project.language == "go" and processes.commands(project):
        made = tuple(one for one in made if not one.command.startswith("/app/"))
    return started, made, None


def _without_port(
    datagrams: tuple[int, str] | None,
    started: tuple[str, At] | None,
    made: tuple[Process, ...],
    found: list[str],
    notes: list[str],
) -> list[str]:
    """`datagrams`: a port of UDP, and where it is said."""
    if datagrams is not None:
        return ["", *_datagrams(*datagrams, found)]
    if started is not None and started[1] in [one.at for one in made if one.kind != "web"]:
        return []
    program = started[0].split()[0] if started is not None else ""
    crons = [one for one in made if one.kind == "cron"]
    if any(program in one.command.split() for one in crons):
        found.append(f"no server: {program} runs by {crons[0].at.path} alone")
        return ["", "workload: none"]
    notes.append("no port was found: if it listens, set `ports` and `health`; if it ends, make it a job")
    return [
        "",
        "# No port was found. If it listens: `ports: {http: 8080}`, and `health` with a path of it.",
        "# If it ends by itself: `workload: none`, and `jobs: {nightly: {schedule: 0 3 * * *}}` or `run: before-deploy`.",
    ]


def _without_others(tree: Tree, project: Project, main: int) -> Tree:
    """The tree without the folders of what else could be started: their ports and paths are no other's."""
    if project.language != "go" or not project.mains:
        return tree
    own = project.mains[main][0].removeprefix("./")
    others = [one for text, _ in project.mains if (one := text.removeprefix("./")) not in (own, ".")]
    apart = tuple(f"{one}/" for one in others if not own.startswith(f"{one}/"))
    return replace(tree, files=tuple(one for one in tree.files if not one.startswith(apart)))


def _besides(
    made: tuple[Process, ...], started: tuple[str, At] | None, found: list[str], notes: list[str]
) -> tuple[Process, ...]:
    """The processes beside the one that is started."""
    rest = tuple(one for one in made if one.kind != "web" and one.command != (started or ("",))[0])
    found += [f"{one.kind}: {one.name} ({one.command}), from {one.at}" for one in rest]
    unknown = [one.name for one in rest if one.kind == "cron" and not one.schedule]
    notes += [f"when {one} runs is not known: {processes.USUAL} is proposed" for one in unknown]
    return rest


def _written_over(tree: Tree) -> Iterator[str]:
    for one in composed.own(tree, "Dockerfile", ".dockerignore"):
        yield f"{one} is not by svc: `svc compile --force` writes over it, and without --force nothing is written"


def _datagrams(port: int, place: str, found: list[str]) -> list[str]:
    found.append(f"port: {port}/udp, from {place}")
    return ["ports:", f"  udp: {{port: {port}, protocol: udp}}"]


def _own(tree: Tree, name: str, notes: list[str]) -> list[str]:
    """The outputs that are there already, and not by svc."""
    kept = {
        "compose": next(iter(composed.own(tree, *composed.FILES, ".env.example")), ""),
        "github": foreign.workflow(tree, name),
        "helm": next(iter(composed.own(tree, "chart/Chart.yaml")), ""),
        "terraform": next(
            (one for one in composed.own(tree, *tree.named(".tf")) if re.fullmatch(r"terraform/[^/]+", one)), ""
        ),
    }
    named = {target: file for target, file in kept.items() if file}
    notes += [
        f"{file} is kept as it is: {target} is your own, and svc writes none (`own`)" for target, file in named.items()
    ]
    return ["", f"own: [{', '.join(named)}]  # {', '.join(named.values())}"] if named else []


def _listening(command: str, usual: int, number: int) -> str:
    """A command that was made for the usual port, with the one that was found."""
    if not usual or number == usual:
        return command
    return command.replace(f"0.0.0.0:{usual}", f"0.0.0.0:{number}").replace(f"--port {usual}", f"--port {number}")


def _server(project: Project, made: tuple[Process, ...]) -> tuple[str, At] | None:
    """The one command of a Go module that serves, where others beside it work or migrate."""
    others = {one.command for one in made}
    if project.language != "go":
        return None
    names = [(one, one[0].rpartition("/")[2]) for one in project.mains]
    serving = [one for one, name in names if f"/app/{name}" not in others and not HELPS.search(name)]
    return serving[0] if processes.commands(project) and len(serving) == 1 else None


def own_dockerfile(tree: Tree) -> str:
    return "Dockerfile" if "Dockerfile" in tree.files and BY not in tree.text("Dockerfile") else ""


def _started(project: Project, made: tuple[Process, ...], main: int) -> tuple[str, At] | None:
    """What the Procfile calls `web`, else the chosen candidate, else the only other process."""
    web = next((one for one in made if one.kind == "web"), None)
    if web is not None and project.language in ("python", "ruby", "node"):
        words = web.command.split()
        plain = project.language == "node" and words[0] == "node" and len(words) == 2
        return (words[1] if plain else web.command), web.at
    if project.mains:
        return project.mains[main]
    only = next((one for one in made if one.kind == "worker"), None) if project.language in ("python", "ruby") else None
    return (only.command, only.at) if only is not None else None


def _port_name(tree: Tree, project: Project, number: int, own: str) -> str:
    if project.language == "php" and not own:
        return "fpm"
    return "grpc" if around.rpc(tree, project, number) else "http"


def _ports(tree: Tree, project: Project, name: str, port: tuple[int, str], found: list[str]) -> list[str]:
    """`port`: its number, and what tells it."""
    number, number_from = port
    found.append(f"port: {number}, from {number_from}")
    tcp = project.language == "php"
    lines = ["ports:", f"  {name}: {{port: {number}, protocol: tcp}}" if tcp else f"  {name}: {number}"]
    endpoint = None if tcp or project.language == "static" else around.health(tree, project)
    if project.health:
        apart = project.management not in (0, number)
        elsewhere = re.sub(r"\{http: ([^\s{}]+)\}", r"{http: {path: \1, port: management}}", project.health)
        told = elsewhere if apart else project.health
        found.append(f"health: {told}, which the framework brings along")
        return [*lines, *([f"  management: {project.management}"] if apart else []), f"health: {told}"]
    asked = around.rpc_health(tree, project) if name == "grpc" else None
    if asked is not None:
        found.append(f"health: the service of gRPC, from {asked}")
        return [*lines, f"health: {{grpc: {name}}}"]
    if endpoint is not None:
        found.append(f"health: {endpoint[0]}, from {endpoint[1]}")
        return [*lines, f"health: {endpoint[0]}"]
    if project.language == "static":
        return [*lines, "health: /"]
    return [
        *lines,
        "# No health endpoint was found: this only asks whether the port is open.",
        f"health: {{tcp: {name}}}",
    ]


def name_of(root: Path, given: str) -> str:
    return given or label(root.resolve().name)
