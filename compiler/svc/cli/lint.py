"""`svc lint`: specs and hand-written artifacts, judged by the same policies."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from svc.cli.console import FORMATS, SEVERITIES, report, shown, verdict
from svc.cli.exits import Exit
from svc.diagnostics import Diagnostic, ordered


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "lint",
        help="judge specs and artifacts",
        description="Judges specs, Dockerfiles, Kubernetes manifests, workflows, compose files and Terraform.",
    )
    verb.add_argument(
        "paths", nargs="*", metavar="PATH", default=["."], help="files, or folders to search (default: this folder)"
    )
    verb.add_argument("--format", choices=FORMATS, default="text", help="form of the report")
    verb.add_argument(
        "--fail-on", choices=tuple(SEVERITIES), default="error", help="lowest severity that makes the exit code 1"
    )
    verb.add_argument(
        "--profile",
        choices=("baseline", "recommended", "strict"),
        default="",
        help="which policies judge (default: the workspace's, or recommended)",
    )
    verb.add_argument(
        "--policy-set",
        choices=("pss-baseline", "pss-restricted"),
        default="",
        help="judge by a policy set instead of a profile",
    )
    verb.add_argument(
        "--kubernetes", metavar="1.N", default="", help="Kubernetes minor that versioned policies judge by"
    )
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    from svc import assets
    from svc.lint import collect, findings
    from svc.policy.load import load
    from svc.policy.types import KUBERNETES_MINOR, Settings

    minor = options.kubernetes.removeprefix("1.") if options.kubernetes else str(KUBERNETES_MINOR)
    if not minor.isdigit():
        from svc.cli.console import warn

        warn(f"svc lint: --kubernetes {options.kubernetes} is not a version such as 1.{KUBERNETES_MINOR}\n")
        return Exit.INVALID
    linted = collect([Path(path) for path in options.paths], shown)
    found: list[Diagnostic] = list(linted.diagnostics)
    sources = dict(linted.sources)
    if linted.subjects:
        loaded = load([assets.policies()])
        found += loaded.problems
        settings = Settings(options.policy_set or options.profile or "recommended", {}, int(minor))
        found += findings(linted, loaded.policies, settings)
    if linted.specs:
        found += _specs(linted.specs, options.policy_set or options.profile, sources)
    diagnostics = ordered(found)
    report(diagnostics, sources, options.format)
    return verdict(diagnostics, SEVERITIES[options.fail_on])


def _specs(paths: list[Path], profile: str, sources: dict[str, Any]) -> tuple[Diagnostic, ...]:
    from svc.pipeline import Request, compile_

    today = date.today()
    compiled = compile_(Request(tuple(paths), shown, today, profile=profile))
    sources.update(compiled.sources)
    return compiled.diagnostics
