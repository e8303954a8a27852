"""Files and volumes."""

from __future__ import annotations

from typing import ClassVar, Literal

from svc.model.base import Part, about
from svc.model.mapped import after
from svc.model.scalars import FileMode, Flag, LabelKey, Memory, RelativePath, SubdomainName, Text
from svc.model.spelled import refuse


class File(Part):
    """A file, or with `items` a folder of files, in the container. Read-only."""

    SHORT: ClassVar[str] = "content"
    source: RelativePath | None = about("A file beside the spec whose text is put into a ConfigMap.", "config.yaml")
    content: Text | None = about("The text itself.", "level: info\n")
    config: SubdomainName | None = about("An existing ConfigMap.", "sentry-config")
    secret: SubdomainName | None = about("An existing Secret.", "jwt-key")
    key: Text | None = about("One key of it, mounted at exactly this path.", "config.yml")
    items: dict[Text, Text] = about(
        "File name -> key: the path is then a folder that holds just these.",
        {"privatekey": "jwtRS256.key"},
        default_factory=dict,
    )
    mode: FileMode | None = about("Octal mode of the files.", "0440")
    optional: Flag = about("The pod starts without it.", default=False)

    @after
    def _one_source(self) -> File:
        given = [name for name in ("source", "content", "config", "secret") if getattr(self, name) is not None]
        if len(given) != 1:
            raise refuse(
                "a file has exactly one of source, content, config, secret"
                + (f"; found {' and '.join(given)}" if given else "")
            )
        if self.key is not None and self.items:
            raise refuse("`key` mounts one file and `items` a folder: give one of them")
        return self


class Volume(Part):
    """Storage at a path: persistent (`size`), scratch, or a claim made elsewhere (`claim`)."""

    size: Memory | None = about("Size of a persistent volume, or limit of a scratch one.", "10Gi")
    access: Literal["once", "once-pod", "many", "read-only"] | None = about(
        "Who mounts a persistent volume: one node (a volume per replica, StatefulSet), one pod, or many.", "once"
    )
    keep: Flag = about("Keep the data when the service is scaled down or removed.", default=True)
    storage_class: SubdomainName | None = about("Storage class; the cluster's default unless given.", "gp3")
    annotations: dict[LabelKey, Text] = about(
        "Annotations of the claim.", {"example.com/backup": "daily"}, default_factory=dict
    )
    scratch: Literal["disk", "memory"] | None = about("Empty at every start, on disk or in memory.", "memory")
    claim: SubdomainName | None = about("An existing PersistentVolumeClaim.", "shared-data")
    sub_path: Text = about("Mount this folder of the volume only.", "postgres", default="")
    read_only: Flag = about("Mount it read-only.", default=False)

    @after
    def _one_kind(self) -> Volume:
        if self.scratch and (self.access or self.claim or self.storage_class):
            raise refuse("a scratch volume has no access, claim or storage_class")
        if not self.scratch and not self.claim and self.size is None:
            raise refuse("a volume needs size (persistent), scratch: disk or memory, or claim (an existing one)")
        return self
