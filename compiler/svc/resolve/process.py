"""One container's facts: environment, resources, mounts. A job or worker inherits the service's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from svc.diagnostics import Route, Severity
from svc.model.amounts import CPU, DISK, DISK_LIMIT, MEMORY, SLOW, memory_of
from svc.model.env import EnvFrom as GivenEnvFrom
from svc.model.env import EnvFromSource as GivenEnvFromSource
from svc.model.env import Secret as GivenSecret
from svc.model.image import image_parts
from svc.model.process import Amounts as GivenAmounts
from svc.model.process import Container as GivenContainer
from svc.model.process import Resources as GivenResources
from svc.model.rollout import Rollout as GivenRollout
from svc.model.rollout import StopRequest as GivenStopRequest
from svc.model.service import Service
from svc.records import replace
from svc.resolve import names
from svc.resolve.context import Context
from svc.resolve.ports import health, ports, stop_request
from svc.resolve.quantities import exceeds, times_ten, total
from svc.resolve.references import Scope, expand, hook_words, note_later, words
from svc.resolve.types.images import Image
from svc.resolve.types.process import (
    ConfigKey,
    EnvFrom,
    Health,
    HttpStop,
    Port,
    Process,
    Resources,
    SecretKey,
    Variable,
)
from svc.resolve.types.volumes import Scratch
from svc.resolve.volumes import Storage, storage


def image_of(context: Context, text: str | None, at: Route) -> Image:
    """An image built elsewhere as it is written, or the service's own."""
    if text is None:
        return context.image
    repository, tag, digest = image_parts(text) or (text, "", "")
    return Image(repository, tag, digest, False, at)


def process(
    context: Context,
    name: str,
    part: GivenContainer | Service,
    at: Route,
    *,
    inherit: Service | None = None,
    with_health: bool = True,
) -> tuple[Process, Storage]:
    """The container, and what it mounts: `of_pod` puts the mounts into it."""
    opened = ports(context, part.ports, at)
    environment = _environment(context, part, at, inherit, opened)
    there = frozenset(one.name for one in environment)
    known = Scope(opened or ports_of_main(context), there, there, files=_mounted(part, inherit) - there)
    stored = storage(context, part, at, inherit)
    user, group = _account(context.service, part)
    service = part if isinstance(part, Service) else None
    pre_stop = _pre_stop(context, part, at, opened, known)
    image = context.image if service is not None else image_of(context, getattr(part, "image", None), (*at, "image"))
    workdir = part.workdir or (inherit.workdir if inherit is not None else None) or ""
    made = Process(
        name=name,
        image=image,
        command=words(context, part.command, known, (*at, "command")),
        args=words(context, part.args, known, (*at, "args")),
        workdir=workdir,
        env=environment,
        env_from=(*(_env_from(inherit.env_from, ()) if inherit is not None else ()), *_env_from(part.env_from, at)),
        mounts=(),
        ports=opened,
        health=_health(context, part, at, replace(known, ports=opened)) if with_health else Health(),
        resources=resources(context, *_given_resources(context, part, at), _large(stored), _memory(context, part, at)),
        user=user,
        group=group,
        read_only_root=service.read_only if service is not None else True,
        add_capabilities=tuple(part.capabilities),
        pre_stop=pre_stop,
        at=at,
    )
    return made, stored


def _health(context: Context, part: GivenContainer | Service, at: Route, scope: Scope) -> Health:
    build = context.service.build
    own = not at or getattr(part, "image", None) is None
    slow = own and build is not None and build.language in SLOW
    return health(context, part.health, scope, (*at, "health"), slow=slow)


def _pre_stop(
    context: Context, part: GivenContainer | Service, at: Route, opened: tuple[Port, ...], scope: Scope
) -> tuple[str, ...] | int | HttpStop | None:
    """What the service or a worker says; a service that is connected to waits until nobody sends it anything."""
    rolled: GivenRollout | None = getattr(part, "rollout", None)
    given = rolled.pre_stop if rolled is not None else None
    if isinstance(given, GivenStopRequest):
        return stop_request(context, given.http, opened, (*at, "rollout", "pre_stop", "http"))
    if isinstance(given, list):
        return hook_words(context, given, scope, (*at, "rollout", "pre_stop"))
    if given is not None:
        return given or None
    return min(5, grace_of(context.service) // 2) or None if opened and isinstance(part, Service) else None


def grace_of(service: Service) -> int:
    return service.rollout.grace if service.rollout is not None and service.rollout.grace is not None else 30


def _account(service: Service, part: GivenContainer | Service) -> tuple[int, int]:
    """User and group of a process: the group is the service's, and the user's number without one."""
    given = part.user if part.user is not None else service.user
    user = given if given is not None else names.UID
    return user, service.group if service.group is not None else user


def _env_from(given: Sequence[GivenEnvFrom], at: Route) -> Iterator[EnvFrom]:
    for index, one in enumerate(given):
        kind: Literal["secret", "config"] = "secret" if one.secret is not None else "config"
        yield EnvFrom(kind, one.secret or one.config or "", one.prefix, one.optional, (*at, "env_from", index))


def _environment(
    context: Context, part: GivenContainer | Service, at: Route, inherit: Service | None, opened: tuple[Port, ...]
) -> tuple[Variable, ...]:
    entries: dict[str, tuple[GivenEnvFromSource, Route]] = {}
    secrets: dict[str, tuple[GivenSecret, Route]] = {}
    if inherit is not None:
        entries.update({name: (value, ("env", name)) for name, value in inherit.env.items()})
        secrets.update({name: (value, ("secrets", name)) for name, value in inherit.secrets.items()})
    entries.update({name: (value, (*at, "env", name)) for name, value in part.env.items()})
    secrets.update({name: (value, (*at, "secrets", name)) for name, value in part.secrets.items()})
    made: dict[str, Variable] = {}
    for name, (secret, route) in secrets.items():
        if secret.file is None:
            made[name] = Variable(name, secret_key(context, name, secret), route)
    reachable, files = opened or tuple(p for p in ports_of_main(context)), _mounted(part, inherit)
    for name, (entry, route) in entries.items():
        if name in secrets and secrets[name][0].file is None:
            context.report(
                "variable-twice",
                route,
                f"`{name}` is in `env` and in `secrets`: keep one",
                related=(("the secret", secrets[name][1]),),
                anchor="key",
            )
            continue
        later = frozenset(entries) - frozenset(made)
        scope = Scope(reachable, frozenset(made), frozenset(secrets) - files, later, files)
        for one in _variable(context, name, entry, route, scope):
            made.setdefault(one.name, one)
    return tuple(made.values())


def _mounted(part: GivenContainer | Service, inherit: Service | None) -> frozenset[str]:
    """The secrets of a process that are files."""
    every = {**(inherit.secrets if inherit is not None else {}), **part.secrets}
    return frozenset(name for name, one in every.items() if one.file is not None)


def ports_of_main(context: Context) -> tuple[Port, ...]:
    return tuple(
        Port(name, port.port, port.service or port.port, "tcp") for name, port in context.service.ports.items()
    )


def secret_key(context: Context, name: str, secret: GivenSecret) -> SecretKey:
    if secret.secret is not None:
        return SecretKey(secret.secret, secret.key or name, secret.optional)
    return SecretKey(names.secrets_object(context.service.name), name, secret.optional)


def _variable(context: Context, name: str, entry: GivenEnvFromSource, at: Route, scope: Scope) -> tuple[Variable, ...]:
    if entry.secret is not None:
        return (Variable(name, SecretKey(entry.secret, entry.key or name, entry.optional), at),)
    if entry.config is not None:
        return (Variable(name, ConfigKey(entry.config, entry.key or name, entry.optional), at),)
    note_later(context, entry.value or "", scope, at)
    helpers, value = expand(context, entry.value or "", scope, at)
    return (*helpers, Variable(name, value, at))


def _given_resources(
    context: Context, part: GivenContainer | Service, at: Route
) -> tuple[GivenResources | None, Route]:
    """A service that runs nothing itself gives its resources to its jobs and workers."""
    if part.resources is None and context.service.workload == "none":
        return context.service.resources, ("resources",)
    return part.resources, (*at, "resources")


Memory = tuple[str, str]
"""What is asked for, and the limit."""


def _memory(context: Context, part: GivenContainer | Service, at: Route) -> Memory:
    """Of a process that says nothing: a step, job or worker loads what the service loads, whose image it runs."""
    if at and getattr(part, "image", None) is not None:
        return MEMORY, MEMORY
    build, given = context.service.build, context.service.resources
    usual = memory_of(build.language if build is not None else None)
    if given is None or at[:1] not in LIKE_THE_SERVICE:
        return usual, usual
    limit = given.limits.memory if given.limits is not None else None
    asked = (given.requests if given.requests is not None else given).memory or limit or usual
    return asked, limit or asked


LIKE_THE_SERVICE = (("init",), ("jobs",), ("workers",))
"""Where processes stand that have the service's memory, unless they name an image or an amount of their own."""


def _large(stored: Storage) -> tuple[Scratch, ...]:
    """Scratch on disk that what a process may use by default would not hold."""
    disks = (one for one, _ in stored.found if isinstance(one, Scratch) and not one.memory)
    return tuple(one for one in disks if exceeds(one.size, DISK_LIMIT))


def resources(
    context: Context, given: GivenResources | None, at: Route, large: tuple[Scratch, ...], usual: Memory
) -> Resources:
    """Requests and limits: memory is limited as requested, CPU to ten times the request, unless given. What stands in
    scratch on disk counts: a pod that uses more than its limit is evicted."""
    requests = given.requests if given is not None and given.requests is not None else given
    limits = given.limits if given is not None else None

    def asked(part: GivenAmounts | None, name: str) -> str | None:
        return getattr(part, name) if part is not None else None

    cpu = asked(requests, "cpu") or _lowest(CPU, asked(limits, "cpu"))
    own = asked(requests, "memory") or asked(limits, "memory")
    memory = own or usual[0]
    disk = asked(requests, "storage") or _lowest(DISK, asked(limits, "storage"))
    room = disk if exceeds(disk, DISK_LIMIT) else DISK_LIMIT
    top = {
        "cpu": asked(limits, "cpu") or times_ten(cpu),
        "ephemeral-storage": asked(limits, "storage") or (total(room, *(one.size for one in large)) if large else room),
        "memory": asked(limits, "memory") or own or usual[1],
    }
    wanted = {"cpu": cpu, "ephemeral-storage": disk, "memory": memory}
    for name, key in (("cpu", "cpu"), ("ephemeral-storage", "storage"), ("memory", "memory")):
        if exceeds(wanted[name], top[name]):
            context.report(
                "request-exceeds-limit",
                (*at, "limits", key),
                f"the {key} limit {top[name]} is below the request {wanted[name]}",
                help="raise the limit or lower the request",
            )
    for one in large:
        if exceeds(one.size, top["ephemeral-storage"]):
            _never_full(context, one, top["ephemeral-storage"], at)
    return Resources(tuple(sorted(wanted.items())), tuple(sorted(top.items())), at)


def _never_full(context: Context, scratch: Scratch, limit: str, at: Route) -> None:
    context.report(
        "scratch-exceeds-limit",
        (*scratch.at, "size"),
        f"the pod is evicted before this holds {scratch.size}: the storage limit is {limit}",
        help="raise `storage` under `resources.limits`, leave it out, or lower `size`",
        related=(("the limit", (*at, "limits", "storage")),),
        severity=Severity.WARNING,
    )


def _lowest(default: str, limit: str | None) -> str:
    return limit if limit is not None and exceeds(default, limit) else default
