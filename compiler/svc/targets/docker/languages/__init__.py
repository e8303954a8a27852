"""One module a language: a pure function from facts to stages, imported where a service is in that language."""

from __future__ import annotations

from svc.resolve.types.images import Language
from svc.targets.docker.facts import Facts
from svc.targets.docker.recipe import Recipe


def recipe(language: Language, facts: Facts) -> Recipe:
    match language:
        case "dotnet":
            from svc.targets.docker.languages import dotnet

            return dotnet.recipe(facts)
        case "go":
            from svc.targets.docker.languages import go

            return go.recipe(facts)
        case "java" | "kotlin":
            from svc.targets.docker.languages import java

            return java.recipe(facts)
        case "node":
            from svc.targets.docker.languages import node

            return node.recipe(facts)
        case "php":
            from svc.targets.docker.languages import php

            return php.recipe(facts)
        case "python":
            from svc.targets.docker.languages import python

            return python.recipe(facts)
        case "ruby":
            from svc.targets.docker.languages import ruby

            return ruby.recipe(facts)
        case "rust":
            from svc.targets.docker.languages import rust

            return rust.recipe(facts)
        case "static":
            from svc.targets.docker.languages import static

            return static.recipe(facts)
