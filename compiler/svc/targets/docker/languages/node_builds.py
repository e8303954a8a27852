"""Whether a step of the spec runs the service's own `build` script already, by a package manager, Turborepo or Nx.

What is not understood is no build of the service: building twice is harmless, not at all is not.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from svc.patterns import regex
from svc.records import dataclass
from svc.resolve.types.images import Build
from svc.source import lines_of

_ELSEWHERE = regex(r"\(\s*(?:cd|pushd)\s[^()]*\)")
"""A folder that is left again."""
_SIGNS = frozenset("();<>|&")
_ASSIGNED = regex(r"[A-Za-z_]\w*=")
_BEFORE = frozenset(("env", "time", "npx", "cross-env", "-y", "--yes"))
_MANAGERS = frozenset(("npm", "pnpm", "yarn"))
_RUNNERS = frozenset(("turbo", "nx"))
_FOLDERS = frozenset(("--prefix", "-C", "--dir", "--cwd"))
_CHOSEN = frozenset(
    ("--filter", "-F", "--filter-prod", "--workspace", "--scope", "--projects", "--include", "--from", "--since")
)
_TARGETS = frozenset(("-t", "--target", "--targets"))
_EVERY = frozenset(("-r", "--recursive", "-ws", "--workspaces"))
_WITH_ROOT = frozenset(("--include-workspace-root", "-iwr"))


@dataclass(frozen=True, slots=True)
class _Call:
    """A command: its words without options, what it is narrowed to, the targets of Nx, the bare options."""

    words: tuple[str, ...]
    chosen: tuple[str, ...]
    targets: tuple[str, ...]
    flags: frozenset[str]


def builds(build: Build) -> bool:
    """Whether `prepare` runs the build of what `main` lies in."""
    return any(_run(words, build) for words in _commands(build.prepare))


def _commands(text: str) -> Iterator[list[str]]:
    """Those that are run in the working directory in any case."""
    for line in lines_of(_ELSEWHERE.sub("", text.replace("\\\n", " "))):
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split, lexer.commenters = True, ""
        words: list[str] = []
        try:
            for word in (*lexer, ";"):
                if not _SIGNS.issuperset(word):
                    words.append(word)
                    continue
                if words[:1] in (["cd"], ["pushd"]):
                    return
                yield words
                words = ["||"] if word == "||" else []
        except ValueError:
            return


def _run(words: list[str], build: Build) -> bool:
    while words and (words[0] in _BEFORE or _ASSIGNED.match(words[0])):
        words = words[1:]
    if not words or words[0] not in _MANAGERS | _RUNNERS:
        return False
    call = _call(words[0], words[1:])
    if call.chosen and not any(_own(one, build) for one in call.chosen):
        return False
    if words[0] == "turbo":
        return _turbo(call.words, build)
    return _nx(call, build) if words[0] == "nx" else _managed(words[0], call, build)


def _call(program: str, words: list[str]) -> _Call:
    chosen_by = _CHOSEN | ({"-w"} if program == "npm" else {"-p"} if program == "nx" else set())
    plain, chosen, targets, flags = list[str](), list[str](), list[str](), set[str]()
    waiting, option = iter(words), ""
    for word in waiting:
        if word == "--":
            break
        if not word.startswith("-"):
            (targets if option in _TARGETS else plain).append(word)
            continue
        option, _, value = word.partition("=")
        if option in _FOLDERS | chosen_by:
            given = (value or next(waiting, "")).split(",")
            chosen += [f"./{one}" for one in given] if option in _FOLDERS else given
        elif value and option in _TARGETS:
            targets.append(value)
        else:
            flags.add(option)
    return _Call(tuple(plain), tuple(chosen), tuple(",".join(targets).split(",")), frozenset(flags))


def _managed(program: str, call: _Call, build: Build) -> bool:
    words = call.words
    every = bool(call.flags & _EVERY)
    root = bool(call.flags & _WITH_ROOT)
    if program == "yarn" and words[:1] == ("workspace",) and len(words) > 1 and _own(words[1], build):
        words = words[2:]
    elif program == "yarn" and words[:1] == ("workspaces",):
        every, root = True, words[1:2] == ("foreach",)
        words = words[1 + root :]
    elif program == "pnpm" and words[:1] == ("recursive",):
        every, words = True, words[1:]
    if words[:1] in (("exec",), ("dlx",), ("run",)) and words[1:2] and words[1] in _RUNNERS:
        words = words[1:]
    if words and words[0] in _RUNNERS:
        inner = _Call(words[1:], (), call.targets, call.flags)
        return _turbo(inner.words, build) if words[0] == "turbo" else _nx(inner, build)
    scripts = words[1:2] if words[:1] in (("run",), ("run-script",)) else words[:1] if program != "npm" else ()
    return scripts == ("build",) and (not every or root or _among(build))


def _turbo(words: tuple[str, ...], build: Build) -> bool:
    tasks = words[1:] if words[:1] == ("run",) else words[:1]
    return any(one == "build" or (one.endswith("#build") and _own(one[:-6], build)) for one in tasks)


def _nx(call: _Call, build: Build) -> bool:
    verb, *others = call.words or ("",)
    if verb == "run-many":
        return "build" in call.targets
    if verb == "run":
        project, _, target = (others or [""])[0].partition(":")
        return target.partition(":")[0] == "build" and _own(project, build)
    return verb == "build" and (not others or _own(others[0], build))


def _among(build: Build) -> bool:
    """Whether a run over all members, from which managers leave out the root, builds the service."""
    members = (one.removesuffix("package.json") for one in build.manifests if one.endswith("/package.json"))
    main = _place(build)
    return build.scripts is None or "build" not in build.scripts or any(main.startswith(one) for one in members)


def _own(name: str, build: Build) -> bool:
    """Whether a package, a project or a folder is the one that `main` lies in."""
    name = name.replace("...", "").strip("{}^").removeprefix("./").rstrip("/")
    short = name.rpartition("/")[2] if name.startswith("@") else name
    if name in ("", "."):
        return True
    folders = f"/{_place(build).rpartition('/')[0]}/"
    return name == build.package or short == build.package.rpartition("/")[2] or f"/{short}/" in folders


def _place(build: Build) -> str:
    """What is started, said from the root of the workspace."""
    return f"{build.module}/{build.main}" if build.module else build.main.removeprefix("./")
