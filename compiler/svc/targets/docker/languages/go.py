"""Go: cross-compiled statically on the builder's architecture, run from distroless."""

from __future__ import annotations

from svc import pins
from svc.resolve.types.images import Build
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
_OWN_MODULES = frozenset(("GOPRIVATE", "GONOPROXY", "GIT_CONFIG_COUNT", "NETRC"))
"""Variables by which modules come from a repository and not from a proxy: Go asks git for them, which Alpine has not."""
_SMALL = ("alpine3.24", "alpine", "", "bookworm")
_DEBIAN = ("", "trixie", "bookworm")
_TRIXIE = _DEBIAN[:2]
"""Of the release of the image that runs it: another one may not have the same packages."""


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    runs = home(facts, "static-debian13", "trixie-slim", "ca-certificates", "tzdata")
    alike = find("golang", build.version, *_TRIXIE) if build.packages and runs.packages else None
    flavours = _DEBIAN if build.build_packages or _git(build) else _SMALL
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
            *_downloaded(facts),
            *dev(facts, "base", _debug(facts), (binary,)),
            from_("base", "sources"),
            copy(".", "."),
            *prepared(facts, _mounts(build)),
            *tests(facts, "sources", _tested(facts), *_mounts(build)),
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


def _git(build: Build) -> bool:
    return not _OWN_MODULES.isdisjoint({*(name for name, _ in build.args), *(name.upper() for name in build.secrets)})


def _mounts(build: Build) -> tuple[str, ...]:
    """Secrets wherever modules are read: a builder that has the layer of the download from elsewhere, as every run of a
    workflow may, has nothing in its own cache and downloads them in the step that needs them."""
    return (*_CACHES, *secret_mounts(build))


def _downloaded(facts: Facts) -> tuple[Instruction, ...]:
    """Modules, unless they are among the sources: Go takes those of `vendor`, and a private one may be nowhere else."""
    if "vendor" in facts.build.present:
        return ()
    mounts = (_CACHES[0], *(bind(one) for one in _manifests(facts)), *secret_mounts(facts.build))
    return (run("go mod download", mounts=mounts),)


def _tested(facts: Facts) -> str:
    """`./...` is nothing at the root of a workspace without a module there."""
    if "go.work" in facts.build.manifests and not facts.has("go.mod"):
        modules = (one.removesuffix("/go.mod") for one in facts.build.manifests if one.endswith("/go.mod"))
        return " ".join(("go test", *(f"./{one}/..." for one in modules)))
    return "go test ./..."


def _debug(facts: Facts) -> tuple[Instruction, ...]:
    compiled = _compile(facts, f"{facts.workdir}/")
    mounts = _mounts(facts.build)
    *before, last = prepared(facts, mounts) or (copy(".", "."),)
    whole = (then(last, compiled),) if last.keyword == "RUN" else (last, run(compiled, mounts=mounts))
    return (
        *((copy(".", "."),) if last.keyword != "COPY" else ()),
        *before,
        *whole,
        workdir(facts.workdir),
        *brought(facts, facts.workdir),
    )


def _release(facts: Facts) -> tuple[Instruction, ...]:
    flags = '-trimpath -ldflags="-s -w" '
    return (
        from_("sources", "build"),
        arg("TARGETOS"),
        arg("TARGETARCH"),
        run("GOOS=$TARGETOS GOARCH=$TARGETARCH", _compile(facts, "/out/", flags), mounts=_mounts(facts.build)),
    )


def _manifests(facts: Facts) -> tuple[str, ...]:
    """A module without dependencies has no go.sum; one with them needs it. A workspace may have neither at its root."""
    workspace = "go.work" in facts.build.manifests
    own = ("go.mod",) if not workspace or facts.has("go.mod") else ()
    return (*own, *(("go.sum",) if facts.has("go.sum") else ()), *facts.build.manifests)


def _compile(facts: Facts, folder: str, options: str = "") -> str:
    """`./cmd/...` builds all commands below a folder, each under its own name."""
    main = facts.build.main or "."
    target = folder if main.endswith("/...") else f"{folder}{facts.name}"
    return f"go build {options}-o {target} {main}"
