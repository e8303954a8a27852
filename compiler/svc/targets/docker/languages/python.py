"""Python: a virtual environment made by uv, poetry or pip from a lock file, copied into the image it was made for."""

from __future__ import annotations

from collections.abc import Iterable

from svc import pins
from svc.records import replace
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import (
    BUILD,
    arg,
    bind,
    cache,
    command_line,
    copy,
    env,
    from_,
    prefixed_path,
    run,
    workdir,
)
from svc.targets.docker.recipe import (
    Recipe,
    account,
    apt,
    dev,
    final,
    find,
    no_main,
    no_version,
    prepared,
    secret_mounts,
    tests,
    tools,
)
from svc.targets.docker.types import Instruction

_FLAVOURS = ("slim-trixie", "slim-bookworm", "slim")
_VENV = "/opt/venv"
_UV = ("ghcr.io/astral-sh/uv", "0.12.23")


def recipe(facts: Facts) -> Recipe:
    base = find("python", facts.build.version, *_FLAVOURS)
    if base is None:
        return no_version(facts.build, "Python", pins.supported("python"))
    command = _command(facts)
    if not command and not facts.command:
        return no_main("Python", "a module, a file, `module:app`, a script of pyproject.toml, or a command line")
    install, project, develop = _MANAGERS[facts.build.manager](facts)
    return Recipe(
        (
            from_(base, "base"),
            *env({"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "VIRTUAL_ENV": _VENV}),
            *prefixed_path(f"{_VENV}/bin"),
            workdir(facts.workdir),
            *apt(facts.build.packages, (*BUILD, "packages")),
            account(facts),
            from_("base", "deps"),
            *tools(facts.build),
            *install,
            from_("deps", "build"),
            *project,
            *prepared(facts),
            *dev(facts, "deps", (*develop, *prepared(facts)), command),
            *tests(facts, "dev", "python -m pytest"),
            *final(
                facts,
                "base",
                (
                    copy(_VENV, _VENV, stage="build"),
                    copy(f"{facts.workdir}/", f"{facts.workdir}/", stage="build"),
                ),
                command,
                "python",
            ),
        )
    )


def _command(facts: Facts) -> tuple[str, ...]:
    main = facts.build.main
    if ":" in main and " " not in main:
        return ("uvicorn", main, "--host", "0.0.0.0", "--port", str(facts.port))  # noqa: S104
    if main in facts.build.programs:
        return (main,)
    return command_line(main, *(("python",) if main.endswith(".py") else ("python", "-m")))


Steps = tuple[tuple[Instruction, ...], tuple[Instruction, ...], tuple[Instruction, ...]]
"""Dependencies; then the project; then what the dev stage adds."""


def _uv(facts: Facts) -> Steps:
    mounts = (cache("/root/.cache/uv"), bind("uv.lock"), bind("pyproject.toml"), *secret_mounts(facts.build))
    settings = {
        "UV_COMPILE_BYTECODE": "1",
        "UV_LINK_MODE": "copy",
        "UV_PROJECT_ENVIRONMENT": _VENV,
        "UV_PYTHON_DOWNLOADS": "never",
    }
    every = mounts[:1] + mounts[3:]
    members = tuple(bind(one) for one in _projects(facts))
    alone = "--no-install-local" if members else "--no-install-project"
    all_ = " --all-packages" if members else ""
    return (
        (
            copy("/uv", "/usr/local/bin/uv", image=pins.image(*_UV)),
            *env(settings),
            run(f"uv sync --locked --no-dev{all_} {alone}", mounts=(*mounts[:3], *members, *mounts[3:])),
        ),
        (copy(".", "."), *_told(facts), run(f"uv sync --locked --no-dev{all_} --no-editable", mounts=every)),
        (copy(".", "."), *_told(facts), run(f"uv sync --locked{all_}", mounts=every)),
    )


def _told(facts: Facts) -> tuple[Instruction, ...]:
    """The version, for what would ask git: `.git` is in no build context."""
    if not facts.build.versioned:
        return ()
    words = tuple(f'{name}="${{VERSION}}"' for name in facts.build.versioned)
    return (replace(arg("VERSION", "0.0.0"), comment=(_NO_GIT,)), Instruction("ENV", words, at=BUILD))


_NO_GIT = "Instead of what git says: `docker build --build-arg VERSION=1.2.3 .`"


def _projects(facts: Facts) -> tuple[str, ...]:
    """Manifests of packages in other folders, of a workspace or by their paths."""
    return tuple(one for one in facts.build.manifests if one.endswith("/pyproject.toml"))


def _pip(facts: Facts) -> Steps:
    included = (bind(one) for one in facts.build.manifests if not one.endswith("/pyproject.toml"))
    mounts = (cache("/root/.cache/pip"), bind("requirements.txt"), *included, *secret_mounts(facts.build))
    caches = (mounts[0], *secret_mounts(facts.build))
    install = "pip install --require-hashes --only-binary :all: --requirement requirements.txt"
    if facts.build.build_packages:
        install = "pip install --require-hashes --requirement requirements.txt"
    return (
        (run(f"python -m venv {_VENV}", f"&& {install}", "&& python -m compileall -q " + _VENV, mounts=mounts),),
        (copy(".", "."), *_own(facts, "pip install --no-deps .", caches)),
        (copy(".", "."), *_own(facts, "pip install --no-deps --editable .", caches)),
    )


def _own(facts: Facts, command: str, mounts: Iterable[str]) -> tuple[Instruction, ...]:
    """The project itself, where it is a package: its scripts, and what it asks of its own metadata."""
    return (*_told(facts), run(command, mounts=mounts)) if facts.build.packaged else ()


def _poetry(facts: Facts) -> Steps:
    caches = (cache("/root/.cache/pypoetry"), cache("/root/.cache/pip"))
    every = (*caches, *secret_mounts(facts.build))
    others = _projects(facts)
    mounts = (*caches, bind("poetry.lock"), bind("pyproject.toml"), *(bind(one) for one in others), *every[2:])
    alone = "--no-root --no-directory" if others else "--no-root"
    root = "" if facts.build.packaged else " --no-root"
    told = _told(facts) if facts.build.packaged else ()
    return (
        (
            *env({"POETRY_NO_INTERACTION": "1", "POETRY_VIRTUALENVS_CREATE": "false"}),
            run(
                "python -m venv /opt/poetry",
                "&& /opt/poetry/bin/pip install poetry==2.2.1",
                "&& ln -s /opt/poetry/bin/poetry /usr/local/bin/poetry",
                f"&& python -m venv {_VENV}",
                mounts=caches[1:],
            ),
            run(f"poetry install --only main {alone} --compile", mounts=mounts),
        ),
        (
            copy(".", "."),
            *told,
            *((run(f"poetry install --only main{root} --compile", mounts=every),) if others or not root else ()),
        ),
        (copy(".", "."), *told, run(f"poetry install{root}", mounts=every)),
    )


_MANAGERS = {"uv": _uv, "pip": _pip, "poetry": _poetry, "": _uv}
