"""Options that say what the policies demand, the same for every verb that judges."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli.console import shown
from svc.patterns import regex

if TYPE_CHECKING:
    from svc.diagnostics import Diagnostic
    from svc.gate import Demand
    from svc.policy.baseline import Baseline
    from svc.policy.waive import Waiver
    from svc.tools import Toolbox


def add(verb: Any) -> None:
    group = verb.add_argument_group("policies")
    group.add_argument(
        "--profile",
        choices=("baseline", "recommended", "strict"),
        default="",
        help="which policies judge (default: the workspace's, or recommended)",
    )
    group.add_argument(
        "--select",
        action="append",
        default=[],
        metavar="POLICY",
        help="only these policies, by id or another tool's id; a comma separates, can be repeated",
    )
    group.add_argument("--ignore", action="append", default=[], metavar="POLICY", help="all but these policies")
    group.add_argument("--waivers", action="append", default=[], metavar="FILE", help="a file of waivers")
    group.add_argument(
        "--no-inline-waivers", action="store_true", help="comments such as `# svc: ignore=` do not waive"
    )
    group.add_argument("--gate", action="store_true", help="waivers need an end (`until`), comments do not waive")
    group.add_argument("--baseline", metavar="FILE", default="", help="findings that stand in FILE do not count")


def wrong(options: argparse.Namespace) -> str:
    """What is wrong with the options, "" for nothing."""
    if not all(names(options.select)) or not all(names(options.ignore)):
        return "--select and --ignore want policies: ids with commas between them"
    return ""


def names(texts: list[str]) -> tuple[str, ...]:
    return tuple(name.strip() for text in texts for name in text.split(","))


_VERSION = regex(r"v?1\.(\d{1,3})(?:[.+-].*)?|(\d{2,3})")


def kubernetes_minor(text: str) -> int | None:
    """The 30 of `1.30`, or of what a cluster says of itself: `v1.30.2`; None for what is no such version."""
    found = _VERSION.fullmatch(text)
    return int(found[1] or found[2]) if found is not None else None


def demand(options: argparse.Namespace, kubernetes: int = 0) -> Demand:
    """What the command line asks for; what is wrong with the files it names is in `problems`."""
    from svc.gate import Demand
    from svc.policy.types import KUBERNETES_MINOR

    problems: list[Diagnostic] = []
    waivers = _waivers(options.waivers, problems)
    baseline = _baseline(options.baseline, problems)
    return Demand(
        profile=getattr(options, "policy_set", "") or options.profile,
        select=names(options.select),
        ignore=names(options.ignore),
        kubernetes=kubernetes or KUBERNETES_MINOR,
        inline=not options.no_inline_waivers,
        gate=options.gate,
        waivers=waivers,
        baseline=baseline,
        problems=tuple(problems),
        box=lambda: box(options),
        shown=shown,
    )


def deepened(demand: Demand) -> tuple[Demand, tuple[Diagnostic, ...]]:
    """The demand with the slow judges, or a note that they are not there."""
    from svc.policy.shellcheck import missing
    from svc.records import replace

    absent = missing(demand.box)
    return replace(demand, deep=absent is None), (absent,) if absent is not None else ()


def box(options: argparse.Namespace | None = None) -> Toolbox:
    """Where programs are on this machine: not in the repository that is judged."""
    import os

    from svc.tools import toolbox

    named = [
        *getattr(options, "paths", ()),
        *getattr(options, "packs", ()),
        getattr(options, "spec", ""),
        getattr(options, "path", ""),
    ]
    judged = {_repository(Path(one)) for one in (".", *named) if one not in ("", "-")}
    return toolbox(os.environ, judged=[one for one in judged if one is not None])


def _repository(path: Path) -> Path | None:
    """The repository around a file or folder, else the folder itself. None for a place that programs are kept in."""
    import os

    from svc.source import is_folder

    start = Path(os.path.realpath(path))  # a link that leads to itself is no reason to stop
    start = start if is_folder(start) else start.parent
    root = next((one for one in (start, *start.parents) if os.path.lexists(one / ".git")), start)
    home = Path(os.environ.get("HOME") or "/").resolve()
    return None if home.is_relative_to(root) or len(root.parts) < 3 else root


def _waivers(files: list[str], problems: list[Diagnostic]) -> tuple[Waiver, ...]:
    if not files:
        return ()
    from svc.waiver_files import read

    found: list[Waiver] = []
    for file in files:
        waivers, wrong = read(Path(file), shown(Path(file)))
        found += waivers
        problems += wrong
    return tuple(found)


def _baseline(file: str, problems: list[Diagnostic]) -> Baseline | None:
    if not file:
        return None
    from functools import partial

    from svc import gate
    from svc.diagnostics import Diagnostic
    from svc.policy.baseline import read
    from svc.source import Unreadable, load

    source = load(Path(file), name=shown(Path(file)))
    home = gate.home(Path(file).parent)
    there = partial(_is_in, home.folder)
    found = source.diagnostic if isinstance(source, Unreadable) else read(source, home, there)
    if isinstance(found, Diagnostic):
        problems.append(found)
        return None
    return found


def _is_in(folder: str, name: str) -> bool:
    import os

    return os.path.lexists(os.path.join(folder, name))  # noqa: PTH118
