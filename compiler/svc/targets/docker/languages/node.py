"""Node: the lock file decides what is installed, `node` itself is process 1, distroless of the same major runs it."""

from __future__ import annotations

import shlex

from svc import pins
from svc.targets.docker.health import grpc_probe, healthcheck
from svc.targets.docker.recipe import (
    BUILD,
    Facts,
    Recipe,
    apt,
    bind,
    build_args,
    cache,
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

_FLAVOURS = ("bookworm-slim", "slim")
_LOCK = {"npm": "package-lock.json", "pnpm": "pnpm-lock.yaml", "yarn": "yarn.lock"}
_CACHE = {"npm": "/root/.npm", "pnpm": "/root/.local/share/pnpm/store", "yarn": "/root/.yarn/berry/cache"}
_SETTINGS: dict[str, dict[str, str]] = {
    "npm": {},
    "pnpm": {"COREPACK_ENABLE_DOWNLOAD_PROMPT": "0"},
    "yarn": {"COREPACK_ENABLE_DOWNLOAD_PROMPT": "0", "YARN_NODE_LINKER": "node-modules"},
}
_INSTALL = {
    "npm": ("npm ci",),
    "pnpm": ("corepack enable", "&& pnpm install --frozen-lockfile"),
    "yarn": ("corepack enable", "&& yarn install --immutable", "&& yarn cache clean"),
}
_BUILD = {
    "npm": ("npm run build --if-present", "&& npm prune --omit=dev"),
    "pnpm": ("pnpm run --if-present build", "&& CI=true pnpm prune --prod"),
    "yarn": (
        "if node -e \"process.exit(require('./package.json').scripts?.build ? 0 : 1)\"; then yarn build; fi",
        "&& yarn workspaces focus --production",
    ),
}


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    major = build.version.split(".")[0]
    builder = find("node", build.version, *_FLAVOURS)
    if builder is None:
        return no_version(build, "Node.js", pins.supported("node"))
    command = _command(facts)
    if not command and not facts.command:
        return no_main("Node.js", "the file to start, such as dist/main.js")
    manager = build.manager or "npm"
    mounts = (cache(_CACHE[manager]), *secret_mounts(build))
    small = pins.find_image(f"gcr.io/distroless/nodejs{major}-debian12", "", "nonroot")
    distroless = small if not (facts.shell or build.packages) else None
    return Recipe(
        (
            from_(builder, "base"),
            *env(_SETTINGS[manager]),
            workdir(facts.workdir),
            from_("base", "deps"),
            *apt(build.build_packages, (*BUILD, "build_packages")),
            *build_args(build),
            run(*_INSTALL[manager], mounts=(mounts[0], bind("package.json"), bind(_LOCK[manager]), *mounts[1:])),
            from_("deps", "sources"),
            copy(".", "."),
            *dev(facts, "sources", (run(_BUILD[manager][0]), *grpc_probe(facts)), command),
            *tests(facts, "sources", "npm test" if manager == "npm" else f"{manager} test"),
            from_("sources", "build"),
            run(*_BUILD[manager], mounts=mounts[:1]),
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


def _command(facts: Facts) -> tuple[str, ...]:
    main = facts.build.main
    if not main:
        return ()
    return tuple(shlex.split(main)) if " " in main else ("node", main)
