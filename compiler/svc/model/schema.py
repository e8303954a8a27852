"""The JSON Schema of the language, made from the model: `python -m svc.model.schema DIR` writes the published files.

Draft 2020-12. Every property has a description and examples, and a default where there is one. A mapping that has a
short form takes that too. In `service.yaml` a null takes away what a lower layer says, so it is allowed for every key
that can be left out; what stands under an environment is a part of the same language.
"""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from svc.model.base import Part
from svc.model.load import models_of
from svc.model.rules import RULES
from svc.model.service import Service
from svc.model.workspace import Workspace

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_MODELS: dict[str, type[BaseModel]] = {"service": Service, "workspace": Workspace}
_TITLES = {"service": "service.yaml of svc", "workspace": "svc-workspace.yaml of svc"}
_NULL = {"type": "null"}
_SAME_EVERYWHERE = ("apiVersion", "name", "environments")
"""Keys of a service that no environment can change."""


def json_schema(kind: str) -> str:
    """The schema of `service` or `workspace`, as text."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"


def schema(kind: str) -> Schema:
    """The schema of `service` or `workspace`."""
    root, definitions = _referring(_definitions(Service))
    layer = _layer(root, definitions)
    if kind == "workspace":
        root, definitions = _definitions(Workspace)
        _put_layers(root, definitions)
    else:
        _loosen(root, definitions)
        root["properties"]["environments"]["additionalProperties"] = _or_null({"$ref": "#/$defs/ServiceLayer"})
    definitions |= layer
    head = {"$schema": _DRAFT, "$id": f"urn:svc:v1:{kind}", "title": _TITLES[kind]}
    return {**head, **root, "$defs": dict(sorted(definitions.items()))}


def _definitions(model: type[BaseModel]) -> tuple[Schema, dict[str, Schema]]:
    """The schema of a model, and those of all mappings that it is made of, by name."""
    made = _tidy(model.model_json_schema(by_alias=True))
    definitions: dict[str, Schema] = made.pop("$defs")
    classes = _classes(model)
    for name, one in classes.items():
        _complete(made if one is model else definitions[name], one)
    shorts = {name: _short(name, definitions, classes) for name in definitions}
    for name, short in shorts.items():
        if short is not None:
            description = definitions[name].pop("description", "")
            definitions[name] = {"description": description, "anyOf": [short, definitions[name]]}
    return made, definitions


def _classes(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    seen: dict[str, type[BaseModel]] = {}
    queue = [model]
    while queue:
        one = queue.pop()
        if one.__name__ not in seen:
            seen[one.__name__] = one
            queue += [inner for field in one.model_fields.values() for inner in models_of(field.annotation)]
    return seen


def _tidy(node: Any) -> Any:
    """Without the null of optional fields (a key is left out instead) and pydantic's titles; names judged as a whole."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _tidy(value) for key, value in node.items() if not (key == "title" and isinstance(value, str))}
    if isinstance(made.get("oneOf"), list):
        made["anyOf"] = made.pop("oneOf")
    if isinstance(made.get("anyOf"), list):
        options = [option for option in made.pop("anyOf") if option != _NULL]
        made = {**options[0], **made} if len(options) == 1 else {**made, "anyOf": options}
    if made.get("default", ...) is None:
        del made["default"]
    if isinstance(made.get("patternProperties"), dict):
        (pattern, values), *_ = made.pop("patternProperties").items()
        made["propertyNames"] = {**made.get("propertyNames", {}), "pattern": pattern}
        made["additionalProperties"] = values or {}
    return made


def _complete(made: Schema, model: type[BaseModel]) -> None:
    """Descriptions first, an example for every property, and the rules about several keys."""
    fields = {field.alias or key: field for key, field in model.model_fields.items()}
    for key, one in made["properties"].items():
        factory = fields[key].default_factory
        default = fields[key].get_default(call_default_factory=True) if factory else None
        if default and isinstance(default, list):
            one.setdefault("default", default)
        examples = one.pop("examples", None) or one.get("enum") or _plain_examples(one)
        head = {
            "description": one.pop("description", ""),
            **({"default": one.pop("default")} if "default" in one else {}),
        }
        made["properties"][key] = {**head, **({"examples": examples} if examples else {}), **one}
    rules = [rule for base in reversed(model.__mro__) for rule in RULES.get(base.__name__, ())]
    if rules:
        made["allOf"] = [dict(rule) for rule in rules]


def _plain_examples(one: Schema) -> list[Any]:
    if one.get("type") == "boolean":
        return [True, False]
    known = one.get("const", one.get("default"))
    return [known] if known else []


def _short(name: str, definitions: dict[str, Schema], classes: dict[str, type[BaseModel]]) -> Schema | None:
    """The form of the single value that a mapping can be written as."""
    model = classes[name]
    key = _BY_VALIDATOR.get(name) or (model.SHORT if issubclass(model, Part) else "")
    if not key:
        return None
    form = {word: value for word, value in definitions[name]["properties"][key].items() if word not in _ABOUT}
    for rule in RULES.get(name, ()):
        form |= rule.get("properties", {}).get(key, {})
    return _short(_target(form), definitions, classes) if "$ref" in form else form


_ABOUT = frozenset({"description", "examples", "default"})
_BY_VALIDATOR = {"Health": "http"}
"""Mappings whose own validator takes a short form."""


_REFERENCE = r"(^|[^$])\$\{(environment|service)\.[A-Za-z_]*\}"
"""What is replaced by a fact before the model judges a text."""


def _referring(node: Any) -> Any:
    """Texts of a certain form may have `${environment...}` or `${service...}` in them instead."""
    if isinstance(node, list | tuple):
        return type(node)(_referring(one) for one in node)
    if not isinstance(node, dict):
        return node
    made = {key: value if key in ("propertyNames", "not") else _referring(value) for key, value in node.items()}
    if str(made.get("pattern", "")).startswith("^(?:"):
        made["pattern"] += f"|{_REFERENCE}"
        if made.get("maxLength") in (15, 63):  # the pattern says it too
            del made["maxLength"]
    return made


def _target(node: Schema) -> str:
    return str(node["$ref"]).rpartition("/")[2]


def _or_null(node: Schema) -> Schema:
    """The same, or null."""
    if isinstance(node.get("type"), str | list):
        types = [node["type"]] if isinstance(node["type"], str) else node["type"]
        more = {"enum": [*node["enum"], None]} if "enum" in node else {}
        return {**node, "type": [*types, "null"], **more}
    about = {key: value for key, value in node.items() if key in _ABOUT}
    form = {key: value for key, value in node.items() if key not in _ABOUT}
    if not form:
        return node
    options = form["anyOf"] if set(form) == {"anyOf"} else [form]
    return {**about, "anyOf": [*options, _NULL]}


def _mapping(definition: Schema) -> Schema:
    """The mapping of a definition, beside its short form."""
    return definition if "properties" in definition else next(one for one in definition["anyOf"] if "properties" in one)


def _merged(root: Schema, definitions: dict[str, Schema]) -> list[str]:
    """The mappings that layers merge key by key: those that no list is above."""
    found: list[str] = []
    queue: list[Any] = list(root["properties"].values())
    while queue:
        node = queue.pop()
        if not isinstance(node, dict):
            continue
        if "$ref" in node and _target(node) not in found:
            found.append(_target(node))
            queue += _mapping(definitions[_target(node)])["properties"].values()
        queue += [*node.get("anyOf", ()), node.get("additionalProperties")]
    return found


def _nullable(made: Schema, required: list[str]) -> None:
    for key, one in made["properties"].items():
        values = one.get("additionalProperties")
        if isinstance(values, dict):
            one["additionalProperties"] = _or_null(values)
        made["properties"][key] = one if key in required else _or_null(one)


def _loosen(root: Schema, definitions: dict[str, Schema]) -> None:
    for made in (root, *(_mapping(definitions[name]) for name in _merged(root, definitions))):
        _nullable(made, made.get("required", []))


def _layer(root: Schema, definitions: dict[str, Schema]) -> dict[str, Schema]:
    """A part of a service, as a layer says it: nothing is required, and rules are for the whole."""
    names = _merged(root, definitions)
    made = {f"{name}Layer": _relinked(copy.deepcopy(definitions[name]), names) for name in names}
    top = _relinked(copy.deepcopy(root), names)
    made["ServiceLayer"] = {**top, "description": "What differs from the service."}
    for key in _SAME_EVERYWHERE:
        del top["properties"][key]
    for one in (_mapping(one) for one in made.values()):
        for word in ("required", "allOf"):
            one.pop(word, None)
        _nullable(one, [])
    lists = {name: one for name, one in definitions.items() if name not in names}
    return lists | made


def _relinked(node: Any, names: list[str]) -> Any:
    """References to mappings that layers merge lead to their parts."""
    if isinstance(node, list):
        return [_relinked(one, names) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node and _target(node) in names:
        return {**node, "$ref": f"{node['$ref']}Layer"}
    return {key: value if key == "items" else _relinked(value, names) for key, value in node.items()}


def _put_layers(root: Schema, definitions: dict[str, Schema]) -> None:
    """The parts of services that a workspace holds."""
    layer = {"$ref": "#/$defs/ServiceLayer"}
    for owner in (root, definitions["Environment"]):
        about = {key: value for key, value in owner["properties"]["defaults"].items() if key in _ABOUT}
        owner["properties"]["defaults"] = {**about, **layer}
    root["properties"]["profiles"]["additionalProperties"] = layer


def main(folder: Path) -> None:
    for kind in _MODELS:
        (folder / f"{kind}.schema.json").write_text(json_schema(kind), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
