"""Hostile texts around a spec: in the workspace, in `--set`, in names of files and folders, in objects of one's own, in CUE."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hostile.hostile_texts import TEXTS
from hostile.text_places import places, put
from model.around_a_spec import FILES, SPEC, WORKSPACE, outputs_of
from model.arrival import Outputs, compiled, read_by_their_parsers
from model.every_model import models
from model.sites import FORMS, TOKEN, Site, judge
from svc.diagnostics import Problem
from svc.model.mapped import fields_of
from svc.model.workspace import Workspace
from svc.resolve.override import OverrideError, override

pytestmark = [pytest.mark.tools, pytest.mark.slow]


def test_every_field_of_a_workspace_is_set() -> None:
    """A new field has to be set there, and is tried then."""

    def keys(node: Any) -> Iterator[str]:
        for key, value in node.items() if isinstance(node, dict) else ():
            yield key
            yield from keys(value)
        for value in node if isinstance(node, list) else ():
            yield from keys(value)

    wanted = {field.key for model in models(Workspace) for field in fields_of(model).values()}
    assert wanted <= set(keys(WORKSPACE))


PLACES = [(at, key) for at, key in places(WORKSPACE) if at != ("apiVersion",)]


@pytest.mark.parametrize("number", range(len(PLACES)), ids=lambda number: ".".join(map(str, PLACES[number][0])))
def test_workspace(number: int, tmp_path: Path) -> None:
    at, key = PLACES[number]
    if key and len(at) == 2 and at[0] in ("environments", "profiles"):  # names that the spec or its outputs refer to
        return _names(at, tmp_path)
    # a dot decides whether the first part of a registry is a host (distribution/reference), so it always has one
    forms = (f"{TOKEN}.example.com",) if at == ("registry",) and not key else FORMS
    site = Site(str(at), lambda text: outputs_of(tmp_path / "in", SPEC, put(WORKSPACE, (at, key), text)), forms)
    wrong = judge(site, tmp_path / "out", number)
    assert not wrong, wrong
    return None


def _names(at: tuple[str | int, ...], folder: Path) -> None:
    """Names of environments and profiles: refused in all hostile forms."""
    for text in TEXTS.values():
        spec = {**SPEC, "profile": text} if text == "on" and at[0] == "profiles" else SPEC
        made = outputs_of(folder, spec, put(WORKSPACE, (at, True), text))
        assert made.said if text != "on" else made.files, text
        assert not made.files or text == "on", text


def _override(root: Path, argument: str) -> Outputs:
    try:
        one = override(argument)
    except OverrideError as error:
        return Outputs({}, (Problem("set", (), str(error)),))
    path = root / "service.yaml"
    root.mkdir(parents=True, exist_ok=True)
    for file, text in FILES.items():
        (root / file).write_text(text, "utf-8")
    alone = {"expose": {"host": "a.example.com"}, "profile": None, "build": None, "image": "a:1"}
    path.write_text(json.dumps({**SPEC, **alone}), "utf-8")
    return compiled(path, (one,))


SETS: dict[str, Callable[[str], str]] = {
    "value": lambda text: f"env.A={json.dumps(text)}",
    "item": lambda text: f"command={json.dumps(['a', text])}",
    "content": lambda text: f'files["/etc/a"].content={json.dumps(text)}',
    "key": lambda text: f'env["{text}"]=a',
    "file": lambda text: f'files["/etc/{text}"]={{content: a}}',
    "annotation": lambda text: f'service.annotations["example.com/{text}"]=a',
    "mapping": lambda text: f"service={json.dumps({'annotations': {'a': text}})}",
}


@pytest.mark.parametrize("name", SETS)
def test_set(name: str, tmp_path: Path) -> None:
    site = Site(name, lambda text: _override(tmp_path / "in", SETS[name](text)))
    wrong = judge(site, tmp_path / "out", list(SETS).index(name))
    assert not wrong, wrong


def _beside(root: Path, name: str, text: str, spec: dict[str, Any]) -> Outputs:
    """A spec beside a file of this name, where a disk can have it."""
    head = {"apiVersion": "svc/v1", "name": "web", "team": "shop", "image": "a:1", "ports": {"http": 8080}}
    try:
        file = root / "services/web" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except (OSError, ValueError) as error:
        return Outputs({}, (Problem("disk", (), str(error)),))
    return outputs_of(root, {**head, **spec})


CONFIG_MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "b"}}
BESIDE: dict[str, Callable[[Path, str], Outputs]] = {
    "file": lambda root, name: _beside(root, name, "a", {"files": {"/etc/a": {"source": name}}}),
    "file-in-folder": lambda root, name: _beside(
        root, f"{name}/a", "a", {"files": {"/etc/a": {"source": f"{name}/a"}}}
    ),
    "manifest": lambda root, name: _beside(
        root, f"{name}.yaml", json.dumps(CONFIG_MAP), {"manifests": {"a": {"file": f"{name}.yaml"}}}
    ),
    "dockerfile": lambda root, name: _beside(
        root, name, "FROM scratch AS final\n", {"build": {"dockerfile": name}, "image": None}
    ),
    "context": lambda root, name: _beside(
        root,
        f"{name}/Dockerfile",
        "FROM scratch AS final\n",
        {"build": {"dockerfile": f"{name}/Dockerfile", "context": name}, "image": None},
    ),
    "package": lambda root, name: _beside(
        root, f"{name}/main.go", "package main\n", {"build": {"language": "go", "main": f"./{name}"}, "image": None}
    ),
    "script": lambda root, name: _beside(
        root, f"{name}.py", "", {"build": {"language": "python", "main": f"{name}.py"}, "image": None}
    ),
}


@pytest.mark.parametrize("name", BESIDE)
def test_names_of_files(name: str, tmp_path: Path) -> None:
    site = Site(name, lambda text: BESIDE[name](tmp_path / "in", text), compared=name not in ("package", "script"))
    wrong = judge(site, tmp_path / "out", list(BESIDE).index(name))
    assert not wrong, wrong


def _placed(root: Path, name: str) -> Outputs:
    if "//" in name:
        return Outputs({}, (Problem("disk", (), "a folder without a name is none"),))
    try:
        return outputs_of(root, SPEC, WORKSPACE, name)
    except (OSError, ValueError) as error:
        return Outputs({}, (Problem("disk", (), str(error)),))


PLACED = {
    "folder": "services/{}/service.yaml",
    "folder-above": "{}/web/service.yaml",
    "root": "../{}/service.yaml",
    "spec": "services/web/{}.yaml",
}


@pytest.mark.parametrize("name", PLACED)
def test_names_of_folders(name: str, tmp_path: Path) -> None:
    forms = (TOKEN,)
    site = Site(name, lambda text: _placed(tmp_path / "in", PLACED[name].replace("{}", text)), forms)
    (tmp_path / "in").mkdir()
    wrong = judge(site, tmp_path / "out", list(PLACED).index(name))
    assert not wrong, wrong


OBJECTS: dict[str, Callable[[str], dict[str, Any]]] = {
    "data": lambda text: {**CONFIG_MAP, "data": {"a": text}},
    "data-key": lambda text: {**CONFIG_MAP, "data": {text: "a"}},
    "annotation": lambda text: {**CONFIG_MAP, "metadata": {"name": "a", "annotations": {"a": text}}},
    "annotation-key": lambda text: {**CONFIG_MAP, "metadata": {"name": "a", "annotations": {text: "a"}}},
    "deep": lambda text: {
        "apiVersion": "a.example.com/v1",
        "kind": "A",
        "metadata": {"name": "a"},
        "spec": [[{"a": text}]],
    },
    "deep-key": lambda text: {
        "apiVersion": "a.example.com/v1",
        "kind": "A",
        "metadata": {"name": "a"},
        "spec": {text: {"a": 1}},
    },
    "kind": lambda text: {"apiVersion": "a.example.com/v1", "kind": text, "metadata": {"name": "a"}},
    "version": lambda text: {"apiVersion": f"a.example.com/{text}", "kind": "A", "metadata": {"name": "a"}},
    "name": lambda text: {**CONFIG_MAP, "metadata": {"name": text}},
    "label": lambda text: {**CONFIG_MAP, "metadata": {"name": "a", "labels": {"a": text}}},
}


@pytest.mark.parametrize("form", ["file", "inline", "merge"])
@pytest.mark.parametrize("name", OBJECTS)
def test_objects_of_ones_own(name: str, form: str, tmp_path: Path) -> None:
    if form == "merge" and name in ("kind", "version"):  # a patch has none
        return

    def made(text: str) -> Outputs:
        one = OBJECTS[name](text)
        if form == "file":
            return _beside(tmp_path / "in", "a.yaml", json.dumps(one), {"manifests": {"a": "a.yaml"}})
        if form == "inline":
            return _beside(tmp_path / "in", "a", "", {"manifests": {"a": {"inline": one}}})
        part = {key: value for key, value in one.items() if key not in ("apiVersion", "kind")}
        return _beside(tmp_path / "in", "a", "", {"patches": [{"target": "kubernetes/Service", "merge": part}]})

    wrong = judge(Site(name, made), tmp_path / "out", list(OBJECTS).index(name))
    assert not wrong, wrong


@pytest.mark.parametrize("name", ["-x", "--post-renderer=a", "a,b", "a%41", 'a"b', "https:"])
def test_folders_that_a_program_would_take_for_something_else(name: str, tmp_path: Path) -> None:
    made = _placed(tmp_path, f"{name}/web/service.yaml")
    assert {one.id for one in made.said} >= {"github-inexpressible"}
    assert not made.files


def test_a_filter_means_the_folder_and_no_other(tmp_path: Path) -> None:
    made = _placed(tmp_path, "a[b]*+?!/web/service.yaml")
    read = yaml.safe_load(made.files[".github/workflows/web.yaml"])
    assert r"a\[b\]\*\+\?\!/web/**" in read[True]["push"]["paths"]


def test_a_comment_ends_where_it_should(tmp_path: Path) -> None:
    """`*/` ends a comment of a template: a folder may be called `a*`."""
    made = _placed(tmp_path, "a*/}}{{ fail `x` }}/service.yaml")
    assert made.files
    assert not made.faults()
    read_by_their_parsers(made, tmp_path / "out")


def test_specs_in_cue(tmp_path: Path) -> None:
    """CUE reads any text in JSON's spelling: its spec makes the files of the same one in YAML."""
    text = "z".join(one for one in TEXTS.values() if len(one) < 1000 and not set(one) & set("\0\x7f\x85\ufffe\u2028"))
    text = text.replace("${", "$${")
    spec = {**SPEC, "env": {"A": text}, "files": {"/etc/a": {"content": text}}, "profile": None, "needs": {}}
    spec = {key: value for key, value in spec.items() if value not in (None, {})} | {
        "expose": {"host": "a.example.com"}
    }
    plain = outputs_of(tmp_path / "a", spec)
    (tmp_path / "b").mkdir()
    made = outputs_of(tmp_path / "b", json.dumps(spec), name="services/web/service.cue")
    assert plain.files
    assert {name: file.replace("service.cue", "service.yaml") for name, file in made.files.items()} == plain.files


def test_there_is_no_engine_that_could_evaluate_a_text() -> None:
    """Outputs are printed from data; no template of a user's, and no code, is run by svc itself."""
    found = []
    for path in (Path(__file__).parents[2] / "compiler/svc").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            engines = {"jinja2", "mako", "chevron", "tornado", "django"} & {one.split(".")[0] for one in names}
            if called == "eval" or engines:
                found.append(path.name)
    assert found == ["mapped.py"], "which reads the annotations of our own classes"
