"""Every type of need in every realisation: the same variables, or a diagnostic that says why not."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest

from svc.pipeline import Compiled, Request, compile_
from svc.resolve.needs import KINDS

REALISATIONS = ("managed", "in-cluster", "existing")
WITHOUT_MANAGED = ("mongodb", "rabbitmq")
WITHOUT_IMAGE = sorted(name for name, kind in KINDS.items() if not kind.image)


def _compiled(folder: Path, type_: str, realise: str) -> Compiled:
    outputs = KINDS[type_].outputs  # type: ignore[index]
    env = "".join(f"  N_{output.upper()}: ${{needs.it.{output}}}\n" for output in outputs)
    secret = ", secret: theirs" if realise == "existing" else ""
    (folder / "service.yaml").write_text(
        "apiVersion: svc/v1\nname: shop\nteam: retail\nbuild: {language: go}\n"
        f"needs: {{it: {{type: {type_}, realise: {realise}{secret}}}}}\nports: {{http: 8080}}\nhealth: /healthz\n"
        f"env:\n  KIND: {type_}\n{env}",
        "utf-8",
    )
    return compile_(Request((folder / "service.yaml",), Path.as_posix, date(2026, 11, 24)))


@pytest.mark.parametrize(("type_", "realise"), list(itertools.product(sorted(KINDS), REALISATIONS)))
def test_the_variables_are_the_same_or_it_is_said(tmp_path: Path, type_: str, realise: str) -> None:
    compiled = _compiled(tmp_path, type_, realise)
    errors = [one.id for one in compiled.diagnostics if one.severity.word == "error"]
    if realise == "in-cluster" and type_ in WITHOUT_IMAGE:
        assert errors == ["need-not-in-cluster"]
        return
    if realise == "managed" and type_ in WITHOUT_MANAGED:
        assert errors == ["need-not-manageable"]
        return
    assert errors == []
    assert compiled.faults == ()
    wanted = ["KIND", *(f"N_{output.upper()}" for output in KINDS[type_].outputs)]  # type: ignore[index]
    unit = compiled.units[0]
    for one in (unit.first, unit.local):
        assert one.server is not None
        names = [variable.name for variable in one.server.main.env if not variable.name.startswith("SVC_")]
        assert names == wanted
    made = {secret.name for secret in unit.first.secrets}
    assert ("shop-it" in made) == (realise != "existing")


@pytest.mark.parametrize(
    ("type_", "version", "image", "folder"),
    [
        ("postgres", "15", "postgres:16", "/var/lib/postgresql/data"),
        ("postgres", "19", "postgres:18", "/var/lib/postgresql"),
        ("mysql", "8.0", "mysql:8.4", "/var/lib/mysql"),
    ],
)
def test_a_version_without_an_image_has_a_near_one_in_compose(
    tmp_path: Path, type_: str, version: str, image: str, folder: str
) -> None:
    """Its address stands in the variables, so somebody must answer there."""
    (tmp_path / "service.yaml").write_text(
        "apiVersion: svc/v1\nname: shop\nbuild: {language: go}\nports: {http: 8080}\nhealth: /healthz\n"
        f"needs: {{it: {{type: {type_}, version: '{version}'}}}}\nenv: {{URL: '${{needs.it.url}}'}}\n",
        "utf-8",
    )
    compiled = compile_(Request((tmp_path / "service.yaml",), Path.as_posix, date(2026, 11, 24), targets=("compose",)))
    assert "need-version-local" in {one.id for one in compiled.diagnostics}
    text = next(one.text for one in compiled.outputs if one.path.endswith("compose.yaml"))
    assert f"image: {image}" in text
    assert f"- shop-it:{folder}\n" in text
