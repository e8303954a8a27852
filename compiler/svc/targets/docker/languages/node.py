"""Node: the lock file decides what is installed, `node` itself is process 1, distroless of the same major runs it."""

from __future__ import annotations

from svc import pins
from svc.pins import PinnedImage
from svc.records import dataclass
from svc.resolve.sources_npm import NPMRC
from svc.resolve.types.images import Build
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import (
    BUILD,
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
from svc.targets.docker.languages.node_builds import builds
from svc.targets.docker.recipe import (
    Recipe,
    apt,
    bare,
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
from svc.targets.docker.started import SYSTEM
from svc.targets.docker.types import Instruction

FLAVOURS = ("bookworm-slim", "slim")
NEXT = "next"
"""As `main`: the server that Next makes with `output: "standalone"`, which brings along what it needs. Of a member of a
workspace, `module`, it lies as deep below that as the member below the root, beside packages of the root."""
_ALONE = frozenset(("node", "/nodejs/bin/node"))
"""All that distroless can start: programs of packages are scripts that ask for a shell or `env`."""
_IN_IMAGE = SYSTEM | {"node", "npm", "npx", "yarn", "pnpm", "corepack", "tini"}
"""What is no program of a package, found below node_modules."""
_OUTPUT = ".output/"
"""Where Nitro, the server of Nuxt and others, puts itself and all that it needs."""
_HOST = {"HOSTNAME": "0.0.0.0"}  # noqa: S104


@dataclass(frozen=True, slots=True)
class Manager:
    """A package manager: its lock file, its cache, and how it is told what to do."""

    lock: str
    cache: str
    install: tuple[str, ...]
    prune: str
    run: str
    members: str
    """What builds all members of a workspace whose root says nothing."""
    pruned: str
    """What takes out development packages in a workspace."""
    settings: tuple[tuple[str, str], ...] = ()

    def installed(self, build: Build) -> tuple[Instruction, ...]:
        """The packages of the lock file, development ones included: the build needs them. Scripts of the sources that
        run meanwhile need the sources."""
        if build.hooks:
            return (copy(".", "."), run(*self.install, mounts=(cache(self.cache), *secret_mounts(build))))
        own = (copy(f"{_OWN}/", f"{_OWN}/"),) if self.lock == "yarn.lock" and _OWN in build.present else ()
        binds = (bind("package.json"), bind(self.lock), *(bind(one) for one in build.manifests))
        return (*own, run(*self.install, mounts=(cache(self.cache), *binds, *secret_mounts(build))))

    def read(self, build: Build) -> tuple[str, ...]:
        """Secrets for a script: Yarn reads its settings each time it runs one, and stops at a variable that is not set."""
        return secret_mounts(build) if self is MANAGERS["yarn"] else ()


_OWN = ".yarn"
"""Where Yarn keeps itself, its plugins and patches, and what it knows of an installation."""
_ASK_NOTHING = ("COREPACK_ENABLE_DOWNLOAD_PROMPT", "0")
MANAGERS = {
    "npm": Manager(
        "package-lock.json",
        "/root/.npm",
        ("npm ci",),
        "npm prune --omit=dev",
        "npm run",
        "npm run build --workspaces --if-present",
        "npm prune --omit=dev",
    ),
    "pnpm": Manager(
        "pnpm-lock.yaml",
        "/root/.local/share/pnpm/store",
        ("corepack enable", "&& pnpm install --frozen-lockfile"),
        "CI=true pnpm prune --prod --ignore-scripts",
        "pnpm run",
        "pnpm --recursive run build",
        "CI=true pnpm install --prod --frozen-lockfile --prefer-offline --ignore-scripts",
        (_ASK_NOTHING,),
    ),
    "yarn": Manager(
        "yarn.lock",
        "/root/.cache/yarn",
        ("corepack enable", "&& yarn install --immutable"),
        "yarn workspaces focus --production",
        "yarn run",
        "yarn workspaces foreach --all --topological run build",
        "yarn workspaces focus --all --production",
        (
            _ASK_NOTHING,
            ("YARN_CACHE_FOLDER", "/root/.cache/yarn"),
            ("YARN_ENABLE_GLOBAL_CACHE", "false"),
            ("YARN_NODE_LINKER", "node-modules"),
        ),
    ),
    "yarn1": Manager(
        "yarn.lock",
        "/root/.cache/yarn",
        ("yarn install --frozen-lockfile",),
        "yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline",
        "yarn run",
        "yarn workspaces run build",
        "yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline",
        (("YARN_CACHE_FOLDER", "/root/.cache/yarn"),),
    ),
}
"""`yarn1` is Yarn 1, which images of Node bring along; later ones come by corepack, in the version of package.json."""


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    builder = find("node", build.version, *FLAVOURS)
    if builder is None:
        return no_version(build, "Node.js", pins.supported("node"))
    command = ("node", f"{_home(build)}server.js") if build.main == NEXT else command_line(build.main, "node")
    if not command and not facts.command:
        return no_main("Node.js", "the file to start, such as dist/main.js")
    manager = MANAGERS[build.manager or "npm"]
    made = built(build, manager)
    started = ((facts.command or command)[0], *facts.programs)
    found = any("/" not in one and one not in _IN_IMAGE for one in started)
    distroless = _distroless(facts) if _ALONE.issuperset(started) else None
    return Recipe(
        (
            from_(builder, "base"),
            *env(dict(manager.settings)),
            *(prefixed_path(f"{facts.workdir}/node_modules/.bin") if found else ()),
            workdir(facts.workdir),
            *(() if distroless else apt(build.packages, (*BUILD, "packages"))),
            from_("base", "deps"),
            *tools(build, *(build.packages if distroless else ())),
            *manager.installed(build),
            from_("deps", "sources"),
            *(() if build.hooks else (copy(".", "."),)),
            *prepared(facts, manager.read(build)),
            *dev(facts, "sources", _developed(facts, manager, made), command),
            *tests(facts, "sources", _tested(build, manager), *manager.read(build)),
            from_("sources", "build"),
            *_built(facts, manager, made),
            *final(
                facts,
                distroless or "base",
                _shipped(facts, bool(distroless)),
                command,
                "node",
            ),
        )
    )


def _home(build: Build) -> str:
    """Where the member is that is this service, with a slash; "" for the root."""
    return f"{build.module}/" if build.module else ""


def _shipped(facts: Facts, distroless: bool) -> tuple[Instruction, ...]:
    """What the last stage has besides its image."""
    return (
        *env({"NODE_ENV": "production", **_listening(facts)}),
        *(prefixed_path("/nodejs/bin") if distroless else ()),
        *_copied(facts),
    )


def _distroless(facts: Facts) -> PinnedImage | None:
    """The image of the same major, as long as it will do."""
    major = facts.build.version.split(".")[0]
    small = pins.find_image(f"gcr.io/distroless/nodejs{major}-debian12", "", "nonroot")
    return small if bare(facts) else None


def built(build: Build, manager: Manager) -> str:
    """What makes the files to start, unless the spec's own step does. Of a package.json that is not there to see: what it may say."""
    if builds(build):
        return ""
    if build.scripts is None:
        return "npm run build --if-present"
    if "build" in build.scripts:
        return f"{manager.run} build"
    return manager.members if _members(build) else ""


def _members(build: Build) -> bool:
    return any(one.endswith("/package.json") for one in build.manifests)


def _developed(facts: Facts, manager: Manager, made: str) -> tuple[Instruction, ...]:
    """As the build leaves it; Next's own server is copied to where the image that is shipped has it."""
    if facts.build.main != NEXT:
        return (run(made, mounts=manager.read(facts.build)),) if made else ()
    home = _home(facts.build)
    server = f"{home}.next/standalone/{home}"
    steps = [made, f"cp -r {home}.next/static {server}.next/static"]
    steps += [f"cp -r {home}public {server}public"] if facts.has(f"{home}public") else []
    first, *others = (one for one in steps if one)
    return (
        run(first, *(f"&& {one}" for one in others), mounts=manager.read(facts.build)),
        workdir(f"{facts.workdir}/{home}.next/standalone"),
        *env(_listening(facts)),
    )


def _tested(build: Build, manager: Manager) -> str:
    if build.scripts is not None and "test" not in build.scripts:
        return "npm test --if-present"
    return f"{manager.run} test".replace("npm run test", "npm test")


def _listening(facts: Facts) -> dict[str, str]:
    """Servers that a framework makes listen where these say: there is no source file in which a team would."""
    if facts.build.main == NEXT:
        return {**_HOST, "PORT": str(facts.port)} if facts.ports else _HOST
    return {"PORT": str(facts.port)} if facts.build.main.startswith(_OUTPUT) and facts.ports else {}


def _built(facts: Facts, manager: Manager, made: str) -> tuple[Instruction, ...]:
    if facts.build.main == NEXT or (facts.build.main.startswith(_OUTPUT) and (made or builds(facts.build))):
        kept = (cache(f"{facts.workdir}/{_home(facts.build)}.next/cache"),) if facts.build.main == NEXT else ()
        return (run(made, mounts=(cache(manager.cache), *kept, *manager.read(facts.build))),) if made else ()
    prune = manager.pruned if _members(facts.build) else manager.prune
    mounts = (cache(manager.cache), *secret_mounts(facts.build))
    return (run(*((made, f"&& {prune}") if made else (prune,)), *unset(facts.build), mounts=mounts),)


def unset(build: Build) -> tuple[str, ...]:
    """Settings of the installation are none of the service."""
    return (f"&& rm -f {NPMRC}",) if NPMRC in build.manifests else ()


def _copied(facts: Facts) -> tuple[Instruction, ...]:
    home = f"{facts.workdir}/"
    if facts.build.main.startswith(_OUTPUT):
        return (copy(f"{home}{_OUTPUT}", f"{home}{_OUTPUT}", stage="build"),)
    if facts.build.main != NEXT:
        return (copy(home, home, stage="build"),)
    inside = _home(facts.build)
    folders = (f"{inside}.next/static", *((f"{inside}public",) if facts.has(f"{inside}public") else ()))
    return (
        copy(f"{home}{inside}.next/standalone/", home, stage="build"),
        *(copy(f"{home}{one}/", f"{home}{one}/", stage="build") for one in folders),
    )
