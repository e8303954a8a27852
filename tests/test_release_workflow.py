"""The workflow that makes a release: its order, its rights, and what it attests and publishes."""

from __future__ import annotations

import re
from typing import Any

import yaml

from locks import ROOT

WORKFLOW = ROOT / ".github/workflows/release.yaml"


def _release() -> dict[str, Any]:
    jobs: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]
    return jobs


def test_a_release_is_attested_and_published_without_a_stored_token() -> None:
    text = WORKFLOW.read_text("utf-8")
    assert not re.search(r"\bsecrets\b", text)
    assert "\npermissions: {}\n" in text
    jobs = _release()
    steps = {job: [step.get("uses", "").partition("@")[0] for step in one["steps"]] for job, one in jobs.items()}
    signed = next(one for one in jobs["attest"]["steps"] if "attest-build-provenance" in one.get("uses", ""))
    assert signed["with"]["subject-path"] == "dist/*"
    listed = next(one for one in jobs["attest"]["steps"] if one.get("uses", "").startswith("actions/attest@"))
    assert listed["with"]["predicate-path"] == "dist/svc.cdx.json"
    assert "--trusted-publishing always" in jobs["publish"]["steps"][-1]["run"]
    assert jobs["publish"]["environment"]["name"] == "pypi"
    assert listed["with"]["subject-path"] == "dist/svc_compiler-*"
    for job in ("attest", "publish", "announce"):  # what holds a right runs no code of a checkout
        assert "actions/checkout" not in steps[job]


def test_a_release_is_of_a_tag_and_goes_on_only_after_what_comes_before_it() -> None:
    workflow = yaml.load(WORKFLOW.read_text("utf-8"), yaml.BaseLoader)
    assert workflow["on"] == {"push": {"tags": ["v*"]}}
    jobs = workflow["jobs"]
    order = ["check", "build", "attest", "publish", "announce"]
    assert list(jobs) == order
    assert [one.get("needs") for one in jobs.values()] == [None, *([name] for name in order[:-1])]
    every = [*jobs.values(), *(step for one in jobs.values() for step in one["steps"])]
    assert [one["name"] for one in every if {"if", "continue-on-error", "strategy"} & one.keys()] == []
    runs = {name: [step["run"].strip() for step in one["steps"] if "run" in step] for name, one in jobs.items()}
    version, *build = runs.pop("build")
    assert version.splitlines()[-1] == 'test "v$version" = "$GITHUB_REF_NAME"'
    assert build == ["make audit", "make dist sbom"]
    assert runs == {
        "check": [".ci/run"],
        "attest": [],
        "publish": ["uv publish --trusted-publishing always dist/*.whl dist/*.tar.gz"],
        "announce": ['gh release create "$GITHUB_REF_NAME" --verify-tag --generate-notes dist/*'],
    }


def test_a_release_has_no_right_that_it_does_not_need_and_no_cache() -> None:
    rights = {
        "check": {"contents": "read"},
        "build": {"contents": "read"},
        "attest": {"id-token": "write", "attestations": "write"},
        "publish": {"id-token": "write"},
        "announce": {"contents": "write"},
    }
    assert {job: one["permissions"] for job, one in _release().items()} == rights
    used = [step for one in _release().values() for step in one["steps"] if "uses" in step]
    assert not [step for step in used if not re.search(r"@[0-9a-f]{40}$", step["uses"])]
    assert not [step for step in used if "cache" in step["uses"] or "cache" in step.get("with", {})]
    uv = [step["with"] for step in used if step["uses"].startswith("astral-sh/setup-uv@")]
    assert uv
    assert all(one["enable-cache"] is False and re.fullmatch(r"[\d.]+", one["version"]) for one in uv)
