"""What somebody wrote by hand is not written over, and the cache tells nothing that the outputs do not."""

from __future__ import annotations

import contextlib
import hashlib
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.bounded import refused, svc

MINE = "# written by hand\napiVersion: svc/v1\nname: mine\nimage: a/b:1\n"
COMPOSE = "services:\n  shop:\n    image: a/b:1\n"
GENERATED = """\
apiVersion: svc/v1
name: shop
image: ghcr.io/acme/shop:1.4.2@sha256:4f3bfd1ab2a6b2a0d2d7d5c1cb3f4d1e7a5d9a0b8f1c2d3e4f5a6b7c8d9e0f1a
ports: {http: 8080}
health: /healthz
"""
EDITABLE = {
    "old/Dockerfile": "FROM alpine:3.20\nRUN apk add curl\nUSER 10001\n",
    "old/service.yaml": "name: old\nimage: ghcr.io/acme/old:1\napiVersion: svc/v1\n",
}
CANARY = "ghp_" + "Zq7Xw2Rt9Bn4Kc6Vm1Lp8Js3Hd5Gf0YaEuIo"
LENGTH = struct.Struct("<Q")


def test_init_keeps_a_spec(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module a\ngo 1.26\n")
    (tmp_path / "service.yaml").write_text(MINE)
    refused(svc("init", "--defaults", "--name", "shop", cwd=tmp_path), "exists")
    assert (tmp_path / "service.yaml").read_text() == MINE


def test_import_keeps_a_spec(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "service.yaml").write_text(MINE)
    refused(svc("import", "--out", "service.yaml", "compose.yaml", cwd=tmp_path), "exists already")
    assert (tmp_path / "service.yaml").read_text() == MINE


@pytest.mark.parametrize("verb", [("fmt",), ("lint", "--fix", "--unsafe-fixes")], ids=lambda verb: verb[0])
@pytest.mark.parametrize("generated", [True, False])
def test_what_svc_writes_is_not_edited(verb: tuple[str, ...], generated: bool, tmp_path: Path) -> None:
    """Two files that have something to edit: they stay as long as the record says that svc wrote them."""
    (tmp_path / "service.yaml").write_text(GENERATED)
    assert svc("compile", "service.yaml", cwd=tmp_path).code == 0
    for name, text in EDITABLE.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    record = tmp_path / ".svc-outputs.json"
    known = json.loads(record.read_text())
    if generated:
        known["files"] |= {
            name: {"owner": "old/docker", "sha256": hashlib.sha256(text.encode()).hexdigest()}
            for name, text in EDITABLE.items()
        }
        record.write_text(json.dumps(known))
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file() and one.name != "service.yaml"}
    svc(*verb, ".", cwd=tmp_path)
    edited = [name for name, text in EDITABLE.items() if (tmp_path / name).read_text() != text]
    assert edited == ([] if generated else ["old/service.yaml"] if verb[0] == "fmt" else ["old/Dockerfile"])
    assert not generated or {one: one.read_bytes() for one in before} == before


def test_a_baseline_is_not_written_over_another_file(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(GENERATED)
    (tmp_path / "notes.txt").write_text("by hand\n")
    refused(svc("lint", "--write-baseline", "notes.txt", "service.yaml", cwd=tmp_path), "notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "by hand\n"
    assert svc("lint", "--write-baseline", "base.json", "service.yaml", cwd=tmp_path).code == 0
    assert svc("lint", "--write-baseline", "base.json", "service.yaml", cwd=tmp_path).code == 0


@pytest.mark.parametrize(
    "part",
    [
        f"env: {{API_TOKEN: {CANARY}}}\n",
        f"env: {{DATABASE: 'postgres://u:{CANARY}@db/a'}}\n",
        f"files: {{/etc/a.conf: {{content: 'token={CANARY}'}}}}\n",
        f"needs: {{db: {{type: postgres, password: {CANARY}}}}}\n",
    ],
)
def test_the_cache_holds_no_secret_that_was_refused(part: str, tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(GENERATED + part)
    cache = tmp_path / "cache"
    ran = svc("compile", "--out", "out", "service.yaml", cwd=tmp_path, environ={"SVC_CACHE_DIR": str(cache)})
    assert ran.code in (1, 2)
    assert CANARY not in ran.said
    assert not [one for one in entries(cache) if CANARY.encode() in one]


def test_the_cache_is_looked_into(tmp_path: Path) -> None:
    """What the test above looks for is found where it stands in a spec that nobody refuses."""
    (tmp_path / "service.yaml").write_text(GENERATED + "env: {GREETING: hello-everybody}\n")
    cache = tmp_path / "cache"
    svc("compile", "--out", "out", "service.yaml", cwd=tmp_path, environ={"SVC_CACHE_DIR": str(cache)})
    assert [one for one in entries(cache) if b"hello-everybody" in one]


def entries(cache: Path) -> list[bytes]:
    """Every file of a cache, unpacked: a head of 36 bytes, then two pieces, the first with its length and compressed, the
    second where its maker wanted it so."""
    unpacked = []
    for one in cache.rglob("*"):
        data = one.read_bytes() if one.is_file() and not one.name.startswith(".") else b""
        if data.startswith(b"svc"):
            assert data.startswith(b"svc2")
            start = 36 + LENGTH.size
            end = start + LENGTH.unpack_from(data, 36)[0]
            beside = data[end:]
            with contextlib.suppress(zlib.error):
                beside = zlib.decompress(beside)
            unpacked.append(zlib.decompress(data[start:end]) + beside)
        else:
            unpacked.append(data)
    return unpacked


EDITS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "by hand": (lambda data: data + b"# mine\n", "was edited by hand"),
    "line breaks": (lambda data: data.replace(b"\n", b"\r\n"), "has other line breaks"),
    "one line break": (lambda data: data[:-1], "was edited by hand"),
    "a mark": (lambda data: b"\xef\xbb\xbf" + data, "was edited by hand"),
    "emptied": (lambda data: b"", "was edited by hand"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_output_stays_whatever_the_edit(edit: str, tmp_path: Path) -> None:
    change, words = EDITS[edit]
    (tmp_path / "service.yaml").write_text(GENERATED)
    command = ("compile", "--target", "helm", "--out", "out", "service.yaml")
    assert svc(*command, cwd=tmp_path).code == 0
    file = tmp_path / "out/chart/values.yaml"
    file.write_bytes(change(file.read_bytes()))
    before = {one: one.read_bytes() for one in (tmp_path / "out").rglob("*") if one.is_file()}
    (tmp_path / "service.yaml").write_text(GENERATED + "user: 10002\n")
    refused(svc(*command, cwd=tmp_path), "chart/values.yaml", words)
    assert {one: one.read_bytes() for one in (tmp_path / "out").rglob("*") if one.is_file()} == before


def test_another_mode_is_no_edit(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text(GENERATED)
    command = ("compile", "--target", "helm", "--out", "out", "service.yaml")
    assert svc(*command, cwd=tmp_path).code == 0
    file = tmp_path / "out/chart/values.yaml"
    file.chmod(0o600)
    before = file.stat()
    assert svc(*command, "--check", cwd=tmp_path).code == 0
    assert svc(*command, cwd=tmp_path).code == 0
    assert (file.stat().st_mode, file.stat().st_ino) == (before.st_mode, before.st_ino)


@pytest.mark.parametrize("made", ["file", "link", "dangling link"])
def test_a_new_policy_is_written_over_nothing(made: str, tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "mine").write_text(MINE)
    file = tmp_path / "pack/own.yaml"
    if made == "file":
        file.write_text(MINE)
    else:
        file.symlink_to(tmp_path / ("mine" if made == "link" else "nothing"))
    refused(svc("policies", "new", "pack/own", cwd=tmp_path), "exists already")
    assert (tmp_path / "mine").read_text() == MINE
    assert not (tmp_path / "nothing").exists()
