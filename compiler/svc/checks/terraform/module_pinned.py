"""A module whose source can change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found
from svc.targets.terraform.types import Module

APART = True


def about(_: Params) -> Iterable[str]:
    return ("module",)


def check(module: Module, _: Params) -> Iterator[Found]:
    for block in module.blocks("module"):
        source = block.get("source")
        if not block.labels or not isinstance(source, str) or source.startswith((".", "/")):
            continue
        remote = source.startswith(("git", "http", "s3::", "gcs::", "hg::", "ssh")) or "github.com/" in source
        if remote and not re.search(r"[?&]ref=(?!(main|master|HEAD)(&|$))|\.(zip|tar\.gz|tgz)", source):
            yield (*block.address, "source"), f"the source of module `{block.labels[0]}` follows a branch"
        elif not remote and block.get("version") is None:
            yield block.address, f"module `{block.labels[0]}` has no version"
