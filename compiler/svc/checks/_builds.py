"""Which Dockerfile an image is built from: only where a compose file or a workflow of the same tree says so itself."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from svc.checks.images import is_variable, qualified, reference
from svc.checks.seen import Seen, once, seen
from svc.targets.protocol import Subject
from svc.tree import mapping

if TYPE_CHECKING:  # a run without such files never loads them
    from svc.checks._workflow_builds import Built
    from svc.targets.docker.types import Dockerfile


def built(subjects: Sequence[Subject]) -> dict[str, Dockerfile]:
    """Image repository -> its Dockerfile. A repository that two Dockerfiles claim is left out."""
    return once(subjects, _built)


def _built(subjects: Seen) -> dict[str, Dockerfile]:
    files = {subject.name: subject.artifact for subject in subjects if subject.surface == "docker"}
    claims: dict[str, set[str]] = {}
    for repository, path in (*_by_compose(subjects), *once(subjects, _by_workflow)):
        claims.setdefault(repository, set()).add(path)
    paths = {repository: next(iter(found)) for repository, found in claims.items() if len(found) == 1}
    return {repository: files[path] for repository, path in paths.items() if path in files}


def of_service(subject: Subject, service: dict[str, Any], subjects: Sequence[Subject]) -> Dockerfile | None:
    """The Dockerfile that a compose service builds."""
    path = _dockerfile(subject.name, service)
    found = seen(subjects).by_path.get(path, ()) if path else ()
    return next((one.artifact for one in found if one.surface == "docker"), None)


def repositories_of_service(subject: Subject, service: dict[str, Any], subjects: Sequence[Subject]) -> set[str]:
    """The repositories of the image that a compose service builds: as it says itself, and as workflows say."""
    if mapping(service).get("build") is None:
        return set()
    path = _dockerfile(subject.name, service)
    said = repository_of(service.get("image"))
    named = once(subjects, _repositories_of_files).get(path, set()) if path else set()
    return named | ({said} if said else set())


def _repositories_of_files(subjects: Seen) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for repository, file in once(subjects, _by_workflow):
        found.setdefault(file, set()).add(repository)
    return found


def repository_of(image: object) -> str:
    """An image's repository with its registry; "" where a variable fills it in."""
    plain = reference(image).repository if isinstance(image, str) else ""
    return "" if is_variable(plain) or not plain else qualified(plain)


def exposed(dockerfile: Dockerfile) -> set[int]:
    """The ports that the final stage opens; empty when it opens none, or when a variable says which."""
    stages = dockerfile.stages
    from svc.targets.docker.types import unquoted

    opened = stages[-1].find("EXPOSE") if stages and dockerfile.read("EXPOSE") else ()
    words = [unquoted(word) for _, one in opened for word in one.args]
    numbers = [word.partition("/")[0] for word in words]
    return (
        {int(number) for number in numbers}
        if all(number.isdecimal() and len(number) < 6 for number in numbers)
        else set()
    )


def pushed(subjects: Sequence[Subject]) -> Iterator[str]:
    """The repositories that workflows push to."""
    for one in once(subjects, _workflows):
        if one.pushed:
            yield from _repositories(one)


def _by_compose(subjects: Sequence[Subject]) -> Iterator[tuple[str, str]]:
    for subject in subjects:
        if subject.surface == "compose":
            for service in subject.artifact.services.values():
                repository, path = repository_of(mapping(service).get("image")), _dockerfile(subject.name, service)
                if repository and path:
                    yield repository, path


def _dockerfile(compose: str, service: Any) -> str:
    """The path of the Dockerfile that a service builds from, as reports name it."""
    build = mapping(service).get("build")
    parts = {"context": build} if isinstance(build, str) else mapping(build)
    context, file = str(parts.get("context", ".")), str(parts.get("dockerfile", "Dockerfile"))
    if (
        build is None
        or "dockerfile_inline" in parts
        or parts.get("target")
        or is_variable(context + file)
        or ":" in context
    ):
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(compose), context, file))


def _by_workflow(subjects: Seen) -> list[tuple[str, str]]:
    found = (one for one in once(subjects, _workflows) if one.path)
    return [(repository, one.path) for one in found for repository in _repositories(one)]


def _workflows(subjects: Seen) -> list[Built]:
    found = [subject for subject in subjects if subject.surface == "github"]
    if not found:
        return []
    from svc.checks._workflow_builds import builds

    return [one for subject in found for one in builds(subject)]


def _repositories(one: Built) -> Iterator[str]:
    for tag in one.tags:
        repository = repository_of(tag)
        if repository:
            yield repository
