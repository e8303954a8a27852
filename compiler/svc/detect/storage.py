"""Files that a service writes and reads again, which no pod keeps."""

from __future__ import annotations

from svc.detect.tree import Tree


def notes(tree: Tree) -> tuple[str, ...]:
    """Those of Rails."""
    lite = tree.search("config/database.yml", r"^\s*database:\s*[\"']?storage/")
    disk = tree.search("config/environments/production.rb", r"^\s*config\.active_storage\.service\s*=\s*:local\b")
    said = ((lite, "its database is a file"), (disk, "uploads are files"))
    return tuple(
        f"{hit[1]}: {what} below `storage`, which is read-only and gone with the pod: write `volumes`, or use another service"
        for hit, what in said
        if hit is not None
    )
