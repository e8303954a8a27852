"""`svc lint --changed-since`: what a change of one service breaks in others is said there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.changes import SPEC, found, services
from disk import git
from svc.cli.exits import Exit


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    return tmp_path


def test_specs_that_name_a_changed_service_are_judged(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "svc-workspace.yaml").write_text("apiVersion: svc/v1\nkind: Workspace\n")
    for name in ("cart", "shop", "other"):
        (folder / name).mkdir()
        (folder / name / "service.yaml").write_text(SPEC.format(name=name, digest="a" * 64))
    with (folder / "shop/service.yaml").open("a") as spec:
        spec.write("env: {CART: '${services.cart.http}'}\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "services")
    assert found(capsys) == (Exit.CLEAN, set())
    cart = folder / "cart/service.yaml"
    cart.write_text(cart.read_text().replace("http: 8080", "web: 8080"))
    code, files = found(capsys)
    assert code == Exit.INVALID
    assert "shop/service.yaml" in files


WORKSPACE = "apiVersion: svc/v1\nkind: Workspace\n"


@pytest.fixture
def shop(folder: Path) -> Path:
    """A service of a workspace that speaks of another one, and one that speaks of nobody."""
    (folder / "svc-workspace.yaml").write_text(WORKSPACE)
    services(folder, "cart", "shop", "other")
    return folder


def speaks(shop: Path, *lines: str) -> None:
    with (shop / "shop/service.yaml").open("a") as spec:
        spec.writelines(f"{line}\n" for line in lines)
    git(shop, "commit", "-q", "-a", "-m", "speaks")


CART = "env: {CART: '${services.cart.http}'}"


def removed(shop: Path) -> None:
    git(shop, "rm", "-q", "-r", "cart")


def renamed(shop: Path) -> None:
    cart = shop / "cart/service.yaml"
    cart.write_text(cart.read_text().replace("name: cart", "name: basket"))


def moved_out(shop: Path) -> None:
    (shop / "svc-workspace.yaml").write_text(f"{WORKSPACE}services: [shop/service.yaml, other/service.yaml]\n")


def port_renamed(shop: Path) -> None:
    cart = shop / "cart/service.yaml"
    cart.write_text(cart.read_text().replace("http: 8080", "web: 8080"))


@pytest.mark.parametrize("path", [".", "shop", "shop/service.yaml"])
@pytest.mark.parametrize("change", [removed, renamed, moved_out, port_renamed])
def test_what_breaks_a_reference_is_said_where_it_stands(
    change: Callable[[Path], None], path: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speaks(shop, CART)
    assert found(capsys, path=path) == (Exit.CLEAN, set())
    change(shop)
    code, files = found(capsys, path=path)
    assert (code, "shop/service.yaml" in files) == (Exit.INVALID, True)
    assert ("other/service.yaml" in files) is (change is moved_out and path == ".")


def test_references_of_the_workspace_are_those_of_its_services(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "svc-workspace.yaml").write_text(f"{WORKSPACE}profiles: {{all: {{{CART}}}}}\n")
    speaks(shop, "profiles: [all]")
    port_renamed(shop)
    assert found(capsys, path="shop")[0] == Exit.INVALID


@pytest.mark.parametrize("name", ["cart", "carts"])
def test_a_peer_that_is_called_otherwise_is_asked_about(
    name: str, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speaks(shop, "access:", "  # the basket", "  to:", "    - cart", "    - api.stripe.com:443", "    - archive")
    assert found(capsys) == (Exit.CLEAN, set())
    cart = shop / "cart/service.yaml"
    cart.write_text(cart.read_text().replace("name: cart", f"name: {name} # new"))
    assert found(capsys)[1] == {"cart/service.yaml", "shop/service.yaml"}


def test_a_second_service_of_a_name_is_said_wherever_it_stands(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "a-new").mkdir()
    (shop / "a-new/service.yaml").write_text((shop / "other/service.yaml").read_text())
    code, files = found(capsys)
    assert (code, "other/service.yaml" in files) == (Exit.INVALID, True)


def test_of_a_run_without_a_workspace_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    services(folder, "cart", "shop")
    speaks(folder, CART)
    assert found(capsys) == (Exit.CLEAN, set())
    removed(folder)
    assert found(capsys)[0] == Exit.INVALID


BUILT = 'apiVersion: svc/v1\nname: api\nbuild: {language: rust, version: "1.98", %smain: apps/api}\nports: {http: 8080}\nhealth: /up\n'
CARGO = '[package]\nname = "api"\nversion = "1.0.0"\nedition = "2024"\n'


@pytest.mark.parametrize(
    ("context", "defaults", "judged"),
    [
        ("context: ../.., ", "", True),
        ('"context": "../..", ', "", True),
        ("context: ../../apps, ", "", False),
        ("", "defaults: {build: {context: ../..}}\n", True),
        ("", "", False),
    ],
)
def test_what_changes_where_the_image_is_built_of_concerns_the_spec(
    context: str, defaults: str, judged: bool, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"Cargo.toml": '[workspace]\nmembers = ["apps/api"]\n', "Cargo.lock": "version = 4\n"}
    for name in (*texts, "apps/api/Cargo.toml", "apps/api/src/main.rs"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(texts.get(name, CARGO if name.endswith("Cargo.toml") else "fn main() {}\n"))
    (folder / "svc-workspace.yaml").write_text(WORKSPACE + defaults)
    (folder / "apps/api/service.yaml").write_text(BUILT % context)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "built")
    assert found(capsys) == (Exit.CLEAN, set())
    (folder / "Cargo.lock").unlink()
    assert ("apps/api/service.yaml" in found(capsys)[1]) is judged
