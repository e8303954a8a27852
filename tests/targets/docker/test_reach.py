"""A step of a build has what its package manager reads: files of the sources, secrets, and no cache that must be full."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docker_cases import service
from docker_sources import dockerfile_of

from svc.targets.docker import target as docker

NPM = "build: {language: node, version: '24', manager: npm, main: dist/main.js}\n"
PNPM = NPM.replace("npm", "pnpm")
PIP = "build: {language: python, version: '3.14', manager: pip, main: app.py}\n"
UV = PIP.replace("pip", "uv")
POETRY = PIP.replace("pip", "poetry")
GO = "build: {language: go, version: '1.27', main: ./api}\n"
GRADLE = "build: {language: java, version: '25', manager: gradle, main: com.acme.Main}\n"
LOCKED = "flask==3.1.2 --hash=sha256:00\n"


def bound(text: str) -> set[str]:
    return {part.partition(",")[0] for part in text.split("type=bind,source=")[1:]}


# --- Python ------------------------------------------------------------------------------------------------------


def test_pip_has_the_files_that_requirements_include(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "-r requirements/base.txt\n--constraint=limits.txt\n" + LOCKED,
        "requirements/base.txt": "# all\n-r more.txt\n",
        "requirements/more.txt": LOCKED,
        "limits.txt": "flask<4\n",
    }
    assert bound(dockerfile_of(tmp_path, PIP, files)) == set(files)


def test_uv_has_members_and_packages_in_other_folders(tmp_path: Path) -> None:
    root = '[tool.uv.workspace]\nmembers = ["packages/*"]\n[tool.uv.sources]\nbus = {path = "lib/bus"}\n'
    files = {"uv.lock": "", "pyproject.toml": root, "packages/api/pyproject.toml": "", "lib/bus/pyproject.toml": ""}
    found = dockerfile_of(tmp_path, UV, files)
    assert bound(found) == set(files)
    assert "uv sync --locked --no-dev --all-packages --no-install-local\n" in found
    assert "uv sync --locked --no-dev --all-packages --no-editable\n" in found


def test_one_project_of_uv_is_installed_as_before(tmp_path: Path) -> None:
    found = dockerfile_of(tmp_path, UV, {"uv.lock": "", "pyproject.toml": ""})
    assert "uv sync --locked --no-dev --no-install-project\n" in found


BACKEND = '[build-system]\nrequires = ["hatchling"]\n'
PROJECT = '[project]\nname = "Acme-Shop"\n'


@pytest.mark.parametrize(
    ("build", "files", "installed"),
    [
        (PIP, {"requirements.txt": "", "pyproject.toml": BACKEND + PROJECT}, True),
        (PIP, {"requirements.txt": "", "setup.py": ""}, True),
        (PIP, {"requirements.txt": "", "pyproject.toml": PROJECT}, False),
        (PIP, {"requirements.txt": "", "pyproject.toml": "[tool.ruff]\n"}, False),
        (POETRY, {"poetry.lock": "", "pyproject.toml": PROJECT, "acme_shop/a.py": ""}, True),
        (POETRY, {"poetry.lock": "", "pyproject.toml": PROJECT, "src/acme_shop/a.py": ""}, True),
        (POETRY, {"poetry.lock": "", "pyproject.toml": '[tool.poetry]\nname = "shop"\n', "shop.py": ""}, True),
        (POETRY, {"poetry.lock": "", "pyproject.toml": PROJECT + '[tool.poetry]\npackages = [{include = "a"}]'}, True),
        (POETRY, {"poetry.lock": "", "pyproject.toml": PROJECT}, False),
        (
            POETRY,
            {"poetry.lock": "", "pyproject.toml": PROJECT + "[tool.poetry]\npackage-mode = false", "acme_shop/a": ""},
            False,
        ),
    ],
)
def test_a_project_that_is_a_package_is_installed(
    tmp_path: Path, build: str, files: dict[str, str], installed: bool
) -> None:
    """Its scripts are there then, and what it asks of its own metadata; also in the stage for development."""
    parts = re.split(r"^FROM .* AS (\w+)\n", dockerfile_of(tmp_path, build, files), flags=re.M)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    made = "pip install --no-deps ." if "pip" in build else "poetry install --only main --compile"
    developed = "pip install --no-deps --editable ." if "pip" in build else "poetry install\n"
    assert (found["build"].count(made), found["dev"].count(developed)) == ((1, 1) if installed else (0, 0))


def test_poetry_installs_folders_once_they_are_there(tmp_path: Path) -> None:
    root = '[tool.poetry.group.main.dependencies]\nbus = {path = "lib/bus", develop = true}\n'
    files = {"poetry.lock": "", "pyproject.toml": root, "lib/bus/pyproject.toml": ""}
    found = dockerfile_of(tmp_path, POETRY, files)
    assert "lib/bus/pyproject.toml" in bound(found)
    steps = [line.strip() for line in found.splitlines() if "poetry install --only main" in line]
    assert [step[step.index("poetry") :] for step in steps] == [
        "poetry install --only main --no-root --no-directory --compile",
        "poetry install --only main --no-root --compile",
    ]


# --- Go ----------------------------------------------------------------------------------------------------------


def test_modules_of_a_workspace_and_those_that_stand_in_for_others(tmp_path: Path) -> None:
    files = {
        "go.work": "go 1.27\n\nuse (\n\t./api // the server\n\t./lib\n)\n",
        "api/go.mod": "module acme.dev/api\n\nreplace acme.dev/log => ../log\n",
        "api/go.sum": "",
        "lib/go.mod": "module acme.dev/lib\n",
        "log/go.mod": "module acme.dev/log\n",
    }
    found = dockerfile_of(tmp_path, GO, files)
    assert bound(found) == set(files)
    assert "go test ./api/... ./lib/..." in found


def test_one_module_with_another_beside_it(tmp_path: Path) -> None:
    files = {"go.mod": "module acme.dev/shop\n\nreplace (\n\tacme.dev/log v1.0.0 => ./log\n)\n", "log/go.mod": ""}
    found = dockerfile_of(tmp_path, GO, files)
    assert bound(found) == set(files)
    assert "RUN go test ./...\n" in found or "go test ./...\n" in found


def test_modules_among_the_sources_are_not_downloaded(tmp_path: Path) -> None:
    found = dockerfile_of(tmp_path, GO, {"go.mod": "module a", "go.sum": "", "vendor/modules.txt": ""})
    assert "go mod download" not in found


def test_modules_of_ones_own_are_asked_of_git(tmp_path: Path) -> None:
    private = GO.replace("}", ", args: {GOPRIVATE: github.com/acme}}")
    assert "golang:1.27.2@" in dockerfile_of(tmp_path, private, {"go.mod": "module a"})
    assert "alpine" in dockerfile_of(tmp_path, GO, {"go.mod": "module a"})


# --- Node --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["prisma generate", "patch-package", "tsc --build", "husky && nuxt prepare"])
def test_a_script_of_the_installation_has_the_sources(tmp_path: Path, script: str) -> None:
    package = f'{{"scripts": {{"postinstall": "{script}", "build": "tsc"}}}}'
    found = dockerfile_of(tmp_path, NPM, {"package.json": package, "package-lock.json": ""})
    assert found.index("COPY . .") < found.index("npm ci")
    assert found.count("COPY . .") == 1


def test_a_script_of_a_member_has_them_too(tmp_path: Path) -> None:
    files = {
        "package.json": '{"workspaces": ["packages/*"]}',
        "packages/db/package.json": '{"scripts": {"prepare": "prisma generate"}}',
        "package-lock.json": "",
    }
    found = dockerfile_of(tmp_path, NPM, files)
    assert found.index("COPY . .") < found.index("npm ci")


@pytest.mark.parametrize(
    "script", ["husky", "husky install", "husky || true", "is-ci || husky install", "npx only-allow pnpm"]
)
def test_hooks_of_git_cost_no_cache(tmp_path: Path, script: str) -> None:
    package = f'{{"scripts": {{"prepare": "{script}"}}}}'
    found = dockerfile_of(tmp_path, NPM, {"package.json": package, "package-lock.json": ""})
    assert found.index("npm ci") < found.index("COPY . .")


def test_patches_are_there_when_packages_are_installed(tmp_path: Path) -> None:
    settings = "packages:\n  - packages/*\npatchedDependencies:\n  is-odd@3.0.1: patches/is-odd@3.0.1.patch\n"
    files = {
        "package.json": "{}",
        "pnpm-lock.yaml": "",
        "pnpm-workspace.yaml": settings,
        "patches/is-odd@3.0.1.patch": "",
    }
    assert "patches/is-odd@3.0.1.patch" in bound(dockerfile_of(tmp_path, PNPM, files))


def test_what_takes_packages_out_runs_no_script_that_needs_them(tmp_path: Path) -> None:
    found = dockerfile_of(tmp_path, PNPM, {"package.json": "{}", "pnpm-lock.yaml": ""})
    assert "pnpm prune --prod --ignore-scripts" in found


# --- Gradle ------------------------------------------------------------------------------------------------------


def test_builds_that_plugins_come_from_are_there_before_anything_is_resolved(tmp_path: Path) -> None:
    files = {
        "settings.gradle.kts": 'pluginManagement {\n    includeBuild("build-logic")\n}\ninclude("api")\n',
        "build-logic/build.gradle.kts": "",
        "buildSrc/build.gradle.kts": "",
        "api/build.gradle.kts": "",
    }
    before = dockerfile_of(tmp_path, GRADLE, files).partition("RUN ")[0]
    assert "COPY build-logic/ build-logic/" in before
    assert "COPY buildSrc/ buildSrc/" in before


# --- secrets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "command"),
    [
        ("go", "go build"),
        ("go", "go test"),
        ("rust", "cargo build"),
        ("rust", "cargo test"),
        ("dotnet", "dotnet publish"),
        ("dotnet", "dotnet test"),
        ("java-spring", "./mvnw"),
        ("kotlin-gradle", "./gradlew"),
        ("node-npm", "npm prune"),
        ("node-pnpm", "pnpm prune"),
        ("node-yarn", "yarn"),
    ],
)
def test_a_step_that_may_download_has_the_secrets(case: str, command: str) -> None:
    file = docker.lower(service(case, secrets=("token",), test="")).artifact.dockerfile
    steps = [one for one in file.instructions if one.keyword == "RUN" and command in one.shell]
    assert steps
    assert all("type=secret,id=token,env=TOKEN" in one.flag_values("mount") for one in steps)


# --- what a package of Node starts -------------------------------------------------------------------------------


@pytest.mark.parametrize("main", ["react-router-serve ./build/server/index.js", "next start", "nest start"])
def test_a_program_of_a_package_is_found_and_can_run(main: str) -> None:
    file = docker.lower(service("node-npm", main=main)).artifact.dockerfile
    base, final = file.stage("base"), file.stages[-1]
    assert final.base == "base"
    assert 'PATH="/app/node_modules/.bin:${PATH}"' in [one.args[0] for one in base.instructions if one.keyword == "ENV"]


@pytest.mark.parametrize("main", ["dist/main.js", "node --enable-source-maps dist/main.js"])
def test_node_alone_needs_no_more_than_itself(main: str) -> None:
    file = docker.lower(service("node-npm", main=main)).artifact.dockerfile
    assert "distroless" in file.stages[-1].base
    assert not any("node_modules/.bin" in one.text for stage in file.stages for one in stage.instructions)


# --- what stays outside ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "line"),
    [
        ("php", "vendor/"),  # resources/views/vendor is what Laravel publishes
        ("ruby", "log/*"),  # app/models/log is a folder of models
        ("rust", "!**/src/**/target"),  # a module that is called so
        ("java-spring", "!**/src/*/java/**/build"),
        ("kotlin-gradle", "!**/src/*/kotlin/**/target"),
        ("node-npm", "**/*.tsbuildinfo"),  # what makes tsc think that its output is there
        ("node-yarn", "**/.pnp.*"),
    ],
)
def test_sources_are_let_in_whatever_their_folder_is_called(case: str, line: str) -> None:
    text = docker.lower(service(case)).artifact.ignore.lines
    assert line in text
    assert not {"**/vendor", "**/log/*", "**/tmp/*"} & set(text)
