"""What is left of a compose service: single values, and keys that have no place in a spec, with the reason."""

from __future__ import annotations

from svc.importers.draft import Draft
from svc.importers.interpolate import interpolate
from svc.importers.ledger import View, number

_DEFAULT = {
    "container_name": "the compiler names containers",
    "restart": "Kubernetes restarts what must run",
    "networks": "pods of a namespace reach each other; `access` limits it",
    "links": "obsolete: services reach each other by name",
    "depends_on": "Kubernetes starts everything at once; probes say what is ready",
    "init": "the compiler's images reap their own processes",
    "profiles": "which services run is decided per environment",
}
_DROPPED = {
    "logging": "logs go to standard output",
    "labels": "labels for other tools; write those that pods need into `labels` or `annotations`",
    "privileged": "a privileged container is refused; `capabilities` adds single ones",
    "network_mode": "pods have a network of their own",
    "hostname": "pods have the name of their replica",
    "platform": "images are built for the platforms of the workflow",
    "stop_signal": "the image's own STOPSIGNAL is used",
    "security_opt": "the compiler hardens every container",
    "ulimits": "Kubernetes has no ulimits",
}


def rest(key: str, view: View, draft: Draft) -> bool:
    """Whether the key is one of those."""
    if key in _DEFAULT:
        view.default(_DEFAULT[key])
    elif key in _DROPPED:
        view.dropped(_DROPPED[key])
    elif key == "working_dir":
        draft.set(("workdir",), interpolate(view.text)[0])
        view.mapped("workdir")
    elif key == "user":
        _user(view, draft)
    elif key == "read_only":
        draft.set(("read_only",), view.value)
        view.mapped("read_only")
    elif key == "cap_add":
        draft.set(("capabilities",), [one.removeprefix("CAP_") for one in view.texts()])
        view.mapped("capabilities")
    elif key == "cap_drop":
        view.default("the compiler drops all capabilities")
    elif key == "stop_grace_period":
        draft.set(("rollout", "grace"), view.text)
        view.mapped("rollout", "grace")
    elif key == "scale":
        draft.set(("scale",), number(interpolate(view.text)[0]))
        view.mapped("scale")
    elif key in ("mem_limit", "cpus", "mem_reservation"):
        from svc.importers.compose import _amount

        _amount(view, draft, "requests" if "reserv" in key else "limits", "cpu" if key == "cpus" else "memory")
    else:
        return False
    return True


def _user(view: View, draft: Draft) -> None:
    user, _, group = interpolate(view.text)[0].partition(":")
    if not user.isdigit() or (group and not group.isdigit()):
        view.dropped("a user is a number here: its name is only known inside the image")
        return
    draft.set(("user",), int(user))
    if group:
        draft.set(("group",), int(group))
    view.mapped("user")
