"""Rust: built with the lock file and cached crates, run from distroless with a C runtime of the same release."""

from __future__ import annotations

from collections.abc import Sequence

from svc import pins
from svc.records import dataclass
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import BUILD, cache, copy, from_, run, workdir
from svc.targets.docker.programs import beside
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
    programs = _programs(facts)
    return Recipe(
        (
            from_(builder, "base"),
            *opened(build, build.packages if runs.packages else ()),
            copy(".", "."),
            run("cargo fetch --locked", mounts=(mounts[0], *mounts[2:])),
            *prepared(facts, mounts),
            *dev(facts, "base", _debug(facts, programs, mounts), (binary,)),
            *tests(facts, "base", _tested(programs), *mounts),
            from_("base", "build"),
            run(
                f"cargo build --locked --release{_chosen(programs)}",
                *(f"&& install -D target/release/{one.name} /out/{one.shipped}" for one in programs),
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


@dataclass(frozen=True, slots=True)
class _Program:
    """A binary of Cargo, its package in a workspace, and how it is called in the image."""

    name: str
    package: str
    shipped: str


def _programs(facts: Facts) -> tuple[_Program, ...]:
    """The service itself, and what else of the same sources its jobs and workers start."""
    build = facts.build
    name, package = build.binary if build.binary[0] else (build.main or facts.name, "")
    own = _Program(name, package, facts.name)
    known = dict(build.binaries)
    more = (one for path in facts.programs if (one := beside(path, facts)) in known and one != facts.name)
    return (own, *(_Program(one, known[one], one) for one in sorted(set(more))))


def _chosen(programs: Sequence[_Program]) -> str:
    """Packages are named in a workspace: Cargo looks into the one of the root alone where there is one."""
    packages = sorted({one.package for one in programs if one.package})
    return "".join((*(f" --package {one}" for one in packages), *(f" --bin {one.name}" for one in programs)))


def _tested(programs: Sequence[_Program]) -> str:
    packages = sorted({one.package for one in programs if one.package})
    return "".join(("cargo test --locked", *(f" --package {one}" for one in packages)))


def _debug(facts: Facts, programs: Sequence[_Program], mounts: Sequence[str]) -> tuple[Instruction, ...]:
    installed = [f"&& install -D target/debug/{one.name} {facts.workdir}/{one.shipped}" for one in programs]
    return (
        run(f"cargo build --locked{_chosen(programs)}", *installed, mounts=mounts),
        workdir(facts.workdir),
        *brought(facts, facts.workdir),
    )
