"""From a service to its delivery pipeline: which jobs there are, in which order, with which rights.

A proposed change is linted, tested, built and scanned, and leaves nothing behind. On the delivered branch the image is
pushed, scanned, signed, and deployed to one environment after the other.
"""

from __future__ import annotations

import posixpath

from svc import __version__
from svc.delivery import services
from svc.delivery.deploy import deploys
from svc.delivery.platforms import emulated, platforms
from svc.delivery.problems import problems
from svc.delivery.registry import registry
from svc.delivery.types import (
    Builder,
    BuildImage,
    Checkout,
    CheckSpec,
    Environment,
    Job,
    Login,
    Permission,
    Pipeline,
    RunTests,
    Sbom,
    Scan,
    Sign,
    Step,
    When,
)
from svc.records import replace
from svc.resolve import names
from svc.resolve.inputs import everything_in, literally
from svc.resolve.types.delivery import Ci
from svc.resolve.types.images import SOURCES, Build
from svc.resolve.unit import Unit

READ = Permission("read-source", "")
BUILD_ENVIRONMENT = "build"
"""Holds what a build cannot do without: build-time secrets and, for a registry without OIDC, its password."""


def pipeline(unit: Unit) -> Pipeline:
    """The pipeline of a service; without jobs when it wants none."""
    first, ci = unit.first, unit.first.ci
    paths, beside = _paths(unit, ci)
    base = Pipeline(
        name=unit.name,
        image=first.image.repository,
        branch=ci.branch,
        paths=paths,
        beside=beside,
        asked=_asked(unit, ci) if paths else 0,
        runner=ci.runner,
        spec=unit.spec,
        jobs=(),
        at=ci.at,
    )
    if ci.provider == "none":
        return base
    made = _built(unit, first.build) if first.build else _external(unit)
    jobs = (*made, *deploys(unit, made))
    return replace(base, jobs=jobs, problems=problems(unit, jobs))


def _paths(unit: Unit, ci: Ci) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Those of the service (its sources, unless the spec says otherwise), and what else decides the outputs, so that a
    change of it is checked; in a repository of one service every change counts. What changes the outputs in a folder
    that is listed as a whole shows there, so nothing has to be delivered for it alone."""
    if not ci.paths or ci.paths == ("**",):
        return (), ()
    own = everything_in(unit.directory)
    listed = own.removesuffix("*") in unit.inputs
    every = unit.inputs if listed else (literally(unit.spec), *unit.inputs)
    deciding = tuple(one for one in every if not _covered(one, ci.paths))
    return (ci.paths, deciding) if _covered(own, ci.paths) else ((*ci.paths, *deciding), ())


def _asked(unit: Unit, ci: Ci) -> int:
    known = unit.origins.get(unit.first.environment, {})
    return sum((*ci.at, "paths", index) in known for index in range(len(ci.paths)))


def _covered(glob: str, chosen: tuple[str, ...]) -> bool:
    """Whether a glob says nothing new; what `!` leaves out is taken in again."""
    if any(path.startswith("!") for path in chosen):
        return False
    return any(path in ("**", glob) or (path.endswith("/**") and glob.startswith(path[:-2])) for path in chosen)


def _built(unit: Unit, build: Build) -> tuple[Job, ...]:
    tests = _tests(unit, build)
    before = ("lint", *(job.id for job in tests))
    publish = _publish(unit, build, before)
    return (_lint(unit), *tests, _build(unit, build, before), publish, _scan(unit), _sign(unit))


def _external(unit: Unit) -> tuple[Job, ...]:
    """An image made elsewhere: the pinned digest is scanned on every change, since it is new to us on every change."""
    tests = _runner_tests(unit) if unit.first.ci.test else ()
    return (_lint(unit), *tests, _scan_pinned(unit))


def _checkout(unit: Unit) -> Checkout:
    """For what looks at the sources; a deploy does not."""
    return Checkout(unit.first.ci.submodules)


def _lint(unit: Unit) -> Job:
    check = CheckSpec(unit.spec, __version__)
    return Job("lint", "Lint the spec", "lint", "always", (), (_checkout(unit), check), (READ,), 10, at=())


# --- tests -------------------------------------------------------------------------------------------------------


def _tests(unit: Unit, build: Build) -> tuple[Job, ...]:
    ci = unit.first.ci
    if build.dockerfile:
        return _runner_tests(unit) if ci.test else ()
    if not ci.test_services and ci.test in ("", build.test):
        return _stage_tests(unit, build)
    return _image_tests(unit, build)


def _stage_tests(unit: Unit, build: Build) -> tuple[Job, ...]:
    """Building the test stage is the test."""
    stage = replace(_image(unit, build, "none"), target="test", platforms=(), name="")
    steps: tuple[Step, ...] = (_checkout(unit), Builder(), stage)
    return (_test_job(unit, build, steps),)


def _image_tests(unit: Unit, build: Build) -> tuple[Job, ...]:
    """The test command in the development image, on the network of the backing services."""
    containers, _ = services.containers(unit.local, publish=False)
    name = f"{unit.name}:test"
    target = "test" if build.language == "static" else "dev"  # the one for development serves files, it has no tools
    stage = replace(_image(unit, build, "load"), target=target, platforms=(), name=name)
    folder = SOURCES.get(build.language, "")
    run = RunTests(unit.first.ci.test or build.test, name, folder, services.test_environment(unit.local, publish=False))
    job = _test_job(unit, build, (_checkout(unit), Builder(), stage, run))
    return (replace(job, services=containers),)


def _runner_tests(unit: Unit) -> tuple[Job, ...]:
    """Without a generated Dockerfile only the user knows the tools: the command runs on the runner itself."""
    containers, _ = services.containers(unit.local, publish=True)
    env = services.test_environment(unit.local, publish=True)
    run = RunTests(unit.first.ci.test, "", unit.directory or ".", env)
    return (replace(_test_job(unit, None, (_checkout(unit), run)), services=containers),)


def _test_job(unit: Unit, build: Build | None, steps: tuple[Step, ...]) -> Job:
    secrets = build.secrets if build else ()
    job = Job("test", "Test", "test", "always", (), steps, (READ,), 30, secrets=secrets, at=unit.first.ci.at)
    return _protected(job)


# --- the image ---------------------------------------------------------------------------------------------------


def _build(unit: Unit, build: Build, before: tuple[str, ...]) -> Job:
    """What a proposed change would ship: built and scanned, not pushed."""
    image = replace(_image(unit, build, "load"), platforms=(), name=f"{unit.name}:change")
    scan = Scan(image.name, unit.first.ci.scan_severity)
    steps: tuple[Step, ...] = (_checkout(unit), Builder(), image, scan)
    job = Job("build", "Build and scan", "build", "change", before, steps, (READ,), 45, secrets=build.secrets)
    return _protected(replace(job, superseded=True, at=build.at))


def _publish(unit: Unit, build: Build, before: tuple[str, ...]) -> Job:
    image = replace(_image(unit, build, "push"), write_cache=True)
    steps: tuple[Step, ...] = (_checkout(unit), Builder(emulated(unit, build)), _login(unit), image)
    rights = (READ, *_registry_rights(unit, push=True))
    job = Job("publish", "Build and push", "publish", "release", before, steps, rights, 60, secrets=build.secrets)
    return _protected(replace(job, publishes=True, at=build.at))


def _scan(unit: Unit) -> Job:
    steps: tuple[Step, ...] = (_login(unit), Scan("", unit.first.ci.scan_severity))
    rights = _registry_rights(unit)
    job = Job("scan", "Scan the image", "scan", "release", ("publish",), steps, rights, 20, at=unit.first.ci.at)
    return _protected(job)


def _scan_pinned(unit: Unit) -> Job:
    """Anybody's image may be public; only a registry that this repository can sign in to is signed in to."""
    kind = registry(unit.first.image.repository).kind
    login = () if kind == "other" else (_login(unit),)
    rights = () if kind == "other" else _registry_rights(unit)
    steps: tuple[Step, ...] = (*login, Scan(unit.first.image.reference, unit.first.ci.scan_severity))
    when: When = "release" if kind == "ecr" else "always"
    return Job("scan", "Scan the image", "scan", when, ("lint",), steps, rights, 20, at=unit.first.image.at)


def _sign(unit: Unit) -> Job:
    steps: tuple[Step, ...] = (_login(unit), Sbom(f"{unit.name}-sbom"), Sign())
    rights = _registry_rights(unit, push=True)
    if not any(right.capability == "identity" for right in rights):
        rights = (*rights, Permission("identity", "sign without a key, as this workflow"))
    job = Job("sign", "Sign the image", "sign", "release", ("publish", "scan"), steps, rights, 20)
    return _protected(replace(job, at=unit.first.image.at))


def _image(unit: Unit, build: Build, result: str) -> BuildImage:
    own = build.dockerfile
    return BuildImage(
        result="push" if result == "push" else "load" if result == "load" else "none",
        context=posixpath.normpath(unit.path(build.context)),
        dockerfile=posixpath.normpath(unit.path(own or "Dockerfile")),
        target=build.target,
        name=unit.first.image.repository,
        platforms=platforms(unit, build),
        secrets=build.secrets,
        args=build.args if own else (),
        cache=unit.name,
        revision=result == "push" and not own,
    )


# --- rights ------------------------------------------------------------------------------------------------------


def _login(unit: Unit) -> Login:
    place = registry(unit.first.image.repository)
    return Login(place, names.build_role(unit.name) if place.kind == "ecr" else "")


def _registry_rights(unit: Unit, push: bool = False) -> tuple[Permission, ...]:
    place = registry(unit.first.image.repository)
    if place.kind == "ecr":
        return (Permission("identity", f"sign in to AWS as {names.build_role(unit.name)}"),)
    if place.kind == "ghcr":
        return (Permission("write-packages", "push to the registry"),) if push else (_PULL,)
    return ()


_PULL = Permission("read-packages", "pull from the registry")


def _protected(job: Job) -> Job:
    """Secrets are given out by an environment, never by the repository as a whole."""
    keeps_password = any(isinstance(step, Login) and step.registry.kind == "other" for step in job.steps)
    secrets = job.secrets + (("registry_username", "registry_password") if keeps_password else ())
    if not secrets:
        return job
    return replace(job, secrets=secrets, environment=Environment(BUILD_ENVIRONMENT, deploys=False))
