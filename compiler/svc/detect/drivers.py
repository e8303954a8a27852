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
    return Packages(tuple(dict.fromkeys(runtime)), tuple(dict.fromkeys(build)), tuple(found))
