"""The shipped pin catalogue: images by digest, actions by commit, providers and tools by version.

`pins.json` beside this module is the source; it is read on first use. What nobody could confirm is not in it, so a
missing pin is an answer: the caller says which ones exist.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class PinnedImage:
    """`digest` is the multi-arch index's. `seen` is when it was current, `confidence` how it is known."""

    repository: str
    tag: str
    digest: str
    role: str = ""
    confidence: str = ""
    seen: str = ""
    sources: tuple[str, ...] = ()
    note: str = ""

    @property
    def reference(self) -> str:
        return f"{self.repository}:{self.tag}@{self.digest}"

    @property
    def version(self) -> str:
        """The version in the tag: `3.12.14` of `3.12.14-slim-trixie`, "" where the tag has none."""
        return self.tag.partition("-")[0] if self.tag[:1].isdigit() else ""

    @property
    def flavour(self) -> str:
        """The rest of the tag: `slim-trixie` of `3.12.14-slim-trixie`."""
        return self.tag.partition("-")[2] if self.version else self.tag


@dataclass(frozen=True, slots=True)
class Action:
    """A GitHub action at a commit; `version` is the release tag that the commit was published under."""

    name: str
    sha: str
    version: str
    role: str = ""
    confidence: str = ""
    sources: tuple[str, ...] = ()
    note: str = ""

    @property
    def reference(self) -> str:
        return f"{self.name}@{self.sha}"


@dataclass(frozen=True, slots=True)
class Release:
    """A tool, Terraform provider or platform component and its newest known version."""

    name: str
    version: str
    date: str = ""
    api: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    images: tuple[PinnedImage, ...]
    actions: tuple[Action, ...]
    tools: tuple[Release, ...]
    providers: tuple[Release, ...]
    platform: tuple[Release, ...]


_ASKED = 256
"""Questions that are remembered, for each kind."""


@functools.cache
def catalogue() -> Catalogue:
    data = json.loads(Path(__file__).with_name("pins.json").read_text(encoding="utf-8"))
    return Catalogue(
        images=tuple(PinnedImage(**_frozen(item)) for item in data["images"]),
        actions=tuple(Action(**_frozen(item)) for item in data["actions"]),
        tools=tuple(Release(**item) for item in data["tools"]),
        providers=tuple(Release(**item) for item in data["providers"]),
        platform=tuple(Release(**item) for item in data["platform"]),
    )


@functools.lru_cache(_ASKED)
def image(repository: str, tag: str) -> PinnedImage:
    """The pin of exactly this image. KeyError when there is none: only for images that svc itself relies on."""
    for pin in catalogue().images:
        if (pin.repository, pin.tag) == (repository, tag):
            return pin
    raise KeyError(f"no pin for {repository}:{tag}")


@functools.lru_cache(_ASKED)
def find_image(repository: str, version: str = "", flavour: str | None = None) -> PinnedImage | None:
    """The newest pin of a repository: its version starts with `version` (whole parts), its flavour is `flavour`.

    `find_image("python", "3.12", "slim-bookworm")`. Without a flavour any will do.
    """
    found = [
        pin
        for pin in catalogue().images
        if pin.repository == repository
        and starts_with(pin.version, version)
        and (flavour is None or pin.flavour == flavour)
    ]
    return max(found, key=lambda pin: (version_key(pin.version), pin.tag), default=None)


def nearest_image(repository: str, version: str) -> PinnedImage | None:
    """The oldest pin of a repository that is not older than `version`; the newest when all are."""
    found = sorted(
        (pin for pin in catalogue().images if pin.repository == repository),
        key=lambda pin: (version_key(pin.version), pin.tag),
    )
    wanted = version_key(version)
    return next((pin for pin in found if version_key(pin.version) >= wanted), found[-1] if found else None)


@functools.lru_cache(_ASKED)
def versions(repository: str, parts: int = 1, flavour: str = "") -> tuple[str, ...]:
    """The versions of a repository that have a pin, oldest first, cut to so many parts: 2 makes 3.12 of 3.12.14.

    `flavour` is a part of the tag's flavour that they must have."""
    cut = {
        ".".join(pin.version.split(".")[:parts])
        for pin in catalogue().images
        if pin.repository == repository and flavour in pin.flavour
    }
    return tuple(sorted(cut - {""}, key=version_key))


_LANGUAGES = {
    "python": ("python", 2, ""),
    "node": ("node", 1, "slim"),
    "go": ("golang", 2, ""),
    "java": ("eclipse-temurin", 1, "jdk"),
    "kotlin": ("eclipse-temurin", 1, "jdk"),
    "dotnet": ("mcr.microsoft.com/dotnet/sdk", 1, ""),
    "rust": ("rust", 2, ""),
    "ruby": ("ruby", 2, "slim"),
    "php": ("php", 2, "fpm"),
    "static": ("node", 1, "slim"),
}
"""Repository, parts of a version, and what the flavour of its tag must have in it."""


def supported(language: str) -> tuple[str, ...]:
    """The versions of a language for which the image that its recipe builds on is pinned, oldest first."""
    return versions(*_LANGUAGES[language])


@functools.lru_cache(_ASKED)
def action(name: str) -> Action:
    """The newest commit of an action: `action("actions/checkout")`. KeyError when there is none."""
    for pin in catalogue().actions:
        if pin.name.lower() == name.lower() and pin.role == "current":
            return pin
    raise KeyError(f"no pin for the action {name}")


@functools.lru_cache(_ASKED)
def tool(name: str) -> Release:
    return _named(catalogue().tools, name)


@functools.lru_cache(_ASKED)
def provider(name: str) -> Release:
    """A Terraform provider: `provider("aws")` or `provider("hashicorp/aws")`."""
    return _named(catalogue().providers, name if "/" in name else f"hashicorp/{name}")


def platform(name: str) -> Release:
    return _named(catalogue().platform, name)


def starts_with(version: str, prefix: str) -> bool:
    """Whether a version is of a line: 3.12.14 of 3.12, but not 3.120 of 3.12."""
    parts = prefix.split(".") if prefix else []
    return version.split(".")[: len(parts)] == parts


def version_key(version: str) -> tuple[int, ...]:
    """For sorting: the numbers in a version."""
    return tuple(int(number) for number in re.findall(r"\d{1,18}", version))


@functools.lru_cache(_ASKED)
def _named(releases: tuple[Release, ...], name: str) -> Release:
    for release in releases:
        if release.name == name:
            return release
    raise KeyError(f"no pin for {name}; known: {', '.join(one.name for one in releases)}")


def _frozen(item: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in item.items()}
