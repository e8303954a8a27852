"""Values that fit the schema are judged as Docker and compose read them."""

from __future__ import annotations

from typing import Any

import pytest

from svc.targets.compose.refused import check
from svc.targets.compose.schema import schema_errors


@pytest.mark.parametrize(
    "time", ["10s", "1m30s", ".5s", "+5s", "1.5h", "5us", "5\u00b5s", "5\u03bcs", "0", "1d", "2w", "${WAIT}"]
)
def test_what_either_reads_is_taken(time: str) -> None:
    assert not list(check({"healthcheck": {"interval": time}}, ()))


@pytest.mark.parametrize("time", ["10", "10 s", ".s", "5 seconds", "s", "1.2.3s", "+", "٥s"])
def test_what_neither_reads_is_refused(time: str) -> None:
    assert [one.route for one in check({"healthcheck": {"interval": time}}, ())] == [("healthcheck", "interval")]


NUMBERS: list[dict[str, Any]] = [
    {"healthcheck": {"interval": 5}},
    {"healthcheck": {"timeout": 0}},
    {"healthcheck": {"start_period": 1.5}},
    {"stop_grace_period": 10},
    {"deploy": {"restart_policy": {"delay": 5}}},
    {"deploy": {"update_config": {"monitor": 60}}},
]


@pytest.mark.parametrize("service", NUMBERS, ids=str)
def test_a_bare_number_is_no_length_of_time(service: dict[str, Any]) -> None:
    said = list(check(service, ()))
    assert [one.id for one in said] == ["compose-value-refused"]
    assert "is a number, and a length of time is a text with a unit" in said[0].message
    assert schema_errors({"services": {"a": {"image": "a", **service}}})  # so says the published schema, too


def test_numbers_of_other_things_are_no_lengths_of_time() -> None:
    service = {"healthcheck": {"retries": 3, "x-interval": 5}, "stop_grace_period": "1m", "deploy": {"replicas": 2}}
    assert not list(check(service, ()))


@pytest.mark.parametrize(
    ("mounts", "wanted"),
    [
        ({"volumes": ["./y:data"]}, ("volumes", 0)),
        ({"volumes": ["data:/data", "cache:var/cache:ro"]}, ("volumes", 1)),
        ({"volumes": ["./z"]}, ("volumes", 0)),
        ({"volumes": ["C:\\x:data"]}, ("volumes", 0)),
        ({"volumes": [{"type": "bind", "source": "./x", "target": "data"}]}, ("volumes", 0, "target")),
        ({"tmpfs": ["/run", "tmp:size=10m"]}, ("tmpfs", 1)),
        ({"tmpfs": "run"}, ("tmpfs",)),
    ],
)
def test_a_mount_that_begins_in_no_folder_is_refused(mounts: dict[str, Any], wanted: tuple[str | int, ...]) -> None:
    assert [one.route for one in check(mounts, ())] == [wanted]


@pytest.mark.parametrize(
    "mounts",
    [
        {
            "volumes": [
                "./y:/data",
                "/data",
                "C:\\x:/y",
                "C:\\x:D:\\y:ro",
                "c:/x:/y",
                "v:/data:ro",
                "data:${DIR}",
                "${DATA:-./data}:/data",
            ]
        },
        {"volumes": ["${PAIR}", "~/x:/x", "\\\\.\\pipe\\docker_engine:\\\\.\\pipe\\docker_engine", "D:\\data"]},
        {
            "volumes": [
                {"type": "tmpfs", "target": "/tmp"},
                {"type": "bind", "source": "x", "target": "${DIR}"},
                7,
                None,
            ]
        },
        {"volumes": None, "tmpfs": ["/run", "/tmp:size=10m,mode=1777", "${SCRATCH}"]},
        {"configs": [{"source": "c", "target": "etc/c.conf"}], "secrets": [{"source": "t", "target": "token"}]},
    ],
    ids=str,
)
def test_whole_paths_variables_and_other_things_are_taken(mounts: dict[str, Any]) -> None:
    assert not list(check(mounts, (), {"configs": {"c": {"content": "a"}}}))


TOP = {
    "configs": {"text": {"content": "a: 1"}, "file": {"file": "./a"}, "there": {"external": True}, "odd": None},
    "secrets": {"token": {"environment": "TOKEN"}, "key": {"file": "./key"}},
}


@pytest.mark.parametrize(
    ("service", "wanted"),
    [
        ({"configs": ["file", "text"]}, [("configs", 1)]),
        ({"configs": [{"source": "text", "target": "/etc/a"}], "secrets": ["token"]}, [("configs", 0), ("secrets", 0)]),
        ({"configs": ["file", "there", "odd", "nowhere", 7], "secrets": [{"source": "key"}]}, []),
    ],
)
def test_compose_writes_no_text_into_a_read_only_file_system(
    service: dict[str, Any], wanted: list[tuple[str | int, ...]]
) -> None:
    assert [one.route for one in check({"read_only": True, **service}, (), TOP)] == wanted
    for writable in ({}, {"read_only": False}, {"read_only": "${RO}"}):
        assert not list(check({**writable, **service}, (), TOP))


@pytest.mark.parametrize(
    ("size", "right"), [("512m", True), ("1.5 GiB", True), ("2gb", True), ("-1", True), ("${M}", True), ("512MBB", False), ("much", False)]
)  # fmt: skip
def test_sizes_are_docker_s(size: str, right: bool) -> None:
    service = {"mem_limit": size, "deploy": {"resources": {"limits": {"memory": size}}}, "build": {"shm_size": size}}
    found = [one.route for one in check(service, ("a",))]
    wrong = [("a", "mem_limit"), ("a", "deploy", "resources", "limits", "memory"), ("a", "build", "shm_size")]
    assert found == ([] if right else wrong)
