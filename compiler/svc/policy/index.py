"""Writes `policies/index.json`, from which a run reads the built-in policies: `python -m svc.policy.index policies`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from svc.parse import parse_one
from svc.policy.load import INDEX, entry
from svc.policy.schema import head, problems
from svc.source import Source


def text(folder: Path) -> str:
    """The index of the valid policies of a folder: a faulty one is left out, so that each run says what is wrong."""
    entries = {}
    for file in sorted(folder.glob("*.yaml")):
        data = file.read_bytes()
        parsed = parse_one(Source(file.name, data.decode("utf-8")))
        if parsed.documents and not parsed.problems and not problems(parsed.documents[0], file.stem):
            entries[file.stem] = entry(data, head(parsed.documents[0].data))
    return json.dumps(entries, indent=1, ensure_ascii=False) + "\n"


def main(folder: Path) -> None:
    (folder / INDEX).write_text(text(folder), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
