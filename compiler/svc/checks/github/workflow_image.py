"""A job's or service's container image, or a docker action, without a digest."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._images import is_variable, reference
from svc.checks._params import NoParams as Params
from svc.targets.github.types import Workflow


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    images = [found for job in workflow.jobs for found in job.images]
    images += [(uses.text.removeprefix("docker://"), uses.route) for uses in workflow.uses if uses.kind == "docker"]
    for image, route in images:
        if image and not is_variable(image) and not reference(image).digest:
            yield route, f"image `{image}` has no digest"
