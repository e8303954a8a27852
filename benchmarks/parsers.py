"""Parsers and emitters of YAML on the same texts: `python -m benchmarks.parsers [FILES]`, in Markdown.

The texts are the manifests, workflows and compose files of the corpus. Libraries that are not installed are said to be
"not here"; `pip install ruamel.yaml rapidyaml py-yaml12 ryaml fastyaml-rs` brings them.
"""

# ruff: noqa: T201
from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from benchmarks import corpus

RUNS = 5
ODD = {"on": "NO", "version": "1.10", "time": "12:30", "octal": "010", "null": "~", "sha": "12e03"}
"""Texts that some reader takes for something else."""


def texts(files: int) -> list[str]:
    found: list[str] = []
    number = 0
    while len(found) < files:
        found += [text for path, text in corpus.files(corpus.app(number, 1)) if path.endswith(".yaml")]
        number += 1
    return found[:files]


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


def parsers() -> dict[str, Callable[[str], Any] | None]:
    """What turns a text into the data of all its documents; None: not here."""
    from svc.yaml_nodes import events
    from svc.yaml_plain import loaded

    yaml, ruamel, ryml = _module("yaml"), _module("ruamel.yaml"), _module("ryml")
    yaml12, ryaml, fast = _module("yaml12"), _module("ryaml"), _module("fast_yaml")
    return {
        "svc: data and marks (libyaml's events)": marked,
        "svc: data alone (libyaml's events)": loaded,
        "libyaml's events alone, by PyYAML": lambda text: list(events(text)),
        "PyYAML CSafeLoader": yaml and (lambda text: list(yaml.load_all(text, yaml.CSafeLoader))),
        "PyYAML SafeLoader": yaml and (lambda text: list(yaml.load_all(text, yaml.SafeLoader))),
        "ruamel.yaml safe (C)": ruamel and (lambda text: list(ruamel.YAML(typ="safe").load_all(text))),
        "ruamel.yaml round-trip (marks)": ruamel and (lambda text: list(ruamel.YAML().load_all(text))),
        "rapidyaml, its tree alone (C++)": ryml and (lambda text: ryml.parse_in_arena(text.encode())),
        "rapidyaml, its tree walked": ryml and (lambda text: walked(ryml, text)),
        "py-yaml12 (Rust)": yaml12 and (lambda text: yaml12.parse_yaml(text, multi=True)),
        "ryaml (Rust)": ryaml and ryaml.loads_all,
        "fastyaml-rs (Rust)": fast and (lambda text: list(fast.safe_load_all(text))),
    }


def marked(text: str) -> Sequence[Any]:
    from svc.parse import parse
    from svc.source import Source

    parsed = parse(Source("a", text))
    if parsed.problems:
        raise ValueError(parsed.problems[0].message)
    return parsed.documents


def walked(ryml: Any, text: str) -> list[Any]:
    """Plain data from rapidyaml's tree, every scalar a text: what a reader of ours would at least have to do."""
    tree = ryml.parse_in_arena(text.encode())

    def value(node: int) -> Any:
        if tree.is_map(node):
            return {bytes(tree.key(one)).decode(): value(one) for one in ryml.children(tree, node)}
        if tree.is_seq(node):
            return [value(one) for one in ryml.children(tree, node)]
        return bytes(tree.val(node) or b"").decode() if tree.has_val(node) else None

    root = tree.root_id()
    return [value(one) for one in ryml.children(tree, root)] if tree.is_stream(root) else [value(root)]


def emitters() -> dict[str, Callable[[Any], str] | None]:
    from io import StringIO

    from svc.emit import emit

    yaml, ruamel = _module("yaml"), _module("ruamel.yaml")
    yaml12, ryaml, fast = _module("yaml12"), _module("ryaml"), _module("fast_yaml")

    def round_trip(data: Any) -> str:
        stream = StringIO()
        ruamel.YAML(typ="rt").dump(data, stream)
        return stream.getvalue()

    return {
        "svc": lambda data: emit(data).text,
        "PyYAML CSafeDumper": yaml and (lambda data: yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False)),
        "PyYAML SafeDumper": yaml and (lambda data: yaml.dump(data, Dumper=yaml.SafeDumper, sort_keys=False)),
        "ruamel.yaml": ruamel and round_trip,
        "py-yaml12 (Rust)": yaml12 and yaml12.format_yaml,
        "ryaml (Rust)": ryaml and ryaml.dumps,
        "fastyaml-rs (Rust)": fast and fast.safe_dump,
    }


def seconds(work: Callable[[Any], Any], items: Sequence[Any]) -> float:
    """Of CPU, the median of several runs."""
    found = []
    for _ in range(RUNS):
        start = time.process_time()
        for one in items:
            work(one)
        found.append(time.process_time() - start)
    return statistics.median(found)


def _reads(parse: Callable[[str], Any]) -> str:
    """How a parser takes texts that YAML 1.1 and 1.2 take differently, and a key that is given twice."""
    text = "on: NO\nversion: 1.10\ntime: 12:30\n"
    try:
        first = parse(text)[0]
        data = getattr(first, "data", first)
        said = "1.2" if data.get("on") == "NO" and data.get("time") == "12:30" else "1.1"
    except Exception:
        return "no data"
    try:
        again = parse("a: 1\na: 2\n")
        return f"{said}, a key twice is {'said' if again is None or not again else 'lost'}"
    except Exception:
        return f"{said}, a key twice is said"


def _safe(emit: Callable[[Any], str]) -> str:
    """Whether readers of YAML 1.1 and of 1.2 both get back what was printed."""
    import yaml

    from svc.parse import parse
    from svc.source import Source

    lost = []
    for key, value in ODD.items():
        text = emit({key: value})
        documents = parse(Source("a", text)).documents
        if yaml.safe_load(text) != {key: value} or not documents or documents[0].data != {key: value}:
            lost.append(f"`{key}: {value}`")
    return f"loses {', '.join(lost)}" if lost else "all"


def table(files: int) -> list[str]:
    found = texts(files)
    size = sum(map(len, found))
    rows = [f"{files} texts, {size / 1000:.0f} kB.", "", "| parser | CPU | to svc's | YAML |", "|---|---|---|---|"]
    floor = 0.0
    for name, parse in parsers().items():
        if parse is None:
            rows.append(f"| {name} | not here | | |")
            continue
        spent = seconds(parse, found)
        floor = floor or spent
        rows.append(f"| {name} | {spent * 1000:.0f} ms | {spent / floor:.2f} x | {_reads(parse)} |")
    from svc.yaml_plain import loaded

    data = [one for text in found for one in loaded(text) or ()]
    rows += ["", "| emitter | CPU | to svc's | read back right by YAML 1.1 and 1.2 |", "|---|---|---|---|"]
    floor = 0.0
    for name, emit in emitters().items():
        if emit is None:
            rows.append(f"| {name} | not here | | |")
            continue
        spent = seconds(emit, data)
        floor = floor or spent
        rows.append(f"| {name} | {spent * 1000:.0f} ms | {spent / floor:.2f} x | {_safe(emit)} |")
    return rows


if __name__ == "__main__":
    print(*table(int(sys.argv[1]) if len(sys.argv) > 1 else 300), sep="\n")
