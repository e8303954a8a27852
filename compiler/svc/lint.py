"""`svc lint`: whatever it is given is recognised by content, read by the target's reader and judged by the same policies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from svc.diagnostics import Diagnostic, Place, Route, Severity, Span
from svc.policy.run import judge
from svc.policy.types import Finding, Policy, Settings
from svc.source import Source, Unreadable, load
from svc.targets.protocol import Subject

_YAML = (".yaml", ".yml", ".json")
_DOCKER = re.compile(r"(?i)(.*\.)?(dockerfile|containerfile)(\..+)?")
_SKIPPED = frozenset({"node_modules", "vendor", "__pycache__", "venv", ".git", ".terraform"})
_DIRECTIVES = re.compile(r"\{\{")


@dataclass(slots=True)
class Linted:
    """`specs` are left to the compiler's own pipeline. `unread` files make the run exit 2."""

    subjects: list[Subject] = field(default_factory=list)
    places: dict[int, Callable[[Route], Place]] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    specs: list[Path] = field(default_factory=list)
    unread: bool = False

    def add(self, subject: Subject, place: Callable[[Route], Place]) -> None:
        self.subjects.append(subject)
        self.places[id(subject)] = place

    def refuse(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)
        self.unread = True


def collect(paths: Sequence[Path], shown: Callable[[Path], str]) -> Linted:
    """Reads everything at the paths. A folder is searched; a file that is named must be of a known kind."""
    linted = Linted()
    modules: dict[Path, list[Path]] = {}
    for path in paths:
        for file in _walk(path) if path.is_dir() else (path,):
            if file.suffix == ".tf":
                modules.setdefault(file.parent, []).append(file)
            elif _docker_name(file) or file.suffix in _YAML or not path.is_dir():
                _read(file, shown(file), named=not path.is_dir(), linted=linted)
    for files in modules.values():
        _terraform(sorted(files), shown, linted)
    return linted


def _walk(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink():
            continue
        if entry.is_dir():
            if entry.name not in _SKIPPED and not (entry.name.startswith(".") and entry.name != ".github"):
                yield from _walk(entry)
        elif entry.is_file():
            yield entry


def _docker_name(file: Path) -> bool:
    return _DOCKER.fullmatch(file.name) is not None and not file.name.endswith(".dockerignore")


def _read(file: Path, name: str, *, named: bool, linted: Linted) -> None:
    source = load(file, name=name)
    if isinstance(source, Unreadable):
        linted.refuse(source.diagnostic)
        return
    linted.sources[name] = source
    recognise(source, file, named=named, linted=linted)


def recognise(source: Source, file: Path, *, named: bool, linted: Linted) -> None:
    """Adds the subjects of one text; what cannot be read or recognised is a diagnostic."""
    if _docker_name(file) or (file.suffix not in _YAML and re.search(r"(?mi)^\s*FROM\s+\S", source.text)):
        _dockerfile(source, linted)
        return
    if file.suffix not in _YAML and file.suffix:
        if named:
            linted.refuse(_unknown(source.name))
        return
    _yaml(source, file, named, linted)


def _unknown(name: str) -> Diagnostic:
    kinds = "service.yaml, Dockerfile, Kubernetes manifest, compose file, GitHub workflow, Terraform"
    return Diagnostic(
        "file-not-recognised",
        Severity.ERROR,
        "this is no kind of file that svc judges",
        Place(name),
        f"it judges {kinds}",
    )


def _dockerfile(source: Source, linted: Linted) -> None:
    from svc.targets.docker.read import read_dockerfile

    read = read_dockerfile(source)
    dockerfile = read.dockerfile

    def place(route: Route) -> Place:
        return Place(source.name, dockerfile.span(route) or Span(1, 1, 1, 1), route)

    for problem in read.problems:
        linted.refuse(Diagnostic(problem.id, problem.severity, problem.message, place(problem.route), problem.help))
    if not read.problems:
        linted.add(Subject("docker", source.name, source.name, dockerfile), place)


def _yaml(source: Source, file: Path, named: bool, linted: Linted) -> None:
    from svc.parse import parse

    if _DIRECTIVES.search(source.text) and any((parent / "Chart.yaml").is_file() for parent in list(file.parents)[:4]):
        message = "a chart's template is judged as it is rendered: run `helm template` and lint what it prints"
        linted.diagnostics.append(Diagnostic("chart-template-skipped", Severity.INFO, message, Place(source.name)))
        return
    parsed = parse(source)
    if parsed.problems:
        for problem in parsed.problems:
            linted.refuse(problem)
        return
    kind = _kind(parsed.documents, file)
    if kind == "spec":
        linted.specs.append(file)
    elif kind == "github":
        _workflow(source, parsed.documents[0], linted)
    elif kind == "compose":
        _compose(source, parsed.documents[0], linted)
    elif kind == "kubernetes":
        _manifests(source, parsed.documents, linted)
    elif named and kind != "workspace":
        linted.refuse(_unknown(source.name))


def _kind(documents: Sequence[Any], file: Path) -> str:
    for document in documents:
        data = document.data
        if not isinstance(data, dict):
            continue
        version = data.get("apiVersion")
        if isinstance(version, str) and version.startswith("svc/"):
            return "workspace" if data.get("kind") == "Workspace" or file.name.startswith("svc-workspace") else "spec"
        if isinstance(version, str) and isinstance(data.get("kind"), str):
            return "kubernetes"
        if isinstance(data.get("jobs"), dict) and "on" in data:
            return "github"
        if isinstance(data.get("services"), dict) and "apiVersion" not in data:
            return "compose"
    return "spec" if file.name in {"service.yaml", "service.yml"} else ""


def _workflow(source: Source, document: Any, linted: Linted) -> None:
    from svc.targets.github.read import read_workflow

    linted.add(Subject("github", source.name, source.name, read_workflow(document, source.name)), document.place)


def _compose(source: Source, document: Any, linted: Linted) -> None:
    from svc.targets.compose.types import ComposeFile
    from svc.tree import Tree

    linted.add(Subject("compose", source.name, source.name, ComposeFile(Tree(document.data))), document.place)


def _manifests(source: Source, documents: Sequence[Any], linted: Linted) -> None:
    from svc.kubernetes.read import read

    for index, one in enumerate(read(documents)):
        manifest = one.manifest
        name = f"{manifest.kind}/{manifest.name}"
        linted.add(Subject("kubernetes", f"{source.name}#{index}", name, manifest), one.place)


def _terraform(files: Sequence[Path], shown: Callable[[Path], str], linted: Linted) -> None:
    from svc.targets.terraform.read import TerraformError, read_blocks
    from svc.targets.terraform.types import Module

    blocks = {}
    for file in files:
        name = shown(file)
        source = load(file, name=name)
        if isinstance(source, Unreadable):
            linted.refuse(source.diagnostic)
            continue
        linted.sources[name] = source
        try:
            blocks[name] = read_blocks(source.text, name)
        except TerraformError as error:
            span = Span(error.line, 1, error.line, 1)
            linted.refuse(Diagnostic("terraform-syntax", Severity.ERROR, error.message, Place(name, span)))
    if not blocks:
        return
    module = Module(shown(files[0].parent), blocks)
    linted.add(Subject("terraform", module.path, module.path, module), lambda route: terraform_place(module, route))


def terraform_place(module: Any, route: Route) -> Place:
    """The file and line of a route in a module that was read: its attribute's, or its block's."""
    for name, blocks in module.files.items():
        for block in blocks:
            if block.address and route[: len(block.address)] == block.address:
                line = _line(block, route[len(block.address) :])
                return Place(name, Span(line, 1, line, 1), route)
    first = next(iter(module.files), module.path)
    return Place(first, Span(1, 1, 1, 1), route)


def _line(block: Any, rest: Route) -> int:
    if not rest:
        return int(block.line)
    for part in block.body:
        if getattr(part, "name", None) == rest[0]:
            return int(part.line or block.line)
    nested = block.blocks(str(rest[0]))
    if not nested:
        return int(block.line)
    index, after = (rest[1], rest[2:]) if len(rest) > 1 and isinstance(rest[1], int) else (0, rest[1:])
    return _line(nested[index], after) if index < len(nested) else int(block.line)


def findings(linted: Linted, policies: Sequence[Policy], settings: Settings) -> list[Diagnostic]:
    """What the policies say about the hand-written artifacts, each at its place."""
    return [
        _placed(one, linted.places[id(one.subject)](one.route)) for one in judge(linted.subjects, policies, settings)
    ]


def _placed(finding: Finding, place: Place) -> Diagnostic:
    return Diagnostic(
        finding.policy,
        finding.severity,
        finding.message,
        Place(place.file, place.span, finding.route),
        finding.help,
        policy=True,
    )
