"""A file of waivers: `waivers`, each as in a spec, with the file that it speaks of."""

from __future__ import annotations

from svc.model.base import Part, about, required
from svc.model.scalars import Text
from svc.model.waiver import Waiver


class FileWaiver(Waiver):
    """A waiver that stands apart from what it speaks of."""

    file: Text = about(
        "The file, from the folder of the file that says this, or a glob; without it, any file.",
        "k8s/web.yaml",
        default="",
    )


class FileWaivers(Part):
    """The whole file."""

    waivers: list[FileWaiver] = required("The waivers.")
