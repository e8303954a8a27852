from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc.targets.terraform.proofs import pieces
from svc.targets.terraform.read import TerraformError, read_blocks, read_module, read_value
from svc.targets.terraform.references import code
from svc.targets.terraform.syntax import faults
from svc.targets.terraform.types import Attribute, Block, Call, Expr, Object, Value
from svc.targets.terraform.write import expression, write_blocks

HAND = """\
# A comment with "quotes" and { braces
resource "aws_s3_bucket" logs {
  bucket = "logs-${var.env}" // trailing
  tags = merge(local.tags, {
    Name = "logs" # the name
    "a:b" : 1,
  })
  policy = <<-EOT
    {"Statement": [{"Effect": "Allow"}]} # not a comment
  EOT
  count = var.on ? 1 : 0
  /* gone */ names = [for x in var.xs : upper(x) if x != ""]
  lifecycle { prevent_destroy = true }
  long = (
    var.a
  )
}
"""


def test_hand_written_terraform() -> None:
    (block,) = read_blocks(HAND)
    assert block.address == ("resource", "aws_s3_bucket", "logs")
    assert block.line == 2
    assert block.get("bucket") == Expr('"logs-${var.env}"')
    assert block.get("tags") == Call("merge", (Expr("local.tags"), Object((("Name", "logs"), ("a:b", 1)))))
    policy = block.get("policy")
    assert isinstance(policy, Expr)
    assert policy.text.startswith("<<-EOT")
    assert '"Allow"}]} # not a comment' in policy.text
    assert block.get("count") == Expr("var.on ? 1 : 0")
    assert block.get("names") == Expr('[for x in var.xs : upper(x) if x != ""]')
    assert block.blocks("lifecycle")[0].get("prevent_destroy") is True
    assert [part.line for part in block.body] == [3, 4, 8, 11, 12, 13, 14]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a "b" {\n', 1),
        ("a {\n  b =\n}\n", 2),
        ('x = "open\n', 1),
        ("x = [1\n\n", 1),
        ("a = 1\n?\n", 2),
        ("a {\n b = <<E\n", 2),
        ("/* x", 1),
    ],
)
def test_what_is_not_hcl_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(TerraformError) as error:
        read_module({"main.tf": text})
    assert (error.value.file, error.value.line) == ("main.tf", line)


def test_a_comment_needs_stars_of_its_own() -> None:
    (block,) = read_blocks("/*/ locals { /**/ variable /**/ a {}\n")
    assert block.address == ("variable", "a")


def test_the_lines_of_a_comment_end_nothing() -> None:
    text = "locals /* of\n this */ {\n  a = /* one\n  or */ 1 + /*\n\n  */ 2\n  b /*\n  */ = 3\n  c = 4\n}\n"
    assert not list(faults(text))
    (block,) = read_blocks(text)
    assert [(one.name, one.value, one.line) for one in block.body if isinstance(one, Attribute)] == [
        ("a", Expr("1 + 2"), 3),
        ("b", 3, 7),
        ("c", 4, 9),
    ]


def test_only_the_code_of_a_template() -> None:
    assert "not.this" not in code('"not.this ${var.a}${"not.this-${local.b}"} $${not.this}"')
    assert "var.a" in code('"${var.a}"')
    assert "local.b" in code('"${upper("${local.b}")}"')


names = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")) | st.sampled_from('\n\t"\\${%}#'), max_size=20
)
scalars: st.SearchStrategy[Value] = st.one_of(
    texts,
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.none(),
    st.sampled_from([Expr("var.a"), Expr('"${local.b}-c"')]),
)


def _containers(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    objects = st.lists(st.tuples(names, inner), max_size=3, unique_by=lambda item: item[0]).map(tuple).map(Object)
    lists = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(lists, objects, inner.map(lambda arg: Call("jsonencode", (arg,))))


values = st.recursive(scalars, _containers, max_leaves=8)


@given(values)
def test_a_value_survives_its_text(value: Value) -> None:
    assert read_value(expression(value)) == value


@given(st.lists(st.builds(Attribute, names, values), max_size=4, unique_by=lambda one: one.name))
def test_a_block_survives_its_text(body: list[Attribute]) -> None:
    block = Block("resource", ("a", "b"), (*body, Block("nested", (), tuple(body))))
    assert read_blocks(write_blocks([block], "made")) == (block,)


@given(st.text(max_size=60) | st.text('{}[]()"$\\#/=<E\n a', max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(TerraformError):
        read_blocks(text)


def test_a_list_as_the_arguments_hides_no_call_around_it() -> None:
    assert read_value("merge(var.a...)") == Expr("merge(var.a...)")
    assert read_value('toset(jsonencode(merge(var.a...)), "x...")') == Call(
        "toset", (Call("jsonencode", (Expr("merge(var.a...)"),)), "x...")
    )
    grouped = Expr("{for x in var.l : x.a => x...}")
    assert read_value("toset({for x in var.l : x.a => x...})") == Call("toset", (grouped,))


PIECES = (
    'resource "a" "b" {\n  c = 1\n}\n',
    'data "a" "b" {}\n',
    "a {\n  text = <<EOT\n}\nb {\nEOT\n}\n",
    "a {\n  b = {\n}\n}\n",
    "# a comment\n",
    "/* open\n}\n*/\n",
    "/*\n",
    "}\n",
    'a {\n  b = "x # y"\n}\n',
    "a {\n  b = [\n1\n]\n}",
    "c = {\n}\n",
    "c = (\n",
    "// {\n",
    'a { b = "}" }\n',
    "\r\n}\r\n",
    "\n",
)


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_a_file_read_in_pieces_is_the_file(text: str) -> None:
    """Where a text can be read piece by piece at all, that is what it says."""
    try:
        found = [block for one in pieces(text) for block in one.blocks]
    except TerraformError:
        return
    assert tuple(found) == read_blocks(text)


def test_what_looks_like_an_end_is_none() -> None:
    with pytest.raises(TerraformError):
        list(pieces(PIECES[2]))
    assert len(read_blocks(PIECES[2])) == 1
    assert [one.declares for one in pieces(PIECES[0] + "\n" + PIECES[1])] == [{("a", "b")}, {("data", "a", "b")}]


def test_an_escape_that_is_none_is_its_letter() -> None:
    assert read_value(r'"\u00e4 \U0001F600 \u00e \d"') == "ä \U0001f600 u00e d"
    assert read_value(r'"\UFFFFFFFF"') == chr(0x10FFFF)
