"""Jobs and workers say only what differs from the service; what has no image is imported with one to replace."""

from __future__ import annotations

import json
from typing import Any

import pytest

from svc.importers.check import check
from svc.importers.result import Imported
from svc.importers.run import run
from svc.source import Source

ENV: list[dict[str, Any]] = [
    {"name": "LEVEL", "value": "info"},
    {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
]


def _pod(name: str, env: list[dict[str, Any]], image: str = "ghcr.io/acme/shop:1") -> dict[str, Any]:
    container = {"name": name, "image": image, "env": env, "envFrom": [{"configMapRef": {"name": "shared"}}]}
    return {"metadata": {"labels": {"app": name}}, "spec": {"restartPolicy": "Always", "containers": [container]}}


def _deployment(name: str, env: list[dict[str, Any]], image: str = "ghcr.io/acme/shop:1") -> dict[str, Any]:
    spec = {"selector": {"matchLabels": {"app": name}}, "template": _pod(name, env, image)}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def _cron(name: str, env: list[dict[str, Any]]) -> dict[str, Any]:
    template = _pod(name, env)
    template["spec"]["restartPolicy"] = "Never"
    spec = {"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": template}}}
    return {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": name}, "spec": spec}


def _run(*objects: dict[str, Any]) -> Imported:
    made = run([Source("in.yaml", "---\n".join(json.dumps(one) + "\n" for one in objects))])
    assert made.diagnostics == ()
    return made


def test_what_is_the_services_own_is_not_said_again() -> None:
    more = {"name": "QUEUE", "value": "mails"}
    made = _run(_deployment("shop", ENV), _deployment("shop-mailer", [*ENV, more]), _cron("shop-report", ENV))
    (draft,) = made.drafts
    assert draft.data["workers"] == {"mailer": {"env": {"QUEUE": "mails"}}}
    assert "env" not in draft.data["jobs"]["report"]
    assert "inherit" not in draft.data["jobs"]["report"]
    variables = {
        one.name: [each["name"] for each in one.tree.data["spec"]["template"]["spec"]["containers"][0]["env"]]
        for one in check(draft).objects
        if one.kind == "Deployment"
    }
    assert variables == {"shop": ["LEVEL", "KEY"], "shop-mailer": ["LEVEL", "KEY", "QUEUE"]}
    moved = {one.note.to for one in made.entries if one.route[-1:] == ("value",)}
    assert {("env", "LEVEL"), ("workers", "mailer", "env", "QUEUE")} <= moved


@pytest.mark.parametrize("env", [ENV[:1], [*reversed(ENV)], []], ids=["fewer", "another-order", "none"])
def test_what_would_change_an_object_keeps_its_own(env: list[dict[str, Any]]) -> None:
    (draft,) = _run(_deployment("shop", ENV), _cron("shop-report", env)).drafts
    job = draft.data["jobs"]["report"]
    assert job["inherit"] is False
    assert list(job.get("env", {})) == [one["name"] for one in env]


def test_a_worker_of_one_of_two_services_with_one_image_is_not_lost() -> None:
    made = _run(_deployment("shop", ENV), _deployment("shop-mailer", ENV), _deployment("site", ENV))
    assert {one.name: list(one.get("workers") or {}) for one in made.drafts} == {"shop": ["mailer"], "site": []}
    assert not [one for one in made.entries if one.note.fate == "dropped"]


@pytest.mark.parametrize("image", ["", "$IMAGE", "registry.example.com/shop:", "ghcr.io/acme/shop:${SHA}", "Shop:1"])
def test_a_service_without_a_usable_image_is_imported(image: str) -> None:
    made = _run(_deployment("shop", ENV, image))
    (draft,) = made.drafts
    assert draft.get("image") == "image.invalid/shop:unknown"
    assert any("image.invalid/shop:unknown" in one for one in draft.missing)
    assert made.lost
    assert [one.route[-1] for one in made.entries if one.note.fate == "dropped"] == ["image"]
