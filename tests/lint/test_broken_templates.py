"""A template at which Helm ends hides nothing of the others but what its own objects might say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judges import real
from svc.cli.main import main
from svc.lint.rendering import Rendering, beside

_CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {externalIPs: [192.0.2.1], selector: {app: a}, ports: [{port: 80}]}\n"
_POD = (
    "apiVersion: v1\nkind: Pod\nmetadata: {name: b, labels: {app: b}}\nspec: {containers: [{name: b, image: 'b:1'}]}\n"
)
_BROKEN = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n   labels: {}\n"
_UNKNOWN = 'a: {{ include "nowhere" . }}\n'
_ASKING = 'a: {{ required "say it" .Values.said }}\n'


def _found(folder: Path, capsys: pytest.CaptureFixture[str], **templates: str) -> set[tuple[str, str]]:
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "Chart.yaml").write_text(_CHART)
    for name, text in templates.items():
        (folder / "templates" / f"{name}.yaml").write_text(text)
    main(["lint", str(folder), "--no-cache", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    said = ("chart-not-rendered", "external-ips", "service-selects-nothing")
    return {(one["policy"], Path(one["file"]).name) for one in found if one["policy"] in said}


@pytest.mark.tools
@pytest.mark.parametrize("text", [_BROKEN, _UNKNOWN, _ASKING])
def test_the_other_templates_are_judged(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    real.located("helm")
    whole = {("external-ips", "service.yaml"), ("service-selects-nothing", "service.yaml")}
    assert _found(tmp_path, capsys, service=_SERVICE, pod=_POD) == whole
    expected = {("external-ips", "service.yaml"), ("chart-not-rendered", "broken.yaml")}
    assert _found(tmp_path, capsys, broken=text) == expected
    assert (tmp_path / "templates" / "broken.yaml").read_text() == text


@pytest.mark.tools
def test_a_chart_that_asks_for_what_another_file_of_values_has_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    real.located("helm")
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "a-values.yaml").write_text("said: b\n")
    asking = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{{_ASKING.strip()}}}\n"
    found = _found(tmp_path, capsys, service=_SERVICE, pod=_POD, asking=asking)
    assert found == {("external-ips", "service.yaml"), ("service-selects-nothing", "service.yaml")}


@pytest.mark.tools
def test_a_path_that_a_chart_makes_up_is_no_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What Helm says has words of the chart in it: nothing but its own templates is left out."""
    real.located("helm")
    kept = tmp_path / "kept.yaml"
    kept.write_text("a: b\n")
    words = f'{{{{ fail "x/templates/../../../../../..{kept}:1" }}}}\n'
    _found(tmp_path / "web", capsys, service=_SERVICE, broken=words)
    made = Rendering("", failed="no", path=f"templates/../../../../../..{kept}", line=1)
    assert (
        beside(made, frozenset(["templates/service.yaml"]), tmp_path, real.located("helm"), 37, lenient=False) is made
    )
    assert kept.read_text() == "a: b\n"
