"""The variables of examples of .env files, a part's own or those at the root of its build. Secret values are never taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svc.detect.above import EXAMPLES, Part, packages
from svc.detect.composed import FILES, own
from svc.detect.tree import At, Tree
from svc.notice import BY
from svc.patterns import regex
from svc.records import dataclass, replace
from svc.source import lines_of

_SECRET = regex(r"SECRET|TOKEN|PASS|PWD|KEY|CREDENTIAL|AUTH|DSN|SALT|PRIVATE|CERT|SIGNATURE", re.I)
_VALUE = regex(r"://[^/\s]*@|^(sk|pk|ghp|gho|xox\w|AKIA|eyJ)|-----BEGIN|^(?!-)[A-Za-z0-9+/_=-]{20,}$")
_LOCAL = regex(r"\blocalhost\b|\b127\.0\.0\.1\b|\b0\.0\.0\.0\b")
_PLAIN = regex(r"[\w .,:/@%+-]{0,120}")
CODE = (".py", ".js", ".ts", ".mjs", ".go", ".java", ".kt", ".cs", ".rs", ".rb", ".php", ".ex", ".exs", ".scala")
_TEXTS = (
    *CODE,
    *(".cjs", ".jsx", ".tsx", ".vue", ".svelte", ".astro", ".prisma", ".json", ".toml", ".yml", ".yaml"),
    ".properties",
)
"""Where a part may speak of a variable."""


@dataclass(frozen=True, slots=True)
class Variable:
    """`value` None: a secret, or a value that stands in a developer's own .env and is not taken."""

    name: str
    value: str | None
    secret: bool
    at: At


def shared(tree: Tree, whole: Part | None) -> Tree:
    """A part's tree with the packages of its workspace that it has, and the examples at the root of its build, unless it has
    its own."""
    if whole is None:
        return tree
    own_ones = own(tree, *EXAMPLES)
    more = tuple(f"{one}/" for one in packages(whole.tree, whole.home))
    kept = (one for one in whole.tree.files if one.startswith(more) or (one in EXAMPLES and not own_ones))
    return replace(tree, files=tuple(dict.fromkeys((*tree.files, *(f"{whole.context}/{one}" for one in kept)))))


def examples(tree: Tree) -> dict[str, tuple[str, At]]:
    """The variables of examples of .env files, with their texts."""
    found: dict[str, tuple[str, At]] = {}
    for name, text, at in _all(tree):
        found.setdefault(name, (text, at))
    return found


def variables(tree: Tree) -> tuple[Variable, ...]:
    """The names in examples of .env files, with values that are no secrets; of a .env itself the names alone."""
    found: dict[str, Variable] = {}
    for name, value, at in (*_all(tree), *_lines(tree, ".env")):
        if name in found or name == "PORT":
            continue
        found[name] = variable(name, value, at)
    return tuple(found.values())


def looks_secret(name: str) -> bool:
    return _SECRET.search(name) is not None


def variable(name: str, value: str, at: At) -> Variable:
    """A variable of an example, without its value where that is a secret, or no value that an image could ship."""
    secret = looks_secret(name) or _VALUE.search(value) is not None
    left = (
        at.path.rpartition("/")[2] == ".env"
        or not value
        or not _PLAIN.fullmatch(value)
        or _LOCAL.search(value) is not None
        or (name == "SPRING_PROFILES_ACTIVE" and "prod" not in value)
    )
    return Variable(name, None if secret or left else _shipped(name, value), secret, at)


def _all(tree: Tree) -> Iterator[tuple[str, str, At]]:
    """Of examples above, which speak of all parts, the variables that this part speaks of."""
    for path in EXAMPLES:
        yield from _lines(tree, path) if BY not in tree.text(path) else ()
    above = [one for one in tree.files if one.startswith("../") and one.rpartition("/")[2] in (*EXAMPLES, ".env")]
    spoken = _words(tree) if above else frozenset()
    for path in above:
        for name, text, at in _lines(tree, path):
            if name in spoken or ("_" in name and name.lower() in spoken) or _of_nuxt(name) in spoken:
                yield name, text, at


def _of_nuxt(name: str) -> str:
    """The key of a configuration of Nuxt that a variable sets: `apiBase` of NUXT_PUBLIC_API_BASE."""
    first, *rest = name.removeprefix("NUXT_").removeprefix("PUBLIC_").lower().split("_")
    return first + "".join(one.capitalize() for one in rest) if name.startswith("NUXT_") else name


_MUCH = 10_000_000
"""Signs of a part in which variables are looked for: there may be any amount of data beside its code."""


def _words(tree: Tree) -> frozenset[str]:
    paths = (path for path in tree.named(*_TEXTS) if path != "service.yaml" and path.rpartition("/")[2] not in FILES)
    found, left = set[str](), _MUCH
    for path in sorted(paths, key=lambda path: not path.endswith(CODE)):
        text = tree.text(path)
        left -= len(text)
        if left < 0:
            break
        found.update(re.findall(r"[A-Za-z_]\w+", text))
    return frozenset(found)


def _lines(tree: Tree, path: str) -> Iterator[tuple[str, str, At]]:
    for number, line in enumerate(lines_of(tree.text(path))[:500], 1):
        match = re.match(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$", line[:2000])
        if match is not None:
            yield match[1], re.sub(r"\s+#.*$", "", match[2]).strip("\"'"), At(path, number)


def _shipped(name: str, value: str) -> str:
    """What a developer's setting is where it is shipped: an environment that is production, and no debugging."""
    if re.search(r"(^|_)ENV(IRONMENT)?$", name) and value.lower() in ("local", "dev", "development"):
        return "production"
    if re.search(r"(^|_)LOG_?LEVEL$", name) and value.lower() in ("debug", "trace"):
        return "INFO" if value.isupper() else "info"
    if name == "LOG_CHANNEL" and value in ("stack", "single", "daily"):  # of Laravel, which writes files then
        return "stderr"
    debugging = {"true": "false", "1": "0", "yes": "no", "on": "off"}
    return debugging.get(value.lower(), value) if re.search(r"(^|_)DEBUG$", name) else value
