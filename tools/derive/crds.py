"""Derive schemas/kubernetes/crds/ from the type declarations of the npm packages @kubernetes-models/*.

    npm pack @kubernetes-models/gateway-api@2.0.0 && tar xzf *.tgz          (one folder a package, under `packages`)
    python tools/derive/crds.py packages schemas/kubernetes

The declarations name every property and what is required; patterns, ranges and CEL rules are not in them.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KINDS = {
    "cert-manager": ("cert-manager.io/v1", ("Certificate",)),
    "external-secrets": ("external-secrets.io/v1", ("ExternalSecret",)),
    "gateway-api": ("gateway.networking.k8s.io/v1", ("Gateway", "GRPCRoute", "HTTPRoute")),
    "keda": ("keda.sh/v1alpha1", ("ClusterTriggerAuthentication", "ScaledObject", "TriggerAuthentication")),
    "prometheus-operator": ("monitoring.coreos.com/v1", ("PodMonitor", "PrometheusRule", "ServiceMonitor")),
}
SCALARS: Mapping[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "object": {"type": "object"},
    "null": {"type": "null"},
    "unknown": {},
    "any": {},
}
WELL_KNOWN: Mapping[str, dict[str, Any]] = {
    "Quantity": {"type": ["string", "number"]},
    "IntOrString": {"type": ["string", "integer"]},
    "Time": {"type": "string", "format": "date-time"},
    "Duration": {"type": "string"},
    "JSON": {},
}
IMPORT = re.compile(r"import \{([^}]*)\} from \"([^\"]+)\";")
INTERFACE = re.compile(r"export (?:declare )?interface I(\w+)(?: extends ([\w, ]+))? \{(.*?)\n\}", re.S)
ALIAS = re.compile(r"export (?:declare )?type I(\w+) = (.*?);\n", re.S)
PROPERTY = re.compile(r"^    \"([^\"]+)\"(\?)?: (.*?);$(?=\s*\n    \"|\s*\Z)", re.M | re.S)
LITERAL = re.compile(r"\"[^\"]*\"|-?\d+")
COMMENT = re.compile(r"/\*\*.*?\*/", re.S)


class Reader:
    """Declarations to definitions, by file; a file is read once however often it is named."""

    def __init__(self, built_in: Mapping[str, Any]) -> None:
        self.built_in = built_in
        self.definitions: dict[str, Any] = {}

    def file(self, path: Path) -> dict[str, Any]:
        """A reference to what the file declares."""
        name = f"{path.parent.name}.{path.name.removesuffix('.d.ts')}"
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = self._declared(path)
        return {"$ref": f"#/$defs/{name}"}

    def _declared(self, path: Path) -> dict[str, Any]:
        text = COMMENT.sub("", path.read_text(encoding="utf-8"))
        imports = {name.strip(): source for names, source in IMPORT.findall(text) for name in names.split(",")}
        if found := INTERFACE.search(text):
            return self._interface(path, imports, found.group(2) or "", found.group(3))
        if found := ALIAS.search(text):
            return self._type(path, imports, found.group(2).strip())
        raise ValueError(f"{path}: neither an interface nor a type")

    def _interface(self, path: Path, imports: Mapping[str, str], bases: str, body: str) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
        for base in (one.strip() for one in bases.split(",")):
            if base and base != "TypeMeta":
                inherited = self.definitions[self._name(path, imports, base)["$ref"].removeprefix("#/$defs/")]
                schema["properties"].update(inherited["properties"])
                schema["required"] += inherited.get("required", [])
        for name, optional, declared in PROPERTY.findall(body):
            schema["properties"][name] = self._type(path, imports, declared.strip())
            if not optional:
                schema["required"].append(name)
        if not schema["required"]:
            del schema["required"]
        return schema

    def _type(self, path: Path, imports: Mapping[str, str], declared: str) -> dict[str, Any]:
        if len(choices := split(declared)) > 1:
            if all(LITERAL.fullmatch(choice) for choice in choices):
                return {"enum": sorted(json.loads(choice) for choice in choices)}
            return {"anyOf": [self._type(path, imports, choice) for choice in choices]}
        if LITERAL.fullmatch(declared):
            return {"enum": [json.loads(declared)]}
        if found := re.fullmatch(r"Array<(.*)>", declared, re.S):
            return {"type": "array", "items": self._type(path, imports, found.group(1))}
        if found := re.fullmatch(r"\{\s*\[key: string\]: (.*?);?\s*\}", declared, re.S):
            return {"type": "object", "additionalProperties": self._type(path, imports, found.group(1))}
        if declared.startswith("{"):
            inner = "\n".join(line.removeprefix("    ") for line in declared[1:-1].splitlines())
            return self._interface(path, imports, "", inner)
        return dict(SCALARS[declared]) if declared in SCALARS else self._name(path, imports, declared)

    def _name(self, path: Path, imports: Mapping[str, str], name: str) -> dict[str, Any]:
        source = imports[name]
        last = source.rsplit("/", 1)[-1].removesuffix(".js")
        if source.startswith("."):
            return self.file((path.parent / source).resolve().with_suffix(".d.ts"))
        if last in WELL_KNOWN:
            return dict(WELL_KNOWN[last])
        version = source.split("/")[-2]
        candidates = sorted(full for full in self.built_in if full.endswith(f".{version}.{last}"))
        if not candidates:
            raise ValueError(f"{path}: {source} is not known")
        wanted = candidates[0]
        self._built_in(wanted)
        return {"$ref": f"#/$defs/{wanted}"}

    def _built_in(self, name: str) -> None:
        if name in self.definitions:
            return
        self.definitions[name] = self.built_in[name]
        for found in re.findall(r"\"#/\$defs/([^\"]+)\"", json.dumps(self.built_in[name])):
            self._built_in(found)


def split(declared: str) -> list[str]:
    """The members of a union, leaving those inside brackets and strings alone."""
    parts, depth, start, quoted = [], 0, 0, False
    for at, character in enumerate(declared):
        quoted ^= character == '"'
        depth += 0 if quoted else (character in "<{([") - (character in ">})]")
        if character == "|" and depth == 0 and not quoted:
            parts.append(declared[start:at].strip())
            start = at + 1
    return [part for part in [*parts, declared[start:].strip()] if part]


def main(packages: Path, kubernetes: Path) -> None:
    built_in: dict[str, Any] = {}
    for path in (kubernetes / "1.35").glob("*.json"):
        built_in.update(json.loads(path.read_text(encoding="utf-8"))["$defs"])
    (kubernetes / "crds").mkdir(exist_ok=True)
    for package, (api, kinds) in KINDS.items():
        group, version = api.split("/")
        for kind in kinds:
            reader = Reader(built_in)
            reference = reader.file((packages / package / "package" / group / version / f"{kind}.d.ts").resolve())
            body = reader.definitions.pop(reference["$ref"].removeprefix("#/$defs/"))
            schema = {"$schema": "http://json-schema.org/draft-07/schema#", **body, "$defs": reader.definitions}
            name = f"{kind}-{group.split('.')[0]}-{version}.json".lower()
            text = json.dumps(schema, sort_keys=True, separators=(",", ":"))
            (kubernetes / "crds" / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
