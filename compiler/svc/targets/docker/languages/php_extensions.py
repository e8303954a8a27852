"""PHP's extensions: compiled in a stage of their own, with what they load put beside them in the image that runs."""

from __future__ import annotations

from svc.patterns import regex
from svc.records import dataclass
from svc.targets.docker.facts import Facts
from svc.targets.docker.instructions import BUILD, copy, from_, run
from svc.targets.docker.recipe import apt
from svc.targets.docker.types import Instruction

_LIBRARIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "amqp": (("librabbitmq-dev",), ("librabbitmq4",)),
    "bz2": (("libbz2-dev",), ()),
    "ffi": (("libffi-dev",), ("libffi8",)),
    "gd": (
        ("libfreetype-dev", "libjpeg62-turbo-dev", "libpng-dev", "libwebp-dev"),
        ("libfreetype6", "libjpeg62-turbo", "libpng16-16", "libwebp7"),
    ),
    "gmp": (("libgmp-dev",), ("libgmp10",)),
    "imagick": (("libmagickwand-dev",), ("libmagickwand-6.q16-6",)),
    "intl": (("libicu-dev",), ("libicu72",)),
    "ldap": (("libldap2-dev",), ("libldap-2.5-0",)),
    "memcached": (("libmemcached-dev", "libssl-dev", "zlib1g-dev"), ("libmemcached11",)),
    "mongodb": (("libssl-dev",), ()),
    "pdo_pgsql": (("libpq-dev",), ("libpq5",)),
    "pgsql": (("libpq-dev",), ("libpq5",)),
    "soap": (("libxml2-dev",), ()),
    "tidy": (("libtidy-dev",), ("libtidy5deb1",)),
    "uuid": (("uuid-dev",), ("libuuid1",)),
    "xsl": (("libxslt1-dev",), ("libxslt1.1",)),
    "yaml": (("libyaml-dev",), ("libyaml-0-2",)),
    "zip": (("libzip-dev",), ("libzip4",)),
}
"""Extension -> packages of Debian bookworm to build it, and those that it loads; others need none."""
_BUNDLED = frozenset(
    [
        "bcmath",
        "bz2",
        "calendar",
        "dba",
        "dl_test",
        "exif",
        "ffi",
        "gd",
        "gettext",
        "gmp",
        "intl",
        "ldap",
        "mysqli",
        "opcache",
        "pcntl",
        "pdo_dblib",
        "pdo_firebird",
        "pdo_mysql",
        "pdo_odbc",
        "pdo_pgsql",
        "pgsql",
        "shmop",
        "snmp",
        "soap",
        "sockets",
        "sysvmsg",
        "sysvsem",
        "sysvshm",
        "tidy",
        "xsl",
        "zip",
    ]
)
"""What `docker-php-ext-install` has the sources of; everything else comes from PECL."""
_CONFIGURED = {"gd": "docker-php-ext-configure gd --with-freetype --with-jpeg --with-webp"}
IN_IMAGE = frozenset(
    [
        "core",
        "ctype",
        "curl",
        "date",
        "dom",
        "fileinfo",
        "filter",
        "ftp",
        "hash",
        "iconv",
        "json",
        "libxml",
        "mbstring",
        "mysqlnd",
        "openssl",
        "pcre",
        "pdo",
        "pdo_sqlite",
        "phar",
        "posix",
        "random",
        "readline",
        "reflection",
        "session",
        "simplexml",
        "sodium",
        "spl",
        "sqlite3",
        "standard",
        "tokenizer",
        "xml",
        "xmlreader",
        "xmlwriter",
        "zlib",
    ]
)
"""Extensions of the official image (`php -m`)."""
NAME = regex(r"([A-Za-z][A-Za-z0-9_]*)(?:-(\d[\w.]*))?")


@dataclass(frozen=True, slots=True)
class Extensions:
    """`stage` compiles, `copied` stands in the image that runs; both empty when nothing is asked for."""

    stage: tuple[Instruction, ...] = ()
    packages: tuple[str, ...] = ()
    copied: tuple[Instruction, ...] = ()


def extensions(facts: Facts, base: str) -> Extensions:
    named = [(match[1].lower(), match[0]) for one in facts.build.extensions if (match := NAME.fullmatch(one))]
    wanted = {name: text for name, text in named if name not in IN_IMAGE}
    if not wanted:
        return Extensions()
    bundled = sorted(name for name in wanted if name in _BUNDLED)
    others = sorted(name for name in wanted if name not in _BUNDLED)
    libraries = [_LIBRARIES[name] for name in sorted(wanted) if name in _LIBRARIES]
    lines = [
        *(_CONFIGURED[name] for name in bundled if name in _CONFIGURED),
        *([f'docker-php-ext-install -j"$(nproc)" {" ".join(bundled)}'] if bundled else []),
        *([f"pecl install {' '.join(_spelled(name, wanted[name]) for name in others)}"] if others else []),
        *([f"docker-php-ext-enable {' '.join(others)}"] if others else []),
    ]
    at = (*BUILD, "extensions")
    compiled = sorted({one for building, _ in libraries for one in building} | set(facts.build.build_packages))
    return Extensions(
        (
            from_(base, "extensions", comment="What PHP loads besides its own, compiled where the compiler stays."),
            *apt(tuple(compiled), at),
            run(*(line if index == 0 else f"&& {line}" for index, line in enumerate(lines)), at=at),
        ),
        tuple(sorted({one for _, loaded in libraries for one in loaded})),
        tuple(
            copy(path, path, stage="extensions", at=at)
            for path in ("/usr/local/lib/php/extensions/", "/usr/local/etc/php/conf.d/")
        ),
    )


_RELEASES = {
    "apcu": "5.1.28",
    "igbinary": "3.2.16",
    "imagick": "3.8.1",
    "memcached": "3.4.0",
    "mongodb": "2.2.0",
    "msgpack": "3.0.0",
    "redis": "6.3.0",
    "xdebug": "3.4.5",
    "yaml": "2.2.5",
}
"""Releases on PECL, as public Dockerfiles install them (seen 2026-11-28); for others the spec has to name one."""


def _spelled(name: str, text: str) -> str:
    version = text[len(name) :] or (f"-{_RELEASES[name]}" if name in _RELEASES else "")
    return f"{name}{version}"
