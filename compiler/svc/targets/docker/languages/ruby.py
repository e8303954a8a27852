"""Ruby: bundler in deployment mode, the bundle copied into the slim image it was made for."""

from __future__ import annotations

from collections.abc import Iterator

from svc import pins
from svc.diagnostics import Problem, Severity
from svc.resolve.types.images import Build
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import BUILD, bind, command_line, copy, env, from_, run, workdir
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
            from_("tools", "build"),
            *env(_PRODUCTION),
            *_installed(build, '&& rm -rf "${BUNDLE_PATH}"/ruby/*/cache'),
            *prepared(facts),
            *_assets(facts),
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


def _without_node(facts: Facts) -> Iterator[Problem]:
    """Scripts that come from packages of Node are built by Node, which images of Ruby do not have."""
    build = facts.build
    given = {*build.packages, *build.build_packages}
    if _assets(facts) and "package.json" in build.present and not any("node" in one for one in given):
        message = "there is a package.json, and the image that compiles the assets has no Node.js"
        help_ = (
            "add nodejs and npm to `build_packages` and install the packages in `prepare` (`npm ci && ...`); "
            "or write your own Dockerfile and set build.dockerfile"
        )
        yield Problem("ruby-assets-need-node", BUILD, message, help_, anchor="key", severity=Severity.INFO)


def _assets(facts: Facts) -> tuple[Instruction, ...]:
    """Rails serves compiled assets only; it compiles them without the key that no build has."""
    if "assets:precompile" in facts.build.prepare:
        return ()
    if not facts.build.present or not {"Rakefile", "config.ru", "app", "bin"} <= set(facts.build.present):
        return ()
    task = "SECRET_KEY_BASE_DUMMY=1 bundle exec rake assets:precompile"
    return (run(f"if [ -d app/assets ]; then {task}; fi"),)
