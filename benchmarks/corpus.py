"""Makes a folder of hand-written files as a company has them: manifests, Dockerfiles, workflows, compose files, Terraform.

`python -m benchmarks.corpus 2000 FOLDER [SEED]`: about so many files. The same number and seed give the same bytes.
Applications differ in size, language and style; some are careful, and most have a few of the usual faults.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks import corpus_builds, corpus_manifests
from benchmarks.corpus_builds import App

_FIRST = ("order", "stock", "cart", "price", "user", "mail", "media", "audit", "search", "ledger", "route", "billing")
_LAST = ("api", "worker", "gateway", "sync", "store", "web", "feed", "report", "proxy", "batch")
_TEAMS = ("shop", "core", "data", "payments", "growth")


def app(number: int, seed: int) -> App:
    chance = Random(f"{seed}/{number}")  # noqa: S311  # the same bytes every time
    name = f"{chance.choice(_FIRST)}-{chance.choice(_LAST)}-{number}"
    return App(
        name,
        chance.choice(_TEAMS),
        chance.choice(corpus_builds.LANGUAGES),
        chance.choice((3000, 5000, 8000, 8080, 9000)),
        chance.random(),
        chance,
    )


def files(one: App) -> Iterator[tuple[str, str]]:
    """What one application has: path and text."""
    root = f"apps/{one.name}"
    yield from ((f"{root}/{path}", text) for path, text in corpus_manifests.manifests(one))
    yield f"{root}/Dockerfile", corpus_builds.dockerfile(one)
    if one.often(0.3):
        yield f"{root}/worker.Dockerfile", corpus_builds.dockerfile(one)
    if one.often(0.5):
        yield f"{root}/compose.yaml", corpus_builds.compose(one)
    yield f".github/workflows/{one.name}.yaml", corpus_builds.workflow(one)
    if one.often(0.3):
        yield f".github/workflows/{one.name}-release.yaml", corpus_builds.workflow(one)
    if one.often(0.5):
        yield f"infra/{one.name}/main.tf", corpus_builds.terraform(one)


def make(root: Path, count: int, seed: int = 1) -> int:
    """Writes applications until there are `count` files or a few more; says how many."""
    made = number = 0
    while made < count:
        for path, text in files(app(number, seed)):
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            made += 1
        number += 1
    return made


if __name__ == "__main__":
    print(make(Path(sys.argv[2]), int(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) > 3 else 1))  # noqa: T201
