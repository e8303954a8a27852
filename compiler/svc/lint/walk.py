"""Which files a run looks at: those that are named, and those below a folder that may be of a known kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from svc.folders import Enter, Refused, below
from svc.kubernetes import kustomize
from svc.patterns import regex
from svc.targets.named import TERRAFORM

LOCK = ".terraform.lock.hcl"
"""The file beside a root module that says which versions of providers were chosen."""
YAML = (".yaml", ".yml", ".json")
_DOCKER = regex(r"(?i)(.*\.)?(dockerfile|containerfile)([._-].+|\d+)?", needs=("dockerfile", "containerfile"))
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


def walk(folder: Path, exclude: Sequence[str] = (), refused: Refused | None = None) -> Iterator[Path]:
    """The regular files below a folder, sorted; no hidden folder but those of workflows, no dependencies, no symlinks,
    and nothing that fits a pattern of `exclude`. `refused` as `below` takes it."""
    fits = _fitting(folder, exclude)
    for entry in below(folder, entering(folder, exclude), refused):
        if entry.is_file(follow_symlinks=False) and not (exclude and fits(Path(entry.path))):
            yield Path(entry.path)


def entering(folder: Path, exclude: Sequence[str]) -> Enter:
    """Whether a search of `folder` goes into a folder below it: not where nothing in it would be left."""
    fits = _fitting(folder, [_emptied(one) for one in exclude])

    def enter(inside: Path) -> bool:
        hidden = inside.name.startswith(".") and inside.name not in _SEEN
        return not hidden and inside.name not in _SKIPPED and not (exclude and fits(inside))

    return enter


def _emptied(pattern: str) -> str:
    """A pattern that fits a folder, for one that fits all that is below it."""
    if not pattern.endswith(("/*", "/**")):
        return pattern
    return f"{'' if pattern[0] in './' else './'}{pattern.rstrip('*')}"


def _fitting(folder: Path, patterns: Sequence[str]) -> Callable[[Path], bool]:
    """Whether a pattern fits what is below a folder: the path from the folder, which may begin with a slash, or as it is
    written; without a slash before its end, the name."""
    names = [one.rstrip("/") for one in patterns if "/" not in one.rstrip("/")]
    paths = [one.removeprefix("./").rstrip("/") for one in patterns if "/" in one.rstrip("/")]

    def fits(inside: Path) -> bool:
        if any(fnmatchcase(inside.name, one) for one in names):
            return True
        within = inside.relative_to(folder).as_posix() if paths else ""
        written = (within, f"/{within}", inside.as_posix())
        return any(fnmatchcase(path, one) for one in paths for path in written)

    return fits


def is_dockerfile(file: Path, text: str | None = None) -> bool:
    """By its name, and where that leaves it open by the text; without one it may be."""
    if _DOCKER.fullmatch(file.name) is None or _NO_DOCKER.fullmatch(file.name):
        return False
    return text is None or not _CODE.fullmatch(file.name) or _FIRST.match(text) is not None


def is_terraform(file: Path) -> bool:
    """Whether a file is a part of the module that its folder is."""
    return file.name.endswith(TERRAFORM)


def may_be_known(file: Path) -> bool:
    """Whether a file that nobody named is worth reading."""
    known = file.suffix in YAML or file.name in kustomize.NAMES or file.suffix == ".cue" or is_dockerfile(file)
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
