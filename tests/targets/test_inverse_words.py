"""`read(render(x)) == x` for every pair of signs that some format takes for its own, in every place of each target."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from svc.parse import parse_one
from svc.source import Source
from svc.targets.compose.read import read_compose
from svc.targets.compose.render import render as render_compose
from svc.targets.compose.types import ComposeArtifact, ComposeFile
from svc.targets.docker.read import read_dockerfile
from svc.targets.docker.render import render as render_dockerfile
from svc.targets.docker.types import DockerArtifact, Dockerfile, Heredoc, Instruction
from svc.targets.github.read import read_workflow
from svc.targets.github.render import render as render_workflows
from svc.targets.github.types import Workflow
from svc.targets.terraform.read import read_attributes, read_blocks
from svc.targets.terraform.render import render as render_module
from svc.targets.terraform.types import Attribute, Block, Call, Module, Object, Value, Values
from svc.tree import Tree
from targets.derived import CHARS, WORDS

PAIRS = [f"{one}{other}" for one in CHARS for other in CHARS]
TEXTS = (
    *WORDS, *PAIRS, *(f"x{one}" for one in PAIRS), *(f"{one}x" for one in PAIRS), "", "\r", "a\r\nb", "a\n\n", "\n\na", "a\n b\n", "\x07",
    "\x85", "\u2028", "\ufeff", "\U0001f600", "a" * 2000, "0", "0o17", "017", "1_000", "0b1", ".5", "+1", ".inf", "null", "Yes", "=", "-",
)  # fmt: skip
NUMBERS = (0, -1, 10**20, 0.5, 1e16, 1e22, 1e300, 1.5e-7, 5e-324, -0.0, True, False, None)


def _data(*, quoted_keys: bool = True) -> dict[str, Any]:
    texts = {text: text for text in TEXTS}
    return {
        "list": list(TEXTS),
        "numbers": list(NUMBERS),
        "inside": [{"a": texts}, [[*TEXTS]]],
        **(texts if quoted_keys else {}),
    }


def test_compose() -> None:
    file = ComposeFile(Tree({"services": {"a": {"environment": _data()}}, "x": _data()}))
    text = render_compose(ComposeArtifact(file)).files["compose.yaml"]
    found, problems = read_compose(Source("compose.yaml", text))
    assert problems == ()
    assert repr(found) == repr(file)
    assert repr(yaml.load(text, Loader=yaml.CSafeLoader)) == repr(file.tree.data)  # as readers of YAML 1.1 take it


def test_workflows() -> None:
    workflow = Workflow(
        ".github/workflows/a.yaml", Tree({"on": {"push": None}, "jobs": {"a": {"env": _data(), "steps": [_data()]}}})
    )
    parsed = parse_one(Source("a.yaml", render_workflows([workflow]).files[workflow.path]))
    assert not parsed.problems
    assert repr(read_workflow(parsed.documents[0]).tree.data) == repr(workflow.tree.data)


def _attributes() -> tuple[Attribute, ...]:
    texts = tuple((text, text) for text in TEXTS if not text.startswith("("))
    values: tuple[Value, ...] = (
        *TEXTS,
        TEXTS,
        Object(texts),
        Call("jsonencode", (Object(texts), *TEXTS)),
        (Object(texts), (Object(texts),)),
    )
    return tuple(Attribute(f"a{index}", value) for index, value in enumerate(values))


def test_modules() -> None:
    """Of whole blocks, nested ones and values."""
    blocks = (Block("a", ("b", "c"), (*_attributes(), Block("inner", (), _attributes()))),)
    module = Module("terraform", {"a.tf": blocks}, {"a.tfvars": Values(_attributes())})
    files = render_module(module).files
    assert read_blocks(files["terraform/a.tf"], "a.tf") == blocks
    assert read_attributes(files["terraform/a.tfvars"], "a.tfvars") == _attributes()


HEREDOCS = (Heredoc("ONE", "a\n b\\\n$c 'd' \"e\"", quoted=False), Heredoc("TWO", "#f\n\n<<ONE", quoted=True))


@pytest.mark.parametrize("keyword", ["CMD", "COPY", "ENTRYPOINT", "RUN", "VOLUME", "SHELL"])
def test_arrays_of_dockerfiles(keyword: str) -> None:
    _same(*(Instruction(keyword, tuple(TEXTS[at : at + 9]), exec=True) for at in range(0, len(TEXTS), 9)))


def test_documents_of_dockerfiles() -> None:
    _same(
        Instruction("COPY", ("<<ONE", "<<'TWO'", "/target/"), heredocs=HEREDOCS),
        Instruction("USER", ("1",), comment=("a", "b")),
    )


def _same(*instructions: Instruction) -> None:
    made = Dockerfile((Instruction("FROM", ("a:1",)), *instructions))
    text = render_dockerfile(DockerArtifact(made)).files["Dockerfile"]
    assert read_dockerfile(Source("Dockerfile", text)).dockerfile == made
