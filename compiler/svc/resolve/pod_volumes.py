"""The volumes of one pod: what its processes mount, each volume under a name that no other one in the pod has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svc.digests import sha256
from svc.records import dataclass, field, replace
from svc.resolve.context import Context
from svc.resolve.types.process import Mount, Process
from svc.resolve.types.volumes import Claim, ConfigFiles, Scratch, Volume
from svc.resolve.volumes import Storage

LONGEST = 63
"""Characters of a volume's name: it is a DNS label (Kubernetes' API reference, Volume)."""


def of_pod(
    context: Context, parts: Sequence[tuple[Process, Storage]]
) -> tuple[tuple[Process, ...], tuple[Volume, ...]]:
    """The processes with the names of what they mount, and those volumes, in the order of the processes.

    A claim that svc makes is called after its path, since another name would be another claim, without the data: two
    of one name are reported. Anything else that meets a taken name gets one of its own.
    """
    pod = _Pod(context)
    for _, stored in parts:
        pod.keep(stored)
    return tuple(pod.mounted(process, stored) for process, stored in parts), tuple(
        pod.volumes[name] for name in pod.order
    )


@dataclass(slots=True)
class _Pod:
    context: Context
    volumes: dict[str, Volume] = field(default_factory=dict)
    order: dict[str, None] = field(default_factory=dict)

    def keep(self, stored: Storage) -> None:
        """Claims come first to their names."""
        for volume, mount in stored.found:
            if not isinstance(volume, Claim) or volume.existing:
                continue
            other = self.volumes.setdefault(volume.name, volume)
            if other.at != volume.at:
                self.context.report(
                    "volume-name-clash",
                    mount.at,
                    f"the volumes at `{mount.path}` and `{other.at[-1]}` would both be called `{volume.name}`",
                    help="let the paths differ in letters or digits, within their first 50 characters",
                    anchor="key",
                    related=(("the other", other.at),),
                )

    def mounted(self, process: Process, stored: Storage) -> Process:
        mounts = [self._mount(process, volume, mount) for volume, mount in stored.found]
        return replace(process, mounts=tuple(sorted(mounts, key=lambda mount: mount.path)))

    def _mount(self, process: Process, volume: Volume, mount: Mount) -> Mount:
        for name in self._names(process, volume, mount):
            together = _together(self.volumes.get(name), volume) if len(name) <= LONGEST else None
            if together is not None:
                self.volumes[name] = together if together.name == name else replace(together, name=name)
                self.order.setdefault(name)
                return mount if mount.volume == name else replace(mount, volume=name)
        return mount

    def _names(self, process: Process, volume: Volume, mount: Mount) -> Iterator[str]:
        """What the volume may be called, the plainest name first."""
        yield volume.name
        if process.name != self.context.service.name:
            yield f"{process.name}-{volume.name}"
        yield f"{volume.name}-{sha256(f'{process.name}:{mount.path}'.encode()).hexdigest()[:6]}"


def _together(there: Volume | None, volume: Volume) -> Volume | None:
    """One volume that is both, None when there is none. Scratch space is shared by those alone who say so."""
    if there is None:
        return volume
    if isinstance(there, Scratch) or isinstance(volume, Scratch):
        return there if there == volume else None
    if isinstance(there, ConfigFiles) and isinstance(volume, ConfigFiles) and there.items and volume.items:
        items = {key: (key, name, mode) for key, name, mode in there.items}
        if any(items.setdefault(one[0], one) != one for one in volume.items):
            return None
        volume = replace(volume, items=tuple(sorted(items.values(), key=lambda one: one[0])))
        return volume if replace(there, items=volume.items, at=volume.at) == volume else None
    return there if replace(volume, name=there.name, at=there.at) == there else None
