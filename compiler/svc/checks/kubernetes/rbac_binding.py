"""A binding gives a role that rules the cluster, or gives one to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found
from svc.kubernetes.types import Manifest
from svc.records import dataclass
from svc.tree import mappings


@dataclass(frozen=True, slots=True)
class Params:
    roles: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


KINDS = frozenset({"RoleBinding", "ClusterRoleBinding"})


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    if manifest.kind not in ("RoleBinding", "ClusterRoleBinding"):
        return
    role = manifest.tree.get("roleRef", "name")
    if role in params.roles:
        yield ("roleRef", "name"), f"the binding gives role `{role}`"
    for index, subject in mappings(manifest.tree.data, "subjects"):
        if subject.get("name") in params.subjects:
            message = f"the binding gives role `{role}` to `{subject['name']}`"
            yield ("subjects", index, "name"), message
