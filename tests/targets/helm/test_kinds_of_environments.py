"""A workload of two kinds: whatever people set, one of them is there, and the autoscaler scales that one."""

from __future__ import annotations

from pathlib import Path

import pytest

from judges import real
from svc import tools
from targets.helm.test_accounts_of_environments import compiled, rendered

DATA = "volumes: {/data: {size: 1Gi}}"
CPU = "scale: {min: 2, max: 4, cpu: 70%}"
SPECS = (
    f"environments: {{dev: {{scale: 2}}, live: {{{DATA}, {CPU}}}}}\n",
    f"environments: {{dev: {{{CPU}}}, live: {{{DATA}, {CPU}}}}}\n",
    f"environments: {{dev: {{{CPU}}}, live: {{{DATA}, scale: 2}}}}\n",
)

pytestmark = pytest.mark.tools


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("environment", ["dev", "live"])
def test_an_autoscaler_scales_what_is_there(spec: str, environment: str, tmp_path: Path) -> None:
    objects = rendered(compiled(tmp_path, spec), environment, "autoscaling.enabled=true")
    (scaler,) = [one for one in objects if one["kind"] == "HorizontalPodAutoscaler"]
    target = scaler["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) in {(one["kind"], one["metadata"]["name"]) for one in objects}


@pytest.mark.parametrize(
    "values",
    [
        ("statefulSet.enabled=true",),
        ("deployment.enabled=false",),
        ("deployment.enabled=false", "statefulSet.enabled=true"),
        ("autoscaling.scaleTargetRef.kind=StatefulSet",),
    ],
)
def test_both_kinds_none_and_an_autoscaler_of_the_other_are_refused(values: tuple[str, ...], tmp_path: Path) -> None:
    chart = compiled(tmp_path, SPECS[1])
    options = [f"--set={one}" for one in values]
    done = tools.run(real.located("helm"), ["template", "x", ".", "--values", "values-dev.yaml", *options], cwd=chart)
    assert done.returncode != 0
    assert "meet the specifications" in done.stderr
