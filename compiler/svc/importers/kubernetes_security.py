"""Security contexts: users, groups and added capabilities are the spec's, everything else is hardened."""

from __future__ import annotations

from typing import Protocol

from svc.importers.draft import Draft
from svc.importers.kubernetes_objects import added, empty, mapping, nested, patch, take
from svc.importers.ledger import View
from svc.resolve.names import UID

Route = tuple[str, ...]


_OTHERS = {"windowsOptions", "seLinuxOptions", "appArmorProfile", "seccompProfile", "supplementalGroups",
           "supplementalGroupsPolicy", "fsGroup", "sysctls", "procMount"}  # fmt: skip
"""What has no word in the language, and weakens nothing by itself."""
_SAFE = {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies",
         "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout",
         "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"}  # fmt: skip
"""The sysctls of a pod's own: kubernetes.io/docs/concepts/security/pod-security-standards."""


class Where(Protocol):
    """The generated pod: see `kubernetes_container.Pod`."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def at(self) -> tuple[str | int, ...]: ...


def weak(key: str, view: View) -> bool:
    """Whether a value takes away what svc gives every pod."""
    if key in ("appArmorProfile", "seccompProfile"):
        return view.at("type").text == "Unconfined"
    if key == "sysctls":
        return any(one.at("name").text not in _SAFE for one in view.each())
    return (key == "procMount" and view.text != "Default") or (
        key == "windowsOptions" and view.at("hostProcess").value is True
    )


def security(view: View, draft: Draft, at: Route, pod: Where, place: tuple[str | int, ...]) -> None:
    for key, one in view.items():
        if empty(one):
            continue
        if key == "runAsUser" and (one.value or 0) != 0:
            take(one, draft, (*at, "user"), one.value, (draft.get("user") if at else None) or UID)
        elif key == "runAsGroup" and (one.value or 0) != 0:
            user = draft.get("user") or UID
            take(
                one,
                draft,
                ("group",),
                one.value,
                draft.get("group") or (view.at("runAsUser").value if at else None) or user,
            )
        elif key == "readOnlyRootFilesystem" and not at:
            take(one, draft, ("read_only",), one.value, True)
        elif key == "capabilities":
            if one.at("add").there:
                draft.set((*at, "capabilities"), one.at("add").texts())
                one.at("add").mapped(*at, "capabilities")
            one.at("drop").default("svc drops all capabilities")
        elif (
            key in ("runAsNonRoot", "allowPrivilegeEscalation")
            or (key == "seccompProfile" and one.at("type").text == "RuntimeDefault")
            or (key == "privileged" and one.value is False)
            or (key == "readOnlyRootFilesystem" and one.value is True)
        ):
            one.default("svc always writes the hardened value")
        elif key in _OTHERS and not weak(key, one):
            added(one, draft, pod.kind, pod.name, (*pod.at, *place, "securityContext", key), one.value)
        else:
            one.dropped("svc hardens every container; weaken it by a patch, which the policies judge")


def security_of_pod(view: View, where: Where, pod: View, draft: Draft) -> None:
    """What holds for all containers: the user and group where the first container names none."""
    own = mapping(pod.at("containers", 0, "securityContext"))
    for key, one in view.items():
        if empty(one):
            continue
        if key == "runAsUser" and "runAsUser" not in own and (one.value or 0) != 0:
            take(one, draft, ("user",), one.value, UID)
        elif key == "runAsGroup" and "runAsGroup" not in own and (one.value or 0) != 0:
            take(one, draft, ("group",), one.value, draft.get("user") or UID)
        elif key in ("runAsNonRoot", "runAsUser", "runAsGroup") or (
            (key == "seccompProfile" and one.at("type").text == "RuntimeDefault") or key == "fsGroupChangePolicy"
        ):
            one.default("svc writes its own, hardened value from `user` and `group`")
        elif key == "fsGroup" and one.value == (draft.get("group") or draft.get("user") or UID):
            one.default("volumes belong to the group of the process")
        elif key in _OTHERS and not weak(key, one):
            patch(one, draft, where.kind, where.name, {"merge": nested((*where.at, "securityContext", key), one.value)})
        else:
            one.dropped("svc hardens every pod; weaken it by a patch, which the policies judge")


def notes(pod: View, draft: Draft) -> None:
    """What differs for a process whose manifest said nothing."""
    own = {**mapping(pod.at("securityContext")), **mapping(pod.at("containers", 0, "securityContext"))}
    if not own.get("runAsUser"):
        draft.missing.append(f"`user`: the manifest names none, or root; the process runs as {UID}")
    if own.get("readOnlyRootFilesystem") is None:
        draft.added.append("the root file system is read-only, except /tmp: list other paths under `writable`")
