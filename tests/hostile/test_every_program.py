"""Every program that svc calls, misbehaving in every way, under each verb that calls it: a few here, all in the night."""

from __future__ import annotations

import os
import re
import tempfile
import time
from pathlib import Path

import pytest

from disk import put
from hostile.bounded import REPO
from hostile.misbehaving import BEHAVIOURS, CALLS, NEVER_CALLED, Behaviour, left_alive, program
from svc import tools
from svc.cli.main import main

NIGHTLY = "SVC_EXAMPLES" in os.environ
PAIRS = [(call, behaviour) for call in CALLS for behaviour in BEHAVIOURS]
SHOWN = 20_000
"""Characters, at most, of everything that is said of a program that failed."""


ALWAYS = {("lint-chart", "quiet"), ("verify-actionlint", "quiet")}
"""An empty answer of programs from which nothing would be taken for no finding."""


def _sampled(number: int, call: str, behaviour: str) -> bool:
    if (call, behaviour) in ALWAYS:
        return True
    return number % 7 == 0 and not (BEHAVIOURS[behaviour].slow and CALLS[call].real)


CHOSEN = [pair for number, pair in enumerate(PAIRS) if NIGHTLY or _sampled(number, *pair)]


def _code() -> dict[str, str]:
    root = REPO / "compiler/svc"
    return {str(one.relative_to(root)): one.read_text() for one in root.rglob("*.py") if one != root / "tools.py"}


def test_no_program_is_left_out() -> None:
    """Programs are named in text that stands in the code: each known name there is called by one of the verbs above.

    Checks start none; `tofu` is a word of the language that they read.
    """
    text = "\n".join(text for path, text in _code().items() if not path.startswith("checks/terraform/"))
    assert set(tools.TOOLS) - NEVER_CALLED == {one.program for one in CALLS.values()}
    assert {name for name in tools.TOOLS if f'"{name}"' not in text} == NEVER_CALLED


def test_there_is_one_door() -> None:
    """But for svc, which starts itself again where the locale has no UTF-8."""
    starts = re.compile(
        r"^\s*(import|from) +(subprocess|pty|multiprocessing|asyncio)\b|\bos\.(exec|spawn|posix_spawn|system|popen)",
        re.M,
    )
    assert sorted(name for name, text in _code().items() if starts.search(text)) == ["child.py", "cli/main.py"]


@pytest.mark.parametrize(("call", "behaviour"), CHOSEN, ids=lambda one: one)
def test_what_is_no_answer_is_exit_code_3(
    call: str, behaviour: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    asked, does = CALLS[call], BEHAVIOURS[behaviour]
    root, beside, temporary = tmp_path / "root", tmp_path / "beside", tmp_path / "temporary"
    temporary.mkdir()
    put(root, asked.files)
    put(
        root,
        {"out/Dockerfile": "by hand\n", "out/chart/values.yaml": "by: hand\n"} if "--out" in asked.arguments else {},
    )
    if asked.program != "git":
        (root / ".git").mkdir()
    for name in tools.TOOLS:
        if name not in asked.real:
            monkeypatch.setenv(tools.setting_variable(name), "/nonexistent")
    for name, path in program(beside, asked.program, does).items():
        monkeypatch.setenv(name, path)
    for name in asked.real:
        if not tools.available([name], tools.toolbox(os.environ)):
            pytest.skip(f"{name} is not there")
    monkeypatch.setenv("SVC_TOOL_TIMEOUT", ("8" if asked.real else "1.5") if does.slow else "60")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.chdir(root)
    before = _tree(root)

    code = main(asked.arguments)
    said = "".join(capfd.readouterr())

    assert (beside / "called").exists(), said
    if behaviour in asked.clean:
        assert code in (0, 2), said  # there are files in the way that were not written by svc
        return
    assert code == 3, said
    assert does.words in said, said
    assert len(said) < SHOWN
    assert not [word for word in ("Traceback", "internal error", "verified by") if word in said], said
    assert _tree(root) == before
    assert list(temporary.iterdir()) == []
    assert _none_left(beside), left_alive(beside)


def _none_left(beside: Path) -> bool:
    """Whoever was killed is gone in a moment."""
    end = time.monotonic() + 5
    while left_alive(beside) and time.monotonic() < end:
        time.sleep(0.02)
    return not left_alive(beside)


def _tree(root: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in sorted(root.rglob("*")) if one.is_file()}


SECRETS = {
    **dict.fromkeys(("AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "GITHUB_TOKEN", "GH_TOKEN", "NPM_TOKEN"), "hush"),
    **dict.fromkeys(("KUBECONFIG", "HELM_PLUGINS", "HELM_REPOSITORY_CONFIG", "HELM_DRIVER"), "/hush"),
    **dict.fromkeys(("TF_CLI_ARGS", "TF_LOG", "TF_VAR_password", "TF_CLI_CONFIG_FILE"), "hush"),
    **dict.fromkeys(("PYTHONPATH", "PYTHONSTARTUP", "NODE_OPTIONS", "BASH_ENV", "ENV", "PERL5OPT"), "/hush"),
    **dict.fromkeys(("HTTP_PROXY", "https_proxy", "ALL_PROXY", "SSL_CERT_FILE", "GIT_SSH_COMMAND", "GIT_DIR"), "hush"),
    **dict.fromkeys(("DOCKER_HOST", "CUE_REGISTRY", "SHELLCHECK_OPTS", "HADOLINT_CONFIG", "ZIZMOR_CONFIG"), "hush"),
}
KEPT = {"HOME", "TMPDIR", "USER", "PATH", "LANG", "LC_ALL", "NO_COLOR", "SVC_RUN", "PWD", "_", "SHLVL", "OLDPWD"}
OWN = {
    "helm": {"HELM_NO_PLUGINS", "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME"},
    "hadolint": {"XDG_CONFIG_HOME"},
    "cue": {"CUE_REGISTRY", "CUE_CACHE_DIR", "CUE_CONFIG_DIR"},
    "terraform": {"TF_CLI_CONFIG_FILE", "CHECKPOINT_DISABLE", "TF_IN_AUTOMATION", "TF_INPUT"},
}
OFFLINE = {
    "helm": {"HELM_NO_PLUGINS": "1"},
    "hadolint": {"HOME": "/nonexistent", "XDG_CONFIG_HOME": "/nonexistent"},
    "cue": {"CUE_REGISTRY": "none"},
    "terraform": {"CHECKPOINT_DISABLE": "1", "TF_INPUT": "0"},
}
"""What keeps a program from the network, from plugins and settings of the user's own, and from asking."""


@pytest.mark.parametrize("call", CALLS)
def test_a_program_sees_nothing_of_the_users(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, beside = CALLS[call], tmp_path / "beside"
    name = asked.program
    put(tmp_path / "root", asked.files)
    for other in tools.TOOLS:
        if other not in asked.real:
            monkeypatch.setenv(tools.setting_variable(other), "/nonexistent")
    for variable, value in SECRETS.items():
        monkeypatch.setenv(variable, value)
    for variable, path in program(beside, name, Behaviour("env >> {pids}; exit 77")).items():
        monkeypatch.setenv(variable, path)
    monkeypatch.chdir(tmp_path / "root")
    assert main(asked.arguments) == 3
    seen = dict(line.partition("=")[::2] for line in (beside / "pids").read_text().splitlines())
    assert set(seen) <= KEPT | OWN.get(name, set()), set(seen) - KEPT
    assert {key: seen.get(key) for key in OFFLINE.get(name, {})} == OFFLINE.get(name, {})
    assert "hush" not in str(seen)


EVIL = "#!/bin/sh\n: > {witness}\n"


@pytest.mark.parametrize("way", ["inside", "linked folder", "linked program", "named folder"])
def test_nothing_of_what_is_judged_is_run(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By whatever entry of PATH; a program that a user names by its variable is the user's choice."""
    root, witness, system = tmp_path / "repository", tmp_path / "witness", tmp_path / "system"
    put(root, {**CALLS["lint-chart"].files, ".git/HEAD": "ref: refs/heads/main\n"})
    put(root / "tools/bin", {"helm": EVIL.format(witness=witness)}, 0o755)
    system.mkdir()
    entry = {"linked folder": system / "bin", "linked program": system}.get(way, root / "tools/bin")
    (system / "bin").symlink_to(root / "tools/bin")
    (system / "helm").symlink_to(root / "tools/bin/helm")
    monkeypatch.setattr(tools, "_own_checkout", lambda: tmp_path / "none")
    monkeypatch.setenv("PATH", f"{entry}:/nonexistent")
    monkeypatch.chdir(tmp_path if way == "named folder" else root / "chart")
    where = "repository/chart" if way == "named folder" else "."
    assert main(["lint", where]) in (0, 1, 2)
    assert f"{entry}/helm is part of what is judged, and not run" in capsys.readouterr().out
    assert not witness.exists()
    monkeypatch.setenv("SVC_TOOL_HELM", str(root / "tools/bin/helm"))
    assert main(["lint", where]) == 3
    assert witness.exists()


def test_what_stands_beside_svc_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a project's own environment, where svc is installed, the other programs are as good as svc."""
    put(tmp_path, {".venv/bin/zizmor": "#!/bin/sh\n"}, 0o755)
    box = tools.toolbox({"PATH": f"{tmp_path}/.venv/bin"}, checkout=tmp_path / "none", judged=[tmp_path])
    assert not tools.available(["zizmor"], box)
    monkeypatch.setattr("sys.prefix", str(tmp_path / ".venv"))
    assert tools.available(["zizmor"], box)
