"""Rust: built with the lock file and cached crates, run from distroless with a C runtime of the same release."""

from __future__ import annotations

from collections.abc import Sequence

from svc import pins
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import BUILD, cache, copy, from_, run, workdir
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


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    builder = find("rust", build.version, "slim-bookworm", "bookworm")
    if builder is None:
        return no_version(build, "Rust", pins.supported("rust"))
    runs = home(facts, "cc-debian12", "bookworm-slim", "ca-certificates")
    binary = f"{facts.workdir}/{facts.name}"
    mounts = (cache("/usr/local/cargo/registry"), cache("/src/target"), *secret_mounts(build))
    name = build.main or facts.name
    return Recipe(
        (
            from_(builder, "base"),
            *opened(build, build.packages if runs.packages else ()),
            copy(".", "."),
            run("cargo fetch --locked", mounts=(mounts[0], *mounts[2:])),
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


def _debug(facts: Facts, name: str, mounts: Sequence[str]) -> tuple[Instruction, ...]:
    installed = f"&& install -D target/debug/{name} {facts.workdir}/{facts.name}"
    return (
        run(f"cargo build --locked --bin {name}", installed, mounts=mounts),
        workdir(facts.workdir),
        *brought(facts, facts.workdir),
    )
