"""The JSON Schema of the language, made from the model: `python -m svc.model.schema DIR` writes the published files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from svc.model.service import Service
from svc.model.workspace import Workspace

_MODELS: dict[str, type[BaseModel]] = {"service": Service, "workspace": Workspace}


def json_schema(kind: str) -> str:
    """Draft 2020-12, with descriptions and examples, as text."""
    model = _MODELS[kind]
    schema = model.model_json_schema(by_alias=True)
    tidy = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_tidy(schema)}
    if kind == "service":
        tidy["properties"]["environments"]["additionalProperties"] = {"type": ["object", "null"]}
    return json.dumps(tidy, indent=2, ensure_ascii=False, sort_keys=False) + "\n"


def _tidy(node: Any) -> Any:
    """Without the null of optional fields (a key is left out instead) and pydantic's titles; short forms allowed."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _tidy(value) for key, value in node.items() if not (key == "title" and isinstance(value, str))}
    if "anyOf" in made:
        options = [option for option in made["anyOf"] if option != {"type": "null"}]
        if len(options) == 1:
            del made["anyOf"]
            made = {**options[0], **made}
        else:
            made["anyOf"] = options
    if made.get("default", ...) is None:
        del made["default"]
    if "$defs" in made:
        made["$defs"] = {name: _short(name, definition) for name, definition in made["$defs"].items()}
    return made


def _short(name: str, definition: dict[str, Any]) -> dict[str, Any]:
    """A definition that also takes its short form."""
    import svc.model.around
    import svc.model.process
    import svc.model.workspace

    for module in (svc.model.process, svc.model.around, svc.model.workspace):
        model = getattr(module, name, None)
        if model is None:
            continue
        short = getattr(model, "SHORT", "") or ("http" if name == "Health" else "")
        if short:
            return {
                "anyOf": [definition, {"type": ["string", "number", "boolean"]}],
                "description": definition.get("description", ""),
            }
    return definition


def main(folder: Path) -> None:
    for kind in _MODELS:
        (folder / f"{kind}.schema.json").write_text(json_schema(kind), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
