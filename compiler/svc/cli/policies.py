"""`svc policies`: what judges here, one policy in words, a pack's own tests, a new policy, and (`export`) all for a cluster."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svc.cli import export, reporting
from svc.cli.console import output, say, shown, tell, warn
from svc.cli.exits import Exit
from svc.diagnostics import Severity

if TYPE_CHECKING:
    from svc.policy.types import Policy


_PACKS = "folders of policies beside the built-in ones (default: the workspace's packs)"


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "policies",
        help="list, show, test and start policies",
        description="Lists the policies that judge here, shows one, tests a pack by its own examples, starts a new one, prints what they see.",
    )
    kinds = verb.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = kinds.add_parser("list", help="the policies that are known here", description="Lists policies.")
    listed.add_argument("packs", nargs="*", metavar="DIR", help=_PACKS)
    listed.add_argument("--surface", default="", help="only what judges this: docker, kubernetes, github, ...")
    listed.add_argument("--profile", default="", help="only this profile or set")
    listed.add_argument("--format", choices=("text", "json"), default="text", help="form of the list")
    listed.set_defaults(run=_list)
    show = kinds.add_parser("show", help="one policy in words", description="Shows a policy, as `svc explain` does.")
    show.add_argument("policy", metavar="POLICY", help="an id, or the id that another tool gives it")
    show.add_argument("packs", nargs="*", metavar="DIR", help=_PACKS)
    show.set_defaults(run=_show)
    test = kinds.add_parser("test", help="run a pack's examples", description="Runs the examples of a pack's policies.")
    test.add_argument("packs", nargs="+", metavar="DIR", help="folders of policies")
    test.set_defaults(run=_test)
    new = kinds.add_parser("new", help="start a policy", description="Writes a policy to fill in, with its examples.")
    new.add_argument("file", metavar="DIR/ID", help="where: the folder of the pack, and the policy's id")
    new.add_argument("--check", default="image_registry", help="a built-in check, or cue (default: image_registry)")
    new.add_argument(
        "--surface",
        default="kubernetes",
        help="what a policy in CUE judges: service, docker, ... (default: kubernetes)",
    )
    new.set_defaults(run=_new)
    export.add(kinds)
    seen = kinds.add_parser(
        "input",
        help="print what policies see of a service",
        description="Prints a resolved service as policies of surface `service` see it, as YAML.",
    )
    seen.add_argument(
        "spec", nargs="?", metavar="SPEC", default="service.yaml", help="the spec (default: service.yaml)"
    )
    seen.add_argument("--env", metavar="NAME", default="", help="the environment (default: the first)")
    seen.set_defaults(run=_input)


def _known(packs: Sequence[str]) -> tuple[Policy, ...] | None:
    """The built-in policies and those of the packs, or without any named, of the workspace's; None when one cannot be
    loaded, which has been said."""
    from svc import assets, gate
    from svc.policy.load import load

    if packs:
        loaded = load([assets.policies(), *(Path(pack) for pack in packs)])
        problems = list(loaded.problems)
    else:
        rules, said = gate.rules_above([], shown)
        loaded = load(rules.folders, rules.plugins)
        problems = [*loaded.problems, *(one for one in said if one.severity == Severity.ERROR)]
    if problems:
        reporting.to_console(problems)
        return None
    return loaded.policies


def _list(options: argparse.Namespace) -> Exit:
    policies = _known(options.packs)
    if policies is None or _misspelt(options, policies):
        return Exit.INVALID
    wanted = [
        one
        for one in policies
        if options.surface in ("", one.surface) and options.profile in ("", *one.profiles, *one.sets)
    ]
    if options.format == "json":
        from svc import visible

        output(visible.as_json([_entry(one) for one in wanted]))
        return Exit.CLEAN
    width = max((len(one.id) for one in wanted), default=0)
    for one in wanted:
        profiles = ",".join((*one.profiles, *one.sets))
        fix = "" if one.fix == "none" else f" (fix: {one.fix})"
        tell(f"{one.id:{width}}  {one.severity.word:7}  {one.surface:10}  {profiles:28}  {one.title}{fix}")
    return Exit.CLEAN


def _misspelt(options: argparse.Namespace, policies: Sequence[Policy]) -> bool:
    """Says that there is no surface, or no policy of a profile, that was asked for."""
    from typing import get_args

    from svc.suggest import nearest
    from svc.targets.protocol import Surface

    surfaces = set(get_args(Surface))
    profiles = {name for one in policies for name in (*one.profiles, *one.sets)}
    for option, given, known in (("surface", options.surface, surfaces), ("profile", options.profile, profiles)):
        if given and given not in known:
            listed = ", ".join(sorted(known))
            warn(f"svc policies list: there is no {option} `{given}`; there are {listed}{nearest(given, known)}\n")
            return True
    return False


def _entry(one: Policy) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "severity": one.severity.word,
        "surface": one.surface,
        "profiles": list(one.profiles),
        "sets": list(one.sets),
        "fix": one.fix,
        "aliases": list(one.aliases),
        "why": one.why,
        "help": one.help,
    }


def _show(options: argparse.Namespace) -> Exit:
    return explained(options.policy, "svc policies show", options.packs)


def explained(name: str, who: str, packs: Sequence[str] = ()) -> Exit:
    """Prints the policies that a name means: built-in ones, or those of the packs or the workspace."""
    from svc import assets
    from svc.policy.explain import explain
    from svc.policy.load import load
    from svc.suggest import nearest

    known: Sequence[Policy] | None = load([assets.policies()]).policies
    if packs or not any(policy.answers(name) for policy in known or ()):
        known = _known(packs)
    if known is None:
        return Exit.INVALID
    matching = [policy for policy in known if policy.answers(name)]
    if not matching:
        warn(f"{who}: there is no policy `{name}`{nearest(name, [policy.id for policy in known])}\n")
        return Exit.INVALID
    say("\n".join(explain(policy, Path(policy.place.file).parent) for policy in matching))
    return Exit.CLEAN


def _test(options: argparse.Namespace) -> Exit:
    from svc.cli.demands import box
    from svc.policy.examples import all_failures, examples
    from svc.policy.load import load
    from svc.policy.types import CueFailed

    loaded = load([Path(pack) for pack in options.packs], alone=True)
    problems = list(loaded.problems)
    if not problems:
        try:
            problems += all_failures([(one, Path(one.place.file)) for one in loaded.policies], lambda: box(options))
        except CueFailed as failed:
            problems += failed.diagnostics
    if problems:
        reporting.to_console(problems)
        return Exit.INVALID
    from svc.parse import parse_one
    from svc.source import Source

    count = 0
    for one in loaded.policies:
        text = Path(one.place.file).read_text("utf-8")
        count += len(list(examples(parse_one(Source(one.place.file, text)).documents[0])))
    policies = "1 policy" if len(loaded.policies) == 1 else f"{len(loaded.policies)} policies"
    tell(f"{policies}, {count} examples: all as they say\n")
    return Exit.CLEAN


def _input(options: argparse.Namespace) -> Exit:
    from datetime import date

    from svc.cli.demands import box
    from svc.emit import emit
    from svc.pipeline import Request, compile_
    from svc.policy.services import subjects
    from svc.report.mask import hidden_data, words_of
    from svc.suggest import nearest

    request = Request((Path(options.spec),), shown, date.today(), targets=("docker",), box=box(options))
    compiled = compile_(request)
    if not compiled.units:
        reporting.to_console(compiled.diagnostics)
        return Exit.INVALID
    views = {one.environment: one.artifact.tree.data for one in subjects(compiled.units[0])}
    environment = options.env or next(iter(views))
    if environment not in views:
        known = ", ".join(views)
        message = f"there is no environment `{environment}`; known are {known}{nearest(environment, views)}"
        warn(f"svc policies input: {message}\n")
        return Exit.INVALID
    say(emit(hidden_data(views[environment], words_of(compiled.sources))).text)
    return Exit.CLEAN


def _new(options: argparse.Namespace) -> Exit:
    from svc.policy.start import NoSuchStart, start
    from svc.write import place

    path = Path(options.file.removesuffix(".yaml"))
    try:
        texts = start(path.name, options.check, options.surface)
    except NoSuchStart as error:
        warn(f"svc policies new: {error}\n")
        return Exit.INVALID
    files = {path.with_name(f"{path.name}{suffix}"): text for suffix, text in texts.items()}
    there = [file for file, text in files.items() if _is_another(file, text)]
    there += [] if any(not os.path.lexists(file) for file in files) else list(files)
    if there:
        warn(f"svc policies new: {shown(there[0])} exists already; nothing was written\n")
        return Exit.INVALID
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        place(file, text)
        tell(shown(file))
    tell(f"fill it in, then: svc policies test {shown(path.parent)}\n")
    return Exit.CLEAN


def _is_another(file: Path, text: str) -> bool:
    """Whether something stands there that this command has not written, also when it was interrupted."""
    from svc.source import contents

    return os.path.lexists(file) and (file.is_symlink() or contents(file, str(file)) != text.encode())
