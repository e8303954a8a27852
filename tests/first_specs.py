"""A first spec, as `svc init` writes it for a folder of sources."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from disk import put
from svc.cli.exits import Exit
from svc.cli.main import main


def entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> Path:
    """A new folder of that name, in which the process works."""
    root = tmp_path / name
    root.mkdir()
    monkeypatch.chdir(root)
    return root


def written(folder: Path, files: Mapping[str, str], member: str | None = None) -> dict[str, Any]:
    """The spec of the folder in which the process works, or of one below the `folder`, with these files."""
    put(folder, files)
    assert main(["init", "--defaults", *([] if member is None else [str(folder / member)])]) == Exit.CLEAN
    found = yaml.safe_load((folder / (member or "") / "service.yaml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found
