"""The pod gets a token for the Kubernetes API that nobody asked for.

An own service account with `automountServiceAccountToken: true`, on it or on the pod, asks; so does one that a role is
bound to. What an account says that is made elsewhere is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.checks._objects import named, objects, pods
from svc.checks._params import NoParams as Params
from svc.checks._pods import mappings
from svc.checks._seen import Seen, once
from svc.diagnostics import Route
from svc.targets.protocol import Subject

_USED = "a role is bound to the account: give the pod an account of its own, with the token, or none"


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
        if not explicit and (
            False in decided or (name != "default" and (not accounts or name in once(subjects, _bound)))
        ):
            continue
        at = (*manifest.pod_route, "automountServiceAccountToken") if explicit else manifest.pod_route
        bound = name in once(subjects, _bound)
        whose = f"service account `{name}`{', to which a role is bound,' if bound else ''}"
        yield subject, at, f"the pods get a token of {whose} for the Kubernetes API", _USED if bound else ""


def _bound(subjects: Seen) -> set[str]:
    """The names of the service accounts that a role is bound to."""
    return {
        str(who.get("name"))
        for _, one in objects(subjects, "RoleBinding", "ClusterRoleBinding")
        for _, who in mappings(one.tree.data, "subjects")
        if who.get("kind") == "ServiceAccount"
    }
