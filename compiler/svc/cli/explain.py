"""`svc explain POLICY`: what a policy demands, why, and what to write instead."""

from __future__ import annotations

import argparse
from typing import Any

from svc.cli.console import say, warn
from svc.cli.exits import Exit


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "explain",
        help="explain a policy",
        description="Explains a policy by its id, or by the id that another tool gives the same demand.",
    )
    verb.add_argument(
        "policy", metavar="POLICY", nargs="?", default="", help="such as image-not-pinned, CKV_K8S_43 or DL3002"
    )
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    from svc import assets
    from svc.policy.explain import explain
    from svc.policy.load import load
    from svc.suggest import nearest

    loaded = load([assets.policies()])
    if not options.policy:
        say("".join(f"{policy.id}: {policy.title}\n" for policy in loaded.policies))
        return Exit.CLEAN
    matching = [policy for policy in loaded.policies if policy.answers(options.policy)]
    if not matching:
        names = [policy.id for policy in loaded.policies]
        warn(f"svc explain: there is no policy `{options.policy}`{nearest(options.policy, names)}\n")
        return Exit.INVALID
    say("\n".join(explain(policy, assets.policies()) for policy in matching))
    return Exit.CLEAN
