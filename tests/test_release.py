"""What a release is made of: packages whose bytes depend on the commit alone, an SBOM, other Pythons, workflows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml
from tools.release import audit

from locks import REQUIREMENTS, ROOT, canonical, hashes_of, locked, project
from svc import __version__

WORKFLOWS = ROOT / ".github/workflows"
RELEASE = ROOT / ".tools/release"
SBOM = ROOT / "tools/release/sbom.py"
ABOUT = ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")
SUPPORTED = ("3.11", "3.12", "3.13", "3.14")


def _run(*command: object, cwd: Path = ROOT, **more: str) -> str:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env={**os.environ, **more}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.tools
@pytest.mark.slow
def test_packages_are_reproducible_and_hold_what_they_need_and_no_more(tmp_path: Path) -> None:
    """Built twice: here, and from a copy in another folder by another user's habits."""
    one, two, copy = tmp_path / "one", tmp_path / "two", tmp_path / "elsewhere/copy"
    _run("make", "dist", f"DIST={one}", PYTHONHASHSEED="1")
    files = _run("git", "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in files:
        if (ROOT / name).is_file() and ("/" not in name or name.startswith(("compiler/", "schemas/", "policies/"))):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
            (copy / name).chmod(0o600)
    epoch = _run("git", "log", "-1", "--format=%ct").strip()
    habits = {"PYTHONHASHSEED": "2", "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "SOURCE_DATE_EPOCH": epoch}
    build = f"umask 077; exec {RELEASE}/bin/python -m build --no-isolation --outdir {two} {copy}"
    _run("sh", "-c", build, cwd=tmp_path, **habits)
    wheel, source = f"svc_compiler-{__version__}-py3-none-any.whl", f"svc_compiler-{__version__}.tar.gz"
    assert sorted(path.name for path in one.iterdir()) == [wheel, source]
    for name in (wheel, source):
        assert (one / name).read_bytes() == (two / name).read_bytes()
    ours = [name for name in files if (ROOT / name).is_file()]
    inside = {name.replace("compiler/", "", 1) for name in ours if name.startswith("compiler/svc/")}
    inside |= {f"svc/{name}" for name in ours if name.startswith(("schemas/", "policies/"))}
    about = {f"svc_compiler-{__version__}.dist-info/{name}" for name in ABOUT}
    assert set(zipfile.ZipFile(one / wheel).namelist()) == inside | about
    assert not [name for name in inside if not name.endswith((".py", ".json", ".yaml", ".cue", "/py.typed"))]
    with tarfile.open(one / source) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    whole = {name for name in ours if name.startswith(("compiler/", "schemas/", "policies/"))}
    assert names == whole | {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", ".gitignore", "PKG-INFO"}


def test_the_sbom_lists_what_a_user_gets(tmp_path: Path) -> None:
    """Made of a pretended release; the packages, their licences and their needs are what the installed ones say."""
    packages = (f"svc_compiler-{__version__}-py3-none-any.whl", f"svc_compiler-{__version__}.tar.gz")
    for name in packages:
        (tmp_path / name).write_text(name)
    made = []
    for seed in "12":
        _run(sys.executable, SBOM, tmp_path, cwd=tmp_path, PYTHONHASHSEED=seed, SOURCE_DATE_EPOCH="1795873416")
        made.append((tmp_path / "svc.cdx.json").read_bytes())
    assert made[0] == made[1]
    listed = json.loads(made[0])
    assert (listed["metadata"]["component"]["name"], listed["specVersion"]) == ("svc-compiler", "1.6")
    assert listed["metadata"]["timestamp"] == "2026-11-28T13:43:36Z"
    libraries = {one["name"]: one for one in listed["components"] if one["type"] == "library"}
    assert {name: one["version"] for name, one in libraries.items()} == locked("runtime.txt")
    needs = {one["ref"]: set(one["dependsOn"]) for one in listed["dependencies"]}
    for name, one in libraries.items():
        about = distribution(name)
        said = about.metadata["License-Expression" if "License-Expression" in about.metadata else "License"]
        assert one["licenses"] == [{"license": {"id": said}}]
        assert {hash_["content"] for hash_ in _hashes(one)} == hashes_of("runtime.txt", name)
        wanted = [canonical(re.split(r"[^\w.-]", text)[0]) for text in about.requires or () if "extra ==" not in text]
        assert needs[one["purl"]] == {libraries[need]["purl"] for need in wanted}
    own = listed["metadata"]["component"]
    assert {libraries[canonical(one.split("==")[0])]["purl"] for one in project()["dependencies"]} <= needs[own["purl"]]
    assert {one["url"]: one["hashes"][0]["content"] for one in own["externalReferences"]} == {
        name: sha256(name.encode()).hexdigest() for name in packages
    }
    vendored = {one["name"]: one for one in listed["components"] if one["type"] == "data"}
    recorded = yaml.safe_load((ROOT / "schemas/SOURCES.yaml").read_text("utf-8"))
    assert set(vendored) == {f"schemas/{one['path']}" for one in recorded} <= needs[own["purl"]]
    assert all(one["licenses"] for one in vendored.values())
    for one in recorded:
        listed_ = vendored[f"schemas/{one['path']}"]
        digests = [each["content"] for each in listed_.get("hashes", ())]
        digests += [each["value"] for each in listed_.get("properties", ()) if each["name"] == "svc:sha256-of-listing"]
        assert digests == [one["sha256"]]
    assert str(ROOT) not in json.dumps(listed)


def _hashes(component: dict[str, Any]) -> list[dict[str, str]]:
    return [one for reference in component["externalReferences"] for one in reference["hashes"]]


@pytest.mark.tools
def test_the_sbom_is_valid_by_its_published_schema(tmp_path: Path) -> None:
    (tmp_path / f"svc_compiler-{__version__}.tar.gz").write_text("pretended")
    _run("make", "sbom", f"DIST={tmp_path}")
    made = tmp_path / "svc.cdx.json"
    broken = json.loads(made.read_text("utf-8"))
    broken["components"][0]["licenses"] = [{"license": {"id": "no-such-licence"}}]
    made.write_text(json.dumps(broken))
    check = [str(RELEASE / "bin/python"), str(SBOM.with_name("check_sbom.py")), str(made)]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize(
    ("packages", "trouble", "code", "said"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], "", 0, "lock: 1 packages, no known vulnerability"),
        (
            [{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}],
            "",
            1,
            "lock: a 1: X-1; repaired in 2",
        ),
        ([{"name": "a", "version": "1", "vulns": [{"id": "X-1"}]}], "", 1, "lock: a 1: X-1; no repair is known"),
        ([{"name": "a", "skip_reason": "not found"}], "", 3, "lock: NOT AUDITED: 1 of 1 unknown to the index: a"),
        ([], "no route to host", 3, "lock: NOT AUDITED: no route to host"),
        ([], "", 3, "lock: NOT AUDITED: it names no package"),
    ],
)
def test_what_was_not_audited_has_not_passed(
    packages: list[dict[str, Any]], trouble: str, code: int, said: str
) -> None:
    assert audit.judged("lock", packages, trouble) == (code, [said])


@pytest.mark.parametrize(("codes", "ends"), [((0, 0), 0), ((3, 0), 3), ((0, 3), 3), ((1, 0), 1), ((1, 3), 1), ((), 3)])
def test_every_lock_has_to_pass_an_audit(codes: tuple[int, ...], ends: int, monkeypatch: pytest.MonkeyPatch) -> None:
    flaw = [{"id": "X-1"}]
    said: list[tuple[list[dict[str, Any]], str]] = [
        ([], "no answer") if code == 3 else ([{"name": "a", "version": "1", "vulns": flaw if code else []}], "")
        for code in codes
    ]
    monkeypatch.setattr(audit, "asked", lambda lock: said[int(lock)])
    assert audit.main([str(at) for at in range(len(codes))]) == ends


@pytest.mark.tools
def test_what_make_is_told_of_a_release_is_done_and_has_to_pass(tmp_path: Path) -> None:
    text = (ROOT / "tools/release.mk").read_text("utf-8")
    assert not re.search(r"(?m)^\t@?-|\|\||^\.IGNORE|; *(?:true|exit)", text)
    told = [line.split() for line in _run("make", "-n", "sbom", "audit", f"DIST={tmp_path}").splitlines()]
    python = str(RELEASE / "bin/python")
    runs = [line[line.index(python) + 1 :] for line in told if python in line and "pip" not in line]
    locks = ["requirements/runtime.txt", "requirements/release.txt"]
    assert runs == [
        ["tools/release/sbom.py", str(tmp_path)],
        ["tools/release/check_sbom.py", f"{tmp_path}/svc.cdx.json"],
        ["tools/release/audit.py", *locks],
    ]


@pytest.mark.tools
def test_an_index_out_of_reach_is_said() -> None:
    """The real pip-audit, sent to a port where nobody listens."""
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    command = [str(RELEASE / "bin/python"), str(SBOM.with_name("audit.py")), str(REQUIREMENTS / "runtime.txt")]
    done = subprocess.run(command, env={**os.environ, **nowhere}, capture_output=True, text=True, check=False)
    assert (done.returncode, "NOT AUDITED: " in done.stdout) == (3, True), done.stdout + done.stderr


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
    reports = []
    for name, interpreter in (("theirs", home / "bin/python"), ("ours", Path(sys.executable))):
        svc = (interpreter, "-W", "error", "-m", "svc")
        _run(*svc, "compile", "--out", tmp_path / name, *specs, PYTHONPATH=str(ROOT / "compiler"))
        lint = [str(one) for one in (*svc, "lint", "--no-cache", "--format", "sarif", "fixtures/lint", "fixtures/err")]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "compiler")}
        reports.append(subprocess.run(lint, cwd=ROOT, env=environment, capture_output=True, check=False))
    assert (reports[0].returncode, reports[0].stdout) == (reports[1].returncode, reports[1].stdout)
    assert reports[0].stdout.count(b"ruleId") > 50, reports[0].stderr
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
    assert project()["requires-python"] == f">={SUPPORTED[0]}"  # type: ignore[comparison-overlap]
    text = (WORKFLOWS / "ci.yaml").read_text("utf-8")
    assert "python: [" + ", ".join(f'"{minor}"' for minor in SUPPORTED) + "]" in text


@pytest.mark.tools
def test_our_own_policies_and_the_fields_linters_accept_the_workflows() -> None:
    tools = ROOT / ".tools/bin"
    files = sorted(WORKFLOWS.glob("*.yaml"))
    assert {path.name for path in files} == {"ci.yaml", "nightly.yaml", "release.yaml"}
    said = _run(sys.executable, "-m", "svc", "lint", "--profile", "strict", "--format", "json", ".github", "action.yml")
    assert json.loads(said)["findings"] == []
    _run(tools / "actionlint", *files)
    _run(tools / "zizmor", "--offline", "--persona", "auditor", *files, "action.yml")
