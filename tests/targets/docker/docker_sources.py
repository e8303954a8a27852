"""A folder of sources and the spec beside them, compiled to the Dockerfile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from svc.pipeline import Compiled, Request, compile_


def compiled(folder: Path) -> Compiled:
    """What becomes of the spec in a folder."""
    return compile_(Request((folder / "service.yaml",), lambda one: one.name, date(2026, 11, 29), targets=("docker",)))


def compiled_sources(folder: Path, files: Mapping[str, str], rest: str, name: str = "shop") -> Compiled:
    """`files`: path -> text, below the folder. `rest`: what the spec says besides its name and its port."""
    folder.mkdir(exist_ok=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    spec = f"apiVersion: svc/v1\nname: {name}\n{rest}ports: {{http: 8080}}\n"
    (folder / "service.yaml").write_text(spec, "utf-8")
    return compiled(folder)


def outputs(folder: Path, build: str, files: Mapping[str, str]) -> dict[str, str]:
    """What a spec with this `build`, beside files of its own, becomes: name -> text."""
    made = compiled_sources(folder, files, f"{build}health: /healthz\n")
    assert not made.failed
    return {one.path.rpartition("/")[2]: one.text for one in made.outputs}


def dockerfile_of(folder: Path, build: str, files: Mapping[str, str]) -> str:
    return outputs(folder, build, files)["Dockerfile"]


def dockerfile(made: Compiled) -> str:
    """The Dockerfile, with each instruction on one line."""
    text = next(one.text for one in made.outputs if one.path.endswith("Dockerfile"))
    return re.sub(r" *\\\n\s*", " ", text)
