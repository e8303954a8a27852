"""`read(render(x)) == x` over artifacts that are derived from the types of each target, not from specs."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from svc.parse import parse_one
from svc.source import Source
from svc.targets.compose.read import read_compose
from svc.targets.compose.render import render as render_compose
from svc.targets.compose.types import ComposeArtifact, ComposeFile, Wanted
from svc.targets.docker.read import read_dockerfile
from svc.targets.docker.render import render as render_dockerfile
from svc.targets.docker.types import DockerArtifact, Dockerfile, Heredoc, Ignore, Instruction
from svc.targets.github.read import read_workflow
from svc.targets.github.render import render as render_workflows
from svc.targets.github.types import Workflow
from svc.targets.terraform.read import read_attributes, read_blocks
from svc.targets.terraform.render import render as render_module
from svc.targets.terraform.types import Attribute, Block, Call, Expr, Module, Object, Values
from svc.tree import Tree
from svc.yaml_plain import loaded
from targets.derived import Rules, decimals, identifiers, met, numbers, of, reachable, texts

EXAMPLES = int(os.environ.get("SVC_EXAMPLES", "60"))
many = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)

# --- YAML ------------------------------------------------------------------------------------------------------------

leaves = st.none() | st.booleans() | numbers | decimals | texts
data = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=12
)
mappings = st.dictionaries(texts, data, min_size=1, max_size=4)
comments = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=20)

COMPOSE: dict[Any, st.SearchStrategy[Any]] = {
    Tree: st.dictionaries(identifiers, mappings, max_size=2).flatmap(lambda one: mappings.map(lambda two: Tree({**two, "services": one}))),
    (Wanted, "name"): identifiers.map(str.upper),
    (Wanted, "what"): comments,
    (ComposeArtifact, "spec"): st.just("service.yaml"),
    (ComposeArtifact, "path"): st.just("compose.yaml"),
    (ComposeArtifact, "example_path"): st.just(".env.example"),
}  # fmt: skip
WORKFLOWS: dict[Any, st.SearchStrategy[Any]] = {
    Tree: mappings.map(Tree),
    (Workflow, "path"): identifiers.map(lambda name: f".github/workflows/{name}.yaml"),
}


@many
@given(of(ComposeArtifact, COMPOSE))
def test_compose(artifact: ComposeArtifact) -> None:
    text = render_compose(artifact).files[artifact.path]
    found, problems = read_compose(Source("compose.yaml", text))
    assert not problems
    assert found == artifact.file
    quick = loaded(text)
    assert quick is None or ComposeFile(Tree(quick[0])) == artifact.file


@many
@given(of(Workflow, WORKFLOWS))
def test_workflows(workflow: Workflow) -> None:
    text = render_workflows([workflow]).files[workflow.path]
    parsed = parse_one(Source(workflow.path, text))
    assert not parsed.problems
    assert read_workflow(parsed.documents[0]) == workflow


# --- Dockerfiles -----------------------------------------------------------------------------------------------------

words = st.from_regex(r"[a-zA-Z0-9_./$@:{}*-][a-zA-Z0-9_./$@:{}=,*-]{0,9}", fullmatch=True).filter(
    lambda one: not one.startswith("--")
)
pairs = st.builds(lambda name, value: f"{name.upper()}={value}", identifiers,
                  words | st.text(" abc#$'{}\t:", max_size=8).map(lambda text: f'"{text}"'))  # fmt: skip
lines = st.from_regex(r"[a-z$(][ -~]{0,20}[a-z;|&)}]", fullmatch=True).filter(lambda line: "<<" not in line)
shells = st.lists(lines, min_size=1, max_size=3).map("\n".join)
flags = st.lists(st.tuples(identifiers, st.none() | words), max_size=2, unique_by=lambda one: one[0]).map(tuple)
arrays = st.lists(texts, max_size=3).map(tuple)
notes = st.lists(st.from_regex(r"[A-Za-z][ -~]{0,20}", fullmatch=True).map(str.rstrip), max_size=2).map(tuple)


def _instruction(
    keyword: str, args: Any, *, flagged: bool = False, array: bool = False
) -> st.SearchStrategy[Instruction]:
    made = {"keyword": st.just(keyword), "args": args, "exec": st.just(array), "comment": notes}
    return st.builds(Instruction, **made, flags=flags if flagged else st.just(()))


@st.composite
def _heredoc(draw: st.DrawFn) -> Instruction:
    """The words name the documents that follow."""
    names = draw(st.lists(st.from_regex(r"[A-Z]{3,5}", fullmatch=True), min_size=1, max_size=2, unique=True))
    rule = {
        (Heredoc, "text"): st.lists(
            st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=9), min_size=1, max_size=3
        ).map("\n".join)
    }
    made = [draw(of(Heredoc, {**rule, (Heredoc, "name"): st.just(name)})) for name in names]
    kept = tuple(one for one in made if one.name not in one.text.split("\n"))
    signs = [f"<<{'-' if one.strip else ''}{_named(one)}" for one in kept]
    args = (" ".join(signs),) if draw(st.booleans()) else (*signs, "/target/")
    keyword = "RUN" if len(args) == 1 and args[0] == " ".join(signs) else "COPY"
    return Instruction(keyword, args, heredocs=kept) if kept else Instruction("RUN", ("true",))


def _named(one: Heredoc) -> str:
    return f"'{one.name}'" if one.quoted else one.name


instructions = st.one_of(
    *(_instruction(one, shells.map(lambda text: (text,)), flagged=one == "RUN") for one in ("RUN", "CMD", "ENTRYPOINT")),
    *(_instruction(one, arrays, flagged=one in ("ADD", "COPY", "RUN"), array=True) for one in ("ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "VOLUME")),
    _instruction("SHELL", st.lists(texts, min_size=1, max_size=3).map(tuple), array=True),
    *(_instruction(one, st.lists(words, min_size=2, max_size=3).map(tuple), flagged=True) for one in ("ADD", "COPY")),
    *(_instruction(one, st.lists(words, min_size=1, max_size=3).map(tuple)) for one in ("EXPOSE", "VOLUME")),
    *(_instruction(one, st.lists(pairs, min_size=1, max_size=3).map(tuple)) for one in ("ENV", "LABEL", "ARG")),
    *(_instruction(one, words.map(lambda word: (word,))) for one in ("USER", "WORKDIR", "STOPSIGNAL", "MAINTAINER")),
    _instruction("HEALTHCHECK", st.just(("NONE",))),
    _instruction("HEALTHCHECK", lines.map(lambda text: ("CMD", text)), flagged=True),
    _instruction("HEALTHCHECK", arrays.map(lambda array: ("CMD", *array)), flagged=True, array=True),
    _instruction("ONBUILD", lines.map(lambda text: (f"RUN {text}",))),
    _heredoc(),
).filter(lambda one: one.keyword not in ("ADD", "COPY", "VOLUME", "EXPOSE") or not one.args or one.exec or not one.args[0].startswith("["))  # fmt: skip
froms = st.builds(
    lambda base, name: Instruction("FROM", (base, *(("AS", name) if name else ()))), words, st.none() | identifiers
)
bodies = st.lists(st.tuples(froms, st.lists(instructions, max_size=4)), min_size=1, max_size=2)
DOCKER: dict[Any, st.SearchStrategy[Any]] = {
    (Dockerfile, "instructions"): bodies.map(lambda stages: tuple(one for start, rest in stages for one in (start, *rest))),
    (Dockerfile, "directives"): st.sampled_from(((), (("syntax", "docker/dockerfile:1"),), (("syntax", "a/b:1"), ("check", "error=true")))),
    (Dockerfile, "header"): notes,
    (Ignore, "lines"): st.lists(words, max_size=3).map(tuple),
    (DockerArtifact, "path"): st.just("Dockerfile"),
    (DockerArtifact, "ignore_path"): st.just(".dockerignore"),
}  # fmt: skip


@many
@given(of(DockerArtifact, DOCKER))
def test_dockerfiles(artifact: DockerArtifact) -> None:
    files = render_dockerfile(artifact).files
    if artifact.dockerfile is not None:
        read = read_dockerfile(Source("Dockerfile", files["Dockerfile"]))
        assert read.dockerfile == artifact.dockerfile
    if artifact.ignore is not None:
        assert files[".dockerignore"] == "\n".join(artifact.ignore.lines) + "\n"


# --- Terraform -------------------------------------------------------------------------------------------------------

EXPRESSIONS = (
    "var.size", "aws_db_instance.main.endpoint", '"${var.a}-b"', "var.a ? 1 : 2", 'var.a == "b" && !var.c', "module.a[0].b",
    '[for one in var.many : one.id if one.name != ""]', "{ for key, one in var.many : key => one }", '"%{ if var.a }b%{ endif }"',
    "-var.a", "(var.a + 1) * 2", "merge(var.a...)",
)  # fmt: skip
"""One line each: nothing that svc makes is a here-document."""
keys = texts.filter(lambda text: not text.startswith("("))
LABELS = st.lists(identifiers, max_size=2).map(tuple)
values: st.SearchStrategy[Any] = st.deferred(lambda: TERRAFORM["Value"])
TERRAFORM: dict[Any, st.SearchStrategy[Any]] = {
    (Expr, "text"): st.sampled_from(EXPRESSIONS),
    (Call, "name"): st.sampled_from(("list", "jsonencode", "toset", "file")),
    (Call, "args"): st.lists(values, max_size=2).map(tuple),
    (Object, "items"): st.dictionaries(keys, values, max_size=3).map(lambda found: tuple(found.items())),
    (Attribute, "name"): identifiers,
    (Block, "type"): identifiers,
    (Block, "body"): st.recursive(
        st.deferred(lambda: of(Attribute, TERRAFORM)),
        lambda inner: st.builds(Block, identifiers, LABELS, st.lists(inner, max_size=3).map(tuple)),
        max_leaves=4,
    ).map(lambda part: (part,)) | st.lists(st.deferred(lambda: of(Attribute, TERRAFORM)), max_size=3).map(tuple),
    (Block, "labels"): LABELS,
    (Module, "path"): st.just("terraform"),
    (Module, "files"): st.dictionaries(identifiers.map("{}.tf".format), st.lists(st.deferred(lambda: of(Block, TERRAFORM)), max_size=2).map(tuple), min_size=1, max_size=2),
    (Module, "values"): st.dictionaries(identifiers.map("{}.tfvars".format), st.deferred(lambda: of(Values, TERRAFORM)), min_size=1, max_size=1),
    (Module, "header"): st.just("Made."),
    (Values, "missing"): st.lists(st.tuples(identifiers, comments), max_size=2).map(tuple),
    (Values, "comment"): st.just(""),
    (Attribute, "value"): st.deferred(lambda: TERRAFORM["Value"]) | st.builds(Expr, st.sampled_from(EXPRESSIONS)),
    "Value": st.recursive(
        leaves | st.builds(Expr, st.sampled_from(EXPRESSIONS)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(tuple),
            st.builds(Object, st.dictionaries(keys, inner, max_size=3).map(lambda found: tuple(found.items()))),
            st.builds(Call, st.sampled_from(("list", "jsonencode", "toset")), st.lists(inner, max_size=2).map(tuple)),
        ),
        max_leaves=5,
    ),
}  # fmt: skip


@many
@given(of(Module, TERRAFORM))
def test_modules(module: Module) -> None:
    files = render_module(module).files
    for name, blocks in module.files.items():
        assert read_blocks(files[f"terraform/{name}"], name) == blocks
    for name, one in module.values.items():
        assert read_attributes(files[f"terraform/{name}"], name) == one.attributes


def test_every_type_of_an_artifact_is_met() -> None:
    wanted: dict[Any, Rules] = {
        ComposeArtifact: COMPOSE,
        Workflow: WORKFLOWS,
        DockerArtifact: DOCKER,
        Module: TERRAFORM,
    }
    seen: set[Any] = set()
    for kind, rules in wanted.items():

        @settings(many, max_examples=200 if kind is DockerArtifact else 100)
        @given(of(kind, rules))
        def look(artifact: Any) -> None:
            met(artifact, seen)

        look()
        missing = {one.__name__ for one in reachable(kind) - seen}
        assert not missing, f"{kind.__name__}: {missing}"
        for rule in rules:
            assert not isinstance(rule, tuple) or rule[1] in rule[0].__annotations__, rule
