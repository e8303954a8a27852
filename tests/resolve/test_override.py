"""`--set`: routes, values, and where they lead in merged data."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc.model.spelled import plain
from svc.parse import parse_one
from svc.resolve.layers import layered
from svc.resolve.override import OverrideError, override, route_of
from svc.source import Source

SPEC = """\
apiVersion: svc/v1
name: shop
args: [serve, --fast]
ports: {http: 8080}
needs: {cache: redis}
env: {A: '1', B.C: '2'}
init:
  wait: {args: [a, b]}
expose: {host: a.example.com, paths: [/, {path: /x}]}
"""


def _set(*texts: str) -> Any:
    document = parse_one(Source("service.yaml", SPEC)).documents[0]
    return layered(document, None, "production", [override(text) for text in texts])


def _data(*texts: str) -> Any:
    merged, problems = _set(*texts)
    assert problems == ()
    return plain(merged.data)


@pytest.mark.parametrize(
    ("text", "route", "value"),
    [
        ("scale.min=3", ("scale", "min"), 3),
        ("scale={min: 3, max: 4}", ("scale",), {"min": 3, "max": 4}),
        ("args=[a, 'b']", ("args",), ["a", "b"]),
        ("args[1]=--slow", ("args", 1), "--slow"),
        ('env["A.b"]=x', ("env", "A.b"), "x"),
        ("env.URL=a=b", ("env", "URL"), "a=b"),
        ("env.EMPTY=''", ("env", "EMPTY"), ""),
        ("volumes./data.size=1Gi", ("volumes", "/data", "size"), "1Gi"),
        ('files["/etc/a.b"].content=x', ("files", "/etc/a.b", "content"), "x"),
        ("expose=null", ("expose",), None),
        ("build.version=3.10", ("build", "version"), 3.10),
    ],
)
def test_arguments_are_read(text: str, route: Any, value: Any) -> None:
    found = override(text)
    assert (found.route, plain(found.value)) == (route, value)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("scale", "ROUTE=VALUE"),
        ("=3", "begins with a key"),
        ("[0]=3", "begins with a key"),
        (".a=3", "begins with a key"),
        ("a..b=3", "ends at “..b”"),
        ("a.=3", "ends at “.”"),
        ("a[x]=3", "ends at “[x]”"),
        ("a b=3", "ends at “ b”"),
        ("scale=", "write null to remove"),
        ("scale={", "no YAML"),
        ("scale=a: b: c", "no YAML"),
        ("environments.production.scale=3", "--env"),
        ("waivers=[]", "reason"),
    ],
)
def test_what_is_no_argument_is_said(text: str, word: str) -> None:
    with pytest.raises(OverrideError, match=word.replace("[", r"\[").replace(".", r"\.")):
        override(text)


@given(st.text(max_size=20))
def test_no_text_is_a_crash(text: str) -> None:
    route, rest = route_of(text)
    assert text.endswith(rest)
    assert bool(route) == (len(rest) < len(text))


def test_values_go_above_everything() -> None:
    assert _data("scale.min=3")["scale"] == {"min": 3}
    assert _data("args=[x]")["args"] == ["x"]
    assert _data("args[0]=x")["args"] == ["x", "--fast"]
    assert _data("args[2]=x")["args"] == ["serve", "--fast", "x"]
    assert _data("init.wait.args[1]=x")["init"]["wait"]["args"] == ["a", "x"]
    assert "expose" not in _data("expose=null")
    assert _data('env["B.C"]=3')["env"] == {"A": "1", "B.C": 3}


def test_later_arguments_win() -> None:
    assert _data("scale.min=3", "scale.min=4")["scale"] == {"min": 4}
    assert _data("args[2]=x", "args[2]=y")["args"] == ["serve", "--fast", "y"]


def test_short_forms_grow() -> None:
    assert _data("needs.cache.size=large")["needs"]["cache"] == {"type": "redis", "size": "large"}
    assert _data("ports.http.service=80")["ports"]["http"] == {"port": 8080, "service": 80}


def test_an_item_that_is_a_mapping_is_merged() -> None:
    assert _data("expose.paths[1].port=http")["expose"]["paths"] == ["/", {"path": "/x", "port": "http"}]


@pytest.mark.parametrize("text", ["args[5]=x", "args[2].b=x", "name[0]=x", "nothing[0]=x", "env[0]=x", "args[0][0]=x"])
def test_an_index_that_leads_nowhere_names_the_argument(text: str) -> None:
    merged, problems = _set(text)
    assert [problem.id for problem in problems] in (["set-no-item"], ["set-no-list"])
    assert merged.place(problems[0].route, "value").file == f"--set {text}"


def test_the_value_remembers_its_argument() -> None:
    merged, _ = _set("scale={min: 3}", "args[1]=x")
    assert merged.origins[("scale", "min")].layer == "--set"
    assert merged.origins[("scale", "min")].place.file == "--set scale={min: 3}"
    assert merged.origins[("args", 0)].place.file == "service.yaml"
    assert merged.origins[("args", 1)].place.file == "--set args[1]=x"


def test_the_specs_own_data_is_left_alone() -> None:
    assert _data("args[0]=x") != _data("args[1]=y")
    assert _data("team=x")["args"] == ["serve", "--fast"]


def test_a_null_that_removes_nothing() -> None:
    merged, problems = _set("env.D=null")
    assert [(one.id, one.route) for one in problems] == [("removes-nothing", ("env", "D"))]
    assert "there" not in problems[0].message
    merged, problems = _set("expos=null")
    assert problems == ()
    assert "expos" in merged.data, "the model refuses it"
