"""`svc explain POLICY`: what a policy demands, why, and what to write instead."""

from __future__ import annotations

import argparse
from typing import Any

from svc.cli.console import say
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
    from svc.cli.policies import explained
    from svc.policy.load import load

    loaded = load([assets.policies()])
    if not options.policy:
        say("".join(f"{policy.id}: {policy.title}\n" for policy in loaded.policies))
        return Exit.CLEAN
    return explained(loaded.policies, options.policy, "svc explain")
