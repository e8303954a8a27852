"""One module a language: a pure function from facts to stages. `RECIPES` is the list of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from svc.resolve.types.images import Language
from svc.targets.docker.facts import Facts
from svc.targets.docker.languages import dotnet, go, java, node, php, python, ruby, rust, static
from svc.targets.docker.recipe import Recipe

RECIPES: Mapping[Language, Callable[[Facts], Recipe]] = {
    "dotnet": dotnet.recipe,
    "go": go.recipe,
    "java": java.recipe,
    "kotlin": java.recipe,
    "node": node.recipe,
    "php": php.recipe,
    "python": python.recipe,
    "ruby": ruby.recipe,
    "rust": rust.recipe,
    "static": static.recipe,
}
