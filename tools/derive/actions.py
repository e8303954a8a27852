"""Derives schemas/github/actions.json from actionlint's table of popular actions.

python tools/derive/actions.py "$(go env GOPATH)/pkg/mod/github.com/rhysd/actionlint@v1.7.12/popular_actions.go" \
    schemas/github/actions.json
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ABOUT = (
    "Inputs (1 required, 0 optional, a text: why it is deprecated) and outputs of popular actions, and those whose runtime GitHub has removed,"
    " derived from actionlint's popular_actions.go (MIT). `open`: takes other inputs as well; `any`: gives other outputs as well."
)
_ACTION = re.compile(r'^\t"(?P<spec>[^"]+)": \{$')
_INPUT = re.compile(
    r'^\t\t\t"[^"]+": +\{"(?P<name>[^"]+)", (?P<required>true|false), (?P<old>true|false), "(?P<why>(?:[^"\\]|\\.)*)"'
)
_OUTPUT = re.compile(r'^\t\t\t"[^"]+": +\{"(?P<name>[^"]+)"\},')
_OUTDATED = re.compile(r'^\t"(?P<spec>[^"]+)": +\{\},$')


def derive(text: str) -> dict[str, Any]:
    actions: dict[str, Any] = {}
    outdated: list[str] = []
    entry: dict[str, Any] = {}
    for line in text.splitlines():
        if match := _ACTION.match(line):
            entry = actions.setdefault(match["spec"].lower(), {"inputs": {}, "outputs": []})
        elif match := _INPUT.match(line):
            why = json.loads(f'"{match["why"]}"') or "do not use it"
            needed = int(match["required"] == "true")
            entry["inputs"][match["name"]] = why if match["old"] == "true" and not needed else needed
        elif match := _OUTPUT.match(line):
            entry["outputs"].append(match["name"])
        elif match := _OUTDATED.match(line):
            outdated.append(match["spec"].lower())
        elif "SkipInputs:" in line and "true" in line:
            entry["open"] = 1
        elif "SkipOutputs:" in line and "true" in line:
            entry["any"] = 1
    for spec, entry in actions.items():
        if spec.startswith("actions/github-script@"):
            entry["any"] = 1
    return {"about": ABOUT, "actions": actions, "outdated": sorted(outdated)}


if __name__ == "__main__":
    made = derive(Path(sys.argv[1]).read_text(encoding="utf-8"))
    rows = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(made["actions"].items()))
    rest = f'"about": {json.dumps(made["about"])},\n"outdated": {json.dumps(made["outdated"])}'
    Path(sys.argv[2]).write_text(f'{{"actions": {{\n{rows}\n}},\n{rest}}}\n', encoding="utf-8")
