"""What lies beside the spec decides what a build can reach: settings, manifests, and what must stay outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docker_sources import compiled, outputs

NODE = "build: {language: node, version: '24', manager: pnpm, main: dist/main.js}\n"
DOTNET = "build: {language: dotnet, version: '10', main: src/Cart/Cart.csproj}\n"
VARIABLE = "@acme:registry=https://npm.pkg.github.com\n//npm.pkg.github.com/:_authToken=${NODE_AUTH_TOKEN}\n"


@pytest.mark.parametrize(
    "text",
    [
        "node-linker=hoisted\n",
        VARIABLE,
        "# _authToken=x\n",
        "; registry=https://bob:s3cret@npm.acme.com/\n",
        "//r/:_authToken='${T}'\n",
        "//r/:_authToken=${T:-} # of the workflow\n",
        "_auth = ${USER}:${PASSWORD}\n",
        "registry=https://bob:${NPM_PASSWORD}@npm.acme.com/\n",
        "@acme:registry=https://npm.acme.com:8443/@acme/\nalways-auth=true\n",
        "//r/:certfile=cert.pem\n//r/:keyfile=key.pem\ncafile=ca.pem\n",
        "//r/:username=ci\n//r/:email=ci@acme.com\n//r/:_password=${P}\n",
        "//r/:tokenHelper=/usr/local/bin/token\n",
        "git-tag-version=false\nrepository=git+ssh://git@github.com/acme/shop.git\n",
    ],
)
def test_settings_of_npm_are_let_into_a_build_that_reads_them(tmp_path: Path, text: str) -> None:
    found = outputs(tmp_path, NODE, {"package.json": "{}", "pnpm-lock.yaml": "", ".npmrc": text})
    assert "type=bind,source=.npmrc,target=.npmrc" in found["Dockerfile"]
    assert found[".dockerignore"].splitlines()[-1] == "!.npmrc"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("//registry.npmjs.org/:_authToken=c2VjcmV0", "`_authToken` "),
        ("_auth = c2VjcmV0", "`_auth` "),
        ('"//r/:_password" = "c2VjcmV0"', "`_password` "),
        ("registry=https://bob:s3cret@npm.acme.com/", "`registry` "),
        ("registry=https://c2VjcmV0@npm.fury.io/acme/", "`registry` "),
        ("//bob:s3cret@npm.acme.com/:always-auth=true", "`always-auth` "),
        ("proxy=http://bob:hunter2@proxy:3128", "`proxy` "),
        ("https-proxy = http://${USER}:hunter2@proxy:3128", "`https-proxy` "),
        ('//npm.acme.com/:key="-----BEGIN PRIVATE KEY-----\\nMII"', "`key` "),
        ("cert[]=-----BEGIN CERTIFICATE-----", "`cert` "),
        ("NODE_AUTH_TOKEN=c2VjcmV0", "`NODE_AUTH_TOKEN` "),
        ("@acme:registry=https://npm.acme.com/?a=npm_" + "x1" * 18, "`registry` "),
        ("https://bob:s3cret@npm.acme.com/", ""),
    ],
)
def test_settings_of_npm_with_a_credential_stay_outside(tmp_path: Path, line: str, name: str) -> None:
    files = {"package.json": "{}", "pnpm-lock.yaml": "", ".npmrc": f"a=b\n{line}\n"}
    found = outputs(tmp_path, NODE, files)
    assert ".npmrc" not in found["Dockerfile"]
    assert "!.npmrc" not in found[".dockerignore"]
    (said,) = [one for one in compiled(tmp_path).diagnostics if one.id == "npmrc-with-credential"]
    assert said.message.startswith(f"{name}in .npmrc, line 2, is a credential")
    assert "secrets: [npm_token]" in said.help


def test_settings_of_npm_that_cannot_be_looked_through_stay_outside(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").write_bytes(b"//r/:_authToken=\xff\n")
    found = outputs(tmp_path, NODE, {"package.json": "{}", "pnpm-lock.yaml": ""})
    assert "!.npmrc" not in found[".dockerignore"]


@pytest.mark.parametrize(
    ("build", "files", "last"),
    [
        (NODE.replace("pnpm", "npm"), {"package-lock.json": ""}, "npm prune --omit=dev && rm -f .npmrc"),
        (NODE, {"pnpm-lock.yaml": ""}, "CI=true pnpm prune --prod --ignore-scripts && rm -f .npmrc"),
        (
            "build: {language: php, version: '8.4'}\n",
            {"composer.json": "{}", "package-lock.json": ""},
            "&& rm -f .npmrc",
        ),
        ("build: {language: ruby, version: '3.4'}\n", {"Gemfile": "", "package-lock.json": ""}, "rm -rf .npmrc"),
    ],
)
def test_settings_of_npm_are_not_shipped(tmp_path: Path, build: str, files: dict[str, str], last: str) -> None:
    found = outputs(tmp_path, build, {"package.json": "{}", ".npmrc": "save-exact=true\n", **files})
    stage = re.split(r"^FROM .* AS (\w+)\n", found["Dockerfile"], flags=re.M)
    text = re.sub(r" *\\\n\s*", " ", stage[stage.index("build") + 1])
    assert text.rstrip().partition("\n\n")[0].endswith(last)


def test_settings_of_npm_without_packages_of_node_are_not_let_in(tmp_path: Path) -> None:
    found = outputs(tmp_path, "build: {language: php, version: '8.4'}\n", {"composer.json": "{}", ".npmrc": "a=b\n"})
    assert "!.npmrc" not in found[".dockerignore"]


def test_a_project_in_a_folder_is_restored_with_what_it_refers_to(tmp_path: Path) -> None:
    files = {
        "Directory.Packages.props": "<Project/>",
        "nuget.config": "<configuration/>",
        "src/Cart/Cart.csproj": '<Project><ProjectReference Include="..\\Bus\\Bus.csproj" /></Project>',
        "src/Bus/Bus.csproj": "<Project/>",
    }
    found = outputs(tmp_path, DOTNET, files)["Dockerfile"].partition("RUN ")[0]
    assert "COPY Directory.Packages.props nuget.config ./" in found
    assert "COPY src/Bus/Bus.csproj src/Bus/" in found


@pytest.mark.parametrize("locked", [True, False])
def test_a_lock_file_of_dotnet_is_kept_to_where_there_is_one(tmp_path: Path, locked: bool) -> None:
    files = {"Shop.sln": "", "src/Cart/Cart.csproj": "<Project/>"}
    found = outputs(tmp_path, DOTNET, {**files, **({"src/Cart/packages.lock.json": "{}"} if locked else {})})[
        "Dockerfile"
    ]
    assert found.count("dotnet restore src/Cart/Cart.csproj --locked-mode") == (3 if locked else 0)
    assert found.count("dotnet restore src/Cart/Cart.csproj") == 3
    assert ("COPY src/Cart/Cart.csproj src/Cart/packages.lock.json src/Cart/" in found) == locked
    said = [
        one.id for one in compiled(tmp_path).diagnostics if one.id in ("dotnet-without-lock", "docker-file-missing")
    ]
    assert said == ([] if locked else ["dotnet-without-lock"])
