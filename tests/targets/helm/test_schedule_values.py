"""Schedules that a chart's values may have: those that Kubernetes takes."""

from __future__ import annotations

import re

import pytest

from svc.kubernetes import syntax
from svc.targets.helm.demands import DEMANDS

PATTERN = DEMANDS["schedule",]["pattern"]


@pytest.mark.parametrize(
    "text", ["0 2 * * *", "*/5 * * * 1-5", "0 0 1,15 jan sun", "@daily", "30 1 * * 7", "0 0 * * 5-7"]
)
def test_values_take_the_schedules_that_manifests_may_have(text: str) -> None:
    assert (re.search(PATTERN, text) is not None) == (syntax.cron(text) == "")
