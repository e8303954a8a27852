"""Values that fit the schema of compose files, and that Docker refuses when it starts the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route
from svc.patterns import regex
from svc.targets.compose import cast, ports
from svc.tree import mappings

_RESTART = regex(r"no|always|unless-stopped|on-failure(?::\d+)?")
_PULLED = regex(r"always|never|build|if_not_present|missing|refresh|daily|weekly|every_(?:[0-9]+[wdhms])+")
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
_FROM_ROOT = regex(r"[/\\]|[A-Za-z]:[/\\]")
"""What a path begins with that means the same in every folder, on Linux and on Windows."""
_PART = regex(r"([A-Za-z]:\\[^:]*|[^:]*)(?::|$)")
"""Of a mount in its short form: the colon of a drive parts nothing."""
_ID = "compose-value-refused"


def check(service: dict[str, Any], route: Route, top: Mapping[str, Any] | None = None) -> Iterator[Problem]:
    """`top`: the whole file, for what the service names of it."""
    yield from _policies(service, route)
    health = service.get("healthcheck")
    test = health.get("test") if isinstance(health, dict) else None
    if isinstance(test, list) and test and isinstance(test[0], str) and "$" not in test[0] and test[0] not in _TESTS:
        message = f"`{test[0]}` stands where a healthcheck says how its test is run"
        yield Problem(_ID, (*route, "healthcheck", "test", 0), message, "begin the list with CMD, CMD-SHELL or NONE")
    yield from _times(service, route)
    yield from _sizes(service, route)
    hosts = service.get("extra_hosts")
    for index, one in enumerate(hosts if isinstance(hosts, list) else ()):
        if isinstance(one, str) and not {":", "=", "$"} & set(one):
            message = f"`{one}` is a host without an address"
            yield Problem(_ID, (*route, "extra_hosts", index), message, f"write {one or 'NAME'}=ADDRESS")
    yield from cast.check(service, route)
    yield from ports.check(service, route)
    yield from _mounts(service, route)
    for index, one in mappings(service, "develop", "watch"):
        if one.get("action") in ("sync", "sync+restart", "sync+exec") and not one.get("target"):
            message = f"`{one['action']}` has no `target`, which is the path in the container"
            yield Problem(_ID, (*route, "develop", "watch", index), message, "write target: /PATH")
    if service.get("read_only") is True:
        yield from _written(service, route, top or {})


def _policies(service: dict[str, Any], route: Route) -> Iterator[Problem]:
    restart, pulled = service.get("restart"), service.get("pull_policy")
    if isinstance(restart, str) and "$" not in restart and restart and not _RESTART.fullmatch(restart):
        advice = "write `no`, `always`, `unless-stopped` or `on-failure:3`"
        yield Problem(_ID, (*route, "restart"), f"`{restart}` is no restart policy", advice)
    if isinstance(pulled, str) and "$" not in pulled and not _PULLED.fullmatch(pulled):
        advice = "write always, missing, never, build, daily, weekly or every_12h"
        yield Problem(_ID, (*route, "pull_policy"), f"`{pulled}` is no policy of pulling", advice)


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
    taken: set[str] = set()
    for key in ("tmpfs", "volumes"):
        given = service.get(key)
        alone = isinstance(given, str) and key == "tmpfs"
        for index, one in enumerate([given] if alone else given if isinstance(given, list) else ()):
            within = ("target",) if isinstance(one, dict) else ()
            at = (*route, key, *(() if alone else (index,)))
            target = one.get("target") if isinstance(one, dict) else _target(one, key) if isinstance(one, str) else ""
            if (said := _halved(one)) is not None:
                yield Problem(_ID, at, *said)
            elif isinstance(target, str) and target and "$" not in target and not _FROM_ROOT.match(target):
                message = f"`{target}` is where it is mounted in the container, and does not begin at the root there"
                yield Problem(
                    _ID, (*at, *within), message, f"write the whole path, such as /{target.lstrip('./~') or 'data'}"
                )
            elif isinstance(target, str) and target in taken and key == "volumes":
                yield Problem(
                    _ID, (*at, *within), f"`{target}` is mounted twice in this service", "remove one of the two"
                )
            elif key == "tmpfs" and isinstance(target, str):
                taken.add(target)


def _halved(mount: Any) -> tuple[str, str] | None:
    """A mount without one of its ends."""
    if mount == "":
        return "the mount is empty", "write SOURCE:TARGET, such as data:/data"
    if not isinstance(mount, dict):
        return None
    if not mount.get("target"):
        return "the mount has no `target`, which is the path in the container", "write target: /PATH"
    if mount.get("type") == "bind" and not mount.get("source"):
        return "a mount of type `bind` has no `source`, which is the path on this machine", "write source: ./PATH"
    return None


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
