"""What shows that it is a part of an object: one definition for all that asks."""

from __future__ import annotations

import pytest

from svc.kubernetes.parts import is_part, is_whole
from svc.kubernetes.types import Manifest
from svc.parse import parse
from svc.source import Source
from svc.tree import Tree

_LABELLED = "metadata: {labels: {a: b}}, "
_DEPLOYMENT = (
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {%stemplate: {%sspec: {containers: [%s]}}}}"
)
_JOB = "{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {containers: [%s]}}}}"
_POD = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [%s]}}"
_SELECTOR = "selector: {matchLabels: {a: b}}, "
_IMAGE, _NONE = "{name: a, image: b}", "{name: a, resources: {}}"


def _read(text: str, *, printed: bool = False) -> Manifest:
    return Manifest(Tree(parse(Source("a.yaml", text)).documents[0].data), printed=printed)


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        (_DEPLOYMENT % (_SELECTOR, _LABELLED, _IMAGE), False, True),
        (_DEPLOYMENT % (_SELECTOR, "", _IMAGE), False, True),
        (_DEPLOYMENT % ("", _LABELLED, _IMAGE), False, True),
        (_DEPLOYMENT % (_SELECTOR, _LABELLED, _NONE), False, False),
        (_DEPLOYMENT % (_SELECTOR, _LABELLED, f"{_IMAGE}, {_NONE}"), False, False),
        (_DEPLOYMENT % ("", "", _IMAGE), True, False),
        (_DEPLOYMENT % ("", _LABELLED, _NONE), True, False),
        (_DEPLOYMENT % (_SELECTOR, _LABELLED, ""), True, False),
        (_DEPLOYMENT % (_SELECTOR, _LABELLED, "{name: a, image: b, env: [{name: c, $patch: delete}]}"), True, False),
        (_JOB % _IMAGE, False, True),
        (_JOB % _NONE, True, False),
        (_POD % _IMAGE, False, True),
        (_POD % _NONE, False, False),
        (_POD % "", False, False),
        ("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: NodePort}}", False, False),
        ("{apiVersion: v1, kind: Service, metadata: {name: a}, $patch: delete}", True, False),
    ],
)
def test_what_an_object_lacks_tells_a_part(text: str, *, part: bool, whole: bool) -> None:
    assert (is_part(_read(text)), is_whole(_read(text))) == (part, whole)


def test_what_a_template_printed_is_no_part() -> None:
    assert not is_part(_read(_DEPLOYMENT % ("", "", _NONE), printed=True))
