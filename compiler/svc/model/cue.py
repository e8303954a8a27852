"""The CUE definition of the language, made from its JSON Schema: `python -m svc.model.cue DIR` writes `service.cue`.

Forms become CUE types; rules about several keys become `matchN` and `matchIf`. CUE's regular expressions are RE2, which
the patterns of the model keep to.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from svc.model.schema import Schema, schema

_HEAD = """\
// The language of svc in CUE: #Service is what service.yaml says, #Workspace what svc-workspace.yaml says.
// Made from the model by `make update`; do not edit.
//
// A name that ends in Layer is a part of a service, as an environment, a profile or the defaults say it.
package svc

import (
	"strings"
	"struct"
)
"""


def cue_definition() -> str:
    """The whole file."""
    found: dict[str, Schema] = {}
    for kind, name in (("service", "Service"), ("workspace", "Workspace")):
        made = schema(kind)
        shared = made["$defs"]
        differing = [one for one in shared if one in found and found[one] != shared[one]]
        if differing:
            raise ValueError(f"two definitions of {', '.join(differing)}")
        found |= {name: {key: value for key, value in made.items() if not key.startswith("$")}, **shared}
    first = ("Service", "Workspace")
    names = [*first, *sorted(set(found) - set(first))]
    return "\n".join([_HEAD, *(f"{_comment(found[name], '')}#{name}: {_form(found[name], '')}\n" for name in names)])


def _form(node: Schema, indent: str) -> str:
    """A value of this form."""
    if "$ref" in node:
        return f"#{node['$ref'].rpartition('/')[2]}"
    if "const" in node:
        return json.dumps(node["const"])
    if "enum" in node:
        return " | ".join(json.dumps(word) for word in node["enum"])
    if "anyOf" in node and "properties" not in node:
        return " | ".join(_bracketed(_form(one, indent)) for one in node["anyOf"])
    types = node.get("type", [])
    parts = [_typed(node, word, indent) for word in ([types] if isinstance(types, str) else types)]
    return " | ".join(parts if len(parts) == 1 else [_bracketed(part) for part in parts]) or "_"


def _typed(node: Schema, word: str, indent: str) -> str:
    if word == "object":
        return _struct(node, indent)
    if word == "array":
        items = _form(node.get("items", {}), indent)
        return f"[...{_bracketed(items)}]"
    if word == "string":
        return " & ".join(_text(node)) or "string"
    if word in ("integer", "number"):
        limits = (
            [(f">={node['minimum']}", "minimum"), (f"<={node.get('maximum')}", "maximum")] if "minimum" in node else []
        )
        kind = "int" if word == "integer" else "number"
        return " & ".join([kind, *(limit for limit, name in limits if name in node)])
    return {"boolean": "bool", "null": "null"}[word]


def _text(node: Schema) -> list[str]:
    patterns = [node.get("pattern"), *(one.get("pattern") for one in node.get("allOf", ()))]
    found = [f"=~{_pattern(pattern)}" for pattern in patterns if pattern]
    if "not" in node:
        found.append(f"!~{_pattern(node['not']['pattern'])}")
    for word, name in (("minLength", "MinRunes"), ("maxLength", "MaxRunes")):
        if word in node:
            found.append(f"strings.{name}({node[word]})")
    return found


def _pattern(pattern: str) -> str:
    """A pattern as RE2 spells it, in a string without escapes."""
    text = re.sub(r"\\u([0-9a-f]{4})", r"\\x{\1}", pattern)
    return f'#"{text}"#'


def _struct(node: Schema, indent: str) -> str:
    if "properties" in node:
        inner = indent + "\t"
        lines = [_field(key, one, node, inner) for key, one in node["properties"].items()]
        body = "close({\n" + "\n".join(lines) + f"{indent}}})"
        return " & ".join([body, *(_rule(rule) for rule in node.get("allOf", ()))])
    values = node.get("additionalProperties")
    if not isinstance(values, dict):
        return "{...}"
    names = " & ".join(_text(node.get("propertyNames", {}))) or "string"
    return f"close({{[{names}]: {_form(values, indent)}}})"


def _field(key: str, one: Schema, owner: Schema, indent: str) -> str:
    mark = "!" if key in owner.get("required", ()) else "?"
    return f"{_comment(one, indent)}{indent}{key}{mark}: {_form(one, indent)}\n"


def _comment(node: Schema, indent: str) -> str:
    text = node.get("description", "")
    if node.get("default", "") not in ("", [], {}):
        text += f" Default: {json.dumps(node['default'], ensure_ascii=False)}."
    examples = [json.dumps(one, ensure_ascii=False) for one in node.get("examples", ())]
    if examples and "enum" not in node and node.get("type") != "boolean":
        text += f" Example: {examples[0]}"
    return f"{indent}// {' '.join(text.split())}\n" if text else ""


def _bracketed(text: str) -> str:
    return f"({text})" if " " in text and not (text.startswith("close(") and " & " not in text) else text


def _rule(node: Schema) -> str:
    """A validator that a mapping must satisfy."""
    for word, count in (("oneOf", "1"), ("anyOf", ">=1")):
        if word in node:
            return f"matchN({count}, [{', '.join(_rule(one) for one in node[word])}])"
    if "allOf" in node:
        return " & ".join(_rule(one) for one in node["allOf"])
    if "not" in node:
        return f"matchN(0, [{_rule(node['not'])}])"
    if "if" in node:
        return f"matchIf({_rule(node['if'])}, {_rule(node['then'])}, _)"
    ((key, one),) = node["properties"].items()
    return f"{{{key}{'!' if 'required' in node else '?'}: {_held(one)}, ...}}"


def _held(one: Schema) -> str:
    """What a rule wants of one key."""
    if "not" in one and "pattern" not in one:
        return "!=null"
    if "allOf" in one:
        return f"{{...}} & {_rule(one)}"
    if "minItems" in one:
        return "[_, ...]"
    if "minProperties" in one:
        return f"struct.MinFields({one['minProperties']})"
    return _form(one, "")


def main(folder: Path) -> None:
    (folder / "service.cue").write_text(cue_definition(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
