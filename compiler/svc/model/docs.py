"""The reference of the language, made from the model: `python -m svc.model.docs docs/reference`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from svc.model.amounts import CPU, DISK, MEMORY, OF_LANGUAGE
from svc.model.base import Part
from svc.model.forms import SCALARS, form, scalar
from svc.model.load import models_of
from svc.model.mapped import Field, Mapped, fields_of
from svc.model.service import Service
from svc.model.workspace import Workspace
from svc.quantities import amount

_HEAD = """# The language

Made from the model by `make update`; do not edit.

- [service.yaml](#service) describes one service. Its parts follow in the order in which they are first mentioned.
- [svc-workspace.yaml](#workspace), in a folder above the specs, is what a team decides once for all of them.
- [What is asked for](#what-is-asked-for) by a process that says nothing of its resources depends on its language.
- [Forms](#forms) are how single values are written. [References](references.md) are what `${...}` in a value can name.

## Environments and layers

An environment is a name under `environments` of the workspace, or of the service when the workspace has none; without either there is one, `production`.
What a service is in an environment is merged from layers, each over the ones before it:

1. the workspace's `defaults`
2. the workspace's profile that the service names with `profile`
3. the service itself
4. the workspace's `environments.<name>.defaults`
5. the service's `environments.<name>`
6. `--set ROUTE=VALUE` of the command line

Mappings merge key by key, lists and single values replace, `null` removes. `environments.local` of a service is what differs in `compose.yaml`; it is never deployed.
"""
_SHORT = "A mapping over a short form replaces it, except that it adds to that of {}: `db: {{size: large}}` over `db: postgres` is both.\n"


def reference() -> str:
    """The whole page."""
    parts = list(_parts())
    growing = [model.__name__ for _, model in parts if issubclass(model, Part) and model.SHORT_MERGES]
    sections = [_section(place, model) for place, model in parts]
    return "\n".join([_HEAD, _SHORT.format(", ".join(growing)), *sections, _asked(), _forms()])


def _parts() -> Iterator[tuple[str, type[Mapped]]]:
    """Every mapping of the language once, breadth first, with what the reader writes to get there."""
    queue: list[tuple[str, type[Mapped]]] = [("`service.yaml`", Service), ("`svc-workspace.yaml`", Workspace)]
    seen: set[type[Mapped]] = set()
    while queue:
        place, owner = queue.pop(0)
        if owner in seen:
            continue
        seen.add(owner)
        yield place, owner
        for field in fields_of(owner).values():
            queue += [(f"`{field.key}` of {owner.__name__}", one) for one in models_of(field.annotation)]


def _section(place: str, model: type[Mapped]) -> str:
    doc = " ".join((model.__doc__ or "").split())
    lines = [f"## {model.__name__}", "", f"{place}. {doc}", ""]
    lines += ["| key | form | default | meaning | example |", "|---|---|---|---|---|"]
    for field in fields_of(model).values():
        cells = (
            f"`{field.key}`",
            form(field.annotation),
            _default(field),
            field.description,
            _code(field.examples[0]) if field.examples else "",
        )
        lines.append("| " + " | ".join(_cell(text) for text in cells) + " |")
    return "\n".join([*lines, ""])


def _default(field: Field) -> str:
    if field.required:
        return "**required**"
    value = field.value()
    if value is None or value in ("", [], {}) or isinstance(value, Mapped):
        return ""
    return _code(_seconds(value) if scalar(field.annotation) == "Duration" else value)


def _seconds(value: int) -> str:
    parts = ((value // 3600, "h"), (value % 3600 // 60, "m"), (value % 60, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def _code(value: Any) -> str:
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


_ASKED = """## What is asked for

A process that says nothing of its resources asks for {cpu} of CPU, {disk} of ephemeral storage, and memory by the language of `build`:

{rows}

The limit of memory is what is asked for. A process of the service's image has the memory of its language, a step, job or worker that which the service says, if it does; one of another image,
or of your own Dockerfile, has the last. To see what a process really uses, look at it under load, and say that instead.

For the JVM, images say `-XX:MaxRAMPercentage=75.0`: three quarters of the limit are the heap, and what Spring needs besides (classes, compiled code, threads) goes into the rest of 1Gi, but not of 512Mi.
Node's heap may grow to half of the limit, but to 256Mi also where the limit is less. .NET takes three quarters by itself.
"""


def _asked() -> str:
    """The memory of each language, the most first."""
    amounts = sorted({*OF_LANGUAGE.values(), MEMORY}, key=amount, reverse=True)
    rows = ["| memory | language |", "|---|---|"]
    for size in amounts:
        names = [f"`{name}`" for name, one in sorted(OF_LANGUAGE.items()) if one == size]
        rows.append(f"| {size} | {', '.join(names) if size != MEMORY else 'any other'} |")
    return _ASKED.format(cpu=CPU, disk=DISK, rows="\n".join(rows))


def _forms() -> str:
    rows = [f"| {words} | {look} |" for words, look in sorted(SCALARS.values())]
    return "\n".join(["## Forms", "", "| form | how it is written |", "|---|---|", *rows, ""])


def main(folder: Path) -> None:
    (folder / "language.md").write_text(reference(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
