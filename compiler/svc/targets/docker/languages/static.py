"""A static site: built by Node unless it is plain files, served by nginx that never was root."""

from __future__ import annotations

from svc import pins
from svc.diagnostics import Problem
from svc.pins import PinnedImage
from svc.resolve.sources_site import NAMES, OUTPUT, left_in
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import BUILD, copy, env, from_, run
from svc.targets.docker.languages.node import FLAVOURS, MANAGERS, built
from svc.targets.docker.languages.static_sites import GENERATORS
from svc.targets.docker.recipe import (
    Recipe,
    dev,
    final,
    find,
    no_version,
    opened,
    prepared,
    tests,
)
from svc.targets.docker.types import Heredoc, Instruction

_ROOT = "/usr/share/nginx/html/"
_START = ("nginx", "-g", "daemon off;")


_ROUTES = Instruction(
    "COPY",
    ("<<'EOF'", "/etc/nginx/conf.d/default.conf"),
    comment=("Paths that no file has are routes of the page.",),
    heredocs=(
        Heredoc(
            "EOF",
            """\
server {
    listen 8080;
    root /usr/share/nginx/html;
    location / {
        try_files $uri $uri/ /index.html;
    }
}""",
            True,
        ),
    ),
    at=BUILD,
)


def recipe(facts: Facts) -> Recipe:
    """`main` is the folder that the build leaves the site in, or that the site is in."""
    build = facts.build
    generator, file = build.site
    node = find("node", build.version, *FLAVOURS)
    nginx = pins.find_image("nginxinc/nginx-unprivileged")
    if nginx is None or (node is None and not generator):
        return no_version(build, "Node.js", pins.supported("static"))
    if build.packages:
        message = "a static site is served by nginx alone, which needs no OS packages"
        return Recipe(problems=(Problem("docker-static-packages", (*BUILD, "packages"), message, "leave them out"),))
    sources = facts.has("package.json") and not generator
    if build.test and not sources and not generator:
        message = "there is no package.json: nothing in the image could run the site's tests"
        return Recipe(problems=(Problem("docker-static-test", (*BUILD, "test"), message, "leave it out"),))
    if generator and generator not in OUTPUT:
        return Recipe(problems=(_unknown(generator, file, build.main),))
    folder = (
        left_in(generator, build.main) if generator else (build.main or (build.output if sources else ".")).rstrip("/")
    )
    made = sources or bool(generator)
    site = copy(f"/src/{folder}/", _ROOT, stage="build") if made else copy(f"{folder}/", _ROOT)
    stages = GENERATORS[generator](facts, folder) if generator else _stages(facts, node) if sources and node else ()
    return Recipe(
        (
            *stages,
            from_(nginx, "server"),
            *((_ROUTES,) if build.routed and sources else ()),
            *dev(facts, "server", (site,), _START),
            *final(facts, "server", (site,), _START, "wget", signal="SIGQUIT"),
        )
    )


def _unknown(generator: str, file: str, main: str) -> Problem:
    """Its sources would be served in the place of the site."""
    where = main if left_in("", main) != "." else ""
    name = NAMES[generator]
    message = f"{file} is there, so {name} makes the site, and no image here has it"
    ready = (
        f"`{where}` is no folder of the sources: commit it"
        if where
        else "name the folder of a site that is built and committed, `main`"
    )
    help_ = f"{ready}, or write your own Dockerfile with {name} and set build.dockerfile"
    return Problem("docker-site-generator", (*BUILD, "main" if where else "language"), message, help_)


def _stages(facts: Facts, node: PinnedImage) -> tuple[Instruction, ...]:
    build = facts.build
    manager = MANAGERS[build.manager or "npm"]
    made = built(build, manager)
    return (
        from_(node, "deps", native=True),
        *env(dict(manager.settings)),
        *opened(build),
        *manager.installed(build),
        from_("deps", "build"),
        *(() if build.hooks else (copy(".", "."),)),
        *prepared(facts, manager.read(build)),
        *(() if build.prepare and not made else (run(made or f"{manager.run} build", mounts=manager.read(build)),)),
        *tests(facts, "build", "npm test --if-present"),
    )
