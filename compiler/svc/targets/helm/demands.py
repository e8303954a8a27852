"""What the error-level policies demand of values, as JSON Schema: Helm refuses an override before anything is applied.

A demand is made of a value by the key that it ends at. What a chart says itself always stands: it was judged, or waived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from svc.fits import fitting
from svc.targets.helm.types import Chart, Path

_NAME = r"^([a-z]([a-z0-9-]*[a-z0-9])?)?$"
"""Of a Service too, so it begins with a letter. Empty: the chart makes one."""
_SUBDOMAIN = r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)?$"
_LABEL = r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$"
_KEY = r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$"
_OFF: dict[str, Any] = {"const": False}
_CONFINED = {"enum": ["RuntimeDefault", "Localhost"]}
_APPARMOR = r"^container\.apparmor\.security\.beta\.kubernetes\.io/"

DEMANDS: Mapping[Path, dict[str, Any]] = {
    ("fullnameOverride",): {"pattern": _NAME},
    ("nameOverride",): {"pattern": _LABEL},
    ("versionLabel",): {"pattern": _LABEL},
    ("image", "tag"): {"pattern": _LABEL},
    ("serviceAccount", "name"): {"pattern": _SUBDOMAIN},
    ("commonLabels",): {"propertyNames": {"pattern": _KEY}, "additionalProperties": {"pattern": _LABEL}},
    ("podAnnotations",): {
        "patternProperties": {_APPARMOR: {"pattern": "^(runtime/default|localhost/.*)?$"}},
    },
    ("ingress", "annotations"): {"propertyNames": {"not": {"pattern": "^nginx\\..*-snippet$"}}},
    ("podDisruptionBudget", "minAvailable"): {"not": {"const": "100%"}},
    ("podDisruptionBudget", "maxUnavailable"): {"not": {"enum": [0, "0%"]}},
    ("privileged",): _OFF,
    ("allowPrivilegeEscalation",): _OFF,
    ("hostNetwork",): _OFF,
    ("hostPID",): _OFF,
    ("hostIPC",): _OFF,
    ("hostProcess",): _OFF,
    ("hostPort",): {"const": 0},
    ("runAsNonRoot",): {"const": True},
    ("runAsUser",): {"not": {"const": 0}},
    ("procMount",): {"const": "Default"},
    ("seccompProfile", "type"): _CONFINED,
    ("appArmorProfile", "type"): _CONFINED,
    ("capabilities", "drop"): {"contains": {"const": "ALL"}},
    ("externalIPs",): {"maxItems": 0},
}
"""The last keys of a value -> what every value there has to fit."""


def demanded(path: Path, chart: Chart) -> Mapping[str, Any] | None:
    """What is demanded of a value of the chart; None when nothing is, or when the chart's own values do not fit."""
    demand = next((DEMANDS[path[-length:]] for length in (2, 1) if path[-length:] in DEMANDS), None)
    if demand is None:
        return None
    own = [_at(values, path) for values in (chart.values, *(one.overrides for one in chart.environments))]
    fits = fitting(demand)
    return demand if all(fits(one) for one in own if one is not None) else None


def _at(values: Mapping[str, Any], path: Sequence[str]) -> Any:
    """The value at a path; None when there is none."""
    node: Any = values
    for part in path:
        node = node.get(part) if isinstance(node, Mapping) else None
    return node
