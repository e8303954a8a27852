"""Static sites that a generator makes: Hugo of Debian, Jekyll from the bundle, MkDocs from the lock file of Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from svc import pins
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import BUILD, bind, cache, copy, env, from_, prefixed_path, run, workdir
from svc.targets.docker.recipe import apt, find, prepared, secret_mounts, tests, tools
from svc.targets.docker.types import Instruction

_VENV = "/opt/venv"
_UV = ("ghcr.io/astral-sh/uv", "0.12.23")


def _made(facts: Facts, command: str) -> tuple[Instruction, ...]:
    """From the packages to the site, in the stage that the web server copies it from."""
    return (
        from_("deps", "build"),
        copy(".", "."),
        *prepared(facts),
        run(command, mounts=secret_mounts(facts.build)),
        *tests(facts, "build", ""),
    )


def _hugo(facts: Facts, folder: str) -> tuple[Instruction, ...]:
    """Themes that are modules of Go come by Go and git; others are among the sources."""
    modules = ("git", "golang-go") if facts.build.present and facts.has("go.mod") else ()
    packages = tuple(dict.fromkeys(("ca-certificates", "hugo", *modules, *facts.build.build_packages)))
    return (
        from_(pins.image("debian", "trixie-slim"), "deps", native=True),
        workdir("/src"),
        *apt(packages, (*BUILD, "build_packages")),
        *_made(facts, f"hugo --gc --minify --destination {folder}"),
    )


def _jekyll(facts: Facts, folder: str) -> tuple[Instruction, ...]:
    known = reversed(pins.supported("ruby"))
    image = next((found for one in known if (found := find("ruby", one, "slim", "slim-trixie")) is not None), None)
    assert image is not None, "no pinned image of Ruby"
    mounts = (bind("Gemfile"), bind("Gemfile.lock"), *secret_mounts(facts.build))
    return (
        from_(image, "deps", native=True),
        *env({"BUNDLE_DEPLOYMENT": "1", "BUNDLE_PATH": "/usr/local/bundle", "JEKYLL_ENV": "production"}),
        workdir("/src"),
        *tools(facts.build, "build-essential", "libyaml-dev"),
        run("bundle install", mounts=mounts),
        *_made(facts, f"bundle exec jekyll build --destination {folder}"),
    )


def _mkdocs(facts: Facts, folder: str) -> tuple[Instruction, ...]:
    known = reversed(pins.supported("python"))
    image = next((found for one in known if (found := find("python", one, "slim")) is not None), None)
    assert image is not None, "no pinned image of Python"
    return (
        from_(image, "deps", native=True),
        *env({"VIRTUAL_ENV": _VENV}),
        *prefixed_path(f"{_VENV}/bin"),
        workdir("/src"),
        *tools(facts.build),
        *_installed(facts),
        *_made(facts, f"mkdocs build --site-dir {folder}"),
    )


def _installed(facts: Facts) -> tuple[Instruction, ...]:
    """Packages of every group: what makes documentation is for development in many projects."""
    build = facts.build
    more = (*(bind(one) for one in build.manifests), *secret_mounts(build))
    if build.present and facts.has("uv.lock"):
        mounts = (cache("/root/.cache/uv"), bind("uv.lock"), bind("pyproject.toml"), *more)
        settings = {"UV_LINK_MODE": "copy", "UV_PROJECT_ENVIRONMENT": _VENV, "UV_PYTHON_DOWNLOADS": "never"}
        uv = copy("/uv", "/usr/local/bin/uv", image=pins.image(*_UV))
        return (
            uv,
            *env(settings),
            run("uv sync --locked --all-groups --all-extras --no-install-project", mounts=mounts),
        )
    if build.present and facts.has("poetry.lock"):
        mounts = (cache("/root/.cache/pypoetry"), bind("poetry.lock"), bind("pyproject.toml"), *more)
        return (
            *env({"POETRY_NO_INTERACTION": "1", "POETRY_VIRTUALENVS_CREATE": "false"}),
            run(
                "python -m venv /opt/poetry",
                "&& /opt/poetry/bin/pip install poetry==2.2.1",
                f"&& python -m venv {_VENV}",
                "&& /opt/poetry/bin/poetry install --no-root --all-groups --all-extras",
                mounts=mounts,
            ),
        )
    mounts = (cache("/root/.cache/pip"), bind("requirements.txt"), *more)
    return (
        run(f"python -m venv {_VENV}", "&& pip install --require-hashes --requirement requirements.txt", mounts=mounts),
    )


GENERATORS: Mapping[str, Callable[[Facts, str], tuple[Instruction, ...]]] = {
    "hugo": _hugo,
    "jekyll": _jekyll,
    "mkdocs": _mkdocs,
}
"""Generator -> the stages that make the site in a folder of /src."""
