"""The API's own schemas, strictly, and kubeconform over the same."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from samples import worker_only
from svc import tools
from svc.kubernetes import schema
from svc.kubernetes.judge import judge
from svc.kubernetes.lower import lower
from svc.kubernetes.types import Manifest
from svc.tree import Tree

pytestmark = pytest.mark.skipif(not schema.folder().is_dir(), reason="the schemas are not in this checkout")


def _service(**spec: Any) -> Manifest:
    data = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web"},
        "spec": {"selector": {"app": "web"}, **spec},
    }
    return Manifest(Tree(data))


def test_a_misspelt_key_is_found_where_it_is() -> None:
    manifest = _service(port=80)
    assert schema.check(manifest, "1.35") == ((("spec", "port"), "unknown key `port`"),)


def test_a_wrong_type_is_said_in_words() -> None:
    manifest = _service(ports=[{"port": "80"}])
    assert schema.check(manifest, "1.37") == ((("spec", "ports", 0, "port"), "`80` is not of type integer"),)


def test_a_removed_version_is_unknown() -> None:
    data = {"apiVersion": "batch/v1beta1", "kind": "CronJob", "metadata": {"name": "x"}, "spec": {}}
    [(route, message)] = schema.check(Manifest(Tree(data)), "1.36")
    assert route == ("apiVersion",)
    assert message == "Kubernetes 1.36 has no CronJob in batch/v1beta1"


@pytest.mark.tools
def test_kubeconform_agrees(tmp_path: Path) -> None:
    box = tools.toolbox(os.environ)
    texts = [yaml.safe_dump(one.tree.data, sort_keys=False) for one in lower(worker_only()).manifests]
    (tmp_path / "good.yaml").write_text("---\n".join(texts), encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(yaml.safe_dump(_service(port=80).tree.data), encoding="utf-8")
    good, bad = judge(tmp_path, ["good.yaml"], box), judge(tmp_path, ["bad.yaml"], box)
    assert [(one.tool, one.faults, one.skipped) for one in good] == [
        (f"kubeconform {minor}", (), "") for minor in schema.MINORS
    ]
    assert [len(one.faults) for one in bad] == [1, 1, 1]
    assert bad[0].faults[0].path == "bad.yaml"
    assert bad[0].faults[0].message.startswith("Service web: ")
