"""PHP: composer in a stage of its own, without scripts and dev packages; FPM runs as a numeric user."""

from __future__ import annotations

import shlex

from svc import pins
from svc.targets.docker.health import grpc_probe, healthcheck
from svc.targets.docker.recipe import (
    BUILD,
    Facts,
    Recipe,
    apt,
    bind,
    build_args,
    cache,
    copy,
    dev,
    final,
    find,
    from_,
    no_version,
    run,
    secret_mounts,
    tests,
    workdir,
)


def recipe(facts: Facts) -> Recipe:
    build = facts.build
    base = find("php", build.version, "fpm-bookworm")
    if base is None:
        return no_version(build, "PHP", [one for one in pins.supported("php") if find("php", one, "fpm-bookworm")])
    command = tuple(shlex.split(build.main)) if build.main else ("php-fpm",)
    composer = pins.find_image("composer")
    assert composer is not None
    mounts = (cache("/tmp/cache"), bind("composer.json"), bind("composer.lock"), *secret_mounts(build))
    install = "composer install --no-interaction --no-progress --no-scripts --no-autoloader --prefer-dist"
    return Recipe(
        (
            from_(base, "base"),
            workdir(facts.workdir),
            *apt(build.packages, (*BUILD, "packages")),
            from_(composer, "deps"),
            workdir(facts.workdir),
            *build_args(build),
            run(f"{install} --no-dev", mounts=mounts),
            copy(".", "."),
            run("composer dump-autoload --no-dev --optimize --no-scripts"),
            from_(composer, "dev-deps"),
            workdir(facts.workdir),
            run(install, mounts=mounts),
            copy(".", "."),
            run("composer dump-autoload --no-scripts"),
            *dev(facts, "base", (copy(f"{facts.workdir}/", "./", stage="dev-deps"), *grpc_probe(facts)), command),
            *tests(facts, "dev", "vendor/bin/phpunit"),
            *final(
                facts,
                "base",
                (copy(f"{facts.workdir}/", "./", stage="deps"), *grpc_probe(facts)),
                command,
                healthcheck(facts, "bash"),
            ),
        )
    )
