"""Which files a run looks at: those that are named, and those below a folder that may be of a known kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from svc.folders import below
from svc.patterns import regex

YAML = (".yaml", ".yml", ".json")
_DOCKER = regex(r"(?i)(.*\.)?(dockerfile|containerfile)([._-].+|\d+)?")
_NO_DOCKER = regex(
    r"(?i).*\.(dockerignore|j2|jinja2?|tmpl|tpl|template|gotmpl|erb|ejs|hbs|mustache|m4|in|orig|rej|bak|swp"
    r"|md|txt|adoc|rst|html?|json5?|ya?ml|toml|lock|pyc|snap|tmlanguage|png|svg)"
)
"""Templates of Dockerfiles and texts about them: neither is one."""
_CODE = regex(r"(?i).*\.(sh|ps1|bat|go|pyi?|rb|rs|[cm]?[jt]sx?|java|kt|cs|php|vim|lua|el|nix)")
"""Dockerfiles for a language, and programs about Dockerfiles: what they begin with tells."""
_FIRST = regex(
    r"(?i)\A(?:\s|#.*\n)*(?:FROM[ \t]+(?:--platform=\S+[ \t]+)?\S+(?:[ \t]+AS[ \t]+\S+)?|ARG[ \t]+\S.*)[ \t\r]*(?:\n|\Z)"
)
_SKIPPED = frozenset({"node_modules", "vendor", "__pycache__", "venv", "site-packages"})
_SEEN = frozenset({".github", ".forgejo", ".gitea"})
"""Hidden folders that hold workflows and actions."""


def walk(folder: Path, exclude: Sequence[str] = ()) -> Iterator[Path]:
    """The regular files below a folder, sorted; no hidden folder but those of workflows, no dependencies, no symlinks,
    and nothing that fits a pattern of `exclude`."""
    files = (Path(entry.path) for entry in below(folder, looked_into) if entry.is_file(follow_symlinks=False))
    yield from (one for one in files if not (exclude and excluded(one, folder, exclude)))


def excluded(file: Path, folder: Path, patterns: Sequence[str]) -> bool:
    """Whether a pattern fits a file below a folder, or a folder between: the path from the folder or as it is written;
    without a slash, the name."""
    parts = file.relative_to(folder).parts
    paths = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    written = [(folder / one).as_posix() for one in paths]
    return any(
        fnmatchcase(one, pattern.removeprefix("./").rstrip("/"))
        for pattern in patterns
        for one in ([*paths, *written] if "/" in pattern.strip("/") else parts)
    )


def looked_into(folder: Path) -> bool:
    """Whether a search goes into a folder."""
    hidden = folder.name.startswith(".") and folder.name not in _SEEN
    return not hidden and folder.name not in _SKIPPED


def is_dockerfile(file: Path, text: str | None = None) -> bool:
    """By its name, and where that leaves it open by the text; without one it may be."""
    if _DOCKER.fullmatch(file.name) is None or _NO_DOCKER.fullmatch(file.name):
        return False
    return text is None or not _CODE.fullmatch(file.name) or _FIRST.match(text) is not None


def is_terraform(file: Path) -> bool:
    """Whether a file is a part of the module that its folder is."""
    return file.suffix == ".tf" or file.name.endswith(".tf.json")


def may_be_known(file: Path) -> bool:
    """Whether a file that nobody named is worth reading."""
    known = file.suffix in YAML or file.suffix == ".cue" or is_dockerfile(file)
    return known and not file.name.endswith(".tfvars.json")


def chart_root(file: Path) -> Path | None:
    """The folder of the chart whose template a file is."""
    parents = list(file.parents)[:6]
    for index, parent in enumerate(parents):
        if parent.name == "templates" and (parents[index + 1 :] and (parents[index + 1] / "Chart.yaml").is_file()):
            return parents[index + 1]
    return None


def is_values(file: Path) -> bool:
    """Whether a file holds values of the chart that it lies in: it is of no kind of its own."""
    if "values" not in file.name and file.parent.name != "values":
        return False
    return any((folder / "Chart.yaml").is_file() for folder in list(file.parents)[:2])
