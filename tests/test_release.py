"""What a release is made of: locked dependencies, packages whose bytes depend on the commit alone, an SBOM, other Pythons."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from base64 import urlsafe_b64encode
from importlib.metadata import distribution
from pathlib import Path

import pytest

from svc import __version__

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "requirements"
WORKFLOWS = ROOT / ".github/workflows"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)(?: ; [^\\]+)? \\$", re.MULTILINE)
SUPPORTED = ("3.11", "3.12", "3.13", "3.14")


def _locked(name: str) -> dict[str, str]:
    return {_canonical(found): version for found, version in PIN.findall((REQUIREMENTS / name).read_text("utf-8"))}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _project() -> dict[str, list[str]]:
    project: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def _run(*command: object, cwd: Path = ROOT, **more: str) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env={**os.environ, **more}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt", "tools.txt", "release.txt"])
def test_every_requirement_is_pinned_with_hashes(name: str) -> None:
    text = (REQUIREMENTS / name).read_text("utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*\n", "", text))
    assert len(blocks) > 5
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._-]+==[^ ]+( ; [^\\]+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n?)+$", block), (
            block
        )


def test_what_the_package_needs_is_locked_as_it_is_declared_and_as_it_is_tested() -> None:
    runtime, tested = _locked("runtime.txt"), _locked("dev.txt")
    declared = dict(one.split("==") for one in _project()["dependencies"])
    assert {_canonical(name): version for name, version in declared.items()}.items() <= runtime.items()
    assert runtime.items() <= tested.items()


@pytest.mark.parametrize("name", sorted(_locked("runtime.txt")))
def test_what_is_installed_is_what_is_locked(name: str) -> None:
    installed = distribution(name)
    assert installed.version == _locked("runtime.txt")[name]
    hashed = [file for file in installed.files or () if file.hash is not None]
    assert hashed
    for file in hashed:
        assert file.hash is not None
        digest = hashlib.new(file.hash.mode, Path(str(installed.locate_file(file))).read_bytes()).digest()
        assert urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value, file


@pytest.mark.tools
@pytest.mark.slow
@pytest.mark.xdist_group("release")
def test_packages_are_reproducible_and_the_sbom_lists_what_a_user_gets(tmp_path: Path) -> None:
    for name in ("one", "two"):
        _run("make", "dist", f"DIST={tmp_path / name}", PYTHONHASHSEED="1" if name == "one" else "2")
    made = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert made == [f"svc_compiler-{__version__}-py3-none-any.whl", f"svc_compiler-{__version__}.tar.gz"]
    for name in made:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    _run("make", "sbom", f"DIST={tmp_path / 'one'}")
    listed = json.loads((tmp_path / "one/svc.cdx.json").read_text("utf-8"))
    assert {_canonical(one["name"]): one["version"] for one in listed["components"]} == _locked("runtime.txt")
    assert (listed["metadata"]["component"]["name"], listed["specVersion"]) == ("svc-compiler", "1.6")
    assert str(ROOT) not in json.dumps(listed)


def _pythons() -> dict[str, Path]:
    """Other Pythons of this machine, by minor: on PATH, or pyenv's."""
    places = [Path(folder) for folder in os.environ["PATH"].split(os.pathsep) if folder]
    places += sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/*/bin"))
    found: dict[str, Path] = {}
    for minor in SUPPORTED:
        for python in (place / f"python{minor}" for place in places):
            if minor in found or minor == f"{sys.version_info[0]}.{sys.version_info[1]}" or not python.is_file():
                continue
            asked = subprocess.run([python, "-c", "import sys, venv"], capture_output=True)
            found |= {minor: python} if asked.returncode == 0 else {}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("python", _pythons().values(), ids=_pythons().keys())
def test_another_python_makes_the_same_files(python: Path, tmp_path: Path) -> None:
    home = tmp_path / "env"
    _run(python, "-m", "venv", "--without-pip", home)
    install = (sys.executable, "-m", "pip", "--python", home / "bin/python", "install", "--quiet", "--no-deps")
    _run(*install, "--disable-pip-version-check", "--require-hashes", "-r", REQUIREMENTS / "runtime.txt")
    specs = [str(path) for path in sorted((ROOT / "fixtures/real").glob("*/service.yaml"))]
    for name, interpreter in (("theirs", home / "bin/python"), ("ours", Path(sys.executable))):
        compile_ = (interpreter, "-W", "error", "-m", "svc", "compile", "--out", tmp_path / name, *specs)
        _run(*compile_, PYTHONPATH=str(ROOT / "compiler"))
    ours = {
        path.relative_to(tmp_path / "ours"): path.read_bytes()
        for path in (tmp_path / "ours").rglob("*")
        if path.is_file()
    }
    theirs = {
        path.relative_to(tmp_path / "theirs"): path.read_bytes()
        for path in (tmp_path / "theirs").rglob("*")
        if path.is_file()
    }
    assert len(ours) > 300
    assert ours == theirs
    assert "svc" in _run(home / "bin/python", "-m", "svc", "--version", PYTHONPATH=str(ROOT / "compiler"))


def test_the_workflows_cover_every_supported_python() -> None:
    assert _project()["requires-python"] == f">={SUPPORTED[0]}"  # type: ignore[comparison-overlap]
    text = (WORKFLOWS / "ci.yaml").read_text("utf-8")
    assert "python: [" + ", ".join(f'"{minor}"' for minor in SUPPORTED) + "]" in text


@pytest.mark.tools
def test_our_own_policies_and_the_fields_linters_accept_the_workflows() -> None:
    tools = ROOT / ".tools/bin"
    files = sorted(WORKFLOWS.glob("*.yaml"))
    assert {path.name for path in files} == {"ci.yaml", "nightly.yaml", "release.yaml"}
    said = _run(sys.executable, "-m", "svc", "lint", "--profile", "strict", "--format", "json", ".github")
    assert json.loads(said)["findings"] == []
    _run(tools / "actionlint", *files)
    _run(tools / "zizmor", "--offline", "--persona", "auditor", *files)


def test_a_release_is_attested_and_published_without_a_stored_token() -> None:
    text = (WORKFLOWS / "release.yaml").read_text("utf-8")
    assert "actions/attest-build-provenance@" in text
    assert "--trusted-publishing always" in text
    assert "secrets." not in text
