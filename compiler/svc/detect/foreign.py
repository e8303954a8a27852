"""What is no project of a language that svc makes images of: languages known by their names, and projects further below."""

from __future__ import annotations

from svc.detect.composed import FILES, own
from svc.detect.tree import Tree
from svc.notice import BY
from svc.records import replace

_FOREIGN = {
    "mix.exs": "Elixir",
    "rebar.config": "Erlang",
    "gleam.toml": "Gleam",
    "bun.lock": "Bun",
    "bun.lockb": "Bun",
    "deno.json": "Deno",
    "deno.jsonc": "Deno",
    "Package.swift": "Swift",
    "pubspec.yaml": "Dart",
    "build.sbt": "Scala",
    "project.clj": "Clojure",
    "deps.edn": "Clojure",
    "stack.yaml": "Haskell",
    "shard.yml": "Crystal",
    "build.zig": "Zig",
    "CMakeLists.txt": "C and C++",
}


def foreign(tree: Tree) -> tuple[str, str]:
    """A file at the root of the tree that tells of a language that is known by its name alone, and the language; else ""."""
    return next(((one, name) for one, name in _FOREIGN.items() if one in tree.files), ("", ""))


def below(tree: Tree) -> tuple[str, ...]:
    marks = (
        *("/go.mod", "/package.json", "/pom.xml", "/build.gradle", "/build.gradle.kts", "/pyproject.toml", "/requirements.txt"),
        *("/Cargo.toml", "/composer.json", "/Gemfile", "/mix.exs", "/deno.json", "/Dockerfile", "/hugo.toml", "/mkdocs.yml"),
    )  # fmt: skip
    return tuple(sorted({path.rpartition("/")[0] for path in tree.named(*marks)}))[:20]


def composed(tree: Tree) -> str:
    """A compose file of one's own at the root of the tree; else ""."""
    return next(iter(own(tree, *FILES)), "")


def workflow(tree: Tree, name: str) -> str:
    """A workflow of one's own with the name that the generated one would have; else ""."""
    path = f".github/workflows/{name}.yaml"
    found = replace(tree, files=(path,))
    text = found.text(path)
    return path if text and BY not in text else ""
