"""Values that fit the schema of compose files, and that Docker refuses when it starts the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svc.diagnostics import Problem, Route
from svc.patterns import regex

_RESTART = regex(r"no|always|unless-stopped|on-failure(?::\d+)?")
_PORT = regex(r"(?:(?P<ip>\[[^\]]*\]|[\d.]+):)?(?:(?P<published>[\d-]*):)?(?P<target>[\d-]+)(?:/\w+)?")
_DURATION = regex(r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|[\u00b5\u03bc]s|ms|s|m|h|d|w))+|[+-]?0|")
"""`time.ParseDuration` of Go, which Docker asks, and the days and weeks that newer versions of compose-go take."""
_TIMES = ("interval", "timeout", "start_period", "start_interval")
_TESTS = ("NONE", "CMD", "CMD-SHELL")
_HIGHEST = 65535
_ID = "compose-value-refused"


def check(service: dict[str, Any], route: Route) -> Iterator[Problem]:
    restart = service.get("restart")
    if isinstance(restart, str) and "$" not in restart and restart and not _RESTART.fullmatch(restart):
        advice = "write `no`, `always`, `unless-stopped` or `on-failure:3`"
        yield Problem(_ID, (*route, "restart"), f"`{restart}` is no restart policy", advice)
    health = service.get("healthcheck")
    test = health.get("test") if isinstance(health, dict) else None
    if isinstance(test, list) and test and isinstance(test[0], str) and "$" not in test[0] and test[0] not in _TESTS:
        message = f"`{test[0]}` stands where a healthcheck says how its test is run"
        yield Problem(_ID, (*route, "healthcheck", "test", 0), message, "begin the list with CMD, CMD-SHELL or NONE")
    times = health if isinstance(health, dict) else {}
    for key in _TIMES:
        time = times.get(key)
        if isinstance(time, str) and "$" not in time and not _DURATION.fullmatch(time.strip()):
            message = f"`{time}` is no length of time"
            yield Problem(
                _ID, (*route, "healthcheck", key), message, "write a number with its unit, such as 10s or 1m30s"
            )
    ports = service.get("ports")
    for index, port in enumerate(ports if isinstance(ports, list) else ()):
        for number in _numbers(port):
            if number > _HIGHEST:
                message = f"{number} is no port: 1 to {_HIGHEST}"
                yield Problem(_ID, (*route, "ports", index), message, "write HOST:CONTAINER, such as 8080:80")


def _numbers(port: Any) -> Iterator[int]:
    if isinstance(port, dict):
        port = f"{port.get('published') or 1}:{port.get('target') or 1}"
    if isinstance(port, int) and not isinstance(port, bool):
        port = str(port)
    match = _PORT.fullmatch(port) if isinstance(port, str) else None
    for text in (match["published"], match["target"]) if match else ():
        yield from (int(one[:9]) for one in (text or "").split("-") if one.isdecimal())
