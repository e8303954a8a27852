"""Values that fit the schema of compose files, and that Docker refuses when it starts the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route
from svc.patterns import regex

_RESTART = regex(r"no|always|unless-stopped|on-failure(?::\d+)?")
_PORT = regex(r"(?:(?P<ip>\[[^\]]*\]|\d+\.[\d.]+):)?(?:(?P<published>[\d-]*):)?(?P<target>[\d-]+)(?:/\w+)?")
_DURATION = regex(r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|[\u00b5\u03bc]s|ms|s|m|h|d|w))+|[+-]?0|")
"""`time.ParseDuration` of Go, which Docker asks, and the days and weeks that newer versions of compose-go take."""
_TIMES: tuple[Route, ...] = (
    *(("healthcheck", key) for key in ("interval", "timeout", "start_period", "start_interval")),
    ("stop_grace_period",),
    *(("deploy", part, key) for part in ("update_config", "rollback_config") for key in ("delay", "monitor")),
    *(("deploy", "restart_policy", key) for key in ("delay", "window")),
)
_SIZE = regex(r"[0-9]+(?:\.[0-9]+)* ?[kKmMgGtTpP]?[iI]?[bB]?|-1")
"""`RAMInBytes` of docker/go-units; -1 is no limit."""
_SIZES: tuple[Route, ...] = (
    *((key,) for key in ("mem_limit", "mem_reservation", "memswap_limit", "shm_size")),
    *(("deploy", "resources", part, "memory") for part in ("limits", "reservations")),
    ("build", "shm_size"),
)
_TESTS = ("NONE", "CMD", "CMD-SHELL")
_HIGHEST = 65535
_FROM_ROOT = regex(r"[/\\]|[A-Za-z]:[/\\]")
"""What a path begins with that means the same in every folder, on Linux and on Windows."""
_PART = regex(r"([A-Za-z]:\\[^:]*|[^:]*)(?::|$)")
"""Of a mount in its short form: the colon of a drive parts nothing."""
_ID = "compose-value-refused"


def check(service: dict[str, Any], route: Route, top: Mapping[str, Any] | None = None) -> Iterator[Problem]:
    """`top`: the whole file, for what the service names of it."""
    restart = service.get("restart")
    if isinstance(restart, str) and "$" not in restart and restart and not _RESTART.fullmatch(restart):
        advice = "write `no`, `always`, `unless-stopped` or `on-failure:3`"
        yield Problem(_ID, (*route, "restart"), f"`{restart}` is no restart policy", advice)
    health = service.get("healthcheck")
    test = health.get("test") if isinstance(health, dict) else None
    if isinstance(test, list) and test and isinstance(test[0], str) and "$" not in test[0] and test[0] not in _TESTS:
        message = f"`{test[0]}` stands where a healthcheck says how its test is run"
        yield Problem(_ID, (*route, "healthcheck", "test", 0), message, "begin the list with CMD, CMD-SHELL or NONE")
    yield from _times(service, route)
    yield from _sizes(service, route)
    ports = service.get("ports")
    for index, port in enumerate(ports if isinstance(ports, list) else ()):
        for number in _numbers(port):
            if number > _HIGHEST:
                message = f"{number} is no port: 1 to {_HIGHEST}"
                yield Problem(_ID, (*route, "ports", index), message, "write HOST:CONTAINER, such as 8080:80")
    yield from _mounts(service, route)
    if service.get("read_only") is True:
        yield from _written(service, route, top or {})


def _times(service: dict[str, Any], route: Route) -> Iterator[Problem]:
    advice = "write a number with its unit, such as 10s or 1m30s"
    for within in _TIMES:
        time = _at(service, within)
        if isinstance(time, str) and "$" not in time and not _DURATION.fullmatch(time.strip()):
            yield Problem(_ID, (*route, *within), f"`{time}` is no length of time", advice)
        elif isinstance(time, int | float) and not isinstance(time, bool):
            message = f"{time} is a number, and a length of time is a text with a unit"
            yield Problem(_ID, (*route, *within), message, f"write {time}s if seconds are meant")


def _sizes(service: dict[str, Any], route: Route) -> Iterator[Problem]:
    for within in _SIZES:
        size = _at(service, within)
        if isinstance(size, str) and "$" not in size and not _SIZE.fullmatch(size.strip()):
            message = f"`{size}` is no size"
            yield Problem(_ID, (*route, *within), message, "write a number with its unit, such as 512m or 2g")


def _at(node: Any, within: Route) -> Any:
    for key in within:
        node = node.get(key) if isinstance(node, dict) else None
    return node


def _mounts(service: dict[str, Any], route: Route) -> Iterator[Problem]:
    """Where in the container something is mounted: Docker does not start one with a path that depends on a folder."""
    for key in ("volumes", "tmpfs"):
        given = service.get(key)
        for index, one in enumerate(given if isinstance(given, list) else [given] if isinstance(given, str) else ()):
            within = ("target",) if isinstance(one, dict) else ()
            at = (*route, key, *((index,) if isinstance(given, list) else ()), *within)
            target = one.get("target") if isinstance(one, dict) else _target(one, key) if isinstance(one, str) else ""
            if isinstance(target, str) and target and "$" not in target and not _FROM_ROOT.match(target):
                message = f"`{target}` is where it is mounted in the container, and does not begin at the root there"
                yield Problem(_ID, at, message, f"write the whole path, such as /{target.lstrip('./~') or 'data'}")


def _target(text: str, key: str) -> str:
    """The path in the container of a mount in its short form; none where variables may hide where it begins."""
    if "$" in text:
        return ""
    if key == "tmpfs":
        return text.partition(":")[0]
    parts = _PART.findall(text)
    return parts[1] or parts[0] if len(parts) > 1 else ""


def _written(service: dict[str, Any], route: Route, top: Mapping[str, Any]) -> Iterator[Problem]:
    """Texts that Compose copies into the container that it has made, whose root file system takes nothing."""
    for kind in ("configs", "secrets"):
        declared, given = top.get(kind), service.get(kind)
        for index, one in enumerate(given if isinstance(given, list) else ()):
            name = one.get("source") if isinstance(one, dict) else one
            found = declared.get(name) if isinstance(declared, dict) and isinstance(name, str) else None
            how = next((key for key in ("content", "environment") if isinstance(found, dict) and key in found), "")
            if how:
                message = f"`{name}` is given by `{how}`, which Compose cannot write into a read-only root file system"
                advice = f"give `{name}` a `file`, which is mounted, or leave `read_only` out"
                yield Problem(_ID, (*route, kind, index), message, advice)


def _numbers(port: Any) -> Iterator[int]:
    if isinstance(port, dict):
        port = f"{port.get('published') or 1}:{port.get('target') or 1}"
    if isinstance(port, int) and not isinstance(port, bool):
        port = str(port)
    match = _PORT.fullmatch(port) if isinstance(port, str) else None
    for text in (match["published"], match["target"]) if match else ():
        yield from (int(one[:9]) for one in (text or "").split("-") if one.isdecimal())
