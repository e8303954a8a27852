"""What Go reads besides go.mod and go.sum: workspaces, and modules that stand in other folders of the same repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from svc.patterns import regex
from svc.resolve.build_tree import MOST, Tree, kept

_REPLACED = regex(r"=>\s*(\.{1,2}/[^\s/][^\s]*|\.{1,2}/?)\s*(?://.*)?$", re.M)
_USED = regex(r"^\s*use\s*(?:\(([^)]*)\)|([^\s(]+))", re.M)
_REQUIRED = regex(r"^\s*(?:require\s+)?([\w.-]+\.[\w.-]+/[^\s]+)\s+v[^\s]+(?![^\n]*//\s*indirect)", re.M)
_FILES = ("go.mod", "go.sum")
_CGO = frozenset(
    (
        "github.com/mattn/go-sqlite3",
        "github.com/confluentinc/confluent-kafka-go",
        "github.com/godror/godror",
        "github.com/h2non/bimg",
        "github.com/davidbyttow/govips",
        "gopkg.in/gographics/imagick.v3",
        "github.com/pebbe/zmq4",
        "gocv.io/x/gocv",
    )
)
"""Modules that do nothing, or do not compile, without a compiler of C."""


def go(tree: Tree, _: str) -> Iterator[str]:
    """Paths of the files and folders that Go reads besides the usual ones, relative to the context."""
    yield from kept(tree, "", ("go.work", "go.work.sum"))
    workspace = "\n".join(one or other for one, other in _USED.findall(_plain(tree.text("go.work"))))
    waiting = [".", *(word.strip('"') for word in workspace.split())]
    seen = set[str]()
    while waiting and len(seen) < MOST:
        folder = posixpath.normpath(waiting.pop(0))
        if folder in seen or folder.startswith(("..", "/")):
            continue
        seen.add(folder)
        if folder != ".":
            yield from kept(tree, folder, _FILES)
        texts = [tree.text(f"{folder}/go.mod"), *([tree.text("go.work")] if folder == "." else [])]
        for text in texts:
            waiting += [posixpath.join(folder, one) for one in _REPLACED.findall(text)]


def needs_c(tree: Tree) -> str:
    """A module that the service requires itself and that is nothing without C, or ""."""
    required = (one for one in _REQUIRED.findall(tree.text("go.mod")))
    return next((one for one in required if re.sub(r"/v\d+$", "", one) in _CGO), "")


def _plain(text: str) -> str:
    return re.sub(r"//[^\n]*", "", text)
