"""`svc schema`: the JSON Schema of service.yaml or of the workspace, for editors; or the CUE definition of both."""

from __future__ import annotations

import argparse
from typing import Any

from svc.assets import schemas
from svc.cli.console import say
from svc.cli.exits import Exit


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "schema",
        help="print the JSON Schema of a spec, or the CUE definition",
        description="Prints the JSON Schema of service.yaml or of the workspace file, or the CUE definition of both.",
    )
    verb.add_argument("kind", choices=("service", "workspace", "cue"), nargs="?", default="service", help="which one")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    if options.kind == "cue":
        say((schemas() / "service.cue").read_text("utf-8"))
        return Exit.CLEAN
    from svc.model.schema import json_schema

    say(json_schema(options.kind))
    return Exit.CLEAN
