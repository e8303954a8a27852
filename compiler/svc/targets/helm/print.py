"""Template trees as text: the one place that writes Go template directives."""

from __future__ import annotations

import json
from typing import Any

from svc.emit import Emitted, emit
from svc.patterns import regex
from svc.targets.helm.types import (
    Added,
    Builtin,
    Checksum,
    Const,
    Current,
    Each,
    Entry,
    Extra,
    Fields,
    Helper,
    Hole,
    Items,
    Node,
    Path,
    Spread,
    Template,
    When,
)
from svc.yaml_holes import Block, Guarded, Raw, Splice
from svc.yaml_scalars import in_template

_IDENTIFIER = regex(r"[A-Za-z_][A-Za-z0-9_]*")
_PRINTED = {"string": "{} | quote", "flag": "{}", "integer": "{} | int64", "scalar": "toJson {}"}


def template_text(template: Template, chart: str, header: str) -> Emitted:
    """A template file: its header, the guard around it, the object."""
    body: Any = _Printer(chart, ".").node(template.body)
    if template.when is not None:
        body = Guarded(_open(template.when, "."), body, "{{- end }}")
    return emit(body, header=header, template=True)


def reference(path: Path, root: str = ".") -> str:
    """`.Values.image.tag`, or `index .Values "a-b"` where a key is no identifier; `root` is `$` inside a range."""
    values = f"{root if root == '$' else ''}.Values"
    if all(_IDENTIFIER.fullmatch(part) for part in path):
        return ".".join((values, *path))
    return f"(index {values} {' '.join(json.dumps(part) for part in path)})"


def _open(when: When, root: str) -> str:
    return f"{{{{- if {condition(when, root)} }}}}"


def condition(when: When, root: str = ".") -> str:
    if when.kind == "has":
        parent = reference(when.path[:-1], root) if len(when.path) > 1 else f"{root if root == '$' else ''}.Values"
        return f"hasKey {parent} {json.dumps(when.path[-1])}"
    value = reference(when.path, root)
    if when.also:
        value = f"(or {value} {reference(when.also, root)})"
    return f"not {value}" if when.kind == "unless" else value


def scalar(node: Node) -> str:
    """A directive that prints one scalar."""
    made = _Printer("", ".").node(node)
    return made.text if isinstance(made, Raw) else in_template(str(made))


class _Printer:
    def __init__(self, chart: str, root: str) -> None:
        self.chart, self.root = chart, root

    def node(self, node: Node) -> Any:
        if type(node) is Const:
            return _constant(node.value)
        if type(node) is Fields:
            return dict(
                [
                    (entry.key, _constant(entry.node.value))
                    if type(entry) is Entry and entry.when is None and type(entry.node) is Const
                    else self.field(index, entry)
                    for index, entry in enumerate(node.entries)
                ]
            )
        if isinstance(node, Hole):
            return self.hole(node)
        if isinstance(node, Helper):
            included = f'include "{self.chart}.{node.name}" {self.root}'
            return Raw(f'"{{{{ {included} }}}}{node.suffix}"' if node.suffix else f"{{{{ {included} | quote }}}}")
        if isinstance(node, Builtin):
            prefix = "$" if self.root == "$" else ""
            return Raw(f"{{{{ {prefix}.{node.name} | quote }}}}")
        if isinstance(node, Current):
            return Raw("{{ . | quote }}")
        if isinstance(node, Checksum):
            path = reference(node.path, self.root)
            return Raw(f"{{{{ dict {json.dumps(node.name)} {path} | toRawJson | sha256sum }}}}")
        if isinstance(node, Each):
            inner = _Printer(self.chart, "$").node(node.node)
            return [Guarded(f"{{{{- range {reference(node.path, self.root)} }}}}", inner, "{{- end }}")]
        assert isinstance(node, Items)
        return self.items(node)

    def items(self, node: Items) -> list[Any]:
        made = [
            self.added(entry) if isinstance(entry, Added) else self.guarded(entry, self.node(entry.node))
            for entry in node.entries
        ]
        if not node.instead:
            return made
        path = reference(node.instead, self.root)
        head = Splice(lambda at: [f"{{{{- with {path} }}}}", f"{{{{- toYaml . | nindent {at} }}}}", "{{- else }}"])
        return [head, *made, Splice(["{{- end }}"])]

    def added(self, entry: Added) -> Splice:
        path = reference(entry.path, self.root)
        return Splice(lambda at: [f"{{{{- with {path} }}}}", f"{{{{- toYaml . | nindent {at} }}}}", "{{- end }}"])

    def field(self, index: int, entry: Entry | Spread | Extra | Added) -> tuple[str, Any]:
        """The key and the value of an entry; what prints no key of its own has one that no mapping has."""
        if type(entry) is Entry and (entry.key or not isinstance(entry.node, Hole)):
            return entry.key, self.guarded(entry, self.node(entry.node))
        return f"\0{index}", self.spliced(entry)

    def spliced(self, entry: Entry | Spread | Extra | Added) -> Splice:
        if isinstance(entry, Added):
            return self.added(entry)
        if isinstance(entry, Spread):
            helper, root = f"{self.chart}.{entry.helper}", self.root
            return Splice(lambda at: [f'{{{{- include "{helper}" {root} | nindent {at} }}}}'])
        if isinstance(entry, Extra):
            path, key = reference(entry.path, self.root), entry.key
            return Splice(lambda at: _with(path, key, at))
        assert isinstance(entry.node, Hole)
        path = reference(entry.node.path, self.root)
        return Splice(lambda at: [f"{{{{- toYaml {path} | nindent {at} }}}}"])

    def guarded(self, entry: Entry, value: Any) -> Any:
        return value if entry.when is None else Guarded(_open(entry.when, self.root), value, "{{- end }}")

    def hole(self, hole: Hole) -> Any:
        path = reference(hole.path, self.root)
        if hole.form == "json":
            # JSON leaves NEL as it is; YAML takes it for the end of a line.
            return Raw(f'{{{{ toJson {path} | replace "\\u0085" "\\\\u0085" }}}}')
        if hole.form in _PRINTED:
            return Raw(f"{{{{ {_PRINTED[hole.form].format(path)} }}}}")
        return Block(lambda at: [f"{{{{- toYaml {path} | nindent {at} }}}}"])


def _constant(value: Any) -> Any:
    """A directive after a block would eat the empty lines at its end: such a text is quoted instead."""
    if type(value) is dict:
        return {key: _constant(one) for key, one in value.items()}
    if type(value) is list:
        return [_constant(one) for one in value]
    if not isinstance(value, str) or not value.endswith("\n\n"):
        return value
    quoted = "".join(char if char.isprintable() else _escaped(char) for char in json.dumps(value, ensure_ascii=False))
    return Raw(quoted.replace("{{", '{{ "{{" }}'))


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _with(path: str, key: str, at: int) -> list[str]:
    return [
        f"{{{{- with {path} }}}}",
        f"{in_template(key)}:",
        f"  {{{{- toYaml . | nindent {at + 2} }}}}",
        "{{- end }}",
    ]


__all__ = ["Items", "reference", "template_text"]
