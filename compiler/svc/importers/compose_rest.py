"""What is left of a compose service: single values, and keys that have no place in a spec, with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable

from svc.importers.compose_deploy import amount
from svc.importers.compose_values import filled, land
from svc.importers.compose_volumes import memory
from svc.importers.draft import Draft
from svc.importers.ledger import View, number

_DEFAULT = {
    "container_name": "the compiler names containers",
    "restart": "Kubernetes restarts what must run",
    "networks": "pods of a namespace reach each other; `access` limits it",
    "links": "services reach each other by name; `access.to` has it, or a reference",
    "depends_on": "Kubernetes starts everything at once; `access.to` has whom it reaches",
    "init": "the compiler's images reap their own processes",
    "pull_policy": "Kubernetes pulls what is not there; an image with a digest never changes",
    "attach": "logs go to standard output, which the cluster keeps",
    "stdin_open": "a service has no terminal",
    "tty": "a service has no terminal",
    "logging": "logs go to standard output, which the cluster keeps",
    "log_driver": "logs go to standard output, which the cluster keeps",
    "log_opt": "logs go to standard output, which the cluster keeps",
    "develop": "for work on the developer's machine",
    "isolation": "a matter of Windows containers",
    "credential_spec": "a matter of Windows containers",
    "memswap_limit": "Kubernetes gives pods no swap",
    "mem_swappiness": "Kubernetes gives pods no swap",
}
_NODE = "a setting of the node's kernel: only a patch can ask for it, and the policies judge it"
_DIGITS = 10
"""Of the highest user id, 4294967294."""
_SHARED = "pods have namespaces of their own; shared ones are refused"
_SHARES = "CPU is given by `resources`, in cores"
_DROPPED = {
    "labels": "labels for other tools; write those that pods need into `labels` or `annotations`",
    "annotations": "annotations for other tools; write those that pods need into `annotations`",
    "privileged": "a privileged container is refused; `capabilities` adds single ones",
    "network_mode": "pods have a network of their own",
    "net": "pods have a network of their own",
    "volume_driver": "how storage is made is the cluster's: see `storage_class`",
    "hostname": "pods have the name of their replica",
    "domainname": "pods have the name of their replica",
    "mac_address": "pods have addresses that the cluster gives",
    "platform": "images are built for the platforms of the workflow",
    "stop_signal": "the image's own STOPSIGNAL is used",
    "security_opt": "the compiler hardens every container",
    "ulimits": "Kubernetes has no ulimits",
    "volumes_from": "the volumes of another service that is here are shared by claims; of one elsewhere, `claim` them",
    "external_links": "a service of another file: name it under `access.to`",
    "extra_hosts": "names come from DNS: a name of your own is a patch of the pod's hostAliases",
    "dns": "pods ask the cluster's DNS",
    "dns_opt": "pods ask the cluster's DNS",
    "dns_search": "pods ask the cluster's DNS",
    "sysctls": _NODE,
    "oom_score_adj": "Kubernetes works it out from `resources`",
    "oom_kill_disable": "Kubernetes works it out from `resources`",
    "group_add": "a group is a number here: see `group`",
    "pid": _SHARED,
    "ipc": _SHARED,
    "uts": _SHARED,
    "userns_mode": _SHARED,
    "cgroup": _SHARED,
    "cgroup_parent": _SHARED,
    "devices": "devices of the node are given by a plugin of the cluster: a patch asks for its resource",
    "device_cgroup_rules": "devices of the node are given by a plugin of the cluster: a patch asks for its resource",
    "gpus": "devices of the node are given by a plugin of the cluster: a patch asks for its resource",
    "runtime": "a class of nodes has it: a patch of the pod's runtimeClassName",
    "models": "models that Docker runs; name the address of one under `env`",
    "post_start": "hooks of a container: a patch of its lifecycle",
    "pre_stop": "hooks of a container: a patch of its lifecycle, or `rollout`",
    "storage_opt": "the node's disk is given by the cluster",
    "cpu_shares": _SHARES,
    "cpu_quota": _SHARES,
    "cpu_period": _SHARES,
    "cpuset": _SHARES,
    "cpu_count": _SHARES,
    "cpu_percent": _SHARES,
    "cpu_rt_runtime": _SHARES,
    "cpu_rt_period": _SHARES,
    "blkio_config": "Kubernetes does not limit the disk's traffic",
    "pids_limit": "the language has CPU, memory and storage",
    "label_file": "labels for other tools; write those that pods need into `labels` or `annotations`",
    "use_api_socket": "the node's container engine is out of reach",
}
UNUSED = {*_DEFAULT, *_DROPPED, "profiles"}
"""Keys that say nothing when they are empty."""


def rest(key: str, view: View, draft: Draft) -> bool:
    """Whether the key is one of those."""
    if key in _DEFAULT:
        view.default(_DEFAULT[key])
    elif key in _DROPPED and view.value is False:
        view.default("it is off: the compiler never switches it on")
    elif key == "security_opt" and all(re.fullmatch(r"no-new-privileges([:=]true)?", one) for one in view.texts()):
        view.default("the compiler hardens every container")
    elif key in _DROPPED:
        view.dropped(_DROPPED[key])
    elif key in _VALUES:
        _VALUES[key](view, draft)
    elif key in ("mem_limit", "cpus", "mem_reservation"):
        amount(view, draft, "requests" if "reserv" in key else "limits", "cpu" if key == "cpus" else "memory")
    else:
        return False
    return True


def _dockerfile(view: View, draft: Draft) -> None:
    """Of the first version of compose, beside `build`."""
    draft.set(("build", "dockerfile"), filled(view).removeprefix("./"))
    land(view, draft, "build", "dockerfile")


def _workdir(view: View, draft: Draft) -> None:
    draft.set(("workdir",), filled(view))
    land(view, draft, "workdir")


def _profiles(view: View, draft: Draft) -> None:
    names = ", ".join(view.texts())
    view.dropped(f"it runs only when profile {names} is asked for: keep this spec only where you want it")
    draft.missing.append(
        f"the service runs only with profile {names} of compose: remove its spec unless it is to be deployed"
    )


def _shared_memory(view: View, draft: Draft) -> None:
    draft.set(("volumes", "/dev/shm"), {"scratch": "memory", "size": memory(filled(view))})
    land(view, draft, "volumes", "/dev/shm", "size")


def _read_only(view: View, draft: Draft) -> None:
    draft.set(("read_only",), view.value)
    view.mapped("read_only")


def _capabilities(view: View, draft: Draft) -> None:
    draft.set(("capabilities",), [one.removeprefix("CAP_") for one in view.texts()])
    view.mapped("capabilities")


def _grace(view: View, draft: Draft) -> None:
    draft.set(("rollout", "grace"), view.text)
    view.mapped("rollout", "grace")


def _scale(view: View, draft: Draft) -> None:
    draft.set(("scale",), number(filled(view)))
    land(view, draft, "scale")


def _user(view: View, draft: Draft) -> None:
    user, _, group = filled(view).partition(":")
    if not all(one.isdecimal() and len(one) <= _DIGITS for one in (user, group or "0")):
        view.dropped("a user is a number here: its name is only known inside the image")
        return
    draft.set(("user",), int(user))
    if group:
        draft.set(("group",), int(group))
    view.mapped("user")


_VALUES: dict[str, Callable[[View, Draft], None]] = {
    "cap_add": _capabilities,
    "cap_drop": lambda view, _: view.default("the compiler drops all capabilities"),
    "dockerfile": _dockerfile,
    "profiles": _profiles,
    "read_only": _read_only,
    "scale": _scale,
    "shm_size": _shared_memory,
    "stop_grace_period": _grace,
    "user": _user,
    "working_dir": _workdir,
}
