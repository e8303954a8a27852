"""How the image is made."""

from __future__ import annotations

from typing import Literal

from svc.model.base import Part, about
from svc.model.mapped import after
from svc.model.scalars import ContextPath, CopiedPath, EnvName, RelativePath, Text, Version
from svc.model.spelled import refuse
from svc.model.texts import CommandLine, Script


class Build(Part):
    """How the image is made: from a language's convention, or by your own Dockerfile."""

    language: Literal["python", "node", "go", "java", "kotlin", "dotnet", "rust", "ruby", "php", "static"] | None = (
        about("The language.", "go")
    )
    version: Version | None = about("Its version, for Kotlin the JDK's; the newest supported one unless given.", "1.26")
    main: CommandLine = about(
        "What to build or start, in the language's own terms; `spring-boot`, `quarkus` and `next` know how these are laid out.",
        "./cmd/checkout",
        default="",
    )
    manager: Literal["uv", "pip", "poetry", "npm", "pnpm", "yarn", "maven", "gradle"] | None = about(
        "The package manager, where the language has several.", "uv"
    )
    context: ContextPath = about(
        "Folder of the sources, relative to the spec; above it for one build of several services, such as a workspace of packages.",
        "../..",
        default=".",
    )
    packages: list[Text] = about(
        "OS packages that the process needs at run time.", ["ca-certificates"], default_factory=list
    )
    build_packages: list[Text] = about("OS packages that the build needs.", ["libpq-dev"], default_factory=list)
    extensions: list[Text] = about(
        "PHP extensions besides those of the image, as composer.json names them; one from PECL with its version.",
        ["intl", "redis-6.2.0"],
        default_factory=list,
    )
    module: RelativePath | None = about(
        "The module that is this service, in a Maven or Gradle build of several; with `main: next` the member of a workspace.",
        "services/api",
    )
    prepare: Script = about(
        "Command of the build, run when sources and dependencies are there.",
        "python manage.py collectstatic --noinput",
        default="",
    )
    secrets: list[EnvName] = about(
        "Build-time secrets: mounted while a step runs, never in a layer.", ["npm_token"], default_factory=list
    )
    args: dict[EnvName, Text] = about(
        "Build arguments with their defaults.", {"REVISION": "unknown"}, default_factory=dict
    )
    env: dict[EnvName, Text] = about("Variables of the final image.", {"NODE_ENV": "production"}, default_factory=dict)
    files: list[CopiedPath] = about(
        "Further files or folders that the final image needs, where the language does not imply them.",
        ["templates"],
        default_factory=list,
    )
    test: Script = about("Command of the image's test stage.", "go test ./...", default="")
    dockerfile: RelativePath | None = about("Your own Dockerfile: linted, not generated.", "Dockerfile")
    target: Text = about("Stage of your own Dockerfile.", "final", default="")

    @after
    def _one_way(self) -> Build:
        if (self.language is None) == (self.dockerfile is None):
            raise refuse("a build has either language (a Dockerfile is generated) or dockerfile (your own)")
        return self
