"""What a deploy waits for at most, from what the spec says of starting, replacing and jobs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import samples
from delivery.units import changed
from svc.delivery import types as delivery
from svc.delivery.lower import pipeline
from svc.resolve.types.process import Health, Probe
from svc.resolve.unit import Unit

SLOW = Probe("http", period=10, failure=30)
QUICK = Probe("http", period=10, failure=3)


def waited(unit: Unit) -> tuple[int, int]:
    """Seconds of Helm, and minutes of the job around it."""
    job = pipeline(unit).job("deploy-staging")
    assert job is not None
    return next(one.timeout for one in job.steps if isinstance(one, delivery.Deploy)), job.timeout


def rolled(health: Health, replicas: int, kind: Any = "Deployment", **rollout: Any) -> Unit:
    unit = samples.unit(samples.web)
    server = unit.first.server
    assert server is not None
    usual: dict[str, Any] = {"deadline": 600, "min_ready": 0, "max_surge": "25%", "max_unavailable": "0"}
    made = replace(
        server,
        kind=kind,
        main=replace(server.main, health=health),
        sidecars=(),
        scale=replace(server.scale, min=replicas, max=replicas, metrics=(), events=None),
        rollout=replace(server.rollout, **(usual | rollout)),
    )
    return changed(unit, server=made, workers=(), jobs=())


@pytest.mark.parametrize(
    ("unit", "seconds"),
    [
        (rolled(Health(ready=QUICK, live=QUICK), 3), 600),
        (rolled(Health(ready=QUICK, live=QUICK, startup=SLOW), 3), 3 * 360),
        (rolled(Health(ready=QUICK, live=QUICK, startup=SLOW), 3, max_surge="100%"), 600),
        (rolled(Health(ready=QUICK, live=QUICK, startup=SLOW), 8, max_unavailable="25%"), 2 * 360),
        (rolled(Health(ready=QUICK, live=QUICK, startup=SLOW), 8, max_surge="1", max_unavailable="1"), 4 * 360),
        (rolled(Health(ready=QUICK, live=QUICK, startup=SLOW), 3, min_ready=20), 3 * 380),
        (rolled(Health(ready=QUICK, live=QUICK, startup=SLOW), 3, "StatefulSet", grace=40), 3 * 400),
        (rolled(Health(ready=QUICK, startup=SLOW), 9, strategy="recreate", grace=30), 600),
        (rolled(Health(ready=QUICK), 2), 2 * 660),
        (rolled(Health(), 3), 600),
        (rolled(Health(live=QUICK), 3, deadline=1200), 1200),
    ],
)
def test_helm_waits_for_all_rounds_of_a_rollout(unit: Unit, seconds: int) -> None:
    assert waited(unit) == (seconds, 15 + 2 * seconds // 60)


def test_what_an_autoscaler_may_have_made_is_counted() -> None:
    unit = rolled(Health(live=QUICK, startup=SLOW), 2)
    server = unit.first.workloads[0]
    scale = replace(samples.web().workloads[0].scale, min=2, max=40)
    assert scale.driven
    assert waited(changed(unit, server=replace(server, scale=scale)))[0] == 4 * 360


def test_a_wait_that_no_runner_lives_through_is_not_asked_for() -> None:
    seconds, minutes = waited(rolled(Health(live=QUICK, startup=SLOW), 90, max_surge="1"))
    assert (seconds, minutes < 360) == (10_000, True)


@pytest.mark.parametrize(("timeout", "seconds"), [(300, 600), (3600, 3600), (None, 10_000)])
def test_a_job_before_the_deploy_may_take_what_it_says(timeout: int | None, seconds: int) -> None:
    unit = rolled(Health(), 3)
    job = next(one for one in samples.web().jobs if one.job is not None and one.job.run == "before-deploy")
    assert job.job is not None
    assert waited(changed(unit, jobs=(replace(job, job=replace(job.job, timeout=timeout)),)))[0] == seconds
