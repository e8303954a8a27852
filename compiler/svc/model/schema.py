"""The JSON Schema of the language, made from the model: `python -m svc.model.schema DIR` writes the published files.

Draft 2020-12. Every property has a description and examples, and a default where there is one. A mapping that has a
short form takes that too. In `service.yaml` a null takes away what a lower layer says, so it is allowed for every key
that can be left out; what stands under an environment is a part of the same language.
"""

from __future__ import annotations

import copy
import inspect
import json
import sys
import types
import typing
from pathlib import Path
from typing import Any, Literal

from svc.model.base import SPEC_ALONE, Part
from svc.model.load import models_of
from svc.model.mapped import Field, Mapped, fields_of
from svc.model.rules import RULES
from svc.model.service import Service
from svc.model.workspace import Workspace

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_MODELS: dict[str, type[Mapped]] = {"service": Service, "workspace": Workspace}
_TITLES = {"service": "service.yaml of svc", "workspace": "svc-workspace.yaml of svc"}
_NULL = {"type": "null"}


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


def _definitions(model: type[Mapped]) -> tuple[Schema, dict[str, Schema]]:
    """The schema of a model, and those of all mappings that it is made of, by name."""
    classes = _classes(model)
    definitions = {name: _class(one) for name, one in classes.items()}
    made = definitions.pop(model.__name__)
    shorts = {name: _short(name, definitions, classes) for name in definitions}
    for name, short in shorts.items():
        if short is not None:
            description = definitions[name].pop("description", "")
            definitions[name] = {"description": description, "anyOf": [short, definitions[name]]}
    return made, definitions


def _classes(model: type[Mapped]) -> dict[str, type[Mapped]]:
    seen: dict[str, type[Mapped]] = {}
    queue = [model]
    while queue:
        one = queue.pop()
        if one.__name__ not in seen:
            seen[one.__name__] = one
            queue += [inner for field in fields_of(one).values() for inner in models_of(field.annotation)]
    return seen


def _class(model: type[Mapped]) -> Schema:
    """The schema of a mapping: its keys, and the rules about several of them."""
    fields = fields_of(model).values()
    needed = [field.key for field in fields if field.required]
    rules = [rule for base in reversed(model.__mro__) for rule in RULES.get(base.__name__, ())]
    return {
        "additionalProperties": False,
        "description": inspect.cleandoc(typing.cast(str, model.__doc__)),
        "properties": {field.key: _property(field) for field in fields},
        **({"required": needed} if needed else {}),
        "type": "object",
        **({"allOf": [dict(rule) for rule in rules]} if rules else {}),
    }


def _property(field: Field) -> Schema:
    """A key: what it means first, with an example, then its form."""
    form, value = _form(field.annotation), field.value()
    made = field.default_factory is not None  # an empty one, or a part of defaults, says nothing
    said = bool(value) and isinstance(value, list) if made else value is not None
    default = {"default": value} if said else {}
    examples = field.examples or form.get("enum") or _plain_examples({**form, **default})
    return {"description": field.description, **default, **({"examples": examples} if examples else {}), **form}


def _form(annotation: Any) -> Schema:
    if annotation is Any:
        return {}
    if isinstance(annotation, type) and issubclass(annotation, Mapped):
        return {"$ref": f"#/$defs/{annotation.__name__}"}
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        forms = [mark.json_schema() for mark in parts[1:] if hasattr(mark, "json_schema")]
        return dict(sorted(forms[0].items())) if forms else _form(parts[0])
    if origin is Literal:
        return {"const": parts[0], "type": "string"} if len(parts) == 1 else {"enum": list(parts), "type": "string"}
    if origin is list:
        return {"items": _form(parts[0]), "type": "array"}
    if origin is dict:
        names = {} if parts[0] is str else _name(_form(parts[0]))
        said = {"propertyNames": names} if names else {}
        return {"type": "object", **said, "additionalProperties": _form(parts[1])}
    if origin in (typing.Union, types.UnionType):
        known = [_form(one) for one in parts if one is not type(None)]
        return known[0] if len(known) == 1 else {"anyOf": known}
    raise TypeError(f"{annotation} is no form of the language")


def _name(form: Schema) -> Schema:
    """Of a key of a mapping: that it is a text need not be said."""
    return {word: value for word, value in form.items() if word != "type"}


def _plain_examples(one: Schema) -> list[Any]:
    if one.get("type") == "boolean":
        return [True, False]
    known = one.get("const", one.get("default"))
    return [known] if known else []


def _short(name: str, definitions: dict[str, Schema], classes: dict[str, type[Mapped]]) -> Schema | None:
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
    if isinstance(node.get("type"), str | list) and "not" not in node:
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
    for key in SPEC_ALONE:
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
