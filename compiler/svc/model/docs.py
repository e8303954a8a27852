"""The reference of the language, made from the model: `python -m svc.model.docs docs/reference`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from svc.model.load import models_of
from svc.model.service import Service
from svc.model.workspace import Workspace

_HEAD = """# The language

Made from the model by `make update`; do not edit.

`service.yaml` describes one service, the workspace file `svc-workspace.yaml` above it what a team decides once. Layers are merged in this order: workspace
defaults, profile, service, workspace defaults of the environment, the service's environment, `--set`. Maps merge by key, lists and single values replace, null removes.
Durations are written `30s`, `5m`, `1h30m`; sizes `128Mi`; CPU `100m` or `0.5`. Text may be written without quotes: `version: 3.10` stays 3.10.

## References

In the values of variables: `${services.NAME.PORT}` (`host:port`; also `.host`, `.port`, `.url` behind it), `${needs.NAME.OUTPUT}`, `${secrets.NAME}`, `${env.NAME}` (an earlier
variable), `${ports.NAME}`, `${pod.ip}` and other pod facts, `${limits.memory}` and other resources. Everywhere: `${environment.name}`, `${environment.namespace}`, `${environment.domain}`,
`${environment.region}`, `${service.name}`. `$${` is a literal `${`.
"""


def reference() -> str:
    """The whole page."""
    parts = [_HEAD]
    seen: set[type[BaseModel]] = set()
    for title, model in (("service.yaml", Service), ("svc-workspace.yaml", Workspace)):
        queue: list[tuple[str, type[BaseModel]]] = [(title, model)]
        while queue:
            name, owner = queue.pop(0)
            if owner in seen:
                continue
            seen.add(owner)
            parts.append(_section(name, owner))
            for key, field in owner.model_fields.items():
                inner = models_of(field.annotation)
                queue += [(f"{(field.alias or key)}", one) for one in inner]
    return "\n".join(parts)


def _section(name: str, model: type[BaseModel]) -> str:
    doc = " ".join((model.__doc__ or "").split())
    lines = [f"## {name}: {model.__name__}", "", doc, "", "| key | meaning | default | example |", "|---|---|---|---|"]
    for key, field in model.model_fields.items():
        example = _code(field.examples[0]) if field.examples else ""
        lines.append(f"| `{field.alias or key}` | {_cell(field.description or '')} | {_default(field)} | {example} |")
    return "\n".join([*lines, ""])


def _default(field: Any) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value in ("", [], {}) or isinstance(value, BaseModel):
        return ""
    return _code(value)


def _code(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return "`" + _cell(text) + "`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main(folder: Path) -> None:
    (folder / "language.md").write_text(reference(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
