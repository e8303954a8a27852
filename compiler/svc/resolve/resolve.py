"""Stage 4: a spec document, its workspace and an environment become one `Resolved`; all environments become a `Unit`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from svc.diagnostics import Diagnostic, Place, Problem, Related, Severity
from svc.model.load import validate
from svc.model.scalars import image_parts
from svc.model.service import Service
from svc.model.spelled import kind_of
from svc.model.workspace import Environment, Workspace
from svc.parse import Document
from svc.records import dataclass, replace
from svc.resolve import around, needs, workloads
from svc.resolve.context import Context, Neighbour, Others
from svc.resolve.effect import report_idle
from svc.resolve.layers import layered
from svc.resolve.manifests import manifests
from svc.resolve.mistaken import explained, not_a_spec
from svc.resolve.overlay import Merged, substitute
from svc.resolve.override import Override
from svc.resolve.ports import ports
from svc.resolve.reserved import reserved
from svc.resolve.taken import report_taken
from svc.resolve.types.around import SecretObject
from svc.resolve.types.images import UNBUILT_DIGEST, Image
from svc.resolve.types.whole import Resolved
from svc.resolve.unit import LOCAL, ForeignFile, Unit
from svc.resolve.volumes import config_objects, secret_entries
from svc.source import Source, Unreadable
from svc.suggest import nearest

DEFAULT_ENVIRONMENT = "production"
"""The one environment of a service for which neither spec nor workspace names any."""


@dataclass(frozen=True, slots=True)
class LoadedWorkspace:
    """`document` is None where there is no workspace file and every value has its default."""

    workspace: Workspace
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """A spec and where it is. `directory` and `path` are relative to the output root; `read` and `names` see the
    spec's folder only. `overrides` are the `--set` values, in the order given."""

    document: Document
    directory: str
    path: str
    read: Callable[[str], Source | Unreadable]
    names: Callable[[str], frozenset[str]]
    overrides: Sequence[Override] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A spec in one environment after the model stage."""

    environment: str
    merged: Merged
    service: Service
    settings: Environment
    namespace: str


def environments_of(spec: Spec, loaded: LoadedWorkspace) -> tuple[str, ...]:
    """The environments of a service, in order of delivery."""
    if loaded.workspace.environments:
        return tuple(loaded.workspace.environments)
    given = spec.document.data.get("environments") if isinstance(spec.document.data, dict) else None
    named = tuple(str(name) for name in given if name != LOCAL) if isinstance(given, dict) else ()
    return named or (DEFAULT_ENVIRONMENT,)


def drafts(spec: Spec, loaded: LoadedWorkspace) -> tuple[dict[str, Draft], tuple[Diagnostic, ...]]:
    """The typed service of every environment and of `local`, or what is wrong with its shape."""
    if not isinstance(spec.document.data, dict):
        message = "a spec is a mapping that begins with `apiVersion: svc/v1` and `name`"
        return {}, (
            _placed(Problem("wrong-type", (), message), lambda route, anchor: spec.document.place(route, anchor)),
        )
    mistaken = not_a_spec(spec.document)
    if mistaken is not None:
        return {}, (mistaken,)
    found: dict[str, Draft] = {}
    diagnostics: list[Diagnostic] = _unknown_environments(spec, loaded)
    for environment in (*environments_of(spec, loaded), LOCAL):
        merged, wrong = layered(spec.document, loaded.document, environment, spec.overrides)
        draft, problems = _draft(environment, merged, loaded)
        said = explained((*wrong, *problems), spec.document)
        diagnostics += [_placed(problem, merged.place) for problem in said]
        if draft is not None:
            found[environment] = draft
    return found, tuple(diagnostics)


def _unknown_environments(spec: Spec, loaded: LoadedWorkspace) -> list[Diagnostic]:
    given = spec.document.data.get("environments")
    known = list(environments_of(spec, loaded))
    if given is not None and not isinstance(given, dict):
        message = f"`environments` is a mapping from each environment to what differs there, found {kind_of(given)}"
        place = spec.document.place(("environments",), "key")
        return [Diagnostic("wrong-type", Severity.ERROR, message, place, "write for example `staging: {scale: 1}`")]
    wrong = [
        Diagnostic(
            "wrong-type",
            Severity.ERROR,
            f"environment `{name}` is a mapping of what differs there, found {kind_of(value)}",
            spec.document.place(("environments", name), "value"),
            "write for example `scale: 1` below it",
        )
        for name, value in (given or {}).items()
        if value is not None and not isinstance(value, dict)
    ]
    wrong += [
        Diagnostic(
            "environment-renames",
            Severity.ERROR,
            f"`{key}` is the same in every environment: the service, its image and its objects are named after it",
            spec.document.place(("environments", name, key), "key"),
            f"remove `{key}` here",
        )
        for name, value in (given or {}).items()
        for key in ("name", "apiVersion")
        if isinstance(value, dict) and key in value
    ]
    if given is None or not loaded.workspace.environments:
        return wrong
    return wrong + [
        Diagnostic(
            "environment-unknown", Severity.ERROR, f"the workspace has no environment `{name}`; it has {', '.join(known)}{nearest(str(name), known)}",
            spec.document.place(("environments", name), "key"),
        )
        for name in given
        if name not in known and name != LOCAL
    ]  # fmt: skip


def _draft(environment: str, merged: Merged, loaded: LoadedWorkspace) -> tuple[Draft | None, Sequence[Problem]]:
    settings = loaded.workspace.environments.get(environment) or Environment()
    raw = {key: value if isinstance(value, str) else "" for key, value in merged.data.items()}
    namespace = raw.get("namespace") or settings.namespace or raw.get("team") or raw.get("name") or "default"
    facts = {
        "environment.name": environment,
        "environment.namespace": namespace,
        "environment.domain": settings.domain or "",
        "environment.region": settings.region or "",
        "environment.account": settings.account or "",
        "environment.cluster": settings.cluster or "",
        "service.name": raw.get("name", ""),
        "service.team": raw.get("team", ""),
    }
    data, problems = (
        substitute(merged, facts)
        if environment != LOCAL
        else (substitute(merged, {key: value or "localhost.localdomain" for key, value in facts.items()})[0], [])
    )
    profile = raw.get("profile")
    if profile and profile not in loaded.workspace.profiles:
        known = sorted(loaded.workspace.profiles)
        problems.append(
            Problem(
                "profile-unknown",
                ("profile",),
                f"the workspace has no profile `{profile}`; it has {', '.join(known) or 'none'}{nearest(profile, known)}",
            )
        )
    service, shape = validate(Service, data)
    if service is None:
        return None, (*problems, *shape)
    return Draft(environment, merged, service, settings, namespace), problems


def neighbour(found: Mapping[str, Draft]) -> Neighbour | None:
    """A service as references of others need it."""
    if not found:
        return None
    first = next(iter(found.values()))
    context = _context(
        first,
        LoadedWorkspace(Workspace(apiVersion="svc/v1")),
        "",
        {},
        lambda _: Unreadable("", "", ""),
        lambda _: frozenset(),
    )
    return Neighbour(
        first.service.name,
        {name: draft.namespace for name, draft in found.items()},
        ports(context, first.service.ports, ()),
    )


def unit(
    spec: Spec,
    loaded: LoadedWorkspace,
    found: Mapping[str, Draft],
    neighbours: Mapping[str, Neighbour],
    wanted: Sequence[str] = (),
) -> tuple[Unit | None, tuple[Diagnostic, ...]]:
    """The service in all its (or the wanted) environments, or what is wrong with what it refers to."""
    diagnostics: list[Diagnostic] = []
    resolved: dict[str, Resolved] = {}
    files: dict[str, ForeignFile] = {}
    for environment, draft in found.items():
        if wanted and environment not in wanted and environment != LOCAL:
            continue
        context = _context(draft, loaded, spec.directory, neighbours, spec.read, spec.names)
        opened = ports(replace(context, problems=[]), draft.service.ports, ())
        context = replace(context, own=Neighbour(draft.service.name, {}, opened))
        resolved[environment] = _resolve(context)
        if environment != LOCAL:
            diagnostics += [_placed(problem, draft.merged.place) for problem in context.problems]
            diagnostics += context.diagnostics
            files.update({one.source.name: one for one in context.files})
            diagnostics += reserved(draft.service, loaded.workspace, loaded.document, draft.merged.place)
    diagnostics += _same_build(found, resolved)
    if any(one.severity == Severity.ERROR for one in diagnostics) or LOCAL not in resolved or len(resolved) < 2:
        return None, tuple(diagnostics)
    environments = tuple(one for name, one in resolved.items() if name != LOCAL)
    origins = {name: found[name].merged.origins for name in resolved}
    keys = {name: found[name].merged.keys for name in resolved}
    one = environments[0].name
    made = Unit(one, spec.directory, spec.path, resolved[LOCAL], environments, origins, files, keys)
    return made, tuple(diagnostics)


def _same_build(found: Mapping[str, Draft], resolved: Mapping[str, Resolved]) -> list[Diagnostic]:
    """One image is promoted through all environments, so its build cannot differ between them."""
    first = next(iter(resolved.values()), None)
    if first is None:
        return []
    message = "the build differs between environments, but one image is built and promoted through all of them"
    own = "what is your own cannot differ between environments: its files are the same for all of them"
    return [
        _placed(
            Problem("own-differs", ("own",), own, "move `own` to the top of the spec", "key"),
            found[name if one.own else first.environment].merged.place,
        )
        for name, one in resolved.items()
        if set(one.own) != set(first.own) and name != LOCAL
    ] + [
        _placed(
            Problem("build-differs", ("build",), message, "move what differs into env or files", "key"),
            found[name].merged.place,
        )
        for name, one in resolved.items()
        if one.build != first.build and name != LOCAL
    ]


def _context(
    draft: Draft,
    loaded: LoadedWorkspace,
    directory: str,
    neighbours: Mapping[str, Neighbour],
    read: Callable[[str], Source | Unreadable],
    listing: Callable[[str], frozenset[str]],
) -> Context:
    service = draft.service
    return Context(
        service=service,
        workspace=loaded.workspace,
        environment=draft.environment,
        settings=draft.settings,
        local=draft.environment == LOCAL,
        namespace=draft.namespace,
        directory=directory,
        neighbours=Others(neighbours, service.name),
        read=read,
        names=listing,
        image=_image(service, loaded.workspace),
        origins=draft.merged.origins,
        keys=draft.merged.keys,
    )


def _image(service: Service, workspace: Workspace) -> Image:
    repository, tag, digest = image_parts(service.image) or ("", "", "") if service.image is not None else ("", "", "")
    if service.build is None:
        return Image(repository, tag, digest, False, ("image",))
    if not repository:
        owner = (
            (service.ci.repository if service.ci is not None else None)
            or workspace.repository
            or service.team
            or service.name
        )
        registry = workspace.registry or f"ghcr.io/{owner.split('/')[0].lower()}"
        repository = f"{registry}/{service.name}"
    return Image(repository, tag or "0.0.0", UNBUILT_DIGEST, True, ("build",))


def _resolve(context: Context) -> Resolved:
    service = context.service
    found = needs.needs(context)
    context.needs.update({need.name: need for need in found})
    server, server_stored = workloads.server(context)
    worked, worker_stored = workloads.workers(context)
    ended, job_stored = workloads.jobs(context)
    report_idle(context, server)
    report_taken(context)
    opened = server.service.ports if server is not None and server.service is not None else ()
    scraped = around.metrics(context, opened)
    exposed = around.expose(context, opened)
    cloud = around.cloud(context)
    image = context.image
    return Resolved(
        name=service.name,
        environment=context.environment,
        namespace=context.namespace,
        team=service.team,
        description=service.description,
        labels=tuple(sorted(service.labels.items())),
        annotations=(),
        version=image.tag or "0.0.0",
        image=image,
        build=around.build(context),
        server=server,
        workers=worked,
        jobs=ended,
        needs=found,
        configs=config_objects(context, [*server_stored, *worker_stored, *job_stored]),
        secrets=(*_own_secret(context), *needs.need_secrets(context, found)),
        account=around.account(context, found, cloud),
        expose=exposed,
        access=around.access(context, server, exposed, scraped),
        metrics=scraped,
        ci=around.ci(context),
        cloud=cloud,
        patches=around.patches(context),
        manifests=manifests(context),
        own=tuple(sorted(service.own)),
        calls=around.calls(context),
    )


def _own_secret(context: Context) -> tuple[SecretObject, ...]:
    from svc.resolve import names

    service = context.service
    parts: list[tuple[Any, tuple[str | int, ...]]] = [(service, ())]
    for key in ("init", "sidecars", "workers", "jobs"):
        parts += [(part, (key, name)) for name, part in getattr(service, key).items()]
    entries = secret_entries(parts)
    if not entries:
        return ()
    store = context.workspace.secret_store
    return (
        SecretObject(names.secrets_object(service.name), store.name, store.kind, store.refresh, entries, ("secrets",)),
    )


def _placed(problem: Problem, place: Callable[[Any, Any], Place]) -> Diagnostic:
    related = tuple(Related(note, place(route, "key")) for note, route in problem.related)
    return Diagnostic(
        problem.id, problem.severity, problem.message, place(problem.route, problem.anchor), problem.help, related
    )
