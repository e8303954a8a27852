"""Rust: built with the lock file and cached crates, run from distroless with a C runtime of the same release."""

from __future__ import annotations

from collections.abc import Sequence

from svc import pins
from svc.targets.docker.health import grpc_probe, healthcheck
from svc.targets.docker.instructions import BUILD, cache, copy, from_, run, workdir
from svc.targets.docker.recipe import (
    Facts,
    Recipe,
    apt,
    brought,
    dev,
    final,
    find,
    no_version,
    opened,
    prepared,
    secret_mounts,
    tests,
)
from svc.targets.docker.types import Instruction

_IN_DISTROLESS = {"ca-certificates", "tzdata"}


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    builder = find("rust", build.version, "slim-bookworm", "bookworm")
    if builder is None:
        return no_version(build, "Rust", pins.supported("rust"))
    packages = tuple(one for one in build.packages if one not in _IN_DISTROLESS)
    slim = facts.shell or bool(packages)
    runtime = pins.image("debian", "bookworm-slim") if slim else pins.image("gcr.io/distroless/cc-debian12", "nonroot")
    binary = f"{facts.workdir}/{facts.name}"
    mounts = (cache("/usr/local/cargo/registry"), cache("/src/target"))
    name = build.main or facts.name
    installed = (*(("ca-certificates",) if slim else ()), *packages)
    return Recipe(
        (
            from_(builder, "base"),
            *opened(build),
            copy(".", "."),
            run("cargo fetch --locked", mounts=(mounts[0], *secret_mounts(build))),
            *prepared(facts, mounts),
            *dev(facts, "base", _debug(facts, name, mounts), (binary,)),
            *tests(facts, "base", "cargo test --locked", *mounts),
            from_("base", "build"),
            run(
                f"cargo build --locked --release --bin {name}",
                f"&& install -D target/release/{name} /out/{facts.name}",
                mounts=mounts,
            ),
            *final(
                facts,
                runtime,
                (
                    *apt(tuple(dict.fromkeys(installed)), (*BUILD, "packages")),
                    copy("/out/", f"{facts.workdir}/", stage="build"),
                    *grpc_probe(facts),
                ),
                (binary,),
                healthcheck(facts, "bash" if slim else ""),
            ),
        )
    )


def _debug(facts: Facts, name: str, mounts: Sequence[str]) -> tuple[Instruction, ...]:
    installed = f"&& install -D target/debug/{name} {facts.workdir}/{facts.name}"
    return (
        run(f"cargo build --locked --bin {name}", installed, mounts=mounts),
        workdir(facts.workdir),
        *brought(facts, facts.workdir),
        *grpc_probe(facts),
    )
