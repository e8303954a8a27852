"""What a build of one language meets in its sources, beyond what all of them do: an older Gradle, a member of a workspace, git."""

from __future__ import annotations

from svc import pins
from svc.diagnostics import Severity
from svc.model.build import Build as Given
from svc.resolve.build_tree import Tree
from svc.resolve.context import Context
from svc.resolve.sources_git import asked
from svc.resolve.sources_go import needs_c
from svc.resolve.sources_jvm import WRAPPER, gradle
from svc.resolve.sources_rust import LOCK, MANIFEST, inherits
from svc.resolve.sources_site import NAMES, OUTPUT
from svc.resolve.types.images import Build
from svc.suggest import close


def builds(context: Context, given: Given, build: Build, tree: Tree) -> None:
    """Says it, as warnings: the image may be another's business."""
    _git(context, build, tree)
    if build.manager == "gradle":
        _too_old(context, given, build, tree)
    if build.language == "rust":
        _cargo(context, build, tree)
    if build.language == "go":
        _without_c(context, build, tree)
    if build.site[0] in OUTPUT and given.version not in (None, *pins.supported("static")):
        context.report(
            "build-key-unused",
            (*build.at, "version"),
            f"`version` has no effect: it is that of Node.js, and {NAMES[build.site[0]]} builds the site",
            help="leave it out",
            anchor="key",
            severity=Severity.WARNING,
        )


def _git(context: Context, build: Build, tree: Tree) -> None:
    for one in asked(tree, build.language, build.main, build.module):
        stops = "so the build of the image ends there" if one.stops else "so the image is built without it"
        context.report(
            "version-from-git",
            (*build.at, "language"),
            f"`{one.by}` in {one.file} asks git for the version, and `.git` is not in the build context, {stops}",
            help=one.advice,
            severity=Severity.WARNING if one.stops else Severity.INFO,
        )


def _without_c(context: Context, build: Build, tree: Tree) -> None:
    module = needs_c(tree)
    if module:
        context.report(
            "go-without-c",
            (*build.at, "language"),
            f"the program is built without C (CGO_ENABLED=0), and `{module}` is nothing without it",
            help="use a driver that is Go alone, such as modernc.org/sqlite; or write your own Dockerfile and set build.dockerfile",
            severity=Severity.WARNING,
        )


def _cargo(context: Context, build: Build, tree: Tree) -> None:
    """A member of a workspace by itself, a tree without a lock file, a program that none of the packages makes."""
    if inherits(tree) and LOCK not in build.present:
        context.report(
            "cargo-member-alone",
            (*build.at, "context") if build.context not in ("", ".") else (*build.at, "language"),
            f"{MANIFEST} takes settings from a workspace, whose {MANIFEST} is not in the build context",
            help="set `context` to the folder of the workspace, such as `../..`, and `main` to the program",
            severity=Severity.WARNING,
        )
    elif LOCK not in build.present:
        context.report(
            "docker-file-missing",
            (*build.at, "language"),
            f"the image is built from `{LOCK}`, which is not in the build context",
            help="run `cargo generate-lockfile` and commit the file",
            severity=Severity.WARNING,
        )
    if build.binaries and not build.binary[0]:
        known = sorted({name for name, _ in build.binaries})
        wanted = build.main or context.service.name
        context.report(
            "cargo-binary-unknown",
            (*build.at, "main") if build.main else (*build.at, "language"),
            f"Cargo makes no program `{wanted}`; it makes {', '.join(known)}",
            help=f"name one of them: `main: {close(wanted, known) or known[0]}`",
            severity=Severity.WARNING,
        )


_GRADLE = {25: (9, 1), 21: (8, 5), 17: (7, 3)}
"""JDK -> the first Gradle that runs on it (docs.gradle.org, compatibility matrix)."""


def _too_old(context: Context, given: Given, build: Build, tree: Tree) -> None:
    """A wrapper whose Gradle stops at the JDK of the image, whatever the toolchain that it would compile with."""
    found = gradle(tree)
    wanted = _GRADLE.get(int(build.version)) if build.version.isdigit() else None
    if not found or wanted is None:
        return
    version = tuple(int(one) for one in found.split("."))
    if version >= wanted:
        return
    fits = next((f'write `version: "{jdk}"`, or ' for jdk, least in _GRADLE.items() if version >= least), "")
    first = ".".join(map(str, wanted))
    context.report(
        "gradle-too-old",
        (*build.at, "version" if given.version is not None else "language"),
        f"the image has Java {build.version}, and Gradle {found} of {WRAPPER} does not run on it; the first that does is {first}",
        help=f"{fits}run `gradle wrapper --gradle-version {first}` and commit what it writes",
        severity=Severity.WARNING,
    )
