"""`svc init` and frameworks of Node that make a path of where a file lies, or listen where nobody asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from first_specs import written

LOCK = {"package-lock.json": "{}"}
PACKAGE = '{{"dependencies": {{"{0}": "2"}}, "devDependencies": {{"@sveltejs/kit": "2", "vite": "6"}}, "scripts": {{"build": "b"}}}}'


@pytest.mark.parametrize(
    ("server", "file", "path"),
    [
        ("@sveltejs/adapter-node", "src/routes/healthz/+server.ts", "/healthz"),
        ("@sveltejs/adapter-node", "src/routes/(ops)/health/ready/+server.js", "/health/ready"),
        ("nuxt", "server/api/health.get.ts", "/api/health"),
        ("nuxt", "server/routes/healthz.ts", "/healthz"),
        ("@remix-run/serve", "app/routes/healthcheck.tsx", "/healthcheck"),
        ("@react-router/serve", "app/routes/api.health.ts", "/api/health"),
        ("@astrojs/node", "src/pages/api/health.ts", "/api/health"),
    ],
)
@pytest.mark.parametrize("home", ["", "apps/web/"])
def test_a_file_is_an_endpoint_of_its_framework(server: str, file: str, path: str, home: str, folder: Path) -> None:
    root = {"package.json": '{"workspaces": ["apps/*"]}', **LOCK}
    assert (
        written(folder, {**root, f"{home}package.json": PACKAGE.format(server), f"{home}{file}": ""})["health"] == path
    )


@pytest.mark.parametrize(
    ("server", "file"),
    [
        ("nuxt", "src/pages/health.ts"),
        ("nuxt", "server/utils/health.ts"),
        ("nuxt", "server/api/health.post.ts"),
        ("express", "app/routes/health.ts"),
        ("@remix-run/serve", "app/routes/users.tsx"),
    ],
)
def test_another_file_is_none(server: str, file: str, folder: Path) -> None:
    files = {"package.json": f'{{"dependencies": {{"{server}": "2"}}}}', **LOCK, "server.js": "", file: ""}
    assert written(folder, files)["health"] == {"tcp": "http"}


def test_astro_is_told_to_listen_to_others(folder: Path) -> None:
    spec = written(folder, {"package.json": '{"dependencies": {"astro": "5", "@astrojs/node": "9"}}', **LOCK})
    assert spec["build"]["main"] == "dist/server/entry.mjs"
    assert (spec["ports"], spec["env"]) == ({"http": 4321}, {"PORT": "${ports.http}", "HOST": "0.0.0.0"})


def test_astro_within_another_server_is_none(folder: Path) -> None:
    config = "export default { adapter: node({ mode: 'middleware' }) };\n"
    package = (
        '{"dependencies": {"astro": "5", "@astrojs/node": "9", "express": "5"}, "scripts": {"start": "node run.mjs"}}'
    )
    spec = written(folder, {"package.json": package, **LOCK, "astro.config.mjs": config, "run.mjs": ""})
    assert spec["build"]["main"] == "run.mjs"
    assert spec["ports"] == {"http": 3000}


def test_a_variable_of_nuxt_is_spoken_of_by_its_key(folder: Path) -> None:
    files = {
        "package.json": '{"workspaces": ["apps/*"]}',
        **LOCK,
        ".git/HEAD": "",
        ".env.example": "NUXT_PUBLIC_API_BASE=/api\nNUXT_API_TOKEN=\nNUXT_OTHER=1\n",
        "apps/web/package.json": '{"dependencies": {"nuxt": "4"}}',
        "apps/web/nuxt.config.ts": "runtimeConfig: { apiToken: '', public: { apiBase: '' } }\n",
    }
    spec = written(folder, files, "apps/web")
    assert spec["env"]["NUXT_PUBLIC_API_BASE"] == "/api"
    assert list(spec["secrets"]) == ["NUXT_API_TOKEN"]
    assert "NUXT_OTHER" not in spec["env"]
