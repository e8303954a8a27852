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
_NEWER = re.compile(r"DL30(6[89]|7\d)|DL4007")
"""Rules that hadolint has got since, which the program here does not know."""
_OWNERS = {
    name: one.id
    for one in _POLICIES
    for name in one.aliases
    if re.fullmatch(r"DL\d{4}", name) and not _NEWER.fullmatch(name)
}
_STARTED = "sh -c|bash -lc|bash <<|env A=1|xargs|nohup"
_STARTS = "what another program starts is run like any other command"
_MOUNTED = "what is mounted over does not stay in the image"
_MINE, _THEIRS = "ours only", "hadolint only"
_DIFFERENT: dict[tuple[str, str], tuple[str, str]] = {
    (_MINE, "copy-from-later-stage"): ("from=0", "a stage cannot copy from itself by its number either"),
    (_MINE, "image-runs-as-root"): ("", "an image without USER runs as root as well"),
    (_MINE, "base-image-latest"): (r"ARG|:5000/", "an ARG's default is known; a registry's port is no tag"),
    (_MINE, "duplicate-stage"): ("AS A", "names of stages do not differ by case alone"),
    (_MINE, "install-asks"): (f"{_STARTED}|upgrade", f"{_STARTS}; an upgrade asks as well"),
    (_MINE, "library-not-versioned"): (f"{_STARTED}|npm i ", f"{_STARTS}; npm i is npm install"),
    (_MINE, "packages-not-versioned"): (_STARTED, _STARTS),
    (_MINE, "pip-cache-kept"): (_STARTED, _STARTS),
    (_MINE, "recommended-packages"): (f"{_STARTED}|apt install", f"{_STARTS}; apt does as apt-get does"),
    (_MINE, "sudo-in-image"): (_STARTED, _STARTS),
    (_MINE, "system-upgrade"): ("upgrade", "hadolint knows zypper's alone"),
    (_MINE, "pointless-command"): ("ifconfig", "interfaces are not in a layer"),
    (_MINE, "user-id-fills-layer"): ("--uid", "the long option means the same"),
    (_MINE, "several-commands"): ("CMD", "the one that does not count is reported, not the one that does"),
    (_MINE, "several-entrypoints"): ("ENTRYPOINT", "the one that does not count is reported"),
    (_MINE, "several-healthchecks"): ("HEALTHCHECK", "the one that does not count is reported"),
    **{
        (_MINE, policy): (f"(?i:ONBUILD){more}", f"an instruction that is triggered is judged like any other{reason}")
        for policy, more, reason in (
            ("add-for-files", "", ""),
            ("cd-in-run", f"|{_STARTED}|cat <<", f"; {_STARTS}, and so is what follows a here-document"),
            ("copy-target-not-folder", "", ""),
            ("filesystem-copied", "", ""),
            ("pipe-fails-unseen", "", ""),
            ("port-out-of-range", "|EXPOSE 0", "; 0 is no port"),
            ("relative-copy-target", "", ""),
            ("variable-read-too-early", "|:-x", "; a default does not make it known"),
        )
    },
    (_THEIRS, "several-commands"): ("CMD", "the one that does not count is reported, not the one that does"),
    (_THEIRS, "several-entrypoints"): ("ENTRYPOINT", "the one that does not count is reported"),
    (_THEIRS, "several-healthchecks"): ("HEALTHCHECK", "the one that does not count is reported"),
    (_THEIRS, "add-for-files"): (
        r"ADD (\$|git@|a.tgz b)",
        "what a variable holds may be an archive or an address; an address of git is one; one archive suffices",
    ),
    (_THEIRS, "apk-cache-kept"): ("rm -rf /var/cache/apk", "what the same RUN removes is in no layer"),
    (_THEIRS, "copy-target-not-folder"): (
        r" (\.|\$\w+)\n",
        "the working directory is a folder; what a variable holds may end in `/`",
    ),
    (_THEIRS, "image-runs-as-root"): ("(?s)FROM a\nUSER 1000", "only the final stage is run"),
    (_THEIRS, "package-lists-kept"): ("--mount", _MOUNTED),
    (_THEIRS, "pip-cache-kept"): ("--mount|ARG PIP_NO", f"{_MOUNTED}; an ARG is a variable of the build"),
    (_THEIRS, "relative-copy-target"): ("FROM scratch", "the working directory of scratch is known"),
    (_THEIRS, "rpm-cache-kept"): ("--mount|upgrade", f"{_MOUNTED}; an upgrade is what system-upgrade finds"),
    (_MINE, "archive-unpacked-by-run"): ("tar xzf", "tar takes its options without a dash as well"),
    (_MINE, "curl-beside-wget"): ("sudo|ONBUILD", "sudo and ONBUILD start programs"),
    (_MINE, "label-key-invalid"): ("a_b", "Docker's form has no underscore"),
    (_MINE, "platform-repeated"): ('"', "quotes mean nothing here"),
    (_THEIRS, "copy-from-later-stage"): ("from=[xq] ", "a name that is no stage is an image for BuildKit"),
    (_THEIRS, "healthcheck-missing"): ("(?is)FROM.*FROM", "only the final stage is run"),
    (_THEIRS, "label-key-invalid"): (r"\$", "what a variable holds is not known"),
    (_THEIRS, "library-not-versioned"): (
        r"npm install (\.|git)",
        "a local folder has no version, and a branch of git no name here",
    ),
    (_THEIRS, "packages-not-versioned"): (r"\$PKGS", "the variable may hold versions"),
    (_THEIRS, "pipe-fails-unseen"): (
        r"set -o pipefail|\[\"bash",
        "the script says pipefail itself; an array has no pipe of its own",
    ),
    (_THEIRS, "shell-form-command"): ("HEALTHCHECK", "a probe gets no signals that matter"),
    (_THEIRS, "user-by-name"): (r"root|\$U", "image-runs-as-root says it; what a variable holds is not known"),
    (_THEIRS, "variable-read-too-early"): (r"\\\$|'\$", "a dollar that is escaped or in single quotes reads nothing"),
    (_THEIRS, "yarn-cache-kept"): ("yarn run|--mount", f"it runs a script called install; {_MOUNTED}"),
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
