"""From a tree to a spec's text, with what was found, and what is not known, as comments and notes."""

from __future__ import annotations

import json
import re
from pathlib import Path

from svc.detect import addresses, around, composed, drivers, processes
from svc.detect.languages import LANGUAGES
from svc.detect.processes import Process
from svc.detect.project import Project
from svc.detect.tree import At, Tree, label, scan
from svc.notice import BY
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Detected:
    """`found` are lines such as `language: go 1.26, from go.mod:3`; `notes` is what a person must look at."""

    text: str
    found: tuple[str, ...]
    notes: tuple[str, ...]


def look(root: Path) -> tuple[Tree, tuple[Project, ...]]:
    tree = scan(root)
    found = _apart(tuple(project for one in LANGUAGES if (project := one(tree)) is not None))
    if not found and own_dockerfile(tree):
        return tree, (Project("", At("Dockerfile"), needs_main=False),)
    return tree, found


def _apart(found: tuple[Project, ...]) -> tuple[Project, ...]:
    """Without what is a part of another: the pages and scripts of an application in Node, PHP or Ruby."""
    languages = {one.language for one in found}
    if languages & {"php", "ruby"}:
        found = tuple(one for one in found if one.language != "static")
    built = any(one.at.path == "package.json" for one in found)
    return tuple(one for one in found if not (built and one.language == "static" and not one.manifests))


def below(tree: Tree) -> tuple[str, ...]:
    marks = ("/go.mod", "/package.json", "/pom.xml", "/pyproject.toml", "/Cargo.toml", "/composer.json", "/Gemfile")
    return tuple(sorted({path.rpartition("/")[0] for path in tree.named(*marks)}))[:20]


def write(tree: Tree, project: Project, main: int, name: str, team: str, *, generate: bool = False) -> Detected:
    """The spec that starts the candidate number `main` of a project. An own Dockerfile is kept unless `generate`."""
    number, number_from = around.port(tree, project)
    own = "" if generate else own_dockerfile(tree)
    made = processes.processes(tree, project, number, name)
    started = _started(project, made, main)
    serving = [
        one for one in project.mains if f"/app/{one[0].rpartition('/')[2]}" not in {each.command for each in made}
    ]
    several = "" if own or not processes.commands(project) or len(serving) != 1 else serving[0][0].rpartition("/")[2]
    if several:
        started = ("./cmd/...", serving[0][1])
    elif processes.commands(project):
        made = tuple(one for one in made if not one.command.startswith("/app/"))
    found = [_language(project)] if project.language else []
    notes = [*project.notes, *processes.notes(tree, project)] if not own else processes.notes(tree, project)
    lines = ["apiVersion: svc/v1", f"name: {name}", *([f"team: {team}"] if team else []), ""]
    if own:
        found.append(f"build: your own Dockerfile, from {own}")
        notes.append(f"{own} is kept as it is, and linted; `svc init --generate` has one written instead")
        lines += ["build:", f"  dockerfile: {own}"]
    else:
        _told(project, started, main, found, notes)
        needed = drivers.packages(tree, project)
        found += needed.found
        lines += [*_build(project, started), *_packages(needed), *_more(project, found)]
        lines += ["", f"command: [/app/{several}]"] if several else []
    port_name = "fpm" if project.language == "php" and not own else "http"
    if number:
        found.append(f"port: {number}, from {number_from}")
        lines += ["", *_ports(tree, project, port_name, number, found)]
    lines += _environment(tree, project, number, port_name, found, notes)
    rest = tuple(one for one in made if one.kind != "web" and one.command != (started or ("",))[0])
    found += [f"{one.kind}: {one.name} ({one.command}), from {one.at}" for one in rest]
    lines += ["", f"writable: [{', '.join(project.writable)}]"] if project.writable else []
    lines += processes.lines(rest)
    kept = next((path for path in (*composed.FILES, ".env.example") if path in tree.files), "")
    if kept:
        notes.append(f"{kept} is kept as it is: compose is your own, and svc writes none (`own`)")
        lines += ["", f"own: [compose]  # {kept}"]
    return Detected("\n".join(lines) + "\n", tuple(found), tuple(notes))


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


def _told(project: Project, started: tuple[str, At] | None, main: int, found: list[str], notes: list[str]) -> None:
    if project.wanted and not (project.wanted + ".").startswith(project.version + "."):
        notes.append(
            f"version {project.wanted} ({project.wanted_at}) has no pinned base image: {project.version} is used"
        )
    if started:
        found.append(f"start: {started[0]}, from {started[1]}")
    elif project.needs_main:
        notes.append("what to start is not known: set build.main")
    others = [text for index, (text, _) in enumerate(project.mains) if index != main]
    if others and started in project.mains:
        notes.append(f"it could also start {', '.join(others)}: set build.main")


def _more(project: Project, found: list[str]) -> list[str]:
    lines = []
    if project.module:
        lines.append(f"  module: {_quoted(project.module)}")
        found.append(f"module: {project.module}")
    if project.extensions:
        lines.append(f"  extensions: [{', '.join(project.extensions)}]")
        found.append(f"extensions: {', '.join(project.extensions)}, from {project.at}")
    if project.prepare:
        lines.append(f"  prepare: {_quoted(project.prepare)}")
        found.append(f"prepare: {project.prepare}")
    return lines


def _packages(needed: drivers.Packages) -> list[str]:
    ones = (("packages", needed.runtime), ("build_packages", needed.build))
    return [f"  {key}: [{', '.join(names)}]" for key, names in ones if names]


def _language(project: Project) -> str:
    place = f"from {project.wanted_at}" if project.wanted_at else f"from {project.at}; no version is given there"
    manager = f" with {project.manager}" if project.manager else ""
    return f"language: {project.language} {project.version}{manager}, {place}"


def _build(project: Project, started: tuple[str, object] | None) -> list[str]:
    lines = ["build:", f"  language: {project.language}", f'  version: "{project.version}"']
    if project.manager:
        lines.append(f"  manager: {project.manager}")
    plain = project.language == "static" and not project.manifests
    if plain and started and started[0] != ".":
        return [*lines, f"  context: {_quoted(started[0])}", "  main: ."]
    if started:
        return [*lines, f"  main: {_quoted(started[0])}"]
    if project.needs_main:
        example = {"go": "./cmd/name", "dotnet": "src/Name.csproj", "rust": "name", "node": "server.js"}
        lines.append(f"  main: {example.get(project.language, 'app.py')}  # not found in the tree: what to start?")
    return lines


def _ports(tree: Tree, project: Project, name: str, number: int, found: list[str]) -> list[str]:
    tcp = project.language == "php"
    lines = ["ports:", f"  {name}: {{port: {number}, protocol: tcp}}" if tcp else f"  {name}: {number}"]
    endpoint = None if tcp or project.language == "static" else around.health(tree)
    if project.health:
        found.append(f"health: {project.health}, which the framework brings along")
        return [*lines, f"health: {project.health}"]
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


def _environment(
    tree: Tree, project: Project, number: int, port_name: str, found: list[str], notes: list[str]
) -> list[str]:
    beside = composed.read(tree)
    wanted = around.needs(tree, project, beside)
    env, secrets, unset = [], [], []
    if number and project.language == "node":
        env.append(f"  PORT: ${{ports.{port_name}}}")
    told = {name: need for name, need in beside.urls.items() if need in wanted}
    env += [f"  {name}: {value}" for name, value in project.env]
    env += [f"  {name}: ${{needs.{need}.url}}" for name, need in told.items()]
    secrets += [f"  {name}: {{from: {project.language}/{name.lower()}}}  # {at}" for name, at in project.secrets]
    named_before = {*told, *(name for name, _ in project.env), *(name for name, _ in project.secrets)}
    references = around.references(tree, wanted)
    for one in around.variables(tree):
        if one.name in named_before:
            continue
        reference = references.get(one.name) or around.reference(one.name, wanted)
        if reference:
            env.append(f"  {one.name}: {reference}")
        elif one.secret:
            secrets.append(f"  {one.name}: {{from: {project.language}/{one.name.lower()}}}  # {one.at}")
        elif one.value is not None:
            env.append(f"  {one.name}: {_quoted(one.value)}  # {one.at}")
        else:
            unset.append(f"# {one.name}: no value was taken from {one.at}")
    named = " ".join(env)
    for need, (kind, at) in wanted.items():
        found.append(f"need: {need} ({kind}), from {at}")
        usual = addresses.conventional(tree, project, need, kind) if f"needs.{need}." not in named else []
        env += [f"  {name}: {_text(value)}" for name, value in usual]
        if f"needs.{need}." not in named and not usual:
            variable = around.URLS[kind][0]
            env.append(f"  # {variable} is the usual name; no file of the tree says how the address is read.")
            env.append(f"  {variable}: ${{needs.{need}.url}}")
            notes.append(f"the variable with the address of `{need}` is not known: {variable} is set")
            named += env[-1]
    lines = ["", "env:", *env] if env else []
    lines += ["", *unset] if unset else []
    lines += ["", "# The paths in the secret store are proposals.", "secrets:", *secrets] if secrets else []
    return lines + (
        ["", "needs:", *(_need(need, kind, beside) for need, (kind, _) in wanted.items())] if wanted else []
    )


def _need(name: str, kind: str, beside: composed.Composed) -> str:
    version = beside.services[name].version if name in beside.services else ""
    return f'  {name}: {{type: {kind}, version: "{version}"}}' if version else f"  {name}: {kind}"


def _text(text: str) -> str:
    return json.dumps(text) if re.search(r"[:#=]\s|^\W(?!\{)|[=;,]", text) else text


_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))


def _quoted(text: str) -> str:
    """A text as a YAML scalar: JSON's strings are YAML's."""
    plain = re.fullmatch(r"(\./)?[A-Za-z][\w./-]*", text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text)


def name_of(root: Path, given: str) -> str:
    return given or label(root.resolve().name)
