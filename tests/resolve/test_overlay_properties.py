"""The merge against a model of it that fits on a page: a recursive function over plain data and layer numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from svc.diagnostics import Place, Route
from svc.resolve.overlay import Layer, Merged, merge

KEYS = st.sampled_from(["env", "labels", "a", "b", "c"])
SCALARS = st.sampled_from(["x", "y", "z"])
LISTS = st.lists(SCALARS | st.dictionaries(KEYS, SCALARS, max_size=2), max_size=3)
DATA = st.recursive(
    st.none() | SCALARS | LISTS, lambda inner: st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
).filter(lambda value: isinstance(value, dict))
LAYERS = st.lists(DATA, min_size=1, max_size=5)


def _layer(number: int, data: Any) -> Layer:
    return Layer(f"layer {number}", data, lambda route, _anchor: Place(f"{number}", None, route))


def _merged(layers: Sequence[Any]) -> Merged:
    return merge(_layer(number, data) for number, data in enumerate(layers))


def _over(below: Any, above: Any) -> Any:
    """The model: RFC 7386 in five lines."""
    if not isinstance(above, dict):
        return above
    kept = dict(below) if isinstance(below, dict) else {}
    for key, value in above.items():
        kept.pop(key, None) if value is None else kept.update({key: _over(kept.get(key), value)})
    return kept


def _model(layers: Sequence[Any]) -> Any:
    found: Any = {}
    for layer in layers:
        found = _over(found, layer)
    return found


def _leaves(data: Any, route: Route = ()) -> dict[Route, Any]:
    if isinstance(data, dict) and data:
        return {key: leaf for name, item in data.items() for key, leaf in _leaves(item, (*route, name)).items()}
    return {route: data}


def _get(data: Any, route: Route) -> Any:
    for part in route:
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _without_nulls(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    return {key: _without_nulls(item) for key, item in data.items() if item is not None}


@given(LAYERS)
def test_the_merge_is_the_model(layers: list[Any]) -> None:
    assert _merged(layers).data == _model(layers)


@given(LAYERS)
def test_every_value_is_its_layers_own(layers: list[Any]) -> None:
    """The layer that a value remembers says exactly this value there, and no higher layer says anything there."""
    merged = _merged(layers)
    for route, value in _leaves(merged.data).items():
        if not route:
            continue
        number = int(merged.origins[route].place.file)
        assert merged.origins[route].layer == f"layer {number}"
        assert _without_nulls(_get(layers[number], route)) == value
        for above in layers[number + 1 :]:
            said = _get(above, route)
            assert said is None or (said == {} and value == {}) or _without_nulls(said) == {}


@given(LAYERS)
def test_origins_are_exactly_those_of_what_is_there(layers: list[Any]) -> None:
    def routes(data: Any, route: Route) -> set[Route]:
        items: Any = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
        return {route}.union(*(routes(item, (*route, key)) for key, item in items)) if items else {route}

    merged = _merged(layers)
    assert set(merged.origins) == routes(merged.data, ())
    assert set(merged.keys) == set(merged.origins) - {()}


@given(LAYERS, st.integers(0, 5))
def test_lower_layers_can_be_merged_first(layers: list[Any], cut: int) -> None:
    """Associative from below: a prefix may be collapsed into one layer."""
    below = _merged(layers[:cut]).data
    assert _merged([below, *layers[cut:]]).data == _merged(layers).data


MAPS = st.dictionaries(KEYS, st.dictionaries(KEYS, SCALARS, max_size=3), max_size=3)


@given(MAPS, MAPS, MAPS)
def test_layers_that_only_add_are_associative(one: Any, two: Any, three: Any) -> None:
    def over(low: Any, high: Any) -> Any:
        return _merged([low, high]).data

    assert over(over(one, two), three) == over(one, over(two, three))


@given(LAYERS, st.integers(0, 5))
def test_an_empty_layer_changes_nothing(layers: list[Any], at: int) -> None:
    assert _merged([*layers[:at], {}, *layers[at:]]).data == _merged(layers).data


@given(LAYERS)
def test_a_layer_twice_is_a_layer_once(layers: list[Any]) -> None:
    assert _merged([*layers, layers[-1]]).data == _merged(layers).data


@given(LAYERS)
def test_null_for_everything_leaves_nothing(layers: list[Any]) -> None:
    keys = {key for layer in layers for key in layer}
    merged = _merged([*layers, dict.fromkeys(keys)])
    assert merged.data == {}
    assert set(merged.origins) == {()}
    assert {route for (route,) in merged.removed} >= set(_model(layers))


@given(LAYERS, st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(layers: list[Any], random: Any) -> None:
    def shuffled(data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        keys = list(data)
        random.shuffle(keys)
        return {key: shuffled(data[key]) for key in keys}

    mixed, straight = _merged([shuffled(layer) for layer in layers]), _merged(layers)
    assert mixed.data == straight.data
    assert mixed.origins == straight.origins


@given(LAYERS)
def test_layers_are_left_as_they_were(layers: list[Any]) -> None:
    before = repr(layers)
    merged = _merged(layers)
    for value in merged.data.values():
        if isinstance(value, list):
            value.append("changed")
    assert repr(layers) == before
