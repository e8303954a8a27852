"""Node: the lock file decides what is installed, `node` itself is process 1, distroless of the same major runs it."""

from __future__ import annotations

from svc import pins
from svc.records import dataclass
from svc.resolve.types.images import Build
from svc.targets.docker.health import grpc_probe, healthcheck
from svc.targets.docker.recipe import (
    BUILD,
    Facts,
    Recipe,
    apt,
    bind,
    build_args,
    cache,
    command_line,
    copy,
    dev,
    env,
    final,
    find,
    from_,
    no_main,
    no_version,
    prefixed_path,
    run,
    secret_mounts,
    tests,
    workdir,
)
from svc.targets.docker.types import Instruction

FLAVOURS = ("bookworm-slim", "slim")


@dataclass(frozen=True, slots=True)
class Manager:
    """A package manager: its lock file, its cache, and how it is told what to do."""

    lock: str
    cache: str
    install: tuple[str, ...]
    prune: str
    run: str
    settings: tuple[tuple[str, str], ...] = ()

    def installed(self, build: Build) -> Instruction:
        """The packages of the lock file, development ones included: the build needs them."""
        binds = (bind("package.json"), bind(self.lock))
        return run(*self.install, mounts=(cache(self.cache), *binds, *secret_mounts(build)))


_ASK_NOTHING = ("COREPACK_ENABLE_DOWNLOAD_PROMPT", "0")
MANAGERS = {
    "npm": Manager("package-lock.json", "/root/.npm", ("npm ci",), "npm prune --omit=dev", "npm run"),
    "pnpm": Manager(
        "pnpm-lock.yaml",
        "/root/.local/share/pnpm/store",
        ("corepack enable", "&& pnpm install --frozen-lockfile"),
        "CI=true pnpm prune --prod",
        "pnpm run",
        (_ASK_NOTHING,),
    ),
    "yarn": Manager(
        "yarn.lock",
        "/root/.cache/yarn",
        ("corepack enable", "&& yarn install --immutable"),
        "yarn workspaces focus --production",
        "yarn run",
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
        (("YARN_CACHE_FOLDER", "/root/.cache/yarn"),),
    ),
}
"""`yarn1` is Yarn 1, which images of Node bring along; later ones come by corepack, in the version of package.json."""


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    major = build.version.split(".")[0]
    builder = find("node", build.version, *FLAVOURS)
    if builder is None:
        return no_version(build, "Node.js", pins.supported("node"))
    command = command_line(build.main, "node")
    if not command and not facts.command:
        return no_main("Node.js", "the file to start, such as dist/main.js")
    manager = MANAGERS[build.manager or "npm"]
    built = "npm run build --if-present"
    small = pins.find_image(f"gcr.io/distroless/nodejs{major}-debian12", "", "nonroot")
    distroless = small if not (facts.shell or build.packages) else None
    return Recipe(
        (
            from_(builder, "base"),
            *env(dict(manager.settings)),
            workdir(facts.workdir),
            from_("base", "deps"),
            *apt(build.build_packages, (*BUILD, "build_packages")),
            *build_args(build),
            manager.installed(build),
            from_("deps", "sources"),
            copy(".", "."),
            *dev(facts, "sources", (run(built), *grpc_probe(facts)), command),
            *tests(facts, "sources", f"{manager.run} test".replace("npm run test", "npm test")),
            from_("sources", "build"),
            run(built, f"&& {manager.prune}", mounts=(cache(manager.cache),)),
            *final(
                facts,
                distroless or "base",
                (
                    *apt(build.packages, (*BUILD, "packages")),
                    *env({"NODE_ENV": "production"}),
                    *(prefixed_path("/nodejs/bin") if distroless else ()),
                    copy(f"{facts.workdir}/", f"{facts.workdir}/", stage="build"),
                    *grpc_probe(facts),
                ),
                command,
                healthcheck(facts, "node"),
            ),
        )
    )
