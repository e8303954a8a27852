"""The policy gate: what a workspace and a run demand, which waivers stand, and what remains of the findings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from svc import assets
from svc.diagnostics import Diagnostic, Place, Route, Severity
from svc.folders import workspace_of
from svc.policy.baseline import Baseline, mark
from svc.policy.comments import Comments, waivers_in
from svc.policy.load import load as load_policies
from svc.policy.run import Once, judge_each, selected, unknown
from svc.policy.run import groups as together
from svc.policy.types import KUBERNETES_MINOR, SHELLCHECK, CueFailed, Finding, Home, Loaded, Policy, Settings
from svc.policy.waive import Waiver, waive
from svc.records import dataclass, field, replace
from svc.routes import parse_route
from svc.source import Source
from svc.suggest import nearest
from svc.targets.protocol import Subject
from svc.tools import Toolbox

if TYPE_CHECKING:
    from svc.parse import Document
    from svc.resolve.resolve import LoadedWorkspace

Box = Callable[[], Toolbox]
"""Where programs are; asked only when one is needed."""

_WORDS = {"off": None, "error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO}


@dataclass(frozen=True, slots=True)
class Demand:
    """What a run asks for, above the workspace. `select`: only these policies; `ignore`: not these; by id or alias.

    `gate`: waivers need an end and comments do not waive. `inline` False: comments do not waive. `deep`: slow judges,
    too.
    """

    profile: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    kubernetes: int = KUBERNETES_MINOR
    inline: bool = True
    gate: bool = False
    waivers: tuple[Waiver, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    baseline: Baseline | None = None
    box: Box | None = None
    deep: bool = False
    shown: Callable[[Path], str] = Path.as_posix


@dataclass(frozen=True, slots=True)
class Rules:
    """What the workspace decides: profile, severities by policy, mandatory policies, folders of policies, waivers."""

    profile: str = "recommended"
    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    mandatory: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    plugins: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Ruled:
    """Rules with their policies. `problems`: what is wrong with the workspace."""

    rules: Rules
    loaded: Loaded
    problems: tuple[Diagnostic, ...] = ()

    @property
    def wrong(self) -> bool:
        """Nothing may be judged then."""
        return bool(self.loaded.problems) or any(one.severity == Severity.ERROR for one in self.problems)


def home(folder: Path) -> Home:
    """What waivers and baselines in a folder name files from."""
    return Home(os.path.abspath(folder), os.getcwd())  # noqa: PTH100, PTH109 - links are where they are


def rules(workspace: LoadedWorkspace, root: Path) -> Rules:
    """The policy part of a workspace; its packs are folders below `root`."""
    chosen = workspace.workspace.policy
    document = workspace.document
    waivers = waivers_of(document, "") if document is not None and workspace.sound else ()
    return Rules(
        chosen.profile,
        {name: _WORDS[word] for name, word in chosen.severities.items()},
        tuple(chosen.mandatory),
        (assets.policies(), *(root / pack for pack in chosen.packs)),
        tuple(chosen.plugins),
        tuple(replace(one, partial=True, by_owner=True, home=home(root)) for one in waivers),
        document,
    )


def rules_above(paths: Sequence[Path], shown: Callable[[Path], str]) -> tuple[Rules, tuple[Diagnostic, ...]]:
    """What the workspace above the first path decides, and what is wrong with it; without one, the defaults."""
    return rules_of(workspace_of(Path(os.path.abspath(paths[0] if paths else Path())), {}), shown)  # noqa: PTH100


def rules_of(base: Path | None, shown: Callable[[Path], str]) -> tuple[Rules, tuple[Diagnostic, ...]]:
    """What a workspace's file decides, and what is wrong with it."""
    if base is None:
        return Rules(folders=(assets.policies(),)), ()
    from svc.specs import workspace_above

    workspace, root, problems = workspace_above(base.parent, shown)
    return rules(workspace, root), problems


def load(rules: Rules, demand: Demand, having: dict[object, Loaded] | None = None) -> Loaded:
    """The policies of all folders. An organisation's own ones have to get their own examples right first.

    `having`: what the same run has loaded for other rules.

    What is wrong with a policy, a name or a file of the run is in `problems`: nothing may be judged then.
    """
    having = {} if having is None else having
    key = (rules.folders, rules.plugins)
    loaded = having[key] = having.get(key) or load_policies(rules.folders, rules.plugins)
    problems = [*demand.problems, *loaded.problems]
    if not loaded.problems:
        problems += unknown_names(rules, demand, loaded.policies)
        problems += _failing(loaded.policies, demand)
    return Loaded(loaded.policies, tuple(_named(one, demand) for one in problems))


def _named(one: Diagnostic, demand: Demand) -> Diagnostic:
    """A policy's file by the name that reports give it."""

    def named(place: Place) -> Place:
        file = Path(place.file)
        return replace(place, file=demand.shown(file)) if file.is_absolute() else place

    related = tuple(replace(other, place=named(other.place)) for other in one.related)
    return replace(one, place=named(one.place), related=related)


def _failing(policies: Sequence[Policy], demand: Demand) -> list[Diagnostic]:
    own = [(policy, Path(policy.place.file)) for policy in policies if not built_in(policy)]
    if not own:
        return []
    from svc.policy.examples import all_failures

    try:
        return list(all_failures(own, demand.box))
    except CueFailed as failed:
        return list(failed.diagnostics)


def built_in(policy: Policy) -> bool:
    """Whether svc brings a policy along; others are an organisation's own."""
    return policy.place.file.rpartition("/")[0] == assets.policies().as_posix()


def findings(
    groups: Sequence[Sequence[Subject]],
    policies: Sequence[Policy],
    chosen: Settings,
    demand: Demand,
    ahead: Mapping[int, Sequence[Finding]] | None = None,
    once: Once | None = None,
) -> list[Finding]:
    """What the policies find in groups of subjects, each a service or a set of files; CUE and ShellCheck are asked once for all.

    `ahead`: what is known already; `once`: what leaves out repetitions, both as `judge_each` takes them. Raises CueFailed when a policy in CUE or over ShellCheck cannot be evaluated.
    """
    found = [one for judged in judge_each(groups, policies, chosen, ahead, once) for one in judged]
    running = list(selected(policies, chosen))
    if any(policy.check == "cue" for policy, _ in running):
        from svc.policy import cue

        apart = [part for group in groups for part in together(group)]
        found += cue.findings(running, apart, demand.box)
    if any(policy.check == SHELLCHECK for policy, _ in running):
        from svc.policy import shellcheck

        found += shellcheck.findings(running, [one for group in groups for one in group], chosen, demand.box)
    return found


def settings(rules: Rules, demand: Demand) -> Settings:
    profile = demand.profile or rules.profile
    return Settings(
        profile, rules.severities, demand.kubernetes, demand.select, demand.ignore, demand.deep, rules.mandatory
    )


def unknown_names(rules: Rules, demand: Demand, policies: Sequence[Policy]) -> list[Diagnostic]:
    """Names that mean no policy: a gate that is told to demand nothing is a mistake of its writer's."""
    ids = [policy.id for policy in policies]
    found = []
    for name in unknown((*rules.severities, *rules.mandatory), policies):
        route: Route = ("policy", "severities", name)
        if name in rules.mandatory:
            route = ("policy", "mandatory", rules.mandatory.index(name))
        place = rules.document.place(route, "key") if rules.document is not None else Place("svc-workspace.yaml")
        found.append(_unknown(name, ids, place))
    for option, names in (("--select", demand.select), ("--ignore", demand.ignore)):
        found += [_unknown(name, ids, Place(option)) for name in unknown(names, policies)]
    mandatory = ids_of(rules.mandatory, policies)
    for name, severity in rules.severities.items():
        if severity is None and ids_of([name], policies) & mandatory:
            route = ("policy", "severities", name)
            place = rules.document.place(route) if rules.document is not None else Place("svc-workspace.yaml")
            message = f"policy `{name}` is mandatory here and cannot be off"
            found.append(Diagnostic("policy-mandatory", Severity.ERROR, message, place))
    for name in demand.ignore:
        if ids_of([name], policies) & mandatory:
            message = f"policy `{name}` is mandatory here and cannot be ignored"
            found.append(Diagnostic("policy-mandatory", Severity.ERROR, message, Place("--ignore")))
    return found


def _unknown(name: str, ids: Sequence[str], place: Place) -> Diagnostic:
    message = f"there is no policy `{name}`{nearest(name, ids)}"
    return Diagnostic("policy-unknown", Severity.ERROR, message, place, "`svc policies list` lists all policies")


def ids_of(names: Iterable[str], policies: Sequence[Policy]) -> frozenset[str]:
    """The ids of the policies that the names mean."""
    wanted = set(names)
    return frozenset(policy.id for policy in policies if policy.id in wanted or wanted & set(policy.aliases))


def settle(
    diagnostics: Sequence[Diagnostic],
    waivers: Sequence[Waiver],
    policies: Sequence[Policy],
    today: date,
    rules: Rules,
    demand: Demand,
) -> list[Diagnostic]:
    """The findings with what was answered for marked: waivers of all kinds, then the baseline."""
    counting = [one for one in waivers if not one.inline or (demand.inline and not demand.gate)]
    running = [policy.id for policy, _ in selected(policies, settings(rules, demand))]
    mandatory = ids_of(rules.mandatory, policies)
    given = (*rules.waivers, *demand.waivers, *counting)
    settled = waive(diagnostics, given, policies, today, mandatory, gate=demand.gate, running=running)
    return list(settled) if demand.baseline is None else mark(settled, demand.baseline, mandatory)


def waivers_of(document: Document, file: str) -> tuple[Waiver, ...]:
    """The `waivers` of a document whose shape is right, for findings in `file` ("": any file)."""
    found = []
    data = document.data.get("waivers") if isinstance(document.data, dict) else None
    for index, one in enumerate(data or ()):
        until = date.fromisoformat(str(one["until"])) if one.get("until") else None
        at, reason, owner = parse_route(str(one.get("at") or "")), str(one["reason"]), str(one.get("owner") or "")
        place = document.place(("waivers", index))
        name = str(one.get("file") or file)
        found.append(Waiver(str(one["policy"]), at, reason, place, until, owner, name))
    return tuple(found)


def comments_of(source: Source, documents: Sequence[Document] = ()) -> Comments:
    """The waivers in the comments of a YAML or CUE text; its text values hold none."""
    if source.name.endswith(".cue"):
        source = Source(source.name, source.text.replace("//", " #"))
    texts: set[int] = set()

    def inside(line: int) -> bool:
        if not texts:
            texts.add(0)
            for document in documents:
                texts.update(_text_lines(document))
        return line in texts

    return waivers_in(source, inside=inside)


def _text_lines(document: Document) -> Iterable[int]:
    """A block ends before the line of its end's mark, but for a file's last line; behind a quote a comment may stand."""
    lines = document.source.lines
    for route, node in document.nodes.items():
        span = node.span
        if span.end_line > span.line and isinstance(document.get(route), str):
            block = node.head is not None and span.end_line < len(lines)
            commented = node.head is None and "#" in lines[span.end_line - 1][span.end_column - 1 :]
            yield from range(span.line + 1, span.end_line + (not (block or commented)))
