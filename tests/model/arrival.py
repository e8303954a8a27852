"""Compiles a spec in memory and reads the outputs by the formats' own parsers: Helm, BuildKit, HashiCorp's HCL, a YAML 1.1 loader.

`arrived` compares what two compiles gave: equal but for one text in the place of another.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from svc.diagnostics import Diagnostic, Problem, Severity
from svc.resolve import resolve
from svc.resolve.override import Override
from svc.specs import find
from svc.targets.protocol import Fault
from svc.targets.table import TARGET_NAMES, target

TOOLS = Path(__file__).parents[2] / ".tools/bin"
HASH = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class Outputs:
    """Files by path; none when the spec is refused, with what was said."""

    files: dict[str, str]
    said: tuple[Diagnostic | Problem, ...]
    faults: Callable[[], tuple[Fault, ...]] = tuple
    """What our own reading back finds wrong, worked out when it is asked for."""


def outputs(folder: Path, text: str) -> Outputs:
    """What comes of a spec of this text."""
    path = folder / "service.yaml"
    path.write_text(text, "utf-8")
    return compiled(path)


def compiled(path: Path, overrides: Sequence[Override] = ()) -> Outputs:
    """Every stage but the policies, which may refuse what is well-formed."""
    found = find((path,), overrides, lambda one: one.name)
    if not found.wanted:
        return Outputs({}, tuple(found.diagnostics))
    (wanted,) = found.wanted
    drafts, diagnostics = resolve.drafts(wanted, found.workspace)
    said: list[Diagnostic | Problem] = [*found.diagnostics, *diagnostics]
    unit = None
    if not _stops(said):
        unit, problems = resolve.unit(wanted, found.workspace, drafts, {})
        said += problems
    if unit is None or _stops(said):
        return Outputs({}, tuple(said))
    lowered = {name: target(name).lower(unit) for name in TARGET_NAMES}
    said += [problem for one in lowered.values() for problem in one.problems]
    if _stops(said):
        return Outputs({}, tuple(said))
    made = {name: dict(target(name).render(one.artifact).files) for name, one in lowered.items()}

    def faults() -> tuple[Fault, ...]:
        return tuple(fault for name, one in lowered.items() for fault in target(name).verify(one.artifact, made[name]))

    return Outputs({path: text for files in made.values() for path, text in files.items()}, tuple(said), faults)


def _stops(said: list[Diagnostic | Problem]) -> bool:
    return any(one.severity == Severity.ERROR for one in said)


def read_by_their_parsers(made: Outputs, folder: Path, *, render: bool = True) -> dict[str, Any]:
    """What each format's own parser sees, by file; charts as Helm renders them for each environment.

    Without `render` no program is started: what only they read is left out.
    """
    if not render:
        return {name: one for name, text in made.files.items() if (one := _loaded(Path(name), text)) is not None}
    for name, text in made.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    read: dict[str, Any] = {}
    modules = sorted(name for name in made.files if name.endswith((".tf", ".tfvars", ".tfbackend")))
    if modules:
        lines = _run("hcldump", *(f"./{name}" for name in modules), cwd=folder).removesuffix("\n").split("\n")
        read |= {name: json.loads(line) for name, line in zip(modules, lines, strict=True)}
    for name in made.files:
        file = Path(name)
        if file.name == "Dockerfile":
            read[name] = json.loads(_run("dockerlint", "--dump", f"./{name}", cwd=folder), object_hook=_meaning)
        elif file.name == "Chart.yaml":
            read |= _chart(file.parent, made, folder)
        elif (loaded := _loaded(file, made.files[name])) is not None:
            read[name] = loaded
    return read


def _loaded(file: Path, text: str) -> Any:
    if file.name == "compose.yaml":
        return _interpolated(yaml.safe_load(text))
    if file.parent.name == "workflows":
        return _evaluated(yaml.safe_load(text))
    if file.suffix == ".json" and file.name != "values.schema.json":
        return json.loads(text)
    return text if file.name == ".env.example" else None


def _meaning(node: dict[str, Any]) -> dict[str, Any]:
    """An instruction without its source text and line; a here-document is the command that it holds."""
    if node.get("Files") and len(node["Files"]) == 1 and len(node.get("CmdLine") or ()) == 1:
        script = node["Files"][0]["Data"].removesuffix("\n").removeprefix("set -e\n")
        node = {**node, "CmdLine": [script], "Files": None}
    return {key: value for key, value in node.items() if key not in ("code", "line")}


def _interpolated(node: Any) -> Any:
    """As compose has it after interpolation; a variable without its braces would be one that we did not mean."""
    if isinstance(node, dict):
        return {key: _interpolated(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_interpolated(value) for value in node]
    if not isinstance(node, str):
        return node
    parts = re.split(r"(\$\$|\$\{[A-Za-z0-9_]+:\?[^}]*\})", node)
    assert not any("$" in part for part in parts[::2]), f"compose would replace a part of {node!r}"
    return "".join("$" if part == "$$" else part for part in parts)


def _evaluated(node: Any) -> Any:
    """As GitHub has it, where an expression is a text and nothing else: `${{ '${{ a }}' }}`."""
    if isinstance(node, dict):
        return {key: _evaluated(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_evaluated(value) for value in node]
    if not isinstance(node, str):
        return node
    return re.sub(r"\$\{\{ '((?:[^']|'')*)' \}\}", lambda found: found[1].replace("''", "'"), node)


def _chart(chart: Path, made: Outputs, folder: Path) -> dict[str, Any]:
    values = sorted(name for name in made.files if Path(name).parent == chart and Path(name).name.startswith("values-"))
    read: dict[str, Any] = {f"{chart}/Chart.yaml": yaml.safe_load(made.files[f"{chart}/Chart.yaml"])}
    for name in values:
        options = ("--skip-schema-validation", "--values", "-")  # by its name it would be an address
        text = _run("helm", "template", "release", f"./{chart}", *options, cwd=folder, given=made.files[name])
        read[name] = [one for one in yaml.safe_load_all(text) if one]
    return read


def _run(tool: str, *arguments: str, cwd: Path, given: str = "") -> str:
    done = subprocess.run([TOOLS / tool, *arguments], cwd=cwd, input=given, capture_output=True, text=True)
    assert done.returncode == 0, f"{tool}: {done.stderr[-2000:]}"
    return done.stdout


@dataclass(frozen=True, slots=True)
class Arrived:
    """`token` was written in the one spec where `text` was written in the other."""

    token: str
    text: str


def arrived(plain: Any, hostile: Any, pair: Arrived, at: str = "") -> str:
    """The first difference beyond the one text in the place of the other; empty when there is none."""
    if isinstance(plain, dict) and isinstance(hostile, dict):
        return _mappings(plain, hostile, pair, at)
    if isinstance(plain, list) and isinstance(hostile, list):
        return _lists(plain, hostile, pair, at)
    if _IN_CONTAINER.search(at):
        pair = Arrived(pair.token, _expanded(pair.text))
    if _IN_LABEL.search(at):
        pair = Arrived(pair.token, " ".join(pair.text.split()))
    if (
        isinstance(hostile, str)
        and _IN_FILTER.search(at)
        and _put(str(plain), pair) == re.sub(r"\\(.)", r"\1", hostile)
    ):
        return ""
    return "" if _same(plain, hostile, pair) else f"{at}: {_apart(_put(str(plain), pair), str(hostile))}"


_IN_CONTAINER = re.compile(r"^/(\S+/)?compose\.yaml/services/[^/]+/(environment|command|entrypoint)/")
"""What compose hands to a container as it stands, and Kubernetes after reading its dollars: both give the same text."""


_IN_FILTER = re.compile(r"/workflows/[^/]+/(on|True)/[a-z_]+/paths/\d+$")
"""Where GitHub reads patterns: a path that is meant to the letter has a backslash before what is special."""
_IN_LABEL = re.compile(r"/Dockerfile/stages/.*/Labels/\d+/Value$")
"""Prose of several lines is one line in a label of an image: a Dockerfile knows no other."""


def _mappings(plain: dict[Any, Any], hostile: dict[Any, Any], pair: Arrived, at: str) -> str:
    left = {str(key): value for key, value in hostile.items()}
    for key, value in plain.items():
        found = _put(str(key), pair)
        if found not in left:
            found = next((other for other in left if _derived(str(key), other, pair)), "")
        if found not in left:
            return f"{at}: no {_put(str(key), pair)!r} in {sorted(left)}"
        difference = arrived(value, left.pop(found), pair, f"{at}/{found}")
        if difference:
            return difference
    return f"{at}: beyond what was expected {sorted(left)}" if left else ""


def _lists(plain: list[Any], hostile: list[Any], pair: Arrived, at: str) -> str:
    """In order; where names decide the order, in any."""
    if len(plain) != len(hostile):
        return f"{at}: {len(plain)} parts are {len(hostile)}"
    if not any(
        arrived(one, other, pair, f"{at}/{number}")
        for number, (one, other) in enumerate(zip(plain, hostile, strict=True))
    ):
        return ""
    first, left = "", [*hostile]
    for number, one in enumerate(plain):
        differences = [arrived(one, other, pair, f"{at}/{number}") for other in left]
        if "" not in differences:
            return first or differences[0]
        first = first or differences[0]
        left.pop(differences.index(""))
    return ""


def _put(text: str, pair: Arrived) -> str:
    return text.replace(pair.token, pair.text)


def _derived(plain: str, hostile: str, pair: Arrived) -> bool:
    """Whether a name is made from the text: of a variable, a volume, a key; names are clipped."""
    if pair.token not in plain.lower() or not re.fullmatch(r"[A-Za-z0-9._-]+", hostile):
        return False
    wanted, got = (
        re.sub(r"[^a-z0-9]", "", one.lower()) for one in (plain.lower().replace(pair.token, pair.text), hostile)
    )
    return wanted.startswith(got)


def _apart(expected: str, got: str) -> str:
    """The place where two texts part."""
    at = next(
        (n for n, (one, other) in enumerate(zip(expected, got, strict=False)) if one != other),
        min(len(expected), len(got)),
    )
    return f"expected {expected[max(0, at - 20) : at + 40]!r}, got {got[max(0, at - 20) : at + 40]!r}"


def _same(plain: Any, hostile: Any, pair: Arrived) -> bool:
    if not isinstance(plain, str) or not isinstance(hostile, str):
        return bool(plain == hostile)
    if _put(plain, pair) == hostile:
        return True
    if HASH.fullmatch(plain) and HASH.fullmatch(hostile):
        return True
    if _ADDRESS.fullmatch(hostile) and _put(plain, pair) == f"{hostile}/":
        return True
    if pair.token not in plain.lower():
        return False
    if _put(plain, pair) == _expanded(hostile) and "$(" in plain:
        return True
    return _derived(plain, hostile, pair) or _partly(plain, hostile, pair) or _in_shell(plain, hostile, pair)


_ADDRESS = re.compile(r"https?://[^/]+")
"""Without a path it is that of the root (RFC 3986, 6.2.3)."""


def _expanded(text: str) -> str:
    """What the kubelet makes of a variable or command: `$$` is `$`."""
    return text.replace("$$", "$")


def _partly(plain: str, hostile: str, pair: Arrived) -> bool:
    """A name made from the text beside the text itself: `data-a-b:/a b`, `TOKEN_URL` in a line of prose."""
    name, colon, path = plain.partition(":")
    end = colon + _put(path, pair)
    if colon and hostile.endswith(end) and _derived(name, hostile.removesuffix(end), pair):
        return True
    variable = re.sub(r"[^A-Z0-9]", "_", pair.text.upper())
    return pair.token.upper() in plain and hostile == _put(plain.replace(pair.token.upper(), variable), pair)


def _in_shell(plain: str, hostile: str, pair: Arrived) -> bool:
    """A command in which the text stands quoted, as a word or a part of one."""
    try:
        return [_put(word, pair) for word in shlex.split(plain)] == [
            word.replace("\\$", "$") for word in shlex.split(hostile)
        ]
    except ValueError:
        return False
