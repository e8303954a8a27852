"""What is refused of some hundred workflows, line by line, against actionlint's own verdicts."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from svc import tools
from svc.parse import parse_one
from svc.source import Source
from svc.workflows import check

_FOLDER = Path(__file__).parent / "actions"
_SNIPPETS: list[str] = json.loads((_FOLDER / "snippets.json").read_text("utf-8"))
_POLICIES = ("deprecated-commands", "credentials", "if-cond", "pyflakes", "runner-label", "shellcheck")
"""Kinds of actionlint's that are policies here; labels of machines of one's own are not known to be wrong."""
_MINE, _THEIRS = "ours only", "actionlint only"
_DIFFERENT: list[tuple[str, str, str]] = [
    (_MINE, r"needs: (c|\[a, c\])", "the need is reported, where they report the job"),
    (_THEIRS, r"needs: (c|\[a, c\])", "the need is reported, where they report the job"),
    (_MINE, r"(?m)needs: (a|b)$", "the need that closes the circle is reported, where they report a job"),
    (_THEIRS, r"(?m)needs: (a|b)$", "the need that closes the circle is reported, where they report a job"),
    (_MINE, r"'a }}", "the text has an expression that is not closed: the text is reported"),
    (_THEIRS, r"'a }}", "the text has an expression that is not closed: the text is reported"),
    (_MINE, r"a/\.\./b", "no path of a repository has `..` in it"),
    (_MINE, "ubuntu-latest, windows-latest", "theirs is of a kind that is a policy here"),
    (_THEIRS, r"format\('a \{\{0\}\}'\)", "GitHub takes a text without values"),
    (_THEIRS, r"join\('a'\)", "GitHub joins a text to itself"),
    (_THEIRS, r"needs: \[\]", "GitHub takes an empty list"),
    (_THEIRS, r"ports\[5432\]", "GitHub makes a text of the number"),
    (_THEIRS, r"\$\{\{ null \}\}", "GitHub makes an empty text of null"),
    (_THEIRS, r"steps: (\[\]|\{run: a\})", "one cause, one message: the steps are there, and wrong"),
]
"""Where the verdicts differ: whose, the snippets (a pattern), and why ours is right."""


def test_verdicts_equal_actionlints(tmp_path: Path) -> None:
    try:
        program = tools.find("actionlint", tools.toolbox(os.environ))
    except tools.ToolMissing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
    used = set()
    for snippet, theirs in zip(_SNIPPETS, _actionlint(program, tmp_path), strict=True):
        ours = _ours(snippet)
        for whose, lines in ((_MINE, ours - theirs), (_THEIRS, theirs - ours)):
            if not lines:
                continue
            known = [one for one in _DIFFERENT if one[0] == whose and re.search(one[1], snippet)]
            assert known, f"{whose}, line {sorted(lines)}:\n{snippet}"
            used.add(known[0])
    assert used == set(_DIFFERENT)


@pytest.mark.parametrize("snippet", _SNIPPETS)
def test_every_problem_says_what_to_write(snippet: str) -> None:
    document = parse_one(Source("w.yaml", snippet)).documents[0]
    assert not [one.message for one in check.workflow(document.data) if not one.help]


def _actionlint(program: tools.Located, folder: Path) -> list[set[int]]:
    names = [f"w{number:04}.yaml" for number in range(len(_SNIPPETS))]
    for name, snippet in zip(names, _SNIPPETS, strict=True):
        (folder / name).write_text(snippet, "utf-8")
    arguments = ["-shellcheck=", "-pyflakes=", "-format", "{{json .}}", *names]
    done = tools.expect(tools.run(program, arguments, cwd=folder), (0, 1))
    found: dict[str, set[int]] = {name: set() for name in names}
    for item in json.loads(done.stdout):
        if item["kind"] not in _POLICIES and "potentially untrusted" not in item["message"]:
            found[item["filepath"]].add(item["line"])
    return list(found.values())


def _ours(snippet: str) -> set[int]:
    document = parse_one(Source("w.yaml", snippet)).documents[0]
    spans = [document.place(one.route, one.anchor).span for one in check.workflow(document.data)]
    return {span.line if span else 1 for span in spans}
