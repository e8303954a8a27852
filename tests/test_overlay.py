"""Layers: order, maps merge, lists and scalars replace, null removes, every value remembers its layer."""

from __future__ import annotations

from typing import Any

from svc.model.spelled import plain
from svc.parse import parse_one
from svc.resolve.overlay import Merged, annotated, layer_of, merge
from svc.source import Source


def _merged(*texts: str) -> Merged:
    documents = [parse_one(Source(f"{index}.yaml", text)).documents[0] for index, text in enumerate(texts)]
    return merge(layer_of(f"layer {index}", one, (), annotated(one)) for index, one in enumerate(documents))


def _data(*texts: str) -> Any:
    return plain(_merged(*texts).data)


def test_maps_merge_and_lists_and_scalars_replace() -> None:
    found = _data("env: {A: '1', B: '2'}\nargs: [a, b]\nteam: x\n", "env: {B: '3', C: '4'}\nargs: [c]\nteam: y\n")
    assert found == {"env": {"A": "1", "B": "3", "C": "4"}, "args": ["c"], "team": "y"}
    assert list(found["env"]) == ["A", "B", "C"]


def test_null_removes_and_a_later_layer_may_set_it_again() -> None:
    assert _data("expose: {host: a.example.com}\n", "expose: null\n") == {}
    assert _data("expose: {host: a.b.c}\n", "expose: null\n", "expose: {host: x.y.z}\n") == {
        "expose": {"host": "x.y.z"}
    }


def test_one_layer_is_itself() -> None:
    text = "name: shop\nports: {http: 8080}\nscale: {min: 1}\n"
    assert _data(text) == plain(annotated(parse_one(Source("x", text)).documents[0]))


def test_a_short_form_grows_where_a_layer_adds_to_it() -> None:
    assert _data("needs: {cache: redis}\n", "needs: {cache: {size: large}}\n") == {
        "needs": {"cache": {"type": "redis", "size": "large"}}
    }
    assert _data("ports: {http: 8080}\n", "ports: {http: {service: 80}}\n") == {
        "ports": {"http": {"port": 8080, "service": 80}}
    }
    assert _data("scale: 3\n", "scale: {min: 1, max: 2}\n") == {"scale": {"min": 1, "max": 2}}


def test_every_value_remembers_its_layer_and_line() -> None:
    merged = _merged("env:\n  A: '1'\n  B: '2'\n", "env:\n  B: '3'\n")
    assert merged.origins[("env", "A")].layer == "layer 0"
    origin = merged.origins[("env", "B")]
    assert (origin.layer, origin.place.file) == ("layer 1", "1.yaml")
    assert origin.place.span is not None
    assert origin.place.span.line == 2
