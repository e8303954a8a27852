"""Versions that come from git, which no build context has: told by an argument, or said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docker_sources import compiled_sources

from svc.pipeline import Compiled


def compiled(folder: Path, build: str, files: dict[str, str]) -> Compiled:
    made = compiled_sources(folder, files, f"build: {{{build}}}\n")
    assert not made.failed
    return made


def stages(made: Compiled) -> dict[str, str]:
    text = next(one.text for one in made.outputs if one.path.endswith("Dockerfile"))
    parts = re.split(r"^FROM .* AS (\w+)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def said(made: Compiled) -> list[str]:
    return [f"{one.message} {one.help}" for one in made.diagnostics if one.id == "version-from-git"]


def project(requires: str, more: str = "", dynamic: str = '["version"]') -> dict[str, str]:
    text = f'[project]\nname = "shop"\ndynamic = {dynamic}\n[build-system]\nrequires = [{requires}]\n{more}'
    return {"pyproject.toml": text, "uv.lock": ""}


PYTHON = "language: python, version: '3.14', main: 'shop:app'"


@pytest.mark.parametrize(
    ("files", "variable"),
    [
        (project('"setuptools>=80", "setuptools-scm[toml]>=8"'), "SETUPTOOLS_SCM_PRETEND_VERSION"),
        (project('"hatchling", "hatch-vcs"'), "SETUPTOOLS_SCM_PRETEND_VERSION"),
        (project('"hatchling", "uv-dynamic-versioning"'), "UV_DYNAMIC_VERSIONING_BYPASS"),
        (project('"pdm-backend"', '[tool.pdm.version]\nsource = "scm"\n'), "PDM_BUILD_SCM_VERSION"),
        (
            {
                "pyproject.toml": '[tool.uv.workspace]\nmembers = ["core"]\n',
                "uv.lock": "",
                "core/pyproject.toml": project('"hatch-vcs"')["pyproject.toml"],
            },
            "SETUPTOOLS_SCM_PRETEND_VERSION",
        ),
    ],
)
def test_a_build_of_python_is_told_the_version(tmp_path: Path, files: dict[str, str], variable: str) -> None:
    found = stages(compiled(tmp_path, PYTHON, files))
    for name in ("build", "dev"):
        assert f'ARG VERSION=0.0.0\nENV {variable}="${{VERSION}}"\nRUN ' in found[name]
        assert found[name].index("COPY . .") < found[name].index("ARG VERSION")
    assert (
        variable not in found["deps"] + found["final"]
    )  # neither the layer of the dependencies nor the image knows it


@pytest.mark.parametrize(
    "files",
    [
        project('"hatchling"'),
        project('"pdm-backend"', '[tool.pdm.version]\nsource = "file"\n'),
        project('"setuptools-scm"', dynamic='["readme"]'),
        {"pyproject.toml": "[build-system", "uv.lock": ""},
    ],
)  # fmt: skip
def test_other_builds_of_python_are_not(tmp_path: Path, files: dict[str, str]) -> None:
    assert "ARG VERSION" not in stages(compiled(tmp_path, PYTHON, files))["build"]


POM = "<project><plugin><artifactId>git-commit-id-maven-plugin</artifactId>{}</plugin></project>"
QUIET = "<configuration><failOnNoGitDirectory>false</failOnNoGitDirectory></configuration>"
JAVA = "language: java, version: '21', main: spring-boot"
PROPERTIES = "plugins {\n  id 'com.gorylenko.gradle-git-properties' version '2.5.3'\n}\n"
GO = "language: go, version: '1.27'"
CSPROJ = '<Project><PackageReference Include="Nerdbank.GitVersioning" Version="3.7" /></Project>'

DOTNET = "language: dotnet, version: '10', main: a/A.csproj"
UNLESS = "<ItemGroup Condition=\"Exists('$(SolutionDir).git')\"></ItemGroup>"
PLUGINS = '[plugins]\ngit-props = { id = "com.gorylenko.gradle-git-properties", version = "2.5.0" }\n'
ALIAS = "plugins {\n  alias(libs.plugins.git.props)\n}\n"


@pytest.mark.parametrize(
    ("build", "files", "expected"),
    [
        (JAVA, {"pom.xml": POM.format("")}, "`git-commit-id-maven-plugin` in pom.xml"),
        (f"{JAVA}, module: api", {"pom.xml": "", "api/pom.xml": POM.format("")}, "in api/pom.xml"),
        (JAVA, {"build.gradle": PROPERTIES}, "`com.gorylenko.gradle-git-properties` in build.gradle"),
        (JAVA, {"build.gradle.kts": 'id("com.palantir.git-version")'}, "`com.palantir.git-version`"),
        (DOTNET, {"a/A.csproj": CSPROJ}, "`Nerdbank.GitVersioning` in a/A.csproj"),
        (f"{JAVA}, module: api", {"pom.xml": "", "api/pom.xml": QUIET.replace("false", "true") + POM.format("")}, "in api/pom.xml"),
        (JAVA, {"pom.xml": f"<!-- a -->{POM.format('')}<!-- b -->"}, "in pom.xml"),
        (JAVA, {"pom.xml": f"<profile><activation><jdk>21</jdk></activation>{POM.format('')}</profile>"}, "in pom.xml"),
        (f"{JAVA}, module: app", {"settings.gradle": "", "app/build.gradle": ALIAS, "gradle/libs.versions.toml": PLUGINS}, "`com.gorylenko.gradle-git-properties` in gradle/libs"),
        (f"{JAVA}, module: app", {"settings.gradle": "", "app/build.gradle": PROPERTIES, "gradle/libs.versions.toml": PLUGINS}, "in app/build.gradle"),
        (DOTNET, {"a/A.csproj": "<Project/>", "Directory.Build.props": CSPROJ}, "in Directory.Build.props"),
        (DOTNET, {"a/A.csproj": CSPROJ.replace("/>", ' Condition="Exists(\'a.txt\')"/>')}, "in a/A.csproj"),
        (DOTNET, {"a/A.csproj": UNLESS + CSPROJ}, "in a/A.csproj"),
        ("language: ruby, version: '3.4'", {"Gemfile": "gemspec", "a.gemspec": "s.files = `git ls-files`.split"}, "in a.gemspec"),
        (PYTHON, project('"setuptools", "versioningit"') , "`versioningit` in pyproject.toml"),
        (GO, {"go.mod": "", "Makefile": "build:\n\tgo build -ldflags '-X main.version=$(VERSION)'\n"}, "`main.version` in Makefile"),
        (GO, {"go.mod": "", ".goreleaser.yml": "ldflags: -s -X a.io/b/build.Commit={{.Commit}} -X a.io/b.Version=${V}"}, "`a.io/b.Version`"),
    ],
)  # fmt: skip
def test_what_asks_git_is_said(tmp_path: Path, build: str, files: dict[str, str], expected: str) -> None:
    (found,) = said(compiled(tmp_path, build, files))
    assert expected in found


@pytest.mark.parametrize(
    ("build", "files"),
    [
        (JAVA, {"pom.xml": POM.format(QUIET)}),
        (JAVA, {"pom.xml": f"<project><!-- {POM.format('')}\n--></project>"}),
        (JAVA, {"pom.xml": f"<maven.gitcommitid.skip>true</maven.gitcommitid.skip>{POM.format('')}"}),
        (JAVA, {"pom.xml": f"<pluginManagement>{POM.format(QUIET)}</pluginManagement>{POM.format('')}"}),
        (f"{JAVA}, module: api", {"pom.xml": POM.format(QUIET), "api/pom.xml": POM.format("")}),
        (JAVA, {"pom.xml": f"<profiles><profile><id>old</id>{POM.format('')}</profile></profiles>"}),
        (JAVA, {"build.gradle.kts": f"{PROPERTIES}gitProperties {{ failOnNoGitDirectory.set(false) }}\n"}),
        (JAVA, {"build.gradle": f"{PROPERTIES}gitProperties {{ failOnNoGitDirectory false }}\n"}),
        (JAVA, {"build.gradle": "plugins {\n  // id 'com.gorylenko.gradle-git-properties'\n}\n"}),
        (JAVA, {"build.gradle": "/*\n * com.palantir.git-version\n */\n"}),
        (
            f"{JAVA}, module: app",
            {"settings.gradle": "", "app/build.gradle": "plugins {}", "gradle/libs.versions.toml": PLUGINS},
        ),
        (
            f"{JAVA}, module: app",
            {"build.gradle": "gitProperties { failOnNoGitDirectory = false }", "app/build.gradle": PROPERTIES},
        ),
        (DOTNET, {"a/A.csproj": CSPROJ.replace("/></P", " Condition=\"Exists('.git')\" /></P")}),
        (DOTNET, {"a/A.csproj": UNLESS.replace("</", CSPROJ[9:-10] + "</")}),
        (DOTNET, {"a/A.csproj": "<Project/>", "Directory.Packages.props": CSPROJ.replace("Reference", "Version")}),
        (JAVA, {"build.gradle": f"{PROPERTIES}gitProperties {{\n  failOnNoGitDirectory = false\n}}\n"}),
        (GO, {"go.mod": "", "Makefile": "build:\n\tgo build -ldflags '-s -w -X main.region=eu' .\n"}),
        ("language: ruby, version: '3.4'", {"Gemfile": "", "a.gemspec": "s.files = Dir['lib/**/*']"}),
    ],
)
def test_what_does_not_is_not(tmp_path: Path, build: str, files: dict[str, str]) -> None:
    assert said(compiled(tmp_path, build, files)) == []
