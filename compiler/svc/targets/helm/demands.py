"""What the error-level policies demand of values, as JSON Schema: Helm refuses an override before anything is applied.

A demand is made of a value by the key that it ends at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svc.model.zones import ZONE_PATTERN
from svc.patterns import regex
from svc.targets.helm.api_rules import LABEL_KEY, LABEL_VALUE, NODE_PORT
from svc.targets.helm.labels import TAKEN
from svc.targets.helm.types import Path

INT32 = 2**31 - 1
"""The API has integers of 32 bits."""
_NAME = r"^([a-z]([a-z0-9-]*[a-z0-9])?)?$"
"""Of a Service too, so it begins with a letter. Empty: the chart makes one."""
_SUBDOMAIN = r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)?$"
_NUMBER = {"minute": "([0-5]?[0-9])", "hour": "([01]?[0-9]|2[0-3])", "day": "(0?[1-9]|[12][0-9]|3[01])"}
_NUMBER |= {"month": "(0?[1-9]|1[0-2]|[A-Za-z]{3})", "weekday": "([0-6]|[A-Za-z]{3})"}
_PARTS = [rf"([*?]|{one}(-{one})?)(/[1-9][0-9]*)?" for one in _NUMBER.values()]
_CRON = (
    r"^(@(yearly|annually|monthly|weekly|daily|midnight|hourly|every .+)|"
    + " +".join(f"{one}(,{one})*" for one in _PARTS)
    + ")$"
)
_REPOSITORY = r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]+)?(/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)*$"
"""An image without tag and digest: what the registry's grammar calls a name."""
_SIZE = {"pattern": r"^[0-9.]*[1-9][0-9.]*([KMGTPE]i|[kMGTPE]|[eE][0-9]+)?$", "exclusiveMinimum": 0}
_OFF: dict[str, Any] = {"const": False}
_CONFINED = {"enum": ["RuntimeDefault", "Localhost"]}
_APPARMOR = r"^container\.apparmor\.security\.beta\.kubernetes\.io/"

NAMED: dict[str, Any] = {
    "if": {"properties": {"fullnameOverride": {"minLength": 1}}, "required": ["fullnameOverride"]},
    "else": {"properties": {"nameOverride": {"pattern": "^[a-z0-9-]*$"}}},
}
"""Without a full name, objects are called after the release and the name; otherwise it is a label's value alone."""

DEMANDS: Mapping[Path, dict[str, Any]] = {
    ("fullnameOverride",): {"pattern": _NAME},
    ("nameOverride",): {"pattern": LABEL_VALUE},
    ("namespaceOverride",): {"pattern": r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$"},
    ("image", "repository"): {"pattern": _REPOSITORY},
    ("nodeSelector",): {"propertyNames": {"pattern": LABEL_KEY}, "additionalProperties": {"pattern": LABEL_VALUE}},
    ("annotations",): {"propertyNames": {"pattern": LABEL_KEY}},
    ("versionLabel",): {"pattern": LABEL_VALUE},
    ("partOfLabel",): {"pattern": LABEL_VALUE},
    ("image", "tag"): {"pattern": LABEL_VALUE},
    ("serviceAccount", "name"): {"pattern": _SUBDOMAIN, "maxLength": 253},
    ("schedule",): {"pattern": _CRON},
    ("timeZone",): {"pattern": f"^({ZONE_PATTERN})$"},
    ("className",): {"pattern": _SUBDOMAIN, "maxLength": 253},
    ("tlsSecretName",): {"pattern": _SUBDOMAIN, "maxLength": 253},
    ("storageClass",): {"pattern": _SUBDOMAIN, "maxLength": 253},
    ("persistence", "size"): _SIZE,
    ("commonLabels",): {
        "propertyNames": {"pattern": LABEL_KEY, "not": {"enum": [*TAKEN]}},
        "additionalProperties": {"pattern": LABEL_VALUE},
    },
    ("config",): {"propertyNames": {"pattern": r"^[A-Za-z0-9._-]{1,253}$", "not": {"enum": [".", ".."]}}},
    ("podAnnotations",): {
        "propertyNames": {"pattern": LABEL_KEY},
        "patternProperties": {_APPARMOR: {"pattern": "^(runtime/default|localhost/.*)?$"}},
    },
    ("ingress", "annotations"): {"propertyNames": {"not": {"pattern": "^nginx\\..*-snippet$"}}},
    ("podDisruptionBudget", "minAvailable"): {"pattern": "^[0-9]{1,2}%$", "minimum": 0, "maximum": INT32},
    ("podDisruptionBudget", "maxUnavailable"): {"pattern": "^([1-9][0-9]?|100)%$", "minimum": 1, "maximum": INT32},
    ("rollingUpdate", "maxSurge"): {"pattern": "^[0-9]{1,4}%$", "minimum": 0, "maximum": INT32},
    ("rollingUpdate", "maxUnavailable"): {"pattern": "^([0-9]{1,2}|100)%$", "minimum": 0, "maximum": INT32},
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
    ("nodePort",): NODE_PORT,
}
"""The last keys of a value, without the name of a member of a group -> what every value there has to fit."""


_NUMBERED = regex(r"(.*?[A-Za-z])[0-9]*")


def demands(path: Path) -> tuple[dict[str, Any], ...]:
    """What is demanded of a value of the chart; of one whose name was taken and that got a number, and of one in a member of
    a group (`persistence.data.size`), too."""
    last = tuple(_unnumbered(part) for part in path[-3:])
    endings = (last[-2:], last[-1:], (last[0], last[-1]))
    return tuple(DEMANDS[ending] for ending in dict.fromkeys(endings) if ending in DEMANDS)


def _unnumbered(part: str) -> str:
    found = _NUMBERED.fullmatch(part)
    return found[1] if found else part
