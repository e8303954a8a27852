"""Names of objects of the chart, wherever another object says them: they go through the fullname helper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svc.resolve.names import predeploy
from svc.targets.helm.place import Place
from svc.targets.helm.types import Helper
from svc.targets.helm.values import Cases, alike
from svc.tree import same

if TYPE_CHECKING:
    from svc.targets.helm.weave import Weaver

_REFERENCES: dict[str, str] = {
    "serviceAccountName": "ServiceAccount",
    "serviceName": "Service",
    "claimName": "PersistentVolumeClaim",
    "secretName": "Secret",
}
"""Key -> kind of the object that its value names."""
ACCESS = frozenset({"Role", "RoleBinding"})
"""What is called after the account that has it."""
NAMING = frozenset({"name", *_REFERENCES})
"""The keys of names of objects."""
_HOLDERS: dict[str, str] = {
    "configMap": "ConfigMap",
    "configMapRef": "ConfigMap",
    "configMapKeyRef": "ConfigMap",
    "secretRef": "Secret",
    "secretKeyRef": "Secret",
    "scaleTargetRef": "",
    "authenticationRef": "TriggerAuthentication",
    "secretTargetRef": "Secret",
    "roleRef": "Role",
    "subjects": "ServiceAccount",
    "service": "Service",
    "backendRefs": "Service",
}
"""Key of a mapping (or list of mappings) whose `name` names an object of a kind; "" for any."""


def reference(weaver: Weaver, cases: Cases, place: Place) -> Helper | None:
    """The name of an object of this chart, through the fullname helper."""
    kind = _named_kind(place) if place.key in NAMING else None
    if kind is None:
        return None
    account = _account(weaver, cases, place, kind)
    if account is not None:
        return account
    if not all(isinstance(case, str) for case in cases) or not alike(cases):
        return None
    text, name = cases[0], weaver.name
    known = frozenset().union(*weaver.created.values()) if kind == "" else weaver.created.get(kind, frozenset())
    if text not in known or not (text == name or text.startswith(f"{name}-")):
        return None
    return Helper("fullname", text[len(name) :])


def _account(weaver: Weaver, cases: Cases, place: Place, kind: str) -> Helper | None:
    """The account, or what is called after it where environments call it otherwise: the copy for jobs before a deploy,
    the Role and its binding."""
    accounts = [one.account for one in weaver.environments]
    known = [one.name for one in accounts]
    differ = len(set(known)) > 1
    if not place.own or not (_names_account(place, kind) or (differ and place.kind in ACCESS)):
        return None
    ends = ("", predeploy("")) if differ and all(one.create for one in accounts) else ("",)
    for end in ends:
        said = zip(cases, known, weaver.there, strict=True)
        if all(same(case, name + end) for case, name, has in said if has):  # elsewhere another environment's stands in
            return Helper("serviceAccountName", end)
    return None


def _names_account(place: Place, kind: str) -> bool:
    return kind == "ServiceAccount" or (place.kind == "ServiceAccount" and place.route == ("metadata", "name"))


def _named_kind(place: Place) -> str | None:
    """The kind of the object that a string at this place names; "" any, None when it names nothing."""
    if place.route == ("metadata", "name"):
        return ""
    if place.key in _REFERENCES:
        return _REFERENCES[place.key]
    if place.key == "name":
        if place.kind == "ExternalSecret" and place.route[-2:] == ("target", "name"):
            return "Secret"
        holder = next((part for part in reversed(place.route[:-1]) if isinstance(part, str)), "")
        return _HOLDERS.get(holder)
    return None
