"""How long names of objects may be in a chart: all are made of the service's own, which is cut so that each fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_NAMES = 63
"""Of a Service, and of what is a label's value somewhere."""
_FREE = (
    *("ConfigMap", "ExternalSecret", "NetworkPolicy", "PersistentVolumeClaim", "Role", "RoleBinding"),
    *("Secret", "ServiceAccount", "TriggerAuthentication"),
)
"""Kinds whose names are nobody's label, so that they may be as long as any."""
_LONGEST: Mapping[str, int] = {"StatefulSet": 52, "CronJob": 52, **dict.fromkeys(_FREE, 253)}
"""Kinds whose controllers make longer names of theirs, and those."""


def room(service: str, objects: Iterable[tuple[str, str]]) -> int:
    """Characters that the name of the service may have. `objects`: kinds and names; those with other names do not count."""
    named = [(kind, name) for kind, name in objects if f"{name}-".startswith(f"{service}-")]
    return min([_NAMES, *(_LONGEST.get(kind, _NAMES) - len(name) + len(service) for kind, name in named)])
