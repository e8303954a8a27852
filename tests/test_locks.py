"""Everything that is installed is locked by hash: what svc needs, what tests, builds and judges it."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from importlib.metadata import distribution
from pathlib import Path

import pytest

from locks import REQUIREMENTS, ROOT, canonical, locked, pins, project

_SUM = re.compile(r"\S+ v[^\s/]+(/go\.mod)? h1:[A-Za-z0-9+/]{43}=")
LOCKS = ("runtime.txt", "dev.txt", "tools.txt", "release.txt", "fuzz.txt")


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_pinned_with_hashes(name: str) -> None:
    text = (REQUIREMENTS / name).read_text("utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", text))
    assert len(blocks) > 5
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._-]+==[^ ]+( ; [^\\]+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n?)+$", block), (
            block
        )


def test_what_the_package_needs_is_locked_as_it_is_declared_and_as_it_is_tested() -> None:
    runtime, tested = locked("runtime.txt"), locked("dev.txt")
    declared = dict(one.split("==") for one in project()["dependencies"])
    assert {canonical(name): version for name, version in declared.items()}.items() <= runtime.items()
    assert runtime.items() <= tested.items()


@pytest.mark.parametrize("name", sorted(locked("runtime.txt")))
def test_what_is_installed_is_what_is_locked(name: str) -> None:
    installed = distribution(name)
    assert installed.version == locked("runtime.txt")[name]
    hashed = [file for file in installed.files or () if file.hash is not None]
    assert hashed
    for file in hashed:
        assert file.hash is not None
        digest = hashlib.new(file.hash.mode, Path(str(installed.locate_file(file))).read_bytes()).digest()
        assert urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value, file


def test_no_lock_is_left_out() -> None:
    assert sorted(path.name for path in REQUIREMENTS.glob("*.txt")) == sorted(LOCKS)


HELD = ("--require-hashes", "--no-deps", " requirements/")
EDITABLE = "pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable ."


def test_what_is_installed_is_held_to_its_hashes() -> None:
    """Wherever something is: by make, by the action, by the workflows. Go builds what its sums say."""
    files = [ROOT / name for name in ("Makefile", "action.yml", ".ci/run")]
    files += [*(ROOT / "tools").glob("*.mk"), *(ROOT / ".github/workflows").glob("*.yaml")]
    text = "\n".join(path.read_text("utf-8") for path in files).replace("\\\n", " ")
    installs = re.findall(r"(?m)^.*\bpip3? (?:install|download|wheel)\b.*$", text)
    ours = [line for line in installs if EDITABLE not in line]
    assert (len(ours), len(installs)) == (5, 6)
    assert [line for line in ours if not all(word in line.replace("$GITHUB_ACTION_PATH/", " ") for word in HELD)] == []
    builds = re.findall(r"(?m)^.*\bgo (?:build|install|get|run)\b.*$", text)
    assert builds == ["GO_BUILD   := CGO_ENABLED=0 GOFLAGS=-mod=readonly go build -trimpath"]
    assert re.findall(r"GONOSUM\w*|GOINSECURE|GOPRIVATE|GOSUMDB|trusted-host|\b(?:uvx|pipx|npx)\b", text) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_lock_is_of_what_is_asked_for(name: str) -> None:
    """`make lock` was run: what an `.in` file names is locked, in the version that it names."""
    source = REQUIREMENTS / name.replace(".txt", ".in")
    asked = source.read_text("utf-8") if source.exists() else "\n".join(project()["dependencies"])
    named = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==([^ ;\n]+)", asked, re.MULTILINE)
    assert named
    assert {(canonical(one), version) for one, version in named} <= pins(name)
    every = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", asked, re.MULTILINE)
    assert {canonical(one) for one in every} <= locked(name).keys()


def test_packages_in_several_locks_have_one_version() -> None:
    """But for the tools, which have an environment of their own and are not run with what svc needs."""
    locks = [locked(name) for name in ("runtime.txt", "dev.txt", "fuzz.txt")]
    needed = locks[0]
    assert [
        (name, lock[name]) for lock in locks for name in needed if lock.get(name, needed[name]) != needed[name]
    ] == []


@pytest.mark.parametrize(
    "module", sorted(path.parent for path in (ROOT / "tools").rglob("go.mod")), ids=lambda path: path.name
)
def test_every_go_module_is_locked(module: Path) -> None:
    """Each required version has its sums, of the text of the module too where packages of it are asked for by name; no
    line is anything but a sum; nothing is replaced by another place."""
    text = (module / "go.mod").read_text("utf-8")
    needs = re.findall(r"^(?:require)?\s*(\S+) (v\S+)(?: // indirect)?$", text, re.MULTILINE)
    sums = (module / "go.sum").read_text("utf-8") if needs else ""
    assert [f"{name} {version}" for name, version in needs if f"{name} {version}/go.mod h1:" not in sums] == []
    direct = re.findall(r"^(?:require)?\s*(\S+) (v\S+)$", text, re.MULTILINE)
    assert [f"{name} {version}" for name, version in direct if f"{name} {version} h1:" not in sums] == []
    assert [line for line in sums.splitlines() if not _SUM.fullmatch(line)] == []
    assert "replace" not in text
