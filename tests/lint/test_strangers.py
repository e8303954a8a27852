"""Files of other programs that no YAML parser reads without them, and broken ones of our kinds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from svc.cli.exits import Exit
from svc.cli.main import main
from svc.lint.collect import collect
from svc.lint.looked import looked
from svc.lint.walk import is_dockerfile

FOREIGN = {
    "mkdocs.yml": "site_name: x\nemoji: !!python/name:material.extensions.emoji.twemoji\n",
    "stack.yaml": "AWSTemplateFormatVersion: '2010-09-09'\nResources: {B: {Type: AWS::S3::Bucket, Name: !Sub 'a-${B}'}}\n",
    ".gitlab-ci.yml": "build:\n  script:\n    - !reference [.a, script]\n",
    "playbook.yml": "- hosts: web\n  vars:\n    password: !vault |\n      $ANSIBLE_VAULT;1.1;AES256\n",
    "tsconfig.json": '{\n  // comment\n  "compilerOptions": {"strict": true,},\n}\n',
    "helmfile.yaml": "releases:\n{{ if .Values.on }}\n  - name: x\n{{ end }}\n",
}
OURS = {
    "a.yaml": "apiVersion: v1\nkind: {{ kind }}\n",
    "b.yaml": "kind: Pod\nmetadata: [\n",
    "c.json": '{"kind": "Service", "apiVersion": "v1", }}',
    "d.yaml": "on: push\njobs:\n\ta: {}\n",
    "e.yml": "services:\n  web:\n    image: !secret x\n",
    "compose.yaml": "a: [\n",
    "f.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: !Ref x}\n",
}


_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
TEMPLATES = {
    "go.yaml": _SERVICE + "spec:\n  {{- if .Ports }}\n  ports: {{ .Ports }}\n  {{- end }}\n",
    "plain-go.yaml": _SERVICE + "{{ range .All }}\nspec: {}\n{{ end }}\n",
    "jinja.yaml": _SERVICE + "spec:\n{% for one in ports %}\n  ports: {{ one }}\n{% endfor %}\n",
    "ytt.yaml": "#@ load('@ytt:data', 'data')\n---\n" + _SERVICE.replace("{name: a}", "\n  name: #@ data.values.name"),
    "ruby.yaml": _SERVICE + "spec:\n  <% ports.each do |one| %>\n  ports: <%= one %>\n  <% end %>\n",
}


def said(folder: Path, *, unknown: bool = False, named: bool = False) -> dict[str, set[str]]:
    paths = sorted(folder.iterdir()) if named else [folder]
    found: dict[str, set[str]] = {}
    for one in collect(paths, lambda file: file.name, unknown=unknown).diagnostics:
        found.setdefault(one.place.file, set()).add(one.id)
    return found


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_files_of_other_programs_are_their_matter(tmp_path: Path) -> None:
    folder = written(tmp_path, FOREIGN)
    assert said(folder) == {}
    assert said(folder, named=True, unknown=True) == {}
    assert said(folder, named=True) == {name: {"file-not-recognised"} for name in FOREIGN}


def test_broken_files_of_our_kinds_are_never_passed_over(tmp_path: Path) -> None:
    folder = written(tmp_path, OURS)
    for unknown in (False, True):
        found = said(folder, unknown=unknown)
        assert found.keys() == OURS.keys()
        assert all(id_.startswith("yaml-") for ids in found.values() for id_ in ids)


def test_templates_of_other_programs_wait_for_these(tmp_path: Path) -> None:
    found = said(written(tmp_path, TEMPLATES))
    assert found == {name: {"chart-template-skipped"} for name in TEMPLATES}
    plain = _SERVICE + "spec:\n  #@param the ports\n  ports: #@home\n"
    assert said(written(tmp_path / "plain", {"a.yaml": plain})) == {}
    script = _SERVICE + "data:\n  a: |\n    #@ if a\n"
    assert said(written(tmp_path / "script", {"a.yaml": script})) == {}
    in_text = "data:\n  a: |\n    {{ range .All }}\n    a\n\n    {{- end }}\n  b:\n    - |-  # so\n     {% if a %}\n"
    broken = _SERVICE.replace("Service", "ConfigMap") + in_text + "c: [\n"
    assert said(written(tmp_path / "text", {"a.yaml": broken})).keys() == {"a.yaml"}
    assert said(written(tmp_path / "text", {"a.yaml": broken}))["a.yaml"] != {"chart-template-skipped"}
    assert said(written(tmp_path / "both", {"a.yaml": broken + "d: {{ d }}\n"})) == {
        "a.yaml": {"chart-template-skipped"}
    }
    quoted = "apiVersion: v1\nkind: Service\nmetadata: {name: '{{- a -}}', annotations: {}}\nspec: {port: []}\n"
    assert said(written(tmp_path / "more", {"a.yaml": quoted})) == {}


def test_tags_of_compose_files_are_known(tmp_path: Path) -> None:
    text = "services:\n  web:\n    image: a:1\n    ports: !reset []\n    command: !override [a]\n"
    assert said(written(tmp_path, {"compose.prod.yaml": text})) == {}


@pytest.mark.parametrize("value", ["null", "", "{a: b}", "\n      a: b"])
@pytest.mark.parametrize(("tag", "judged"), [("!reset", False), ("!override", True)])
def test_what_compose_takes_away_has_no_type(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tag: str, judged: bool, value: str
) -> None:
    text = f"services:\n  web:\n    image: a:1\n    ports: {tag} {value}\n"
    main(["lint", str(written(tmp_path, {"compose.prod.yaml": text})), "--no-cache"])
    assert ("error[compose-type]" in capsys.readouterr().out) is judged


@pytest.mark.parametrize(
    "name", ["Dockerfile", "Dockerfile-alpine", "dockerfile_windows", "app.Dockerfile", "Dockerfile.dev"]
)
def test_names_of_dockerfiles(name: str) -> None:
    assert is_dockerfile(Path(name))


@pytest.mark.parametrize("name", ["Dockerfile.j2", "Dockerfile.dockerignore", "Dockerfile.md"])
def test_names_of_what_is_no_dockerfile(name: str) -> None:
    assert not is_dockerfile(Path(name))


@pytest.mark.parametrize("name", ["Dockerfile.go", "dockerfile_test.go", "Dockerfile.py"])
def test_a_dockerfile_for_a_language_begins_as_one(name: str, tmp_path: Path) -> None:
    folder = written(tmp_path, {name: "# syntax=docker/dockerfile:1\n\nARG V=1\nFROM golang:$V\nRUN x\n"})
    assert [one.surface for one in collect([folder], lambda file: file.name).subjects] == ["docker"]
    for text in ("package d\n\nconst x = `\nFROM scratch\n`\n", '"""\nFROM scratch\n"""\n', "from x import y\n"):
        (folder / name).write_text(text)
        linted = collect([folder], lambda file: file.name)
        assert (linted.subjects, linted.diagnostics) == ([], [])


def test_a_module_that_is_named_in_two_ways_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, {"x.tf": "locals {\n}\n", "y.tf": "locals {\n  a = (\n}\n"})
    monkeypatch.chdir(tmp_path)
    linted = collect([tmp_path / "x.tf", Path()], lambda file: file.name)
    assert linted.beside == set()
    assert [one.place.file for one in linted.diagnostics] == ["y.tf"]


def test_numbers_of_any_length_are_json(tmp_path: Path) -> None:
    number = "9" * 5000
    assert said(written(tmp_path, {"a.tf.json": f'{{"variable": {{"x": {{"default": {number}}}}}}}'})) == {}


def test_one_file_of_a_terraform_module_is_judged_among_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, {"variables.tf": 'variable "a" {\n}\n', "main.tf": 'output "b" {\n  value = var.a\n}\n'})
    select = ("--select", "declaration-unused,variable-without-type,output-without-description", "--no-cache")
    main(["lint", str(folder / "variables.tf"), *select, "--format", "concise"])
    said = capsys.readouterr().out
    assert "variable-without-type" in said
    assert "declaration-unused" not in said
    assert "main.tf" not in said


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        ((), {"a/b/c.yaml", "a/c.yaml", "d/c.tmpl.yaml"}),
        (("b",), {"a/c.yaml", "d/c.tmpl.yaml"}),
        (("a/",), {"d/c.tmpl.yaml"}),
        (("*.tmpl.yaml", "a/b"), {"a/c.yaml"}),
        (("./a/c.yaml",), {"a/b/c.yaml", "d/c.tmpl.yaml"}),
        (("c.yaml",), {"d/c.tmpl.yaml"}),
        (("/a/c.yaml",), {"a/b/c.yaml", "d/c.tmpl.yaml"}),
        (("/a", "**/d/*"), set()),
        (("**/b",), {"a/c.yaml", "d/c.tmpl.yaml"}),
    ],
)
def test_what_is_excluded_is_passed_over(tmp_path: Path, patterns: tuple[str, ...], left: set[str]) -> None:
    for name in ("a/b/c.yaml", "a/c.yaml", "d/c.tmpl.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("apiVersion: {{ x }}\n")
    linted = collect([tmp_path], lambda file: file.relative_to(tmp_path).as_posix(), exclude=patterns)
    assert {one.place.file for one in linted.diagnostics} == left
    assert collect([tmp_path / "a/c.yaml"], str, exclude=("*",)).diagnostics


@pytest.mark.parametrize("pattern", ["out", "out/", "/a/out", "a/out", "a/out/**", "a/out/*", "**/out", "*/a/out"])
def test_a_folder_that_is_excluded_is_not_looked_into(
    tmp_path: Path, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a/out/deep/b.yaml", "a/d.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")
    entered: list[str] = []
    was = os.scandir

    def noted(folder: str) -> Any:
        entered.append(Path(folder).name)
        return was(folder)

    monkeypatch.setattr(os, "scandir", noted)
    linted = collect([tmp_path], lambda file: file.relative_to(tmp_path).as_posix(), exclude=(pattern,))
    assert (set(linted.files), entered) == ({"a/d.yaml"}, [tmp_path.name, "a"])
    assert str(tmp_path / "a/out") not in (looked([tmp_path], linted, (pattern,)) or [str(tmp_path / "a/out")])


def test_a_folder_that_cannot_be_read_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(
        tmp_path, {"a/Dockerfile": "FROM debian\n", "b/Dockerfile": "FROM debian\n", "c/Dockerfile": "FROM debian\n"}
    )
    was = os.scandir

    def refusing(folder: str) -> Any:
        if Path(folder).name == "b":
            raise PermissionError(13, "Permission denied", str(folder))
        return was(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    assert main(["lint", str(tmp_path), "--no-cache", "--format", "concise"]) == Exit.INVALID
    said = capsys.readouterr().out
    assert f"{tmp_path / 'b'}: error[file-unreadable] cannot be read: permission denied" in said
    assert [f"{name}/Dockerfile:1" in said for name in "abc"] == [True, False, True]


@pytest.mark.parametrize("pattern", ["/out", "out/**", "b/out", "deep/*", "?/out/b.yaml", "a/ou"])
def test_others_are(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "a/out/deep").mkdir(parents=True)
    (tmp_path / "a/out/deep/b.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")
    assert len(collect([tmp_path], str, exclude=(pattern,)).files) == 1
