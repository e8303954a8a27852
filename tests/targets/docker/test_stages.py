"""Stages of one Dockerfile agree with each other: what is built once, brought along and started."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from docker_cases import CASES, from_resolved, service
from stages_of_cases import chain, commands, stages

import samples
from sample_parts import build
from svc.resolve.types.whole import Resolved
from svc.targets.docker import target as docker


@pytest.mark.parametrize("case", ["go", "rust", "dotnet", "java-spring", "java-class"])
def test_what_development_starts_finds_the_files_that_the_image_has(case: str) -> None:
    dev = stages(case, files=("templates",))["dev"]
    home = [one.args[0] for one in dev.instructions if one.keyword == "WORKDIR"][-1]
    assert ("templates", f"{home}/templates") in [one.args for one in dev.instructions if one.keyword == "COPY"]


@pytest.mark.parametrize(
    "prepare",
    [
        "npm run build",
        "npm run generate && npm run build",
        "yarn build",
        "pnpm --filter @acme/api... run build",
        "yarn workspace @acme/api build",
        "npx turbo run build --filter=api",
        "nx run api:build",
        "npx nx run-many --target=build --all",
        "nx run-many --targets=lint,build",
        "pnpm exec nx run-many -t lint build",
        "pnpm -r build",
        "npm run build --workspaces --if-present",
        "yarn workspaces foreach -A run build",
        "(cd client && npm ci); NODE_ENV=production npm run build",
        "npm ci && \\\n  npm run build",
    ],
)
@pytest.mark.parametrize(
    ("case", "main"), [("node-npm", "dist/main.js"), ("node-npm", "next"), ("static-pnpm", "dist")]
)
def test_a_build_that_the_spec_runs_is_not_run_again(case: str, main: str, prepare: str) -> None:
    found = stages(case, main=main, prepare=prepare, package="@acme/api")
    assert sum(len(re.findall(r"\bbuild\b", text)) for stage in found.values() for text in commands(stage)) == 1


@pytest.mark.parametrize(
    "prepare",
    [
        "npm run build:css",
        "npm run prebuild",
        "npm run db:build",
        "npm ci --build-from-source",
        "npm ci; build",
        "npm ci # npm run build",
        "echo npm run build",
        "npm install build",
        "pnpm dlx build",
        "pnpm exec build",
        "cd client && npm run build",
        "npm run lint || npm run build",
        "npm --prefix client ci && npm --prefix client run build",
        "pnpm -C client build",
        "yarn --cwd client build",
        "pnpm --filter @acme/shared build",
        "pnpm --filter=@acme/shared... run build",
        "npm run build -w shared",
        "npm run build --workspace=shared",
        "yarn workspace @acme/shared build",
        "npx turbo run build --filter=shared",
        "nx build shared",
        "nx run shared:build",
        "nx run-many -t lint",
        "nx run-many -t build --projects=shared,web",
        "nx affected -t build",
    ],
)
def test_another_script_is_no_build(prepare: str) -> None:
    assert any(
        "npm run build --if-present" in text
        for text in commands(stages("node-npm", prepare=prepare, package="@acme/api")["build"])
    )


MEMBERS = {"manifests": ("packages/api/package.json",), "scripts": ("build",), "package": "@acme/api"}


@pytest.mark.parametrize(
    ("prepare", "main", "again"),
    [
        ("pnpm -r build", "dist/main.js", True),
        ("pnpm -r --include-workspace-root build", "dist/main.js", False),
        ("pnpm -r build", "packages/api/dist/main.js", False),
        ("pnpm --filter ./packages/api build", "packages/api/dist/main.js", False),
        ("npm run build -w packages/api", "packages/api/dist/main.js", False),
    ],
)
def test_a_run_over_all_members_leaves_out_the_root(prepare: str, main: str, again: bool) -> None:
    made = commands(stages("node-pnpm", prepare=prepare, main=main, **MEMBERS)["build"])
    assert any("pnpm run build" in text for text in made) is again


def test_rails_is_prepared_as_it_is_shipped() -> None:
    prepare = "bin/rails assets:precompile"
    made = stages("rails", prepare=prepare)["build"]
    assert commands(made)[-1] == prepare
    assert ("RAILS_ENV", "production") in [
        pair for one in made.instructions if one.keyword == "ENV" for pair in one.pairs
    ]


@pytest.mark.parametrize(
    ("case", "version", "builder", "there"),
    [
        ("go", "1.27", "golang:1.27", True),
        ("go", "1.26", "golang:1.26", False),
        ("go", "1.25", "golang:1.25", False),
        ("dotnet", "9", "sdk:9.0.317@", True),
        ("dotnet", "10", "sdk:10.0.400@", True),
    ],
)
def test_packages_are_installed_beside_the_sources_only_where_the_release_is_the_same(
    case: str, version: str, builder: str, there: bool
) -> None:
    """Another release may have other names and versions, and a version without such a builder is still built."""
    found = stages(case, version=version, packages=("imagemagick",))
    first = found["base" if case == "go" else "deps"]
    assert builder in first.base
    assert ("imagemagick" in chain(found, "dev")) is there
    assert "imagemagick" in chain(found, "final")


@pytest.mark.parametrize("case", ["go", "php"])
def test_no_run_follows_one_that_is_mounted_alike(case: str) -> None:
    """hadolint's DL3059."""
    for stage in stages(case, prepare="make a").values():
        runs = [one.flags if one.keyword == "RUN" else None for one in stage.instructions]
        assert all(one is None or one != other for one, other in pairwise(runs))


def test_only_the_module_is_tested() -> None:
    assert commands(stages("java-spring", module="api")["test"]) == [
        "./mvnw --batch-mode --projects api --also-make verify"
    ]
    assert commands(stages("java-gradle", module="apps/api")["test"]) == ["./gradlew --no-daemon :apps:api:test"]


def test_an_image_of_workers_starts_what_the_build_names() -> None:
    def make(environment: str) -> Resolved:
        facts = {"main": "", "manager": "", "test": "", **CASES["node-npm"]}
        return replace(samples.web(environment), server=None, build=build(**facts))

    final = docker.lower(from_resolved(make)).artifact.dockerfile.stages[-1]
    assert final.last("ENTRYPOINT").args == ("node", "dist/main.js")


def test_aspnet_listens_for_others_in_every_stage_that_starts_it() -> None:
    found = stages("dotnet")
    for name in ("dev", "final"):
        pairs = [pair for one in found[name].instructions if one.keyword == "ENV" for pair in one.pairs]
        assert "ASPNETCORE_HTTP_PORTS" in dict(pairs)


@pytest.mark.parametrize("main", ["next", ".output/server/index.mjs"])
def test_a_server_of_a_framework_listens_where_the_spec_says(main: str) -> None:
    found = stages("node-npm", main=main)
    pairs = dict(pair for one in found["final"].instructions if one.keyword == "ENV" for pair in one.pairs)
    exposed = next(one.args[0] for one in found["final"].instructions if one.keyword == "EXPOSE")
    assert pairs["PORT"] == exposed


def test_dotnet_finds_packages_that_another_builder_has_restored() -> None:
    """A layer may come from the cache of a registry; what is mounted never does. All restore alike: what packages there
    are may depend on the configuration, and the lock file knows one of them."""
    found = stages("dotnet", secrets=("nuget_token",))
    wanted = "dotnet restore src/Cart.csproj --locked-mode"
    (first,) = [one for one in found["deps"].instructions if one.shell == wanted]
    for name in ("dev", "build"):
        (publish,) = [one for one in found[name].instructions if "publish" in one.shell]
        assert publish.shell.startswith(f"{wanted} && dotnet publish src/Cart.csproj --no-restore ")
        assert publish.flags == first.flags
        assert ("mount", "type=secret,id=nuget_token,env=NUGET_TOKEN") in publish.flags


@pytest.mark.parametrize(
    ("main", "example"),
    [("Cart.sln", "Cart.csproj"), ("src/Cart.slnx", "Cart.csproj"), ("src/Cart", "src/Cart/Cart.csproj")],
)
def test_a_solution_or_folder_of_dotnet_is_answered_with_a_project(main: str, example: str) -> None:
    (problem,) = docker.lower(service("dotnet", main=main)).problems
    assert problem.help == f"write the project, such as {example}"


@pytest.mark.parametrize(
    ("main", "started"),
    [
        ("rails server -p 3000", ("bundle", "exec", "rails", "server", "-p", "3000")),
        ("puma", ("bundle", "exec", "puma")),
        ("bundle exec puma -p 80", ("bundle", "exec", "puma", "-p", "80")),
        ("bin/rails server", ("bin/rails", "server")),
        ("ruby app.rb", ("ruby", "app.rb")),
    ],
)
def test_programs_of_gems_are_started_by_bundler(main: str, started: tuple[str, ...]) -> None:
    entry = stages("rails", main=main)["final"].last("ENTRYPOINT")
    assert entry is not None
    assert entry.args == started


def test_php_does_not_show_its_errors() -> None:
    found = stages("php")
    (settings,) = [text for text in commands(found["final"]) if "php.ini-production" in text]
    assert '\'variables_order = "EGPCS"\' > "$PHP_INI_DIR/conf.d/' in settings


@pytest.mark.parametrize(
    "case", ["dotnet", "go", "java-spring", "node-npm", "php", "python-uv", "python-pip", "ruby", "rust"]
)
def test_what_the_process_needs_is_where_it_is_started_and_tested(case: str) -> None:
    found = stages(case, packages=("imagemagick", "tzdata"), test="make test")
    for name in ("dev", "test", "final"):
        told = chain(found, name)
        assert told.count("imagemagick") == told.count("tzdata") == 1, name


@pytest.mark.parametrize(
    ("case", "version", "packages", "base"),
    [
        ("go", "1.27", ("ca-certificates", "tzdata"), "gcr.io/distroless/static-debian13"),
        ("rust", "1.98", ("tzdata",), "gcr.io/distroless/cc-debian12"),
        ("node-npm", "24", ("ca-certificates", "tzdata"), "gcr.io/distroless/nodejs24-debian12"),
        ("dotnet", "10", ("ca-certificates",), "noble-chiseled@"),
        ("dotnet", "10", ("tzdata",), "noble-chiseled-extra@"),
        ("dotnet", "10", ("libicu74", "tzdata"), "noble-chiseled-extra@"),
    ],
)
def test_packages_that_the_smallest_image_has_cost_it_nothing(
    case: str, version: str, packages: tuple[str, ...], base: str
) -> None:
    found = stages(case, version=version, packages=packages)
    assert base in found["final"].base
    assert "apt-get" not in chain(found, "final")


def test_where_no_small_image_has_a_package_the_large_one_gets_it() -> None:
    final = stages("dotnet", version="9", packages=("tzdata",))["final"]
    assert "chiseled" not in final.base
    assert any("tzdata" in text for text in commands(final))
