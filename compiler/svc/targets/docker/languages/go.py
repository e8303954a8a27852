"""Go: cross-compiled statically on the builder's architecture, run from distroless."""

from __future__ import annotations

from svc import pins
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import BUILD, arg, bind, cache, copy, env, from_, run, then, workdir
from svc.targets.docker.recipe import (
    Recipe,
    apt,
    brought,
    dev,
    final,
    find,
    home,
    no_version,
    opened,
    prepared,
    secret_mounts,
    tests,
)
from svc.targets.docker.types import Instruction

_CACHES = (cache("/go/pkg/mod"), cache("/root/.cache/go-build"))
_SMALL = ("alpine3.24", "alpine", "", "bookworm")
_DEBIAN = ("", "trixie", "bookworm")
_TRIXIE = _DEBIAN[:2]
"""Of the release of the image that runs it: another one may not have the same packages."""


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    runs = home(facts, "static-debian13", "trixie-slim", "ca-certificates", "tzdata")
    alike = find("golang", build.version, *_TRIXIE) if build.packages and runs.packages else None
    flavours = _DEBIAN if build.build_packages else _SMALL
    builder = alike or find("golang", build.version, *flavours)
    if builder is None:
        known = [one for one in pins.supported("go") if find("golang", one, *flavours)]
        return no_version(build, "Go", known)
    binary = f"{facts.workdir}/{facts.name}"
    return Recipe(
        (
            from_(builder, "base", native=True),
            *env({"CGO_ENABLED": "0"}),
            *opened(build, build.packages if alike else ()),
            run(
                "go mod download",
                mounts=(_CACHES[0], *(bind(one) for one in _manifests(facts)), *secret_mounts(build)),
            ),
            *dev(facts, "base", _debug(facts), (binary,)),
            from_("base", "sources"),
            copy(".", "."),
            *prepared(facts, _CACHES),
            *tests(facts, "sources", "go test ./...", *_CACHES),
            *_release(facts),
            *final(
                facts,
                runs.image,
                (
                    *apt(runs.packages, (*BUILD, "packages")),
                    copy("/out/", f"{facts.workdir}/", stage="build"),
                ),
                (binary,),
                runs.checker,
            ),
        )
    )


def _debug(facts: Facts) -> tuple[Instruction, ...]:
    compiled = _compile(facts, f"{facts.workdir}/")
    return (
        copy(".", "."),
        *([then(one, compiled) for one in prepared(facts, _CACHES)] or [run(compiled, mounts=_CACHES)]),
        workdir(facts.workdir),
        *brought(facts, facts.workdir),
    )


def _release(facts: Facts) -> tuple[Instruction, ...]:
    flags = '-trimpath -ldflags="-s -w" '
    return (
        from_("sources", "build"),
        arg("TARGETOS"),
        arg("TARGETARCH"),
        run("GOOS=$TARGETOS GOARCH=$TARGETARCH", _compile(facts, "/out/", flags), mounts=_CACHES),
    )


def _manifests(facts: Facts) -> tuple[str, ...]:
    """A module without dependencies has no go.sum; one with them needs it."""
    return ("go.mod", "go.sum") if facts.has("go.sum") else ("go.mod",)


def _compile(facts: Facts, folder: str, options: str = "") -> str:
    """`./cmd/...` builds all commands below a folder, each under its own name."""
    main = facts.build.main or "."
    target = folder if main.endswith("/...") else f"{folder}{facts.name}"
    return f"go build {options}-o {target} {main}"
