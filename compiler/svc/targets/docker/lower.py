"""A unit to its Dockerfile and .dockerignore: facts are gathered here, the language's recipe makes the stages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from svc import pins
from svc.diagnostics import Problem, Route, Severity
from svc.notice import notice
from svc.patterns import regex
from svc.resolve.types.images import Build
from svc.resolve.types.process import Process
from svc.resolve.types.volumes import Claim
from svc.resolve.types.whole import Resolved
from svc.resolve.unit import Unit
from svc.targets.docker.facts import Facts
from svc.targets.docker.ignore import ignore
from svc.targets.docker.instructions import BUILD, word
from svc.targets.docker.languages import recipe as recipe_of
from svc.targets.docker.languages.php_extensions import NAME
from svc.targets.docker.own import own_problems
from svc.targets.docker.programs import Command, missing
from svc.targets.docker.started import SYSTEM, programs
from svc.targets.docker.types import DockerArtifact, Dockerfile
from svc.targets.protocol import Lowered

_CONTROL = regex(r"[\x00-\x08\x0a-\x1f\x7f\u0085\u2028\u2029]")


def lower(unit: Unit) -> Lowered:
    one = unit.first
    build = one.build
    if build is None:
        return Lowered(DockerArtifact())
    if build.dockerfile:
        return Lowered(DockerArtifact(), tuple(own_problems(build, main_process(one))))
    problems = (*_unsayable(build), *_image_processes(unit))
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Lowered(DockerArtifact(), problems)
    facts = _facts(unit, one, build)
    recipe = recipe_of(build.language, facts)
    problems = (*problems, *recipe.problems)
    if any(problem.severity is Severity.ERROR for problem in recipe.problems):
        return Lowered(DockerArtifact(), problems)
    dockerfile = Dockerfile(
        recipe.instructions,
        (("syntax", pins.image("docker/dockerfile", "1").reference),),
        _header(unit, build),
        build.at,
    )
    near = posixpath.normpath(build.context or ".") == "."
    artifact = DockerArtifact(
        dockerfile,
        ignore(unit, build),
        unit.path("Dockerfile"),
        unit.path(".dockerignore" if near else "Dockerfile.dockerignore"),
    )
    commands = [(route, words) for route, words in _commands(one) if words]
    return Lowered(artifact, (*problems, *_missing(build, dockerfile), *missing(facts, dockerfile, commands)))


def main_process(one: Resolved) -> Process | None:
    """The process that the image starts by itself: the server, else the first worker, else the first job."""
    return next((workload.main for workload in one.workloads), None)


def _facts(unit: Unit, one: Resolved, build: Build) -> Facts:
    process = main_process(one)
    health = process.health if process else None
    probe = (health.ready or health.live) if health else None
    given = process if one.server or not build.main else None  # what `main` starts, no worker replaces in the image
    started = tuple(dict.fromkeys(name for _, words in _commands(one) for name in programs(words)))
    return Facts(
        name=unit.name,
        build=build,
        command=_plain(given.command if given else None),
        args=_plain(given.args if given else None),
        user=process.user if process else 10001,
        group=process.group if process else 10001,
        workdir=(process.workdir if process and process.workdir.startswith("/") else "") or "/app",
        ports=process.ports if process else (),
        probe=probe,
        starting=health.starting if health else 0,
        shell=not SYSTEM.isdisjoint(started),
        programs=started,
        labels=_labels(unit, one),
        data=tuple(sorted(_data(one))),
    )


def _data(one: Resolved) -> set[str]:
    """Paths at which processes of the image mount persistent volumes."""
    return {
        mount.path
        for workload in one.workloads
        for mount in workload.main.mounts
        if workload.main.image.built
        and not mount.read_only
        and any(isinstance(volume, Claim) and volume.name == mount.volume for volume in workload.volumes)
    }


def _plain(words: tuple[str, ...] | None) -> tuple[str, ...]:
    """A command that an image can hold: `$(NAME)` is expanded by Kubernetes only, which sets such a command itself."""
    return () if words is None or any("$(" in one for one in words) else words


def _commands(one: Resolved) -> Iterator[Command]:
    """What is started in the image, in all of its containers, and where that is said."""
    for workload in one.workloads:
        for process in workload.processes:
            if process.image.built:
                yield (*process.at, "command"), process.command or ()
                for probe in (process.health.ready, process.health.live, process.health.startup):
                    if probe is not None:
                        yield probe.at, probe.command
                if isinstance(process.pre_stop, tuple):
                    yield (*process.at, "rollout", "pre_stop"), process.pre_stop


def _labels(unit: Unit, one: Resolved) -> tuple[tuple[str, str], ...]:
    source = f"https://github.com/{one.ci.repository}" if one.ci.repository else ""
    labels = {
        "title": _label(unit.name),
        "description": _label(one.description),
        "vendor": _label(one.team),
        "source": _label(source),
        "version": '"${VERSION}"',
        "revision": '"${REVISION}"',
    }
    return tuple((f"org.opencontainers.image.{key}", value) for key, value in labels.items() if value)


def _label(text: str) -> str:
    return word(" ".join(text.split())) if text.strip() else ""


def _header(unit: Unit, build: Build) -> tuple[str, ...]:
    context = build.context or "."
    return (
        notice(posixpath.basename(unit.spec)),
        f"Build: docker build --file Dockerfile {context}",
    )


def _unsayable(build: Build) -> Iterator[Problem]:
    """Values that no Dockerfile can hold."""
    values: list[tuple[Route, str]] = [(("build", "main"), build.main), (("build", "context"), build.context)]
    for key in ("packages", "build_packages", "secrets", "files"):
        values += [(("build", key, index), text) for index, text in enumerate(getattr(build, key))]
    for key in ("args", "env"):
        values += [(("build", key, name), text) for name, text in getattr(build, key)]
    for route, text in values:
        if not text.isprintable() and _CONTROL.search(text):
            yield Problem(
                "docker-unsayable-text",
                route,
                f"{text!r} has a line break or control character, which a Dockerfile cannot hold",
                "write it without, or set it as a variable of the service (env) instead",
            )
    for index, text in enumerate(build.extensions):
        if not NAME.fullmatch(text):
            help_ = "write its name as composer.json has it, without ext-, and behind a hyphen a version of PECL: redis-6.2.0"
            yield Problem(
                "docker-extension-name", ("build", "extensions", index), f"{text!r} is no PHP extension", help_
            )
    for key in ("packages", "build_packages"):
        for index, text in enumerate(getattr(build, key)):
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.+_-]*(=[\w.+:~*-]+)?", text):
                help_ = "write its name, such as libpq5"
                yield Problem("docker-package-name", ("build", key, index), f"{text!r} is not a package name", help_)


_SOURCE = regex(r"type=bind,source=([^,]+)")


def _missing(build: Build, dockerfile: Dockerfile) -> Iterator[Problem]:
    """Lock files and wrappers that the Dockerfile takes from the context, where the context is there and has none."""
    if not build.present:
        return
    wanted: dict[str, None] = {}
    for one in dockerfile.instructions:
        mounts = [_SOURCE.match(mount) for mount in one.flag_values("mount")]
        wanted.update({match[1]: None for match in mounts if match is not None})
        if one.keyword == "COPY" and one.flag("from") is None and not one.heredocs:
            for path in one.args[:-1]:
                nested = posixpath.basename(path) in _HOW and path not in build.manifests
                wanted[path if nested else path.removeprefix("./").split("/")[0]] = None
    for name in sorted(wanted):
        if name not in ("", ".") and "*" not in name and name not in (*build.present, *build.manifests):
            message = f"the image is built from `{name}`, which is not in the build context"
            help_ = (
                f"{_HOW.get(posixpath.basename(name), 'add it')}, or write your own Dockerfile and set build.dockerfile"
            )
            at: Route = (*BUILD, "language")
            yield Problem("docker-file-missing", at, message, help_, severity=Severity.WARNING)


_HOW = {
    ".mvn": "run `mvn wrapper:wrapper` and commit what it writes",
    "Gemfile.lock": "run `bundle lock` and commit the file",
    "composer.lock": "run `composer update --no-install` and commit the file",
    "go.mod": "run `go mod init` and commit the file",
    "gradle": "run `gradle wrapper` and commit what it writes",
    "gradlew": "run `gradle wrapper` and commit what it writes",
    "mvnw": "run `mvn wrapper:wrapper` and commit what it writes",
    "package-lock.json": "run `npm install --package-lock-only` and commit the file",
    "pnpm-lock.yaml": "run `pnpm install --lockfile-only` and commit the file",
    "poetry.lock": "run `poetry lock` and commit the file",
    "requirements.txt": "run `pip-compile --generate-hashes` and commit the file",
    "uv.lock": "run `uv lock` and commit the file",
    "yarn.lock": "run `yarn install` and commit the file",
}
"""How a file comes to be there."""


def _image_processes(unit: Unit) -> Iterator[Problem]:
    process = main_process(unit.first)
    for key in ("command", "args"):
        for index, text in enumerate(getattr(process, key) or () if process else ()):
            if "\0" in text:
                yield Problem("docker-unsayable-text", (key, index), f"{text!r} has a NUL character")
