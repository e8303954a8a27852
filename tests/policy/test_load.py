"""A policy that cannot be read is an error with its place: a gate that checks less than it says is the worst failure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc import assets
from svc.policy import index
from svc.policy.load import load
from svc.policy.params import faults
from svc.policy.types import Settings

GOOD = """\
title: Container image is latest
severity: error
surface: kubernetes
check: image_latest
profiles: [recommended, strict]
why: Nobody knows what runs.
help: Write a tag.
pass:
  - containers: [{name: a, image: "a:1"}]
fail:
  - {input: {containers: [{name: a, image: a}]}, at: [[containers, 0, image]]}
"""


def loaded(folder: Path, text: str, name: str = "own-latest") -> list[tuple[str, int, str]]:
    (folder / f"{name}.yaml").write_text(text, "utf-8")
    return [(one.id, one.place.span.line if one.place.span else 0, one.message) for one in load([folder]).problems]


def test_a_good_policy_loads(tmp_path: Path) -> None:
    assert loaded(tmp_path, GOOD) == []
    (policy,) = load([tmp_path]).policies
    assert (policy.id, policy.fix, policy.params) == ("own-latest", "none", {})


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("why:", "wy:", 6, "unknown key `wy`"),
        ("check: image_latest", "check: image_lates", 4, "there is no check `image_lates`"),
        ("surface: kubernetes", "surface: docker", 3, "check `image_latest` judges kubernetes, not docker"),
        ("surface: kubernetes", "surface: moon", 3, "`surface` must be one of"),
        ("severity: error", "severity: fatal", 2, "`severity` must be one of error, warning, info"),
        ("[recommended, strict]", "[recommendet]", 5, "names `recommendet`"),
        ("why: Nobody", "params: {tag: x}\nwhy: Nobody", 6, "check `image_latest` has no parameter `tag`"),
        ("at: [[containers, 0, image]]", "at: x", 11, "`at` is a list of routes"),
        ('pass:\n  - containers: [{name: a, image: "a:1"}]', "pass: []", 8, "`pass` is a list of at least one"),
    ],
)
def test_a_fault_is_found_at_its_place(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    found = loaded(tmp_path, GOOD.replace(old, new))
    assert any((name, at) == ("policy-invalid", line) and said in message for name, at, message in found), found


def test_a_parameter_of_the_wrong_form(tmp_path: Path) -> None:
    text = GOOD.replace("check: image_latest", "check: probe_missing\nparams: {portless: 1}")
    assert [message for _, _, message in loaded(tmp_path, text)] == [
        "policy `own-latest`: parameter `portless` of check `probe_missing` must be true or false"
    ]


@pytest.mark.parametrize(
    ("check", "surface", "params", "said"),
    [
        (
            "action_forbidden",
            "github",
            "{actions: [a, [b]]}",
            "`actions` of check `action_forbidden` must be a list of text",
        ),
        ("variable_set", "github", "{names: [{a: 1}]}", "must be a list of text"),
        ("verification_off", "docker", "{variables: {A: 1}}", "must be a mapping of text"),
        ("verification_off", "docker", "{variables: {A: '('}}", "`(` is no regular expression"),
        ("run_command", "docker", "{pattern: 'a', unless: '(a'}", "`(a` is no regular expression"),
        ("run_together", "docker", "{first: 'a)', needs: b}", "`a)` is no regular expression"),
        ("label_schema", "docker", "{labels: {a: '/[/'}}", "`/[/` is no regular expression"),
    ],
)
def test_what_a_parameter_holds(tmp_path: Path, check: str, surface: str, params: str, said: str) -> None:
    text = f"title: a\nseverity: error\nsurface: {surface}\ncheck: {check}\nparams: {params}\nwhy: b\nhelp: c\n"
    text += "pass: ['FROM a']\nfail: [{input: 'FROM a', at: [[]]}]\n".replace(
        "FROM a", "a: b" if surface == "github" else "FROM a"
    )
    ((id_, line, message),) = loaded(tmp_path, text)
    assert (id_, line) == ("policy-invalid", 5)
    assert said in message


@pytest.mark.parametrize(
    ("check", "key", "words"),
    [
        ("argument_known", "kind", "misspelt, unknown"),
        ("compose_differs", "part", "port, user, variable"),
        ("ecs_container", "fault", "privileged, writable, secret"),
        ("module_call", "kind", "argument, missing, output, type"),
        ("resource_missing", "kind", "requests, limits"),
        ("variable_type", "kind", "default, type"),
    ],
)
def test_a_word_that_is_none_of_a_parameters(check: str, key: str, words: str) -> None:
    assert list(faults(check, {key: "foo"})) == [
        (key, f"parameter `{key}` of check `{check}` must be one of {words}, not `foo`")
    ]
    assert not [one for word in words.split(", ") for one in faults(check, {key: word})]


@pytest.mark.parametrize(
    ("surface", "given", "said"),
    [
        ("docker", "3", "an example of surface docker is text"),
        ("github", "[]", "an example of surface github is text"),
        ("github", "'a: [b'", "this is no YAML"),
        ("github", "''", "this is no YAML: the file is empty"),
        ("github", "'[a]'", "is the text of a mapping"),
        ("terraform", "'a {'", "this is no Terraform: line 1: a block is not closed"),
        ("terraform", '"a = <<EOF\\nb"', "this is no Terraform: line 1: the heredoc EOF is not closed"),
        ("kubernetes", "true", "an example of surface kubernetes is a mapping"),
        ("compose", "a", "an example of surface compose is a mapping"),
        ("helm", "[a]", "a mapping of files: path to text"),
        ("helm", "{Chart.yaml: {a: b}}", "a mapping of files: path to text"),
        ("across", "1.5", "a list of objects, of services or of files"),
        ("across", "[a]", "is a mapping: an object, a service, or `file` and `text`"),
        ("across", "[{file: compose.yaml, text: ''}]", "this is no YAML: the file is empty"),
        ("across", "[{file: main.tf, text: '}'}]", "this is no Terraform"),
        ("across", "[{file: 1, text: a}]", "a file has a path"),
        ("across", "[{file: a/main.tofu, text: '}'}]", "this is no Terraform"),
        ("across", "[{file: main.tf.json, text: 'a: b'}]", "this is no Terraform: line 1: this is no JSON"),
        ("across", "[{file: main.tofu.json, text: '{\"a\": [}'}]", "this is no Terraform: line 1"),
        (
            "across",
            "[{file: k8s/web.yaml, text: 'FROM a'}]",
            "is a Dockerfile, a workflow, a compose file or of Terraform",
        ),
        ("across", "[{file: Dockerfile, text: [a]}]", "an example of surface docker is text"),
        ("across", "[{name: a, calls: [{waits: true}]}]", "has a `name`, and each of its `calls`"),
    ],
)
def test_an_input_that_its_surface_cannot_read(tmp_path: Path, surface: str, given: str, said: str) -> None:
    text = f"title: a\nseverity: error\nsurface: {surface}\ncheck: cue\nwhy: b\nhelp: c\n"
    text += f"pass:\n  - {given}\nfail:\n  - input: {given}\n    at: [[]]\n"
    found = [one for one in loaded(tmp_path, text) if "beside it" not in one[2]]
    assert [(id_, line) for id_, line, _ in found] == [("policy-invalid", 8), ("policy-invalid", 10)]
    assert all(said in message for _, _, message in found), found


def test_examples_that_are_no_list(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("pass:")]
    found = loaded(tmp_path, text + "pass: 1\nfail: 2\n")
    assert [message for _, _, message in found] == [
        f"policy `own-latest`: `{key}` is a list of at least one example" for key in ("pass", "fail")
    ]


def test_bad_yaml_an_empty_folder_and_a_bad_name(tmp_path: Path) -> None:
    assert [one.id for one in load([tmp_path]).problems] == ["policies-missing"]
    assert [one.id for one in load([tmp_path / "none"]).problems] == ["policies-missing"]
    assert [name for name, _, _ in loaded(tmp_path, "title: [")] != []
    (tmp_path / "own-latest.yaml").unlink()
    assert [message for _, _, message in loaded(tmp_path, GOOD, "Own_latest")] == [
        "policy `Own_latest`: `Own_latest` is not a policy id: lower-case words joined by `-`"
    ]


def test_two_policies_of_one_id_clash(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "own-latest.yaml").write_text(GOOD, "utf-8")
    (problem,) = load([tmp_path / "one", tmp_path / "two"]).problems
    assert problem.id == "policy-clash"
    assert problem.related[0].place.file.endswith("one/own-latest.yaml")


def test_an_unknown_name_in_unless(tmp_path: Path) -> None:
    assert "names no policy: `nothing`" in loaded(tmp_path, GOOD + "unless: [nothing]\n")[0][2]


def test_the_index_serves_what_it_knows_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "policies", lambda: tmp_path)
    file = tmp_path / "own-latest.yaml"
    file.write_text(GOOD, "utf-8")
    plain = load([tmp_path])
    index.main(tmp_path)
    assert load([tmp_path]) == plain
    file.write_text(GOOD.replace("severity: error", "severity: info"), "utf-8")
    assert [one.severity.word for one in load([tmp_path]).policies] == ["info"]
    file.write_text(GOOD.replace("check: image_latest", "check: nothing"), "utf-8")
    assert [one.id for one in load([tmp_path]).problems] == ["policy-invalid"]
    assert json.loads((tmp_path / "index.json").read_text("utf-8"))["own-latest"]["head"]["severity"] == "error"


def test_the_index_of_a_pack_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "own-latest.yaml").write_text(GOOD, "utf-8")
    index.main(tmp_path)
    known = (tmp_path / "index.json").read_text("utf-8")
    (tmp_path / "index.json").write_text(known.replace('"error"', '"info"'), "utf-8")
    assert [one.severity.word for one in load([tmp_path]).policies] == ["error"]


def test_settings_default_to_the_recommended_profile() -> None:
    assert Settings().profile == "recommended"
