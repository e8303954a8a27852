"""Starting points of the fuzzer: the files of this repository, by target."""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("fixtures", "policies", "docs", "tests")
LIMIT = 4096
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_./-]{2,30}[A-Za-z0-9]:?")


def of(target: str) -> Iterator[bytes]:
    """Small files of the target's kind."""
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and file.stat().st_size <= LIMIT and _kind(file) == target:
                yield file.read_bytes()


def _kind(file: Path) -> str:
    name, text = file.name, ""
    if name.startswith("Dockerfile") or name.endswith("Dockerfile"):
        return "dockerfile"
    if file.suffix in (".tf", ".hcl"):
        return "terraform"
    if file.suffix in (".yaml", ".yml"):
        text = file.read_text("utf-8", errors="replace")
        for mark, target in (
            ("apiVersion: svc/", "spec"),
            ("runs-on:", "workflow"),
            ("kind:", "manifest"),
            ("services:", "compose"),
        ):
            if mark in text:
                return target
        return "documents"
    return ""


def words(target: str) -> list[str]:
    """The words of the seeds that stand in most of them: a dictionary for the fuzzer."""
    seen = Counter(word for data in of(target) for word in set(WORD.findall(data.decode("utf-8", "ignore"))))
    return [word for word, _ in sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:400]]


def main() -> None:
    """Writes the seeds of a target to a folder, named by content, and the dictionary beside it."""
    target, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for data in of(target):
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    lines = [
        f'"{word}"' for word in (*words(target), "\\x0a  ", "\\x0a- ", ": ", "${{", "{{", "<<EOT", "\\xef\\xbb\\xbf")
    ]
    folder.with_suffix(".dict").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
