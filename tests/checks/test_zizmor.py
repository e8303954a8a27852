"""Verdicts on some hundred workflows, policy by policy, against zizmor's own."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from svc import tools
from svc.parse import parse_one
from svc.policy.load import load
from svc.policy.run import judge
from svc.policy.types import Settings
from svc.source import Source
from svc.targets.github.read import read_workflow
from svc.targets.protocol import Subject

_SNIPPETS: list[str] = json.loads((Path(__file__).parent / "actions" / "zizmor.json").read_text("utf-8"))
_POLICIES = [one for one in load([Path(__file__).parents[2] / "policies"]).policies if one.surface == "github"]
_AUDITS = [
    "adhoc-packages",
    "anonymous-definition",
    "artipacked",
    "bot-conditions",
    "cache-poisoning",
    "dangerous-triggers",
    "github-app",
    "github-env",
    "hardcoded-container-credentials",
    "insecure-commands",
    "misfeature",
    "obfuscation",
    "overprovisioned-secrets",
    "secrets-inherit",
    "secrets-outside-env",
    "template-injection",
    "unpinned-images",
    "unpinned-tools",
    "unpinned-uses",
    "unredacted-secrets",
    "unsound-condition",
    "unsound-contains",
    "unsound-ternary",
    "use-trusted-publishing",
]
"""Audits that find, without a network, the same thing as the policy that has their name as an alias."""
_OWNERS = {one.id: name for one in _POLICIES for name in one.aliases if name in _AUDITS}
"""Audits by the policies that have them as an alias: some divide what is one audit."""
_MINE, _THEIRS = "ours only", "zizmor only"
_HARMLESS = (
    r"echo \$\{\{ (github\.(event\.(issue\.number|number|pull_request\.(number|head\.sha))|sha|repository|run_id|workspace)"
    r"|(needs|steps)\.a\.(result|outcome)|matrix\.os|runner\.\w+|contains\(|hashFiles|'lit'|github\.event\.issue\.title ==)"
    r"|log\(\$\{\{ github\.sha"
)
_DIFFERENT: dict[tuple[str, str], tuple[str, str]] = {
    (_THEIRS, "bot-conditions"): ("on: push", "who pushed is the actor: there is nobody else to ask for"),
    (_THEIRS, "cache-poisoning"): (
        "node-version: 22",
        "setup-node caches by itself only when package.json asks for it",
    ),
    (_THEIRS, "unsound-contains"): (r"env\.X|matrix\.x|event_name", "the workflow itself, or GitHub, says what it is"),
    (_THEIRS, "obfuscation"): (r"secrets\[matrix", "an index that is computed hides nothing that a matrix does not"),
    (_THEIRS, "template-injection"): (_HARMLESS, "it holds numbers, hashes, fixed words or the workflow's own text"),
    (_THEIRS, "anonymous-definition"): ("a:\n    permissions", "jobs are called by their id"),
}
"""Where the verdicts differ: the snippets (a pattern), and why ours is right."""


_ELSEWHERE = {
    "github-env": "zizmor names the whole step; ours is the line that writes",
    "secrets-inherit": "zizmor names the workflow that is called; ours is the line that gives it all secrets",
}
"""Where the lines differ, and why."""
Lines = dict[str, set[int]]
"""By audit, the lines of what was found."""


def test_verdicts_equal_zizmors(tmp_path: Path) -> None:
    try:
        program = tools.find("zizmor", tools.toolbox(os.environ))
    except tools.ToolMissing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
    used, elsewhere = set(), set()
    for snippet, theirs in zip(_SNIPPETS, _zizmor(program, tmp_path), strict=True):
        ours = _ours(snippet)
        elsewhere |= {one for one in ours.keys() & theirs.keys() if ours[one] != theirs[one]}
        for key in [(_MINE, one) for one in ours if one not in theirs] + [
            (_THEIRS, one) for one in theirs if one not in ours
        ]:
            pattern, _reason = _DIFFERENT.get(key, ("(?!)", ""))
            assert re.search(pattern, snippet), f"{key}: {snippet}"
            used.add(key)
    assert used == set(_DIFFERENT)
    assert elsewhere == set(_ELSEWHERE)
    assert set(_OWNERS.values()) == set(_AUDITS)


def _zizmor(program: tools.Located, folder: Path) -> list[Lines]:
    place = folder / ".github" / "workflows"
    place.mkdir(parents=True)
    names = [f"w{number:04}.yaml" for number in range(len(_SNIPPETS))]
    for name, snippet in zip(names, _SNIPPETS, strict=True):
        (place / name).write_text(snippet, "utf-8")
    arguments = ["--offline", "--no-config", "--no-exit-codes", "--persona", "auditor", "--format", "json", "."]
    done = tools.expect(tools.run(program, arguments, cwd=folder))
    found: dict[str, Lines] = {name: {} for name in names}
    for item in json.loads(done.stdout):
        file = item["locations"][0]["symbolic"]["key"]["Local"]["verbatim_path"]
        if item["ident"] in _AUDITS:
            rows = [_row(one) for one in item["locations"] if one["symbolic"]["kind"] == "Primary"]
            found[Path(file).name].setdefault(item["ident"], set()).update(rows)
    return list(found.values())


def _row(location: dict[str, Any]) -> int:
    row: int = location["concrete"]["location"]["start_point"]["row"]
    return row + 1


def _ours(snippet: str) -> Lines:
    document = parse_one(Source("w.yaml", snippet)).documents[0]
    subject = Subject("github", "w", "w", read_workflow(document, "w.yaml"))
    found: Lines = {}
    for one in judge([subject], _POLICIES, Settings(profile="strict")):
        span = document.place(one.route, "value", one.within).span
        if one.policy in _OWNERS and span is not None:
            found.setdefault(_OWNERS[one.policy], set()).add(span.line)
    return found
