"""Whichever way a value is laid over a chart, its schema and its checks see it: also from charts that depend on it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import samples
from judges import real
from svc import tools
from svc.emit import emit
from svc.targets.helm import target as helm
from svc.targets.helm.types import Chart

pytestmark = pytest.mark.tools
SCHEMA, CHECKS = "values don't meet the specifications of the schema", "templates/validate.yaml"
GOOD, BAD, TWICE = "other", "Other", "LOG_LEVEL"
"""Names of an account, and a variable that the chart has itself."""
SAID = ("--set", "--set-string", "--set-literal", "--set-json", "--set-file", "--values")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chart, and one that depends on it under another name."""
    lowered = helm.lower(samples.unit(samples.web)).artifact
    assert isinstance(lowered, Chart)
    root = tmp_path_factory.mktemp("chart")
    for path, text in helm.render(lowered).files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    folder = root / lowered.path("")
    (root / "parent").mkdir()
    shutil.copytree(folder, root / "parent" / "charts" / "checkout")
    data = root / "parent" / "charts" / "data"
    data.mkdir()
    dependencies = [
        {"name": "checkout", "version": lowered.version, "alias": "shop", "condition": "shop.enabled", "tags": ["all"]},
        {"name": "data", "version": "1.0.0", "import-values": [{"child": "shop", "parent": "shop"}]},
    ]
    _write(root / "parent" / "Chart.yaml", {"apiVersion": "v2", "name": "parent", "version": "1.0.0", "dependencies": dependencies})  # fmt: skip
    _write(data / "Chart.yaml", {"apiVersion": "v2", "name": "data", "version": "1.0.0"})
    return root


def _write(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(emit(dict(data)).text, "utf-8")


def _rendered(folder: Path, *options: str) -> tools.Completed:
    return tools.run(real.located("helm"), ["template", "checkout", ".", *options], cwd=folder)


def _options(way: str, path: str, value: str, folder: Path) -> tuple[str, str]:
    if way == "--set-file":
        (folder / "value.txt").write_text(value, "utf-8")
        return way, f"{path}={folder / 'value.txt'}"
    if way == "--values":
        made: Any = value
        for part in reversed(path.split(".")):
            made = {part: made}
        _write(folder / "own.yaml", made)
        return way, str(folder / "own.yaml")
    return way, f'{path}="{value}"' if way == "--set-json" else f"{path}={value}"


@pytest.mark.parametrize("way", SAID)
@pytest.mark.parametrize("inside", [False, True], ids=["alone", "dependency"])
def test_every_option(way: str, inside: bool, folder: Path, tmp_path: Path) -> None:
    chart, path = (folder / "parent", "shop.serviceAccount.name") if inside else (_alone(folder), "serviceAccount.name")
    fine = _rendered(chart, *_options(way, path, GOOD, tmp_path))
    assert fine.returncode == 0, fine.stderr
    assert f'serviceAccountName: "{GOOD}"' in fine.stdout
    refused = _rendered(chart, *_options(way, path, BAD, tmp_path))
    assert refused.returncode != 0
    assert SCHEMA in refused.stderr


def _alone(folder: Path) -> Path:
    (found,) = (one.parent for one in folder.glob("**/chart/Chart.yaml"))
    return found


FROM_CHARTS: tuple[tuple[dict[str, Any], dict[str, Any], str], ...] = (
    ({"shop": {"serviceAccount": {"name": GOOD}}}, {}, ""),
    ({"shop": {"serviceAccount": {"name": BAD}}}, {}, SCHEMA),
    ({"shop": {"enabled": True}, "tags": {"all": True}, "global": {"imageRegistry": "example.com"}}, {}, ""),
    ({"shop": {"enabled": "yes"}}, {}, SCHEMA),
    ({"shop": {"extraEnv": [{"name": "A", "value": "b"}, {"name": "A", "value": "c"}]}}, {}, CHECKS),
    ({"shop": {"extraEnv": [{"name": TWICE, "value": "b"}]}}, {}, SCHEMA),
    ({}, {"shop": {"commonLabels": {"team": "shop"}}}, ""),
    ({}, {"shop": {"commonLabels": {"Team/": "shop"}}}, SCHEMA),
    ({}, {"shop": {"extraEnv": [{"name": "A"}], "unknown": 1}}, SCHEMA),
)
"""Values of the chart that depends on it, of the chart whose values are imported, and who refuses them."""


@pytest.mark.parametrize(("own", "imported", "refuses"), FROM_CHARTS)
def test_values_of_other_charts(own: dict[str, Any], imported: dict[str, Any], refuses: str, folder: Path) -> None:
    _write(folder / "parent" / "values.yaml", own)
    _write(folder / "parent" / "charts" / "data" / "values.yaml", imported)
    try:
        done = _rendered(folder / "parent")
    finally:
        (folder / "parent" / "values.yaml").unlink()
        (folder / "parent" / "charts" / "data" / "values.yaml").unlink()
    assert (done.returncode != 0) == bool(refuses), done.stderr
    assert refuses in done.stderr


def test_null_in_the_values_of_another_chart_removes_nothing(folder: Path) -> None:
    """Helm drops it, where values are imported; with an option it is refused."""
    before = _rendered(folder / "parent")
    for gone in ({"image": None}, {"resources": {"limits": {"memory": None}}}):
        _write(folder / "parent" / "values.yaml", {"shop": gone})
        after = _rendered(folder / "parent")
        (folder / "parent" / "values.yaml").unlink()
        assert after.returncode != 0 or after.stdout == before.stdout
    refused = _rendered(folder / "parent", "--set", "shop.resources.limits.memory=null")
    assert SCHEMA in refused.stderr


def test_a_dependency_that_is_turned_off_renders_nothing(folder: Path) -> None:
    done = _rendered(folder / "parent", "--set", "shop.enabled=false")
    assert (done.returncode, done.stdout.strip()) == (0, "")
