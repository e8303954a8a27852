"""Artifacts as plain data for policies in CUE. Routes in the data are routes in the artifact.

Documents are as they are. A Dockerfile is its list of instructions, a Terraform module its blocks by type and labels
as in Terraform's own JSON form, a chart its data files by path with the `files` that it has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from svc.targets.protocol import Subject

if TYPE_CHECKING:
    from svc.targets.docker.types import Dockerfile
    from svc.targets.terraform.types import Attribute, Block, Module, Value


def plain(subject: Subject) -> Any:
    artifact = subject.artifact
    if subject.surface == "docker":
        return _dockerfile(artifact)
    if subject.surface == "terraform":
        return _module(artifact)
    if subject.surface == "helm":
        return _chart(artifact)
    return artifact.tree.data


def _dockerfile(artifact: Dockerfile) -> Any:
    keys = ("keyword", "args", "flags", "exec")
    return {"instructions": [{key: asdict(one)[key] for key in keys} for one in artifact.instructions]}


def _module(module: Module) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for block in module.blocks():
        node = made
        for label in block.address[:-1]:
            node = node.setdefault(str(label), {})
        inside, last = _body(block.body), str(block.address[-1])
        if last not in node:
            node[last] = inside
        elif block.labels:
            node[last] = [*(node[last] if isinstance(node[last], list) else [node[last]]), inside]
        else:  # `locals` and `terraform` may stand in several places
            _join(node[last], inside)
    return made


def _join(node: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        had = node.get(key)
        node[key] = [*had, *value] if isinstance(had, list) and isinstance(value, list) else value


def _body(body: Iterable[Attribute | Block]) -> dict[str, Any]:
    from svc.targets.terraform.types import Attribute

    made: dict[str, Any] = {}
    for part in body:
        if isinstance(part, Attribute):
            made[part.name] = _value(part.value)
        else:
            made.setdefault(part.type, []).append(
                {**({"labels": list(part.labels)} if part.labels else {}), **_body(part.body)}
            )
    return made


def _value(value: Value) -> Any:
    """Literals as they are; whatever is only known when Terraform runs is text with `${` in it."""
    from svc.targets.terraform.types import Call, Expr, Object
    from svc.targets.terraform.write import expression

    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if isinstance(value, Object):
        return {key: _value(item) for key, item in value.items}
    if isinstance(value, Expr | Call):
        text = expression(value)
        return text[1:-1] if text.startswith('"') and text.endswith('"') else f"${{{text}}}"
    return value


def _chart(chart: Any) -> dict[str, Any]:
    from svc.targets.helm.source import SourceChart, chart_of

    if not isinstance(chart, SourceChart):
        from svc.targets.helm.render import render

        home = chart.path("")
        chart = chart_of({path.removeprefix(home): text for path, text in render(chart).files.items()})
    return {**{path: document.data for path, document in chart.documents.items()}, "files": list(chart.paths)}
