"""Images, and how one is built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from svc.diagnostics import Route
from svc.records import dataclass

UNBUILT_DIGEST = "sha256:" + "0" * 64
"""Digest of an image that is not built yet: no image has it, so nothing unreviewed can start. Deploys set the real one."""


@dataclass(frozen=True, slots=True)
class Image:
    """`repository:tag@digest`. For an image that this service builds, digest is UNBUILT_DIGEST until a deploy sets it."""

    repository: str
    tag: str
    digest: str
    built: bool
    at: Route = ()

    @property
    def reference(self) -> str:
        return f"{self.repository}{':' + self.tag if self.tag else ''}{'@' + self.digest if self.digest else ''}"


Language = Literal["python", "node", "go", "java", "kotlin", "dotnet", "rust", "ruby", "php", "static"]

SOURCES: Mapping[Language, str] = dict.fromkeys(("go", "java", "kotlin", "dotnet", "rust", "static"), "/src")
"""Where a generated image of a compiled language has its sources; those of others are in the working directory."""


@dataclass(frozen=True, slots=True)
class Build:
    """How the image is made. `dockerfile` set: the user's own file, linted and not generated.

    `context` is relative to the spec's folder. `main` is in the language's own terms and may be empty where the
    language has a convention. `manager` is the package manager ("uv", "pip", "poetry", "npm", "pnpm", "yarn",
    "maven", "gradle", or "" where the language has only one; "yarn1" for a lock file of Yarn 1); for PHP and Ruby that of
    the packages of Node beside them, "" without their lock file. `present` are the
    names in the context, sorted; () where there are no sources to see.
    """

    language: Language
    version: str
    main: str
    manager: str
    context: str
    packages: tuple[str, ...]
    build_packages: tuple[str, ...]
    secrets: tuple[str, ...]
    args: tuple[tuple[str, str], ...]
    env: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    dockerfile: str
    target: str
    test: str
    at: Route = ()
    present: tuple[str, ...] = ()
    text: str = ""
    """Of the user's own Dockerfile; its line N has the route `build.dockerfile[N]`."""
    extensions: tuple[str, ...] = ()
    module: str = ""
    inside: tuple[str, ...] = ()
    """The names in the module of a workspace of Node, sorted."""
    prepare: str = ""
    manifests: tuple[str, ...] = ()
    """Files besides the usual ones that say what is depended on: those of the members of a workspace or solution, and
    settings of the package manager."""
    scripts: tuple[str, ...] | None = None
    """Of package.json, where there is one to see."""
    script_texts: tuple[tuple[str, str], ...] = ()
    """Those scripts with what they run."""
    developed: tuple[str, ...] = ()
    """Packages of Node that only development needs: what is shipped is without them."""
    spring_boot: str = ""
    """Its version, where files of the build name it."""
    packaging: str = "jar"
    """What Maven or Gradle packs: `jar` or `war`."""
    layers: tuple[str, ...] | None = None
    """Those of an archive of Spring Boot; None: the usual ones, (): none, or nobody knows which."""
    binaries: tuple[tuple[str, str], ...] = ()
    """Programs that a tree of Cargo makes, each with its package in a workspace."""
    binary: tuple[str, str] = ("", "")
    """The one among them that is this service, and its package."""
    versioned: tuple[str, ...] = ()
    """Variables by which a build of Python is told the version that it would ask git for."""
    packaged: bool = False
    """Whether a project of Python with pip or poetry is a package itself, which is installed with those that it needs."""
    programs: tuple[str, ...] = ()
    """Programs that a project of Python has installed, which are started by their names."""
    outside: tuple[str, ...] = ()
    """Files with a credential, which no build context may have."""
    site: tuple[str, str] = ("", "")
    """What makes a static site of its sources, and the file that tells."""
    routed: bool = False
    """Whether a static site answers to paths that no file has: its pages are made in the browser."""
    output: str = "dist"
    """Where packages of Node leave a static site."""
    beneath: str = ""
    """The spec's folder, said from a build context above it; "" for one that is the folder or below it."""
    package: str = ""
    """Name of the package of Node that `main` lies in, where there is one to see."""
    hooks: bool = False
    """Whether installing the packages of Node runs scripts of the sources themselves."""
