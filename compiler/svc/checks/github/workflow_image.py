"""A job's or service's container image, or a docker action, without a digest."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._github import Found
from svc.checks._params import NoParams as Params
from svc.checks.images import is_variable, reference
from svc.diagnostics import Route
from svc.patterns import regex
from svc.targets.github.types import Job, Workflow

_MATRIX = regex(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}")


def check(workflow: Workflow, _: Params) -> Iterator[Found]:
    images = [found for job in workflow.jobs for found in job.images]
    images += [(uses.text.removeprefix("docker://"), uses.route) for uses in workflow.uses if uses.kind == "docker"]
    images += [found for job in workflow.jobs for image, route in job.images for found in _of_matrix(job, image, route)]
    for image, route in dict.fromkeys(images):
        if image and not is_variable(image) and not reference(image).digest:
            yield route, f"image `{image}` has no digest"


def _of_matrix(job: Job, image: str, route: Route) -> Iterator[tuple[str, Route]]:
    """The images that a matrix fills in; an empty one stands for no container."""
    match = _MATRIX.fullmatch(image.strip())
    matrix = job.data.get("strategy", {}).get("matrix") if isinstance(job.data.get("strategy"), dict) else None
    if match is None or not isinstance(matrix, dict):
        return
    row, include = matrix.get(match[1]), matrix.get("include")
    entries = include if isinstance(include, list) else []
    values = [*(row if isinstance(row, list) else ()), *(one.get(match[1]) for one in entries if isinstance(one, dict))]
    yield from ((value, route) for value in values if isinstance(value, str))
