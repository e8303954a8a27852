""".NET: restored from the lock file if there is one, published portable on the builder's architecture, run from a chiselled image."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from svc import pins
from svc.diagnostics import Problem, Severity
from svc.pins import PinnedImage
from svc.resolve.types.images import Build
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import BUILD, cache, copies, copy, env, from_, run, workdir
from svc.targets.docker.recipe import (
    Recipe,
    apt,
    bare,
    brought,
    dev,
    final,
    find,
    no_main,
    no_version,
    opened,
    prepared,
    secret_mounts,
    tests,
)
from svc.targets.docker.types import Instruction
from svc.targets.probe_commands import Checker

_SDK = "mcr.microsoft.com/dotnet/sdk"
_CHISELLED = {
    "noble-chiseled": frozenset({"ca-certificates"}),
    "noble-chiseled-extra": frozenset({"ca-certificates", "libicu74", "tzdata"}),
}
"""What images without shell have, by their slices (dotnet/dotnet-docker, src/aspnet); `extra`: times and languages."""
_PROJECTS = (".csproj", ".fsproj", ".vbproj")
_NUGET = cache("/root/.nuget/packages")
_SOLUTIONS = (".sln", ".slnx")


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    runtime, checker = _runtime(facts)
    wanted = build.packages if checker else ()
    sdk = _sdk(build.version, *(("", "noble") if wanted else ("noble", "")))
    if sdk is None or runtime is None:
        return no_version(build, ".NET", pins.supported("dotnet"))
    if not build.main:
        return no_main(".NET", "the project file, such as src/Cart.csproj")
    if not build.main.endswith(_PROJECTS):
        return Recipe(problems=(_no_project(build.main),))
    command = ("dotnet", f"{PurePosixPath(build.main).stem}.dll")
    mounts = (_NUGET, *secret_mounts(build))
    return Recipe(
        (
            from_(sdk, "deps", native=True),
            *env({"DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_NOLOGO": "1"}),
            *opened(build, wanted),
            *_restored(build, mounts),
            from_("deps", "sources"),
            copy(".", "."),
            *prepared(facts, mounts),
            *dev(facts, "sources", _debug(facts, mounts), command),
            *tests(facts, "sources", "dotnet test", *mounts),
            from_("sources", "build"),
            _published(build, "/out --configuration Release", "-p:UseAppHost=false -p:DebugType=none", mounts=mounts),
            *final(
                facts,
                runtime,
                (
                    *env({"DOTNET_EnableDiagnostics": "0", **_http_ports(facts)}),
                    *apt(wanted, (*BUILD, "packages")),
                    copy("/out/", "./", stage="build"),
                ),
                command,
                checker,
            ),
        ),
        tuple(_unlocked(build)),
    )


def _restored(build: Build, mounts: tuple[str, ...]) -> tuple[Instruction, ...]:
    """The packages, by the lock file beside the project."""
    locked = (_lock(build),) if _locked(build) else ()
    return (
        *copies((build.main, *locked, *build.manifests)),
        run(_restore(build), mounts=mounts),
    )


def _restore(build: Build) -> str:
    return f"dotnet restore {build.main}{' --locked-mode' if _locked(build) else ''}"


def _lock(build: Build) -> str:
    return str(PurePosixPath(build.main).with_name("packages.lock.json"))


def _locked(build: Build) -> bool:
    """Most repositories of .NET have no lock file; where the sources cannot be seen, they have one."""
    return not build.present or _lock(build) in build.manifests


def _unlocked(build: Build) -> Iterator[Problem]:
    if not _locked(build):
        message = f"`{_lock(build)}` is not in the build context, so NuGet decides anew what is restored, each time"
        help_ = "set RestorePackagesWithLockFile in the project, run `dotnet restore` and commit the file"
        yield Problem("dotnet-without-lock", (*BUILD, "language"), message, help_, severity=Severity.WARNING)


def _published(build: Build, *how: str, mounts: tuple[str, ...]) -> Instruction:
    """Restored again first, which takes no time where the packages are: a builder that took the layer before this one
    from a cache elsewhere, as every run of a workflow does, has nothing in its own. Not by `publish`, whose
    configuration is another than that of the lock file."""
    first, *more = how
    return run(_restore(build), f"&& dotnet publish {build.main} --no-restore --output {first}", *more, mounts=mounts)


def _no_project(main: str) -> Problem:
    """`dotnet publish` would take a folder; what it leaves to start has the name of the project in it."""
    message = f"`{main}` is no project file, after which the program to start is named"
    path = PurePosixPath(main)
    example = f"{path.stem}.csproj" if path.suffix in _SOLUTIONS else f"{main.rstrip('/')}/{path.name}.csproj"
    help_ = f"write the project, such as {example}"
    return Problem("docker-no-main", (*BUILD, "main"), message, help_)


def _debug(facts: Facts, mounts: tuple[str, ...]) -> tuple[Instruction, ...]:
    return (
        _published(facts.build, f"{facts.workdir} --configuration Debug", mounts=mounts),
        workdir(facts.workdir),
        *env(_http_ports(facts)),
        *brought(facts, facts.workdir),
    )


def _sdk(version: str, *flavours: str) -> PinnedImage | None:
    """The first that there is. Packages are asked of the release that `aspnet` without a flavour has, too."""
    return next((image for one in flavours if (image := find(_SDK, version, one)) is not None), None)


def _runtime(facts: Facts) -> tuple[PinnedImage | None, Checker]:
    """What runs it: the smallest image that will do; and what can ask for its health there."""
    web = f"mcr.microsoft.com/dotnet/{'aspnet' if facts.ports else 'runtime'}"
    for flavour, has in _CHISELLED.items():
        image = find(web, facts.build.version, flavour) if bare(facts, has) else None
        if image is not None:
            return image, ""
    return find("mcr.microsoft.com/dotnet/aspnet", facts.build.version, ""), "bash"


def _http_ports(facts: Facts) -> dict[str, str]:
    """ASP.NET listens where the spec says, not on its own default, which in the image of the SDK is the loopback alone."""
    ports = [str(one.number) for one in facts.ports if one.protocol in ("http", "grpc")]
    return {"ASPNETCORE_HTTP_PORTS": ";".join(ports)} if ports else {}
