"""The reference of the command line, made from the parser: `python -m svc.cli.docs docs/reference`."""

from __future__ import annotations

import argparse
import ast
import inspect
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from svc.cli import exits
from svc.cli.verbs import parser

_HEAD = """# The command line

Made from the argument parser by `make update`; do not edit.
"""


def reference() -> str:
    """The whole page; from the parser's actions, so that no terminal's width reaches it."""
    return "\n".join([_HEAD, *chain.from_iterable(_sections("svc", verb) for verb in _verbs(parser())), _exit_codes()])


def _verbs(of: argparse.ArgumentParser) -> list[tuple[str, argparse.ArgumentParser]]:
    kinds = (action for action in of._actions if isinstance(action, argparse._SubParsersAction))
    return [verb for kind in kinds for verb in kind.choices.items()]


def _sections(above: str, named: tuple[str, argparse.ArgumentParser], mark: str = "##") -> Iterator[str]:
    """A verb, and below it the verbs that it has itself."""
    name, verb = f"{above} {named[0]}", named[1]
    actions = [one for one in verb._actions if not isinstance(one, argparse._HelpAction | argparse._SubParsersAction)]
    rows = [f"| `{_form(action)}` | {_meaning(action)} |" for action in actions]
    table = ["| argument | meaning |", "|---|---|", *rows, ""] if rows else []
    yield "\n".join([f"{mark} {name}", "", verb.description or "", "", *table])
    for inner in _verbs(verb):
        yield from _sections(name, inner, f"{mark}#")


def _form(action: argparse.Action) -> str:
    """How it is written on the command line: `--out DIR`, `[PATH...]`."""
    value = _value(action)
    if action.option_strings:
        return " ".join(part for part in (action.option_strings[-1], value) if part)
    return {"*": f"[{value}...]", "?": f"[{value}]", "+": f"{value}..."}.get(str(action.nargs), value)


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    return str(action.metavar or action.dest.upper().replace("_", "-"))


def _meaning(action: argparse.Action) -> str:
    text = (action.help or "").replace("|", "\\|")
    if not action.choices:
        return text
    words = ", ".join(f"`{choice}`" for choice in action.choices)
    default = f"; `{action.default}` unless given" if action.default else ""
    return f"{text}: {words}{default}"


def _exit_codes() -> str:
    rows = [f"| {code} | {meaning} |" for code, meaning in exit_meanings()]
    return "\n".join(["## Exit codes", "", "| code | meaning |", "|---|---|", *rows, ""])


def exit_meanings() -> Iterator[tuple[int, str]]:
    """Each exit code with the text that stands below it in `exits.py`."""
    (enum,) = ast.parse(inspect.getsource(exits.Exit)).body
    assert isinstance(enum, ast.ClassDef)
    for member, text in zip(enum.body, [*enum.body[1:], None], strict=True):
        if isinstance(member, ast.Assign) and isinstance(member.targets[0], ast.Name):
            code = exits.Exit[member.targets[0].id]
            assert isinstance(text, ast.Expr), f"{code.name} says nothing about itself"
            yield int(code), str(ast.literal_eval(text.value))


def main(folder: Path) -> None:
    (folder / "cli.md").write_text(reference(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
