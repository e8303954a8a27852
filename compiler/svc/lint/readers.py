"""From one text to the artifacts in it, each by its target's own reader."""

# ruff: noqa: PTH110 - these are asked thousands of times
from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from svc.diagnostics import Diagnostic, Place, Severity
from svc.gate import comments_of
from svc.lint.container_action import of_action
from svc.lint.kinds import KINDS, kind_of
from svc.lint.linted import Linted, of_values
from svc.policy.comments import stretches, waivers_in
from svc.source import Source
from svc.targets.protocol import Subject

if TYPE_CHECKING:
    from svc.parse import Document, Parsed


NAMELESS = "<stdin>"
"""What is read from standard input, when nobody says what it is."""
_LONGEST_DOCKERFILE = 128 * 1024
"""BuildKit refuses single lines of half of that."""
_SHAPED = ("github", "action", "compose")
_IN_PART = (*_SHAPED, "kubernetes")
"""Kinds that are judged as far as they can be read."""
_WHOLE = ("chart-template-skipped", "yaml-unknown-tag")
"""What is said of a text of which no part can be."""


def not_recognised(name: str, broken: Diagnostic | None = None) -> Diagnostic:
    """`broken`: why its YAML cannot be read, which need not be a fault."""
    message = "this is no kind of file that svc judges"
    if broken is not None:
        message += f", and no YAML that svc reads: {broken.message}"
    place = broken.place if broken is not None else Place(name)
    advice = "; --stdin-filename says which of them this is" if name == NAMELESS else ""
    return Diagnostic("file-not-recognised", Severity.ERROR, message, place, f"it judges {KINDS}{advice}")


def dockerfile(source: Source, file: Path, linted: Linted) -> None:
    from svc.records import replace
    from svc.targets.docker.judged import judged
    from svc.targets.docker.places import Places
    from svc.targets.docker.read import read_dockerfile

    if len(source.text) > _LONGEST_DOCKERFILE:
        message = f"larger than the limit of {_LONGEST_DOCKERFILE} characters for a Dockerfile"
        advice = "put what it holds into a script that it copies"
        linted.say(Diagnostic("file-too-large", Severity.ERROR, message, Place(source.name), advice))
        return
    read = read_dockerfile(source)
    found = replace(read.dockerfile, ignored=narrowed(file), action=of_action(file))
    placed = Places(source, found)
    for problem in read.problems:
        at = placed(problem.route, problem.within)
        linted.say(Diagnostic(problem.id, problem.severity, problem.message, at, problem.help))
    spans = [placed.moved(one.span) for one in found.instructions if one.span is not None]
    linted.answer(waivers_in(source, stretches((span.line, span.end_line) for span in spans)))
    left = judged(replace(read, dockerfile=found))
    if left is not None:
        linted.add(Subject("docker", source.name, source.name, left), placed)


def narrowed(file: Path, known: dict[str, bool] | None = None) -> bool | None:
    """Whether a .dockerignore lies beside a Dockerfile, or above it up to the repository: any of them may be the context.

    `known`: the answers for folders, where many files of one moment are asked about."""
    name, there = str(file.absolute()), os.path.isfile
    if not there(name):
        return None
    if there(f"{name}.dockerignore"):
        return True
    known = known if known is not None else {}
    passed = []
    found = False
    for folder in above(name):
        passed.append(folder)
        if folder in known:
            found = known[folder]
            break
        found = there(f"{folder}/.dockerignore") or there(f"{folder}/.containerignore")
        if found or os.path.exists(f"{folder}/.git"):
            break
    known.update(dict.fromkeys(passed, found))
    return found


def above(name: str, separators: str = f"{os.sep}{os.altsep or ''}") -> Iterator[str]:
    """The folders above a whole name, without the separator at their end."""
    while (end := max(map(name.rfind, separators))) >= 0:
        name = name[:end]
        yield name


def yaml(source: Source, file: Path, named: bool, linted: Linted) -> None:
    from svc.parse import parse

    parsed = parse(source)
    if parsed.problems and not _readable(parsed, source, file, named, linted):
        return
    if file.name == "Chart.yaml":
        _chart(parsed.documents, linted)
        linted.head(source, file)
    elif not _of_a_kind(parsed.documents, source, file, named, linted):
        return
    linted.answer(comments_of(source, parsed.documents))


def _readable(parsed: Parsed, source: Source, file: Path, named: bool, linted: Linted) -> bool:
    """Whether a text with problems can be judged all the same: in part, or its own program knows what it means. They are said."""
    from svc.lint.strangers import told

    wrong = told(parsed, source, file)
    if wrong is None:
        linted.say(*([not_recognised(source.name, parsed.problems[0])] if named else []))
        return False
    linted.say(*wrong)
    in_part = not any(one.id in _WHOLE for one in wrong) and kind_of(parsed.documents, file) in _IN_PART
    return not wrong or (in_part and bool(parsed.documents))


def _of_a_kind(documents: Sequence[Document], source: Source, file: Path, named: bool, linted: Linted) -> bool:
    """Adds what the documents are; False where their comments mean nothing here."""
    from svc.lint.kustomized import faults as kustomization_faults

    kind = kind_of(documents, file)
    if kind == "compose":
        from svc.lint.strangers import without_reset

        documents = [without_reset(one) for one in documents]
    if kind in _SHAPED:
        linted.shaped.append((kind, documents[0]))
    if kind == "spec":
        linted.specs.append(file)
        return False
    if kind == "workspace":
        _workspace(documents, linted)
    elif kind in ("github", "action", "dependabot"):
        _workflow(source, documents[0], linted)
    elif kind == "compose":
        _compose(source, documents[0], linted)
    elif kind == "kubernetes" and "#@" in source.text and _template(source, linted):
        return False
    elif kind == "kubernetes":
        _manifests(source, [_typed(one, file) for one in documents], file, linted)
        linted.say(*kustomization_faults(documents, file))
    else:
        linted.say(*([not_recognised(source.name)] if named else []))
        return False
    return True


def _template(source: Source, linted: Linted) -> bool:
    """Whether a manifest is one only once ytt has read its comments, which is said."""
    from svc.lint.strangers import is_ytt, skipped

    if not is_ytt(source):
        return False
    linted.say(skipped(source))
    return True


def _workspace(documents: Sequence[Document], linted: Linted) -> None:
    """A workspace has no artifact to judge: its shape is."""
    from svc.model.load import validate
    from svc.model.renames import updated
    from svc.model.workspace import Workspace
    from svc.resolve.overlay import annotated

    document, old = updated(documents[0], "workspace")
    linted.say(*old)
    for problem in validate(Workspace, annotated(document))[1]:
        place = document.place(problem.route, problem.anchor)
        linted.say(Diagnostic(problem.id, problem.severity, problem.message, place, problem.help))


def _chart(documents: Sequence[Document], linted: Linted) -> None:
    from svc.targets.helm.chart_file import problems

    for document in documents[:1]:
        for problem in problems(document.data):
            place = document.place(problem.route, problem.anchor)
            linted.say(Diagnostic(problem.id, problem.severity, problem.message, place, problem.help))


def _workflow(source: Source, document: Document, linted: Linted) -> None:
    from svc.targets.github.read import read_workflow

    linted.add(
        Subject(
            "github",
            source.name,
            source.name,
            read_workflow(document, source.name),
            doubtful=document.doubtful,
        ),
        of_values(document.place),
    )


def _compose(source: Source, document: Document, linted: Linted) -> None:
    from svc.targets.compose.types import ComposeFile
    from svc.tree import Tree

    linted.add(
        Subject("compose", source.name, source.name, ComposeFile(Tree(document.data)), doubtful=document.doubtful),
        of_values(document.place),
    )


def _typed(document: Document, file: Path) -> Document:
    """With the type of the object, where only the name of its file says it."""
    from svc.kubernetes.kustomize import whole
    from svc.records import replace

    data = whole(document.data, file)
    return document if data is document.data else replace(document, data=data)


def _meant(data: object) -> str:
    """What an object without a kind should say: most often the letters are others."""
    slips = [(key, one) for one in ("apiVersion", "kind") if isinstance(data, dict) for key in data if key != one]
    meant = [f"`{one}` instead of `{key}`" for key, one in slips if str(key).lower() == one.lower()]
    return f"write {' and '.join(meant)}" if meant else "write both, such as `apiVersion: v1` and `kind: ConfigMap`"


def _manifests(source: Source, documents: Sequence[Document], file: Path, linted: Linted) -> None:
    from svc.kubernetes.kustomize import is_kustomization
    from svc.kubernetes.parts import is_part
    from svc.kubernetes.patches import Kustomization
    from svc.kubernetes.read import kindless, read
    from svc.lint.kustomized import laid_over
    from svc.tree import value_at

    for document, route in kindless(documents):
        message = "this object does not say its `apiVersion` and `kind`"
        help_ = _meant(value_at(document.data, route))
        linted.say(Diagnostic("manifest-kind-missing", Severity.ERROR, message, document.place(route), help_))
    for index, one in enumerate(read(documents)):
        manifest = one.manifest
        if is_kustomization(manifest.api_version, manifest.kind):
            manifest = Kustomization(manifest.tree, laid=tuple(each[2:] for each in laid_over([one.document], file)))
        name = f"{manifest.kind}/{manifest.name}"
        linted.manifests.append(one)
        if manifest.pod is not None and is_part(manifest):
            continue
        at = len(one.prefix)
        doubtful = frozenset(route[at:] for route in one.document.doubtful if route[:at] == one.prefix[: len(route)])
        subject = Subject("kubernetes", f"{source.name}#{index}", name, manifest, doubtful=doubtful)
        linted.add(subject, of_values(one.place))
