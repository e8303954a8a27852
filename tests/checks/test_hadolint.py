"""Verdicts on some hundred snippets, policy by policy and line by line, against hadolint's own."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from svc import tools
from svc.policy.load import load
from svc.policy.run import judge
from svc.policy.types import Settings
from svc.source import Source
from svc.targets.docker.read import read_dockerfile
from svc.targets.protocol import Subject

_FOLDER = Path(__file__).parent / "hadolint"
_SNIPPETS: list[str] = json.loads((_FOLDER / "snippets.json").read_text("utf-8"))
_POLICIES = [one for one in load([Path(__file__).parents[2] / "policies"]).policies if one.surface == "docker"]
_OWNERS = {name: one.id for one in _POLICIES for name in one.aliases if re.fullmatch(r"DL\d{4}", name)}
_MINE, _THEIRS = "ours only", "hadolint only"
_DIFFERENT: dict[tuple[str, str], tuple[str, str]] = {
    (_MINE, "copy-from-later-stage"): ("from=0", "a stage cannot copy from itself by its number either"),
    (_MINE, "image-runs-as-root"): ("", "an image without USER runs as root as well"),
    (_MINE, "install-asks"): ("sh -c", "a script given to sh -c is run like any other"),
    (_MINE, "packages-not-versioned"): ("sh -c", "a script given to sh -c is run like any other"),
    (_MINE, "recommended-packages"): ("sh -c|apt install", "apt recommends what apt-get recommends"),
    (_MINE, "pointless-command"): ("ifconfig", "interfaces are not in a layer"),
    (_MINE, "user-id-fills-layer"): ("--uid", "the long option means the same"),
    (_MINE, "several-commands"): ("CMD", "the one that does not count is reported, not the one that does"),
    (_MINE, "several-entrypoints"): ("ENTRYPOINT", "the one that does not count is reported"),
    (_MINE, "several-healthchecks"): ("HEALTHCHECK", "the one that does not count is reported"),
    **{
        (_MINE, policy): ("ONBUILD", "an instruction that is triggered is judged like any other")
        for policy in (
            "add-for-files",
            "cd-in-run",
            "copy-target-not-folder",
            "filesystem-copied",
            "pipe-fails-unseen",
            "port-out-of-range",
            "relative-copy-target",
            "variable-read-too-early",
        )
    },
    (_THEIRS, "several-commands"): ("CMD", "the one that does not count is reported, not the one that does"),
    (_THEIRS, "several-entrypoints"): ("ENTRYPOINT", "the one that does not count is reported"),
    (_THEIRS, "several-healthchecks"): ("HEALTHCHECK", "the one that does not count is reported"),
    (_THEIRS, "add-for-files"): (r"ADD \$", "what a variable holds may be an archive or an address"),
    (_MINE, "archive-unpacked-by-run"): ("tar xzf", "tar takes its options without a dash as well"),
    (_MINE, "curl-beside-wget"): ("sudo|ONBUILD", "sudo and ONBUILD start programs"),
    (_MINE, "label-key-invalid"): ("a_b", "Docker's form has no underscore"),
    (_MINE, "platform-repeated"): ('"', "quotes mean nothing here"),
    (_THEIRS, "copy-from-later-stage"): ("from=[xq] ", "a name that is no stage is an image for BuildKit"),
    (_THEIRS, "healthcheck-missing"): ("(?s)FROM.*FROM", "only the final stage is run"),
    (_THEIRS, "label-key-invalid"): (r"\$", "what a variable holds is not known"),
    (_THEIRS, "library-not-versioned"): (r"npm install \.", "a local folder has no version"),
    (_THEIRS, "packages-not-versioned"): (r"\$PKGS", "the variable may hold versions"),
    (_THEIRS, "pipe-fails-unseen"): ("set -o pipefail", "the script says pipefail itself"),
    (_THEIRS, "shell-form-command"): ("HEALTHCHECK", "a probe gets no signals that matter"),
    (_THEIRS, "user-by-name"): ("root", "image-runs-as-root says it"),
    (_THEIRS, "variable-read-too-early"): (r"\\\$", "an escaped dollar reads nothing"),
    (_THEIRS, "yarn-cache-kept"): ("yarn run", "it runs a script called install"),
}
"""Where the verdicts differ: the snippets (a pattern), and why ours is right."""


def test_verdicts_equal_hadolints(tmp_path: Path) -> None:
    try:
        program = tools.find("hadolint", tools.toolbox(os.environ))
    except tools.ToolMissing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
    used = set()
    for snippet, theirs in zip(_SNIPPETS, _hadolint(program, tmp_path), strict=True):
        ours = _ours(snippet)
        for key in [*((_MINE, *one) for one in ours - theirs), *((_THEIRS, *one) for one in theirs - ours)]:
            pattern, _reason = _DIFFERENT.get(key[:2], ("(?!)", ""))
            assert re.search(pattern, snippet), f"{key}: {snippet}"
            used.add(key[:2])
    assert used == set(_DIFFERENT)


def _hadolint(program: tools.Located, folder: Path) -> list[set[tuple[str, int]]]:
    names = [f"d{number:04}" for number in range(len(_SNIPPETS))]
    for name, snippet in zip(names, _SNIPPETS, strict=True):
        (folder / name).write_text(snippet, "utf-8")
    (folder / "config.yaml").write_text("override: {info: [DL3057]}\n", "utf-8")
    arguments = ["--no-fail", "--config", "config.yaml", "--format", "json", *names]
    done = tools.expect(tools.run(program, arguments, cwd=folder))
    found: dict[str, set[tuple[str, int]]] = {name: set() for name in names}
    for item in json.loads(done.stdout):
        if item["code"] in _OWNERS:
            found[item["file"]].add((_OWNERS[item["code"]], item["line"]))
    return list(found.values())


def _ours(snippet: str) -> set[tuple[str, int]]:
    dockerfile = read_dockerfile(Source("Dockerfile", snippet)).dockerfile
    subject = Subject("docker", "Dockerfile", "Dockerfile", dockerfile)
    found = set()
    for finding in judge([subject], _POLICIES, Settings(profile="strict")):
        span = dockerfile.span(finding.route)
        if finding.policy in _OWNERS.values():
            found.add((finding.policy, span.line if span else 1))
    return found
