"""What Maven and Gradle read besides the usual files, and which Spring Boot and which Gradle a build names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from svc.patterns import regex
from svc.resolve.build_tree import MOST, Tree, kept

_MODULE = regex(r"<module>\s*([^<\s]+)\s*</module>")
_INCLUDE = regex(r"^\s*include\b\s*\(?([^)\n]*(?:\n[^)\n]*)*?)(?:\)|$)", re.M)
_INCLUDED = regex(r"^\s*includeBuild\s*\(?\s*[\"']([\w./-]+)[\"']", re.M)
"""Builds whose plugins the others are made with: nothing can be resolved without all of their sources."""
_SCRIPTS = ("build.gradle.kts", "build.gradle")
_SETTINGS = ("settings.gradle.kts", "settings.gradle", "gradle.properties", "gradle/libs.versions.toml")
_NUMBER = regex(r"\d+(?:\.\d+)+")
_BOOT_OF_MAVEN = regex(
    r"<artifactId>\s*spring-boot-(?:starter-parent|dependencies|maven-plugin)\s*</artifactId>"
    r"(?:\s*<(?!version)([\w.-]+)>[^<]*</\1>)*\s*<version>\s*([^<\s]+)"
)
_BOOT_OF_GRADLE = regex(
    r"(?:org\.springframework\.boot[\"']\s*\)?\s*,?\s*version(?:\.ref)?[\s=(]*[\"']|spring-boot-gradle-plugin:|"
    r"org\.springframework\.boot:(?=\d))([\w.${}-]+)"
)
_LAYERS = regex(r"<layers>(.*?)</layers>", re.S)
_LAYERS_FILE = regex(r"<configuration>\s*(?:\$\{(?:project\.)?basedir\}/)?([\w./-]+)\s*</configuration>")
_LAYER_ORDER = regex(r"<layerOrder>(.*?)</layerOrder>", re.S)
_LAYER = regex(r"<layer>\s*([\w.-]+)\s*</layer>")
_NO_LAYERS = regex(r"<enabled>\s*false|<includeLayerTools>\s*false|<includeTools>\s*false")
_LAYERED = regex(r"\blayered(?:\.|\s*\{)")
_ORDER_OF_GRADLE = regex(r"\blayerOrder(?:\.set)?\b[^\[(\n]*(?:listOf)?[\[(]([^\])]*)[\])]")
_NO_LAYERS_OF_GRADLE = regex(
    r"\blayered(?:\.|\s*\{\s*)(?:enabled|isEnabled|includeLayerTools)(?:\.set\(|\s*=\s*|\s+)false|"
    r"\binclude(?:Layer)?Tools(?:\.set\(|\s*=\s*|\s+)false"
)
_WAR = regex(r"<packaging>\s*war\s*</packaging>")
_WAR_OF_GRADLE = regex(r"^\s*(?:id\s*\(?\s*[\"']war[\"']|apply plugin:\s*[\"']war[\"']|war\s*$|`war`)", re.M)
WRAPPER = "gradle/wrapper/gradle-wrapper.properties"
_GRADLE = regex(r"^distributionUrl\s*=.*?gradle-(\d+(?:\.\d+)*)", re.M)


def jvm(tree: Tree, _: str) -> Iterator[str]:
    """Paths of the files and folders that Maven and Gradle read besides the usual ones, relative to the context."""
    for name in ("settings.gradle.kts", "settings.gradle"):
        for words in _INCLUDE.findall(tree.text(name)):
            for module in re.findall(r"[\"']:?([\w.:-]+)[\"']", words):
                yield from kept(tree, module.replace(":", "/"), _SCRIPTS)
        for folder in _INCLUDED.findall(tree.text(name)):
            if not folder.startswith("..") and tree.names(folder):
                yield f"{posixpath.normpath(folder)}/"
    if "buildSrc" in tree.names("."):
        yield "buildSrc/"
    waiting = [""]
    while waiting:
        folder = waiting.pop(0)
        for module in _MODULE.findall(tree.text(posixpath.join(folder, "pom.xml"))):
            below = posixpath.normpath(posixpath.join(folder, module.removesuffix("/pom.xml")))
            if not below.startswith("..") and tree.has(f"{below}/pom.xml") and len(waiting) < MOST:
                yield f"{below}/pom.xml"
                waiting.append(below)


def spring_boot(tree: Tree, manager: str, module: str) -> str:
    """Its version, such as 2.7.18, as far as files of the build name it; else ""."""
    if manager == "maven":
        for folder in dict.fromkeys((module, "")):
            text = tree.text(posixpath.join(folder, "pom.xml"))
            for _, version in _BOOT_OF_MAVEN.findall(text):
                named = version.removeprefix("${").removesuffix("}")
                found = re.search(rf"<{re.escape(named)}>\s*([\d.]+)", text) if named != version else None
                number = _NUMBER.match(found[1] if found is not None else version)
                if number is not None:
                    return number[0]
        return ""
    texts = "\n".join(
        tree.text(one) for one in (*(posixpath.join(module, one) for one in _SCRIPTS), *_SCRIPTS, *_SETTINGS)
    )
    for version in _BOOT_OF_GRADLE.findall(texts):
        named = version.strip("${}")
        found = re.search(rf"\b{re.escape(named)}\b[\"']?\s*[=:]\s*[\"']?(\d[\d.]*)", texts) if named else None
        number = _NUMBER.match(version) or _NUMBER.match(found[1] if found is not None else "")
        if number is not None:
            return number[0]
    return ""


def layers(tree: Tree, manager: str, module: str) -> tuple[str, ...] | None:
    """Those that the archive is packed in where the build says so, in their order; () for none, or for names that cannot be
    read; None for the usual ones."""
    for folder in dict.fromkeys((module, "")):
        if manager == "maven":
            texts = [one for one in _LAYERS.findall(tree.text(posixpath.join(folder, "pom.xml"))) if "<" in one]
            if not texts:
                continue
            if any(_NO_LAYERS.search(one) for one in texts):
                return ()
            file = _LAYERS_FILE.search(texts[0])
            order = _LAYER_ORDER.search(tree.text(posixpath.join(folder, file[1]))) if file is not None else None
            if file is not None or "<configuration>" in texts[0]:
                return tuple(_LAYER.findall(order[1])) if order is not None else ()
            return None
        text = "\n".join(tree.text(posixpath.join(folder, one)) for one in _SCRIPTS)
        if _NO_LAYERS_OF_GRADLE.search(text):
            return ()
        if _LAYERED.search(text):
            found = _ORDER_OF_GRADLE.search(text)
            return tuple(re.findall(r"[\"']([\w.-]+)[\"']", found[1])) if found is not None else None
    return None


def packaging(tree: Tree, manager: str, module: str) -> str:
    """`war` where the build makes such an archive, else `jar`."""
    if manager == "maven":
        return "war" if _WAR.search(tree.text(posixpath.join(module, "pom.xml"))) else "jar"
    texts = (tree.text(posixpath.join(module, one)) for one in _SCRIPTS)
    return "war" if any(_WAR_OF_GRADLE.search(one) for one in texts) else "jar"


def gradle(tree: Tree) -> str:
    """The version that the wrapper fetches, or ""."""
    found = _GRADLE.search(tree.text(WRAPPER))
    return found[1] if found is not None else ""
