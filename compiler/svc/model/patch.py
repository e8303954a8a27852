"""The typed escape hatch."""

from __future__ import annotations

from typing import Any

from svc.model.base import Part, about, required
from svc.model.mapped import after
from svc.model.scalars import Text
from svc.model.spelled import refuse


class Patch(Part):
    """The typed escape hatch: a change to a generated object, judged by the policies like everything else."""

    target: Text = required(
        "What is patched: kubernetes/<Kind>, compose, compose/service, github or github/job.", "kubernetes/Deployment"
    )
    name: Text = about("Only the object, service or job of this name.", "checkout", default="")
    merge: Any | None = about(
        "Merged into it (RFC 7386).", {"spec": {"template": {"spec": {"priorityClassName": "high"}}}}
    )
    json_patch: list[Any] = about(
        "JSON Patch operations (RFC 6902).",
        [{"op": "remove", "path": "/spec/revisionHistoryLimit"}],
        default_factory=list,
    )

    @after
    def _one_way(self) -> Patch:
        if (self.merge is None) == (not self.json_patch):
            raise refuse("a patch has exactly one of merge and json_patch")
        if self.merge is not None and not isinstance(self.merge, dict):
            raise refuse("expected a mapping with the keys to change, such as {spec: {replicas: 3}}", "merge")
        return self
