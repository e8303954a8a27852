"""Settings of package managers, and manifests, that have a credential in them: settings stay out of the build context; what no
build goes without is said."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from svc.patterns import regex
from svc.records import dataclass
from svc.resolve.build_tree import Tree, uncommented
from svc.source import lines_of

_VARIABLES = regex(
    r"(?:[\w.@+-]+:)?"
    r"(?:(?:#\{[^}]*\}|\$\{[\w.]+(?:\?|:?-[^}]{0,19})?\}|\$\w+|%\w+%|\{\{[^}]*\}\}|\{[A-Za-z0-9+/=]{20,}\}):?)+"
)
"""Variables of yarn (with a word for where there is none), Maven, NuGet and pip, and what Maven has encrypted; also behind the
name of a user."""
_USER = regex(r"\b([\w+.-]+)://([^/\s:@\"'<>]*):([^/\s@\"'<>]+)@([\w.-]+)")
_HERE = regex(r"localhost|127(?:\.\d+){3}|0\.0\.0\.0")
_KNOWN = regex(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:npm_|gh[pousr]_|github_pat_|glpat-|pypi-)[\w-]{20}|\bAKIA[A-Z0-9]{16}\b"
)
_YAML = regex(r"^\s*[\"']?(\w*(?:Auth(?:Token|Ident)|[Pp]assword|[Ss]ecret))[\"']?\s*:\s*(.*?)\s*(?:#.*)?$")
_NUGET = regex(r"<add\s+key=\"((?:ClearText)?Password|apikey)\"\s+value=\"([^\"]*)\"", 2)
_XML = regex(r"<(password|passphrase)>\s*([^<\s][^<]*?)\s*</")
_PROPERTY = regex(
    r"^\s*([\w.-]*(?:password|passwd|passphrase|token|secret|(?:api|secret|secret[._-]?access)[._-]?key))\s*[=:]\s*(.*?)\s*$",
    2,
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
                number, key, scheme = found
                advice = _advice(name.lower(), spelled.format(secret), scheme)
                yield Credential(path, number, key, advice, kind not in ("?", "property"))


def _advice(name: str, variable: str, scheme: str) -> str:
    if scheme and not _of_web(scheme):
        return "take user and password out of the address: what connects there reads them from a variable"
    if name == "gradle.properties":
        return f"have the build script ask the variable of a build secret, `{variable}`, and leave the key out"
    if variable:
        return f"write the variable of a build secret in place of the value, such as `{variable}`"
    if name in ("pip.conf", "pip.ini", "requirements.txt"):
        return "leave the address out: `secrets: [pip_index_url]` is a variable that pip reads"
    if name in ("pyproject.toml", "uv.toml"):
        return "give the index a name, and its user and password as build secrets: `uv_index_name_username`, `uv_index_name_password`"
    return "take user and password out of the address, and give them to the package manager by a build secret"


def _first(text: str, kind: str) -> tuple[int, str, str] | None:
    """Its line, what it is called, and the scheme of the address that it is in."""
    pattern = _KEYS.get(kind)
    for number, line in enumerate(lines_of(uncommented(text)), 1):
        if line.lstrip().startswith(("#", "//", "!")):
            continue
        for key, value in pattern.findall(line) if pattern is not None else ():
            plain = value.strip("\"'")
            if plain and plain.lower() not in _USUAL and not _VARIABLES.fullmatch(plain):
                return number, key, ""
        scheme = next((one for one, _, word, host in _USER.findall(line) if _given(one, word, host)), "")
        if scheme or _KNOWN.search(line):
            return number, "", scheme
    return None


def _given(scheme: str, word: str, host: str) -> bool:
    """Whether an address holds a password; those of a database for tests, beside the tests, are no secret."""
    near = _HERE.fullmatch(host) or not (_of_web(scheme) or "." in host)
    return not near and not _VARIABLES.fullmatch(word)


def _of_web(scheme: str) -> bool:
    return scheme.rpartition("+")[2] in ("http", "https", "ssh", "git")
