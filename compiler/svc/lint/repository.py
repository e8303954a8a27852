"""What a workflow or action calls in its own repository: files of the same run, or on disk beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from svc.lint.linted import Linted
from svc.parse import Document, parse
from svc.source import Unreadable, load
from svc.workflows.beyond import Beyond

_FOLDER = (".github", "workflows")


def around(linted: Linted) -> Callable[[Document], Beyond]:
    """What each document may call. Files are read once."""
    shaped = {document.source.name: document.data for kind, document in linted.shaped if kind in ("github", "action")}
    known = {**linted.called, **shaped}
    read: dict[Path, Mapping[str, Any] | None] = {}

    def of(document: Document) -> Beyond:
        root = _root(linted.files.get(document.source.name))

        def data(path: str) -> Mapping[str, Any] | None:
            found = [one for name, one in known.items() if name == path or name.endswith(f"/{path}")]
            if len(found) == 1 and isinstance(found[0], dict):
                return found[0]
            file = _inside(root, path)
            if file is None:
                return None
            if file not in read:
                read[file] = data_of(file)
            return read[file]

        def action(path: str) -> Mapping[str, Any] | None:
            return data(f"{path}/action.yml") or data(f"{path}/action.yaml")

        def missing(path: str) -> bool:
            file = _inside(root, path)
            return file is not None and data(path) is None and not _may_be_there(file)

        return Beyond(data, action, missing, lambda one: any(one is data for data in known.values()))

    return of


def _root(file: Path | None) -> Path | None:
    """The repository that a workflow or an action lies in; None where that is not known."""
    if file is None or not file.is_file():
        return None
    place = file.absolute()
    if place.parts[-3:-1] == _FOLDER:
        return place.parents[2]
    return next((folder for folder in place.parents if (folder / ".git").exists()), None)


def _inside(root: Path | None, path: str) -> Path | None:
    return None if root is None or ".." in path.split("/") else root / path


def _may_be_there(file: Path) -> bool:
    """Whether a file is there, or is where nobody may look."""
    try:
        return file.exists()
    except PermissionError:
        return True


def data_of(file: Path) -> Mapping[str, Any] | None:
    """The first document of a file; None where it cannot be read."""
    source = load(file) if _may_be_there(file) else None
    if source is None or isinstance(source, Unreadable):
        return None
    documents = parse(source).documents
    return documents[0].data if documents and isinstance(documents[0].data, dict) else None
