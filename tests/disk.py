"""What tests put on the disk, and what they find there."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path


def put(folder: Path, files: Mapping[str, str], mode: int = 0o644) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        (folder / name).chmod(mode)


def contents(root: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path there."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def git(folder: Path, *arguments: str) -> None:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
