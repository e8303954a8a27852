"""A module whose source can change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.patterns import regex
from svc.targets.terraform.types import Module

APART = True
_SCHEMES = ("git", "http", "s3::", "gcs::", "hg::", "oci://", "ssh")
_PINNED = regex(r"[?&](?:ref|rev|tag|digest)=(?!(?:main|master|HEAD|default|tip|latest)(?:&|$))|\.(?:zip|tar\.gz|tgz)")
"""`rev` of Mercurial, `tag` and `digest` of OpenTofu's registries of images."""


def about(_: Params) -> Iterable[str]:
    return ("module",)


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks("module"):
        source = block.get("source")
        if not block.labels or not isinstance(source, str) or source.startswith((".", "/")):
            continue
        remote = source.startswith(_SCHEMES) or "github.com/" in source or source.startswith("bitbucket.org/")
        if remote and not _PINNED.search(source):
            yield (*block.address, "source"), f"the source of module `{block.labels[0]}` follows a branch"
        elif not remote and block.get("version") is None:
            yield block.address, f"module `{block.labels[0]}` has no version"
