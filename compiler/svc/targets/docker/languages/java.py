"""Java and Kotlin, which differ in nothing here: the project's own wrapper on the JDK image, the JRE of the same major and system to run it."""

from __future__ import annotations

from svc import pins
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import BUILD, cache, copies, copy, env, from_, run, workdir
from svc.targets.docker.recipe import (
    Recipe,
    account,
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

SPRING = ("spring", "spring-boot")
QUARKUS = "quarkus"
_OPTIONS = {"JAVA_TOOL_OPTIONS": "-XX:MaxRAMPercentage=75.0 -XX:+ExitOnOutOfMemoryError"}
"""By itself a JVM takes a quarter of the memory that it may use."""
_ARCHIVES = (".jar", ".war")
_LAYERS = ("dependencies", "spring-boot-loader", "snapshot-dependencies", "application")
_NOT_STARTED = ("*-plain.jar", "*-sources.jar", "*-javadoc.jar", "*-tests.jar", "original-*")
"""What else a build leaves beside the archive to start."""
_TOOLS, _LAYERED, _LAUNCH = (3, 3), (2, 4), (3, 2)
"""Since which Spring Boot an archive extracts itself by `tools`, since which it has layers at all (then by `layertools`), and
since which its launcher is in the package that it is in now."""


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    jdk, jre = (find("eclipse-temurin", build.version, flavour) for flavour in ("jdk", "jre"))
    if jdk is None or jre is None:
        return no_version(build, "Java", pins.supported("java"))
    gradle = _gradle(facts)
    mounts = (cache("/root/.gradle" if gradle else "/root/.m2"), *secret_mounts(build))
    command = _command(facts)
    return Recipe(
        (
            from_(jdk, "deps"),
            *opened(build, build.packages),
            *_resolved(facts, gradle, mounts),
            from_("deps", "build"),
            copy(".", "."),
            *prepared(facts, mounts),
            run(*_package(facts, gradle), mounts=mounts),
            *dev(facts, "build", (workdir(_out(facts)), *env(_OPTIONS), *brought(facts, _out(facts))), command),
            *tests(facts, "build", _tested(facts, gradle), *mounts),
            *final(
                facts,
                jre,
                (
                    *env(_OPTIONS),
                    *apt(build.packages, (*BUILD, "packages")),
                    account(facts),
                    *_copies(facts),
                ),
                command,
                "bash",
            ),
        )
    )


def _resolved(facts: Facts, gradle: bool, mounts: tuple[str, ...]) -> tuple[Instruction, ...]:
    """Dependencies, as far as that can be done without sources: Maven has to make a module before another can use it,
    and then has only its cache."""
    modules = facts.build.manifests
    if gradle:
        manifests = (copy("gradle/", "gradle/"), copy("gradlew", "*.gradle*", "gradle.*", "./"))
        there = copies(one for one in modules if not one.endswith(".xml"))
        return (*manifests, *there, run(f"./gradlew --no-daemon {_task(facts, 'dependencies')}", mounts=mounts))
    if facts.build.module or any(one.endswith("/pom.xml") for one in modules):
        return ()
    manifests = (copy(".mvn/", ".mvn/"), copy("mvnw", "pom.xml", "./"))
    return (*manifests, run("./mvnw --batch-mode dependency:go-offline", mounts=mounts))


def _task(facts: Facts, name: str) -> str:
    """A task of the module, `:services:api:assemble`, or of the whole build."""
    return f":{facts.build.module.replace('/', ':')}:{name}" if facts.build.module else name


def _gradle(facts: Facts) -> bool:
    return facts.build.manager == "gradle"


def _spring(facts: Facts) -> bool:
    return facts.build.main in SPRING


def _out(facts: Facts) -> str:
    return "/out/application" if _spring(facts) or facts.build.main == QUARKUS else "/out"


def _archive(facts: Facts) -> str:
    """What is started: `app.jar`, or `app.war`."""
    named = facts.build.main[-4:]
    return f"app{named}" if named in _ARCHIVES else f"app.{facts.build.packaging}"


def _before(facts: Facts, version: tuple[int, int]) -> bool:
    """Whether the build names a Spring Boot before this one; one that no file names is new."""
    major, minor = (*facts.build.spring_boot.split("."), "0")[:2]
    return major.isdigit() and (int(major), int(minor)) < version


def _class(facts: Facts) -> str:
    """The class to start among the jars of lib/, or nothing."""
    main = facts.build.main
    return "" if _spring(facts) or main == QUARKUS or main.endswith(_ARCHIVES) else main


def _package(facts: Facts, gradle: bool) -> tuple[str, ...]:
    """Everything that runs, below /out. Gradle's `application` plugin gathers the jars for a class itself."""
    module = facts.build.module
    only = "" if gradle else _only(facts)
    made = (
        f"./gradlew --no-daemon {_task(facts, 'assemble')}"
        if gradle
        else f"./mvnw --batch-mode{only} package -DskipTests"
    )
    folder = f"{module}/" if module else ""
    main = facts.build.main
    if gradle and _class(facts):
        install = f"./gradlew --no-daemon {_task(facts, 'installDist')}"
        return (install, f"&& mkdir /out && cp -r {folder}build/install/*/lib /out/lib")
    if main == QUARKUS:
        return (made, f"&& mkdir /out && cp -r {folder}{'build' if gradle else 'target'}/quarkus-app /out/application")
    folder += "build/libs" if gradle else "target"
    archive = f"/out/{_archive(facts)}"
    if main.endswith(_ARCHIVES):
        return (made, f"&& install -D {main} {archive}")
    kind = facts.build.packaging
    others = " ".join(f"! -name '{one.replace('.jar', f'.{kind}')}'" for one in _NOT_STARTED)
    found = (made, f"&& install -D \"$(find {folder} -maxdepth 1 -name '*.{kind}' {others} -print -quit)\" {archive}")
    if _spring(facts):
        return (*found, *_extracted(facts, archive))
    if _class(facts) and only:  # one run: a module is known to another only while both are made
        goals = "dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/out/lib"
        return (f"{made} {goals}", *found[1:])
    if _class(facts):
        return (
            *found,
            f"&& ./mvnw --batch-mode{only} dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/out/lib",
        )
    return found


def _layers(facts: Facts) -> tuple[str, ...]:
    """What the archive is in, if that is known; an archive without layers is unpacked as one."""
    if _before(facts, _LAYERED):
        return ()
    return _LAYERS if facts.build.layers is None else facts.build.layers


def _extracted(facts: Facts, archive: str) -> tuple[str, ...]:
    """The layers of Spring Boot, and all of them together, which the dev stage starts."""
    if not _layers(facts):
        return (f"&& mkdir /out/application && env --chdir=/out/application jar -xf {archive}",)
    merged = "&& mkdir /out/application && cp -r /out/layers/*/. /out/application/"
    if _before(facts, _TOOLS):
        return (f"&& java -Djarmode=layertools -jar {archive} extract --destination /out/layers", merged)
    return (f"&& java -Djarmode=tools -jar {archive} extract --layers --launcher --destination /out/layers", merged)


def _copies(facts: Facts) -> tuple[Instruction, ...]:
    if _spring(facts):
        layered = tuple(copy(f"/out/layers/{one}/", "./", stage="build") for one in _layers(facts))
        return layered or (copy("/out/application/", "./", stage="build"),)
    if facts.build.main == QUARKUS:
        return (copy("/out/application/lib/", "lib/", stage="build"), copy("/out/application/", "./", stage="build"))
    lib = (copy("/out/lib/", "lib/", stage="build"),) if _class(facts) else ()
    own = () if lib and _gradle(facts) else (copy(f"/out/{_archive(facts)}", "./", stage="build"),)
    return (*lib, *own)


def _tested(facts: Facts, gradle: bool) -> str:
    return f"./gradlew --no-daemon {_task(facts, 'test')}" if gradle else f"./mvnw --batch-mode{_only(facts)} verify"


def _only(facts: Facts) -> str:
    """Maven's options for one module of several, and for those that it is made of."""
    return f" --projects {facts.build.module} --also-make" if facts.build.module else ""


def _command(facts: Facts) -> tuple[str, ...]:
    if _spring(facts):
        package = "org.springframework.boot.loader" + ("" if _before(facts, _LAUNCH) else ".launch")
        return ("java", f"{package}.{facts.build.packaging.capitalize()}Launcher")
    if facts.build.main == QUARKUS:
        return ("java", "-jar", "quarkus-run.jar")
    if _class(facts):
        return ("java", "-cp", "lib/*" if _gradle(facts) else f"{_archive(facts)}:lib/*", _class(facts))
    return ("java", "-jar", _archive(facts))
