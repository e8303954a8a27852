"""Derive schemas/terraform/aws-schema.json from the npm package @cdktn/provider-aws and schemas/terraform/aws.json.

    npm pack @cdktn/provider-aws@25.7.0 && tar xzf cdktn-provider-aws-*.tgz
    python tools/derive/terraform_aws.py package/lib schemas/terraform

The result has the form of `terraform providers schema -json`, and says of every attribute whether it is required,
optional or computed, and of every nested value whether it is a block, a list or a set. Arguments that the table of
the newer provider knows and the bindings do not are added as optional. Defaults, enums and conflicts are in neither.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SENSITIVE = ("password", "master_password", "auth_token", "secret_string", "secret_binary", "token")
GETTERS: dict[str, Any] = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getListAttribute": ["list", "string"],
    "getNumberListAttribute": ["list", "number"],
    "getStringMapAttribute": ["map", "string"],
    "getNumberMapAttribute": ["map", "number"],
    "getBooleanMapAttribute": ["map", "bool"],
    "getAnyMapAttribute": ["map", "string"],
}
TABLE_TYPES = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
CLASS = re.compile(r"^(?:export )?class (\w+) extends cdktn\.(\w+) \{$", re.M)
FLAGS = re.compile(r"^    // (\w+) - computed: (true|false), optional: (true|false), required: (true|false)$", re.M)
NESTED = re.compile(r'new (\w+?)(OutputReference|List|MapList|Map)\(this, "\w+"(?:, (true|false))?\)')
TYPED_MAP = re.compile(r"new cdktn\.(String|Number|Boolean|Any)Map\(")
HCL_FUNCTION = re.compile(r"^(?:export )?function (\w+)ToHclTerraform\(struct\) \{(.*?)^\}", re.M | re.S)
HCL_ENTRY = re.compile(r'^ +(\w+): \{\n +value: .*\n +isBlock: (true|false),\n +type: "(\w+)",', re.M)

Schema = dict[str, Any]


class Bindings:
    """One index.js: its classes by name, and for each the entries that are written as blocks."""

    def __init__(self, text: str) -> None:
        marks = [*CLASS.finditer(text)]
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        self.bodies = {mark.group(1): text[mark.end() : end] for mark, end in zip(marks, ends, strict=False)}
        self.main = next(
            mark.group(1) for mark in marks if mark.group(2) in ("TerraformResource", "TerraformDataSource")
        )
        self.written = {found.group(1).lower(): entries(found.group(2)) for found in HCL_FUNCTION.finditer(text)}
        main = self.bodies[self.main]
        self.written[self.main.lower()] = entries(main[main.find("synthesizeHclAttributes") :])

    def block(self, struct: str, class_name: str) -> Schema:
        schema: Schema = {"attributes": {}, "block_types": {}}
        written = self.written.get(struct.lower(), {})
        for name, flags, body in self.members(class_name):
            nested = NESTED.search(body)
            is_block, kind = written.get(name, (False, ""))
            if nested and is_block and "computed" not in flags:
                schema["block_types"][name] = self.nested_block(nested, kind, "required" in flags)
            else:
                schema["attributes"][name] = attribute(name, self.value_type(nested, body), flags)
        return {key: value for key, value in schema.items() if value}

    def members(self, class_name: str) -> Iterator[tuple[str, set[str], str]]:
        text = self.bodies[class_name]
        marks = [*FLAGS.finditer(text)]
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        for mark, end in zip(marks, ends, strict=False):
            words = ("computed", "optional", "required")
            flags = {word for word, value in zip(words, mark.groups()[1:], strict=True) if value == "true"}
            yield mark.group(1), flags, text[mark.end() : end]

    def nested_block(self, nested: re.Match[str], kind: str, required: bool) -> Schema:
        struct, form, _ = nested.groups()
        nesting = {"struct": "single", "set": "set"}.get(kind, "list")
        out: Schema = {"nesting_mode": nesting, "block": self.block(struct, f"{struct}OutputReference")}
        if nesting != "single" and required:
            out["min_items"] = 1
        if nesting != "single" and form == "OutputReference":
            out["max_items"] = 1
        return out

    def value_type(self, nested: re.Match[str] | None, body: str) -> Any:
        if nested:
            struct, form, is_set = nested.groups()
            element = ["object", self.object_type(f"{struct}OutputReference")]
            if form == "OutputReference":
                return element
            return ["map" if form.startswith("Map") else "set" if is_set == "true" else "list", element]
        if found := TYPED_MAP.search(body):
            return ["map", {"String": "string", "Number": "number", "Boolean": "bool", "Any": "string"}[found.group(1)]]
        getter = re.search(r"this\.(get\w+Attribute)\(", body)
        if getter is None:
            return "dynamic"
        kind = GETTERS.get(getter.group(1), "dynamic")
        return ["set", kind[1]] if isinstance(kind, list) and kind[0] == "list" and "Fn.tolist" in body else kind

    def object_type(self, class_name: str) -> Schema:
        return {name: self.value_type(NESTED.search(body), body) for name, _, body in self.members(class_name)}


def entries(text: str) -> dict[str, tuple[bool, str]]:
    return {name: (is_block == "true", kind) for name, is_block, kind in HCL_ENTRY.findall(text)}


def attribute(name: str, kind: Any, flags: set[str]) -> Schema:
    out: Schema = {"type": kind, **dict.fromkeys(sorted(flags), True)}
    if name in SENSITIVE:
        out["sensitive"] = True
    if name.endswith("_wo"):
        out |= {"write_only": True, "sensitive": True}
    return out


def add_newer(schema: Schema, table: Schema) -> None:
    """Arguments of the table that the bindings do not know, as optional ones."""
    blocks = schema.setdefault("block_types", {})
    attributes = schema.setdefault("attributes", {})
    for name, (kind, required) in table.items():
        inner = kind[1] if isinstance(kind, list) and isinstance(kind[1], dict) else kind
        if name in blocks and isinstance(inner, dict):
            add_newer(blocks[name]["block"], inner)
        elif name not in blocks and name not in attributes:
            if isinstance(inner, dict):
                block: Schema = {}
                add_newer(block, inner)
                blocks[name] = {"nesting_mode": "list", "block": block} | ({"min_items": 1} if required else {})
            else:
                attributes[name] = attribute(name, table_type(kind), {"required" if required else "optional"})
    if not blocks:
        del schema["block_types"]


def table_type(kind: Any) -> Any:
    if isinstance(kind, list):
        return [{"array": "list"}.get(kind[0], kind[0]), table_type(kind[1])]
    return TABLE_TYPES[kind]


def derive(folder: Path) -> Schema:
    bindings = Bindings((folder / "index.js").read_text(encoding="utf-8"))
    return bindings.block(bindings.main, bindings.main)


def names(listed: str) -> list[str]:
    return Path(__file__).with_name(f"{listed}.txt").read_text(encoding="utf-8").split()


def lines(schema: dict[str, dict[str, Schema]]) -> str:
    """JSON with one type a line, so that a reader can take the types alone that it needs."""
    sections = []
    for section, types in sorted(schema.items()):
        listed = (f"{json.dumps(name)}:{_compact(types[name])}" for name in sorted(types))
        sections.append(f"{json.dumps(section)}:{{\n" + ",\n".join(listed) + "\n}")
    return "{" + ",".join(sections) + "}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def main(library: Path, out: Path) -> None:
    tables = json.loads((out / "aws.json").read_text(encoding="utf-8"))["resources"]
    resources = {}
    for name in sorted({*tables, *(f"aws_{name}" for name in names("aws_resources"))}):
        resources[name] = derive(library / name.removeprefix("aws_").replace("_", "-"))
        add_newer(resources[name], tables.get(name, {}))
    data = {f"aws_{name}": derive(library / f"data-aws-{name.replace('_', '-')}") for name in names("aws_data_sources")}
    schema = {
        "resource_schemas": {name: {"version": 0, "block": block} for name, block in resources.items()},
        "data_source_schemas": {name: {"version": 0, "block": block} for name, block in data.items()},
    }
    (out / "aws-schema.json").write_text(lines(schema), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
