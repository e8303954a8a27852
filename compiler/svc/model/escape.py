"""What the language does not model and takes as it is: Kubernetes objects of your own."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from svc.model.base import Part, about
from svc.model.mapped import after
from svc.model.scalars import RelativePath
from svc.model.spelled import refuse

OwnTarget = Literal["helm", "github", "terraform", "compose"]
"""Targets that a service can write itself; a Dockerfile of your own is `build.dockerfile`."""


class Manifest(Part):
    """Kubernetes objects of your own, judged and deployed with the generated ones; short form: the file."""

    SHORT: ClassVar[str] = "file"
    file: RelativePath | None = about("A YAML file of objects, relative to the spec.", "k8s/agent.yaml")
    inline: Any | None = about(
        "One object; `${environment.namespace}` and its like are filled in.",
        {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "quota"}, "spec": {"hard": {"pods": "20"}}},
    )

    @after
    def _one_way(self) -> Manifest:
        if (self.file is None) == (self.inline is None):
            raise refuse("a manifest has either file (a path) or inline (one object)")
        if self.inline is not None and not isinstance(self.inline, dict):
            raise refuse("expected one object: a mapping with apiVersion, kind and metadata", "inline")
        return self
