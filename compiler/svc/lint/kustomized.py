"""What Kustomize makes of the manifests of a run: which files belong together, and which images it names anew.

A kustomization pins images by name, whatever the manifests say: what they lack is said of them only where it stays.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.checks.images import Reference, reference
from svc.checks.kustomized import Kustomized, file_of, made_of
from svc.checks.patched import patched
from svc.checks.seen import once, seen
from svc.diagnostics import Diagnostic, Route, Severity
from svc.folders import leads_out
from svc.kubernetes.kustomize import KINDS, LISTS, NAMES, is_local
from svc.kubernetes.kustomize_refusals import refusals
from svc.kubernetes.patches import Laid, laid, patch_faults, patches
from svc.lint.ignored import ignored
from svc.lint.ignored import lists as lists_of_ignored
from svc.policy.types import Finding, Policy
from svc.source import Source, load
from svc.suggest import nearest
from svc.targets.protocol import Subject
from svc.tree import items, mappings

if TYPE_CHECKING:
    from svc.parse import Document

_CHECKS = frozenset({"image_latest", "image_pinned"})
_LACKING = frozenset(("disruption_limit", "field_missing", "ingress_host", "ingress_tls", "labels_missing"))
"""Checks of objects without pods that say what one lacks."""
_ABOVE = 7
"""Folders above a file in which a kustomization is looked for."""
_MOST = 500
"""Files that are read because a kustomization names them."""

_LONG = 80
"""Letters of a name that a message repeats."""

Ask = Callable[[Path], Source | None]


def concerns(file: Path, source: Source) -> bool:
    """Whether a text may hold objects that a kustomization is made of, or be one."""
    return file.name in NAMES or "apiVersion" in source.text


def above(file: Path) -> Iterator[Path]:
    """Where kustomizations that name a file could be: Kustomize takes patches from its own folder and below."""
    for folder in file.absolute().parents[:_ABOVE]:
        yield from (folder / name for name in sorted(NAMES))
        if os.path.exists(folder / ".git"):  # noqa: PTH110 - asked for every file
            return


def beside(named: Sequence[Path], known: Mapping[Path, Source], ask: Ask) -> Iterator[tuple[Path, Source]]:
    """The kustomizations above files that were `named`, and, where one of the run gives images other names, the
    manifests that it is made of; what is `known`, by the whole path, is not read again."""
    seen, left = set(known), _MOST
    for file in dict.fromkeys(one for each in named for one in above(each)):
        if file not in seen and (source := ask(file)) is not None:
            seen.add(file)
            yield file, source
    open_ = [(file, source) for file, source in known.items() if file.name in NAMES and "images" in source.text]
    while open_ and left:
        from svc.parse import parse

        file, source = open_.pop()
        for document in parse(source).documents:
            for each in made_of(document.data, str(file.parent)):
                path = _file(Path(each))
                if path in seen or (found := ask(path)) is None:
                    continue
                left -= 1
                seen.add(path)
                yield path, found
                open_ += [(path, found)] if path.name in NAMES and left else []


def absent(documents: Sequence[Document], file: Path) -> Iterator[tuple[Document, Route, str]]:
    """What a kustomization is made of and lays over it, and what is not on disk. Files of generators, and those that git
    ignores, may be secret ones that no repository has; what a program fetches from elsewhere is not looked for."""
    if file.name not in NAMES or not os.path.isfile(file):  # noqa: PTH113 - asked for every file
        return
    for document in documents:
        for route, name in _local(document.data):
            path = os.path.join(file.parent, name)  # noqa: PTH118 - says no where a Path raises: too long a name
            if route[0] in LISTS and os.path.isdir(path) and not any(map(os.path.isfile, _lists(path))):  # noqa: PTH112
                yield document, route, f"the folder `{name}` has no `kustomization.yaml`"
            elif not os.path.exists(path) and not ignored(Path(path)):  # noqa: PTH110
                beside = _listed(Path(path).parent)
                yield document, route, f"there is no `{_shown(name)}`{nearest(Path(path).name[:_LONG], beside)}"


def laid_over(documents: Sequence[Document], file: Path) -> Iterator[tuple[Document, Route, str, Laid]]:
    """What the files of patches of a kustomization say that can be read, with their paths."""
    if file.name not in NAMES:
        return
    for document in documents:
        for patch in patches(document.data):
            read = patch.path and is_local(patch.path) and not leads_out(file.parent / patch.path, file.parent)
            source = load(file.parent / patch.path) if read else None
            found = laid(source.text) if isinstance(source, Source) else None
            if found is not None:
                yield document, patch.route, patch.path, found


def faults(documents: Sequence[Document], file: Path) -> Iterator[Diagnostic]:
    """What Kustomize would end with: files that are not there, operations of patches that are none."""
    for document, route, message in absent(documents, file):
        help_ = "write where it is, from this folder"
        yield Diagnostic("kustomization-file-missing", Severity.ERROR, message, document.place(route), help_)
    if file.name not in NAMES:
        return
    for document in documents:
        for route, message, help_ in (*_circle(document.data, file), *refusals(document.data)):
            yield Diagnostic("kustomization-refused", Severity.ERROR, message, document.place(route), help_)
    written = [(one, route, message) for one in documents for route, message in patch_faults(one.data)]
    named = (
        (document, route, f"`{path}`: {message}")
        for document, route, path, found in laid_over(documents, file)
        for message in found.faults
    )
    for document, route, message in (*written, *named):
        help_ = "an operation is such as `{op: replace, path: /spec/replicas, value: 3}`"
        yield Diagnostic("kustomization-patch", Severity.ERROR, message, document.place(route), help_)


def _circle(data: Any, file: Path) -> Iterator[tuple[Route, str, str]]:
    for route, name in _local(data):
        if route[0] in LISTS and os.path.normpath(file.parent / name) == os.path.normpath(file.parent):
            yield route, f"`{name}` is this kustomization itself", "remove it"


def lacks(source: Source, file: Path) -> list[tuple[object, ...]]:
    """What the disk tells of the text of any file, as above."""
    from svc.parse import parse

    if file.name not in NAMES:
        return []
    documents = parse(source).documents
    return [one[1:] for one in (*absent(documents, file), *laid_over(documents, file))]


def paths(source: Source, file: Path) -> Iterator[str]:
    """Where what a kustomization names would be on disk; a folder stands for its list."""
    from svc.parse import parse

    for document in parse(source).documents:
        for _, name in _local(document.data):
            path = file.parent / name
            yield str(path)
            yield from _lists(str(path))
            yield from map(str, lists_of_ignored(path))


def _local(data: Any) -> Iterator[tuple[Route, str]]:
    """Names of files and folders, where they stand."""
    for key in (*LISTS, "crds"):
        for index, one in enumerate(items(data, key)):
            if isinstance(one, str) and is_local(one):
                yield (key, index), one
    yield from ((one.route, one.path) for one in patches(data) if one.path and is_local(one.path))


def _lists(folder: str) -> Iterator[str]:
    return (os.path.join(folder, one) for one in sorted(NAMES))  # noqa: PTH118


def _listed(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []


def _shown(name: str) -> str:
    return name if len(name) <= _LONG else f"{name[:_LONG]}..."


def settled(found: Sequence[Finding], subjects: Sequence[Subject], policies: Sequence[Policy]) -> list[Finding]:
    """The findings without those about images that a kustomization names anew, or that manifests say, and about what
    patches leave to what they are laid over."""
    if not any(one.surface == "kubernetes" and one.artifact.kind in KINDS for one in subjects):
        return list(found)
    subjects = seen(subjects)
    lacking = {one.id for one in policies if one.check in _LACKING}
    over = patched(subjects)
    refused = {one.id for one in policies if one.check == "object_refused"}
    found = [one for one in found if one.policy not in refused or not _brought(one, subjects)]
    found = [one for one in found if not (over and _of_a_patch(one, over, lacking))]
    about = {one.id for one in policies if one.check in _CHECKS}
    if not any(one.policy in about for one in found):
        return found
    made = _Made(subjects)
    return [one for one in found if one.policy not in about or not made.elsewhere(one)]


def _brought(finding: Finding, subjects: Sequence[Subject]) -> bool:
    """Whether a container mounts a volume that a patch brings, or a selector gets its labels from a kustomization."""
    route, subject = finding.route, finding.subject
    if route == ("spec", "selector"):
        return once(subjects, Kustomized).labelled(file_of(subject))
    if route[-3:-2] != ("volumeMounts",) or route[-1] != "name":
        return False
    return subject.artifact.tree.get(*route) in once(subjects, Kustomized).named(file_of(subject))


def _of_a_patch(finding: Finding, over: Set[str], lacking: Set[str]) -> bool:
    """Whether a finding is about an object that a kustomization lays over another: a workload, or what the object lacks."""
    subject = finding.subject
    ours = subject.surface == "kubernetes" and file_of(subject) in over
    return ours and (subject.artifact.pod is not None or finding.policy in lacking)


class _Made:
    """What the kustomizations of a run make, by the names of files in it."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._run = Kustomized(subjects)
        roots = [self._run.files[name] | self._run.over[name] for name in self._run.roots()]
        self._roots = [(files, self._entries(files)) for files in roots]
        self._open: dict[str, frozenset[str]] = {}
        self._images: dict[str, list[Reference]] = {}
        for file, several in self._run.subjects.items():
            images = [one.get("image") for subject in several for _, one in subject.artifact.containers()]
            self._images[file] = [reference(image) for image in images if isinstance(image, str)]

    def elsewhere(self, finding: Finding) -> bool:
        file, tree = file_of(finding.subject), finding.subject.artifact.tree
        if file in self._run.data:
            entry = tree.get(*finding.route[:-1])
            return finding.route[-1] != "newTag" and not self._says(file, str(entry.get("name")))
        image = reference(str(tree.get(*finding.route)))
        makers = [(files, entries.get(image.repository)) for files, entries in self._roots if file in files]
        return bool(makers) and all(
            one or (one is not None and not _has_version(image) and self._said(files, file, image.repository))
            for files, one in makers
        )

    def _said(self, files: set[str], file: str, image: str) -> bool:
        """Whether a kustomization says of an image of a file that it has no version, or something pins it after that."""
        named = [one for one in files if any(each.get("name") == image for each in self._named(one))]
        made = (one for one in named if file in self._run.files[one] | self._run.over[one])
        return any(self._says(one, image) or self._pinned(one, image) for one in made)

    def _says(self, file: str, name: str) -> bool:
        """Whether a kustomization that gives an image another name leaves it without a version for sure."""
        if file not in self._open:
            self._open[file] = self._unversioned(file)
        return name in self._open[file] and not self._pinned(file, name)

    def _unversioned(self, file: str) -> frozenset[str]:
        """The images without a version that a kustomization makes, where all is known."""
        if self._run.is_component(file) or not self._run.whole(file):
            return frozenset()
        below = [one for each in self._run.files[file] for one in self._images.get(each, ())]
        below += [reference(image) for one in self._run.laid(file) if one for image in one.images]
        return frozenset(one.repository for one in below if not _has_version(one))

    def _pinned(self, file: str, name: str) -> bool:
        """Whether all that a kustomization is a part of gives the image a tag or a digest."""
        return all(entries.get(name, False) for files, entries in self._roots if file in files)

    def _named(self, file: str) -> list[dict[str, Any]]:
        return [one for _, one in mappings(self._run.data.get(file), "images")]

    def _entries(self, files: set[str]) -> dict[str, bool]:
        """The images that kustomizations name anew, and whether one of them gives a tag or a digest, also by the new name."""
        entries = [one for file in files for one in self._named(file)]
        known = {str(one.get("name")): False for one in entries}
        known.update({str(one.get("name")): True for one in entries if one.get("newTag") or one.get("digest")})
        return {
            name: one or any(known.get(anew, False) for anew in _renamed(name, entries)) for name, one in known.items()
        }


def _renamed(name: str, entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    return (str(one["newName"]) for one in entries if one.get("name") == name and one.get("newName"))


def _has_version(image: Reference) -> bool:
    return bool(image.tag or image.digest)


def _file(path: Path) -> Path:
    """A kustomization of a folder; a file itself."""
    if not os.path.isdir(path):  # noqa: PTH112
        return path
    return next((Path(one) for one in _lists(str(path)) if os.path.isfile(one)), path)  # noqa: PTH113
