"""Settings of package managers, and manifests, that have a credential in them: settings stay out of the build context; what no
build goes without is said."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from svc.patterns import regex
from svc.records import dataclass
from svc.resolve.build_tree import Tree
from svc.source import lines_of

_VARIABLES = regex(r"(?:#\{[^}]*\}|\$\{[\w.]+(?:\?|:?-)?\}|\$\w+|%\w+%|\{\{[^}]*\}\}|\{[A-Za-z0-9+/=]{20,}\}:?)+")
"""Variables of yarn, Maven, NuGet and pip; and what Maven has encrypted."""
_USER = regex(r"://([^/\s@:\"'<>]*):([^/\s@\"'<>]+)@")
_KNOWN = regex(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:npm_|gh[pousr]_|github_pat_|glpat-|pypi-)[\w-]{20}|\bAKIA[A-Z0-9]{16}\b"
)
_YAML = regex(r"^\s*[\"']?(\w*(?:Auth(?:Token|Ident)|[Pp]assword|[Ss]ecret))[\"']?\s*:\s*(.*?)\s*(?:#.*)?$")
_NUGET = regex(r"<add\s+key=\"((?:ClearText)?Password|apikey)\"\s+value=\"([^\"]*)\"", 2)
_XML = regex(r"<(password|passphrase|privateKey)>\s*([^<\s][^<]*?)\s*</")
_PROPERTY = regex(
    r"^\s*([\w.-]*(?:[Pp]assword|[Pp]asswd|[Tt]oken|[Ss]ecret|[Aa]pi[._-]?[Kk]ey|passphrase))\s*[=:]\s*(.*?)\s*$"
)
_USUAL = frozenset(("changeit", "changeme", "true", "false"))
"""Of a trust store that holds no secret, as Java has it; and switches."""


@dataclass(frozen=True, slots=True)
class Credential:
    """Where it stands; `key`: what it is called, or "" for one in an address. `outside`: the build goes without the file."""

    file: str
    line: int
    key: str
    advice: str
    outside: bool


_SETTINGS: Mapping[str, tuple[str, str]] = {
    ".yarnrc.yml": ("yaml", "${{{0}}}"),
    "nuget.config": ("nuget", "%{0}%"),
    "settings.xml": ("xml", "${{env.{0}}}"),
    "gradle.properties": ("property", 'System.getenv("{0}")'),
    "pip.conf": ("", ""),
    "pip.ini": ("", ""),
}
"""File, in small letters -> how its credentials are spelled, and the variable of a secret in its words."""
_KEYS = {"yaml": _YAML, "nuget": _NUGET, "xml": _XML, "property": _PROPERTY}
_FOLDERS = ("", ".mvn", ".nuget", ".config/pip")
_MANIFESTS = (
    "requirements.txt",
    "pyproject.toml",
    "uv.toml",
    "Pipfile",
    "Gemfile",
    "composer.json",
    ".yarnrc",
    "pom.xml",
)
"""What the build needs, whatever stands in it; here only addresses are looked at."""


def credentials(tree: Tree, folder: str, secret: str) -> Iterator[Credential]:
    """The first of each file at the root, in a folder of settings, or beside the project. `secret`: a variable to advise."""
    there = tree.names(".")
    for place in dict.fromkeys((*(one for one in _FOLDERS if not one or one.split("/")[0] in there), folder)):
        for name in sorted(tree.names(place or ".")):
            kind, spelled = _SETTINGS.get(name.lower(), ("?", ""))
            if kind == "?" and name not in _MANIFESTS:
                continue
            path = posixpath.join(place, name)
            found = _first(tree.text(path), kind)
            if found is not None:
                advice = _advice(name.lower(), spelled.format(secret))
                yield Credential(path, *found, advice, kind not in ("?", "property"))


def _advice(name: str, variable: str) -> str:
    if name == "gradle.properties":
        return f"have the build script ask the variable of a build secret, `{variable}`, and leave the key out"
    if variable:
        return f"write the variable of a build secret in place of the value, such as `{variable}`"
    if name in ("pip.conf", "pip.ini", "requirements.txt"):
        return "leave the address out: `secrets: [pip_index_url]` is a variable that pip reads"
    if name in ("pyproject.toml", "uv.toml"):
        return "give the index a name, and its user and password as build secrets: `uv_index_name_username`, `uv_index_name_password`"
    return "take user and password out of the address, and give them to the package manager by a build secret"


def _first(text: str, kind: str) -> tuple[int, str] | None:
    pattern = _KEYS.get(kind)
    for number, line in enumerate(lines_of(text), 1):
        if line.lstrip().startswith(("#", "<!--", "//", "!")):
            continue
        for key, value in pattern.findall(line) if pattern is not None else ():
            plain = value.strip("\"'")
            if plain and plain.lower() not in _USUAL and not _VARIABLES.fullmatch(plain):
                return number, key
        if _KNOWN.search(line) or any(not _VARIABLES.fullmatch(one) for _, one in _USER.findall(line)):
            return number, ""
    return None
