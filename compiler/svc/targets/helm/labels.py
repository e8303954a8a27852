"""The common labels: which helper of the chart stands for which labels of an object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from svc.kubernetes import meta
from svc.resolve import names
from svc.resolve.types.whole import Resolved
from svc.targets.helm.values import Cases
from svc.tree import bare

VERSION = "app.kubernetes.io/version"
TAKEN = (
    names.COMPONENT_LABEL,
    names.HELM_INSTANCE_LABEL,
    "app.kubernetes.io/managed-by",
    names.NAME_LABEL,
    "app.kubernetes.io/part-of",
    VERSION,
    "helm.sh/chart",
)
"""Labels that the helpers and templates print themselves: a spec that says one itself gets labels without helpers."""


def helper_labels(resolved: Resolved) -> dict[str, dict[str, Any]]:
    """What each helper prints, the largest first."""
    selector = {names.NAME_LABEL: resolved.name, names.HELM_INSTANCE_LABEL: resolved.name}
    pods = {key: bare(value) for key, value in meta.common_labels(resolved, selector).items()}
    chart = meta.label_value(f"{resolved.name}-{meta.CHART_VERSION}")
    common = {key: value for key, value in pods.items() if key not in selector}
    return {
        "labels": {**pods, "helm.sh/chart": chart},
        "podLabels": pods,
        "commonLabels": common,
        "sharedLabels": {key: value for key, value in common.items() if key != VERSION},
        "selectorLabels": selector,
    }


def by_helpers(environments: Sequence[Resolved]) -> bool:
    """Whether helpers print the labels of objects, and with them the value `commonLabels`."""
    return not any(key in TAKEN for one in environments for key, _ in one.labels)


Tables = Sequence[tuple[str, Sequence[Mapping[str, Any]]]]


def tables(environments: Sequence[Resolved]) -> Tables:
    """The helpers that may stand for labels, the largest first, with what each prints in every environment."""
    known = [helper_labels(one) for one in environments]
    usable = list(known[0]) if by_helpers(environments) else ["selectorLabels"]
    return [(helper, [table[helper] for table in known]) for helper in usable]


def labels(known: Tables, cases: Cases, there: Sequence[bool]) -> tuple[str, Cases]:
    """The helper, of `tables`, that covers most of the labels in every environment, and what it leaves over in each.

    `there`: the environments that have the object; in the others it has what the helper says there.
    """
    for helper, covered in known:
        pairs = list(zip(covered, cases, there, strict=True))
        if not all([want.items() <= case.items() for want, case, has in pairs if has]):  # noqa: C419
            continue
        left = {key for want, case, has in pairs if has for key in case if key not in want}
        if not any([left & want.keys() for want in covered]):  # noqa: C419 - said twice where values are overridden
            return helper, tuple([{key: one for key, one in case.items() if key in left} for case in cases])
    return "", ()
