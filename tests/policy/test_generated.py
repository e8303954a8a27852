"""The index and the reference page are what the policy files say; SVC_UPDATE=1 writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

from svc.policy import docs, index
from svc.policy.explain import explain
from svc.policy.load import load

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "policies.md"


def test_the_index_is_fresh() -> None:
    if os.environ.get("SVC_UPDATE"):
        index.main(ROOT / "policies")
    assert (ROOT / "policies" / "index.json").read_text("utf-8") == index.text(ROOT / "policies")


def test_the_reference_page_is_fresh() -> None:
    if os.environ.get("SVC_UPDATE"):
        docs.main(ROOT / "policies", PAGE)
    assert PAGE.read_text("utf-8") == docs.page(ROOT / "policies")


def test_explain_names_everything_a_reader_needs() -> None:
    (policy,) = [one for one in load([ROOT / "policies"]).policies if one.id == "image-latest"]
    text = explain(policy, ROOT / "policies")
    for part in ("image-latest (error, kubernetes)", "Why:", "Fix:", "CKV_K8S_14", "Wrong:", "Right:", "nginx:latest"):
        assert part in text
