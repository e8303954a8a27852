"""Scripts and styles beside PHP and Ruby are built with Node, and what frameworks of these need beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from docker_sources import compiled, dockerfile_of, outputs

PHP = "build: {language: php, version: '8.4'}\n"
RUBY = "build: {language: ruby, version: '3.4'}\n"
RAILS = {"Gemfile": "", "Gemfile.lock": "", "Rakefile": "", "config.ru": "", "app/a.rb": "", "bin/rails": ""}
LOCKS = [
    ("package-lock.json", "", "npm ci"),
    ("pnpm-lock.yaml", "", "pnpm install"),
    ("yarn.lock", "", "yarn install --immutable"),
]
LOCKS += [("yarn.lock", "# yarn lockfile v1\n", "yarn install --frozen-lockfile")]


@pytest.mark.parametrize(("lock", "text", "command"), LOCKS)
def test_rails_compiles_its_assets_with_node(tmp_path: Path, lock: str, text: str, command: str) -> None:
    files = {**RAILS, "package.json": '{"scripts": {"build": "esbuild"}}', lock: text}
    found = outputs(tmp_path, RUBY, files)
    made, _, final = found["Dockerfile"].partition("AS final")
    assert made.index("/usr/local/bin/node") < made.index(command) < made.index("rake assets:precompile")
    assert made.index("rake assets:precompile") < made.index("rm -rf node_modules")
    assert "[ -d app/javascript ]" in made
    assert "node" not in final
    assert "**/node_modules" in found[".dockerignore"].splitlines()


@pytest.mark.parametrize("prepare", ["", "bin/rails assets:precompile"])
def test_what_the_assets_are_made_of_is_taken_away_in_their_layer(tmp_path: Path, prepare: str) -> None:
    files = {**RAILS, "package.json": '{"scripts": {"build": "esbuild"}}', "package-lock.json": ""}
    own = f", prepare: '{prepare}'}}" if prepare else "}"
    found = dockerfile_of(tmp_path, RUBY.replace("}", own), files)
    steps = found.partition("AS build")[2].partition("\nFROM")[0].split("\nRUN ")
    assert [one for one in steps if "rm -rf node_modules" in one] == [
        one for one in steps if "assets:precompile" in one
    ]


@pytest.mark.parametrize(
    "files", [RAILS, {"Gemfile": "", "Gemfile.lock": "", "package.json": "{}", "package-lock.json": ""}]
)
def test_ruby_without_assets_of_node_has_none(tmp_path: Path, files: dict[str, str]) -> None:
    assert "node" not in dockerfile_of(tmp_path, RUBY, files)


@pytest.mark.parametrize(
    ("build", "package", "more", "said"),
    [
        (RUBY, '{"scripts": {"build:css": "sass"}}', (), True),
        (RUBY, '{"devDependencies": {"vite": "8"}}', ("vite.config.ts",), True),
        (RUBY, '{"scripts": {"lint": "eslint ."}, "devDependencies": {"eslint": "9"}}', (), False),
        *(
            (RUBY.replace("}", f", build_packages: [{one}]}}"), '{"scripts": {"build": "esbuild"}}', (), False)
            for one in ("nodejs", "npm", "yarnpkg")
        ),
    ],
)
def test_a_lock_file_is_missed_where_assets_are_bundled(
    tmp_path: Path, build: str, package: str, more: tuple[str, ...], said: bool
) -> None:
    outputs(tmp_path, build, {**RAILS, "app/assets/a.css": "", "package.json": package, **dict.fromkeys(more, "")})
    assert any(one.id == "ruby-assets-need-node" for one in compiled(tmp_path).diagnostics) is said


@pytest.mark.parametrize(("lock", "text", "command"), LOCKS)
@pytest.mark.parametrize("script", ["build", "production"])
def test_php_builds_scripts_and_styles(tmp_path: Path, lock: str, text: str, command: str, script: str) -> None:
    package = f'{{"scripts": {{"{script}": "vite build", "dev": "vite"}}}}'
    found = outputs(tmp_path, PHP, {"composer.json": "{}", "composer.lock": "", "package.json": package, lock: text})
    assets = found["Dockerfile"].partition("AS assets")[2].partition("FROM ")[0]
    assert assets.index(command) < assets.index(f" run {script}\n")
    assert "**/node_modules" in found[".dockerignore"].splitlines()


def test_php_with_tools_of_node_alone_builds_nothing(tmp_path: Path) -> None:
    files = {"composer.json": "{}", "composer.lock": "", "package.json": "{}", "package-lock.json": ""}
    assert "AS assets" not in dockerfile_of(tmp_path, PHP, files)


def test_symfony_starts_without_the_file_of_variables(tmp_path: Path) -> None:
    found = dockerfile_of(tmp_path, PHP, {"composer.json": "{}", "composer.lock": "", "symfony.lock": "{}"})
    build, _, rest = found.partition("AS build")[2].partition("FROM ")
    assert build.index("APP_ENV=prod") < build.index("touch .env")
    dev, _, final = rest.partition("AS final")
    assert "touch .env" in dev
    assert "APP_ENV" not in dev
    assert "APP_ENV=prod" in final
    assert "APP_ENV" not in dockerfile_of(tmp_path / "b", PHP, {"composer.json": "{}", "composer.lock": ""})
