"""Static sites that a generator makes of their sources: which one, and what it is told of its packages."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from fnmatch import fnmatchcase

from svc.patterns import regex
from svc.resolve.build_tree import Files
from svc.source import lines_of

OUTPUT: Mapping[str, str] = {"hugo": "public", "jekyll": "_site", "mkdocs": "site"}
"""Generators that are run, and where each leaves the site."""
NAMES: Mapping[str, str] = {
    "hugo": "Hugo",
    "jekyll": "Jekyll",
    "mkdocs": "MkDocs",
    "mdbook": "mdBook",
    "zola": "Zola",
    "sphinx": "Sphinx",
    "pelican": "Pelican",
    "middleman": "Middleman",
}
_FILES: Mapping[str, str] = {
    "hugo.toml": "hugo",
    "hugo.yaml": "hugo",
    "hugo.yml": "hugo",
    "hugo.json": "hugo",
    "mkdocs.yml": "mkdocs",
    "mkdocs.yaml": "mkdocs",
    "book.toml": "mdbook",
    "pelicanconf.py": "pelican",
}
_HUGO = ("config.toml", "config.yaml", "config.yml", "config.json")
_PARTS = frozenset(("archetypes", "layouts", "themes"))
_ZOLA = regex(r"^base_url\s*=")


_OF_NODE: Mapping[str, str] = {
    "gatsby": "public",
    "hexo": "public",
    "hugo-bin": "public",
    "hugo-extended": "public",
    "@11ty/eleventy": "_site",
    "@docusaurus/core": "build",
    "react-scripts": "build",
    "vitepress": ".vitepress/dist",
}
"""Package of Node -> where it leaves the site, unless that is `dist`."""


_ROUTERS = frozenset(
    (
        *("react-router", "react-router-dom", "vue-router", "@angular/router", "@solidjs/router", "preact-router"),
        *("preact-iso", "wouter", "svelte-routing", "svelte-spa-router", "@reach/router"),
        *("@tanstack/react-router", "@tanstack/solid-router", "@tanstack/vue-router"),
    )
)
_A_FILE_EACH = frozenset(
    (
        *("astro", "next", "nuxt", "vike", "vite-ssg", "vite-react-ssg", "@sveltejs/kit", "@react-router/dev"),
        *("gatsby", "hexo", "@11ty/eleventy", "@docusaurus/core", "vitepress", "@vuepress/core", "vuepress"),
    )
)
"""What may make a file of each page, though a router is among its packages."""


def routed(data: Mapping[str, object]) -> bool:
    """Whether the site of a package.json has routes that only its scripts in the browser know."""
    tables = [data.get(key) for key in ("dependencies", "devDependencies")]
    names = {str(name) for table in tables if isinstance(table, dict) for name in table}
    return bool(names & _ROUTERS) and not names & _A_FILE_EACH


def output(data: Mapping[str, object]) -> str:
    """Where the build of a package.json leaves a site, when the spec does not say."""
    tables = [data.get(key) for key in ("dependencies", "devDependencies")]
    names = {str(name) for table in tables if isinstance(table, dict) for name in table}
    return next((folder for name, folder in _OF_NODE.items() if name in names), "dist")


def generator(tree: Files, main: str) -> tuple[str, str]:
    """Its name and the file that tells, or two empty texts: for a site that is there as it is served, or that Node builds.
    A folder that a generator writes by itself, or that git ignores, may be there on one machine and not on another: it
    does not count."""
    folder = posixpath.normpath(main) if main else "."
    name, file = _named(tree)
    if folder != ".":
        ready = folder != OUTPUT.get(name) and tree.has(folder) and not (name and _ignored(tree, folder))
    elif (
        name == "jekyll"
    ):  # which makes pages of those that begin with settings, and leaves no site where its sources are
        ready = bool(main) and "index.html" in tree.names(".") and not tree.text("index.html").startswith("---")
    else:
        ready = "index.html" in tree.names(".")
    return ("", "") if ready else (name, file)


def left_in(name: str, main: str) -> str:
    """The folder that a generator is told to leave the site in: as the spec says, if that is not where its sources are."""
    folder = posixpath.normpath(main) if main else "."
    return OUTPUT.get(name, ".") if folder == "." else folder


def _ignored(tree: Files, folder: str) -> bool:
    """Whether git leaves a folder out, by the file beside the sources; the last pattern that fits decides."""
    parts = folder.split("/")
    above = ["/".join(parts[: number + 1]) for number in range(len(parts))]
    found = False
    for line in lines_of(tree.text(".gitignore")):
        wanted = line.strip().removeprefix("!").rstrip("/*")
        if not wanted or wanted.startswith("#"):
            continue
        pattern = wanted.removeprefix("**/")
        names = above if "/" in pattern else parts
        if any(fnmatchcase(one, pattern.removeprefix("/")) for one in names):
            found = not line.strip().startswith("!")
    return found


def there(tree: Files, main: str) -> bool:
    """Whether something of a site is there to be seen, besides packages of Node."""
    return bool(_named(tree)[0]) or "index.html" in tree.names(posixpath.normpath(main) if main else ".")


def _named(tree: Files) -> tuple[str, str]:
    names = tree.names(".")
    found = next(((_FILES[one], one) for one in sorted(names & _FILES.keys())), None)
    if found is not None:
        return found
    if "_config.yml" in names:
        return "jekyll", "_config.yml"
    if "content" in names and "config.toml" in names and _ZOLA.search(tree.text("config.toml")):
        return "zola", "config.toml"
    if "content" in names and names & _PARTS:
        own = next((one for one in _HUGO if one in names), "")
        return ("hugo", own) if own else ("", "")
    if "conf.py" in names and "index.rst" in names:
        return "sphinx", "conf.py"
    return ("middleman", "config.rb") if {"config.rb", "source", "Gemfile"} <= names else ("", "")
