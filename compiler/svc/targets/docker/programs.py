"""Programs that commands of the spec start, and the image that is shipped does not have: nothing else would tell before the
first pod does not start."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from svc.diagnostics import Problem, Route, Severity
from svc.patterns import regex
from svc.resolve.types.images import Build
from svc.shell import parse
from svc.targets.docker.facts import Facts
from svc.targets.docker.started import SYSTEM, Call, calls
from svc.targets.docker.types import Dockerfile

Command = tuple[Route, tuple[str, ...]]

_SIMPLE = regex(r"[\w./:@=,+ -]+")

_PACKAGED: Mapping[str, tuple[str, ...]] = {
    "curl": ("curl",),
    "envsubst": ("gettext",),
    "ffmpeg": ("ffmpeg",),
    "git": ("git",),
    "jq": ("jq",),
    "make": ("make", "build-essential"),
    "mysql": ("default-mysql-client", "mariadb-client", "mysql-client"),
    "mysqladmin": ("default-mysql-client", "mariadb-client", "mysql-client"),
    "mysqldump": ("default-mysql-client", "mariadb-client", "mysql-client"),
    "nc": ("netcat-openbsd", "netcat"),
    "pg_dump": ("postgresql-client",),
    "pg_isready": ("postgresql-client",),
    "pgrep": ("procps",),
    "ping": ("iputils-ping",),
    "ps": ("procps",),
    "psql": ("postgresql-client",),
    "redis-cli": ("redis-tools",),
    "ssh": ("openssh-client",),
    "time": ("time",),
    "tini": ("tini",),
    "wget": ("wget",),
}
"""Program -> packages of Debian that have it, the one to advise first."""
_OS: Mapping[str, frozenset[str]] = {
    "java": frozenset(("curl", "wget")),
    "kotlin": frozenset(("curl", "wget")),
    "php": frozenset(("curl", "make")),
    "ruby": frozenset(("ps", "pgrep")),
    "static": frozenset(("curl", "envsubst", "nc", "pgrep", "ping", "ps", "wget")),
}
"""Those of them that the image of a language has all the same."""
_NODE = frozenset(("node", "npm", "npx", "pnpm", "yarn", "corepack"))
_TOOLS: Mapping[str, frozenset[str]] = {
    "dotnet": _NODE | {"nuget", "msbuild"},
    "go": _NODE | {"go", "air"},
    "java": _NODE | {"mvn", "mvnw", "gradle", "gradlew", "javac", "kotlinc", "sbt"},
    "kotlin": _NODE | {"mvn", "mvnw", "gradle", "gradlew", "javac", "kotlinc"},
    "node": frozenset(("pnpm", "bun", "bunx", "deno")),
    "php": _NODE | {"composer"},
    "python": _NODE | {"uv", "uvx", "poetry", "pdm", "pipenv", "hatch", "rye", "tox"},
    "ruby": _NODE,
    "rust": _NODE | {"cargo", "rustc"},
    "static": _NODE | {"serve", "http-server", "vite"},
}
"""What builds or tests, and stays behind."""
_RUN = frozenset(("uv", "poetry", "pdm", "pipenv", "hatch", "rye"))
_SDK = frozenset(("run", "watch", "build", "test", "ef", "publish", "tool"))
_SCRIPTED = frozenset(("npm", "pnpm", "yarn", "bun"))
_OF_GEMS = """
    anycable brakeman cap clockwork cucumber delayed_job falcon foreman good_job guard hanami hutch iodine jekyll kamal karafka
    passenger puma pumactl racecar rackup rails resque resque-pool rspec rubocop sequel shoryuken sidekiq sidekiqmon sneakers
    spring standardrb thin unicorn unicorn_rails whenever
"""
_GEMS = frozenset(_OF_GEMS.split())
"""Programs that gems bring, and no package of Debian."""


def missing(facts: Facts, dockerfile: Dockerfile, others: Iterable[Command]) -> Iterator[Problem]:
    """What the image starts by itself, and what other processes start in it."""
    final = dockerfile.stages[-1]
    starts = [(one.at, one.args) for _, one in final.find("ENTRYPOINT")]
    bare = "distroless" in final.base or "chiseled" in final.base
    said = set[tuple[Route, str]]()
    for route, words in (*starts, *others):
        for call in calls(words):
            found = _developed(call.words, facts.build) or _left_behind(call, facts)
            name, help_ = found or (call.words[0], _lacking(call, facts, bare))
            if help_ and (route, name) not in said:
                said.add((route, name))
                message = f"`{name}` is not in the image that is shipped"
                yield Problem("program-not-in-image", route, message, help_, severity=Severity.WARNING)


def _lacking(call: Call, facts: Facts, bare: bool) -> str:
    """What to do about a program that the image does not have; "" where it has it, or may."""
    build, name = facts.build, call.name
    plain = name.removeprefix("./")
    if build.language == "dotnet" and name == "dotnet" and call.words[1:2] and call.words[1] in _SDK:
        return (
            "the SDK stays in the build: start the program itself, such as `[dotnet, Cart.dll]`, or leave `command` out"
        )
    if name in _PACKAGED and name not in _OS.get(build.language, ()):
        return _unpackaged(name, build)
    if plain in _TOOLS[build.language] or (plain == "yarn" and build.manager == "yarn"):
        return "" if _installed(plain, build) else _instead(plain, call.words, facts)
    if build.language == "node" and _alone(build):
        return _beside_server(call, build)
    if build.language == "ruby" and name in _GEMS:
        words = ("bundle", "exec", *call.words)
        return f"programs of gems are found by Bundler: write `{' '.join(words) if call.text else _listed(words)}`"
    if build.language in ("go", "rust") and (bare or not build.packages):
        return _uncompiled(call, facts)
    return ""


def _listed(words: Iterable[str]) -> str:
    return f"[{', '.join(words)}]"


_MODULES = "node_modules/.bin/"
_KEPT = frozenset(("node", "corepack", "tini"))
_STANDALONE = (
    "the image has the server alone and what that imports, without packages and package.json: run it in an image of its own "
    "(`image`), or have `main` name a command line, such as `next start`, which keeps all packages"
)

_STANDALONE_FILE = (
    "the image has the server alone and what that imports: `files: [{}]` under `build` brings it where it needs no packages; else "
    "run it in an image of its own (`image`), or have `main` name a command line, such as `next start`, which keeps all"
)
_OF_NEXT = (".next", "public", "server.js", "package.json")
_SWITCHES = frozenset(("--enable-source-maps", "--no-deprecation", "--no-warnings", "--trace-warnings"))


def _alone(build: Build) -> bool:
    """Whether the framework's server is shipped, and no `node_modules`."""
    return build.main == "next" or build.main.startswith(".output/")


def _beside_server(call: Call, build: Build) -> str:
    """Programs of packages; others are not known where packages of the operating system may bring them."""
    own = call.words[0].removeprefix(_MODULES)
    unknown = own not in SYSTEM | _KEPT and "/" not in own and "$" not in own
    return _STANDALONE if unknown and (not build.packages or own != call.words[0]) else ""


def _left_behind(call: Call, facts: Facts) -> tuple[str, str] | None:
    """A file of the sources that a process starts beside the framework's server, which imports others."""
    build, file = facts.build, _file(call)
    path = posixpath.normpath(posixpath.join(facts.workdir, file))
    inside = path.removeprefix(f"{facts.workdir}/")
    relative = call.moved and not file.startswith("/")
    if build.language != "node" or not _alone(build) or not file or "$" in file or relative or inside == path:
        return None
    home = f"{build.module}/" if build.module else ""
    shipped = (
        "node_modules",
        *((f"{home}{one}" for one in _OF_NEXT) if build.main == "next" else (".output",)),
        *build.files,
    )
    if any(f"{inside}{end}" == one or inside.startswith(f"{one}/") for one in shipped for end in ("", ".js")):
        return None
    return file, _STANDALONE_FILE.format(inside)


def _file(call: Call) -> str:
    """What a command starts by its path, by Node or by itself; "" for anything else."""
    first, *others = call.words
    if posixpath.basename(first) != "node":
        return first if "/" in first else ""
    given = next((one for one in others if not (one.startswith("--") and ("=" in one or one in _SWITCHES))), "")
    return "" if given.startswith("-") else given


def _unpackaged(name: str, build: Build) -> str:
    known = _PACKAGED[name]
    has = any(one.partition("=")[0].startswith(known) for one in build.packages)
    return "" if has else f"add it: `packages: [{known[0]}]` under `build`"


def _installed(name: str, build: Build) -> bool:
    """Whether a package of the operating system may bring it."""
    wanted = ("node", "npm", "yarn") if name in _NODE else (name,)
    return any(one.startswith(wanted) for one in build.packages)


def _instead(name: str, call: tuple[str, ...], facts: Facts) -> str:
    if facts.build.language == "node" and name in _SCRIPTED:
        return _of_script(call, facts.build)
    rest = call[2:] if name in _RUN and call[1:2] == ("run",) else ()
    if rest and not rest[0].startswith("-"):
        return f"it stays in the build, and what it installed is on PATH: write `[{', '.join(rest)}]`"
    if facts.build.language in ("go", "rust"):
        return f"the image has the program that was built: `[{facts.workdir}/{facts.name}]`, or leave `command` out"
    return "it stays in the build: start the program itself, or write your own Dockerfile and set build.dockerfile"


def script(call: tuple[str, ...], build: Build) -> tuple[str, str]:
    """Name and text of the script of package.json that a call of a package manager runs; the text is "" if that is not known."""
    rest = [one for one in call[1:] if not one.startswith("-")]
    name = next(iter(rest[1:] if rest[:1] in (["run"], ["run-script"]) else rest), "")
    return name, dict(build.script_texts).get(name, "")


def _of_script(call: tuple[str, ...], build: Build) -> str:
    name, text = script(call, build)
    if text.startswith("node ") and _SIMPLE.fullmatch(text):
        return f"it stays in the build: write what its script runs, `[{', '.join(text.split())}]`"
    if _alone(build):
        return _STANDALONE
    what = f"`{text}`" if text else f"the script `{name}`" if name else "its script"
    return f"it stays in the build: write what it runs for {what}, with `node` itself, or start that by npm, which the image has"


def _developed(call: tuple[str, ...], build: Build) -> tuple[str, str] | None:
    """A program of a package that is left out of the image, which is started by itself or by a script."""
    name = call[0].rpartition("node_modules/.bin/")[2]
    if name == "npx":
        name = next((one for one in call[1:] if not one.startswith("-")), "")
    elif name == "npm":
        _, text = script(call, build)
        name = next((one.name for one in parse(text) if one.name in build.developed), "")
    if name not in build.developed:
        return None
    return name, "it is among `devDependencies`: move it to `dependencies`, or start what is built by it"


def beside(program: str, facts: Facts) -> str:
    """The name of a program that lies beside the service's own in the image; "" for one that lies elsewhere."""
    path = posixpath.normpath(posixpath.join(facts.workdir, program))
    return posixpath.basename(path) if "/" in program and posixpath.dirname(path) == facts.workdir else ""


def _uncompiled(call: Call, facts: Facts) -> str:
    """A program of the sources that was not built: the image has what `main` says, and the files of the spec. What a text
    for a shell calls by name alone may be its own function."""
    name = call.words[0]
    path = posixpath.normpath(posixpath.join(facts.workdir, name))
    inside = path.removeprefix(f"{facts.workdir}/")
    elsewhere = call.moved and "/" in name and not name.startswith("/")
    brought = any(inside == one or inside.startswith(f"{one}/") for one in facts.build.files)
    if name in SYSTEM or "$" in name or elsewhere or brought:
        return ""
    made = [one for one, _ in facts.build.binaries]
    built = [facts.name, *made]
    if "/" not in name:
        known = name in built
        advice = f"write its path, such as `{facts.workdir}/{name if known else facts.name}`: the folder is not on PATH"
        return advice if known or not call.text else ""
    several = facts.build.main.endswith("/...")
    if beside(name, facts) in built or several or not path.startswith(f"{facts.workdir}/"):
        return ""
    if facts.build.language == "go":
        return f"the image has the program that was built, `{facts.workdir}/{facts.name}`; `main: ./cmd/...` builds every command below a folder"
    return f"Cargo makes {', '.join(f'`{one}`' for one in made or built)}"
