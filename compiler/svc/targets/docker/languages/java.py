"""Java and Kotlin: the project's own wrapper on the JDK image, the JRE of the same major and system to run it."""

from __future__ import annotations

from svc import pins
from svc.targets.docker.health import grpc_probe, healthcheck
from svc.targets.docker.recipe import (
    BUILD,
    Facts,
    Recipe,
    account,
    apt,
    build_args,
    cache,
    copy,
    dev,
    env,
    final,
    find,
    from_,
    no_version,
    run,
    secret_mounts,
    tests,
    workdir,
)
from svc.targets.docker.types import Instruction

SPRING = ("spring", "spring-boot")
_LAYERS = ("dependencies", "spring-boot-loader", "snapshot-dependencies", "application")
_JAR = "app.jar"


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    jdk, jre = (find("eclipse-temurin", build.version, flavour) for flavour in ("jdk", "jre"))
    if jdk is None or jre is None:
        known = [
            one
            for one in pins.supported("java")
            if find("eclipse-temurin", one, "jdk") and find("eclipse-temurin", one, "jre")
        ]
        return no_version(build, "Java", known)
    gradle = build.manager == "gradle"
    mounts = (cache("/root/.gradle" if gradle else "/root/.m2"), *secret_mounts(build))
    manifests = (
        (copy("gradle/", "gradle/"), copy("gradlew", "*.gradle*", "gradle.*", "./"))
        if gradle
        else (copy(".mvn/", ".mvn/"), copy("mvnw", "pom.xml", "./"))
    )
    command = _command(facts)
    return Recipe(
        (
            from_(jdk, "deps"),
            workdir("/src"),
            *apt(build.build_packages, (*BUILD, "build_packages")),
            *build_args(build),
            *manifests,
            run(
                "./gradlew --no-daemon dependencies" if gradle else "./mvnw --batch-mode dependency:go-offline",
                mounts=mounts,
            ),
            from_("deps", "build"),
            copy(".", "."),
            run(*_package(facts, gradle), mounts=mounts),
            *dev(facts, "build", (workdir(f"{_out(facts)}"), *grpc_probe(facts)), command),
            *tests(
                facts, "build", "./gradlew --no-daemon test" if gradle else "./mvnw --batch-mode verify", *mounts[:1]
            ),
            *final(
                facts,
                jre,
                (
                    *env({"JAVA_TOOL_OPTIONS": "-XX:MaxRAMPercentage=75.0 -XX:+ExitOnOutOfMemoryError"}),
                    *apt(build.packages, (*BUILD, "packages")),
                    account(facts),
                    *_copies(facts),
                    *grpc_probe(facts),
                ),
                command,
                healthcheck(facts, "bash"),
            ),
        )
    )


def _spring(facts: Facts) -> bool:
    return facts.build.main in SPRING


def _out(facts: Facts) -> str:
    return "/out/application" if _spring(facts) else "/out"


def _package(facts: Facts, gradle: bool) -> tuple[str, ...]:
    made = "./gradlew --no-daemon assemble" if gradle else "./mvnw --batch-mode package -DskipTests"
    folder = "build/libs" if gradle else "target"
    main = facts.build.main
    if main.endswith(".jar"):
        return (made, f"&& install -D {main} /out/{_JAR}")
    others = " ".join(f"! -name '{one}'" for one in ("*-plain.jar", "*-sources.jar", "original-*"))
    jar = f"\"$(find {folder} -maxdepth 1 -name '*.jar' {others} -print -quit)\""
    found = (made, f"&& install -D {jar} /out/{_JAR}")
    if _spring(facts):
        layers = f"&& java -Djarmode=tools -jar /out/{_JAR} extract --layers --launcher --destination /out/layers"
        merged = "&& mkdir /out/application && cp -r /out/layers/*/. /out/application/"
        return (*found, layers, merged)
    if main and not gradle:
        return (
            *found,
            "&& ./mvnw --batch-mode dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=/out/lib",
        )
    return found


def _copies(facts: Facts) -> tuple[Instruction, ...]:
    if _spring(facts):
        return tuple(copy(f"/out/layers/{one}/", "./", stage="build") for one in _LAYERS)
    lib = (
        (copy("/out/lib/", "lib/", stage="build"),)
        if facts.build.main and not facts.build.main.endswith(".jar") and facts.build.manager != "gradle"
        else ()
    )
    return (*lib, copy(f"/out/{_JAR}", "./", stage="build"))


def _command(facts: Facts) -> tuple[str, ...]:
    main = facts.build.main
    if _spring(facts):
        return ("java", "org.springframework.boot.loader.launch.JarLauncher")
    if main and not main.endswith(".jar"):
        return ("java", "-cp", f"{_JAR}:lib/*", main)
    return ("java", "-jar", _JAR)
