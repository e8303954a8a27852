"""What every language's recipe is made of: the stages that are alike in all of them."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterable, Iterator

from svc import pins
from svc.diagnostics import Problem, Route
from svc.patterns import regex
from svc.pins import PinnedImage
from svc.records import dataclass, replace
from svc.resolve.types.images import SOURCES, Build
from svc.resolve.types.process import Port
from svc.targets.docker.facts import Facts
from svc.targets.docker.health import grpc_probe, healthcheck
from svc.targets.docker.instructions import BUILD, arg, copy, env, from_, run, then, user_command, workdir
from svc.targets.docker.types import DEV, FINAL, TEST, Instruction
from svc.targets.probe_commands import Checker


@dataclass(frozen=True, slots=True)
class Recipe:
    """All stages, and what the spec asks that the language cannot do."""

    instructions: tuple[Instruction, ...] = ()
    problems: tuple[Problem, ...] = ()


def no_version(build: Build, what: str, known: Iterable[str]) -> Recipe:
    """There is no confirmed digest for the version that the spec wants."""
    return Recipe(
        problems=(
            Problem(
                "docker-no-base-image",
                (*BUILD, "version"),
                f"there is no pinned base image for {what} {build.version}".rstrip(),
                f"use one of {', '.join(known)}, or write your own Dockerfile and set build.dockerfile",
            ),
        )
    )


def no_main(language: str, example: str) -> Recipe:
    message = f"what to start is not known: {language} has no convention for it"
    help_ = f"set build.main ({example}) or command"
    return Recipe(problems=(Problem("docker-no-main", (*BUILD, "main"), message, help_, anchor="key"),))


def prepared(facts: Facts, mounts: Iterable[str] = ()) -> tuple[Instruction, ...]:
    """The user's own step, once sources and dependencies are there; what follows it is where it would be without."""
    steps = _within(facts, facts.build.prepare, (*BUILD, "prepare"), mounts) if facts.build.prepare.strip() else ()
    return (*steps, workdir(_sources(facts))) if len(steps) > 1 else steps


_ENTERED = regex(r"cd (?:\./)?([\w./-]+) *&& *(?!.*\bcd\b)(.+)", needs=("cd ",))


def _within(facts: Facts, text: str, at: Route, mounts: Iterable[str]) -> tuple[Instruction, ...]:
    """A command of the user's; one that begins with `cd`, in a working directory of its own."""
    mounts = tuple(mounts)
    found = _ENTERED.fullmatch(text.strip())
    if found is None or any(_RELATIVE.search(one) for one in mounts):
        return (user_command(text, at, mounts),)
    folder = posixpath.normpath(posixpath.join(_sources(facts), found[1]))
    return (replace(workdir(folder), at=at), user_command(found[2], at, mounts))


_RELATIVE = regex(r",target=(?!/)")
"""A mount that is elsewhere when the working directory is."""


def _sources(facts: Facts) -> str:
    return SOURCES.get(facts.build.language, facts.workdir)


def secret_mounts(build: Build) -> tuple[str, ...]:
    """Build secrets: in the step's environment while it runs, in no layer."""
    return tuple(f"type=secret,id={name},env={name.upper()}" for name in build.secrets)


# --- pieces of stages --------------------------------------------------------------------------------------------


def apt(packages: tuple[str, ...], at: Route) -> tuple[Instruction, ...]:
    """OS packages of a Debian or Ubuntu image in one layer, lists removed. A package without a version of the user's
    gets `=*`, which says what would happen anyway, and in the file says why (decision 0045)."""
    if not packages:
        return ()
    wanted = [f"'{one if '=' in one else one + '=*'}'" for one in sorted(packages)]
    return (
        run(
            "apt-get update",
            f"&& apt-get install --yes --no-install-recommends {' '.join(wanted)}",
            "&& rm -rf /var/lib/apt/lists/*",
            comment="" if all("=" in one for one in packages) else _NEWEST,
            at=at,
        ),
    )


BASE = "base"
"""A stage whose working directory is that of the image already."""
_NEWEST = "`=*`: whatever version the release of the base image has now, security updates included."


def tools(build: Build, *more: str) -> tuple[Instruction, ...]:
    """What building needs: packages, the build's arguments."""
    packages = tuple(dict.fromkeys((*more, *build.build_packages)))
    return (
        *apt(packages, (*BUILD, "build_packages" if build.build_packages or not build.packages else "packages")),
        *(arg(name, value, (*BUILD, "args", name)) for name, value in build.args),
    )


def opened(build: Build, packages: tuple[str, ...] = ()) -> tuple[Instruction, ...]:
    """How a stage with sources begins. `packages`: what the process needs, too, since the dev stage starts it and the
    tests may."""
    return (workdir("/src"), *tools(build, *packages))


@dataclass(frozen=True, slots=True)
class Home:
    """Where a binary runs, and what its image has."""

    image: PinnedImage
    packages: tuple[str, ...]
    """What is installed there."""
    checker: Checker


IN_DISTROLESS = frozenset({"ca-certificates", "tzdata"})
"""Packages that all images of Distroless have."""


def bare(facts: Facts, has: frozenset[str] = IN_DISTROLESS) -> bool:
    """Whether an image without shell and package manager will do: nothing wants them, or a package that it lacks."""
    return not facts.shell and has.issuperset(facts.build.packages)


def home(facts: Facts, distroless: str, debian: str, *always: str) -> Home:
    """Distroless as long as it will do; else Debian, with what distroless has."""
    if bare(facts):
        return Home(pins.image(f"gcr.io/distroless/{distroless}", "nonroot"), (), "")
    packages = tuple(dict.fromkeys((*always, *facts.build.packages)))
    return Home(pins.image("debian", debian), packages, "bash")


def account(facts: Facts) -> Instruction:
    """A name for the numeric user, for programs that look themselves up."""
    return run(
        f"groupadd --gid {facts.group} app",
        f"&& useradd --uid {facts.user} --gid {facts.group} --no-log-init --no-create-home --home-dir {facts.workdir}",
        "--shell /usr/sbin/nologin app",
        at=("user",),
    )


def start(facts: Facts, default: tuple[str, ...]) -> tuple[Instruction, ...]:
    """ENTRYPOINT and CMD, the same in every stage that starts the service."""
    command = facts.command or default
    at: Route = ("command",) if facts.command else (*BUILD, "main")
    found = [Instruction("ENTRYPOINT", command, exec=True, at=at)]
    if facts.args:
        found.append(Instruction("CMD", facts.args, exec=True, at=("args",)))
    return tuple(found)


def dev(facts: Facts, base: str, body: Iterable[Instruction], default: tuple[str, ...]) -> tuple[Instruction, ...]:
    """The stage that compose runs: sources and tools are there, the process is started as in production."""
    return (
        from_(base, DEV, comment="Local development: compose builds this stage."),
        *_with_data(facts, (*body, *grpc_probe(facts))),
        Instruction("USER", (facts.owner,), at=("user",)),
        *start(facts, default),
    )


def _with_data(facts: Facts, body: tuple[Instruction, ...]) -> tuple[Instruction, ...]:
    """A volume of Docker belongs to whom the folder below it belongs; in a cluster, fsGroup sees to that."""
    if not facts.data or facts.build.language == "static":
        return body
    folders = " ".join(shlex.quote(path) for path in facts.data)
    command = f"install -d -o {facts.user} -g {facts.group} {folders}"
    if body and body[-1].keyword == "RUN" and not body[-1].exec:
        return (*body[:-1], then(body[-1], command))
    return (*body, run(command, at=("volumes",)))


def tests(facts: Facts, base: str, default: str, *mounts: str) -> tuple[Instruction, ...]:
    """The stage of the tests on a base: the spec's command, or the language's `default`; none where there is neither."""
    command = facts.build.test.strip() or default
    if not command:
        return ()
    at: Route = (*BUILD, "test")
    return (
        from_(base, TEST, comment="The tests: `docker build --target test .`"),
        *_within(facts, command, at, mounts),
    )


def final(
    facts: Facts,
    base: PinnedImage | str,
    body: Iterable[Instruction],
    default: tuple[str, ...],
    checker: Checker,
    *,
    signal: str = "",
) -> tuple[Instruction, ...]:
    """The image that is shipped: what the recipe copies, then what every image of ours has. `checker`: what can ask
    for its health."""
    stop = (Instruction("STOPSIGNAL", (signal,), at=BUILD),) if signal else ()
    return (
        from_(base, FINAL, comment="The image that is shipped."),
        *(() if base == BASE else (workdir(facts.workdir),)),
        *_overridden(body, frozenset(name for name, _ in facts.build.env)),
        *grpc_probe(facts),
        *brought(facts, facts.workdir),
        *env(dict(facts.build.env), (*BUILD, "env")),
        arg("VERSION", "0.0.0"),
        arg("REVISION", "unknown"),
        Instruction("LABEL", tuple(f"{key}={value}" for key, value in facts.labels), at=()),
        Instruction("USER", (facts.owner,), at=("user",)),
        *expose(facts.ports),
        *stop,
        *healthcheck(facts, checker),
        *start(facts, default),
    )


def brought(facts: Facts, home: str) -> tuple[Instruction, ...]:
    """The further files of the spec, where the process that starts in `home` looks for them."""
    return tuple(
        copy(name, f"{home}/{name}", at=(*BUILD, "files", index)) for index, name in enumerate(facts.build.files)
    )


def _overridden(body: Iterable[Instruction], names: frozenset[str]) -> Iterator[Instruction]:
    """The body without the variables that the spec sets itself."""
    for one in body:
        kept = tuple(word for word in one.args if word.partition("=")[0] not in names)
        if one.keyword != "ENV":
            yield one
        elif kept:
            yield replace(one, args=kept)


def expose(ports: tuple[Port, ...]) -> tuple[Instruction, ...]:
    seen = dict.fromkeys(f"{one.number}{'/udp' if one.transport == 'UDP' else ''}" for one in ports)
    return (Instruction("EXPOSE", tuple(seen), at=("ports",)),) if seen else ()


def find(repository: str, version: str, *flavours: str) -> PinnedImage | None:
    """The newest pin among flavours; of equally new ones the flavour named first."""
    found = [pin for pin in (pins.find_image(repository, version, one) for one in flavours) if pin is not None]
    return max(found, key=lambda pin: pins.version_key(pin.version), default=None)
