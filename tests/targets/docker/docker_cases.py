"""One service a language and package manager, for the tests of the Dockerfile target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import samples
from sample_parts import build, unit
from svc.resolve.types.process import Health, Probe
from svc.resolve.types.whole import Resolved
from svc.resolve.unit import Unit

CASES: dict[str, dict[str, Any]] = {
    "python-uv": {"language": "python", "version": "3.14", "main": "checkout.app:app", "manager": "uv"},
    "python-pip": {
        "language": "python",
        "version": "3.12",
        "main": "app.py",
        "manager": "pip",
        "packages": ("libpq5",),
        "build_packages": ("gcc", "libpq-dev"),
        "secrets": ("pip_token",),
    },
    "python-poetry": {"language": "python", "version": "3.13", "main": "checkout", "manager": "poetry"},
    "python-pip-package": {
        "language": "python",
        "version": "3.14",
        "main": "app.py",
        "manager": "pip",
        "packaged": True,
        "versioned": ("SETUPTOOLS_SCM_PRETEND_VERSION",),
    },
    "python-poetry-package": {
        "language": "python",
        "version": "3.14",
        "main": "checkout",
        "manager": "poetry",
        "packaged": True,
    },
    "node-npm": {
        "language": "node",
        "version": "24",
        "main": "dist/main.js",
        "manager": "npm",
        "secrets": ("npm_token",),
    },
    "node-pnpm": {"language": "node", "version": "22", "main": "dist/main.js", "manager": "pnpm"},
    "node-yarn": {
        "language": "node",
        "version": "24",
        "main": "dist/main.js",
        "manager": "yarn",
        "packages": ("curl",),
    },
    "go": {"language": "go", "version": "1.27", "main": "./cmd/checkout", "args": (("TAGS", "netgo"),)},
    "go-packages": {
        "language": "go",
        "version": "1.26",
        "main": "./cmd/...",
        "packages": ("ca-certificates", "git"),
        "build_packages": ("git",),
    },
    "java-spring": {"language": "java", "version": "21", "main": "spring-boot", "manager": "maven"},
    "java-spring-unlayered": {
        "language": "java",
        "version": "17",
        "main": "spring-boot",
        "manager": "gradle",
        "layers": (),
    },
    "java-gradle": {"language": "java", "version": "25", "manager": "gradle"},
    "java-class": {"language": "java", "version": "17", "main": "com.acme.Main", "manager": "maven"},
    "kotlin-gradle": {"language": "kotlin", "version": "21", "main": "com.acme.MainKt", "manager": "gradle"},
    "kotlin-spring": {"language": "kotlin", "version": "25", "main": "spring-boot", "manager": "maven"},
    "node-yarn1": {"language": "node", "version": "22", "main": "dist/main.js", "manager": "yarn1"},
    "static-plain": {"language": "static", "version": "24", "main": "public", "present": ("index.html", "public")},
    "static-pnpm": {"language": "static", "version": "22", "main": "dist", "manager": "pnpm"},
    "static-routed": {
        "language": "static",
        "version": "24",
        "main": "dist",
        "present": ("package-lock.json", "package.json"),
        "routed": True,
    },
    "rails": {
        "language": "ruby",
        "version": "3.4",
        "present": ("Gemfile", "Gemfile.lock", "Rakefile", "app", "bin", "config.ru"),
    },
    "dotnet": {"language": "dotnet", "version": "10", "main": "src/Cart.csproj"},
    "dotnet-packages": {"language": "dotnet", "version": "9", "main": "Cart.csproj", "packages": ("libgdiplus",)},
    "rust": {"language": "rust", "version": "1.98"},
    "ruby": {"language": "ruby", "version": "3.4"},
    "php": {"language": "php", "version": "8.4"},
    "static": {"language": "static", "version": "24", "main": "dist"},
}


def service(case: str, probe: Probe | None = None, **changes: Any) -> Unit:
    """The sample web service built the case's way, without processes of other programs; `probe` replaces its health endpoints."""
    facts = {"main": "", "manager": "", "test": "", **CASES[case], **changes}

    def make(environment: str) -> Resolved:
        one = samples.web(environment)
        assert one.server is not None
        main = replace(one.server.main, args=None)
        if probe is not None:
            main = replace(main, health=Health(ready=probe))
        return replace(one, build=build(**facts), server=replace(one.server, main=main), workers=(), jobs=())

    return unit(make)


def from_resolved(make: Callable[[str], Resolved]) -> Unit:
    return unit(make)
