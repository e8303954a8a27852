"""Volumes: scratch space is tmpfs, claims are named volumes, our files are inline configs, secrets are local files."""

from __future__ import annotations

import itertools
import posixpath
from typing import Any

from svc.diagnostics import Problem, Severity
from svc.records import dataclass, field
from svc.resolve.types.process import Mount, Process
from svc.resolve.types.volumes import Claim, ConfigFiles, Scratch, SecretFiles
from svc.resolve.types.workloads import Workload
from svc.targets.compose.types import Wanted
from svc.targets.compose.values import Local, escaped, memory
from svc.tree import At

SECRETS = ".secrets"
"""Folder of secret files beside the compose file; never committed."""


@dataclass(slots=True)
class Mounts:
    """The top-level volumes, configs and secrets that the services' mounts need."""

    volumes: dict[str, Any] = field(default_factory=dict)
    configs: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, Any] = field(default_factory=dict)
    taken: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def name(self, kind: str, owner: str, key: str = "") -> str:
        """One name for a part of something: no other part of that kind gets it, even if it is spelled alike."""
        slug = "".join(char if char.isalnum() or char in "._-" else "-" for char in key)
        wanted = f"{owner}-{slug}" if key else owner
        for number in itertools.count(1):
            name = wanted if number == 1 else f"{wanted}-{number}"
            if self.taken.setdefault((kind, name), (owner, key)) == (owner, key):
                return name
        raise AssertionError("there is a number for every part")


def mounts(local: Local, workload: Workload, process: Process, shared: Mounts) -> dict[str, Any]:
    """`tmpfs`, `volumes`, `configs` and `secrets` of one service; absent when empty."""
    found: dict[str, list[Any]] = {"tmpfs": [], "volumes": [], "configs": [], "secrets": []}
    volumes = {one.name: one for one in workload.volumes}
    for mount in process.mounts:
        volume = volumes[mount.volume]
        if isinstance(volume, Scratch):
            limit = f",size={memory(volume.size).removesuffix('b')}" if volume.size else ""  # tmpfs(5) knows no b
            if _common(workload, volume):
                name = shared.name("volume", f"{workload.name}-{volume.name}")
                options = {"type": "tmpfs", "device": "tmpfs", "o": f"mode=1777{limit}"}
                shared.volumes[name] = At(volume.at, {"driver_opts": options})
                found["volumes"].append(At(mount.at, f"{name}:{escaped(mount.path)}"))
                if process in workload.init:
                    _lost(local, process, mount)
                continue
            found["tmpfs"].append(At(mount.at, f"{escaped(mount.path)}:mode=1777{limit}"))
        elif isinstance(volume, Claim):
            name = shared.name("volume", volume.name, mount.sub_path)  # Docker mounts no folder that is not there yet
            shared.volumes[name] = At(volume.at, {})
            found["volumes"].append(At(mount.at, f"{name}:{escaped(mount.path)}{':ro' if mount.read_only else ''}"))
        elif isinstance(volume, ConfigFiles):
            found["configs"] += _configs(local, volume, mount, shared)
        else:
            found["secrets"] += _secrets(local, volume, mount, shared)
    return {key: value for key, value in found.items() if value}


def _common(workload: Workload, volume: Scratch) -> bool:
    """Whether several containers of the pod see it: `tmpfs` would give each its own."""
    return sum(any(mount.volume == volume.name for mount in one.mounts) for one in workload.processes) > 1


def _lost(local: Local, process: Process, mount: Mount) -> None:
    message = f"what `{process.name}` leaves in {mount.path} is lost in compose: Docker keeps scratch while a container uses it, and the next one starts when this one has ended"
    help_ = "mount a folder of your own there in compose.override.yaml"
    local.problems.append(Problem("compose-scratch-lost", mount.at, message, help_, severity=Severity.WARNING))


def _targets(mount: Mount, items: list[tuple[str, str, int | None]]) -> list[tuple[str, str, int | None]]:
    """(key, path in the container, mode): one file with a sub path, else all of them in the mounted folder."""
    if mount.sub_path:
        return [(key, mount.path, mode) for key, name, mode in items if name == mount.sub_path]
    return [(key, posixpath.join(mount.path, name), mode) for key, name, mode in items]


def _configs(local: Local, volume: ConfigFiles, mount: Mount, shared: Mounts) -> list[Any]:
    own = next((one for one in local.one.configs if one.name == volume.config), None)
    if own is None:
        message = f"the ConfigMap {volume.config} is made elsewhere; compose mounts nothing at {mount.path}"
        help_ = "name its content in `files`, or mount a local copy in compose.override.yaml"
        local.problems.append(Problem("compose-foreign-config", mount.at, message, help_, severity=Severity.WARNING))
        return []
    data = dict(own.data)
    items = list(volume.items) or [(key, key, None) for key in data]
    found = []
    for key, path, mode in _targets(mount, items):
        name = shared.name("config", volume.config, key)
        shared.configs[name] = At(own.at, {"content": escaped(data.get(key, ""))})
        found.append(
            At(
                mount.at,
                {"source": name, "target": escaped(path), "mode": f"{mode or volume.mode:#05o}".replace("0o", "0")},
            )
        )
    return found


def _secrets(local: Local, volume: SecretFiles, mount: Mount, shared: Mounts) -> list[Any]:
    own = next((one for one in local.one.secrets if one.name == volume.secret), None)
    items = list(volume.items) or [(one.key, one.key, None) for one in (own.entries if own else ())]
    if not items:
        message = f"the keys of the secret {volume.secret} are not known; compose mounts nothing at {mount.path}"
        help_ = "name its keys in `items`, or mount local files in compose.override.yaml"
        local.problems.append(Problem("compose-foreign-secret", mount.at, message, help_, severity=Severity.WARNING))
    found = []
    for key, path, _mode in _targets(mount, items):
        name, file = shared.name("secret", volume.secret, key), f"{SECRETS}/{volume.secret}/{key}"
        shared.secrets[name] = At(mount.at, {"file": f"./{file}"})
        local.secret_files[file] = Wanted(file, f"key {key} of the secret {volume.secret}")
        found.append(At(mount.at, {"source": name, "target": escaped(path)}))
    return found
