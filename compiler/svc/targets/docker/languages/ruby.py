"""Ruby: bundler in deployment mode, the bundle copied into the slim image it was made for."""

from __future__ import annotations

from collections.abc import Iterator

from svc import pins
from svc.diagnostics import Problem, Severity
from svc.patterns import regex
from svc.resolve.sources_npm import NPMRC
from svc.resolve.types.images import Build
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import BUILD, bind, command_line, copy, env, from_, run, then, workdir
from svc.targets.docker.languages.node import FLAVOURS, MANAGERS
from svc.targets.docker.recipe import (
    Recipe,
    account,
    apt,
    dev,
    final,
    find,
    no_version,
    prepared,
    secret_mounts,
    tests,
    tools,
)
from svc.targets.docker.types import Instruction

_TOOLCHAIN = ("build-essential", "libyaml-dev")
_FOUND = frozenset(("bundle", "env", "exec", "irb", "ruby", "sh", "bash", "tini"))
"""Programs that the image has itself."""
_PRECOMPILED = "assets:precompile"
_NODE = regex(r"node|^npm\b|^yarn")
"""Packages of Debian that are Node, or bring it."""
_BUNDLERS = ("vite.config.", "webpack.config.", "esbuild.config.", "rollup.config.")
_MODULES = "/usr/local/lib/node_modules"
_PROGRAMS = (
    ("npm", "npm/bin/npm-cli.js"),
    ("npx", "npm/bin/npx-cli.js"),
    ("corepack", "corepack/dist/corepack.js"),
)
"""Links that the image of Node has."""
_PRODUCTION = {"BUNDLE_WITHOUT": "development:test", "RACK_ENV": "production", "RAILS_ENV": "production"}
"""Of the build too: what it prepares, such as assets, is loaded without the gems of development."""


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    base = find("ruby", build.version, "slim", "slim-trixie", "slim-bookworm")
    if base is None:
        return no_version(build, "Ruby", pins.supported("ruby"))
    command = _command(build.main)
    return Recipe(
        (
            from_(base, "base"),
            *env({"BUNDLE_DEPLOYMENT": "1", "BUNDLE_PATH": "/usr/local/bundle"}),
            workdir(facts.workdir),
            *apt(build.packages, (*BUILD, "packages")),
            account(facts),
            from_("base", "tools"),
            *tools(build, *_TOOLCHAIN),
            *_with_node(facts),
            from_("tools", "build"),
            *env(_PRODUCTION),
            *_installed(build, '&& rm -rf "${BUNDLE_PATH}"/ruby/*/cache'),
            *_made(facts),
            *dev(facts, "tools", (*_installed(build), *prepared(facts)), command),
            *tests(facts, "dev", "bundle exec rake"),
            *final(
                facts,
                "base",
                (
                    *env(_PRODUCTION),
                    copy("/usr/local/bundle/", "/usr/local/bundle/", stage="build"),
                    copy(f"{facts.workdir}/", f"{facts.workdir}/", stage="build"),
                ),
                command,
                "ruby",
            ),
        ),
        tuple(_without_node(facts)),
    )


def _command(main: str) -> tuple[str, ...]:
    """Programs of gems are found by Bundler alone: they are in no folder of PATH."""
    words = command_line(main, "bundle", "exec") or ("bundle", "exec", "puma")
    return words if "/" in words[0] or words[0] in _FOUND else ("bundle", "exec", *words)


def _installed(build: Build, *more: str) -> tuple[Instruction, ...]:
    """The bundle, then the sources."""
    mounts = (bind("Gemfile"), bind("Gemfile.lock"), *secret_mounts(build))
    return (run("bundle install", *more, mounts=mounts), copy(".", "."))


def _scripted(facts: Facts) -> bool:
    """Whether assets are compiled of which Node makes a part, and the spec brings no Node of its own."""
    build = facts.build
    given = {*build.packages, *build.build_packages}
    compiled = bool(_assets(facts)) or _PRECOMPILED in build.prepare
    return compiled and "package.json" in build.present and not any(_NODE.search(one) for one in given)


def _with_node(facts: Facts) -> tuple[Instruction, ...]:
    """Node and the packages of its lock file, where gems that bundle scripts and styles call it: as Rails' own Dockerfile
    has it. It stays in the stages that build."""
    node = find("node", pins.supported("node")[-1], *FLAVOURS)
    if not _scripted(facts) or not facts.build.manager or node is None:
        return ()
    manager = MANAGERS[facts.build.manager]
    links = [f"ln -s {_MODULES}/{path} /usr/local/bin/{name}" for name, path in _PROGRAMS]
    links += ["corepack enable yarn"] if facts.build.manager == "yarn1" else []
    return (
        copy("/usr/local/bin/node", "/usr/local/bin/node", image=node),
        copy(f"{_MODULES}/", f"{_MODULES}/", image=node),
        *env({"COREPACK_ENABLE_DOWNLOAD_PROMPT": "0", **dict(manager.settings)}),
        run(links[0], *(f"&& {one}" for one in links[1:])),
        *manager.installed(facts.build),
    )


def _made(facts: Facts) -> tuple[Instruction, ...]:
    """The spec's own step and the assets; what only the installation of Node's packages is for stays behind, in the same
    layer."""
    steps = (*prepared(facts), *_assets(facts))
    names = (("node_modules",) if _with_node(facts) else ()) + ((NPMRC,) if NPMRC in facts.build.manifests else ())
    if not names:
        return steps
    gone = f"rm -rf {' '.join(names)}"
    return (*steps[:-1], then(steps[-1], gone)) if steps else (run(gone),)


def _bundled(build: Build) -> bool:
    """Whether package.json is there for assets, and not for linters of scripts that need no building."""
    return any(one.startswith("build") for one in build.scripts or ()) or any(
        one.startswith(_BUNDLERS) for one in build.present
    )


def _without_node(facts: Facts) -> Iterator[Problem]:
    """Scripts that come from packages of Node are built by Node, which is brought along for what a lock file names."""
    if _scripted(facts) and not facts.build.manager and _bundled(facts.build):
        message = "there is a package.json without a lock file, so the image that compiles the assets has no Node.js"
        help_ = (
            "commit the lock file of npm, pnpm or Yarn (`npm install --package-lock-only`); "
            "or write your own Dockerfile and set build.dockerfile"
        )
        yield Problem("ruby-assets-need-node", BUILD, message, help_, anchor="key", severity=Severity.INFO)


def _assets(facts: Facts) -> tuple[Instruction, ...]:
    """Rails serves compiled assets only; it compiles them without the key that no build has."""
    if _PRECOMPILED in facts.build.prepare:
        return ()
    if not facts.build.present or not {"Rakefile", "config.ru", "app", "bin"} <= set(facts.build.present):
        return ()
    task = f"SECRET_KEY_BASE_DUMMY=1 bundle exec rake {_PRECOMPILED}"
    folders = ("app/assets", "app/frontend", "app/javascript") if facts.build.manager else ("app/assets",)
    return (run(f"if {' || '.join(f'[ -d {one} ]' for one in folders)}; then {task}; fi"),)
