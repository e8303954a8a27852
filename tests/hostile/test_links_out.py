"""A link out of the repository is not read where svc comes to it by itself: by a search, or since a file names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from disk import put
from hostile.read_places import COMPOSE, SPEC
from svc.cli.main import main

CANARY = "canary-of-a-file-outside"
BESIDE = {"shop.env": "A=b\n", "base.yaml": "services: {shop: {image: a/b:1}}\n", "more.yaml": "services: {}\n"}
TEXTS = {
    "b/service.yaml": SPEC.replace("shop", CANARY),
    "shop.env": f"A={CANARY}\n",
    ".env": f"IMAGE={CANARY}\n",
    "base.yaml": f"services: {{shop: {{image: 'a:1', environment: {{B: {CANARY}}}}}}}\n",
    "more.yaml": f"services: {{{CANARY}: {{image: 'a:1'}}}}\n",
    "terraform.tfvars": f"{CANARY}: [\n",
    "patch.yaml": f"- {{op: {CANARY}, path: /a}}\n",
}
RUNS = {
    "b/service.yaml": ("compile --out out .", {"service.yaml": SPEC}),
    **{
        name: ("import compose.yaml", {"compose.yaml": COMPOSE.replace("a/b:1", "${IMAGE:-a/b:1}"), **BESIDE})
        for name in ("shop.env", ".env", "base.yaml", "more.yaml")
    },
    "terraform.tfvars": ("lint .", {"main.tf": 'variable "a" {}\n'}),
    "patch.yaml": (
        "lint .",
        {"kustomization.yaml": "resources: []\npatches: [{path: patch.yaml, target: {kind: Pod}}]\n"},
    ),
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "root").mkdir()
    monkeypatch.chdir(tmp_path / "root")
    return tmp_path / "root"


def _link(name: str, root: Path, target: Path) -> str:
    command, beside = RUNS[name]
    put(root, {one: text for one, text in beside.items() if one != name})
    put(target.parent, {target.name: TEXTS[name]})
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).symlink_to(target)
    return command


@pytest.mark.parametrize("name", RUNS)
def test_a_link_out_of_the_repository_shows_nothing(name: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(_link(name, root, root.parent / "outside/file").split())
    said = capsys.readouterr()
    assert CANARY not in said.out + said.err
    assert not [one for one in root.glob("out/**/*") if one.is_file() and CANARY in one.read_text()]


@pytest.mark.parametrize("name", ["b/service.yaml", "shop.env", "base.yaml", "terraform.tfvars", "patch.yaml"])
@pytest.mark.parametrize("marked", [".git/HEAD", "svc-workspace.yaml"])
def test_a_link_within_the_repository_is_read(
    name: str, marked: str, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The repository may be larger than the folder that is named."""
    put(root, {marked: "apiVersion: svc/v1\n"})
    inner = root / "inner"
    inner.mkdir()
    command = _link(name, inner, root / "shared/file")
    monkeypatch.chdir(inner)
    main(command.split())
    said = capsys.readouterr()
    written = [one.read_text() for one in root.rglob("*.yaml") if one.is_file() and "out" in one.parts]
    assert CANARY in "".join([said.out, said.err, *written])


def test_a_spec_that_leads_out_is_said_and_read_when_it_is_named(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A search that left it out in silence would take its outputs away."""
    _link("b/service.yaml", root, root.parent / "outside/service.yaml")
    assert main(["compile", "--out", "out", "."]) == 2
    assert "b/service.yaml" in (said := capsys.readouterr().out)
    assert "file-outside" in said
    assert main(["show", "b/service.yaml"]) == 0
    assert CANARY in capsys.readouterr().out


def test_members_of_a_workspace_are_in_its_repository(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither through a link to a spec, nor through one to its folder."""
    other = SPEC.replace("name: shop", "name: pay")
    needing = SPEC + "env: {PAY: '${services.pay.http}'}\n"
    put(root, {"svc-workspace.yaml": "apiVersion: svc/v1\nservices: ['*/service.yaml']\n", "a/service.yaml": needing})
    put(root.parent / "outside", {"service.yaml": other})
    (root / "b").symlink_to(root.parent / "outside")
    main(["show", "a/service.yaml"])
    linked = capsys.readouterr()
    (root / "b").unlink()
    main(["show", "a/service.yaml"])
    assert capsys.readouterr() == linked
    put(root, {"b/service.yaml": other})
    main(["show", "a/service.yaml"])
    assert capsys.readouterr() != linked


def test_what_a_file_names_outside_is_read_as_ever(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads the compose file sees it, and compose reads it."""
    put(root, {"compose.yaml": "services: {shop: {image: 'a:1', env_file: ../common.env}}\n"})
    put(root.parent, {"common.env": f"A={CANARY}\n"})
    assert main(["import", "compose.yaml"]) == 0
    assert CANARY in capsys.readouterr().out
