"""Security contexts: users, groups and added capabilities are the spec's, everything else is hardened."""

from __future__ import annotations

from svc.importers.draft import Draft
from svc.importers.kubernetes_objects import mapping, take
from svc.importers.ledger import View
from svc.resolve.names import UID

Route = tuple[str, ...]


def security(view: View, draft: Draft, at: Route) -> None:
    for key, one in view.items():
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
            key in ("runAsNonRoot", "allowPrivilegeEscalation", "seccompProfile")
            or (key == "privileged" and one.value is False)
            or (key == "readOnlyRootFilesystem" and one.value is True)
        ):
            one.default("svc always writes the hardened value")
        else:
            one.dropped("svc hardens every container; weaken it by a patch, which the policies judge")


def security_of_pod(view: View, pod: View, draft: Draft) -> None:
    """What holds for all containers: the user and group where the first container names none."""
    own = mapping(pod.at("containers", 0, "securityContext"))
    for key, one in view.items():
        if key == "runAsUser" and "runAsUser" not in own and (one.value or 0) != 0:
            take(one, draft, ("user",), one.value, UID)
        elif key == "runAsGroup" and "runAsGroup" not in own and (one.value or 0) != 0:
            take(one, draft, ("group",), one.value, draft.get("user") or UID)
        elif key in ("runAsNonRoot", "seccompProfile", "fsGroupChangePolicy", "runAsUser", "runAsGroup"):
            one.default("svc writes its own, hardened value from `user` and `group`")
        elif key != "fsGroup":
            one.dropped("svc hardens every pod; weaken it by a patch, which the policies judge")
    group = view.at("fsGroup")
    if group.there and group.value == (draft.get("group") or draft.get("user") or UID):
        group.default("volumes belong to the group of the process")
    elif group.there:
        group.dropped("volumes belong to the group of the process; see `group`")


def notes(pod: View, draft: Draft) -> None:
    """What differs for a process whose manifest said nothing."""
    own = {**mapping(pod.at("securityContext")), **mapping(pod.at("containers", 0, "securityContext"))}
    if not own.get("runAsUser"):
        draft.missing.append(f"`user`: the manifest names none, or root; the process runs as {UID}")
    if own.get("readOnlyRootFilesystem") is None:
        draft.added.append("the root file system is read-only, except /tmp: list other paths under `writable`")
