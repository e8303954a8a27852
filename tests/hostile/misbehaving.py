"""Programs that misbehave, and for every program that svc calls the files and the verb that call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from disk import put

DIGEST = "sha256:" + "4f3b" * 16
SPEC = f"apiVersion: svc/v1\nname: shop\nteam: shop\nimage: a/b:1@{DIGEST}\nports: {{http: 8080}}\nhealth: /healthz\n"
BUILT = "apiVersion: svc/v1\nname: shop\nteam: shop\nbuild: {language: go}\nports: {http: 8080}\nhealth: /healthz\n"
CLOUD = SPEC + "needs: {work: {type: queue, realise: managed}}\ncloud: {provider: aws, region: eu-west-1}\n"
CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "chart/values.yaml": "a: 1\n",
    "chart/templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Values.a }}}\n",
}
CUE_SPEC = f'apiVersion: "svc/v1"\nname: "shop"\nimage: "a/b:1@{DIGEST}"\nports: http: 8080\nhealth: "/healthz"\n'
PACK = """\
title: Service has a team
severity: error
surface: service
check: cue
profiles: [recommended, strict]
why: Nobody knows whose it is.
help: write `team`
since: "1.0"
pass: [{team: a}]
fail: [{input: {}, at: [[]]}]
"""
POLICY = "#Policy: {\n\tinput: _\n\tviolations: []\n}\n"
RULES = {
    "svc-workspace.yaml": "apiVersion: svc/v1\npolicy: {packs: [pack]}\n",
    "pack/team.yaml": PACK,
    "pack/team.cue": POLICY,
}
WORKFLOW = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo $A\n"

VERIFY = ("compile", "--verify", "--out", "out", "service.yaml", "--target")


@dataclass(frozen=True, slots=True)
class Call:
    """A command line that comes to a program. `clean`: answers by which that program itself says that all is well."""

    program: str
    files: Mapping[str, str]
    arguments: tuple[str, ...]
    clean: frozenset[str] = frozenset()
    real: tuple[str, ...] = ()
    """Programs that have to be there, and well, for this one to be called."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a program does instead of its work: a shell script, and what svc shows of it."""

    body: str
    words: str = ""
    slow: bool = field(default=False)
    """It has to be waited for until its time is over."""


LIST = frozenset({"list"})
QUIET = frozenset({"quiet"})
CALLS: Mapping[str, Call] = {
    "lint-chart": Call("helm", CHART, ("lint", "chart")),
    "verify-helm": Call("helm", {"service.yaml": SPEC}, (*VERIFY, "helm")),
    "verify-kubeconform": Call("kubeconform", {"service.yaml": SPEC}, (*VERIFY, "helm"), real=("helm",)),
    "verify-hadolint": Call("hadolint", {"service.yaml": BUILT}, (*VERIFY, "docker"), LIST),
    "verify-dockerlint": Call("dockerlint", {"service.yaml": BUILT}, (*VERIFY, "docker"), QUIET),
    "verify-actionlint": Call("actionlint", {"service.yaml": BUILT}, (*VERIFY, "github"), LIST),
    "verify-zizmor": Call("zizmor", {"service.yaml": BUILT}, (*VERIFY, "github"), LIST),
    "verify-terraform": Call("terraform", {"service.yaml": CLOUD}, (*VERIFY, "terraform")),
    "verify-trivy": Call("trivy", {"service.yaml": CLOUD}, (*VERIFY, "terraform")),
    "verify-checkov": Call("checkov", {"service.yaml": CLOUD}, (*VERIFY, "terraform")),
    "lint-scripts": Call("shellcheck", {".github/workflows/ci.yaml": WORKFLOW}, ("lint", "--deep", ".github")),
    "lint-changed": Call("git", {"Dockerfile": "FROM a\n"}, ("lint", "--changed-since", "main", ".")),
    "compile-cue": Call("cue", {"service.cue": CUE_SPEC}, ("compile", "--out", "out", "service.cue")),
    "lint-cue": Call("cue", {"service.cue": CUE_SPEC}, ("lint", "service.cue")),
    "show-cue": Call("cue", {"service.cue": CUE_SPEC}, ("show", "service.cue")),
    "compile-pack": Call("cue", {**RULES, "service.yaml": SPEC}, ("compile", "--out", "out", "service.yaml")),
    "lint-pack": Call("cue", {**RULES, "service.yaml": SPEC}, ("lint", "service.yaml")),
    "test-pack": Call("cue", RULES, ("policies", "test", "pack")),
}
NEVER_CALLED = frozenset({"celjudge", "pssjudge", "tofu"})
"""Programs that tests ask, or that a user has beside them; no verb does."""

LEAVES = "setsid sleep 300 & echo $! >> {pids}"
BEHAVIOURS: Mapping[str, Behaviour] = {
    "hangs": Behaviour("echo thinking >&2; sleep 300", "did not finish within", slow=True),
    "stays": Behaviour(
        f"trap '' TERM INT HUP\nsleep 300 & echo $! >> {{pids}}\n{LEAVES}\nwait", "did not finish", True
    ),
    "leaves": Behaviour(LEAVES, "did not finish", slow=True),
    "closes": Behaviour("exec >&- 2>&-; sleep 300", "did not finish", slow=True),
    "dies": Behaviour("echo broken pipe >&2; kill -SEGV $$", "killed by signal 11: broken pipe"),
    "silent": Behaviour("exit 1"),
    "quiet": Behaviour("exit 0"),
    "odd": Behaviour("echo gone mad >&2; exit 77", "exit code 77: gone mad"),
    "garbage": Behaviour("echo complete garbage", "complete garbage"),
    "bytes": Behaviour("printf 'complete\\377\\376\\200garbage'", "garbage"),
    "flood": Behaviour("head -c 1000000000 /dev/zero", "printed more than"),
    "floods": Behaviour("head -c 1000000000 /dev/zero >&2", "printed more than"),
    "null": Behaviour("echo null"),
    "list": Behaviour("echo '[]'"),
    "object": Behaviour("echo '{{}}'"),
    "number": Behaviour("echo 7"),
    "nulls": Behaviour("echo '[null]'"),
    "objects": Behaviour("echo '[{{}}]'"),
    "other": Behaviour(
        'echo \'{{"resources": 7, "comments": [7], "diagnostics": {{}}, "valid": true, "Results": 7, "results": 7}}\''
    ),
    "deep": Behaviour("head -c 100000 /dev/zero | tr '\\0' '['; head -c 100000 /dev/zero | tr '\\0' ']'"),
}


def program(folder: Path, name: str, behaviour: Behaviour) -> dict[str, str]:
    """Writes a program that says its version, notes that it was called, and misbehaves. The variable that names it."""
    body = behaviour.body.format(pids=folder / "pids")
    version = f'case " $*" in *" version"*|*" --version"*|" -v") echo "{name} 1.2.3"; exit 0;; esac'
    put(folder, {name: f"#!/bin/sh\n{version}\necho called >> {folder}/called\n{body}\n"}, 0o755)
    return {f"SVC_TOOL_{name.upper()}": str(folder / name)}


def left_alive(folder: Path) -> list[int]:
    """The processes that a program noted and that still run."""
    file = folder / "pids"
    numbers = [int(line) for line in file.read_text().split()] if file.exists() else []
    return [number for number in numbers if _runs(number)]


def _runs(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
