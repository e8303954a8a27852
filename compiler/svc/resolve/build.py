"""What the image is built of: language, version, manager, and what lies in the build context."""

from __future__ import annotations

import posixpath

from svc import pins
from svc.diagnostics import Place, Route, Severity, Span
from svc.model.build import Build as GivenBuild
from svc.model.mapped import written
from svc.resolve.context import Context
from svc.resolve.types.images import Build, Language
from svc.resolve.unit import Origin
from svc.source import Unreadable

_SETTINGS = (("settings.gradle", "gradle"), ("settings.gradle.kts", "gradle"))
_MANAGERS: dict[str, tuple[tuple[str, str], ...]] = {
    "python": (("uv.lock", "uv"), ("poetry.lock", "poetry"), ("requirements.txt", "pip")),
    "node": (("package-lock.json", "npm"), ("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn")),
    "static": (("package-lock.json", "npm"), ("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn")),
    "java": (("pom.xml", "maven"), ("build.gradle", "gradle"), ("build.gradle.kts", "gradle"), *_SETTINGS),
    "kotlin": (("build.gradle.kts", "gradle"), ("build.gradle", "gradle"), *_SETTINGS, ("pom.xml", "maven")),
}
"""File in the build context -> the manager that it tells of; the first is the default."""
_WITH_NODE = ("node", "static", "php", "ruby")
"""Languages whose sources may have packages of Node: for themselves, or for scripts and styles."""
_SOURCES = frozenset(
    (
        *("build.gradle", "build.gradle.kts", "Cargo.toml", "composer.json", "Gemfile", "go.mod", "index.html"),
        *("settings.gradle", "settings.gradle.kts", "go.work", "Pipfile", "setup.py"),
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
    own = _own_dockerfile(context, given, at)
    beneath = _beneath(context, given)
    present = tuple(sorted(context.names(given.context)))
    node = language in _WITH_NODE and "package.json" in present
    seen = _seen(present) or _looked_for(context, given)
    made = Build(
        language=language,
        version=given.version or (pins.supported(language)[-1] if given.language is not None else ""),
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
        text=own,
        extensions=tuple(given.extensions),
        module=_module(given.module or ""),
        prepare=given.prepare,
        beneath=beneath,
    )
    if not (seen or node or given.language == "static"):
        return made
    from svc.resolve.build_sources import told

    return told(context, given, made, seen=seen, node=node)


def _module(text: str) -> str:
    path = text.strip("/").removeprefix("./")
    return "" if path == "." else path


def _beneath(context: Context, given: GivenBuild) -> str:
    """The spec's folder from a build context above it, which stays within the workspace."""
    where = posixpath.normpath(given.context)
    if where.split("/")[0] != "..":
        return ""
    folder = posixpath.normpath(posixpath.join(context.directory, where))
    if folder.split("/")[0] != "..":
        return posixpath.relpath(f"/{context.directory}", posixpath.join("/", folder))
    context.report(
        "build-context-outside",
        ("build", "context"),
        f"`{given.context}` is outside of the folder that all is written to",
        help="put a `svc-workspace.yaml` (`apiVersion: svc/v1`) into the folder that holds the sources of all services",
    )
    return ""


def _seen(present: tuple[str, ...]) -> bool:
    """Whether sources are there to be looked at."""
    return bool(_SOURCES & set(present)) or any(one.endswith(_SOLUTIONS) for one in present)


def _looked_for(context: Context, given: GivenBuild) -> bool:
    """Whether sources are there that no name at the root tells of."""
    if given.language not in ("static", "dotnet"):
        return False
    from svc.resolve import sources

    there = sources.site_there if given.language == "static" else sources.there
    return there(context, given.main)


_GENERATED = (
    *("version", "main", "manager", "packages", "build_packages", "env", "files", "test"),
    *("extensions", "module", "prepare"),
)
"""What only a generated Dockerfile does something with."""


def _own_dockerfile(context: Context, given: GivenBuild, at: Route) -> str:
    """Its text, with routes for its lines; says which keys have no effect beside it. "" without one."""
    if given.dockerfile is None:
        return ""
    own = context.read(given.dockerfile)
    if isinstance(own, Unreadable):
        message = f"`{given.dockerfile}` cannot be read: {own.message}"
        help_ = "paths are relative to the spec's folder"
        context.report("dockerfile-unreadable", (*at, "dockerfile"), message, help=help_)
        return ""
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
    return own.text


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
    if not table and language in _WITH_NODE and "package.json" in present:
        table = (("", ""), *_MANAGERS["node"])
    found = next((manager for name, manager in table if name in present), table[0][1] if table else "")
    return "yarn1" if found == "yarn" and _yarn1(context, given) else found


def _yarn1(context: Context, given: GivenBuild) -> bool:
    """Yarn 1 and later ones have nothing in common but the name of the lock file, whose second line tells."""
    path = "yarn.lock" if given.context in (".", "./") else f"{given.context.rstrip('/')}/yarn.lock"
    lock = context.read(path)
    return not isinstance(lock, Unreadable) and "# yarn lockfile v1" in lock.text[:200]
