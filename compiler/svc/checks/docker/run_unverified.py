"""A script from the network is run unread."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._docker import Found, every, script, spot
from svc.checks._params import NoParams as Params
from svc.patterns import regex
from svc.shell import PIPE_TO_SHELL, SHELLS, Command, parse
from svc.targets.docker.types import Dockerfile

_VERIFIES = regex(r"(?:sha\d*|b2|md5)sum|shasum|gpgv?\b|cosign|openssl|minisign|signify|checksig")
_INTO = regex(r"\s*>>?\s*[\"']?([^\s\"';&|)]+)")


def check(dockerfile: Dockerfile, _: Params) -> Iterator[Found]:
    for route, run in every(dockerfile, "RUN"):
        text = script(run)
        found = PIPE_TO_SHELL.search(text)
        if found is not None:
            yield route, "a script from the network is run unread", spot(run, found.span())
        elif ("curl" in text or "wget" in text) and (after := _run_after_download(text)) is not None:
            name = _started(after)[0]
            yield route, f"`{name}` comes from the network and is run unread", spot(run, after.at)


def _run_after_download(text: str) -> Command | None:
    """The command that runs a file that the script downloads, with nothing that would verify it."""
    if _VERIFIES.search(text):
        return None
    files: set[str] = set()
    for one in parse(text):
        if one.name in ("curl", "wget"):
            files.update(_written(one))
            if redirected := _INTO.match(text, one.at[1]):
                files.add(redirected[1].removeprefix("./"))
        started = _started(one)
        if started and started[0].removeprefix("./") in files:
            return one
    return None


def _started(one: Command) -> tuple[str, ...]:
    """The file that a command runs."""
    return one.arguments[:1] if one.name in SHELLS and not one.has("-c") else (one.name,)


def _written(one: Command) -> Iterator[str]:
    words = one.words
    named = "-o" if one.name == "curl" else "-O"
    for index, word in enumerate(words[1:], 1):
        if word in (named, "--output", "--output-document") and index + 1 < len(words):
            yield words[index + 1].removeprefix("./")
        elif word.startswith(("--output=", "--output-document=")):
            yield word.partition("=")[2].removeprefix("./")
        elif word.startswith(("http://", "https://")) and (one.name == "wget" or one.has("-O", "--remote-name")):
            yield word.rpartition("/")[2].partition("?")[0]
