"""Starting points of the fuzzer, by target: files of this repository, and the corpus that is kept beside this file."""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import fuzz_folders as folders

ROOT = Path(__file__).parents[2]
CORPUS = Path(__file__).parent / "corpus"
"""What was found once and mended, and the smallest inputs that reach what the files of the repository do not."""
FOLDERS = ("fixtures", "docs", "tests")
LIMIT = 4096
"""Bytes of an input."""
FILES, BYTES, FOUND = 60, 100_000, 20
"""Of the kept corpus of a target; and how many that were found once may be beside them."""
EVERY = "every"
"""All targets, each input after a line with the name of its own; `FEW` inputs of each, and twice as many kept ones."""
FEW = 4
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_./-]{2,30}[A-Za-z0-9]:?")
SAME = {"edited": "spec", "import-compose": "compose", "import-kubernetes": "manifest"}
"""Targets that begin with the files of another one."""


def of(target: str) -> Iterator[bytes]:
    """Small files of the target's kind."""
    if target == "folder":
        yield from _folders()
        return
    for file, kind in _files():
        if kind == SAME.get(target, target):
            yield file.read_bytes()


def kept(target: str) -> Iterator[Path]:
    """The files of the kept corpus."""
    return (file for file in sorted((CORPUS / target).glob("*")) if file.is_file())


@cache
def _files() -> tuple[tuple[Path, str], ...]:
    found = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*")) if CORPUS not in file.parents]
    found += sorted((ROOT / "policies").glob("*.yaml"))
    return tuple((file, _kind(file)) for file in found if file.is_file() and file.stat().st_size <= LIMIT)


def _kind(file: Path) -> str:
    name = file.name
    if name.startswith("Dockerfile") or name.endswith("Dockerfile"):
        return "dockerfile"
    if file.suffix == ".json":
        return "terraform-json" if name.endswith(".tf.json") else "baseline" if name.startswith("baseline") else ""
    if file.suffix in (".tf", ".hcl", ".cue"):
        return "cue" if file.suffix == ".cue" else "terraform"
    if file.suffix in (".yaml", ".yml"):
        return _of_text(file, file.read_text("utf-8", errors="replace"))
    return ""


def _of_text(file: Path, text: str) -> str:
    if file.parent == ROOT / "policies":
        return "policy"
    for mark, target in (
        ("kind: Workspace", "workspace"),
        ("apiVersion: svc/", "spec"),
        ("apiVersion: score.dev", "import-score"),
        ("runs-on:", "workflow"),
        ("using:", "action"),
        ("resources:\n-", "kustomization"),
        ("kind:", "manifest"),
        ("services:", "compose"),
    ):
        if mark in text:
            return target
    return "documents"


def _folders() -> Iterator[bytes]:
    """Small folders with files of several kinds, each as one input."""
    for folder in sorted({*(ROOT / "fixtures/err").iterdir(), *(ROOT / "fixtures/lint/clean").iterdir()}):
        texts = {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*")) if file.is_file()}
        if folder.is_dir() and sum(file.stat().st_size for file in texts.values()) <= LIMIT:
            yield folders.bundle({name: file.read_bytes() for name, file in texts.items()})


def words(inputs: Sequence[bytes]) -> list[str]:
    """The words that stand in most of the inputs: a dictionary for the fuzzer."""
    seen = Counter(word for data in inputs for word in set(WORD.findall(data.decode("utf-8", "ignore"))))
    return [word for word, _ in sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:400]]


def started(target: str) -> list[bytes]:
    """What the fuzzer starts from, besides the kept corpus of a target."""
    if target != EVERY:
        return list(of(target))
    found = []
    for folder in sorted(CORPUS.iterdir()):
        kept_ones = [file.read_bytes() for file in kept(folder.name)]
        few = (*_some(list(of(folder.name)), FEW), *_some(kept_ones, 2 * FEW))
        found += [folder.name.encode() + b"\n" + data for data in few]
    return found


def _some(inputs: Sequence[bytes], most: int) -> Sequence[bytes]:
    return inputs[:: max(1, -(-len(inputs) // most))]


def main() -> None:
    """Writes the inputs that a target starts from to a folder, named by content, and the dictionary beside it."""
    target, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    inputs = started(target)
    for data in inputs:
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    known = [*inputs, *(file.read_bytes() for file in kept(target))]
    lines = [
        f'"{word}"' for word in (*words(known), "\\x0a  ", "\\x0a- ", ": ", "${{", "{{", "<<EOT", "\\xef\\xbb\\xbf")
    ]
    folder.with_suffix(".dict").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
