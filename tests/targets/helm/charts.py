"""Charts derived from their types: any tree over values of which each has a form of its own, as `meaning` demands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from svc.kubernetes.types import Manifest
from svc.records import replace
from svc.targets.helm.carried import _ANY as UNCARRIED
from svc.targets.helm.meaning import objects
from svc.targets.helm.refusals import paths as paths_of
from svc.targets.helm.refusals import refused
from svc.targets.helm.release import Release
from svc.targets.helm.types import (
    Added,
    Apart,
    AtMost,
    Builtin,
    Chart,
    Checksum,
    Const,
    Current,
    Devices,
    Distinct,
    Each,
    Entry,
    Environment,
    Extra,
    Fields,
    Helper,
    Hole,
    Inside,
    Items,
    Once,
    Opened,
    Path,
    PortOf,
    Slot,
    Spread,
    Template,
    Upward,
    When,
    Within,
)
from svc.targets.helm.values import merged, put
from svc.tree import Tree
from targets.derived import Rules, of, texts

# --- values ----------------------------------------------------------------------------------------------------------

ODD = ("on", "y", "N", "no", "1e3", "0x10", "0o17", "017", "1_000", "12:30:00", ".5", "~", "null", "2024-01-01", "=", "<<", "+1", ".inf", "1.0", "")  # fmt: skip
"""What YAML 1.1, YAML 1.2 and Go's reader take for different things when it is not quoted."""
COMMON = ("team", "y", "1e3")
"""Keys of labels that all objects have."""
words = (st.sampled_from(ODD) | texts).filter(lambda text: not UNCARRIED.search(text))
keys = words.filter(lambda word: word != "<<")
whole = st.sampled_from((0, 1, -1, 999_999, 1_000_000, 20_000_000, 2**53 - 1)) | st.integers(1 - 2**53, 2**53 - 1)
"""One more has to be a number that floats hold, too: a check may ask for it."""
fractions = st.decimals(-(10**6), 10**6, places=3).map(float).filter(lambda one: not one.is_integer())
scalars = words | st.booleans() | whole | fractions
data = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=6)  # fmt: skip
configs = st.dictionaries(
    st.from_regex(r"[a-z.]{1,6}", fullmatch=True), st.text("abc on:#{}\"'", max_size=8), max_size=3
)

amounts = st.dictionaries(st.sampled_from(("cpu", "memory", "example.com/x")), st.sampled_from(("1", "0.5", "1e3", "250m", "7n", "3Ki", "2Gi", 1, 0.25)), max_size=3)  # fmt: skip
resources = st.fixed_dictionaries({"requests": amounts, "limits": amounts}) | amounts.map(lambda one: {"requests": one, "limits": one})  # fmt: skip


ports = st.integers(1, 4)
ranges = st.lists(st.fixed_dictionaries({"port": ports}, optional={"endPort": ports}), max_size=3)
subnets = st.sampled_from(("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "::/0", "fd00::/8", "FD00:0:1::/48"))
blocks = st.fixed_dictionaries({"cidr": subnets}, optional={"except": st.lists(subnets, max_size=2)})
ported = st.fixed_dictionaries(
    {"name": st.sampled_from(("http", "api")), "port": ports}, optional={"protocol": st.sampled_from(("TCP", "UDP"))}
)
opened = st.fixed_dictionaries({}, optional={"nodePort": st.sampled_from((0, 30080))})
peers = st.lists(st.fixed_dictionaries({}, optional={"ipBlock": blocks}), max_size=2)


def keyed(prefix: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings whose keys no other part of a template has."""
    return st.dictionaries(words.map(lambda word: f"{prefix} {word}"), values, max_size=3)


POOL: Mapping[Path, tuple[str, st.SearchStrategy[Any]]] = {
    ("log", "level"): ("string", words),
    ("a-b", "1e3"): ("string", words),
    ("debug",): ("flag", st.booleans()),
    ("keda", "on"): ("flag", st.booleans()),
    ("replicas",): ("integer", whole),
    ("limits", "y", "deep"): ("integer", whole),
    ("budget",): ("scalar", scalars),
    ("rules",): ("block", st.lists(data, max_size=3) | st.dictionaries(keys, data, max_size=3)),
    ("free", "form"): ("json", data),
    ("hosts",): ("each", st.lists(words, min_size=1, max_size=3)),
    ("config",): ("digest", configs),
    ("inline", "one"): ("inline", keyed("inline", data).filter(bool)),
    ("more", "entries"): ("entries", keyed("more", data)),
    ("more", "annotations"): ("entries", keyed("annotations", words)),
    ("extra", "items"): ("items", st.lists(data, max_size=2)),
    ("only", "some"): ("optional", words),
    ("deep", "resources"): ("resources", resources),
    ("least",): ("share", whole | st.integers(0, 99).map("{}%".format)),
    ("open", "to"): (
        "ranges",
        st.lists(st.fixed_dictionaries({}, optional={"ports": ranges, "to": peers}), max_size=3),
    ),
    ("open", "type"): ("type", st.sampled_from(("ClusterIP", "NodePort"))),
    ("open", "port"): ("opened", opened),
    ("open", "whole"): ("optional port", ported),
    ("open", "ports"): ("ports", st.lists(ported, max_size=2)),
    ("open", "list"): ("opened by", st.lists(opened, max_size=2)),
    ("named",): ("named", st.lists(words.map(lambda word: {"name": word}), max_size=3)),
}
"""A value -> how it is used, and what it may be. `optional` ones may be gone."""


def paths(*forms: str) -> st.SearchStrategy[Path]:
    return st.sampled_from([path for path, (form, _) in POOL.items() if form in forms])


# --- trees -----------------------------------------------------------------------------------------------------------

holes = st.one_of([paths(form).map(lambda path, form=form: Hole(path, form)) for form in ("string", "flag", "integer", "scalar", "block", "json")])  # type: ignore[misc]  # fmt: skip
conditions = st.builds(When, paths("flag", "entries", "string", "integer"), st.sampled_from(("if", "unless")), st.just(()) | paths("flag"))  # fmt: skip
gone = paths("optional").map(lambda path: (Hole(path, "string"), When(path, "has")))
constants = (scalars | st.just([]) | st.just({})).map(Const)
helpers = st.builds(Helper, st.sampled_from(("name", "fullname", "namespace", "chart", "serviceAccountName", "image")), st.sampled_from(("", "-config", "-2", ".local")))  # fmt: skip
leaves = st.one_of(
    constants,
    holes,
    helpers,
    st.sampled_from(("Release.Name", "Release.Service", "Chart.AppVersion")).map(Builtin),
    st.builds(Checksum, words, paths("digest")),
)


def _entries(inner: st.SearchStrategy[Any], keys: st.SearchStrategy[str]) -> st.SearchStrategy[Entry]:
    plain = st.builds(Entry, keys, inner, st.none() | conditions)
    return plain | st.builds(lambda key, pair: Entry(key, *pair), keys, gone)


def mappings(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Fields]:
    return st.just(0).flatmap(lambda _: _fields(inner))  # Hypothesis prints strategies, but not what functions hold


def _once(part: Entry | Added | Extra | Spread) -> str:
    return str(part.path) if isinstance(part, Added) else type(part).__name__


@st.composite
def _fields(draw: st.DrawFn, inner: st.SearchStrategy[Any]) -> Fields:
    """Each key and each value that is put between the keys once."""
    entries = draw(st.lists(_entries(inner, words.map("key {}".format) | st.sampled_from([word for word in ODD if word and word not in COMMON])), min_size=1, max_size=3, unique_by=lambda one: one.key))  # fmt: skip
    others = st.one_of(
        st.just(Entry("", Hole(("inline", "one"), "block"))),
        paths("entries").map(Added),
        st.builds(Extra, st.sampled_from(("extra", "off")), paths("block", "json", "items", "entries", "string")),
        st.sampled_from(("selectorLabels", "commonLabels", "podLabels", "labels")).map(Spread),
    )
    found = draw(st.lists(others, max_size=2, unique_by=_once))
    return Fields(tuple(draw(st.permutations([*entries, *found]))))


def _lists(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Items]:
    entry = _entries(inner, st.just("")) | paths("items").map(Added)
    return st.builds(Items, st.lists(entry, min_size=1, max_size=3).map(tuple), st.just(()) | paths("items"))


def _inside(node: st.SearchStrategy[Any]) -> st.SearchStrategy[Each]:
    return st.builds(Each, paths("each"), mappings(node | st.just(Current())) | st.just(Current()))


nodes = st.recursive(leaves, lambda inner: mappings(inner) | _lists(inner) | _inside(inner), max_leaves=8)


@st.composite
def templates(draw: st.DrawFn) -> tuple[Template, ...]:
    """Objects of kinds that Helm knows no schema of, each with a name of its own."""
    made = []
    for number in range(draw(st.integers(1, 2))):
        name = draw(st.just(Helper("fullname", f"-{number}")) | st.just(Const(f"on-{number}")))
        head = Fields((Entry("name", name), Spread("labels")))
        body = draw(mappings(nodes))
        entries = (Entry("apiVersion", Const("example.com/v1")), Entry("kind", Const("Thing")), Entry("metadata", head), Entry("spec", body))  # fmt: skip
        made.append(Template(f"{number}.yaml", ("Thing", str(number)), Fields(entries), draw(st.none() | conditions)))
    return tuple(made)


# --- checks ---------------------------------------------------------------------------------------------------------

switches = st.builds(When, paths("flag"), st.sampled_from(("if", "unless")), st.just(()) | paths("flag"))
numbered = st.builds(PortOf, paths("integer"), st.just("number"), words, st.sampled_from(("TCP", "UDP"))) | st.builds(
    PortOf, st.just(()), st.just("number"), st.just("fixed"), st.just("TCP"), ports
)
checks = st.one_of(
    st.builds(AtMost, paths("integer"), paths("integer"), st.just(0), st.lists(switches, max_size=2).map(tuple)),
    st.builds(AtMost, paths("share"), paths("integer"), st.just(1), st.lists(switches, max_size=2).map(tuple)),
    st.builds(Apart, paths("integer"), paths("integer")),
    st.builds(Distinct, st.tuples(numbered, numbered, st.builds(PortOf, paths("optional port"), st.just("whole")))),
    st.builds(Distinct, st.tuples(st.builds(PortOf, paths("ports"), st.just("list")))),
    st.builds(Opened, paths("type"), paths("opened"), st.just("nodePort")),
    st.builds(Opened, paths("type"), paths("opened by"), st.just("nodePort"), st.just(True)),
    st.builds(Within, paths("resources")),
    st.builds(Devices, paths("resources")),
    st.builds(Upward, paths("ranges")),
    st.builds(Inside, paths("ranges"), st.just("to")),
    st.builds(Once, paths("named")),
)

# --- charts ----------------------------------------------------------------------------------------------------------

names = st.sampled_from(("shop", "on", "y", "null", "true", "a-b"))
overridden = st.just("") | st.sampled_from(("on", "y", "true", "shop-2", "n", "x" * 62 + "-yz"))
BASICS: Mapping[Path, st.SearchStrategy[Any]] = {
    ("nameOverride",): overridden | st.sampled_from(("1e3", "0x10", "1_000", "017")),
    ("fullnameOverride",): overridden,
    ("namespaceOverride",): overridden | st.just("1e3"),
    ("commonLabels",): st.dictionaries(st.sampled_from(COMMON), words, max_size=2),
    ("image", "repository"): st.sampled_from(("a.b/c", "12", "on")),
    ("image", "tag"): st.sampled_from(("", "1.0", "30", "1e3", "on")),
    ("image", "digest"): st.sampled_from(("", "sha256:" + "0" * 64)),
    ("serviceAccount", "create"): st.booleans(),
    ("serviceAccount", "name"): overridden,
}


@st.composite
def values(draw: st.DrawFn) -> dict[str, Any]:
    """All values of an environment."""
    made: dict[str, Any] = {}
    for path, strategy in BASICS.items():
        put(made, path, draw(strategy))
    for path, (form, strategy) in POOL.items():
        if form != "optional" or draw(st.booleans()):
            put(made, path, draw(strategy))
        else:
            made.setdefault(path[0], {})
    return made


PATHS = (*BASICS, *POOL)
RULES: Rules = {
    (Chart, "templates"): templates(),
    (Chart, "values"): values(),
    (Chart, "slots"): st.just(tuple(Slot(path, "What it does.", {}) for path in PATHS)),
    (Chart, "environments"): st.lists(st.builds(Environment, st.sampled_from(("staging", "production")), names, st.just(()), values()), min_size=1, max_size=2, unique_by=lambda one: one.name).map(tuple),
    (Chart, "name"): names,
    (Chart, "version"): st.just("0.1.0+a"),
    (Chart, "app_version"): words.filter(str.isprintable).filter(bool),
    (Chart, "description"): words,
    (Chart, "team"): words,
    (Chart, "directory"): st.just(""),
    (Chart, "spec"): st.just("service.yaml"),
    (Chart, "part_of"): words.map(Const) | st.just(Hole(("image", "tag"), "string")),
    (Chart, "port"): st.just("http"),
    (Chart, "checks"): st.lists(checks, max_size=3).map(tuple),
    (Chart, "version_label"): st.just(Builtin("Chart.AppVersion")) | st.just(Hole(("image", "tag"), "string")),
}  # fmt: skip


def _mergeable(base: Mapping[str, Any], over: Any) -> dict[str, Any]:
    """A mapping of the base stays one: Helm lays nothing else over it."""
    return {
        key: _mergeable(base[key], value if isinstance(value, dict) else {})
        if isinstance(base.get(key), dict)
        else value
        for key, value in over.items()
    }


def _judged(chart: Chart) -> Chart:
    """With the objects that its trees mean, and the checks that all its values pass."""
    done = []
    fitting = tuple(one for one in chart.checks if len({*paths_of(one)[:2]}) == len(paths_of(one)[:2]))
    for one in chart.environments:
        one = replace(one, overrides=_mergeable(chart.values, one.overrides))
        release = Release(chart, merged(chart.values, one.overrides), chart.name, one.namespace)
        made = tuple(Manifest(Tree(found)) for found in objects(release).values())
        fitting = tuple(check for check in fitting if not any(refused(check, release.values)))
        done.append(replace(one, manifests=made))
    return replace(chart, environments=tuple(done), checks=fitting)


charts = of(Chart, RULES).map(_judged)
