"""Objects in YAML files, Lists included, and the way back to their lines."""

from __future__ import annotations

from svc.kubernetes.read import kindless, read
from svc.parse import parse
from svc.source import Source

TEXT = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: one}
---
# nothing here
---
just: data
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: two}
  - apiVersion: v1
    kind: ServiceList
    items:
      - apiVersion: v1
        kind: Service
        metadata:
          name: three
"""


def test_lists_are_flattened_and_places_kept() -> None:
    objects = read(parse(Source("all.yaml", TEXT)).documents)
    assert [(one.manifest.kind, one.manifest.name, one.prefix) for one in objects] == [
        ("ConfigMap", "one", ()),
        ("ConfigMap", "two", ("items", 0)),
        ("Service", "three", ("items", 1, "items", 0)),
    ]
    assert objects[2].span(("metadata", "name")).line == 21
    assert objects[2].place(("metadata", "name")).route == ("items", 1, "items", 0, "metadata", "name")


def test_what_is_no_object_is_left_out() -> None:
    assert read(parse(Source("x.yaml", "- a\n- b\n")).documents) == ()


def test_items_of_a_typed_list_are_of_its_kind() -> None:
    text = "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n- {kind: Odd, apiVersion: v1}\n- just text\n"
    documents = parse(Source("pods.yaml", text)).documents
    assert [(one.manifest.kind, one.manifest.api_version) for one in read(documents)] == [("Pod", "v1"), ("Odd", "v1")]
    assert [route for _, route in kindless(documents)] == [("items", 2)]


def test_what_does_not_say_what_it_is_is_said() -> None:
    assert [route for _, route in kindless(parse(Source("all.yaml", TEXT)).documents)] == [()]
    listed = parse(Source("x.yaml", "apiVersion: v1\nkind: List\nitems: [{metadata: {name: a}}]\n")).documents
    assert [route for _, route in kindless(listed)] == [("items", 0)]
