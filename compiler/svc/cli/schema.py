"""`svc schema`: the JSON Schema of service.yaml or of the workspace, for editors."""

from __future__ import annotations

import argparse
from typing import Any

from svc.cli.console import say
from svc.cli.exits import Exit


def add(verbs: Any) -> None:
    verb = verbs.add_parser(
        "schema",
        help="print the JSON Schema of a spec",
        description="Prints the JSON Schema of service.yaml, or of the workspace file.",
    )
    verb.add_argument("kind", choices=("service", "workspace"), nargs="?", default="service", help="which file")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    from svc.model.schema import json_schema

    say(json_schema(options.kind))
    return Exit.CLEAN
