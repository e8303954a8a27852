"""What `svc lint` says about workflows, composite actions and compose files that their programs would refuse."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc.diagnostics import Diagnostic
from svc.gate import Demand
from svc.lint.collect import collect
from svc.lint.findings import findings
from svc.policy.types import Settings
from svc.targets.compose.schema import problems as compose_problems
from svc.workflows import check, contexts, values
from svc.workflows.beyond import ALONE, Beyond
from svc.workflows.expression import ExpressionError, find, parse
from svc.workflows.nodes import paths, walk

CALLED = """
on: {workflow_call: {inputs: {env: {type: string, required: true}, dry: {type: boolean}}, secrets: {T: {required: true}}}}
jobs: {a: {runs-on: ubuntu-latest, steps: [{run: make}]}}
"""
CALLER = """
on: push
jobs:
  a: {uses: ./.github/workflows/called.yaml, with: {dry: maybe, enf: x}}
  b: {uses: ./.github/workflows/called.yaml, with: {env: x}, secrets: inherit}
"""
ACTION = """
name: a
description: b
inputs: {x: {description: c}}
outputs: {o: {value: "${{ steps.two.outputs.o }}"}}
runs:
  using: composite
  steps:
    - {id: one, run: 'echo ${{ inputs.y }}'}
    - {run: make, shell: bash, if: secrets.T}
    - {uses: actions/checkout@v6, with: {fetchdepth: 0}}
    - {shel: bash}
"""
COMPOSE = """
services:
  a: {imagee: x, healthcheck: {intervall: 5s}, depends_on: {b: {condition: service_healty}}}
  b: {image: "x:${TAG}", ports: "${PORTS}", environment: {A: , B: 5}, x-own: 1, cap_add: NET_ADMIN}
network: {}
"""
COMPOSE_NAMES = """
services:
  a:
    image: "x:1"
    depends_on: [b, cc]
    volumes: ["data:/d", "./x:/y", "dta:/z", "C:/x:/y", "/anon", "${V}:/v"]
    networks: [default, front]
    secrets: [s, {source: t}]
  b: {build: ., depends_on: {zz: {condition: service_started, required: false}}, networks: {frnt: {}}}
volumes: {data: }
networks: {front: {}}
secrets: {s: {file: a}}
"""


def found(folder: Path, **files: str) -> list[Diagnostic]:
    where = folder / ".github" / "workflows"
    where.mkdir(parents=True)
    for name, text in files.items():
        (where / f"{name}.yaml").write_text(text, "utf-8")
    linted = collect([folder], lambda one: one.relative_to(folder).as_posix())
    assert not linted.diagnostics
    return findings(linted, [], Settings(), Demand())


def said(diagnostics: list[Diagnostic]) -> list[tuple[str, str]]:
    return [(one.id, ".".join(str(part) for part in one.place.route)) for one in diagnostics]


def test_a_called_workflow_is_given_what_it_asks_for(tmp_path: Path) -> None:
    got = found(tmp_path, called=CALLED, caller=CALLER)
    assert said(got) == [
        ("workflow-call", "jobs.a.with.dry"),
        ("workflow-call", "jobs.a.with.enf"),
        ("workflow-call", "jobs.a.uses"),
        ("workflow-call", "jobs.a.uses"),
    ]
    assert "did you mean `env`?" in got[1].message


def test_slips_in_the_inputs_of_an_action_at_a_commit_are_found(tmp_path: Path) -> None:
    """Which version that is nobody knows: what is like nothing may be an input of it."""
    given = "presist-credentials: false, of-another-version: 1, ref: a, reff: b, Fetch-Depth: 0"
    step = f"{{uses: actions/checkout@{'0' * 40}, with: {{{given}}}}}"
    got = said(found(tmp_path, a=f"on: push\njobs: {{a: {{runs-on: ubuntu-24.04, steps: [{step}]}}}}\n"))
    assert got == [("workflow-action-input", "jobs.a.steps.0.with.presist-credentials")]


def test_numbers_and_truths_are_texts_where_github_wants_one(tmp_path: Path) -> None:
    given = "a: {type: choice, options: [1, true, '2', 3.1], default: 2}, b: {type: choice, options: [true, 1], default: 'true'}"
    on = f"push: {{branches: 1.5, tags: [2.0]}}, workflow_dispatch: {{inputs: {{{given}}}}}"
    jobs = "jobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make}]}}"
    wrong = "c: {type: choice, options: [1, '1', false], default: 0}, d: {type: choice, options: 5, default: 5}"
    other = f"on: {{workflow_dispatch: {{inputs: {{{wrong}}}}}}}\n{jobs}\n"
    wanted = (("workflow-input", "c.default"), ("workflow-input", "c.options.1"), ("workflow-type", "d.options"))
    got = said(found(tmp_path, a=f"on: {{{on}}}\n{jobs}\n", b=other))
    assert got == [(policy, f"on.workflow_dispatch.inputs.{route}") for policy, route in wanted]


OFFICIAL = """
description: what it does
on: push
jobs:
  a: {runs-on: ubuntu-24.04, cancel-timeout-minutes: 5, services: {db: "postgres:18", web: {image: "nginx:1", ports: []}}, steps: [{run: make}]}
  b:
    if: success('a') && !failure('a', 'b')
    needs: []
    runs-on: ubuntu-24.04
    strategy: {matrix: {one: [1], include: [], exclude: []}}
    steps: [{run: make, id: one, background: true}, {wait: one}, {wait-all: }, {cancel: one}]
"""
"""What GitHub's own schema has, and published ones lack."""


def test_what_githubs_own_schema_takes(tmp_path: Path) -> None:
    wrong = OFFICIAL.replace("run: make, id", "run: make, if: success('a'), id").replace('"postgres:18"', "[postgres]")
    assert said(found(tmp_path, a=OFFICIAL, b=wrong)) == [
        ("workflow-type", "jobs.a.services.db"),
        ("workflow-expression", "jobs.b.steps.0.if"),
    ]


def test_composite_actions(tmp_path: Path) -> None:
    got = said(found(tmp_path, action=ACTION))
    assert got == [
        ("workflow-key-unknown", "runs.steps.3.shel"),
        ("workflow-action-input", "runs.steps.2.with.fetchdepth"),
        ("workflow-key-missing", "runs.steps.0"),
        ("workflow-step", "runs.steps.3"),
        ("workflow-expression", "outputs.o.value"),
        ("workflow-expression", "runs.steps.0.run"),
        ("workflow-expression", "runs.steps.1.if"),
    ]


def test_what_an_action_says_that_github_passes_over(tmp_path: Path) -> None:
    inputs = "inputs: {a: {description: b, options: [c]}}\noutputs: {o: {value: a, kind: b}}"
    got = found(tmp_path, action=f"name: a\nversion: 1\n{inputs}\nruns: {{using: composite, steps: []}}\n")
    assert [(one.id, one.severity.name.lower(), ".".join(map(str, one.place.route))) for one in got] == [
        ("workflow-key-unknown", "warning", "version"),
        ("workflow-key-unknown", "warning", "inputs.a.options"),
        ("workflow-key-unknown", "error", "outputs.o.kind"),
        ("workflow-key-missing", "warning", ""),
    ]


def test_what_a_compose_file_names_is_declared(tmp_path: Path) -> None:
    got = found(tmp_path, compose=COMPOSE_NAMES)
    assert said(got) == [
        ("compose-reference", "services.a.depends_on.1"),
        ("compose-reference", "services.a.secrets.1"),
        ("compose-reference", "services.a.volumes.2"),
        ("compose-reference", "services.b.networks.frnt"),
    ]
    assert "did you mean `front`?" in got[3].message


def test_dependabots_file_is_known_by_what_it_holds(tmp_path: Path) -> None:
    text = "version: 2\nupdates:\n  - {package-ecosystem: npm, directory: /, schedule: {interval: weekly}}\n"
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "dependabot.yml").write_text(text, "utf-8")
    linted = collect([tmp_path], lambda one: one.relative_to(tmp_path).as_posix())
    assert [one.surface for one in linted.subjects] == ["github"]
    assert not findings(linted, [], Settings(), Demand())


def test_compose_files(tmp_path: Path) -> None:
    got = found(tmp_path, compose=COMPOSE)
    assert said(got) == [
        ("compose-key-unknown", "services.a.imagee"),
        ("compose-key-unknown", "services.a.healthcheck.intervall"),
        ("compose-value", "services.a.depends_on.b.condition"),
        ("compose-type", "services.b.cap_add"),
        ("compose-key-unknown", "network"),
    ]
    assert [one.help for one in got[:2]] == ["write `image`", "write `interval`"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("github.event.issue['title']", ["github.event.issue.title"]),
        ("contains(github.event.commits.*.message, env.X)", ["github.event.commits.*.message", "env.x"]),
        ("a[b.c].d", ["a.*.d", "b.c"]),
        ("fromJSON(steps.x.outputs.y).z", ["steps.x.outputs.y"]),
        ("!(a.b == 'c.d')", ["a.b"]),
        ("a[b.x][c.y]", ["a.*.*", "b.x", "c.y"]),
        ("a[b.x].z[c.y].w", ["a.*.z.*.w", "b.x", "c.y"]),
        ("f(a.b)[c.d].e[g[h.i][j.k]]", ["a.b", "c.d", "g.*.*", "h.i", "j.k"]),
        ("a[0][b.x == 'c']", ["a.*.*", "b.x"]),
    ],
)
def test_paths_of_an_expression(text: str, wanted: list[str]) -> None:
    assert list(paths(parse(text))) == wanted


def test_nested_deeper_than_github_reads() -> None:
    for text in ("(" * 3000 + "a" + ")" * 3000, "!" * 3000 + "a", "a[" * 3000 + "1" + "]" * 3000):
        with pytest.raises(ExpressionError, match="nested deeper"):
            parse(text)


@given(st.text(alphabet="ab.*[]()!&|=<>',0x1 ${}\n-\""))
def test_any_text_is_an_expression_or_says_why_not(text: str) -> None:
    for read in (lambda: list(walk(parse(text))), lambda: list(find(text))):
        with contextlib.suppress(ExpressionError):
            read()


_ODD = st.recursive(
    st.sampled_from([None, True, 5, 1.5, "x", "${{ a", "${{ github.ref }}", ""]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["a", "type", "run", "uses"]), inner, max_size=2)
    ),
    max_leaves=4,
)
_KEYS = [
    "on",
    "jobs",
    "env",
    "needs",
    "strategy",
    "steps",
    "runs-on",
    "with",
    "services",
    "volumes",
    "networks",
    "depends_on",
    "ports",
    "inputs",
    "runs",
]


@given(st.dictionaries(st.sampled_from(_KEYS), st.one_of(_ODD, st.dictionaries(st.sampled_from([*_KEYS, "a"]), _ODD))))
def test_odd_data_is_judged_and_never_fails(data: dict[str, object]) -> None:
    job = {"on": "push", "jobs": {"a": data}}
    call = {"on": {"workflow_call": data, "workflow_dispatch": data, "push": data}, "jobs": data}
    for made in (data, job, call):
        list(check.workflow(made))
    list(check.composite({"runs": data, "inputs": data, "outputs": data}))
    list(compose_problems(data))
    list(compose_problems({"services": {"a": {"image": "a", **data}}, **data}))


@pytest.mark.parametrize("own", ["./", "$/", "$/./"])
def test_workflows_of_ones_own_repository_are_found_in_both_ways(own: str) -> None:
    called = {"on": {"workflow_call": {}}, "jobs": {"a": {"runs-on": "x", "steps": [{"run": "make"}]}}}
    files = {".github/workflows/called.yaml": called}
    job = {"uses": f"{own}.github/workflows/called.yaml", "with": {"level": 1}}
    caller = {"on": "push", "jobs": {"a": job}}
    assert [one.id for one in check.workflow(caller, Beyond(files.get))] == ["workflow-call"]
    del job["with"]
    assert not list(check.workflow(caller, Beyond(files.get)))
    steps = {"on": "push", "jobs": {"a": {"runs-on": "ubuntu-latest", "steps": [{"uses": f"{own}actions/x"}]}}}
    assert not list(check.workflow(steps, Beyond(files.get)))


def test_steps_are_looked_through_once_for_all_expressions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not again for each expression: a workflow of thousands of steps would not come to an end."""
    looked: list[str] = []
    was = contexts._given

    def counted(uses: str, beyond: Beyond) -> list[str] | None:
        looked.append(uses)
        return was(uses, beyond)

    monkeypatch.setattr(contexts, "_given", counted)
    steps = [
        {"id": f"S{n}", "run": f"echo ${{{{ steps.s{n - 1}.outputs.a }}}} ${{{{ steps.s{n + 1}.outcome }}}}"}
        for n in range(1, 200)
    ]
    data = {"jobs": {"a": {"outputs": {"x": "${{ steps.s199.outputs.y }}"}, "steps": steps}}}
    said = list(values.problems(data, ALONE))
    assert len(looked) == len(steps)
    assert [one.route[-2] for one in said] == [0, *range(199)]  # `s0` is not there, and the next one did not run yet


def test_an_id_is_known_below_its_step_and_when_the_job_is_over() -> None:
    after: dict[str, Any] = {
        "jobs": {"a": {"steps": [{"id": "One", "run": "a"}, {"run": "echo ${{ steps.one.outcome }}"}]}}
    }
    assert not list(values.problems(after, ALONE))
    other: dict[str, Any] = {"steps": [{"run": "echo ${{ steps.one.outcome }}"}], "outputs": {"a": "${{ steps.one }}"}}
    after["jobs"]["b"] = other
    assert [one.route[:2] for one in values.problems(after, ALONE)] == [("jobs", "b"), ("jobs", "b")]
