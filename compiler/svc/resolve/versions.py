"""What the sources say of the language's version, beside what the image has."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from svc.records import dataclass
from svc.resolve.build_tree import Tree, as_json


@dataclass(frozen=True, slots=True)
class Demand:
    """A version that a file asks for: this one, or this one at least."""

    file: str
    version: str
    least: bool = False

    def met(self, version: str) -> bool:
        """Compared as far as both go: 3.14 meets 3.14.2, and 22 meets 22.11."""
        ours, theirs = ([int(one) for one in re.findall(r"\d+", text)] for text in (version, self.version))
        length = min(len(ours), len(theirs))
        return ours[:length] >= theirs[:length] if self.least else ours[:length] == theirs[:length]


_SAME: Mapping[str, tuple[tuple[str, str], ...]] = {
    "node": ((".nvmrc", r"\Av?(\d[\d.]*)\s*\Z"), (".node-version", r"\Av?(\d[\d.]*)\s*\Z")),
    "python": ((".python-version", r"\A(\d+\.\d+)[\d.]*\s*\Z"),),
    "rust": (
        ("rust-toolchain.toml", r"^\s*channel\s*=\s*\"(\d+\.\d+)"),
        ("rust-toolchain", r"\A(\d+\.\d+)[\d.]*\s*\Z"),
    ),
    "ruby": (
        (".ruby-version", r"\A(?:ruby-)?(\d+\.\d+)[\d.]*\s*\Z"),
        ("Gemfile", r"^ruby[ (]+[\"'](\d+\.\d+)[\d.]*[\"']"),
    ),
}
"""File -> where it names the one version; what only some programs look at is no demand."""
_LEAST: Mapping[str, tuple[tuple[str, str], ...]] = {
    "python": (("pyproject.toml", r"^requires-python\s*=\s*[\"']\s*(?:>=|~=|\^)\s*(\d+\.\d+)"),),
    "go": (("go.mod", r"^go\s+(\d+\.\d+)"), ("go.work", r"^go\s+(\d+\.\d+)")),
    "rust": (("Cargo.toml", r"^rust-version\s*=\s*\"(\d+\.\d+)"),),
    "ruby": (("Gemfile", r"^ruby[ (]+[\"']\s*(?:>=|~>)\s*(\d+\.\d+)"),),
    "php": (("composer.json", r"\"php\"\s*:\s*\"\s*(?:>=|\^|~)\s*(\d+\.\d+)[\d.]*\""),),
}
_GRADLE = ("build.gradle.kts", "build.gradle")


def demands(tree: Tree, language: str, main: str, module: str) -> Iterator[Demand]:
    """The versions that files of the sources ask for: exactly, or at least."""
    language = {"static": "node", "kotlin": "java"}.get(language, language)
    for table, least in ((_SAME, False), (_LEAST, True)):
        for file, pattern in table.get(language, ()):
            found = re.search(pattern, tree.text(file), re.M)
            if found is not None:
                yield Demand(file, found[1], least)
    if language == "node":
        yield from _engines(tree)
    elif language == "java":
        yield from _java(tree, module)
    elif language == "dotnet":
        yield from _dotnet(tree, main)


_LITERAL = r"^ruby[ (]+[\"'](\d+(?:\.\d+)*)[\"']\s*\)?\s*$"
_FROM_FILE = r"^ruby[ (]+(?:file:\s*|File\.read\(\s*)[\"']\.ruby-version[\"']"


def literal(tree: Tree) -> Demand | None:
    """The very version of Ruby without which Bundler installs nothing: `ruby "3.4"` is met by no 3.4.1."""
    text = tree.text("Gemfile")
    own = re.search(_LITERAL, text, re.M)
    if own is not None:
        return Demand("Gemfile", own[1])
    told = re.search(r"\A(?:ruby-)?(\d+(?:\.\d+)*)\s*\Z", tree.text(".ruby-version"))
    return Demand(".ruby-version", told[1]) if told is not None and re.search(_FROM_FILE, text, re.M) else None


def _engines(tree: Tree) -> Iterator[Demand]:
    """A range of one part; of several, and of alternatives, nothing is said."""
    given = as_json(tree.text("package.json")).get("engines")
    wanted = given.get("node") if isinstance(given, dict) else None
    found = re.fullmatch(r"\s*(>=|\^|~|=)?\s*v?(\d+)(?:\.[\dx*]+)*\s*", wanted) if isinstance(wanted, str) else None
    if found is not None:
        yield Demand("package.json", found[2], found[1] == ">=")


def _java(tree: Tree, module: str) -> Iterator[Demand]:
    """Bytecode of a later release cannot be made; Gradle looks for the very JDK of a toolchain, unless it may fetch one."""
    for folder in dict.fromkeys(("", module)):
        name = posixpath.join(folder, "pom.xml")
        found = re.search(r"<(?:java\.version|maven\.compiler\.release)>\s*(\d+)", tree.text(name))
        if found is not None:
            yield Demand(name, found[1], True)
    settings = "".join(tree.text(one) for one in ("settings.gradle.kts", "settings.gradle"))
    if "foojay" in settings:
        return
    for folder in dict.fromkeys((module, "")):
        for name in (posixpath.join(folder, one) for one in _GRADLE):
            found = re.search(r"(?:JavaLanguageVersion\.of|jvmToolchain)\(\s*(\d+)", tree.text(name))
            if found is not None:
                yield Demand(name, found[1])


def _dotnet(tree: Tree, main: str) -> Iterator[Demand]:
    found = re.search(r"<TargetFramework>\s*net(\d+)\.0", tree.text(main))
    if found is not None:
        yield Demand(main, found[1])
    sdk = as_json(tree.text("global.json")).get("sdk")
    version = sdk.get("version") if isinstance(sdk, dict) else None
    if isinstance(sdk, dict) and isinstance(version, str) and version[:1].isdigit():
        yield Demand("global.json", version.partition(".")[0], str(sdk.get("rollForward")) in ("major", "latestMajor"))
