"""`svc init` in a member of a workspace: what stands at the root speaks of it, and what it has lies below it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from disk import put
from svc.cli.exits import Exit
from svc.cli.main import main

ROOT = {
    "svc-workspace.yaml": "apiVersion: svc/v1\n",
    "package.json": '{"scripts": {"build": "turbo run build"}}',
    "pnpm-workspace.yaml": "packages: [apps/*]\n",
    "pnpm-lock.yaml": "",
}
NEXT = {
    "apps/web/package.json": '{"name": "web", "dependencies": {"next": "16"}, "scripts": {"start": "next start"}}',
    "apps/web/next.config.ts": 'export default { output: "standalone" };\n',
}


def _written(folder: Path, files: dict[str, str], member: str) -> dict[str, Any]:
    put(folder, files)
    assert main(["init", "--defaults", str(folder / member)]) == Exit.CLEAN
    found = yaml.safe_load((folder / member / "service.yaml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(("member", "context"), [("apps/web", {"context": "../.."}), ("", {})])
def test_the_server_that_next_makes_of_a_member(member: str, context: dict[str, str], tmp_path: Path) -> None:
    spec = _written(tmp_path, {**ROOT, **NEXT}, member)
    build = {name: value for name, value in spec["build"].items() if name not in ("language", "version", "manager")}
    assert build == {"main": "next", "module": "apps/web", **context}
    assert spec["writable"] == ["/tmp", "/app/apps/web/.next/cache"]
