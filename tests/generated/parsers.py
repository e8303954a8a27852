"""What a text means to the program that will read it, as a parser says that is not ours. None: it does not take the text."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from judges import real
from svc import tools

Meaning = Callable[[str, Path], Any]
YAML = (".yaml", ".yml")


def of_yaml(text: str, _folder: Path) -> Any:
    try:
        return [_typed(one) for one in yaml.load_all(text, Loader=yaml.CSafeLoader)]
    except (yaml.YAMLError, ValueError, TypeError):
        return None


def _typed(value: Any) -> Any:
    """Equal only when types are equal as well: true is not 1. The order of a mapping means nothing."""
    if isinstance(value, dict):
        return {(type(key).__name__, key): _typed(one) for key, one in value.items()}
    return [_typed(one) for one in value] if isinstance(value, list) else (type(value).__name__, value)


def of_json(text: str, _folder: Path) -> Any:
    try:
        return _typed(json.loads(text))
    except ValueError:
        return None


def of_patterns(text: str, _folder: Path) -> Any:
    """Of an ignore file: its lines but for comments and blank ones, without blanks around."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def of_text(text: str, _folder: Path) -> Any:
    return text


def of_dockerfile(text: str, folder: Path) -> Any:
    (folder / "Dockerfile").write_text(text, "utf-8")
    done = tools.run(real.located("dockerlint"), ["--dump", "Dockerfile"], cwd=folder)
    directives = re.findall(r"\A(?:# ?(?:syntax|check|escape) ?=.*\n)*", text, re.IGNORECASE)
    return None if done.returncode else (directives, _bare(json.loads(done.stdout)))


def _bare(value: Any) -> Any:
    """Without line numbers and the source, and with every run of blanks one: a continued line may be indented as one likes.

    Keywords may be written in any case.
    """
    if isinstance(value, dict) and "fields" in value:
        return {"name": value["name"].upper(), "fields": _bare(value["fields"]), "mounts": _bare(value.get("mounts"))}
    if isinstance(value, dict):
        return {key: _bare(one) for key, one in value.items() if "line" not in key.lower()}
    if isinstance(value, list):
        return [_bare(one) for one in value]
    return re.sub(r"[ \t]+", " ", value) if isinstance(value, str) else value


def of_hcl(text: str, folder: Path) -> Any:
    (folder / "main.tf").write_text(text, "utf-8")
    program = Path(__file__).parents[2] / ".tools/bin/hcldump"
    done = subprocess.run([program, "main.tf"], cwd=folder, capture_output=True, check=False)
    return None if done.returncode else _body(iter(json.loads(done.stdout)))


def _body(tokens: Iterator[dict[str, str]]) -> Any:
    """Blocks in their order with their labels; attributes of a body in any order."""
    attributes: list[list[str]] = []
    blocks: list[Any] = []
    labels: list[str] = []
    for token in tokens:
        match token["kind"]:
            case "end":
                break
            case "block":
                labels = [token["text"]]
                blocks.append((labels, _body(tokens)))
            case "attribute":
                attributes.append([token["text"]])
            case _:
                (attributes[-1] if attributes else labels).append(str(token))
    return sorted(attributes), labels, blocks


def parser_of(target: str, path: str) -> Meaning | None:
    """Who says what a file means: None for one that people read, and for templates, which Helm renders."""
    name = path.rsplit("/", 1)[-1]
    if name == "README.md" or (target == "helm" and "/templates/" in path):
        return None
    if name.endswith(YAML):
        return of_yaml
    if name.endswith((".tf", ".tfvars", ".tfbackend")):
        return of_hcl
    if name.endswith("ignore"):
        return of_patterns
    if name.endswith(".json"):
        return of_json
    return of_dockerfile if target == "docker" else of_text
