"""One module a language: a pure function from facts to stages, imported where a service is in that language."""

from __future__ import annotations

from importlib import import_module

from svc.resolve.types.images import Language
from svc.targets.docker.facts import Facts
from svc.targets.docker.recipe import Recipe

_MODULES: dict[Language, str] = {
    **{one: one for one in ("dotnet", "go", "java", "node", "php", "python", "ruby", "rust", "static")},
    "kotlin": "java",
}


def recipe(language: Language, facts: Facts) -> Recipe:
    module = import_module(f"{__name__}.{_MODULES[language]}")
    made: Recipe = module.recipe(facts)
    return made
