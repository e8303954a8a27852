"""Which files of a source tree say what is depended on, where one manifest is not all: workspaces, solutions, modules."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Set

from svc.patterns import regex
from svc.resolve import sources_python, sources_site
from svc.resolve.build_tree import MOST, Tree, as_json, kept, members
from svc.resolve.context import Context
from svc.resolve.sources_git import told
from svc.resolve.sources_go import go
from svc.resolve.sources_jvm import jvm, layers, packaging, spring_boot
from svc.resolve.sources_npm import NPMRC, credential, readable
from svc.resolve.sources_rust import binaries, binary
from svc.resolve.sources_secret import Credential, credentials
from svc.resolve.sources_site import generator

_REFERENCE = regex(r"<ProjectReference\s[^>]*Include\s*=\s*\"([^\"]+)\"")
_SHARED = ("Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json")
_PATCH = regex(r"[\w.@+/-]+\.patch\b")
_NODE_SETTINGS = (NPMRC, ".yarnrc.yml", "pnpm-workspace.yaml", ".pnpmfile.cjs")


def manifests(context: Context, language: str, main: str) -> tuple[str, ...]:
    """Paths relative to the build context, sorted: all that the package manager reads besides the usual files."""
    tree = Tree(context)
    table: Mapping[str, Callable[[Tree, str], Iterator[str]]] = {
        "dotnet": _dotnet,
        "go": go,
        "java": jvm,
        "kotlin": jvm,
        "node": _node,
        "php": _node,
        "ruby": _node,
        "static": _static,
        "python": sources_python.python,
    }
    found = table[language](tree, main) if language in table else iter(())
    return tuple(sorted(dict.fromkeys(found)))[:MOST]


def jar(context: Context, manager: str, module: str) -> tuple[str, str, tuple[str, ...] | None]:
    """Version of Spring Boot, "" if no file names it; what the build packs, `jar` or `war`; and in which layers."""
    tree = Tree(context)
    return spring_boot(tree, manager, module), packaging(tree, manager, module), layers(tree, manager, module)


def rust(context: Context, main: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, str]]:
    """The programs of the tree with their packages, and the one that is this service."""
    tree = Tree(context)
    return binaries(tree), binary(tree, main, context.service.name)


def versioned(context: Context, found: tuple[str, ...]) -> tuple[str, ...]:
    """Variables by which a build of Python is told the version that it would ask git for."""
    return told(Tree(context), found)


def packaged(context: Context, manager: str) -> bool:
    """Whether a project of Python is installed among its own packages."""
    return sources_python.packaged(Tree(context), manager)


def programs(context: Context) -> tuple[str, ...]:
    """Programs that a project of Python has, once it is installed."""
    return tuple(sorted(sources_python.scripts(Tree(context))))


def names(context: Context, folder: str) -> Set[str]:
    """What is in a folder of the sources."""
    return Tree(context).names(folder)


def secret(context: Context, main: str, module: str, variable: str) -> tuple[Credential, ...]:
    """Credentials among the settings of package managers; beside the project of .NET, or in the module, too."""
    return tuple(credentials(Tree(context), module or posixpath.dirname(main), variable))


def site(context: Context, main: str) -> tuple[str, str]:
    """What makes a static site of its sources, and the file that tells; a script of package.json comes first."""
    built = "build" in (name for name, _ in scripts(context))
    return ("", "") if built else generator(Tree(context), main)


def output(context: Context) -> str:
    """Where the build of package.json leaves a site."""
    return sources_site.output(as_json(Tree(context).text("package.json")))


def routed(context: Context, main: str) -> bool:
    """Whether a site has routes of its own, by the package that its folder lies in."""
    tree, folder = Tree(context), posixpath.normpath(main or ".")
    while folder not in ("", ".", "/") and not tree.has(f"{folder}/package.json"):
        folder = posixpath.dirname(folder)
    return sources_site.routed(as_json(tree.text(posixpath.join(folder, "package.json"))))


def site_there(context: Context, main: str) -> bool:
    """Whether a static site, or what one is made of, is there to be seen."""
    return sources_site.there(Tree(context), main)


def there(context: Context, path: str) -> bool:
    """Whether the build context has this file."""
    return bool(path) and Tree(context).has(path)


def scripts(context: Context) -> tuple[tuple[str, str], ...]:
    """Those of package.json, by name, with what they run."""
    found = as_json(Tree(context).text("package.json")).get("scripts")
    return tuple(sorted((str(name), str(text)) for name, text in found.items())) if isinstance(found, dict) else ()


def developed(context: Context) -> tuple[str, ...]:
    """Packages that package.json wants for development alone."""
    data = as_json(Tree(context).text("package.json"))
    every, shipped = (data.get(key) for key in ("devDependencies", "dependencies"))
    names = {str(one) for one in every} if isinstance(every, dict) else set[str]()
    return tuple(sorted(names - set(shipped if isinstance(shipped, dict) else ())))


def package(context: Context, main: str) -> str:
    """Name in package.json of the member of a workspace that `main` lies in, or of the root."""
    tree = Tree(context)
    folders = (
        one for one in members(tree, _globs(tree), "package.json") if main.removeprefix("./").startswith(f"{one}/")
    )
    name = as_json(tree.text(posixpath.join(next(folders, ""), "package.json"))).get("name")
    return name if isinstance(name, str) else ""


_HOOKS = ("preinstall", "install", "postinstall", "prepare")
_WITHOUT_SOURCES = regex(
    r"^(?:npx )?(?:is-ci \|\| ?)?(?:husky(?: install)?|only-allow \w+|lefthook install|simple-git-hooks)(?: ?\|\| ?(?:true|:|exit 0))?$"
)
"""Scripts that do nothing, or all they do, where only package.json is."""


def hooks(context: Context) -> bool:
    """Whether installing runs scripts, of the root or of a member, that may want more than package.json."""
    tree = Tree(context)
    for folder in ("", *members(tree, _globs(tree), "package.json")):
        found = as_json(tree.text(posixpath.join(folder, "package.json"))).get("scripts")
        texts = [str(found[name]) for name in _HOOKS if name in found] if isinstance(found, dict) else []
        if any(not _WITHOUT_SOURCES.match(text.strip()) for text in texts):
            return True
    return False


def _dotnet(tree: Tree, main: str) -> Iterator[str]:
    """The projects that the main one refers to, their lock files, and what applies to all of them."""
    waiting, seen = [posixpath.normpath(main)], set[str]()
    while waiting and len(seen) < MOST:
        project = waiting.pop(0)
        if project in seen or project.startswith("../") or not tree.has(project):
            continue
        seen.add(project)
        yield project
        folder = posixpath.dirname(project)
        yield from kept(tree, folder, ("packages.lock.json",))
        for name in _REFERENCE.findall(tree.text(project)):
            waiting.append(posixpath.normpath(posixpath.join(folder, name.replace("\\", "/"))))
    folders = {above for project in seen for above in _above(posixpath.dirname(project))}
    for folder in folders:
        yield from kept(tree, folder, _SHARED)
        yield from (posixpath.join(folder, one) for one in tree.names(folder or ".") if one.lower() == "nuget.config")


def _above(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _node(tree: Tree, _: str) -> Iterator[str]:
    """The manifests of the members of a workspace, and the settings of the package manager."""
    if not tree.has("package.json"):
        return
    for name in kept(tree, "", _NODE_SETTINGS):
        if name != NPMRC or (readable(tree) and credential(tree) is None):
            yield name
    for name in ("package.json", "pnpm-workspace.yaml"):
        for patch in _PATCH.findall(tree.text(name).partition("patchedDependencies")[2]):
            if not patch.startswith((".", "/")) and tree.has(patch):
                yield patch
    for folder in members(tree, _globs(tree), "package.json"):
        yield f"{folder}/package.json"


def _static(tree: Tree, main: str) -> Iterator[str]:
    yield from _node(tree, main)
    if generator(tree, main)[0] == "mkdocs":
        yield from sources_python.python(tree, main)


def _globs(tree: Tree) -> list[str]:
    given = as_json(tree.text("package.json")).get("workspaces")
    listed = given.get("packages") if isinstance(given, dict) else given
    found = [str(one) for one in listed] if isinstance(listed, list) else []
    told = tree.text("pnpm-workspace.yaml").partition("packages:")[2]
    inline = re.match(r"\s*\[([^\]]*)\]", told)
    if inline is not None:
        return [*found, *(one.strip("\"'") for one in re.split(r"[\s,]+", inline[1]) if one)]
    lines = re.findall(r"^[ \t]*-[ \t]*[\"']?([^\s\"'#]+)", told, re.M)
    return [*found, *lines]
