"""Rust: built with the lock file and cached crates, run from distroless with a C runtime of the same release."""

from __future__ import annotations

from svc import pins
from svc.targets.docker.health import grpc_probe, healthcheck
from svc.targets.docker.recipe import (
    BUILD,
    Facts,
    Recipe,
    apt,
    build_args,
    cache,
    copy,
    dev,
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
            workdir("/src"),
            *apt(build.build_packages, (*BUILD, "build_packages")),
            *build_args(build),
            copy(".", "."),
            run("cargo fetch --locked", mounts=(mounts[0], *secret_mounts(build))),
            *prepared(facts, mounts),
            *dev(
                facts,
                "base",
                (
                    run(
                        f"cargo build --locked --bin {name}",
                        f"&& install -D target/debug/{name} {binary}",
                        mounts=mounts,
                    ),
                    workdir(facts.workdir),
                    *grpc_probe(facts),
                ),
                (binary,),
            ),
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
