"""Static sites that are made of their sources: an image, or an answer; their sources are served by none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from docker_sources import compiled_sources, dockerfile

from svc.pipeline import Compiled


def compiled(folder: Path, files: dict[str, str], build: str = "") -> Compiled:
    return compiled_sources(folder, files, f"build: {{language: static{build}}}\n", name="site")


def ids(made: Compiled) -> list[str]:
    return [one.id for one in made.diagnostics if not one.id.startswith("ci-")]


HUGO = {"hugo.toml": "", "content/a.md": ""}
JEKYLL = {"_config.yml": "", "Gemfile": "", "Gemfile.lock": "", "index.html": "---\n---\n"}
MKDOCS = {"mkdocs.yml": "", "docs/index.md": ""}


@pytest.mark.parametrize(
    ("files", "installed", "made", "folder"),
    [
        (HUGO, "'ca-certificates=*' 'hugo=*' &&", "hugo --gc --minify --destination public", "public"),
        ({"config.yaml": "", "content/a.md": "", "themes/a/b": ""}, "'hugo=*'", "hugo --gc", "public"),
        ({**HUGO, "go.mod": ""}, "'git=*' 'golang-go=*' 'hugo=*'", "hugo --gc", "public"),
        (JEKYLL, "target=Gemfile.lock bundle install", "bundle exec jekyll build --destination _site", "_site"),
        ({**MKDOCS, "uv.lock": "", "pyproject.toml": ""}, "uv sync --locked --all-groups", "mkdocs build --site-dir site", "site"),
        ({**MKDOCS, "poetry.lock": "", "pyproject.toml": ""}, "poetry install --no-root --all-groups", "mkdocs build", "site"),
        (
            {**MKDOCS, "requirements.txt": "-r docs.txt\n", "docs.txt": "a==1 --hash=sha256:aa\n"},
            "source=requirements.txt,target=requirements.txt --mount=type=bind,source=docs.txt",
            "mkdocs build",
            "site",
        ),
    ],
)  # fmt: skip
def test_a_site_is_made_by_its_generator(
    tmp_path: Path, files: dict[str, str], installed: str, made: str, folder: str
) -> None:
    found = compiled(tmp_path, files)
    assert ids(found) == []
    text = dockerfile(found)
    assert installed in text
    assert f"RUN {made}" in text
    assert text.count(f"COPY --from=build /src/{folder}/ /usr/share/nginx/html/") == 2
    lines = next(one.text for one in found.outputs if one.path.endswith(".dockerignore")).splitlines()
    assert f"{folder}/" in lines


def test_a_folder_of_ones_own_and_a_step_before(tmp_path: Path) -> None:
    text = dockerfile(compiled(tmp_path, HUGO, ", main: out, prepare: ./fetch.sh, build_packages: [curl]"))
    assert "'ca-certificates=*' 'curl=*' 'hugo=*'" in text
    assert text.index("RUN ./fetch.sh") < text.index("RUN hugo --gc --minify --destination out")


def test_what_a_generator_has_left_on_one_machine_changes_nothing(tmp_path: Path) -> None:
    first = dockerfile(compiled(tmp_path, HUGO, ", main: public"))
    (tmp_path / "public").mkdir()
    (tmp_path / "public/index.html").touch()
    assert dockerfile(compiled(tmp_path, HUGO, ", main: public")) == first


@pytest.mark.parametrize(
    ("files", "build"),
    [
        ({**HUGO, "index.html": ""}, ""),
        ({**MKDOCS, "www/index.html": ""}, ", main: www"),
        ({"book.toml": "", "book/index.html": ""}, ", main: book"),
        ({"book.toml": "", "book/index.html": "", ".gitignore": "*\n# book\n!/book/\n"}, ", main: book"),
        ({"book.toml": "", "book/index.html": "", ".gitignore": "books\nsrc/book\n"}, ", main: book"),
        ({"_config.yml": "theme: a\n", "index.html": "<p>"}, ", main: ."),
    ],
)
def test_a_site_that_is_there_is_served_as_it_is(tmp_path: Path, files: dict[str, str], build: str) -> None:
    made = compiled(tmp_path, files, build)
    assert ids(made) == []
    assert "--from=build" not in dockerfile(made)


@pytest.mark.parametrize(
    ("pattern", "main"),
    [("book", "book"), ("/book/", "book"), ("**/book", "book"), ("docs/book/*", "docs/book"), ("b*k/\n", "docs/book")],
)
def test_a_folder_that_git_ignores_is_on_this_machine_alone(tmp_path: Path, pattern: str, main: str) -> None:
    files = {"book.toml": "", ".gitignore": f"*.log\n{pattern}\n"}
    said = [compiled(tmp_path, one, f", main: {main}") for one in (files, {**files, f"{main}/index.html": ""})]
    first, second = ([(one.id, one.place.route, one.help) for one in made.diagnostics] for made in said)
    assert first == second
    ((_, route, help_),) = [one for one in first if one[0] == "docker-site-generator"]
    assert route == ("build", "main")
    assert help_.startswith(f"`{main}` is no folder of the sources: commit it")


def test_a_generator_leaves_no_site_among_its_sources(tmp_path: Path) -> None:
    made = compiled(tmp_path, JEKYLL, ", main: .")
    assert "RUN bundle exec jekyll build --destination _site" in dockerfile(made)
    lines = next(one.text for one in made.outputs if one.path.endswith(".dockerignore")).splitlines()
    assert "_site/" in lines
    assert "./" not in lines


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"book.toml": ""}, "book.toml is there, so mdBook"),
        ({"config.toml": "base_url = 'https://a'\n", "content/a.md": ""}, "config.toml is there, so Zola"),
        ({"conf.py": "", "index.rst": ""}, "Sphinx"),
        ({"config.rb": "", "Gemfile": "", "source/a.erb": ""}, "Middleman"),
    ],
)
def test_a_generator_that_no_image_has_is_said(tmp_path: Path, files: dict[str, str], name: str) -> None:
    made = compiled(tmp_path, files)
    assert made.failed
    (found,) = [one for one in made.diagnostics if one.id == "docker-site-generator"]
    assert name in found.message


@pytest.mark.parametrize(
    ("package", "folder"),
    [
        ("vite", "dist"),
        ("gatsby", "public"),
        ("hugo-extended", "public"),
        ("@11ty/eleventy", "_site"),
        ("@docusaurus/core", "build"),
        ("react-scripts", "build"),
    ],
)
def test_packages_of_node_leave_a_site_where_they_do(tmp_path: Path, package: str, folder: str) -> None:
    data = {"scripts": {"build": "x"}, "devDependencies": {package: "1"}}
    files = {"package.json": json.dumps(data), "package-lock.json": "", "hugo.toml": ""}
    assert f"COPY --from=build /src/{folder}/ " in dockerfile(compiled(tmp_path, files))


def test_a_version_of_node_has_no_effect_on_a_generator(tmp_path: Path) -> None:
    assert ids(compiled(tmp_path, HUGO, ", version: '0.150'")) == ["build-key-unused"]


def test_requirements_of_a_site_need_hashes(tmp_path: Path) -> None:
    assert ids(compiled(tmp_path, {**MKDOCS, "requirements.txt": "mkdocs\n"})) == ["pip-without-hash"]


def packages(*names: str, key: str = "dependencies") -> str:
    return json.dumps({"scripts": {"build": "vite build"}, key: dict.fromkeys(names, "1")})


LOCKED = {"package-lock.json": ""}


@pytest.mark.parametrize(
    ("files", "build", "routed"),
    [
        ({"package.json": packages("react", "react-router-dom")}, "", True),
        ({"package.json": packages("vue", "vue-router", key="devDependencies")}, ", main: dist", True),
        ({"package.json": packages("react")}, "", False),
        ({"package.json": packages("react-router", "astro")}, "", False),
        ({"package.json": packages("wouter"), "web/package.json": packages("react")}, ", main: web/dist", False),
        ({"package.json": packages(), "apps/web/package.json": packages("wouter")}, ", main: apps/web/dist", True),
        ({"package.json": packages(), "apps/web/package.json": packages("wouter")}, ", main: dist", False),
    ],
)
def test_paths_of_a_page_with_routes_are_answered_by_the_page(
    tmp_path: Path, files: dict[str, str], build: str, routed: bool
) -> None:
    """In the stage for development, too; a page of each file answers for what is not there."""
    made = compiled(tmp_path, {**files, **LOCKED}, build)
    assert ids(made) == []
    stages = re.split(r"^FROM ", dockerfile(made), flags=re.M)
    (server,) = [one for one in stages if one.partition("\n")[0].endswith(" AS server")]
    assert ("try_files $uri $uri/ /index.html;" in server) is routed
    assert sum("try_files" in one for one in stages) == routed
