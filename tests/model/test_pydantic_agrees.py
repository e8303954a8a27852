"""The reading of the language against pydantic: the same classes as pydantic's find the same faults, in the same order."""

from __future__ import annotations

import copy
import functools
import operator
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from svc.model.mapped import Chosen, Fault, Mapped, fields_of, read, rules_of, written
from svc.model.service import Service
from svc.model.spelled import Refused, Spelled
from svc.model.workspace import Workspace
from svc.parse import parse
from svc.resolve.overlay import annotated
from svc.source import Source

FIXTURES = Path(__file__).parents[2] / "fixtures"
KINDS = {"missing": "missing", "extra_forbidden": "unknown", "literal_error": "word", "svc": "refused"}
KINDS |= {"dict_type": "no-mapping", "model_type": "no-mapping", "list_type": "no-list"}
Said = tuple[str, tuple[Any, ...], str, tuple[str, ...], bool]


def _documents() -> list[tuple[type[Mapped], Any]]:
    found: list[tuple[type[Mapped], Any]] = []
    for path in [*FIXTURES.glob("ok/*.yaml"), *FIXTURES.glob("err/*.yaml"), *FIXTURES.rglob("real/**/s*.yaml")]:
        parsed = parse(Source(path.name, path.read_text("utf-8", "replace")))
        if not parsed.problems and parsed.documents and isinstance(parsed.documents[0].data, dict):
            kind: type[Mapped] = Workspace if "workspace" in path.name else Service
            found.append((kind, annotated(parsed.documents[0])))
    return found


DOCUMENTS = _documents()
OTHERS: tuple[Any, ...] = (
    *("", "x", "A b", "http", "80", "/tmp", "postgres", "10.0.0.0/8", "a/b:1", "*", "1h", "svc/v1", "2026-01-01"),
    *(Spelled(None, "null"), Spelled(True, "true"), Spelled(8080, "8080"), Spelled(1.5, "1.50"), Spelled(-1, "-1")),
    *([], {}, ["x"], [{}], {"x": "y"}, {"http": "/"}, {"port": Spelled(80, "80")}, {"path": "/", "type": "Exact"}),
)
KEYS = ("x", "http", "port", "type", "env", "from", "min", "max", "value", "Upper", "command", "image", "host", "peer")


def _refusing(check: Callable[..., Any], *first: Any) -> Callable[[Any], Any]:
    def call(value: Any) -> Any:
        try:
            return check(*first, value)
        except Refused as refused:
            told = {"message": refused.message, "at": refused.at}
            raise PydanticCustomError("svc", "{message}", told) from None

    return call


TWINS: dict[type[Mapped], type[BaseModel]] = {}


def twin(kind: type[Mapped]) -> type[BaseModel]:
    """The class as pydantic's, with the same rules."""
    if kind not in TWINS:
        TWINS[kind] = _twin(kind)
    return TWINS[kind]


def _twin(kind: type[Mapped]) -> type[BaseModel]:

    def judging(name: str) -> Any:
        def judge(self: Any) -> Any:
            _refusing(getattr(kind, name))(_ours(self))
            return self

        return model_validator(mode="after")(judge)

    def rewriting(name: str) -> Any:
        rule = _refusing(vars(next(base for base in kind.__mro__ if name in vars(base)))[name].__func__, kind)
        return model_validator(mode="before")(lambda value: rule(value))

    fields: dict[str, Any] = {}
    for name, one in fields_of(kind).items():
        words: dict[str, Any] = {"alias": one.alias} if one.alias else {}
        if not one.required:
            words |= {"default_factory": one.value}
        fields[name] = (_typed(one.annotation), Field(**words))
    rules = {name: judging(name) for name in rules_of(kind, "after")}
    rules |= {name: rewriting(name) for name in rules_of(kind, "before")}
    config = ConfigDict(extra="forbid", protected_namespaces=())
    made: type[BaseModel] = create_model(kind.__name__, __config__=config, __validators__=rules, **fields)
    OF[made] = kind
    return made


OF: dict[type[BaseModel], type[Mapped]] = {}


def _typed(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, Mapped):
        return twin(annotation)
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        for mark in parts[1:]:
            if isinstance(mark, Chosen):
                members = typing.get_args(parts[0])
                tagged = [Annotated[_typed(one), Tag(f"\0{number}")] for number, one in enumerate(members)]
                by = Discriminator(_tags(mark))
                return Annotated[functools.reduce(operator.or_, tagged), by]
            if hasattr(mark, "check"):
                return Annotated[parts[0], BeforeValidator(_refusing(mark.check))]
    if origin in (list, dict):
        return origin[tuple(map(_typed, parts))]
    if origin in (typing.Union, types.UnionType):
        return functools.reduce(operator.or_, [_typed(one) if one is not type(None) else None for one in parts])
    return annotation


def _tags(mark: Chosen) -> Callable[[Any], str]:
    return lambda value: f"\0{int(mark.by(value))}"


def _ours(value: Any) -> Any:
    """A pydantic object as one of ours."""
    if isinstance(value, BaseModel):
        kind = OF[type(value)]
        made = kind.__new__(kind)
        made.__dict__.update({name: _ours(getattr(value, name)) for name in fields_of(kind)})
        object.__setattr__(made, "_written", frozenset(value.model_fields_set))
        return made
    if isinstance(value, list):
        return [_ours(one) for one in value]
    return {key: _ours(one) for key, one in value.items()} if isinstance(value, dict) else value


def _theirs(kind: type[Mapped], data: Any) -> tuple[Any, list[Said]]:
    try:
        return _ours(twin(kind).model_validate(data)), []
    except ValidationError as error:
        said = []
        for one in error.errors(include_url=False):
            told = one.get("ctx", {}) if one["type"] == "svc" else {}
            at = tuple(part for part in one["loc"] if part != "[key]" and not str(part).startswith("\0"))
            key = "[key]" in one["loc"]
            said.append((KINDS[one["type"]], at, told.get("message", ""), tuple(told.get("at", ())), key))
        return None, said


def _read(kind: type[Mapped], data: Any) -> tuple[Any, list[Said]]:
    faults: list[Fault] = []
    made = read(kind, data, (), faults)
    said: list[Said] = [(one.kind, one.at, one.message, one.inside, one.key) for one in faults]
    return (None if faults else made), said


def _agree(kind: type[Mapped], data: Any) -> None:
    ours, theirs = _read(kind, data), _theirs(kind, data)
    assert ours == theirs
    if ours[0] is not None:
        assert _all_written(ours[0]) == _all_written(theirs[0])


def _all_written(value: Any) -> Any:
    if isinstance(value, Mapped):
        return written(value), [_all_written(one) for one in vars(value).values()]
    if isinstance(value, dict):
        return [_all_written(one) for one in value.values()]
    return [_all_written(one) for one in value] if isinstance(value, list) else None


def _nodes(value: Any) -> list[Any]:
    """All mappings and lists of a document that have something in them."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [
        *([value] if value and isinstance(value, dict | list) else []),
        *(one for item in inside for one in _nodes(item)),
    ]


@pytest.mark.parametrize("number", range(len(DOCUMENTS)))
def test_documents_are_read_alike(number: int) -> None:
    _agree(*DOCUMENTS[number])


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_broken_documents_have_the_same_faults(draw: st.DataObject) -> None:
    kind, data = draw.draw(st.sampled_from(DOCUMENTS))
    data = copy.deepcopy(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        nodes = _nodes(data) or [{"x": data}]
        node = nodes[draw.draw(st.integers(0, len(nodes) - 1))]
        place = draw.draw(st.sampled_from(list(node) if isinstance(node, dict) else list(range(len(node)))))
        how = draw.draw(st.sampled_from(("replace", "remove", "add") if isinstance(node, dict) else ("replace",)))
        if how == "remove":
            del node[place]
            continue
        key = draw.draw(st.sampled_from(KEYS)) if how == "add" else place
        node[key] = copy.deepcopy(draw.draw(st.sampled_from(OTHERS)))
    _agree(kind, data)
