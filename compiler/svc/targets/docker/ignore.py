""".dockerignore: what must never reach a builder, and what would only spoil its cache."""

from __future__ import annotations

from svc.notice import notice
from svc.resolve.sources_npm import NPMRC
from svc.resolve.sources_site import OUTPUT, left_in
from svc.resolve.types.images import Build, Language
from svc.resolve.unit import Unit
from svc.targets.docker.types import Ignore

_ALWAYS = (
    "# Version control, editors, CI",
    "**/.git",
    "**/.gitignore",
    "**/.github",
    "**/.idea",
    "**/.vscode",
    "**/.DS_Store",
    "",
    "# Secrets: never in a build context",
    "**/.env",
    "**/.env.*",
    "**/*.key",
    "**/*.pem",
    "**/.aws",
    "**/.npmrc",
    "**/.netrc",
    "**/.pypirc",
    "**/.git-credentials",
    "**/.cargo/credentials*",
    "**/.docker/config.json",
    "**/*.tfvars",
    "**/*.tfstate*",
    "",
    "# Delivery, not sources",
    "**/Dockerfile*",
    "**/.dockerignore",
    "**/compose*.yaml",
    "chart/",
    "terraform/",
)

_OF_OTHERS = (
    *(
        f"**/chart/{one}"
        for one in ("Chart.yaml", "values*.yaml", "values.schema.json", "templates/*.tpl", "templates/**/*.yaml")
    ),
    *("**/terraform/*.tf", "**/terraform/environments/*.tfbackend"),
)
"""What is compiled for other services of the same sources: by its files, since sources may have folders called so."""
_PACKAGES = tuple(f"!**/src/*/{one}/**/{name}" for one in ("java", "kotlin") for name in ("build", "target"))
"""Packages of sources that are called like a folder of results."""
_YARN = ("**/.pnp.*", "**/.yarn/cache", "**/.yarn/install-state.gz", "**/.yarn/unplugged")
"""What Yarn made of an installation of its own kind: the image has one in node_modules."""
_BY_LANGUAGE: dict[Language, tuple[str, ...]] = {
    "python": ("**/__pycache__", "**/*.py[cod]", "**/.venv", "**/.pytest_cache", "**/.mypy_cache", "**/.ruff_cache"),
    "node": ("**/node_modules", "**/coverage", "**/*.log", "**/*.tsbuildinfo", "**/.next/cache"),
    "go": ("**/*.test", "**/*.out", "bin/"),
    "java": ("**/target", "**/build", *_PACKAGES, "**/.gradle", "**/*.class"),
    "kotlin": ("**/target", "**/build", *_PACKAGES, "**/.gradle", "**/.kotlin", "**/*.class"),
    "dotnet": ("**/bin", "**/obj", "**/TestResults"),
    "rust": ("**/target", "!**/src/**/target"),
    "ruby": ("**/.bundle", "vendor/bundle", "log/*", "tmp/*"),
    "php": ("vendor/", "**/.phpunit.cache", "auth.json"),
    "static": ("**/node_modules", "**/coverage", "**/*.tsbuildinfo"),
}


def ignore(unit: Unit, build: Build) -> Ignore:
    """What the spec names itself (`main`, `files`) is let in again, last, so that no pattern can hide it."""
    wanted = [name for name in (*build.files, build.main) if name and _hidden(name, build.language)]
    again = (
        ("", "# Named by the spec", *(f"!{name.removeprefix('./')}" for name in dict.fromkeys(wanted)))
        if wanted
        else ()
    )
    made = _BY_LANGUAGE[build.language]
    if build.manager and build.language in ("php", "ruby"):
        made = (*made, "**/node_modules")
    if build.manager == "yarn":
        made = (*made, *_YARN)
    if build.site[0] in OUTPUT:
        made = (*made, f"{left_in(build.site[0], build.main)}/")
    if NPMRC in build.manifests:
        again = ("", "# Without credentials: the installation reads it", f"!{NPMRC}", *again)
    kept = ("", "# With a credential", *build.outside) if build.outside else ()
    above = bool(build.beneath) and build.beneath.split("/")[0] != ".."
    delivery = tuple(f"{build.beneath}/{one}" for one in _ALWAYS[-2:]) if above else _ALWAYS[-2:]
    delivery = (*delivery, *(_OF_OTHERS if build.beneath else ()))
    header = f"# {notice(unit.spec.rpartition('/')[2])}"
    return Ignore(
        (header, "", *_ALWAYS[:-2], *delivery, "", "# Made by tools on a developer's machine", *made, *again, *kept)
    )


def _hidden(name: str, language: Language) -> bool:
    """Whether a path that the spec names could fall under a pattern; secrets are never let in again."""
    parts = name.removeprefix("./").rstrip("/").split("/")
    folders = {line.removeprefix("**/").rstrip("/") for line in (*_ALWAYS[-2:], *_BY_LANGUAGE[language])}
    return language not in ("node", "static", "java", "kotlin") and bool(folders & set(parts))
