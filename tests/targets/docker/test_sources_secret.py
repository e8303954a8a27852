"""Settings with a credential in them: the build goes without, or it is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from docker_sources import compiled_sources

from svc.pipeline import Compiled

YARN = "language: node, version: '24', main: dist/main.js"
DOTNET = "language: dotnet, version: '10', main: src/Cart/Cart.csproj"
JAVA = "language: java, version: '21', main: spring-boot"
PYTHON = "language: python, version: '3.14', main: 'shop:app'"
FILES = {
    YARN: {"package.json": "{}", "yarn.lock": "__metadata:\n"},
    DOTNET: {"Cart.sln": "", "src/Cart/Cart.csproj": "<Project/>"},
    JAVA: {"pom.xml": "<project/>"},
    PYTHON: {"pyproject.toml": "", "uv.lock": ""},
    "language: php, version: '8.4'": {"composer.json": "{}"},
}


def compiled(folder: Path, build: str, files: dict[str, str]) -> Compiled:
    made = compiled_sources(folder, {**FILES[build.partition(", secrets")[0]], **files}, f"build: {{{build}}}\n")
    assert not made.failed
    return made


def said(made: Compiled) -> list[str]:
    return [f"{one.message} {one.help}" for one in made.diagnostics if one.id == "settings-with-credential"]


def text(made: Compiled, name: str) -> str:
    return next(one.text for one in made.outputs if one.path.rpartition("/")[2] == name)


@pytest.mark.parametrize(
    ("build", "name", "content", "key", "advice"),
    [
        (YARN, ".yarnrc.yml", "nodeLinker: node-modules\nnpmAuthToken: abc123\n", "`npmAuthToken` in", "`${REGISTRY_TOKEN}`"),
        (YARN, ".yarnrc.yml", 'a:\n  npmAuthIdent: "bob:s3cret"\n', "`npmAuthIdent` in", "secrets: [registry_token]"),
        (YARN, ".yarnrc.yml", "\nnpmRegistryServer: https://bob:s3cret@npm.acme.com\n", "", "`${REGISTRY_TOKEN}`"),
        (YARN, ".yarnrc.yml", 'a:\n  npmAuthToken: "${A:-' + "a" * 36 + '}"\n', "`npmAuthToken` in", "registry_token"),
        (JAVA, "settings.xml", "<!-- a\n-->\n<password>s3cret</password>", "`password` in", "`${env.REGISTRY_TOKEN}`"),
        (DOTNET, "nuget.config", '\n<add key="ClearTextPassword" value="s3cret" />', "`ClearTextPassword` in", "`%REGISTRY_TOKEN%`"),
        (DOTNET, "src/Cart/NuGet.Config", '\n<add key="Password" value="s3cret" />', "`Password` in", "`%REGISTRY_TOKEN%`"),
        (JAVA, "settings.xml", "\n<server><password>s3cret</password></server>", "`password` in", "`${env.REGISTRY_TOKEN}`"),
        (JAVA, ".mvn/settings.xml", "\n<password>s3cret</password>", "`password` in", "`${env.REGISTRY_TOKEN}`"),
        (PYTHON, "pip.conf", "[global]\nindex-url = https://bob:s3cret@pypi.acme.com/simple\n", "", "pip_index_url"),
        (PYTHON, "pip.conf", "[global]\nindex-url = https://x:${T}@a/\nextra-index-url = https://__token__:pypi-" + "a" * 30 + "@b/\n", "", ""),
    ],
)  # fmt: skip
def test_settings_with_a_credential_stay_outside(
    tmp_path: Path, build: str, name: str, content: str, key: str, advice: str
) -> None:
    made = compiled(tmp_path, build, {name: content})
    (found,) = said(made)
    assert found.startswith(f"{key} {name}, line ".lstrip())
    assert "so the build goes without the file" in found
    assert advice in found
    assert text(made, ".dockerignore").splitlines()[-2:] == ["# With a credential", name]
    assert name not in text(made, "Dockerfile")


def test_a_secret_of_the_spec_is_the_one_to_write(tmp_path: Path) -> None:
    (found,) = said(compiled(tmp_path, f"{YARN}, secrets: [npm_token]", {".yarnrc.yml": "npmAuthToken: abc\n"}))
    assert "`${NPM_TOKEN}`" in found
    assert "secrets: [" not in found


@pytest.mark.parametrize(
    ("build", "name", "content"),
    [
        (YARN, ".yarnrc.yml", 'npmAuthToken: "${NPM_TOKEN:-}"\n# npmAuthToken: abc\nenableTelemetry: false\n'),
        (YARN, ".yarnrc.yml", "npmAuthToken: ${NPM_TOKEN}\nnpmRegistryServer: https://npm.acme.com\n"),
        (YARN, ".yarnrc.yml", 'npmAuthToken: "${NPM_AUTH_TOKEN:-none}"\n'),
        (YARN, ".yarnrc.yml", 'npmAuthToken: "${NPM_AUTH_TOKEN-fallback}"\n'),
        (YARN, ".yarnrc.yml", 'npmAuthIdent: "${NPM_USER}:${NPM_PASSWORD}"\n'),
        (YARN, ".yarnrc.yml", 'npmAuthIdent: "ci:${NPM_PASSWORD}"\n'),
        (JAVA, "settings.xml", "<privateKey>${user.home}/.ssh/id_dsa</privateKey><passphrase>${env.P}</passphrase>"),
        (JAVA, "settings.xml", "<!-- <server>\n<password>s3cret</password>\n</server> -->"),
        (JAVA, "pom.xml", "<project><flyway.url>jdbc:postgresql://shop:shop@localhost/shop</flyway.url></project>"),
        (PYTHON, "pyproject.toml", '[tool.pytest_env]\nURL = "postgresql://postgres:postgres@localhost:5432/test"\n'),
        (PYTHON, "pyproject.toml", '[tool.pytest_env]\nURL = "postgresql://postgres:postgres@db:5432/test"\n'),
        (PYTHON, "pyproject.toml", '[tool.x]\nproxy = "http://a:b@127.0.0.1:3128"\n'),
        (JAVA, "gradle.properties", "signing.secretKeyRingFile=/a\nmaxTokens=3\nGITHUB_TOKEN=\n"),
        (DOTNET, "nuget.config", '<add key="ClearTextPassword" value="%NUGET_TOKEN%" /><add key="a" value="https://a/" />'),
        (JAVA, "settings.xml", "<password>${env.MAVEN_PASSWORD}</password><password></password>"),
        (JAVA, "settings.xml", "<password>{COQLCE6DU6GtcS5P=aaaaaaaaaaaaaaaa}</password>"),
        (JAVA, "gradle.properties", "systemProp.javax.net.ssl.trustStorePassword=changeit\norg.gradle.jvmargs=-Xmx1g\nversion=1\n"),
        (PYTHON, "pip.conf", "[global]\nindex-url = https://pypi.org/simple\n"),
        (PYTHON, "requirements.txt", "--extra-index-url https://${USER}:${PASSWORD}@pypi.acme.com/\na @ git+ssh://git@github.com/a/b\n"),
    ],
)  # fmt: skip
def test_settings_without_one_are_let_in(tmp_path: Path, build: str, name: str, content: str) -> None:
    made = compiled(tmp_path, build, {name: content})
    assert said(made) == []
    assert "# With a credential" not in text(made, ".dockerignore")


@pytest.mark.parametrize(
    ("build", "name", "content", "advice"),
    [
        (JAVA, "gradle.properties", "# x\nnexusPassword=s3cret\n", 'System.getenv("REGISTRY_TOKEN")'),
        (JAVA, "gradle.properties", "SONATYPE_PASSWORD=s3cret\n", 'System.getenv("REGISTRY_TOKEN")'),
        (JAVA, "gradle.properties", "a=b\nGITHUB_TOKEN=s3cret\n", 'System.getenv("REGISTRY_TOKEN")'),
        (JAVA, "gradle.properties", "mavenApiSecretKey=s3cret\n", 'System.getenv("REGISTRY_TOKEN")'),
        (PYTHON, "pyproject.toml", 'url = "postgresql://bob:s3cret@db.acme.com/a"\n', "reads them from a variable"),
        (PYTHON, "requirements.txt", "a @ git+https://bob:s3cret@github.com/a/b\n", "pip_index_url"),
        (PYTHON, "requirements.txt", "--extra-index-url https://bob:s3cret@pypi.acme.com/\n", "pip_index_url"),
        (PYTHON, "uv.toml", '[[index]]\nurl = "https://bob:s3cret@pypi.acme.com/"\n', "uv_index_name_password"),
        ("language: php, version: '8.4'", "composer.json", '{"url": "https://bob:s3cret@packagist.com"}', "build secret"),
    ],
)  # fmt: skip
def test_what_no_build_goes_without_is_said(tmp_path: Path, build: str, name: str, content: str, advice: str) -> None:
    made = compiled(tmp_path, build, {name: content})
    (found,) = said(made)
    assert "which the layers of the build would have" in found
    assert advice in found
    assert "s3cret" not in found
    assert "# With a credential" not in text(made, ".dockerignore")


def test_files_that_hold_nothing_else_are_always_outside(tmp_path: Path) -> None:
    lines = text(compiled(tmp_path, "language: php, version: '8.4'", {}), ".dockerignore").splitlines()
    assert {"**/.pypirc", "**/.git-credentials", "**/.netrc", "**/.docker/config.json", "auth.json"} <= set(lines)
