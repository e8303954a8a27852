"""The pod gets a token for the Kubernetes API that nobody asked for.

An own service account with `automountServiceAccountToken: true`, on it or on the pod, asks; so does one that a role is
bound to by its name. A role of a group, of all accounts or those of a namespace, asks for no token, and may need it.
What an account says that is made elsewhere is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import named, objects, pods
from svc.checks._params import NoParams as Params
from svc.checks.seen import Seen, once, reaches
from svc.diagnostics import Route
from svc.targets.protocol import Subject
from svc.tree import mappings

_USED = "a role is bound to the account: give the pod an account of its own, with the token, or none"
_USER, _GROUP = "system:serviceaccount:", "system:serviceaccounts:"
_ALL = ("system:serviceaccounts", "system:authenticated")
"""kubernetes.io, "Using RBAC Authorization": how service accounts are called as users, and the groups that they are in."""


def check(subjects: Sequence[Subject], _: Params) -> Iterator[tuple[Subject, Route, str, str]]:
    for subject, manifest, _labels in pods(subjects):
        pod = manifest.pod
        if pod is None or manifest.pod_route is None or pod.get("automountServiceAccountToken") is False:
            continue
        name = str(pod.get("serviceAccountName") or pod.get("serviceAccount") or "default")
        accounts = named(subjects, manifest, name, "ServiceAccount")
        decided = [one.tree.get("automountServiceAccountToken") for one in accounts]
        explicit = pod.get("automountServiceAccountToken") is True
        if (explicit or True in decided) and name != "default":
            continue
        bound, groups = once(subjects, _bound)
        if not explicit and (False in decided or (name != "default" and (not accounts or name in bound))):
            continue
        at = (*manifest.pod_route, "automountServiceAccountToken") if explicit else manifest.pod_route
        used = name in bound or reaches(groups, manifest)
        whose = f"service account `{name}`{', to which a role is bound,' if used else ''}"
        yield subject, at, f"the pods get a token of {whose} for the Kubernetes API", _USED if used else ""


def _bound(subjects: Seen) -> tuple[frozenset[str], frozenset[str]]:
    """The names of the service accounts that a role is bound to, and the namespaces of which it is bound to all; "" is any."""
    names: set[str] = set()
    spaces: set[str] = set()
    for _, one in objects(subjects, "RoleBinding", "ClusterRoleBinding"):
        for _, who in mappings(one.tree.data, "subjects"):
            kind, name = who.get("kind"), str(who.get("name"))
            if kind == "ServiceAccount":
                names.add(name)
            elif kind == "User" and name.startswith(_USER):
                names.add(name.rpartition(":")[2])
            elif kind == "Group" and name in _ALL:
                spaces.add("")
            elif kind == "Group" and name.startswith(_GROUP):
                spaces.add(name.removeprefix(_GROUP))
    return frozenset(names), frozenset(spaces)
