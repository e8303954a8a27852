"""Waivers in comments: what they speak of, and what is no waiver."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from svc.policy.comments import stretches, waivers_in
from svc.policy.load import load
from svc.source import Source

YAML = """\
spec:
  # svc: ignore=host-path until=2027-03-31 owner=web reason=the agent reads it: see ADR 12
  volumes:
    - name: a
      hostPath: {path: /a}
  image: nginx  # svc: ignore=image-not-pinned,CKV_K8S_43 reason=mirrored
  last: 1
"""


def test_a_comment_of_its_own_line_speaks_of_what_follows_whole() -> None:
    first = waivers_in(Source("a.yaml", YAML)).waivers[0]
    assert (first.policy, first.until, first.owner) == ("host-path", date(2027, 3, 31), "web")
    assert first.reason == "the agent reads it: see ADR 12"
    assert first.lines == (3, 5)


def test_a_comment_at_the_end_speaks_of_its_line() -> None:
    _, one, two = waivers_in(Source("a.yaml", YAML)).waivers
    assert [one.policy, two.policy] == ["image-not-pinned", "CKV_K8S_43"]
    assert one.lines == two.lines == (6, 6)


def test_a_list_at_the_depth_of_its_key_belongs_to_it() -> None:
    text = "# svc: ignore=x reason=y\ncontainers:\n- name: a\n  image: b\nother: 1\n"
    assert waivers_in(Source("a.yaml", text)).waivers[0].lines == (2, 4)


def test_a_block_ends_with_its_bracket() -> None:
    text = '# svc: ignore=x reason=y\nresource "a" "b" {\n  c = 1\n}\n\nresource "d" "e" {}\n'
    assert waivers_in(Source("main.tf", text)).waivers[0].lines == (2, 4)


def test_an_instruction_ends_where_its_reader_says() -> None:
    text = "FROM a\n# svc: ignore=x reason=y\nRUN a && \\\n  b\nRUN c\n"
    extent = stretches(iter([(1, 1), (3, 4), (5, 5)]))
    assert waivers_in(Source("Dockerfile", text), extent).waivers[0].lines == (3, 4)


def test_a_whole_file() -> None:
    (one,) = waivers_in(Source("a.yaml", "# svc: ignore-file=x reason=y\na: 1\n")).waivers
    assert one.lines is None
    assert one.file == "a.yaml"


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# svc: ignore=x", "needs a reason"),
        ("# svc: ignore=x reason=", "needs a reason"),
        ("# svc: ignore= reason=y", "names no policy"),
        ("# svc: ignore=x until=2027-02-30 reason=y", "is not a date"),
        ("# svc: ignore=x because reason=y", "`because` is not understood"),
        ("# svc: skip=x reason=y ignore", "is no comment that svc knows"),
        ("# svc: ignore x reason=y", "`svc: ignore` without `=` waives nothing"),
        ("# svc: allow x", "`svc: allow` without `=` waives nothing"),
    ],
)
def test_a_comment_that_waives_nothing_says_so(comment: str, said: str) -> None:
    found = waivers_in(Source("a.yaml", f"a: 1\n{comment}\nb: 2\n"))
    assert not found.waivers
    (problem,) = found.problems
    assert problem.id == "waiver-malformed"
    assert said in problem.message
    assert problem.place.span is not None
    assert problem.place.span.line == 2


@pytest.mark.parametrize(
    ("comment", "ids", "reason"),
    [
        ("# hadolint ignore=DL3006,SC2046", ["DL3006", "SC2046"], "comment: hadolint ignore=DL3006,SC2046"),
        ("#checkov:skip=CKV_DOCKER_3:runs as root on purpose", ["CKV_DOCKER_3"], "runs as root on purpose"),
        ("# trivy:ignore:AVD-KSV-0001", ["AVD-KSV-0001"], "comment: trivy:ignore:AVD-KSV-0001"),
        ("# zizmor: ignore[unpinned-uses] our own", ["unpinned-uses"], "our own"),
        (
            "# tflint-ignore: terraform_typed_variables",
            ["terraform_typed_variables"],
            "comment: tflint-ignore: terraform_typed_variables",
        ),
    ],
)
def test_comments_of_other_tools(comment: str, ids: list[str], reason: str) -> None:
    found = waivers_in(Source("f", f"{comment}\nnext\n")).waivers
    assert [one.policy for one in found] == ids
    assert all(one.foreign and one.reason == reason and one.lines == (2, 2) for one in found)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# syntax=docker/dockerfile:1\n# check=error=true;skip=JSONArgsRecommended,UndefinedVar\nFROM a\n", None),
        ("# tflint-ignore-file: JSONArgsRecommended, UndefinedVar # ours\n", None),
        ("FROM a\n# check=skip=JSONArgsRecommended,UndefinedVar\nCMD b\n", (3, 3)),
    ],
)
def test_a_comment_above_all_speaks_of_the_file(text: str, lines: tuple[int, int] | None) -> None:
    found = waivers_in(Source("f", text)).waivers
    assert [(one.policy, one.lines) for one in found] == [("JSONArgsRecommended", lines), ("UndefinedVar", lines)]


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("a.tf", 'resource "a" "b" {\n  # checkov:skip=X:y\n  c = 1\n\n  d = 2\n}\n\nlocals {\n}\n', (1, 6)),
        ("a.tf", '# checkov:skip=X:y\nresource "a" "b" {\n  c = 1\n}\n', (2, 4)),
        ("Dockerfile", "FROM a\n# checkov:skip=X:y\nRUN b\nRUN c", (1, 4)),
        ("a.yaml", "a: 1\n# checkov:skip=X:y\nb: |\n  FROM c\n", (3, 4)),
    ],
)
def test_checkov_speaks_of_the_block_or_the_dockerfile(name: str, text: str, lines: tuple[int, int]) -> None:
    assert [one.lines for one in waivers_in(Source(name, text)).waivers] == [lines]


@pytest.mark.parametrize("name", ["AVD-KSV-0014", "KSV014", "KSV-0014", "AVD-AWS-0107", "AVD-DS-0002", "DS002"])
def test_older_ids_of_trivy_mean_the_same(name: str) -> None:
    policies = load([Path(__file__).parents[2] / "policies"]).policies
    assert [one.id for one in policies if one.answers(name)]
    assert not any(one.answers(f"{name}9") for one in policies)


def test_a_remark_about_a_service_is_no_waiver() -> None:
    found = waivers_in(Source("a.yaml", "port: 80 # svc: 8080\n# svc: allowed ports\n"))
    assert (found.waivers, found.problems) == ([], [])


def test_text_values_hold_no_comments() -> None:
    text = "run: |\n  # svc: ignore=x reason=y\n  ls\n"
    assert not waivers_in(Source("a.yaml", text), inside=lambda line: line in {2, 3}).waivers
