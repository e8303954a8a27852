"""The only door to subprocesses.

A target's verify.py calls an external program in three lines:

    helm = tools.find("helm", toolbox)                      # ToolMissing: report a skip, never a pass
    done = tools.run(helm, ["template", "web", "."], cwd=folder)
    tools.expect(done, (0, 1))                              # ToolCrashed: exit code 3, never a finding

`Toolbox` holds everything that depends on the machine; `cli` builds it once with `toolbox(os.environ)`
and passes it down, so that nothing below reads the environment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from svc.records import dataclass

MIB = 1024 * 1024
DEFAULT_TIMEOUT = 120.0
DEFAULT_OUTPUT_LIMIT = 64 * MIB
SETTING_PREFIX = "SVC_TOOL_"
LIMIT_VARIABLE = "SVC_TOOL_TIMEOUT"

_KEPT_VARIABLES = ("HOME", "TMPDIR", "USER", "SYSTEMROOT")
_MAKE_TOOLS = "run `make tools` in the svc checkout"
_HOMELESS = (("HOME", "/nonexistent"), ("XDG_CONFIG_HOME", "/nonexistent"))
"""For programs that would read settings of the user's own."""
_TERRAFORM = (("CHECKPOINT_DISABLE", "1"), ("TF_IN_AUTOMATION", "1"), ("TF_INPUT", "0"))


@dataclass(frozen=True, slots=True)
class Tool:
    """An external program that svc knows how to call.

    `version` is the one the outputs were tested with; another one is not refused.
    `env` is added to every run, and keeps the program from phoning home or reading the user's own plugins.
    """

    name: str
    version: str
    install: str
    version_argv: tuple[str, ...] = ("--version",)
    env: tuple[tuple[str, str], ...] = ()


TOOLS: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool("actionlint", "1.7.12", _MAKE_TOOLS),
        Tool("celjudge", "0.37.2", _MAKE_TOOLS),
        Tool("checkov", "3.3.30", _MAKE_TOOLS),
        Tool("cue", "0.17.1", _MAKE_TOOLS, ("version",)),
        Tool("dockerlint", "0.34.2", _MAKE_TOOLS),
        Tool("git", "2", "see https://git-scm.com/downloads"),
        Tool("hadolint", "2.15.1", _MAKE_TOOLS, env=_HOMELESS),
        Tool("helm", "4.2.4", _MAKE_TOOLS, ("version", "--template", "{{.Version}}"), (("HELM_NO_PLUGINS", "1"),)),
        Tool("kubeconform", "0.8.0", _MAKE_TOOLS, ("-v",)),
        Tool("pssjudge", "0.37.2", _MAKE_TOOLS),
        Tool("shellcheck", "0.11.0", _MAKE_TOOLS),
        Tool("terraform", "1.11.4", "see https://developer.hashicorp.com/terraform/install", ("version",), _TERRAFORM),
        Tool("tofu", "1.13.1", "see https://opentofu.org/docs/intro/install/", ("version",), _TERRAFORM),
        Tool("trivy", "0.76.0", _MAKE_TOOLS),
        Tool("zizmor", "1.32.0", _MAKE_TOOLS),
    )
}


class ToolError(Exception):
    """The machine is at fault, not the user's file. `tool` is the program's name; `wrote`: files were changed before."""

    wrote = False

    def __init__(self, tool: str, message: str) -> None:
        super().__init__(message)
        self.tool = tool


class ToolMissing(ToolError):
    """The program is not there; the message says how to install it. A check that needed it was skipped, not passed."""


class ToolCrashed(ToolError):
    """The program could not start, died of a signal, printed too much, or ended with an unexpected exit code."""


class ToolTimeout(ToolError):
    """The program and everything it started were killed when the time was over."""


@dataclass(frozen=True, slots=True)
class Toolbox:
    """Where programs are looked for, and the environment they run in."""

    explicit: Mapping[str, str]
    folders: tuple[Path, ...]
    environment: Mapping[str, str]
    limit: str = ""
    """Seconds that every run of a program may take, in the place of its own limit."""
    answers: object = None
    """Where answers to `svc.asking` are kept, None for nowhere."""
    judged: tuple[Path, ...] = ()
    """Folders from which no program is run, but where it was named or stands beside svc itself."""


@dataclass(frozen=True, slots=True)
class Located:
    """A tool, the absolute path it was found at, and the environment it will run in."""

    tool: Tool
    path: Path
    environment: Mapping[str, str]
    limit: float | None = None
    answers: object = None


@dataclass(frozen=True, slots=True)
class Completed:
    """What a program said. Output is UTF-8, with undecodable bytes replaced."""

    tool: Tool
    args: tuple[str, ...]
    returncode: int
    stdout: str
    stderr: str


def toolbox(
    environ: Mapping[str, str],
    *,
    explicit: Mapping[str, str] | None = None,
    checkout: Path | None = None,
    judged: Collection[Path] = (),
) -> Toolbox:
    """A toolbox for this process.

    Programs are looked for in this order: `explicit` (name to absolute path), `SVC_TOOL_<NAME>` in `environ`,
    the checkout's `.tools/bin`, and the absolute entries of PATH. Relative entries, and the empty one that
    means the current directory, are never searched, and nothing in the `judged` folders is found: what is being linted
    must not choose the program. What stands beside svc itself is as good as svc.
    """
    settings = {name: environ[key] for name in TOOLS if (key := setting_variable(name)) in environ}
    settings.update(explicit or {})
    search = tuple(Path(entry) for entry in environ.get("PATH", "").split(os.pathsep) if Path(entry).is_absolute())
    own = (checkout or _own_checkout()) / ".tools" / "bin"
    kept = {key: environ[key] for key in _KEPT_VARIABLES if key in environ}
    path = os.pathsep.join(str(folder) for folder in search)
    environment = {**kept, "PATH": path, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    roots = tuple(sorted({one.resolve() for one in judged}))
    return Toolbox(settings, (own, *search), environment, environ.get(LIMIT_VARIABLE, ""), judged=roots)


def setting_variable(name: str) -> str:
    """The variable that overrides where a tool is: SVC_TOOL_HELM."""
    return SETTING_PREFIX + name.upper().replace("-", "_")


def find(name: str, box: Toolbox) -> Located:
    """Where a known tool is. Raises ToolMissing with the install command; KeyError for a name that is not in TOOLS."""
    tool = TOOLS[name]
    limit = _limit(name, box.limit)
    if name in box.explicit:
        return Located(tool, _explicit(tool, Path(box.explicit[name])), box.environment, limit, box.answers)
    passed = ""
    for folder in box.folders:
        if not _is_program(folder / name):
            continue
        if not _is_judged(folder / name, box):
            return Located(tool, folder / name, box.environment, limit, box.answers)
        passed = f"; {folder / name} is part of what is judged, and not run"
    how = f"{tool.install}, or set {setting_variable(name)} to its path"
    raise ToolMissing(name, f"{name} {tool.version} was not found: {how}{passed}")


def available(names: Collection[str], box: Toolbox) -> dict[str, Located]:
    """Those of the named tools that are there, by name, in the order asked."""
    found: dict[str, Located] = {}
    for name in names:
        try:
            found[name] = find(name, box)
        except ToolMissing:
            continue
    return found


def version_of(located: Located) -> str:
    """The version a program says it has, as digits and dots; ToolCrashed when it says none."""
    import re

    done = run(located, located.tool.version_argv, timeout=60)
    expect(done)
    match = re.search(r"\d+\.\d+(?:\.\d+)*", done.stdout + done.stderr)
    if match is None:
        raise ToolCrashed(located.tool.name, f"{located.path} {' '.join(located.tool.version_argv)} printed no version")
    return match.group()


def run(
    located: Located,
    args: Sequence[str],
    *,
    stdin: str | None = None,
    cwd: Path | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    env: Mapping[str, str] | None = None,
    output_limit: int = DEFAULT_OUTPUT_LIMIT,
) -> Completed:
    """Run a program to its end, without a shell, and return what it said whatever its exit code was.

    Without `stdin` the program reads an empty input. `timeout` is in seconds and `output_limit` in bytes for
    stdout and stderr each; past either, the program's whole process group is killed.
    Raises ToolTimeout, or ToolCrashed when it could not start, was killed by a signal or printed too much.
    """
    from svc.child import run_to_end

    name = located.tool.name
    timeout = located.limit or timeout
    whole = {**located.environment, **dict(located.tool.env), **(env or {})}
    try:
        ended = run_to_end([str(located.path), *args], stdin, cwd, whole, timeout, output_limit)
    except (OSError, ValueError) as error:
        raise ToolCrashed(name, f"{located.path} could not be started: {error}") from error
    done = Completed(located.tool, tuple(args), ended.returncode, ended.stdout, ended.stderr)
    if ended.overflowed:
        raise ToolCrashed(name, f"{name} printed more than {output_limit} bytes and was stopped{_said(done, 300)}")
    if not ended.finished:
        raise ToolTimeout(name, f"{name} did not finish within {timeout:g} seconds and was stopped{_said(done)}")
    if ended.returncode < 0:
        raise ToolCrashed(name, f"{name} was killed by signal {-ended.returncode}{_said(done)}")
    return done


def expect(done: Completed, codes: Collection[int] = (0,)) -> Completed:
    """`done` itself when it ended with one of `codes`; otherwise ToolCrashed with the end of what it said."""
    if done.returncode in codes:
        return done
    command = " ".join((done.tool.name, *done.args[:2]))
    raise ToolCrashed(done.tool.name, f"`{command}` ended with exit code {done.returncode}{_said(done)}")


def garbled(done: Completed, why: str) -> ToolCrashed:
    """For a program that ended well and said what nobody understands: neither a finding nor the absence of one."""
    command = " ".join((done.tool.name, *done.args[:1]))
    start = done.stdout.strip()[:500] or done.stderr.strip()[:500] or "nothing"
    return ToolCrashed(done.tool.name, f"`{command}` printed what is no answer ({why}): {_plain(start)}")


def _said(done: Completed, longest: int = 2000) -> str:
    """The end of what a program that failed printed, without what would move a terminal's cursor."""
    said = (done.stderr.strip() or done.stdout.strip())[-longest:]
    return f": {_plain(said)}" if said else ""


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)


def _limit(name: str, seconds: str) -> float | None:
    import re

    if seconds and not re.fullmatch(r"\d{1,6}(\.\d{1,3})?", seconds):
        raise ToolMissing(name, f"{LIMIT_VARIABLE} must be seconds, such as 300, and is {seconds}")
    return float(seconds) if seconds else None


def _explicit(tool: Tool, path: Path) -> Path:
    if not path.is_absolute():
        raise ToolMissing(tool.name, f"the path set for {tool.name} must be absolute, and is {path}")
    if not _is_program(path):
        raise ToolMissing(tool.name, f"the path set for {tool.name} is not a program: {path}")
    return path


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _is_judged(path: Path, box: Toolbox) -> bool:
    """Whether a program belongs to a judged folder, by its name or by what it leads to."""
    own = (box.folders[0].resolve(), Path(sys.prefix).resolve())
    places = (path.parent.resolve() / path.name, path.resolve())
    foreign = [one for one in places if not any(one.is_relative_to(folder) for folder in own)]
    return any(one.is_relative_to(folder) for one in foreign for folder in box.judged)


def _own_checkout() -> Path:
    return Path(__file__).resolve().parents[2]
