"""Folders of manifests and kustomizations, as tests lay them out."""

from __future__ import annotations

from pathlib import Path


def tree(folder: Path, **files: str) -> Path:
    """The folder with these files: `base__web_yaml` is `base/web.yaml`."""
    for name, text in files.items():
        file = folder / name.replace("__", "/").replace("_yaml", ".yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder
