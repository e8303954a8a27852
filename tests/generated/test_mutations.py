"""Every change of what a rendered text means is found by its target's `verify`; the score is printed.

A mutation counts when an independent parser reads something else than before: PyYAML, BuildKit's, HashiCorp's.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from judges import real
from svc import tools
from svc.pipeline import Compiled, Piece

TIMES = int(os.environ.get("SVC_MUTATIONS", "1"))
"""How many times as many mutations as in CI."""
PER_FILE = {
    name: count * TIMES
    for name, count in {"docker": 12, "github": 12, "compose": 12, "terraform": 2, "helm": 12}.items()
}
YAML = (".yaml", ".yml")


def mutated(text: str, dice: random.Random) -> str:
    """One line changed, dropped, doubled, moved or indented."""
    lines = text.splitlines(keepends=True)
    at = dice.randrange(len(lines))
    match dice.randrange(5):
        case 0:
            words = list(re.finditer(r"[A-Za-z0-9]+", lines[at]))
            if words:
                word = dice.choice(words)
                lines[at] = f"{lines[at][: word.start()]}{word.group()}x{lines[at][word.end() :]}"
        case 1:
            del lines[at]
        case 2:
            lines.insert(at, lines[at])
        case 3 if at:
            lines[at - 1], lines[at] = lines[at], lines[at - 1]
        case _:
            lines[at] = dice.choice((f"  {lines[at]}", lines[at].removeprefix("  ")))
    return "".join(lines)


def of_yaml(_path: str, text: str, _folder: Path) -> Any:
    try:
        return [_typed(one) for one in yaml.load_all(text, Loader=yaml.CSafeLoader)]
    except yaml.YAMLError:
        return None


def _typed(value: Any) -> Any:
    """Equal only when types are equal as well: true is not 1. The order of a mapping means nothing."""
    if isinstance(value, dict):
        return {(type(key).__name__, key): _typed(one) for key, one in value.items()}
    return [_typed(one) for one in value] if isinstance(value, list) else (type(value).__name__, value)


def of_dockerfile(_path: str, text: str, folder: Path) -> Any:
    (folder / "Dockerfile").write_text(text, "utf-8")
    done = tools.run(real.located("dockerlint"), ["--dump", "Dockerfile"], cwd=folder)
    return None if done.returncode else _bare(json.loads(done.stdout))


def of_hcl(_path: str, text: str, folder: Path) -> Any:
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


def _bare(value: Any) -> Any:
    """Without line numbers, and with every run of blanks one: a continued line may be indented as one likes."""
    if isinstance(value, dict):
        return {key: _bare(one) for key, one in value.items() if "line" not in key.lower()}
    if isinstance(value, list):
        return [_bare(one) for one in value]
    return re.sub(r"[ \t]+", " ", value) if isinstance(value, str) else value


Meaning = Callable[[str, str, Path], Any]


def _files(piece: Piece) -> Iterator[tuple[str, Meaning]]:
    """The files of a piece that have a meaning for its program, each with who says what it means."""
    for path in piece.target.render(piece.artifact).files:
        if piece.name in ("github", "compose") and path.endswith(YAML):
            yield path, of_yaml
        if piece.name == "docker" and path.endswith("Dockerfile"):
            yield path, of_dockerfile
        if piece.name == "terraform" and path.endswith((".tf", ".tfvars")):
            yield path, of_hcl
        if piece.name == "helm" and re.search(r"/values[\w-]*\.yaml$|/Chart\.yaml$", path):
            yield path, of_yaml


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return real.compiled_fixtures()


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.parametrize("name", ["docker", "github", "compose", "terraform", "helm"])
def test_every_change_of_meaning_is_found(name: str, compiled: Compiled, tmp_path: Path) -> None:
    killed, escaped = 0, []
    dice = random.Random(name)
    for piece in (one for one in compiled.pieces if one.name == name):
        files = piece.target.render(piece.artifact).files
        for path, meaning in _files(piece):
            before = meaning(path, files[path], tmp_path)
            assert before is not None
            for _ in range(PER_FILE[name]):
                text = mutated(files[path], dice)
                if meaning(path, text, tmp_path) == before:
                    continue
                if piece.target.verify(piece.artifact, {**files, path: text}):
                    killed += 1
                else:
                    escaped.append((path, text))
    print(f"{name}: {killed} of {killed + len(escaped)} mutations found")  # noqa: T201
    assert killed > 40
    assert escaped == []


@pytest.mark.tools
@pytest.mark.slow
def test_every_change_of_a_template_is_found(compiled: Compiled, tmp_path: Path) -> None:
    """By the real Helm: what it renders for one environment says what a template means."""
    (piece,) = (one for one in compiled.pieces if one.name == "helm" and one.unit.name == "checkout")
    files = piece.target.render(piece.artifact).files
    environment = piece.artifact.environments[-1]
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")

    def meaning(path: str, text: str) -> Any:
        (tmp_path / path).write_text(text, "utf-8")
        options = ["--values", f"values-{environment.name}.yaml", "--namespace", environment.namespace]
        arguments = ["template", piece.artifact.name, ".", *options]
        done = tools.run(real.located("helm"), arguments, cwd=tmp_path / piece.artifact.path(""))
        (tmp_path / path).write_text(files[path], "utf-8")
        read = of_yaml(path, done.stdout, tmp_path) if done.returncode == 0 else None
        return read and [one for one in read if one != ("NoneType", None)]  # a document without an object is none

    templates = [path for path in files if "/templates/" in path and path.endswith((".yaml", ".tpl"))]
    before = meaning(templates[0], files[templates[0]])
    killed, escaped, dice = 0, [], random.Random("templates")
    for path in sorted(templates) * 4 * TIMES:
        text = mutated(files[path], dice)
        if meaning(path, text) == before:
            continue
        if piece.target.verify(piece.artifact, {**files, path: text}):
            killed += 1
        else:
            escaped.append((path, text))
    print(f"templates: {killed} of {killed + len(escaped)} mutations found")  # noqa: T201
    assert before is not None
    assert killed > 20
    assert escaped == []
