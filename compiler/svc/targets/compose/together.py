"""Keys of a service that contradict each other, and services that wait for each other: compose-go refuses the file.

After loader/validate.go. What one file says is refused whatever others are merged with it, but for `!reset`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.diagnostics import Problem, Route
from svc.suggest import nearest
from svc.tree import mapping

_ID = "compose-value-refused"
_WAYS = {"configs": ("file", "environment", "content"), "secrets": ("file", "environment")}
"""What the text of each may come out of."""
OF_SERVICES = ("ipc", "network_mode", "pid")
"""Keys by which a service takes what another has: `service:NAME`."""


def check(top: Mapping[str, Any]) -> Iterator[Problem]:
    """`top`: the whole file."""
    services = {name: one for name, one in mapping(top, "services").items() if isinstance(one, dict)}
    for name, service in services.items():
        yield from _exclusive(service, ("services", name))
        if "include" not in top:
            yield from _extended(service, ("services", name), mapping(top, "services"))
    yield from _waiting(services)
    yield from _declared(top)


def _declared(top: Mapping[str, Any]) -> Iterator[Problem]:
    """Secrets and configs that come out of two places, and volumes of others that are described."""
    for kind, ways in _WAYS.items():
        for name, one in mapping(top, kind).items():
            given = [way for way in ways if way in mapping(one)]
            if len(given) > 1:
                message = f"`{given[1]}` beside `{given[0]}`: `{name}` comes out of one of them"
                yield Problem(_ID, (kind, name, given[1]), message, "remove one of the two", anchor="key")
    for name, one in mapping(top, "volumes").items():
        told = [key for key in ("driver", "driver_opts", "labels") if key in mapping(one)]
        if told and mapping(one).get("external") is True:
            message = f"`{told[0]}` beside `external`: `{name}` is there already, and is made elsewhere"
            yield Problem(_ID, ("volumes", name, told[0]), message, "remove one of the two", anchor="key")


def _exclusive(service: dict[str, Any], route: Route) -> Iterator[Problem]:
    if _said(service.get("network_mode")) and isinstance(service.get("networks"), list | dict) and service["networks"]:
        message = "`networks` beside `network_mode`: a service has one of them"
        yield Problem(_ID, (*route, "networks"), message, "remove one of the two", anchor="key")
    build, platform = mapping(service, "build"), service.get("platform")
    built = build.get("platforms")
    if (
        isinstance(built, list)
        and built
        and _said(platform)
        and not any(one == platform or "$" in str(one) for one in built)
    ):
        message = f"the image is built for {', '.join(map(str, built))}, and is to run on {platform}"
        yield Problem(_ID, (*route, "platform"), message, f"add {platform} to `platforms` of the build")
    if _said(build.get("dockerfile")) and build.get("dockerfile_inline"):
        message = "`dockerfile_inline` beside `dockerfile`: an image is built from one of them"
        yield Problem(_ID, (*route, "build", "dockerfile_inline"), message, "remove one of the two", anchor="key")
    scale, replicas = service.get("scale"), mapping(service, "deploy").get("replicas")
    many = next((one for one in (scale, replicas) if isinstance(one, int) and one > 1), 0)
    if many and _said(service.get("container_name")):
        message = f"`container_name` beside {many} replicas: no two containers have one name"
        yield Problem(_ID, (*route, "container_name"), message, "remove `container_name`", anchor="key")
    if isinstance(scale, int) and isinstance(replicas, int) and scale != replicas:
        message = f"`scale` is {scale}, and `deploy.replicas` is {replicas}"
        yield Problem(_ID, (*route, "scale"), message, "remove `scale`")


def _said(value: Any) -> bool:
    """Whether a text says something, whatever the variables are."""
    return isinstance(value, str) and value != "" and "$" not in value


def _extended(service: dict[str, Any], route: Route, services: Mapping[str, Any]) -> Iterator[Problem]:
    """A service of the same file that another is built on: what other files have does not count."""
    extends = service.get("extends")
    named = extends.get("service") if isinstance(extends, dict) and not extends.get("file") else extends
    if not isinstance(named, str) or "$" in named or named in services:
        return
    known = [one for one in services if one != route[-1]]
    message = f"service `{route[-1]}` extends `{named}`, which this file does not have{nearest(named, known)}"
    at: Route = ("extends", "service") if isinstance(extends, dict) else ("extends",)
    yield Problem("compose-reference", (*route, *at), message, "name a service of this file, or its `file` as well")


def _waiting(services: Mapping[str, dict[str, Any]]) -> Iterator[Problem]:
    waits = {name: [one for one in _awaited(service) if one in services] for name, service in services.items()}
    if not _stuck(waits):
        return
    from svc.resolve.circles import circles

    for circle in circles(waits):
        path = " -> ".join([*circle, circle[0]])
        message = f"each of these services waits for the next one, so that none can start: {path}"
        at = ("services", circle[0], _key(services[circle[0]], circle[1 % len(circle)]))
        yield Problem(_ID, at, message, "let one of them start without the next")


def _stuck(waits: Mapping[str, list[str]]) -> bool:
    """Whether some services can never start, one after the other."""
    started: set[str] = set()
    left = list(waits)
    while left:
        after = [name for name in left if not started.issuperset(waits[name])]
        if len(after) == len(left):
            return True
        started.update(set(left) - set(after))
        left = after
    return False


def _awaited(service: dict[str, Any]) -> Iterator[str]:
    given = service.get("depends_on")
    if isinstance(given, dict):  # a service that is not required may be in no profile that is chosen
        given = [name for name, how in given.items() if mapping(how).get("required") is not False]
    yield from (str(one) for one in given if isinstance(one, str)) if isinstance(given, list) else ()
    links = service.get("links")
    yield from (str(one).partition(":")[0] for one in links) if isinstance(links, list) else ()
    for key in OF_SERVICES:
        mode = service.get(key)
        if isinstance(mode, str) and mode.startswith("service:"):
            yield mode.removeprefix("service:")


def _key(service: dict[str, Any], other: str) -> str:
    """By which key a service waits for another."""
    given = service.get("depends_on")
    if isinstance(given, list | dict) and other in given:
        return "depends_on"
    return next((key for key in OF_SERVICES if service.get(key) == f"service:{other}"), "links")
