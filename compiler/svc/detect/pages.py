"""Endpoints of health that are files: the frameworks of Node make a path of where a file lies."""

from __future__ import annotations

import re

from svc.detect.node import package
from svc.detect.project import Project
from svc.detect.tree import At, Tree
from svc.patterns import regex

PATH = (
    r"(?:api/)?_?health(?:z|-?check)?(?:/(?:ready|readiness|live|liveness))?|livez|readyz|ready|up|ping|actuator/health"
)
_NEXT = r"(?:src/)?(?:app((?:/[\w().-]+)*)/route|pages((?:/[\w.-]+)*))\.[jt]s"
_FLAT = r"app/routes(/[\w.-]+?)\.[jt]sx?"
"""Where a dot is a slash of the path."""
_KINDS: tuple[tuple[str, str], ...] = (
    ("@sveltejs/kit", r"src/routes((?:/[\w().-]+)+)/\+server\.[jt]s"),
    ("nuxt", r"(?:server/routes|server(?=/api/))((?:/[\w.-]+?)+)(?:\.get)?\.[jt]s"),
    ("@remix-run/serve", _FLAT),
    ("@react-router/serve", _FLAT),
    ("@astrojs/node", r"src/pages((?:/[\w.-]+)+?)\.[jt]s"),
)
"""Dependency -> where a file with an endpoint lies, and the path that it has there."""
_GROUP = regex(r"/\([^)/]*\)")


def endpoint(tree: Tree, project: Project) -> tuple[str, At] | None:
    if project.language != "node":
        return None
    home = f"{project.home}/" if project.home else ""
    for pattern in _patterns(tree, project):
        for path in tree.files:
            found = re.fullmatch(pattern, path.removeprefix(home)) if path.startswith(home) else None
            if found is None:
                continue
            named = _GROUP.sub("", next((one for one in found.groups() if one), ""))
            named = named.replace(".", "/") if pattern == _FLAT else named
            if re.fullmatch(f"/(?:{PATH})", named):
                return (_beneath(tree, project.home) if project.of_next else "") + named, At(path)
    return None


def _patterns(tree: Tree, project: Project) -> list[str]:
    data = package(tree, project.home)
    given = [one for key in ("dependencies", "devDependencies") if isinstance(one := data.get(key), dict)]
    found = [pattern for name, pattern in _KINDS if any(name in one for one in given)]
    return [_NEXT, *found] if project.of_next else found


def _beneath(tree: Tree, home: str) -> str:
    """The path below which Next serves, if its configuration says so in plain words."""
    places = (f"{home}/next.config.{end}".lstrip("/") for end in ("js", "mjs", "ts", "cjs"))
    hits = (tree.search(one, r"^(?!\s*(?://|/?\*)).*?\bbasePath\s*:\s*[\"'`]((?:/[\w.-]+)+)[\"'`]") for one in places)
    return next((hit[0][1] for hit in hits if hit is not None), "")
