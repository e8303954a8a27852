"""Go: cross-compiled statically on the builder's architecture, run from distroless."""

from __future__ import annotations

from svc import pins
from svc.targets.docker.health import grpc_probe, healthcheck
from svc.targets.docker.recipe import (
    BUILD,
    Facts,
    Recipe,
    apt,
    arg,
    bind,
    build_args,
    cache,
    copy,
    dev,
    env,
    final,
    find,
    from_,
    no_version,
    prepared,
    run,
    secret_mounts,
    tests,
    workdir,
)

_CACHES = (cache("/go/pkg/mod"), cache("/root/.cache/go-build"))
_SMALL = ("alpine3.24", "alpine", "", "bookworm")
_DEBIAN = ("", "trixie", "bookworm")
_IN_DISTROLESS = {"ca-certificates", "tzdata"}


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    flavours = _DEBIAN if build.build_packages else _SMALL
    builder = find("golang", build.version, *flavours)
    if builder is None:
        known = [one for one in pins.supported("go") if find("golang", one, *flavours)]
        return no_version(build, "Go", known)
    packages = tuple(one for one in build.packages if one not in _IN_DISTROLESS)
    slim = facts.shell or bool(packages)
    runtime = (
        pins.image("debian", "trixie-slim") if slim else pins.image("gcr.io/distroless/static-debian13", "nonroot")
    )
    binary = f"{facts.workdir}/{facts.name}"
    certificates = ("ca-certificates", "tzdata") if slim else ()
    debug = (
        copy(".", "."),
        *prepared(facts, _CACHES),
        run(_compile(facts, f"{facts.workdir}/"), mounts=_CACHES),
        workdir(facts.workdir),
        *grpc_probe(facts),
    )
    return Recipe(
        (
            from_(builder, "base", native=True),
            *env({"CGO_ENABLED": "0"}),
            workdir("/src"),
            *apt(build.build_packages, (*BUILD, "build_packages")),
            *build_args(build),
            run(
                "go mod download",
                mounts=(_CACHES[0], *(bind(one) for one in _manifests(facts)), *secret_mounts(build)),
            ),
            *dev(facts, "base", debug, (binary,)),
            from_("base", "sources"),
            copy(".", "."),
            *prepared(facts, _CACHES),
            *tests(facts, "sources", "go test ./...", *_CACHES),
            from_("sources", "build"),
            arg("TARGETOS"),
            arg("TARGETARCH"),
            run(
                "GOOS=$TARGETOS GOARCH=$TARGETARCH",
                _compile(facts, "/out/", '-trimpath -ldflags="-s -w" '),
                mounts=_CACHES,
            ),
            *final(
                facts,
                runtime,
                (
                    *apt((*certificates, *(one for one in packages if one not in certificates)), (*BUILD, "packages")),
                    copy("/out/", f"{facts.workdir}/", stage="build"),
                    *grpc_probe(facts),
                ),
                (binary,),
                healthcheck(facts, "bash" if slim else ""),
            ),
        )
    )


def _manifests(facts: Facts) -> tuple[str, ...]:
    """A module without dependencies has no go.sum; one with them needs it."""
    return ("go.mod", "go.sum") if facts.has("go.sum") else ("go.mod",)


def _compile(facts: Facts, folder: str, options: str = "") -> str:
    """`./cmd/...` builds all commands below a folder, each under its own name."""
    main = facts.build.main or "."
    target = folder if main.endswith("/...") else f"{folder}{facts.name}"
    return f"go build {options}-o {target} {main}"
