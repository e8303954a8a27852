"""Stage 4: a spec document, its workspace and an environment become one `Resolved`; all environments become a `Unit`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

from svc.diagnostics import Diagnostic, Place, Problem, Related, Route, Severity
from svc.model.image import image_parts
from svc.model.load import validate
from svc.model.service import Service
from svc.model.spelled import Spelled
from svc.model.workspace import Environment, Workspace
from svc.parse import Document
from svc.records import dataclass, replace
from svc.resolve.context import Context, Facts, Neighbour, Others
from svc.resolve.given import NAMESPACE, given, stand_ins
from svc.resolve.inputs import Beside, around, inputs, literally
from svc.resolve.layers import certain, layered
from svc.resolve.mistaken import explained, not_a_spec, unknown_environments
from svc.resolve.opened import facts_of
from svc.resolve.overlay import Merged, substitute
from svc.resolve.override import Override
from svc.resolve.reserved import reserved
from svc.resolve.told import told
from svc.resolve.types.images import UNBUILT_DIGEST, Image
from svc.resolve.types.whole import Resolved
from svc.resolve.unit import LOCAL, ForeignFile, Unit
from svc.resolve.whole import whole
from svc.source import Source, Unreadable
from svc.suggest import nearest

DEFAULT_ENVIRONMENT = "production"
"""The one environment of a service for which neither spec nor workspace names any."""


@dataclass(frozen=True, slots=True)
class LoadedWorkspace:
    """`document` is None where there is no workspace file and every value has its default. `file` is its path relative
    to the output root. `sound`: the file says what it may; else the workspace is one without a word."""

    workspace: Workspace
    document: Document | None = None
    file: str = ""
    sound: bool = True


@dataclass(frozen=True, slots=True)
class Spec:
    """A spec and where it is. `directory` and `path` are relative to the output root; `read` and `names` see the
    spec's folder only. `overrides` are the `--set` values, in the order given. `shared`: what it is made of besides its
    own file, as globs from the output root."""

    document: Document
    directory: str
    path: str
    read: Callable[[str], Source | Unreadable]
    names: Callable[[str], frozenset[str]]
    overrides: Sequence[Override] = ()
    shared: tuple[str, ...] = ()

    @property
    def made_of(self) -> tuple[str, ...]:
        return (literally(self.path), *self.shared)


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
        return {}, (_placed(Problem("wrong-type", (), message), spec.document.place),)
    mistaken = not_a_spec(spec.document)
    if mistaken is not None:
        return {}, (mistaken,)
    found: dict[str, Draft] = {}
    said: dict[str, list[Diagnostic]] = {}
    diagnostics = unknown_environments(spec.document, environments_of(spec, loaded), loaded.workspace)
    for environment in (*environments_of(spec, loaded), LOCAL):
        merged, wrong = layered(spec.document, loaded.document, environment, spec.overrides)
        draft, problems = _draft(environment, merged, loaded)
        shape = explained((*(wrong if draft is not None else certain(wrong)), *problems), spec.document)
        said[environment] = [_placed(problem, merged.place, _parts(merged, spec, loaded)) for problem in shape]
        if draft is not None:
            found[environment] = draft
    diagnostics += told(said, (spec.document, loaded.document))
    if not any(one.id == "environment-renames" for one in diagnostics):
        diagnostics += [_placed(one, draft.merged.place) for draft, one in _renamed(found)]
    return found, tuple(diagnostics)


def _renamed(found: Mapping[str, Draft]) -> Iterator[tuple[Draft, Problem]]:
    """Of a name that has the environment's in it."""
    first = next(iter(found.values()), None)
    other = next((one for one in found.values() if first is not None and one.service.name != first.service.name), None)
    if first is not None and other is not None:
        names = f"`{first.service.name}` in {first.environment} and `{other.service.name}` in {other.environment}"
        message = f"`name` is the same in every environment, not {names}: the service, its image and its objects are named after it"
        yield other, Problem("environment-renames", ("name",), message, "write the name itself")


def _draft(environment: str, merged: Merged, loaded: LoadedWorkspace) -> tuple[Draft | None, Sequence[Problem]]:
    settings = loaded.workspace.environments.get(environment) or Environment()
    facts = given(environment, merged.data, settings)
    data, problems = (
        substitute(merged, facts) if environment != LOCAL else (substitute(merged, stand_ins(facts))[0], [])
    )
    profile = merged.data.get("profile")
    profile = profile.text if isinstance(profile, Spelled) else profile
    if isinstance(profile, str) and profile and profile not in loaded.workspace.profiles:
        known = sorted(loaded.workspace.profiles)
        help_ = "" if known else "profiles stand below `profiles` of svc-workspace.yaml"
        message = (
            f"the workspace has no profile `{profile}`; it has {', '.join(known) or 'none'}{nearest(profile, known)}"
        )
        problems.append(Problem("profile-unknown", ("profile",), message, help_))
    service, shape = validate(Service, data)
    if service is None:
        return None, (*problems, *shape)
    return Draft(environment, merged, service, settings, facts[NAMESPACE] or "default"), problems


def neighbour(
    found: Mapping[str, Draft],
    made_of: tuple[str, ...] = (),
    environments: Sequence[str] = (),
    broken: Literal["said", "unsaid"] = "said",
) -> Neighbour | None:
    """A service as references of others need it. `made_of`: the files of its spec, as globs. `environments`: those that
    it is made for; `broken`, as of a neighbour, is it where its shape is wrong."""
    if not found:
        return None
    nothing = LoadedWorkspace(Workspace(apiVersion="svc/v1"))
    there = {
        name: facts_of(_context(draft, nothing, "", {}, lambda _: Unreadable("", "", ""), lambda _: frozenset()))
        for name, draft in found.items()
    }
    wrong = Facts(broken=broken)
    every = dict.fromkeys((*environments, *found))
    return Neighbour(
        next(iter(found.values())).service.name, {name: there.get(name, wrong) for name in every}, "", made_of
    )


def unit(
    spec: Spec,
    loaded: LoadedWorkspace,
    found: Mapping[str, Draft],
    neighbours: Mapping[str, Neighbour],
    wanted: Sequence[str] = (),
) -> tuple[Unit | None, tuple[Diagnostic, ...]]:
    """The service in all its (or the wanted) environments, or what is wrong with what it refers to."""
    said: dict[str, list[Diagnostic]] = {}
    resolved: dict[str, Resolved] = {}
    files: dict[str, ForeignFile] = {}
    asked: dict[str, Neighbour] = {}
    beside = Beside(spec.directory, spec.read, spec.names)
    for environment, draft in found.items():
        if wanted and environment not in wanted and environment != LOCAL:
            continue
        near = Others(neighbours, draft.service.name, asked)
        context = _context(draft, loaded, spec.directory, near, beside.read, beside.listing, spec.read)
        context = replace(context, own=Neighbour(draft.service.name, {environment: facts_of(context)}))
        resolved[environment] = whole(context)
        parts = _parts(draft.merged, spec, loaded)
        said[environment] = [_placed(problem, draft.merged.place, parts) for problem in _new(context, said)]
        if environment != LOCAL:
            said[environment] += context.diagnostics
            files.update({one.source.name: one for one in context.files})
            said[environment] += reserved(draft.service, loaded.workspace, loaded.document, draft.merged.place)
    diagnostics = [*told(said, (spec.document, loaded.document)), *_same_build(found, resolved)]
    if any(one.severity == Severity.ERROR for one in diagnostics) or LOCAL not in resolved or len(resolved) < 2:
        return None, tuple(diagnostics)
    environments = tuple(one for name, one in resolved.items() if name != LOCAL)
    origins = {name: found[name].merged.origins for name in resolved}
    keys = {name: found[name].merged.keys for name in resolved}
    one = environments[0].name
    watched = inputs(beside.globs(), spec.shared, around(loaded.file, loaded.workspace), asked.values())
    made = Unit(one, spec.directory, spec.path, resolved[LOCAL], environments, origins, files, keys, watched)
    return made, tuple(diagnostics)


def _new(context: Context, said: Mapping[str, Sequence[Diagnostic]]) -> list[Problem]:
    """What is to be said of an environment; of the developer's machine, if anything is made for it, what is missing there alone."""
    if not context.local:
        return context.problems
    made = "compose" in context.workspace.targets and "compose" not in context.service.own
    known = {(one.id, one.place.route) for found in said.values() for one in found}
    unknown = [one for one in context.problems if one.id == "reference-unknown" and made]
    return [one for one in unknown if (one.id, one.route) not in known]


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
    glance: Callable[[str], Source | Unreadable] | None = None,
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
        neighbours=neighbours,
        read=read,
        names=listing,
        image=_image(service, loaded.workspace),
        glance=glance or read,
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


def _placed(
    problem: Problem, place: Callable[[Any, Any], Place], part: Callable[[Route, str], Place | None] | None = None
) -> Diagnostic:
    related = tuple(Related(note, place(route, "key")) for note, route in problem.related)
    found = part(problem.route, problem.words) if part is not None and problem.words else None
    at = place(problem.route, problem.anchor) if found is None else replace(found, route=problem.route)
    return Diagnostic(problem.id, problem.severity, problem.message, at, problem.help, related)


def _parts(merged: Merged, spec: Spec, loaded: LoadedWorkspace) -> Callable[[Route, str], Place | None]:
    """Where words of a text in the spec or in the workspace stand."""
    documents = {one.source.name: one for one in (loaded.document, spec.document) if one is not None}

    def part(route: Route, words: str) -> Place | None:
        origin = merged.origins.get(route)
        document = documents.get(origin.place.file) if origin is not None else None
        return document.part(origin.place.route, words) if document is not None and origin is not None else None

    return part
