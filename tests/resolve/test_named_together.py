"""What is compiled for a service does not depend on which other specs the same run names."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc import tools
from svc.cli.main import main
from svc.pipeline import Compiled, Request, compile_

HEAD = (
    "apiVersion: svc/v1\nname: {}\nimage: ghcr.io/acme/web:1.4.2@sha256:{}\nports: {{http: 8080}}\nhealth: /healthz\n"
)
MORE = {
    "shop": "access: {from: [mail], to: [cart, pay, elsewhere]}\nenv: {PAY: '${services.pay.http.url}'}\n",
    "cart": "access: {from: [shop]}\nnamespace: carts\n",
}


@pytest.fixture
def specs(tmp_path: Path) -> tuple[Path, ...]:
    made = []
    for name in ("shop/service.yaml", "cart/service.yml", "mail/service.yaml", "services/pay/service.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        called = path.parent.name
        path.write_text(HEAD.format(called, "a" * 64) + MORE.get(called, ""), "utf-8")
        made.append(path)
    return tuple(made)


def compiled(*paths: Path) -> Compiled:
    return compile_(Request(paths, Path.as_posix, date(2026, 11, 29), box=tools.toolbox({})))


def texts(*paths: Path) -> dict[str, str]:
    made = compiled(*paths)
    assert not made.failed, made.diagnostics
    return {one.path: one.text for one in made.outputs}


@pytest.mark.parametrize(
    "services",
    [
        "",
        'services: ["services/*/service.yaml"]\n',
        'services: ["services/*/service.*", "cart/*.yml"]\n',
        'services: ["**/service.y*"]\n',
    ],
)
def test_one_compile_is_up_to_date_however_it_is_asked(tmp_path: Path, specs: tuple[Path, ...], services: str) -> None:
    (tmp_path / "svc-workspace.yaml").write_text(f"apiVersion: svc/v1\nrepository: acme/shop\n{services}", "utf-8")
    every = texts(tmp_path)
    assert every == {path: text for one in specs for path, text in texts(one).items()}
    assert every == texts(*reversed(specs))
    known = not services or "cart" in services or "**" in services
    assert ("cart/service.yml" in every[".github/workflows/shop.yaml"]) == known
    assert ("kubernetes.io/metadata.name: carts" in every["shop/chart/templates/networkpolicy.yaml"]) == known


def test_members_that_are_named_by_a_link_are_members(tmp_path: Path, specs: tuple[Path, ...]) -> None:
    (tmp_path / "svc-workspace.yaml").write_text('apiVersion: svc/v1\nservices: ["services/*/service.yaml"]\n', "utf-8")
    (tmp_path / "pay").symlink_to("services/pay")
    made = compiled(specs[0], tmp_path / "pay" / "service.yaml")
    assert not made.failed, made.diagnostics


def test_it_stays_so_when_services_that_nothing_touched_are_passed_over(
    tmp_path: Path, specs: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "svc-workspace.yaml"
    root.write_text('apiVersion: svc/v1\nservices: ["services/*/service.yaml"]\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["compile", ".", "--quiet"]) == 0
    for namespace in ("baskets", "carriages"):
        specs[1].write_text(specs[1].read_text("utf-8").replace("carts", namespace), "utf-8")
        assert main(["compile", ".", "--quiet"]) == 0
        for one in specs:
            assert main(["compile", "--check", "--quiet", "--no-cache", str(one)]) == 0, capsys.readouterr()
    root.write_text("apiVersion: svc/v1\n", "utf-8")
    assert main(["compile", ".", "--quiet"]) == 0
    assert main(["compile", "--check", "--quiet", "--no-cache", str(specs[0])]) == 0, capsys.readouterr()
    assert "cart/service.yml" in (tmp_path / ".github/workflows/shop.yaml").read_text("utf-8")


def test_specs_without_a_workspace_are_told_that_the_place_of_outputs_depends_on_it(
    tmp_path: Path, specs: tuple[Path, ...]
) -> None:
    (said,) = [one for one in compiled(*specs).diagnostics if one.id == "workspace-missing"]
    assert said.place.file == tmp_path.as_posix()
    assert "svc-workspace.yaml" in said.help
    assert not [one for one in compiled(specs[1]).diagnostics if one.id == "workspace-missing"]
    beside = specs[1].with_name("second.yaml")
    beside.write_text(HEAD.format("second", "a" * 64), "utf-8")
    assert not [one for one in compiled(specs[1], beside).diagnostics if one.id == "workspace-missing"]
