"""Edits of a workspace of services, drawn at random: what happens between two runs."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

Edit = Callable[[random.Random, Path], None]


def service(chance: random.Random, root: Path) -> Path:
    return chance.choice(sorted(root.glob("services/*/service.yaml")))


def _spec(chance: random.Random, root: Path) -> None:
    file = service(chance, root)
    text = file.read_text()
    old, new = chance.choice(
        [
            ("http: 8080", f"http: {chance.randrange(8000, 9000)}"),
            ("LOG_LEVEL: ", f"LEVEL_{chance.randrange(9)}: a\n  LOG_LEVEL: "),
            ("scale: 1", "scale: 2"),
            ("health: /healthz", "heallth: /healthz"),
            ("resources: ", "# svc: ignore=cpu-request-missing reason=later\nresources: "),
            ("description:", "waivers: [{policy: image-latest, reason: old, until: 2020-01-01}]\ndescription:"),
        ]
    )
    file.write_text(text.replace(old, new, 1))


def _neighbour(chance: random.Random, root: Path) -> None:
    """The port or name that others refer to, of one environment or of all."""
    file = service(chance, root)
    text = file.read_text()
    if chance.random() < 0.5:
        file.write_text(text.replace("production: {scale", "production: {ports: {http: 8443}, scale", 1))
        return
    file.write_text(text.replace("http: ", "web: ", 1) if "web: " not in text else text.replace("web: ", "http: ", 1))


def _workspace(chance: random.Random, root: Path) -> None:
    file = root / "svc-workspace.yaml"
    text = file.read_text().partition("policy:")[0]
    policy = ["", "policy: {profile: strict}\n", "policy: {severities: {'no-cpu-limit': error}}\n"]
    file.write_text(text + chance.choice(policy))


def _beside(chance: random.Random, root: Path) -> None:
    folder = service(chance, root).parent
    chance.choice(["package-lock.json", "pom.xml", "app.py", "requirements.txt", "go.sum"])
    (folder / chance.choice(["package-lock.json", "requirements.txt", "go.sum"])).write_text(str(chance.random()))


def _gone(chance: random.Random, root: Path) -> None:
    files = sorted(root.glob("services/*/service.yaml"))
    if len(files) > 4:
        chance.choice(files).unlink()


def _output(chance: random.Random, root: Path) -> None:
    found = [path for path in sorted(root.glob("services/*/chart/**/*")) if path.is_file()]
    if found:
        chosen = chance.choice(found)
        chosen.unlink() if chance.random() < 0.5 else chosen.write_text("edited by hand\n")


def _damage(chance: random.Random, root: Path) -> None:
    found = [path for path in sorted(Path(os.environ["SVC_CACHE_DIR"]).glob("??/*")) if path.is_file()]
    if found:
        chance.choice(found).write_bytes(b"svc1" + chance.randbytes(50))


EDITS: tuple[Edit, ...] = (_spec, _spec, _neighbour, _workspace, _beside, _gone, _output, _damage)
