"""What a container mounts at a path is what the spec says of that path, whatever else the pod's containers mount."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svc.model.storage import File
from svc.pipeline import Compiled, Request, compile_
from svc.resolve import volumes
from svc.resolve.types.process import Process
from svc.resolve.types.volumes import Claim, ConfigFiles, Scratch, SecretFiles, Volume
from svc.resolve.types.workloads import Workload

IMAGE = "ghcr.io/acme/web:1.4.2@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
PATHS = (
    "/tmp",
    "/tmp/a",
    "/tmp-a",
    "/Tmp_A",
    "/files",
    "/a/b",
    "/a-b",
    "/log-tmp",
    "/" + "long/" * 12 + "a",
    "/" + "long/" * 12 + "b",
)
"""Several of them would give their volumes one name."""

_HELD = st.sampled_from(
    [
        {},
        {"content": "a"},
        {"content": "b", "mode": "0400"},
        {"config": "c"},
        {"config": "c", "items": {"x": "y"}},
        {"secret": "s", "key": "k"},
    ]
)
_HELD_AT = st.dictionaries(st.sampled_from(PATHS), _HELD, max_size=5)


def _container(held: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A path without anything is writable."""
    return {
        "writable": [path for path, one in held.items() if not one],
        "files": {path: one for path, one in held.items() if one},
    }


def _compiled(folder: Path, spec: dict[str, Any]) -> Compiled:
    head = {"apiVersion": "svc/v1", "name": "web", "image": IMAGE, "ports": {"http": 8080}, "health": "/healthz"}
    (folder / "service.yaml").write_text(json.dumps({**head, **spec}), "utf-8")
    return compile_(Request((folder / "service.yaml",), Path.as_posix, date(2026, 11, 24), targets=("helm",)))


def _processes(workload: Workload) -> Iterator[Process]:
    yield from (workload.main, *workload.init, *workload.sidecars)


def _wanted(one: dict[str, Any], volume: Volume, sub_path: str, texts: dict[str, str]) -> bool:
    match volume:
        case Scratch():
            return not one
        case Claim():
            return "size" in one
        case SecretFiles(secret=name, items=items):
            return (one.get("secret"), [key for key, at, _ in items if at == sub_path]) == (name, [one.get("key")])
        case ConfigFiles(config="c", items=items):
            return one.get("config") == "c" and {name: key for key, name, _ in items} == one.get("items", {})
        case ConfigFiles(items=items):
            held = [(texts[key], mode) for key, at, mode in items if at == sub_path]
            return held == [(one.get("content"), 0o400 if "mode" in one else None)]


@given(main=_HELD_AT, sidecar=_HELD_AT, init=_HELD_AT)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_each_container_has_what_its_paths_say(
    tmp_path_factory: pytest.TempPathFactory, main: dict[str, Any], sidecar: dict[str, Any], init: dict[str, Any]
) -> None:
    beside = {
        "sidecars": {"log": {"image": IMAGE, **_container(sidecar)}},
        "init": {"wait": {"image": IMAGE, **_container(init)}},
    }
    compiled = _compiled(tmp_path_factory.mktemp("pod"), {**_container(main), **beside})
    errors = {one.id for one in compiled.diagnostics if one.severity.word == "error"}
    if errors:
        assert errors == {"file-key-clash"}  # two texts in one ConfigMap that differ
        return
    workload = compiled.units[0].first.server
    assert workload is not None
    texts = dict(next((one.data for one in compiled.units[0].first.configs), ()))
    volumes = {one.name: one for one in workload.volumes}
    assert len(volumes) == len(workload.volumes)
    scratch: set[str] = set()
    for process, held in zip(_processes(workload), (main, init, sidecar), strict=True):
        assert [mount.path for mount in process.mounts] == sorted(held)
        for mount in process.mounts:
            assert _wanted(held[mount.path], volumes[mount.volume], mount.sub_path, texts), (process.name, mount.path)
            if not held[mount.path]:
                assert mount.volume not in scratch, "nobody asked to share it"
                scratch.add(mount.volume)


def test_a_shared_path_is_the_same_volume(tmp_path: Path) -> None:
    spec = {"writable": ["/cache"], "sidecars": {"log": {"image": IMAGE, "share": ["/cache"]}}}
    workload = _compiled(tmp_path, spec).units[0].first.server
    assert workload is not None
    assert [one.mounts[0].volume for one in _processes(workload)] == ["cache", "cache"]
    assert [one.name for one in workload.volumes] == ["cache"]


def test_a_claim_keeps_its_name_whatever_comes_beside_it(tmp_path: Path) -> None:
    spec = {"volumes": {"/data/x": {"size": "1Gi"}}, "writable": ["/data-x"], "files": {"/data_x": {"secret": "s"}}}
    workload = _compiled(tmp_path, spec).units[0].first.server
    assert workload is not None
    (claim,) = (one for one in workload.volumes if isinstance(one, Claim))
    assert claim.name == "data-x"
    assert len({one.name for one in workload.volumes}) == 3


@pytest.mark.parametrize(
    ("path", "key"), [("/etc/...", "_.."), ("/etc/..a", "_.a"), ("/etc/.env", ".env"), ("/etc/a b", "a_b")]
)
def test_keys_of_files_are_those_that_the_api_takes(path: str, key: str) -> None:
    assert volumes._key(path, {path: File(content="a")}) == key
