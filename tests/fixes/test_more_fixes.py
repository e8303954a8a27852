"""Fixes that look around: scripts of workflows, dependencies of compose services, nested blocks, commands with quotes."""

from __future__ import annotations

import subprocess

import pytest

from fixing_samples import FIXABLE, fixed, refused, run

HEAD = "on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
TITLE = "${{ github.event.pull_request.title }}"
ENV = "        env:\n          PULL_REQUEST_TITLE: ${{ github.event.pull_request.title }}\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"run: echo {TITLE}", 'run: echo "${PULL_REQUEST_TITLE}"'),
        (f'run: echo "a {TITLE} b"', 'run: echo "a ${PULL_REQUEST_TITLE} b"'),
        (f"run: {TITLE}", "run: '\"${PULL_REQUEST_TITLE}\"'"),
        (f"run: 'echo {TITLE}'", "run: 'echo \"${PULL_REQUEST_TITLE}\"'"),
        (f'run: "echo {TITLE}"', 'run: "echo \\"${PULL_REQUEST_TITLE}\\""'),
        (
            f"run: |  # why\n          x=$(echo \"{TITLE}\" | head) # it's {TITLE}\n          echo 'a' {TITLE}",
            'run: |  # why\n          x=$(echo "${PULL_REQUEST_TITLE}" | head) # it\'s ${PULL_REQUEST_TITLE}\n          echo \'a\' "${PULL_REQUEST_TITLE}"',
        ),
        (f"run: >-\n          echo\n          {TITLE}", 'run: >-\n          echo\n          "${PULL_REQUEST_TITLE}"'),
    ],
)
def test_an_expression_becomes_a_variable(old: str, new: str) -> None:
    assert fixed("script-injection", f"{HEAD}      - {old}\n") == f"{HEAD}      - {new}\n{ENV}"


def test_an_env_that_is_there_gets_one_more_entry_and_names_do_not_clash() -> None:
    text = (
        f"{HEAD}      - env:\n          PULL_REQUEST_TITLE: mine  # stays\n        run: |\n"
        f"          PULL_REQUEST_TITLE_2=x\n          echo {TITLE} ${{{{ github.head_ref }}}}\n"
    )
    new = fixed("script-injection", text)
    assert "mine  # stays\n          PULL_REQUEST_TITLE_3: ${{ github.event.pull_request.title }}\n" in new
    assert 'echo "${PULL_REQUEST_TITLE_3}" "${HEAD_REF}"\n' in new


def test_inputs_and_outputs_too() -> None:
    text = HEAD + "      - run: deploy ${{ inputs.version }} ${{ github.sha }} ${{ steps.a.outputs.b }}\n"
    new = fixed("expression-in-script", text)
    assert 'run: deploy "${INPUTS_VERSION}" ${{ github.sha }} "${STEPS_A_OUTPUTS_B}"' in new


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (f"run: echo '{TITLE}'", "knows no variables"),
        (f"run: echo {TITLE}\n        shell: pwsh", "POSIX shell"),
        (f"run: print('{TITLE}')\n        shell: python", "POSIX shell"),
        (f"run: |\n          cat <<EOF\n          {TITLE}\n          EOF", "here-document"),
        (f"run: |\n          echo `x` {TITLE}", "backticks"),
        (f'run: |\n          echo "a {TITLE}', "do not end"),
        (f"uses: actions/github-script@v7\n        with:\n          script: log('{TITLE}')", "POSIX shell"),
    ],
)
def test_programs_that_are_no_plain_shell_are_left_to_people(step: str, why: str) -> None:
    assert why in refused("script-injection", f"{HEAD}      - {step}\n")


@pytest.mark.parametrize(
    ("head", "ok"),
    [
        (HEAD.replace("ubuntu-24.04", "windows-2025"), False),
        (HEAD.replace("ubuntu-24.04", "${{ matrix.os }}"), False),
        (HEAD.replace("ubuntu-24.04", "${{ matrix.os }}\n    defaults: {run: {shell: bash}}"), True),
        ("defaults: {run: {shell: pwsh}}\n" + HEAD, False),
    ],
)
def test_the_shell_is_the_one_that_runs_the_step(head: str, ok: bool) -> None:
    made, _ = run(FIXABLE["script-injection"], f"{head}      - run: echo {TITLE}\n")
    assert bool(made.applied) == ok
    assert bool(made.refused) != ok


@pytest.mark.parametrize("title", ["a", "a b", "*", '"; touch hacked; "', "$(touch hacked)", "`touch hacked`", "it's"])
def test_what_anybody_writes_stays_text(title: str, tmp_path: object) -> None:
    text = f"{HEAD}      - run: printf %s {TITLE}\n"
    script = fixed("script-injection", text).split("run: ")[1].split("\n")[0]
    done = subprocess.run(
        ["bash", "-c", script], env={"PULL_REQUEST_TITLE": title}, capture_output=True, text=True, cwd=str(tmp_path)
    )
    assert done.stdout == title


COMPOSE = """\
services:
  a:
    depends_on:  # first these
{items}
  db:
    image: postgres:17
    healthcheck: {{test: [CMD, pg_isready]}}
  cache:
    image: redis:8
"""


@pytest.mark.parametrize("pad", ["    ", "      "])
def test_dependencies_are_waited_for(pad: str) -> None:
    text = COMPOSE.format(items=f'{pad}- db  # slow\n{pad}# next\n{pad}- "cache"')
    assert fixed("compose-starts-too-early", text) == COMPOSE.format(
        items="      db: {condition: service_healthy}  # slow\n"
        f'{pad}# next\n      "cache": {{condition: service_started}}'
    )


def test_dependencies_in_brackets() -> None:
    text = COMPOSE.replace("depends_on:  # first these\n{items}", "depends_on: [cache, db]  # both").replace("{{", "{")
    new = fixed("compose-starts-too-early", text.replace("}}", "}"))
    assert "depends_on: {cache: {condition: service_started}, db: {condition: service_healthy}}  # both\n" in new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  name = 1\n", "  name = 1\n  point_in_time_recovery {\n    enabled = true\n  }\n"),
        (
            "  point_in_time_recovery {\n    enabled = false # cost\n  }\n",
            "  point_in_time_recovery {\n    enabled = true # cost\n  }\n",
        ),
        ("  point_in_time_recovery {\n  }\n", "  point_in_time_recovery {\n    enabled = true\n  }\n"),
    ],
)
@pytest.mark.parametrize("breaks", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_nested_block_is_added_or_set(old: str, new: str, breaks: str) -> None:
    around = 'resource "aws_s3_bucket" "b" {{\n}}\n\nresource "aws_dynamodb_table" "a" {{\n{}}}\n'
    text = fixed("point-in-time-recovery-off", around.format(old).replace("\n", breaks))
    assert text == around.format(new).replace("\n", breaks)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("FROM python:3.14-alpine\n", "/bin/ash"),
        ("FROM alpine\n", "/bin/ash"),
        ("ARG V=1.25\nFROM golang:${V}-alpine3.22\n", "/bin/ash"),
        ("ARG V=1.25\nFROM golang:${V}-bookworm\n", "/bin/bash"),
        ("FROM docker.io/library/debian:13\n", "/bin/bash"),
        ("FROM node:24 AS base\nFROM --platform=$BUILDPLATFORM base\n", "/bin/bash"),
    ],
)
def test_a_pipe_gets_the_shell_that_the_base_has(old: str, new: str) -> None:
    text = old + "# why\nRUN cat a | sort\nRUN cat b | sort\n"
    shell = f'SHELL ["{new}", "-o", "pipefail", "-c"]\n'
    assert fixed("pipe-fails-unseen", text) == text.replace("# why\n", f"# why\n{shell}")


@pytest.mark.parametrize("base", ["ghcr.io/acme/base:1", "scratch", "busybox", "$BASE", "golang:$BASE"])
def test_an_unknown_base_is_left_alone(base: str) -> None:
    assert "which shell" in refused("pipe-fails-unseen", f"ARG BASE=debian\nFROM {base}\nRUN cat a | sort\n")


_MATRIX = """on: push
jobs:
  a:
    runs-on: ${{ matrix.os }}
    strategy: {matrix: {os: [ubuntu-20.04, macos-15], go: [1, 2]%s}}
    steps: [{run: echo}]
"""


@pytest.mark.parametrize("more", [", exclude: [{os: ubuntu-20.04, go: 1}]", "}, env: {x: a-ubuntu-20.04"])
def test_a_runner_that_its_job_names_elsewhere_is_left_alone(more: str) -> None:
    assert "elsewhere" in refused("runner-retired", _MATRIX % more)
    assert fixed("runner-retired", _MATRIX % "") == (_MATRIX % "").replace("ubuntu-20.04", "ubuntu-24.04")


def test_a_runner_of_a_size_keeps_it() -> None:
    text = "on: push\njobs: {a: {runs-on: macos-13-xlarge}, b: {runs-on: macos-12}}\n"
    wanted = "on: push\njobs: {a: {runs-on: macos-15-xlarge}, b: {runs-on: macos-15}}\n"
    assert fixed("runner-retired", text) == wanted


@pytest.mark.parametrize(
    ("old", "new"), [("app", "/app"), ("./app/x", "/app/x"), ("app  # no comment", None), ("../a", None)]
)
def test_a_relative_folder(old: str, new: str | None) -> None:
    text = f"FROM debian:13\nWORKDIR {old}\n"
    made, result = run(FIXABLE["relative-workdir"], text)
    assert result == (text if new is None else f"FROM debian:13\nWORKDIR {new}\n")
    assert bool(made.refused) == (new is None)


def test_a_platform_is_left_out() -> None:
    text = "FROM  --platform=linux/amd64   debian:13 AS a\n"
    assert fixed("fixed-platform", text) == "FROM  debian:13 AS a\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('apt-get install -y "curl=8.*" git', 'apt-get install --no-install-recommends -y "curl=8.*" git'),
        (
            "echo 'apt-get install x' && apt-get install -y a",
            "echo 'apt-get install x' && apt-get install --no-install-recommends -y a",
        ),
        ('echo "a && b; c | d" \\\n    && apt-get install -y a', None),
        ("apt-get install -y a \\\n      'b'", None),
    ],
)
def test_commands_with_quotes(old: str, new: str | None) -> None:
    text = f"FROM debian:13\nRUN {old}\n"
    wanted = text.replace("install -y", "install --no-install-recommends -y") if new is None else text.replace(old, new)
    assert fixed("recommended-packages", text) == wanted


def test_a_command_in_quotes_is_left_alone() -> None:
    policy = FIXABLE["recommended-packages"]
    text = "FROM debian:13\nRUN sh -c 'apt-get install -y a'\n"
    assert run(policy, text)[1] == text


def test_two_items_of_a_list_go_in_one_run() -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      securityContext:\n"
        "        capabilities:\n          add:\n            - SYS_ADMIN\n            - CHOWN  # stays\n            - NET_RAW\n"
    )
    new = fixed("dangerous-capability", text)
    assert new == text.replace("            - SYS_ADMIN\n", "").replace("            - NET_RAW\n", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("${{ github.ref == 'a' }} && github.actor == 'b'", "(github.ref == 'a') && github.actor == 'b'"),
        ("${{ success() }} || ${{ inputs.force }}", "success() || inputs.force"),
        ("!${{ inputs.dry }}", "!inputs.dry"),
    ],
)
def test_a_condition_in_pieces_becomes_one(old: str, new: str) -> None:
    text = f'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    if: "{old}"\n    steps: []\n'
    assert fixed("condition-always-true", text) == text.replace(old, new)


def test_of_two_variables_the_one_that_counts_stays() -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      env:\n"
        "        - {name: A, value: '1'}\n        - {name: B, value: %s}\n        - {name: A, value: '2'}\n"
    )
    assert fixed("duplicate-variable", text % "b") == (text % "b").replace("        - {name: A, value: '1'}\n", "")
    assert "reads the earlier one" in refused("duplicate-variable", text % "'x $(A)'")


def test_an_object_is_not_moved_to_a_version_with_other_fields() -> None:
    head = "apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: {name: a}\n"
    assert "by hand" in refused("api-version-removed", head)
    budget = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec: {selector: {}}\n"
    assert "all in policy/v1" in refused("api-version-removed", budget)


@pytest.mark.parametrize(
    ("policy", "old", "new"),
    [
        ("interpolation-only", 'a = "${var.a}" # why', "a = var.a # why"),
        ("interpolation-only", 'a = "${ lookup(var.m, "x") }"', 'a = lookup(var.m, "x")'),
        ("index-with-dot", "a = aws_instance.a.0.id + b.c.12", "a = aws_instance.a[0].id + b.c[12]"),
        ("index-with-dot", 'a = "${aws_instance.a.0.id}"', 'a = "${aws_instance.a[0].id}"'),
        ("compared-with-empty-list", "a = var.a == [] ? 1 : 2", "a = length(var.a) == 0 ? 1 : 2"),
    ],
)
def test_expressions_are_put_in_another_way(policy: str, old: str, new: str) -> None:
    text = f"locals {{\n  z = 1\n}}\nlocals {{\n  {old}\n}}\n"
    assert fixed(policy, text) == text.replace(old, new)


@pytest.mark.parametrize("line", ['a = "x" == "y" ? b.0.c : "d"', "a = [\n    b.0.c,\n  ]", "a = b.*.c.0"])
def test_expressions_that_are_not_surely_read_stay(line: str) -> None:
    refused("index-with-dot", f"locals {{\n  {line}\n}}\n")


def test_the_cache_of_the_right_manager_is_removed() -> None:
    text = "FROM rockylinux:9\nRUN microdnf install -y curl\nRUN zypper install -y vim\n"
    new = fixed("rpm-cache-kept", text)
    assert "curl && microdnf clean all\n" in new
    assert "vim && zypper clean --all\n" in new
