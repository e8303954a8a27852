"""Fixes of Kubernetes objects: changes at routes of the object."""

from __future__ import annotations

from svc.diagnostics import Route
from svc.edit.changes import Append, Change, Delete, Rename, Set
from svc.edit.emptied import emptied
from svc.edit.types import RefusedError, ReviewError
from svc.fixes.windows import is_windows
from svc.tree import Data, Tree, mappings

_SAME_UNDER: dict[tuple[str, str], str] = {
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler"): "autoscaling/v2",
    ("batch/v1beta1", "CronJob"): "batch/v1",
    ("coordination.k8s.io/v1beta1", "Lease"): "coordination.k8s.io/v1",
    ("discovery.k8s.io/v1beta1", "EndpointSlice"): "discovery.k8s.io/v1",
    ("networking.k8s.io/v1beta1", "IngressClass"): "networking.k8s.io/v1",
    ("node.k8s.io/v1beta1", "RuntimeClass"): "node.k8s.io/v1",
    ("policy/v1beta1", "PodDisruptionBudget"): "policy/v1",
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRole"): "rbac.authorization.k8s.io/v1",
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding"): "rbac.authorization.k8s.io/v1",
    ("rbac.authorization.k8s.io/v1beta1", "Role"): "rbac.authorization.k8s.io/v1",
    ("rbac.authorization.k8s.io/v1beta1", "RoleBinding"): "rbac.authorization.k8s.io/v1",
    ("scheduling.k8s.io/v1beta1", "PriorityClass"): "scheduling.k8s.io/v1",
    ("storage.k8s.io/v1beta1", "StorageClass"): "storage.k8s.io/v1",
}
"""kubernetes.io, "Deprecated API Migration Guide": kinds of which a newer version means the same by the same keys."""

_OF_CONTAINERS = ("container.apparmor.security.beta.kubernetes.io/", "container.seccomp.security.alpha.kubernetes.io/")
_OF_PODS = ("seccomp.security.alpha.kubernetes.io/pod",)
"""Annotations with profiles, as older clusters read them."""


def _context(route: Route) -> Route:
    """The security context that a finding about a container, or a part of its context, is about."""
    if "securityContext" in route:
        return route[: route.index("securityContext") + 1]
    return (*route, "securityContext")


def _pod_route(route: Route) -> Route | None:
    """The specification of the pod that a route leads into: to a container, or to its own security context."""
    ends = [
        index
        for index, part in enumerate(route)
        if isinstance(part, str) and (part.lower().endswith("containers") or part == "securityContext")
    ]
    return route[: ends[0]] if ends else None


def _pod(data: Data, route: Route) -> Tree:
    at = _pod_route(route)
    return Tree(Tree(data).get(*at) if at is not None else None)


def _refuse_windows(data: Data, route: Route) -> None:
    pod = _pod(data, route)
    if pod.get("os", "name") == "windows":
        raise RefusedError("the pod runs on Windows, which knows no such thing")
    if is_windows(pod):
        raise RefusedError("the pod runs on Windows, which knows no such thing: write `os: {name: windows}` instead")


def no_escalation(data: Data, route: Route) -> tuple[Change, ...]:
    _refuse_windows(data, route)
    added = Tree(data).get(*_context(route), "capabilities", "add")
    if isinstance(added, list) and "CAP_SYS_ADMIN" in added:
        raise RefusedError("the API refuses it beside the added capability `CAP_SYS_ADMIN`")
    if Tree(data).get(*_context(route), "privileged") is True:
        raise RefusedError("the API refuses it beside `privileged: true`")
    steps = (Set((*_context(route), "allowPrivilegeEscalation"), False),)
    if _is_unconfined(data, route):
        raise ReviewError("the container is unconfined: it may start containers itself, with setuid programs", steps)
    return steps


def _is_unconfined(data: Data, route: Route) -> bool:
    """Whether a pod or its container says so, as those do that build images or run containers without root."""
    contexts = [Tree(_pod(data, route).get("securityContext")), Tree(Tree(data).get(*_context(route)))]
    profiles = ("seccompProfile", "appArmorProfile")
    if any(one.get(profile, "type") == "Unconfined" for one in contexts for profile in profiles):
        return True
    pod = _pod_route(route)
    annotations = Tree(data).get(*pod[:-1], "metadata", "annotations") if pod is not None else None
    name = Tree(data).get(*route[: len(pod or ()) + 2], "name")
    keys = (*_OF_PODS, *(f"{prefix}{name}" for prefix in _OF_CONTAINERS))
    return isinstance(annotations, dict) and any(annotations.get(key) == "unconfined" for key in keys)


def drop_all(data: Data, route: Route) -> tuple[Change, ...]:
    """Root loses with the capabilities what images start with: to own files, to become another user."""
    _refuse_windows(data, route)
    at = (*_context(route), "capabilities", "drop")
    present = Tree(data).get(*at)
    steps: tuple[Change, ...] = (Append(at, "ALL"),) if isinstance(present, list) else (Set(at, ["ALL"]),)
    if _is_unconfined(data, route):
        raise ReviewError("the container is unconfined: it may start containers itself, with setuid programs", steps)
    if not _is_nobody(_pod(data, route).get("securityContext"), Tree(data).get(*_context(route))):
        raise ReviewError("it is not said that the container runs without root, which needs capabilities", steps)
    return steps


def _is_nobody(*contexts: Data) -> bool:
    """Whether security contexts, the container's last, say that it does not start as root."""
    said = [one for one in contexts if isinstance(one, dict)]
    user = next((one["runAsUser"] for one in reversed(said) if "runAsUser" in one), None)
    forbidden = next((one["runAsNonRoot"] for one in reversed(said) if "runAsNonRoot" in one), None)
    return forbidden is True or (isinstance(user, int) and user > 0)


def seccomp(data: Data, route: Route) -> tuple[Change, ...]:
    _refuse_windows(data, route)
    steps = (Set((*_context(route), "seccompProfile", "type"), "RuntimeDefault"),)
    if _is_unconfined(data, route):
        raise ReviewError("the container is unconfined: it may make calls that the profile forbids", steps)
    return steps


def confined(_data: Data, route: Route) -> tuple[Change, ...]:
    """A profile's `type`, or the annotation that says the same."""
    return (Set(route, "runtime/default" if "annotations" in route else "RuntimeDefault"),)


def default_proc(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set(route, "Default"),)


def non_root(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set((*_context(route), "runAsNonRoot"), True),)


def read_only(data: Data, route: Route) -> tuple[Change, ...]:
    _refuse_windows(data, route)
    return (Set((*_context(route), "readOnlyRootFilesystem"), True),)


def off(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set(route, False),)


def unprivileged(data: Data, route: Route) -> tuple[Change, ...]:
    mounts = mappings(Tree(data).get(*route[:-2]), "volumeMounts")
    if any(one.get("mountPropagation") == "Bidirectional" for _, one in mounts):
        raise RefusedError("only a privileged container may mount a volume with `mountPropagation: Bidirectional`")
    return off(data, route)


def gone(data: Data, route: Route) -> tuple[Change, ...]:
    return (Delete(emptied(data, route, 2)),)


def own_host(data: Data, route: Route) -> tuple[Change, ...]:
    """The host of a probe goes; what listens on its node's loopback alone is not found at the pod's address."""
    if _pod(data, route).get("hostNetwork") is True and Tree(data).get(*route) in ("127.0.0.1", "localhost", "::1"):
        raise RefusedError("with the host's network, the process may listen on this address alone")
    return (Delete(route),)


def account_name(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Rename(route, "serviceAccountName"),)


def no_token(_data: Data, route: Route) -> tuple[Change, ...]:
    at = route if route[-1] == "automountServiceAccountToken" else (*route, "automountServiceAccountToken")
    return (Set(at, False),)


def job_restart(data: Data, route: Route) -> tuple[Change, ...]:
    """A `podFailurePolicy` goes with pods that are never restarted."""
    at = route if route[-1] == "restartPolicy" else (*route, "restartPolicy")
    policy = Tree(data).get(*at[:-3], "podFailurePolicy")
    return (Set(at, "OnFailure" if policy is None else "Never"),)


def served_version(data: Data, route: Route) -> tuple[Change, ...]:
    """The version that is served, where the fields are the same under it."""
    tree = Tree(data)
    newer = _SAME_UNDER.get((str(tree.get("apiVersion")), str(tree.get("kind"))))
    if newer is None:
        raise RefusedError("fields changed with the version: the object has to be converted by hand")
    if newer == "policy/v1" and tree.get("spec", "selector") == {}:
        raise RefusedError("an empty selector means no pods in policy/v1beta1, and all in policy/v1")
    return (Set(route, newer),)


def entry_gone(data: Data, route: Route) -> tuple[Change, ...]:
    """The item of a list that a finding about its name is about."""
    return (Delete(emptied(data, route[:-1], 2)),)


def last_one_counts(data: Data, route: Route) -> tuple[Change, ...]:
    """Of two variables of a name the later one has always won: the earlier one goes."""
    at, index = route[:-2], route[-2]
    variables = Tree(data).get(*at)
    if not isinstance(variables, list) or not isinstance(index, int):
        raise RefusedError("the variables are not a list")
    name = variables[index]["name"]
    earlier = next(number for number, one in enumerate(variables) if isinstance(one, dict) and one.get("name") == name)
    readers = variables[earlier + 1 : index + 1]
    if any(f"$({name})" in str(one) for one in readers):
        raise RefusedError("the later one, or a variable between the two, reads the earlier one")
    return (Delete((*at, earlier)),)


def always_pulled(_data: Data, route: Route) -> tuple[Change, ...]:
    at = route if route[-1] == "imagePullPolicy" else (*route, "imagePullPolicy")
    return (Set(at, "Always"),)


def unhealthy_evicted(_data: Data, route: Route) -> tuple[Change, ...]:
    return (Set((*route, "unhealthyPodEvictionPolicy"), "AlwaysAllow"),)
