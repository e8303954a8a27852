"""The verbs and their options."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from svc import __version__

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

VERBS = {
    "compile": "compile",
    "lint": "lint",
    "fmt": "fmt",
    "init": "init",
    "show": "show",
    "import": "import_",
    "explain": "explain",
    "policies": "policies",
    "schema": "schema",
    "cache": "cache",
}
"""Verb -> its module in `svc.cli`, in the order of the help."""
OPTIONS = ("--help", "--version", "-h")
"""What may stand before the verb."""


class _Parser(argparse.ArgumentParser):
    """Measures the terminal, which is not cheap, when something is shown, and not for every option."""

    def __init__(self, **words: Any) -> None:
        super().__init__(formatter_class=lambda prog: argparse.HelpFormatter(prog, width=80), **words)

    def error(self, message: str) -> NoReturn:
        from svc.cli.console import warn

        warn(f"{self.prog}: {message}\n")
        warn(f"{self.prog}: `{self.prog} --help` says what there is\n")
        raise SystemExit(2)

    def _print_message(self, message: str, _: SupportsWrite[str] | None = None) -> None:
        """Help and the version. What cannot be written is an error: help that nobody gets is no success."""
        from svc.cli.console import output

        output(message)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Whoever does not know an argument says it: the verb, which has its options at hand."""
        found, rest = super().parse_known_args(args, namespace)
        if rest:
            from svc.suggest import nearest

            name = rest[0].partition("=")[0]
            options = sorted(self._option_string_actions)
            known = name.startswith("-") and f"there is no option {name}{nearest(name, options)}"
            self.error(known or f"`{rest[0]}` is one argument too many")
        return found, rest

    def format_usage(self) -> str:
        self.formatter_class = argparse.HelpFormatter
        return super().format_usage()

    def format_help(self) -> str:
        self.formatter_class = argparse.HelpFormatter
        return super().format_help()


def parser(only: str = "") -> argparse.ArgumentParser:
    """All verbs and options, from which the reference page is made, or one verb with its own."""
    top = _Parser(
        prog="svc", description="Compiles service.yaml into gated, verified artifacts, and lints the same by hand."
    )
    top.add_argument("--version", action="version", version=f"svc {__version__}")
    top.set_defaults(writes=lambda _: False)  # whether a run, by its options, writes files that follow one another
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, module in VERBS.items():
        if only in ("", name):
            import_module(f"svc.cli.{module}").add(verbs)
    return top
