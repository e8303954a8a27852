"""Whether a Dockerfile is the image of a GitHub action, which GitHub runs as root."""

# ruff: noqa: PTH110, PTH113 - folders above may not be ours to read
from __future__ import annotations

import os
from pathlib import Path

from svc.patterns import regex
from svc.source import Source, load

ACTIONS = ("action.yml", "action.yaml")
_IMAGE = regex(r"\bimage[\"']?[ \t]*:[ \t]*([\"']?)(?!docker://)([^\s,}\"'#]+)\1")
_DOCKER = regex(r"\busing[\"']?[ \t]*:[ \t]*[\"']?docker\b")


def of_action(file: Path) -> bool:
    """Whether an action beside it, or above it up to the repository, names it as its image."""
    whole = Path(os.path.normpath(file.absolute()))
    if not os.path.isfile(whole):
        return False
    for folder in whole.parents:
        for name in ACTIONS:
            if _names(folder / name, whole):
                return True
        if os.path.exists(folder / ".git"):
            break
    return False


def _names(action: Path, file: Path) -> bool:
    source = load(action, name=str(action)) if os.path.isfile(action) else None
    if not isinstance(source, Source) or not _DOCKER.search(source.text):
        return False
    return any(Path(os.path.normpath(action.parent / found[2])) == file for found in _IMAGE.finditer(source.text))
