"""What a tree of Node says: what is started, by the framework or the scripts, at the root or in a member of a workspace."""

from __future__ import annotations

import json
import posixpath
import re

from svc.detect.procfile import SHELL
from svc.detect.project import Project, first
from svc.detect.tree import At, Tree
from svc.patterns import regex
from svc.records import dataclass, replace

_SERVERS = frozenset(("express", "fastify", "koa", "hono", "@hono/node-server", "@nestjs/core", "@hapi/hapi", "polka"))
_SITES = {"vite": "dist", "react-scripts": "build", "astro": "dist", "parcel": "dist", "@11ty/eleventy": "_site"}
_STARTS = ("start:prod", "start:production", "start", "serve:prod", "serve")
_FILES = ("server.js", "index.js", "app.js", "src/index.js", "src/server.js", "server.mjs", "index.mjs")
_FRAMEWORKS = (
    ("nuxt", ".output/server/index.mjs"),
    ("@astrojs/node", "dist/server/entry.mjs"),
    ("@sveltejs/adapter-node", "build/index.js"),
    ("@react-router/serve", "node node_modules/@react-router/serve/bin.cjs ./build/server/index.js"),
    ("@remix-run/serve", "node node_modules/@remix-run/serve/dist/cli.js ./build/server/index.js"),
)
"""Dependency -> what starts its server, which listens on PORT, 3000 unless given."""
_LISTENS = {"@astrojs/node": (4321, (("HOST", "0.0.0.0"),))}  # noqa: S104
"""Those that have another port, and listen to the machine itself unless they are told."""
_STANDALONE = r"^(?!\s*(?://|/?\*)).*?output\s*:\s*[\"'`]standalone[\"'`]"


@dataclass(frozen=True, slots=True)
class Start:
    """`site`: a folder of files, served by a web server. `port` 0: nothing says that it listens."""

    main: str
    at: At
    port: int = 0
    site: bool = False
    env: tuple[tuple[str, str], ...] = ()


def package(tree: Tree, folder: str = "") -> dict[str, object]:
    try:
        data = json.loads(tree.text(posixpath.join(folder, "package.json")) or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def bun(tree: Tree) -> str:
    """The lock file of Bun, where there is no other."""
    others = ("package-lock.json", "pnpm-lock.yaml", "yarn.lock")
    known = any(one in tree.files for one in others)
    return "" if known else next((one for one in ("bun.lock", "bun.lockb") if one in tree.files), "")


def _unlocked(tree: Tree) -> tuple[str, ...]:
    """Why there is no lock file of npm, where that can be told."""
    if re.search(r"\"workspace:", tree.text("package.json")):
        return ("package.json is a member of a workspace: run `svc init` in its root, where the lock file is",)
    return ()


def node(tree: Tree) -> Project | None:
    if "package.json" not in tree.files:
        return None
    wanted, at = first(
        tree, (".nvmrc", r"v?(\d[\d.]*)"), (".node-version", r"v?(\d[\d.]*)"), (".tool-versions", r"^nodejs\s+(\S+)"),
        ("package.json", r"\"node\"\s*:\s*\"\D*(\d[\d.]*)"),
    )  # fmt: skip
    locks = {"pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn"}
    manager = next((locks[name] for name in locks if name in tree.files), "npm")
    members = _members(tree)
    base = Project(
        "node", At("package.json"), wanted, at, manager, manifests=("package.json", *(f"{one}/package.json" for one in members)),
        notes=_unlocked(tree) if manager == "npm" and "package-lock.json" not in tree.files else (),
    )  # fmt: skip
    starts = _starts(tree, "") or [(one, start) for one in members for start in _plain(tree, one)]
    if not starts:
        return base
    servers = [(home, one) for home, one in starts if not one.site]
    home, chosen = (servers or starts)[0]
    if chosen.site:
        return replace(base, language="static", home=home, mains=((chosen.main, chosen.at),), port=8080)
    mains = tuple((one.main, one.at) for _, one in servers)
    base = replace(base, prepare=_prepared(tree, home, manager))
    return chosen_of(replace(base, mains=mains, port=max(one.port for _, one in servers), env=chosen.env), 0)


def _prepared(tree: Tree, home: str, manager: str) -> str:
    """What builds an application for a platform that runs it by this name, where no script is called `build`."""
    given = _keys(package(tree, home).get("scripts"))
    name = next((one for one in ("heroku-postbuild", "gcp-build") if one in given), "")
    return f"{manager} run {name}" if name and "build" not in given and not home else ""


def chosen_of(project: Project, main: int) -> Project:
    """The project as one of its candidates has it: where that lies, and what it writes."""
    if project.language != "node" or not project.mains:
        return project
    text, at = project.mains[main]
    folders = (posixpath.dirname(one) for one in project.manifests)
    home = max((one for one in folders if at.path.startswith(f"{one}/")), key=len, default="")
    next_ = text == "next" or "/next/" in text
    cached = ("/tmp", posixpath.join("/app", home, ".next/cache")) if next_ else ()
    return replace(project, home=home, module=home if text == "next" else "", writable=cached)


def _starts(tree: Tree, folder: str) -> list[tuple[str, Start]]:
    return [(folder, one) for one in _plain(tree, folder)]


def _plain(tree: Tree, folder: str) -> list[Start]:
    """What a package starts, with paths from the root of the tree."""
    data = package(tree, folder)
    file = posixpath.join(folder, "package.json")
    names = {name for key in ("dependencies", "devDependencies") for name in _keys(data.get(key))}
    server = bool(_SERVERS & names)
    framework = _framework(tree, folder, file, names)
    if framework is not None and not (server and _script(tree, folder) is not None):
        return [framework]
    started = _script(tree, folder)
    if started is not None:
        command, at = started
        return [Start(from_root(command, folder), at, 3000 if server else 0)]
    site = next((one for name, one in _SITES.items() if name in names), "")
    if (site or "@angular/core" in names) and not server and (folder or _is_site(tree)):
        left = (site and _left(tree, folder, site)) or _angular(tree, folder, data)
        return [Start(posixpath.join(folder, left), At(file), site=True)]
    if isinstance(data.get("main"), str) and (server or not folder):
        return [Start(posixpath.join(folder, str(data["main"])), At(file), 3000 if server else 0)]
    found = next((one for one in _FILES if posixpath.join(folder, one) in tree.files), "")
    path = posixpath.join(folder, found)
    return [Start(path, At(path), 3000 if server else 0)] if found and (server or not folder) else []


_CONFIGS = tuple(f"vite.config.{end}" for end in ("ts", "mts", "js", "mjs"))


def _is_site(tree: Tree) -> bool:
    """Whether the root of a workspace is a site, and has not only the tools of the members that are."""
    return not _members(tree) or any(one in tree.files for one in ("index.html", "angular.json", *_CONFIGS))


def _left(tree: Tree, folder: str, usual: str) -> str:
    """Where Vite leaves the site, if its configuration says so in plain words."""
    for name in _CONFIGS:
        found = tree.search(posixpath.join(folder, name), r"\boutDir\s*:\s*[\"'`]([\w./-]+)[\"'`]")
        if found is not None:
            inside = posixpath.normpath(posixpath.join(folder, found[0][1]))
            return usual if inside.startswith("..") else posixpath.relpath(f"/{inside}", f"/{folder}")
    return usual


def _framework(tree: Tree, folder: str, file: str, names: set[str]) -> Start | None:
    here = f"{folder}/" if folder and "pnpm-lock.yaml" in tree.files else ""  # pnpm keeps packages beside their member
    if "next" in names:
        hit = tree.search(file, r"\"next\"\s*:")
        at = hit[1] if hit is not None else At(file)
        configs = (posixpath.join(folder, f"next.config.{ending}") for ending in ("js", "mjs", "ts", "cjs"))
        own = next((found for one in configs if (found := tree.search(one, _STANDALONE)) is not None), None)
        if own is not None:
            return Start("next", own[1], 3000)
        run = f"node {here}node_modules/next/dist/bin/next start"
        return Start(f"{run}{f' {folder}' if folder else ''} -H 0.0.0.0 -p 3000", at, 3000)
    for name, main in _FRAMEWORKS:
        if name in names and not (name == "@astrojs/node" and _within(tree, folder)):
            hit = tree.search(file, re.escape(f'"{name}"') + r"\s*:")
            main = main.replace("node node_modules/", f"node {here}node_modules/")
            at = hit[1] if hit is not None else At(file)
            port, told = _LISTENS.get(name, (3000, ()))
            return Start(from_root(main, folder), at, port, env=told)
    return None


def _within(tree: Tree, folder: str) -> bool:
    """Whether Astro makes no server, but a part of one that somebody writes."""
    configs = (posixpath.join(folder, f"astro.config.{ending}") for ending in ("mjs", "ts", "js"))
    return any(tree.search(one, r"\bmode\s*:\s*[\"'`]middleware[\"'`]") is not None for one in configs)


def _script(tree: Tree, folder: str) -> tuple[str, At] | None:
    """The command of the first script that starts `node` itself."""
    file = posixpath.join(folder, "package.json")
    scripts = package(tree, folder).get("scripts")
    known = scripts if isinstance(scripts, dict) else {}
    for first_name in _STARTS:
        name, words = _followed(known, first_name)
        if words[:1] == ["node"] and len(words) > 1:
            hit = tree.search(file, rf"\"{re.escape(name)}\"\s*:")
            return (words[1] if len(words) == 2 else " ".join(words)), hit[1] if hit is not None else At(file)
    return None


def _followed(scripts: dict[str, object], name: str) -> tuple[str, list[str]]:
    """The words of a script, or of the one that it runs: `npm run start-server`."""
    words: list[str] = []
    for _ in range(5):
        words = str(scripts.get(name, "")).split("&&")[-1].split()
        while words and re.fullmatch(r"cross-env|\w+=\S*", words[0]):
            words = words[1:]
        run = [one for one in words[1:] if one not in ("run", "run-script")]
        if words[:1] not in (["npm"], ["pnpm"], ["yarn"]) or len(run) != 1 or run[0] not in scripts:
            break
        name = run[0]
    return name, words


def from_root(command: str, folder: str) -> str:
    """A command of a member, said from the root of the workspace."""
    if not folder:
        return command
    words = command.split()
    index = next((index for index, one in enumerate(words) if re.search(r"[./]", one) and "node_modules" not in one), 0)
    words[index] = posixpath.normpath(posixpath.join(folder, words[index]))
    return " ".join(words)


def _angular(tree: Tree, folder: str, data: dict[str, object]) -> str:
    try:
        projects = json.loads(tree.text(posixpath.join(folder, "angular.json")) or "{}").get("projects")
    except (ValueError, RecursionError, AttributeError):
        projects = None
    name = next(iter(projects), "") if isinstance(projects, dict) else str(data.get("name") or "")
    return f"dist/{name}/browser"


def _members(tree: Tree) -> list[str]:
    """The packages of a workspace, applications before libraries."""
    given = package(tree).get("workspaces")
    workspace = given is not None or "pnpm-workspace.yaml" in tree.files
    found = [path.removesuffix("/package.json") for path in tree.named("/package.json")] if workspace else []
    found = [one for one in found if not _SHOWN.search(one)] or found
    return sorted(found, key=lambda one: (not re.match(r"(apps?|services?|servers?)/", one), one))[:50]


_SHOWN = regex(r"(?:^|/)(?:examples?|samples?|demos?|playgrounds?|fixtures|e2e|tests?)(?:/|$)")
"""Packages that show or try the others."""


def _keys(value: object) -> list[str]:
    return [str(name) for name in value] if isinstance(value, dict) else []


def scripts(tree: Tree, project: Project) -> dict[str, str]:
    found = package(tree, project.home).get("scripts")
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def script_at(tree: Tree, project: Project, name: str) -> At:
    file = f"{project.home}/package.json".lstrip("/")
    hit = tree.search(file, rf"\"{re.escape(name)}\"\s*:")
    return hit[1] if hit is not None else At(file)


def starts_node(command: str) -> bool:
    """Whether a script is `node` itself, without a shell."""
    return command.startswith("node ") and not SHELL.search(command)
