"""What a tree of Java or Kotlin says: its build, the module that is started, and the framework that starts it."""

from __future__ import annotations

import posixpath
import re

from svc.detect.project import Project, first
from svc.detect.tree import At, Tree
from svc.parse import parse
from svc.source import Source

BUILDS = ("build.gradle.kts", "build.gradle", "pom.xml")
SETTINGS = ("settings.gradle.kts", "settings.gradle")
_ROOTS = (*BUILDS, *SETTINGS)
_SPRING = r"spring-boot-maven-plugin|spring-boot-starter-(?!parent)|org\.springframework\.boot|spring-boot"
_ENTRY = r"mainClass(?:\.set\(|\s*=\s*|>)\s*[\"']?([\w.]+)"
_KOTLIN = r"kotlin\(\"jvm\"\)|org\.jetbrains\.kotlin|kotlin-maven-plugin"


def jvm(tree: Tree) -> Project | None:
    root = next((name for name in _ROOTS if name in tree.files), "")
    if not root:
        return None
    gradle = root != "pom.xml"
    builds = _builds(tree, gradle)
    texts = {path: tree.text(path) for path in builds}
    language = "kotlin" if any(re.search(_KOTLIN, text) for text in texts.values()) else "java"
    chosen = _started(tree, builds)
    places = [(path, pattern) for path in dict.fromkeys((chosen, *builds)) if path for pattern in (
        r"<(?:java\.version|maven\.compiler\.release)>\s*(\d+)", r"(?:JavaLanguageVersion\.of|jvmToolchain)\(\s*(\d+)",
        r"JavaVersion\.VERSION_(\d+)",
    )]  # fmt: skip
    wanted, at = first(tree, (".java-version", r"(\d+)"), (".tool-versions", r"^java\s+\D*(\d+)"), *places)
    module = posixpath.dirname(chosen)
    main, port = _main(tree, chosen, builds)
    health, env, managed = _framework(tree, chosen, builds, main)
    return Project(
        language, At(root), wanted, at, "gradle" if gradle else "maven", main, bool(module), port, builds,
        _notes(module, builds, main), home=module, module=module, health=health, env=env, management=managed,
    )  # fmt: skip


def _builds(tree: Tree, gradle: bool) -> tuple[str, ...]:
    """The files of the root and its modules, the root's first."""
    names = BUILDS[:2] if gradle else BUILDS[2:]
    found = [path for path in tree.files if path.rpartition("/")[2] in names and not path.startswith("buildSrc/")]
    return tuple(sorted(found, key=lambda path: (path.count("/"), path)))[:100]


def _started(tree: Tree, builds: tuple[str, ...]) -> str:
    """The build file of what is started: a plugin that makes something to run tells more than a library of a framework."""
    plain = [path for path in builds if not re.search(r"apply\s+false", tree.text(path)) or "/" in path]
    for pattern in (
        r"spring-boot-maven-plugin|io\.quarkus|quarkus-maven-plugin",
        _ENTRY,
        _SPRING,
        r"^\s*application\b",
    ):
        for path in sorted(plain, key=lambda one: ("/" not in one, one)):
            if tree.search(path, pattern) is not None:
                return path
    return builds[0] if len(builds) == 1 else ""


def _main(tree: Tree, chosen: str, builds: tuple[str, ...]) -> tuple[tuple[tuple[str, At], ...], int]:
    for pattern, name in ((r"quarkus", "quarkus"), (_SPRING, "spring-boot")):
        hit = next((found for path in (chosen, *builds) if path and (found := tree.search(path, pattern))), None)
        if hit is not None:
            return ((name, hit[1]),), 8080
    entry = tree.search(chosen, _ENTRY) if chosen else None
    return (((entry[0][1], entry[1]),) if entry is not None else ()), 0


def _notes(module: str, builds: tuple[str, ...], main: tuple[tuple[str, At], ...]) -> tuple[str, ...]:
    if len(builds) > 1 and not module and not main:
        return ("which module is started is not known: set build.module and build.main",)
    return ()


def _framework(
    tree: Tree, chosen: str, builds: tuple[str, ...], main: tuple[tuple[str, At], ...]
) -> tuple[str, tuple[tuple[str, str], ...], int]:
    """The health endpoints that a framework brings along, the switch that Spring has for them, and a port of their own."""
    files = (chosen, *builds)
    name = main[0][0] if main else ""
    if name == "spring-boot" and any(tree.search(path, r"spring-boot-starter-actuator") for path in files if path):
        port = _managed(tree, posixpath.dirname(chosen), "management.server.port", 0)
        base = _actuator(tree, posixpath.dirname(chosen), apart=port != 0)
        endpoints = f"{{ready: {{http: {base}/health/readiness}}, live: {{http: {base}/health/liveness}}}}"
        return endpoints, (("MANAGEMENT_ENDPOINT_HEALTH_PROBES_ENABLED", '"true"'),), port
    if name == "quarkus" and any(tree.search(path, r"smallrye-health") for path in files if path):
        port = _managed(tree, posixpath.dirname(chosen), "quarkus.management.port", 9000)
        apart = _setting(tree, posixpath.dirname(chosen), "quarkus.management.enabled") == "true"
        return "{ready: {http: /q/health/ready}, live: {http: /q/health/live}}", (), port if apart else 0
    return "", (), 0


def _actuator(tree: Tree, module: str, *, apart: bool) -> str:
    """The path of Spring's actuator, below the path of the application unless it has a port of its own."""
    above = ("management.server.base-path",) if apart else ("server.servlet.context-path", "spring.webflux.base-path")
    before = next((one for name in above if (one := _path(tree, module, name))), "")
    own = _path(tree, module, "management.endpoints.web.base-path")
    return before + (own or "/actuator")


def _path(tree: Tree, module: str, name: str) -> str:
    """A path that a setting says in plain words; "" for the root, too."""
    path = re.fullmatch(r"(?:/[\w.~-]+)+", _setting(tree, module, name).rstrip("/"))
    return path[0] if path is not None else ""


def _managed(tree: Tree, module: str, name: str, usual: int) -> int:
    digits = re.fullmatch(r"(?:\$\{[^:}]*:)?(\d{2,5})\}?", _setting(tree, module, name))
    return int(digits[1]) if digits is not None and int(digits[1]) < 65536 else usual


def _setting(tree: Tree, module: str, name: str) -> str:
    """What the application's own configuration says, in either of its forms; "" for nothing."""
    folder = posixpath.join(module, "src/main/resources")
    plain = tree.search(f"{folder}/application.properties", rf"^{re.escape(name)}\s*[=:]\s*(\S+)")
    if plain is not None:
        return plain[0][1]
    for path in (f"{folder}/application.{end}" for end in ("yml", "yaml")):
        for document in parse(Source(path, tree.text(path))).documents:
            found = _under(document.data, name)
            if found is not None:
                return str(found).lower() if isinstance(found, bool) else str(found)
    return ""


def _under(data: object, name: str) -> object:
    """What stands under a name, of which a key may be a part (`management.server: {port: 9001}`)."""
    if not isinstance(data, dict) or name in data:
        return data.get(name) if isinstance(data, dict) else None
    cuts = (index for index, sign in enumerate(name) if sign == ".")
    hits = (_under(data.get(name[:cut]), name[cut + 1 :]) for cut in cuts)
    return next((one for one in hits if one is not None), None)
