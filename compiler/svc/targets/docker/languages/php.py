"""PHP: composer on the image that runs, so that versions and extensions are checked there; FPM has a numeric user."""

from __future__ import annotations

from collections.abc import Iterator

from svc import pins
from svc.diagnostics import Problem, Severity
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import BUILD, bind, cache, command_line, copy, env, from_, run, workdir
from svc.targets.docker.languages.node import FLAVOURS, MANAGERS, unset
from svc.targets.docker.languages.php_extensions import extensions
from svc.targets.docker.recipe import (
    Recipe,
    apt,
    dev,
    final,
    find,
    no_version,
    prepared,
    secret_mounts,
    tests,
    tools,
)
from svc.targets.docker.types import Instruction

_CACHE = "/root/.cache/composer"
_COMPOSER = {"COMPOSER_ALLOW_SUPERUSER": "1", "COMPOSER_CACHE_DIR": _CACHE, "COMPOSER_NO_INTERACTION": "1"}
_CACHES = (cache(_CACHE),)
_UNPACKER = "unzip"
_FPM = ("php-fpm",)
_SCRIPTS = ("build", "production", "prod")
"""What the script is called: by Vite and Encore, by Mix."""
_SETTINGS = (
    'cp "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini"',
    """&& echo 'variables_order = "EGPCS"' > "$PHP_INI_DIR/conf.d/environment.ini\"""",
)
"""The image has none of its own, and PHP without any shows its errors to clients. With that one, `$_ENV` would be empty
for a service that is told everything by its environment."""


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    base = find("php", build.version, "fpm-bookworm")
    if base is None:
        return no_version(build, "PHP", pins.supported("php"))
    command = command_line(build.main, "php") or _FPM
    more = extensions(facts, "php")
    packages = tuple(dict.fromkeys((*build.packages, *more.packages)))
    return Recipe(
        (
            *((from_(base, "php"), *more.stage) if more.stage else ()),
            from_("php" if more.stage else base, "base"),
            workdir(facts.workdir),
            *apt(packages, (*BUILD, "packages") if build.packages else (*BUILD, "extensions")),
            *more.copied,
            *_assets(facts),
            from_("base", "deps"),
            *tools(build, _UNPACKER),
            copy("/usr/bin/composer", "/usr/local/bin/composer", image=pins.find_image("composer")),
            *env(_COMPOSER),
            from_("deps", "build"),
            *env(_production(facts)),
            *_installed(facts, "--no-dev", "--optimize"),
            *_with_assets(facts),
            *prepared(facts, _CACHES),
            *dev(facts, "deps", (*_installed(facts), *_with_assets(facts), *prepared(facts, _CACHES)), command),
            *tests(facts, "dev", "vendor/bin/phpunit"),
            *final(
                facts,
                "base",
                (*env(_production(facts)), run(*_SETTINGS), copy(f"{facts.workdir}/", "./", stage="build")),
                command,
                "bash",
            ),
        ),
        tuple(_unanswered(facts, command)),
    )


def _unanswered(facts: Facts, command: tuple[str, ...]) -> Iterator[Problem]:
    """PHP-FPM answers no HTTP, so a probe that asks by it never succeeds."""
    if (facts.command or command) == _FPM and facts.probe is not None and facts.probe.kind == "http":
        message = f"PHP-FPM speaks FastCGI, so nothing answers HTTP on port {facts.probe.port}"
        help_ = "probe it by tcp and put a web server before it as a sidecar; or name a server of your own in `command`"
        yield Problem("php-speaks-no-http", facts.probe.at, message, help_, severity=Severity.WARNING)


def _installed(facts: Facts, only: str = "", loaded: str = "") -> tuple[Instruction, ...]:
    """The packages of the lock file, then the sources, then the class map over both."""
    mounts = (cache(_CACHE), bind("composer.json"), bind("composer.lock"), *secret_mounts(facts.build))
    install = ("composer install --no-progress --no-scripts --no-autoloader --prefer-dist", only)
    dump = ("composer dump-autoload --no-scripts", only, loaded)
    dotenv = ("&& touch .env",) if _symfony(facts) else ()
    return (
        run(" ".join(filter(None, install)), mounts=mounts),
        copy(".", "."),
        run(" ".join(filter(None, dump)), *dotenv, *unset(facts.build)),
    )


def _symfony(facts: Facts) -> bool:
    """Symfony starts with a file of variables, which stays outside with all others of its kind: an empty one will do,
    since the service's own variables win."""
    return "symfony.lock" in facts.build.present


def _production(facts: Facts) -> dict[str, str]:
    return {"APP_ENV": "prod"} if _symfony(facts) else {}


def _node(facts: Facts) -> str:
    """The script of package.json that builds scripts and styles, where the sources have any."""
    known = facts.build.scripts or ()
    return next((name for name in _SCRIPTS if name in known), "") if facts.build.manager else ""


def _assets(facts: Facts) -> tuple[Instruction, ...]:
    """Scripts and styles, built by Node into public/."""
    node = find("node", pins.supported("node")[-1], *FLAVOURS)
    if not _node(facts) or node is None:
        return ()
    manager = MANAGERS[facts.build.manager]
    return (
        from_(node, "assets", native=True, comment="Scripts and styles."),
        *env(dict(manager.settings)),
        workdir("/src"),
        *manager.installed(facts.build),
        *(() if facts.build.hooks else (copy(".", "."),)),
        run(f"{manager.run} {_node(facts)}", mounts=manager.read(facts.build)),
    )


def _with_assets(facts: Facts) -> tuple[Instruction, ...]:
    return (copy("/src/public/", "public/", stage="assets"),) if _node(facts) else ()
