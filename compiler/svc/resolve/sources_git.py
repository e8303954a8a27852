"""What asks git for the version of the sources: `.git` is in no build context, so that a build of it ends, or goes without.
And which of them are repositories of their own."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from svc.patterns import regex
from svc.records import dataclass
from svc.resolve.build_tree import Tree, as_toml, uncommented
from svc.resolve.context import Context
from svc.resolve.inputs import sources
from svc.source import Source

_TOLD: Mapping[str, str] = {
    "setuptools-scm": "SETUPTOOLS_SCM_PRETEND_VERSION",
    "setuptools_scm": "SETUPTOOLS_SCM_PRETEND_VERSION",
    "hatch-vcs": "SETUPTOOLS_SCM_PRETEND_VERSION",
    "pbr": "PBR_VERSION",
    "pdm-backend": "PDM_BUILD_SCM_VERSION",
    "uv-dynamic-versioning": "UV_DYNAMIC_VERSIONING_BYPASS",
}
"""What a build of Python requires that asks git -> the variable that tells it the version instead."""
_NAME = regex(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A file that has the build ask git, by what, and what to do about it. `stops`: the build ends without an answer."""

    file: str
    by: str
    advice: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class _Asks:
    """`pattern`: what asks, in its group; `settled`: what makes do without an answer, in any file of the build."""

    pattern: str
    advice: str
    settled: str = r"\Z\A."


_CATALOGUE = "gradle/libs.versions.toml"
_LDFLAGS = r"-X[ =]['\"]?([\w./${}()-]*(?:[Vv]ersion|VERSION|[Cc]ommit|[Rr]evision)\w*)='?\$"
_OF_MAVEN = (
    _Asks(
        r"<artifactId>\s*(git-commit-id(?:-maven)?-plugin)\s*</artifactId>",
        "write `<failOnNoGitDirectory>false</failOnNoGitDirectory>` in its configuration",
        r"<failOnNoGitDirectory>\s*false|<maven\.gitcommitid\.skip>\s*true",
    ),
)
_OF_GRADLE = (
    _Asks(
        r"(com\.gorylenko\.gradle-git-properties)\b",
        "write `gitProperties { failOnNoGitDirectory = false }`",
        r"failOnNoGitDirectory(?:\.set\(|\s*=\s*|\s+)false",
    ),
    _Asks(
        r"(com\.palantir\.git-version)\b",
        "take the version from an argument instead: `args` of `build` are variables of each of its steps",
    ),
)
_OF_PROJECT = (
    _Asks(
        r"<(?:Global)?PackageReference\b[^<>]*\"(Nerdbank\.GitVersioning|GitVersion\.MsBuild)\"",
        "take it out of the image's build: `Condition=\"Exists('.git')\"`",
    ),
)
_OF_GO = (
    _Asks(
        _LDFLAGS,
        "the program says what its sources say; have it read `debug.ReadBuildInfo`, or write your own Dockerfile and set build.dockerfile",
    ),
)
_ASKING: Mapping[str, tuple[tuple[tuple[str, ...], tuple[_Asks, ...]], ...]] = {
    "java": ((("pom.xml",), _OF_MAVEN), (("build.gradle.kts", "build.gradle", _CATALOGUE), _OF_GRADLE)),
    "dotnet": ((("Directory.Build.props", "Directory.Packages.props"), _OF_PROJECT),),
    "go": ((("Makefile", "makefile", "Taskfile.yml", ".goreleaser.yaml", ".goreleaser.yml"), _OF_GO),),
    "ruby": ((("*.gemspec",), (_Asks(r"(`git ls-files|git ls-files)", "list the files with `Dir`"),)),),
    "python": (
        (("pyproject.toml",), (_Asks(r"^requires\s*=.*[\"'](versioningit)\b", "set `default-version` in its table"),)),
    ),
}
"""Language -> files that may stand at the root, in the module or with the project, and what in them asks git."""


def asked(tree: Tree, language: str, main: str, module: str) -> Iterator[Asked]:
    """What asks git, each thing that is said once, with the file that says it."""
    for names, patterns in _ASKING.get({"kotlin": "java"}.get(language, language), ()):
        texts = {one: _read(tree.text(one), one) for one in _there(tree, names, language, main, module)}
        whole = "\n".join(texts.values())
        said: set[str] = set()
        for name, text in texts.items():
            for one in patterns:
                found = re.search(one.pattern, _used(text, whole) if name == _CATALOGUE else text, re.M)
                if found is not None and found[1] not in said and not re.search(one.settled, whole):
                    said.add(found[1])
                    yield Asked(name, found[1].lstrip("`"), one.advice, language != "go")


_PROFILE = regex(r"<profile>(?:(?!</profile>)[\s\S])*</profile>")
_NOTES = regex(r"/\*[\s\S]*?\*/|^\s*//.*$", re.M)
_CONDITION = r"\bCondition\s*=\s*\"[^\"]*\.git\b[^\"]*\""
_WITH_GIT = regex(rf"<(\w+)\b[^<>]*{_CONDITION}[^<>]*(?:/>|(?<!/)>(?:(?!</\1>)[\s\S])*</\1>)")


def _read(text: str, name: str) -> str:
    """What a build follows: without comments, profiles that somebody has to ask for, and what is for a tree with git alone."""
    if name.endswith((".gradle", ".kts")):
        return _NOTES.sub("", text)
    if name.endswith((".xml", ".props", "proj")):
        plain = _PROFILE.sub(lambda found: found[0] if "<activation>" in found[0] else "", uncommented(text))
        return _WITH_GIT.sub("", plain)
    return text


_PLUGIN = regex(r"^\s*([\w.-]+)\s*=.*$", re.M)


def _used(text: str, scripts: str) -> str:
    """Plugins of a catalogue that a script applies."""
    lines = _PLUGIN.finditer(text)
    applied = (one[0] for one in lines if f"libs.plugins.{re.sub('[-_]', '.', one[1])}" in scripts)
    return "\n".join(applied)


def _there(tree: Tree, names: tuple[str, ...], language: str, main: str, module: str) -> Iterator[str]:
    """Those of these names that are there; the project itself comes first."""
    if language == "dotnet":
        yield main
    for folder in ("", module) if module else ("",):
        known = tree.names(folder or ".")
        for name in names:
            if name.startswith("*"):
                yield from (posixpath.join(folder, one) for one in sorted(known) if one.endswith(name[1:]))
            elif name in known or ("/" in name and tree.has(posixpath.join(folder, name))):
                yield posixpath.join(folder, name)


def told(tree: Tree, manifests: tuple[str, ...]) -> tuple[str, ...]:
    """Variables that tell the version to what builds the project, or members of its workspace."""
    found: set[str] = set()
    for name in ("pyproject.toml", *(one for one in manifests if one.endswith("/pyproject.toml"))):
        data = as_toml(tree.text(name))
        system, project = (data.get(key) for key in ("build-system", "project"))
        dynamic = project.get("dynamic") if isinstance(project, dict) else None
        wanted = system.get("requires") if isinstance(system, dict) else None
        if not isinstance(wanted, list) or not isinstance(dynamic, list) or "version" not in dynamic:
            continue
        needs = [match[0].lower() for one in wanted if (match := _NAME.match(str(one).strip())) is not None]
        found |= {_TOLD[one] for one in needs if one in _TOLD and (one != "pdm-backend" or _of_git(data))}
    return tuple(sorted(found))


def _of_git(data: Mapping[str, object]) -> bool:
    """PDM takes versions from files as well."""
    table: object = data
    for key in ("tool", "pdm", "version", "source"):
        table = table.get(key) if isinstance(table, dict) else None
    return table == "scm"


_SUBMODULE = regex(r"^\s*path\s*=\s*\"?([^\"\n]+?)\"?\s*$", re.M)


def submodules(context: Context) -> bool:
    """Whether submodules of the repository lie among the sources. One that is added there changes the folder, so that the
    list of all of them counts only where it names such a one."""
    name = (
        posixpath.join(*[".."] * len(context.directory.split("/")), ".gitmodules")
        if context.directory
        else ".gitmodules"
    )
    found = context.glance(name)
    build = context.service.build
    own = sources(context.directory, build.context if build is not None else ".").removesuffix("**")
    there = isinstance(found, Source) and any(f"{one}/".startswith(own) for one in _SUBMODULE.findall(found.text))
    if there:
        context.read(name)
    return there
