"""The references of `${...}`, of what needs offer and of what policies see: `python -m svc.resolve.docs docs/reference`."""

from __future__ import annotations

import sys
from pathlib import Path

from svc import pins
from svc.resolve.needs import KINDS
from svc.resolve.references import POD_FACTS, RESOURCE_FACTS

_HEAD = """# References and needs

Made from `svc.resolve` by `make update`; do not edit.

## References

A reference to something that does not exist is an error that names what does.

In the values of `env`:

| reference | value |
|---|---|
| `${services.NAME.PORT}` | `host:port` of another service in the workspace, as it is in that environment; connections to it are allowed. PORT is one of its own, or one of a sidecar that it exposes or that says its `service` port. A port that its Service does not have is refused |
| `${services.NAME.PORT.host}`, `.port`, `.url` | a part of it, or its URL |
| `${services.NAME.host}` | its host alone; NAME may be the service itself |
| `${needs.NAME.OUTPUT}` | an output of a need, see [below](#needs) |
| `${secrets.NAME}` | a secret variable of the process, inside a longer text |
| `${env.NAME}` | a variable that stands before this one |
| `${ports.NAME}` | the number of one of the process's own ports |
"""

_EVERYWHERE = """
In `command` and `args` the same, where the value is known before the pod runs: `${env.NAME}` and `${secrets.NAME}` become `$(NAME)`, and what only the pod knows
is refused with the variable to write instead. `${HOME}` and all else that begins with none of these roots is the shell's own.

### Dollars

In `env`, `command` and `args` two dollars are one, as in Kubernetes and compose, and `$(NAME)` is a variable that stands before. A container sees the same text
in every target: in the cluster, in compose and in the tests of the workflow.

| written | seen |
|---|---|
| `a$b`, `costs 5$` | `a$b`, `costs 5$` |
| `a$$b` | `a$b` |
| `a$$$$b` | `a$$b` |
| `$(LEVEL)`, when `LEVEL: info` stands before | `info` |
| `$(date)`, when there is no such variable | `$(date)` |
| `$$(LEVEL)` | `$(LEVEL)` |
| `$${env.LEVEL}` | `${env.LEVEL}` |
| `$$$(LEVEL)`, `$$${env.LEVEL}` | `$info` |

Commands of probes and of `pre_stop` have no variables in Kubernetes: there `$$` and `$(NAME)` stay as they are, and only a shell reads them.

In any value of the spec:

| reference | value |
|---|---|
| `${environment.name}` | the environment's name |
| `${environment.namespace}` | the namespace in it |
| `${environment.domain}`, `.region`, `.account`, `.cluster` | what the workspace says about the environment |
| `${service.name}`, `${service.team}` | the service's own |

## Needs

The variables stay the same wherever a need runs: as a container in compose, in the cluster, managed by the cloud, or already there.
"""


def reference() -> str:
    """The whole page."""
    facts = [f"| `${{pod.{name}}}` | `{path}` of the pod |" for name, path in POD_FACTS.items()]
    amounts = [f"| `${{{name}}}` | `{name}` of the container |" for name in RESOURCE_FACTS]
    return "\n".join([_HEAD.rstrip("\n"), *facts, *amounts, _EVERYWHERE, _needs()])


def _needs() -> str:
    rows = [
        "| type | outputs | port | `url` | version unless given | versions with a pinned image | storage unless given |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, kind in KINDS.items():
        outputs = ", ".join(f"`{output}`" for output in kind.outputs)
        pinned = ", ".join(pins.versions(kind.image)) if kind.image else "none: managed or existing"
        url = f"`{kind.url}`" if kind.url else ""
        rows.append(
            f"| `{name}` | {outputs} | {kind.port or ''} | {url} | {kind.default} | {pinned} | {kind.storage} |"
        )
    return "\n".join([*rows, ""])


def main(folder: Path) -> None:
    from svc.resolve import view_docs

    (folder / "references.md").write_text(reference(), "utf-8")
    (folder / "service-view.md").write_text(view_docs.reference(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
