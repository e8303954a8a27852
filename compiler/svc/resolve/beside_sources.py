"""What a spec says of its sources, compared with those that are there: nothing of it would come up before the image is built."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc import pins
from svc.diagnostics import Route, Severity
from svc.model.build import Build as Given
from svc.resolve.beside_builds import builds
from svc.resolve.build_tree import Tree, as_json
from svc.resolve.context import Context
from svc.resolve.sources_npm import NPMRC, credential
from svc.resolve.sources_python import unhashed
from svc.resolve.types.images import Build
from svc.resolve.versions import demands, literal

_NAMES = {"node": "Node.js", "static": "Node.js", "dotnet": ".NET", "php": "PHP", "kotlin": "Java"}


def compare(context: Context, given: Given, build: Build) -> None:
    """Says what differs. Warnings, all of them: a step of the build may make what is not there yet."""
    tree = Tree(context)
    _versions(context, given, build, tree)
    for route, path in _absent(given, build, tree):
        message = f"`{path}` is not in the build context"
        place = "" if build.context in ("", ".") else f", which is `{build.context}`"
        context.report(
            "build-path-missing",
            (*build.at, *route),
            message,
            help=f"write a path of the sources, relative to the build context{place}",
            severity=Severity.WARNING,
        )
    if build.manager == "pip" or (build.site[0] == "mkdocs" and not {"uv.lock", "poetry.lock"} & set(build.present)):
        _unhashed(context, build, tree)
    if build.scripts is not None and build.manager:
        _with_credential(context, build, tree)
    builds(context, given, build, tree)


def _versions(context: Context, given: Given, build: Build, tree: Tree) -> None:
    """The first file that asks for another version: one cause, one message."""
    if build.language == "static" and "package.json" not in build.present:
        return
    for one in demands(tree, build.language, build.main, build.module):
        if not one.met(build.version):
            fits = [known for known in pins.supported(build.language) if one.met(known)]
            name = _NAMES.get(build.language, build.language.capitalize())
            least = " or later" if one.least else ""
            context.report(
                "build-version-differs",
                (*build.at, "version" if given.version is not None else "language"),
                f"the image has {name} {build.version}, and {one.file} asks for {one.version}{least}",
                help=f'write `version: "{fits[0]}"`, or change {one.file}'
                if fits
                else f"change {one.file}, or write your own Dockerfile and set build.dockerfile",
                severity=Severity.WARNING,
            )
            return
    if build.language == "ruby":
        _ruby(context, given, build, tree)


def _ruby(context: Context, given: Given, build: Build, tree: Tree) -> None:
    """Bundler compares all of a version, the image of a release gets newer patches by itself."""
    asked = literal(tree)
    image = pins.find_image("ruby", build.version)
    told = (image.version, image.note) if image is not None else ()
    whole = next((hit for one in told if (hit := re.match(r"\d+\.\d+\.\d+", one)) is not None), None)
    if asked is None or whole is None or asked.version == whole[0]:
        return
    context.report(
        "build-version-differs",
        (*build.at, "version" if given.version is not None else "language"),
        f"the image has Ruby {whole[0]}, and Bundler installs nothing with it: {asked.file} asks for {asked.version} itself",
        help=f'write `ruby "~> {build.version}.0"` into the Gemfile, so that patches of Ruby fit',
        severity=Severity.WARNING,
    )


def _absent(given: Given, build: Build, tree: Tree) -> Iterator[tuple[Route, str]]:
    main = build.main
    one = main.removeprefix("./").rstrip("/")
    made = bool(build.prepare) or build.hooks or build.scripts is None or "build" in build.scripts
    looked = {
        "go": main.startswith("./") and "..." not in main.removesuffix("/..."),
        "python": main.endswith(".py"),
        "php": main.endswith(".php"),
        "dotnet": one.partition("/")[0] in build.present,
        "node": main.endswith((".js", ".mjs", ".cjs")) and not made and not _made_by_member(tree, one),
        "static": bool(one) and "package.json" not in build.present and not build.site[0],
    }
    if one not in ("", ".") and " " not in main and looked.get(build.language, False) and not build.prepare:
        path = one.removesuffix("/...") if build.language == "go" else one
        if not tree.has(path):
            yield ("main",), main
    if build.module and not tree.has(build.module):
        yield ("module",), build.module
    for index, path in enumerate(given.files):
        name = path.removeprefix("./").rstrip("/")
        if "/" in name and "*" not in name and name.partition("/")[0] in build.present and not tree.has(name):
            yield ("files", index), path


def _made_by_member(tree: Tree, path: str) -> bool:
    """Whether a package of the workspace that a path of JavaScript lies in has a build, which may write it."""
    folders = path.split("/")[:-1]
    packages = ("/".join([*folders[:depth], "package.json"]) for depth in range(1, len(folders) + 1))
    scripts = (as_json(tree.text(one)).get("scripts") for one in packages if tree.has(one))
    return any(isinstance(one, dict) and "build" in one for one in scripts)


def _unhashed(context: Context, build: Build, tree: Tree) -> None:
    line = unhashed(tree)
    if line is None:
        return
    name, number, text = line
    local = text.startswith(("-", ".", "/")) or "@ file:" in text
    context.report(
        "pip-without-hash",
        (*build.at, "language"),
        f"pip is told to install nothing without a hash, and `{text[:80]}` has none ({name}:{number})",
        help="a folder has none: give the project uv or poetry, or write your own Dockerfile and set build.dockerfile"
        if local
        else "run `pip-compile --generate-hashes` and commit the file",
        severity=Severity.WARNING,
    )


def _with_credential(context: Context, build: Build, tree: Tree) -> None:
    """Settings that stay outside: the installation fails where it needs them, and does not say why."""
    found = credential(tree) if NPMRC in build.present else None
    if found is None:
        return
    number, key = found
    what = f"`{key}` " if key.replace("_", "").replace("-", "").isalnum() else ""
    name = build.secrets[0] if build.secrets else "npm_token"
    told = "" if build.secrets else f", and have the build know it: `secrets: [{name}]`"
    context.report(
        "npmrc-with-credential",
        (*build.at, "secrets" if build.secrets else "language"),
        f"{what}in {NPMRC}, line {number}, is a credential, so the build goes without the file",
        help=f"write the variable of a build secret in place of the value, such as ${{{name.upper()}}}{told}",
        severity=Severity.WARNING,
    )
