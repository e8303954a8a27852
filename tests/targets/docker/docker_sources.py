"""A folder of sources and the spec beside them, compiled to the Dockerfile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from svc.pipeline import Compiled, Request, compile_


def compiled_sources(folder: Path, files: Mapping[str, str], rest: str, name: str = "shop") -> Compiled:
    """`files`: path -> text, below the folder. `rest`: what the spec says besides its name and its port."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    spec = folder / "service.yaml"
    spec.write_text(f"apiVersion: svc/v1\nname: {name}\n{rest}ports: {{http: 8080}}\n", "utf-8")
    return compile_(Request((spec,), lambda one: one.name, date(2026, 11, 29), targets=("docker",)))
