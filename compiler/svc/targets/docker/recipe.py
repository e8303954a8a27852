"""What every language's recipe is made of: the facts it gets, and instructions built without a quoting mistake."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping

from svc import pins
from svc.diagnostics import Problem, Route
from svc.pins import PinnedImage
from svc.records import dataclass, replace
from svc.resolve.types.images import Build
from svc.resolve.types.process import Port, Probe
from svc.targets.docker.types import DEV, FINAL, TEST, Heredoc, Instruction

BUILD: Route = ("build",)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a recipe may use. `command` is the spec's own and wins over the language's convention; `shell`: something
    that runs in the image needs one, or OS packages, so that a distroless base will not do."""

    name: str
    build: Build
    command: tuple[str, ...]
    args: tuple[str, ...]
    user: int
    group: int
    workdir: str
    ports: tuple[Port, ...]
    probe: Probe | None
    shell: bool
    labels: tuple[tuple[str, str], ...]
    data: tuple[str, ...] = ()
    """Where persistent volumes are mounted."""

    @property
    def port(self) -> int:
        return self.ports[0].number if self.ports else 8080

    def has(self, name: str) -> bool:
        """Whether a file or folder is in the context; yes where there are no sources to see."""
        return not self.build.present or name in self.build.present

    @property
    def owner(self) -> str:
        return f"{self.user}:{self.group}"


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


# --- words and instructions --------------------------------------------------------------------------------------


def command_line(main: str, *interpreter: str) -> tuple[str, ...]:
    """What `main` starts: a command line as it is, one word behind the language's interpreter; () without a `main`."""
    if not main:
        return ()
    return tuple(shlex.split(main)) if " " in main else (*interpreter, main)


def word(text: str) -> str:
    """A value as one Dockerfile word in which nothing is expanded."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'


def from_(image: PinnedImage | str, name: str, *, native: bool = False, comment: str = "") -> Instruction:
    """A stage. `native`: it runs on the builder's own architecture and cross-compiles."""
    base = image if isinstance(image, str) else image.reference
    flags = (("platform", "$BUILDPLATFORM"),) if native else ()
    return Instruction("FROM", (base, "AS", name), flags, comment=(comment,) if comment else (), at=(*BUILD, "version"))


def run(*lines: str, mounts: Iterable[str] = (), comment: str = "", at: Route = BUILD) -> Instruction:
    flags = tuple(("mount", one) for one in mounts)
    return Instruction("RUN", ("\n".join(lines),), flags, comment=(comment,) if comment else (), at=at)


def user_command(text: str, at: Route, mounts: Iterable[str] = ()) -> Instruction:
    """A command of the user's, as a here-document when the shell form could not carry it unchanged."""
    flags = tuple(("mount", one) for one in mounts)
    text = text.replace("\r\n", "\n").strip()
    if re.fullmatch(r"[\w./][^\n]*(?<!\\)", text) and "<<" not in text:
        return Instruction("RUN", (text,), flags, at=at)
    name = "EOF"
    while name in text.split("\n"):
        name += "_"
    return Instruction(
        "RUN", (f"<<'{name}'",), flags, heredocs=(Heredoc(name, "set -e\n" + text.rstrip("\n"), True),), at=at
    )


def copies(paths: Iterable[str]) -> tuple[Instruction, ...]:
    """Files to where they stand in the context: an instruction for each folder."""
    folders: dict[str, list[str]] = {}
    for path in sorted(dict.fromkeys(paths)):
        folders.setdefault(posixpath.dirname(path), []).append(path)
    return tuple(copy(*names, f"{folder}/" if folder else "./") for folder, names in sorted(folders.items()))


def prepared(facts: Facts, mounts: Iterable[str] = ()) -> tuple[Instruction, ...]:
    """The user's own step, once sources and dependencies are there."""
    return (user_command(facts.build.prepare, (*BUILD, "prepare"), mounts),) if facts.build.prepare.strip() else ()


def copy(*paths: str, stage: str = "", image: PinnedImage | None = None, at: Route = BUILD) -> Instruction:
    """COPY from the context, a stage or an image. Paths that are more than words take the JSON form."""
    source = image.reference if image else stage
    flags = (("from", source),) if source else ()
    plain = all(
        one.replace("/", "").replace(".", "").replace("-", "").replace("_", "").replace("*", "").isalnum()
        or not set(one) - set("./*")
        for one in paths
    )
    return Instruction("COPY", paths, flags, exec=not plain, at=at)


def prefixed_path(folder: str) -> tuple[Instruction, ...]:
    """A folder in front of PATH: the one place where a variable is meant to be expanded."""
    return (Instruction("ENV", (f'PATH="{folder}:${{PATH}}"',), at=BUILD),)


def env(values: Mapping[str, str], at: Route = BUILD) -> tuple[Instruction, ...]:
    if not values:
        return ()
    return (Instruction("ENV", tuple(f"{key}={_value(value)}" for key, value in values.items()), at=at),)


def workdir(path: str) -> Instruction:
    return Instruction("WORKDIR", (path,), at=("workdir",))


def arg(name: str, default: str | None = None, at: Route = BUILD) -> Instruction:
    return Instruction("ARG", (name if default is None else f"{name}={_value(default)}",), at=at)


def _value(value: str) -> str:
    return value if value and not set(value) - _PLAIN else word(value)


_PLAIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+/:,=@%")


def cache(target: str) -> str:
    return f"type=cache,target={target}"


def bind(name: str) -> str:
    return f"type=bind,source={name},target={name}"


def secret_mounts(build: Build) -> tuple[str, ...]:
    """Build secrets: in the step's environment while it runs, in no layer."""
    return tuple(f"type=secret,id={name},env={name.upper()}" for name in build.secrets)


def build_args(build: Build) -> tuple[Instruction, ...]:
    return tuple(arg(name, value, (*BUILD, "args", name)) for name, value in build.args)


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


_NEWEST = "`=*`: whatever version the release of the base image has now, security updates included."


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
        *_with_data(facts, tuple(body)),
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
        return (*body[:-1], replace(body[-1], args=(f"{body[-1].args[0]}\n&& {command}",)))
    return (*body, run(command, at=("volumes",)))


def tests(facts: Facts, base: str, default: str, *mounts: str) -> tuple[Instruction, ...]:
    command = facts.build.test.strip() or default
    if not command:
        return ()
    at: Route = (*BUILD, "test")
    return (
        from_(base, TEST, comment="The tests: `docker build --target test .`"),
        user_command(command, at, mounts),
    )


def final(
    facts: Facts,
    base: PinnedImage | str,
    body: Iterable[Instruction],
    default: tuple[str, ...],
    health: Iterable[Instruction],
    *,
    signal: str = "",
) -> tuple[Instruction, ...]:
    """The image that is shipped: what the recipe copies, then what every image of ours has."""
    extra = [
        copy(name, f"{facts.workdir}/{name}", at=(*BUILD, "files", index))
        for index, name in enumerate(facts.build.files)
    ]
    stop = (Instruction("STOPSIGNAL", (signal,), at=BUILD),) if signal else ()
    return (
        from_(base, FINAL, comment="The image that is shipped."),
        workdir(facts.workdir),
        *_overridden(body, frozenset(name for name, _ in facts.build.env)),
        *extra,
        *env(dict(facts.build.env), (*BUILD, "env")),
        arg("VERSION", "0.0.0"),
        arg("REVISION", "unknown"),
        Instruction("LABEL", tuple(f"{key}={value}" for key, value in facts.labels), at=()),
        Instruction("USER", (facts.owner,), at=("user",)),
        *expose(facts.ports),
        *stop,
        *health,
        *start(facts, default),
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
