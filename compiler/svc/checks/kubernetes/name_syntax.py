"""Names of objects that the API refuses. Kinds whose names follow other rules are not judged."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.syntax import stands_in
from svc.kubernetes.types import POD_TEMPLATES, Manifest
from svc.patterns import regex

_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_SUBDOMAIN = regex(rf"{_LABEL}(\.{_LABEL})*")
_SERVICE = regex(r"[a-z]([a-z0-9-]*[a-z0-9])?")
_KINDS = frozenset(POD_TEMPLATES) | {
    "ConfigMap",
    "HorizontalPodAutoscaler",
    "Ingress",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "Secret",
    "Service",
    "ServiceAccount",
}
_LONGEST = {"Service": 63, "CronJob": 52}
KINDS = frozenset(_KINDS)


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    name = manifest.tree.get("metadata", "name")
    if manifest.kind not in _KINDS or not isinstance(name, str) or not name or stands_in(name):
        return
    longest = _LONGEST.get(manifest.kind, 253)
    pattern = _SERVICE if manifest.kind == "Service" else _SUBDOMAIN
    what = f"{'an' if manifest.kind[0] in 'AEIOU' else 'a'} {manifest.kind}"
    if not pattern.fullmatch(name):
        form = "small letters, digits and `-`, with a letter or digit at both ends"
        yield ("metadata", "name"), f"`{name}` is no name for {what}: {form}"
    elif len(name) > longest:
        yield ("metadata", "name"), f"`{name}` has {len(name)} characters; {what} may have {longest}"
