"""OS packages that the libraries of a tree load when they run, and those that are needed to build them."""

from __future__ import annotations

from svc.detect.project import Project
from svc.detect.tree import At, Tree
from svc.records import dataclass

_C = ("gcc", "libc6-dev")
# Where releases of Debian name a library differently (`t64`), the tools that bring it along stand here.
_DRIVERS: dict[str, tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]] = {
    "python": (
        (r"\bpsycopg2(?![-\w])|\bpsycopg\[c", ("libpq5",), (*_C, "libpq-dev")),
        (r"\bpsycopg(?![-\w\[])", ("libpq5",), ()),
        (r"\bmysqlclient\b", ("libmariadb3",), (*_C, "default-libmysqlclient-dev", "pkg-config")),
        (r"\bpyodbc\b", ("unixodbc",), ()),
        (r"(?i)\bpython-magic\b", ("file",), ()),
        (r"(?i)\bweasyprint\b", ("libpango-1.0-0", "libpangoft2-1.0-0"), ()),
        (r"(?i)\bpdf2image\b", ("poppler-utils",), ()),
        (r"(?i)\bpytesseract\b", ("tesseract-ocr",), ()),
        (r"\bopencv-python(?!-headless)", ("libgl1", "libglib2.0-bin"), ()),
        (r"\bpython-ldap\b", ("ldap-utils",), (*_C, "libldap2-dev", "libsasl2-dev")),
    ),
    "ruby": (
        (r"gem\s+[\"']pg[\"']", ("libpq5",), ("libpq-dev",)),
        (r"gem\s+[\"'](?:mysql2|trilogy)[\"']", ("libmariadb3",), ("default-libmysqlclient-dev",)),
        (r"gem\s+[\"'](?:ruby-vips|image_processing)[\"']", ("libvips-tools",), ()),
        (r"gem\s+[\"']rmagick[\"']", ("imagemagick",), ("libmagickwand-dev",)),
    ),
}  # fmt: skip

_OF_RUST = (
    ("openssl-sys", "openssl-src", (), ("pkg-config", "libssl-dev")),
    ("pq-sys", "pq-src", ("libpq5",), ("libpq-dev",)),
    ("mysqlclient-sys", "mysqlclient-src", ("libmariadb3",), ("default-libmysqlclient-dev", "pkg-config")),
    ("prost-build", "protobuf-src", (), ("protobuf-compiler",)),
    ("cmake", "", (), ("cmake", "g++", "make")),
    ("rdkafka-sys", "", (), ("g++", "make")),
    ("clang-sys", "", (), ("clang", "libclang-dev")),
)
"""A crate in Cargo.lock; the one that brings along what it needs; what its programs load, and what builds them."""


@dataclass(frozen=True, slots=True)
class Packages:
    """`found` are lines that say for which library, and where that stands."""

    runtime: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


def packages(tree: Tree, project: Project) -> Packages:
    runtime: list[str] = []
    build: list[str] = []
    found: list[str] = []
    for pattern, needed, compiled in _DRIVERS.get(project.language, ()):
        hits: list[At] = [hit[1] for path in project.manifests if (hit := tree.search(path, pattern)) is not None]
        if hits:
            runtime += needed
            build += compiled
            found.append(f"packages: {', '.join(needed)}, from {hits[0]}")
    for crate, brings, needed, compiled in _OF_RUST if project.language == "rust" else ():
        hit = tree.search("Cargo.lock", rf"^name = \"{crate}\"$")
        if hit is not None and (not brings or tree.search("Cargo.lock", rf"^name = \"{brings}\"$") is None):
            runtime += needed
            build += compiled
            found.append(f"packages: {', '.join((*needed, *compiled))}, from {hit[1]}")
    return Packages(tuple(dict.fromkeys(runtime)), tuple(dict.fromkeys(build)), tuple(found))
