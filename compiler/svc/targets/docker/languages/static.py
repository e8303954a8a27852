"""A static site: built by Node, served by nginx that never was root."""

from __future__ import annotations

from svc import pins
from svc.diagnostics import Problem
from svc.targets.docker.health import healthcheck
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
    final,
    find,
    from_,
    no_version,
    run,
    secret_mounts,
    tests,
    workdir,
)

_ROOT = "/usr/share/nginx/html/"
_START = ("nginx", "-g", "daemon off;")


def recipe(facts: Facts) -> Recipe:
    """`main` is the folder that the build leaves the site in."""
    build = facts.build
    node = find("node", build.version, "bookworm-slim", "slim")
    nginx = pins.find_image("nginxinc/nginx-unprivileged")
    if node is None or nginx is None:
        return no_version(build, "Node.js", pins.supported("static"))
    if build.packages:
        message = "a static site is served by nginx alone, which needs no OS packages"
        return Recipe(problems=(Problem("docker-static-packages", (*BUILD, "packages"), message, "leave them out"),))
    folder = (build.main or "dist").rstrip("/")
    mounts = (cache("/root/.npm"), *secret_mounts(build))
    return Recipe(
        (
            from_(node, "deps", native=True),
            workdir("/src"),
            *apt(build.build_packages, (*BUILD, "build_packages")),
            *build_args(build),
            run("npm ci", mounts=(mounts[0], bind("package.json"), bind("package-lock.json"), *mounts[1:])),
            from_("deps", "build"),
            copy(".", "."),
            run("npm run build"),
            *tests(facts, "build", "npm test --if-present"),
            *dev(facts, nginx.reference, (copy(f"/src/{folder}/", _ROOT, stage="build"),), _START),
            *final(
                facts,
                nginx,
                (copy(f"/src/{folder}/", _ROOT, stage="build"),),
                _START,
                healthcheck(facts, "wget"),
                signal="SIGQUIT",
            ),
        )
    )
