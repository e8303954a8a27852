"""Around the workloads: exposure, access, account, metrics, delivery, cloud, build."""

from __future__ import annotations

from svc import pins
from svc.diagnostics import Place, Route, Severity, Span
from svc.model.access import Peer as GivenPeer
from svc.model.build import Build as GivenBuild
from svc.model.cluster import Account as GivenAccount
from svc.model.delivery import Ci as GivenCi
from svc.model.delivery import Cloud as GivenCloud
from svc.model.mapped import written
from svc.resolve import names, sources
from svc.resolve.context import Context
from svc.resolve.patching import surface, unknown_surface
from svc.resolve.ports import first_http
from svc.resolve.types.around import Access, Account, Call, Expose, ExposePath, Metrics, Peer, Rule
from svc.resolve.types.delivery import Ci, Cloud, Patch, Permission
from svc.resolve.types.images import Build, Language
from svc.resolve.types.needs import Need
from svc.resolve.types.process import Port
from svc.resolve.types.workloads import Workload
from svc.resolve.unit import Origin
from svc.source import Source, Unreadable
from svc.suggest import nearest

ROLE_ANNOTATION = "eks.amazonaws.com/role-arn"
_SETTINGS = (("settings.gradle", "gradle"), ("settings.gradle.kts", "gradle"))
_MANAGERS: dict[str, tuple[tuple[str, str], ...]] = {
    "python": (("uv.lock", "uv"), ("poetry.lock", "poetry"), ("requirements.txt", "pip")),
    "node": (("package-lock.json", "npm"), ("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn")),
    "static": (("package-lock.json", "npm"), ("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn")),
    "java": (("pom.xml", "maven"), ("build.gradle", "gradle"), ("build.gradle.kts", "gradle"), *_SETTINGS),
    "kotlin": (("build.gradle.kts", "gradle"), ("build.gradle", "gradle"), *_SETTINGS, ("pom.xml", "maven")),
}
"""File in the build context -> the manager that it tells of; the first is the default."""
_SOURCES = frozenset(
    (
        *("build.gradle", "build.gradle.kts", "Cargo.toml", "composer.json", "Gemfile", "go.mod", "index.html"),
        *("settings.gradle", "settings.gradle.kts"),
        *("package.json", "pom.xml", "pyproject.toml", "requirements.txt"),
    )
)
"""Names by which a folder is one of sources; a spec on its own is compiled as well."""
_SOLUTIONS = (".sln", ".slnx", ".csproj")


def build(context: Context) -> Build | None:
    given = context.service.build
    if given is None:
        return None
    at: Route = ("build",)
    language: Language = given.language or "static"
    own = context.read(given.dockerfile) if given.dockerfile is not None else None
    if isinstance(own, Unreadable):
        message = f"`{given.dockerfile}` cannot be read: {own.message}"
        context.report(
            "dockerfile-unreadable", (*at, "dockerfile"), message, help="paths are relative to the spec's folder"
        )
    elif own is not None:
        _own_dockerfile(context, given, own, at)
    present = tuple(sorted(context.names(given.context)))
    seen = bool(_SOURCES & set(present)) or any(one.endswith(_SOLUTIONS) for one in present)
    version = given.version or (pins.supported(language)[-1] if given.language is not None else "")
    return Build(
        language=language,
        version=version,
        main=given.main,
        manager=_manager(context, given, language, at),
        context=given.context,
        packages=tuple(given.packages),
        build_packages=tuple(given.build_packages),
        secrets=tuple(given.secrets),
        args=tuple(given.args.items()),
        env=tuple(given.env.items()),
        files=tuple(given.files),
        dockerfile=given.dockerfile or "",
        target=given.target,
        test=given.test,
        at=at,
        present=present if seen else (),
        text=own.text if isinstance(own, Source) else "",
        extensions=tuple(given.extensions),
        module=(given.module or "").strip("/").removeprefix("./"),
        prepare=given.prepare,
        manifests=sources.manifests(context, language, given.main) if seen else (),
        scripts=sources.scripts(context) if language in ("node", "static") and "package.json" in present else None,
    )


_GENERATED = (
    *("version", "main", "manager", "packages", "build_packages", "env", "files", "test"),
    *("extensions", "module", "prepare"),
)
"""What only a generated Dockerfile does something with."""


def _own_dockerfile(context: Context, given: GivenBuild, own: Source, at: Route) -> None:
    """Gives its lines routes, and says which keys have no effect beside it."""
    for number, text in enumerate(own.lines, 1):
        place = Place(own.name, Span(number, 1, number, max(len(text), 1) + 1))
        context.origins[(*at, "dockerfile", number)] = Origin(f"file {given.dockerfile}", place)
    for key in _GENERATED:
        if key in written(given):
            message = f"`{key}` has no effect: the image is built by your own `{given.dockerfile}`"
            context.report(
                "build-key-unused",
                (*at, key),
                message,
                help="say it in the Dockerfile, and remove it here",
                anchor="key",
                severity=Severity.WARNING,
            )


def _manager(context: Context, given: GivenBuild, language: Language, at: Route) -> str:
    table = _MANAGERS.get(language, ())
    allowed = sorted({manager for _, manager in table})
    if given.manager is not None:
        if given.dockerfile is None and given.manager not in allowed:
            known = ", ".join(allowed) or "none, the language has only one"
            context.report(
                "manager-not-of-language",
                (*at, "manager"),
                f"`{given.manager}` does not build {language}; allowed are {known}",
            )
        return "yarn1" if given.manager == "yarn" and _yarn1(context, given) else given.manager
    present = context.names(given.context)
    found = next((manager for name, manager in table if name in present), table[0][1] if table else "")
    return "yarn1" if found == "yarn" and _yarn1(context, given) else found


def _yarn1(context: Context, given: GivenBuild) -> bool:
    """Yarn 1 and later ones have nothing in common but the name of the lock file, whose second line tells."""
    path = "yarn.lock" if given.context in (".", "./") else f"{given.context.rstrip('/')}/yarn.lock"
    lock = context.read(path)
    return not isinstance(lock, Unreadable) and "# yarn lockfile v1" in lock.text[:200]


def expose(context: Context, ports: tuple[Port, ...]) -> Expose | None:
    given = context.service.expose
    if given is None or context.local:
        return None
    at: Route = ("expose",)
    default = _expose_port(context, given.port, ports, at)
    if default is None:
        return None
    paths: list[ExposePath] = []
    for index, path in enumerate(given.paths):
        here = (*at, "paths", index)
        port = default if path.port is None else _expose_port(context, path.port, ports, here)
        if port is not None:
            paths.append(ExposePath(path.path, path.type, port, here))
    if not paths:
        paths.append(ExposePath(given.path or "/", "Prefix", default, at))
    hosts = tuple(given.hosts) or ((given.host,) if given.host is not None else ())
    return Expose(
        via=given.via,
        hosts=hosts,
        paths=tuple(paths),
        tls=given.tls,
        tls_secret=given.tls_secret or f"{context.service.name}-tls",
        allow=tuple(given.allow),
        class_name=given.class_name or context.workspace.ingress_class,
        gateway=given.gateway or "",
        annotations=tuple(sorted(given.annotations.items())),
        at=at,
    )


def _expose_port(context: Context, wanted: str | None, ports: tuple[Port, ...], at: Route) -> Port | None:
    if wanted is not None:
        found = next((port for port in ports if port.name == wanted), None)
        if found is None:
            known = [port.name for port in ports]
            context.report(
                "expose-port-unknown",
                (*at, "port"),
                f"there is no port `{wanted}`; declared are {', '.join(known) or 'none'}{nearest(wanted, known)}",
            )
        return found
    found = first_http(ports) or next(
        (port for port in ports if port.protocol == "grpc"), ports[0] if len(ports) == 1 else None
    )
    if found is None:
        context.report(
            "expose-port-unknown",
            at,
            "there is no HTTP or gRPC port to expose: declare one under `ports`, or name one with `port`",
            anchor="key",
        )
    return found


def access(context: Context, server: Workload | None, exposed: Expose | None, scraped: Metrics | None) -> Access:
    """Who may connect (the namespace unless given; ingress and monitoring by what they need) and to whom we connect."""
    given = context.service.access
    ports = tuple((port.number, port.transport) for port in server.main.ports) if server is not None else ()
    incoming: list[Peer] = []
    if given is not None and given.from_ is not None:
        incoming += [_peer(context, peer, ("access", "from", index), ports) for index, peer in enumerate(given.from_)]
        own = {number: at for (name, number), at in context.referenced.items() if name == context.service.name}
        for number, at in own.items() if context.service.name not in {peer.service for peer in incoming} else ():
            incoming.append(Peer(service=context.service.name, ports=((number, "TCP"),), at=at))
    elif ports:
        incoming.append(Peer(namespace=context.namespace, ports=ports, at=("ports",)))
    if exposed is not None:
        used = tuple(dict.fromkeys((path.port.number, path.port.transport) for path in exposed.paths))
        namespace = context.workspace.ingress_namespace if exposed.via == "ingress" else ""
        incoming.append(Peer(role="ingress-controller", namespace=namespace, ports=used, at=exposed.at))
    if scraped is not None:
        incoming.append(
            Peer(
                role="monitoring",
                namespace=context.workspace.monitoring_namespace,
                ports=((scraped.port.number, scraped.port.transport),),
                at=scraped.at,
            )
        )
    outgoing = (
        [_peer(context, peer, ("access", "to", index), ()) for index, peer in enumerate(given.to)]
        if given is not None
        else []
    )
    named = {peer.service for peer in outgoing}
    for peer in incoming:  # replicas that talk to one another
        if peer.service == context.service.name and peer.service not in named:
            outgoing.append(Peer(service=peer.service, ports=peer.ports, at=peer.at))
            named.add(peer.service)
    for (name, number), at in context.referenced.items():
        if name not in named:
            outgoing.append(Peer(service=name, namespace=_namespace(context, name), ports=((number, "TCP"),), at=at))
    return Access(tuple(incoming), tuple(outgoing), given.open_egress if given is not None else False, ("access",))


def calls(context: Context) -> tuple[Call, ...]:
    """Whom this service speaks to, in the order of the spec; `access` names those that no address leads to."""
    found = dict(context.calls)
    given = context.service.access
    for index, peer in enumerate(given.to if given is not None else ()):
        if peer.service is not None:
            found.setdefault((peer.service, False), ("access", "to", index))
    return tuple(Call(name, waits, at) for (name, waits), at in found.items())


def _namespace(context: Context, name: str) -> str:
    neighbour = context.neighbours.get(name)
    return neighbour.namespaces.get(context.environment, "") if neighbour is not None else ""


def _peer(context: Context, given: GivenPeer, at: Route, ports: tuple[tuple[int, str], ...]) -> Peer:
    own = tuple((number, "TCP") for number in given.ports) or ports
    typed = tuple((number, "UDP" if transport == "UDP" else "TCP") for number, transport in own)
    if given.peer == "*":
        return Peer(namespace=context.namespace, ports=typed, at=at)  # type: ignore[arg-type]
    namespace = given.namespace or (_namespace(context, given.service) if given.service is not None else "")
    if not any((given.service, given.cidr, given.host, given.namespace)):
        message = "a peer names a service, a namespace, a network or a host"
        context.report("peer-empty", at, message, help="write one of `service`, `namespace`, `cidr`, `host`")
    return Peer(given.service or "", namespace, given.cidr or "", given.host or "", "", typed, at)  # type: ignore[arg-type]


def metrics(context: Context, ports: tuple[Port, ...]) -> Metrics | None:
    observe = context.service.observe
    if observe is None or observe.metrics is None:
        return None
    given, at = observe.metrics, ("observe", "metrics")
    wanted = given.port
    found = next((port for port in ports if port.name == (wanted or "metrics")), None) or (
        None if wanted else first_http(ports)
    )
    if found is None:
        known = [port.name for port in ports]
        context.report(
            "metrics-port-unknown",
            (*at, "port"),
            f"there is no port `{wanted or 'metrics'}`; declared are {', '.join(known) or 'none'}{nearest(wanted or '', known)}",
        )
        return None
    return Metrics(found, given.path, f"{given.interval}s", at)


def needs_identity(context: Context, needs: tuple[Need, ...]) -> bool:
    """Whether the pods call the cloud's API themselves."""
    permitted = context.service.cloud is not None and bool(context.service.cloud.permissions)
    return permitted or any(need.type in {"queue", "topic", "bucket"} and need.realise == "managed" for need in needs)


def account(context: Context, needs: tuple[Need, ...], cloud_: Cloud) -> Account:
    given = context.service.account if context.service.account is not None else GivenAccount()
    annotations = dict(given.annotations)
    if cloud_.provider == "aws" and cloud_.account and needs_identity(context, needs):
        annotations.setdefault(
            ROLE_ANNOTATION, names.workload_role_arn(cloud_.account, context.service.name, context.environment)
        )
    rules = tuple(
        Rule(tuple(one.groups), tuple(one.resources), tuple(one.verbs), tuple(one.names), ("account", "rules", index))
        for index, one in enumerate(given.rules)
    )
    return Account(
        given.name or context.service.name,
        given.create,
        given.token or bool(rules),
        tuple(sorted(annotations.items())),
        rules,
        ("account",),
    )


def ci(context: Context) -> Ci:
    given = context.service.ci if context.service.ci is not None else GivenCi()
    test = given.test
    services: list[str] = []
    for index, wanted in enumerate(test.services if test is not None else []):
        found = [name for name, need in context.service.needs.items() if wanted in (name, need.type)]
        if not found:
            known = list(context.service.needs)
            context.report(
                "test-service-unknown",
                ("ci", "test", "services", index),
                f"there is no need `{wanted}`; declared are {', '.join(known) or 'none'}{nearest(wanted, known)}",
            )
        services += [name for name in found if name not in services]
    folder = f"{context.directory}/**" if context.directory else ""
    branch = given.branch if "branch" in written(given) else context.workspace.branch
    return Ci(
        provider=given.provider,
        repository=given.repository or context.workspace.repository or "",
        branch=branch,
        test=test.command if test is not None else "",
        test_services=tuple(services),
        paths=tuple(given.paths) or ((folder,) if folder else ()),
        runner=given.runner,
        scan_severity=tuple(given.scan),
        reusable_workflow=given.reusable_workflow,
        at=("ci",),
    )


def cloud(context: Context) -> Cloud:
    given = context.service.cloud if context.service.cloud is not None else GivenCloud()
    settings, observe = context.settings, context.service.observe
    permissions = tuple(
        Permission(tuple(one.actions), tuple(one.resources), ("cloud", "permissions", index))
        for index, one in enumerate(given.permissions)
    )
    return Cloud(
        provider=given.provider,
        region=given.region or settings.region or "",
        account=given.account or settings.account or "",
        cluster=given.cluster or settings.cluster or "",
        state_bucket=given.state_bucket or settings.state_bucket or "",
        permissions=permissions,
        log_retention_days=observe.log_retention if observe is not None else 365,
        alarms=observe.alarms if observe is not None else True,
        alarm_topic=given.alarm_topic or settings.alarm_topic or "",
        dns_zone=given.dns_zone or settings.dns_zone or "",
        at=("cloud",),
    )


def patches(context: Context) -> tuple[Patch, ...]:
    from svc.model.spelled import plain

    found = tuple(
        Patch(one.target, one.name, plain(one.merge), tuple(plain(one.json_patch)), ("patches", index))
        for index, one in enumerate(context.service.patches)
    )
    mine = {"kubernetes" if name == "helm" else name: name for name in context.service.own}
    for patch in found:
        unknown, name = unknown_surface(patch), surface(patch)[0]
        if unknown is not None:
            context.problems.append(unknown)
        elif name in mine:
            message = f"`{patch.target}` is not generated: {mine[name]} is your own"
            help_ = f"change your own files, or remove {mine[name]} from `own`"
            context.report("patch-of-own", (*patch.at, "target"), message, help=help_)
    return found
