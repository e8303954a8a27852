"""Builds of the JVM as they are in older repositories: which Spring Boot packs them, what they pack, which Gradle runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docker_sources import compiled_sources, dockerfile

from svc.pipeline import Compiled

PARENT = "<project><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>{}</version></parent></project>"
MANAGED = (
    "<project><properties><spring-boot.version>{}</spring-boot.version></properties><dependency>"
    "<artifactId>spring-boot-dependencies</artifactId><type>pom</type><version>${{spring-boot.version}}</version></dependency></project>"
)
GROOVY = "plugins {{\n  id 'java'\n  id 'org.springframework.boot' version '{}'\n}}\n"
KOTLIN = 'plugins {{\n  id("org.springframework.boot") version "{}"\n}}\n'
CLASSPATH = (
    "buildscript {{\n  ext {{ springBootVersion = '{}' }}\n  dependencies {{\n"
    '    classpath("org.springframework.boot:spring-boot-gradle-plugin:${{springBootVersion}}")\n  }}\n}}\n'
)
CATALOGUE = '[versions]\nboot = "{}"\n[plugins]\nspring = {{ id = "org.springframework.boot", version.ref = "boot" }}\n'


def compiled(folder: Path, files: dict[str, str], build: str = "language: java, version: '17'") -> Compiled:
    main = "" if "main:" in build else ", main: spring-boot"
    made = compiled_sources(folder, files, f"build: {{{build}{main}}}\n")
    assert not made.failed
    return made


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pom.xml", PARENT),
        ("pom.xml", MANAGED),
        ("build.gradle", GROOVY),
        ("build.gradle.kts", KOTLIN),
        ("build.gradle", CLASSPATH),
        ("gradle/libs.versions.toml", CATALOGUE),
    ],
)
@pytest.mark.parametrize(
    ("version", "mode", "launcher"),
    [
        ("1.5.22.RELEASE", "", "loader.JarLauncher"),
        ("2.1.6.RELEASE", "", "loader.JarLauncher"),
        ("2.7.18", "layertools", "loader.JarLauncher"),
        ("3.1.12", "layertools", "loader.JarLauncher"),
        ("3.2.0", "layertools", "loader.launch.JarLauncher"),
        ("3.3.0", "tools", "loader.launch.JarLauncher"),
        ("4.0.1", "tools", "loader.launch.JarLauncher"),
    ],
)
def test_an_archive_is_extracted_as_its_spring_boot_can(
    tmp_path: Path, name: str, text: str, version: str, mode: str, launcher: str
) -> None:
    files = {name: text.format(version), **({"build.gradle": ""} if name.endswith(".toml") else {})}
    found = dockerfile(compiled(tmp_path, files))
    assert re.findall(r"-Djarmode=(\w+)", found) == ([mode] if mode else [])
    assert found.count(f'ENTRYPOINT ["java", "org.springframework.boot.{launcher}"]') == 2
    copied = re.findall(r"COPY --from=build /out/(\S+)/ ", found)
    layers = [f"layers/{one}" for one in ("dependencies", "spring-boot-loader", "snapshot-dependencies", "application")]
    assert copied == (layers if mode else ["application"])
    assert ("jar -xf /out/app.jar" in found) == (not mode)


def test_the_version_may_stand_in_the_module_or_above_it(tmp_path: Path) -> None:
    module = "<project><artifactId>api</artifactId></project>"
    build = "language: java, version: '17', module: api"
    (tmp_path / "own").mkdir()
    found = dockerfile(compiled(tmp_path, {"pom.xml": PARENT.format("2.7.0"), "api/pom.xml": module}, build))
    assert "-Djarmode=layertools" in found
    files = {"pom.xml": "<project/>", "api/pom.xml": PARENT.format("2.7.0")}
    assert "-Djarmode=layertools" in dockerfile(compiled(tmp_path / "own", files, build))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pom.xml", PARENT.format("3.5.0").replace("<parent>", "<packaging>war</packaging><parent>")),
        ("build.gradle", "plugins {\n  id 'war'\n  id 'org.springframework.boot' version '3.5.0'\n}\n"),
        ("build.gradle.kts", 'plugins {\n    war\n    id("org.springframework.boot") version "3.5.0"\n}\n'),
    ],
)
def test_a_war_is_found_and_started(tmp_path: Path, name: str, text: str) -> None:
    found = dockerfile(compiled(tmp_path, {name: text}))
    assert re.search(r"find \S+ -maxdepth 1 -name '\*\.war' ! -name '\*-plain\.war' .*/out/app\.war", found)
    assert "loader.launch.WarLauncher" in found
    assert ".jar" not in found.partition("AS dev")[0].replace("original-*", "")


WAR = PARENT.format("3.5.0").replace("<parent>", "<packaging>war</packaging><parent>")
JAR = PARENT.format("3.5.0")


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"pom.xml": JAR.replace("<parent>", "<packaging>pom</packaging><parent>"), "api/pom.xml": WAR}, "war"),
        ({"pom.xml": WAR, "api/pom.xml": JAR}, "jar"),
        ({"build.gradle": GROOVY.format("3.5.0"), "api/build.gradle": "apply plugin: 'war'\n"}, "war"),
        ({"build.gradle": "apply plugin: 'war'\n", "api/build.gradle": GROOVY.format("3.5.0")}, "jar"),
    ],
)
def test_what_is_packed_is_what_the_module_says(tmp_path: Path, files: dict[str, str], kind: str) -> None:
    found = dockerfile(compiled(tmp_path, files, "language: java, version: '17', module: api"))
    assert f"/out/app.{kind}" in found
    assert {"jar": "war", "war": "jar"}[kind] not in re.findall(r"/out/app\.(\w+)", found)


def test_an_archive_that_is_named_keeps_its_kind(tmp_path: Path) -> None:
    build = "language: java, version: '17', main: target/shop.war"
    found = dockerfile(compiled(tmp_path, {"pom.xml": "<project/>"}, build))
    assert "install -D target/shop.war /out/app.war" in found
    assert 'ENTRYPOINT ["java", "-jar", "app.war"]' in found


WRAPPER = "distributionUrl=https\\://services.gradle.org/distributions/gradle-{}-bin.zip\n"


@pytest.mark.parametrize(
    ("gradle", "java", "said"),
    [
        ("6.9.4", "17", "Gradle 6.9.4 of gradle/wrapper/gradle-wrapper.properties does not run on it"),
        ("8.4", "21", "the first that does is 8.5"),
        ("9.0.0", "25", "the first that does is 9.1"),
        ("7.3", "17", ""),
        ("8.10", "21", ""),
        ("9.1.0", "25", ""),
    ],
)
def test_a_wrapper_that_stops_at_the_jdk_is_said(tmp_path: Path, gradle: str, java: str, said: str) -> None:
    files = {"build.gradle": "", "gradle/wrapper/gradle-wrapper.properties": WRAPPER.format(gradle)}
    made = compiled(tmp_path, files, f"language: java, version: '{java}'")
    messages = [f"{one.message} {one.help}" for one in made.diagnostics if one.id == "gradle-too-old"]
    assert [said in one for one in messages] == ([True] if said else [])
    if gradle == "8.4":
        assert 'write `version: "17"`' in messages[0]


BOOT = MANAGED.format("3.5.6")
PLUGIN = "<plugin><artifactId>spring-boot-maven-plugin</artifactId><configuration>{}</configuration></plugin>"
FILE = "<layers><enabled>true</enabled><configuration>${{project.basedir}}/{}</configuration></layers>"
ORDER = "<layers><layerOrder><layer>dependencies</layer>\n<layer> spring-boot-loader </layer><layer>acme-dependencies</layer><layer>application</layer></layerOrder></layers>"
OWN = ["dependencies", "spring-boot-loader", "acme-dependencies", "application"]
USUAL = ["dependencies", "spring-boot-loader", "snapshot-dependencies", "application"]
WHOLE: list[str] = []


@pytest.mark.parametrize(
    ("files", "layers"),
    [
        ({"pom.xml": BOOT}, USUAL),
        ({"pom.xml": BOOT + PLUGIN.format("<layers><enabled>true</enabled></layers>")}, USUAL),
        ({"pom.xml": BOOT + PLUGIN.format(FILE.format("src/layers.xml")), "src/layers.xml": ORDER}, OWN),
        (
            {"pom.xml": BOOT + PLUGIN.format("<layers><configuration>l.xml</configuration></layers>"), "l.xml": ORDER},
            OWN,
        ),
        ({"pom.xml": BOOT + PLUGIN.format(FILE.format("src/gone.xml"))}, WHOLE),
        ({"pom.xml": BOOT + PLUGIN.format("<layers><configuration>${own}</configuration></layers>")}, WHOLE),
        ({"pom.xml": BOOT + PLUGIN.format("<layers><enabled>false</enabled></layers>")}, WHOLE),
        ({"pom.xml": BOOT + PLUGIN.format("<layers><includeLayerTools>false</includeLayerTools></layers>")}, WHOLE),
        ({"build.gradle": GROOVY.format("3.5.6") + "bootJar {\n  layered {\n    enabled = false\n  }\n}\n"}, WHOLE),
        ({"build.gradle": GROOVY.format("3.5.6") + "bootJar { layered { application { } } }\n"}, USUAL),
        ({"build.gradle": GROOVY.format("3.5.6") + f"bootJar {{\n layered {{\n  layerOrder = {OWN}\n }}\n}}\n"}, OWN),
        (
            {
                "build.gradle.kts": KOTLIN.format("3.5.6")
                + 'tasks.named<BootJar>("bootJar") {\n layered {\n  layerOrder.set(listOf(\n'
                + "".join(f'   "{one}",\n' for one in OWN)
                + "  ))\n }\n}\n"
            },
            OWN,
        ),
    ],
)
def test_layers_of_an_archive_are_those_that_the_build_names(
    tmp_path: Path, files: dict[str, str], layers: list[str]
) -> None:
    """An archive in no known layers is unpacked as it is."""
    text = dockerfile(compiled(tmp_path, files))
    copied = re.findall(r"^COPY --from=build (/out/\S+) \./$", text, re.M)
    assert copied == ([f"/out/layers/{one}/" for one in layers] or ["/out/application/"])
    assert ("extract --layers" in text) is bool(layers)
    assert ("jar -xf" in text) is (not layers)
