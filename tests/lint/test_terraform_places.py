"""Where a finding in Terraform is underlined."""

from __future__ import annotations

import pytest

from svc.diagnostics import Place, Span
from svc.lint import terraform
from svc.lint.terraform import Places
from svc.targets.terraform.read import read_blocks
from svc.targets.terraform.scan import end_of_expression
from svc.targets.terraform.types import Module

TEXT = 'resource "aws_s3_bucket" "a" {\n  bucket = "x"\n\n  versioning {\n    enabled = true\n  }\n}\n'


class Counted(dict[str, str]):
    asked = 0

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        self.asked += 1
        return super().get(name, default)


def test_each_text_is_cut_into_lines_once() -> None:
    texts = Counted({"a.tf": TEXT})
    places = Places(Module("d", {"a.tf": read_blocks(TEXT, "a.tf")}, {}), texts)
    base = ("resource", "aws_s3_bucket", "a")
    spans = [
        places.place(route).span
        for route in (base, (*base, "bucket"), (*base, "versioning", 0, "enabled"), (*base, "acl"), ("elsewhere",))
    ]
    assert spans == [Span(1, 1, 1, 29), Span(2, 3, 2, 9), Span(5, 5, 5, 12), Span(1, 1, 1, 29), Span(1, 1, 1, 1)]
    assert texts.asked == 2  # for its lines, and for how they are counted


def test_each_value_is_read_once_for_the_findings_in_its_items(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def counted(text: str, position: int) -> int:
        read.append(position)
        return end_of_expression(text, position)

    monkeypatch.setattr(terraform, "end_of_expression", counted)
    text = 'resource "aws_x" "a" {\n  names = ["a", # one\n    "b",\n    "c"]\n  one = ["d"]\n}\n'
    places = Places(Module("d", {"a.tf": read_blocks(text, "a.tf")}, {}), {"a.tf": text})
    route = ("resource", "aws_x", "a", "names")
    whole = Span(2, 3, 2, 8)
    third, first, second = (places.place(route, (number, number + 1)) for number in (2, 0, 1))
    assert (first.span, second.span, third.span) == (Span(2, 12, 2, 16), Span(3, 5, 3, 9), Span(4, 5, 4, 9))
    assert places.place(route, (3, 4)) == Place("a.tf", whole, route)
    assert places.place((*route[:3], "one"), (0, 1)).span == Span(5, 10, 5, 14)
    assert len(read) == 2


def test_of_blocks_at_one_address_the_one_that_has_it_is_meant() -> None:
    text = 'locals {\n  a = 1\n}\nresource "aws_x" "a" {\n}\nlocals {\n  b = 2\n}\nlocals {\n  a = 3\n}\n'
    places = Places(Module("d", {"a.tf": read_blocks(text, "a.tf")}, {}), {"a.tf": text})
    lines = [places.place(("locals", *rest)).span for rest in (("a",), ("b",), ("c",), ())]
    assert [one and one.line for one in lines] == [2, 7, 1, 1]


def test_a_name_is_underlined_where_the_value_has_it() -> None:
    text = """resource "aws_x" "a" {
  # var.b is none, and var.bb is another
  policy = jsonencode({
    One = "a of ${var.bb}" # var.b
    Two = [data.aws_y.z.arn, var.b.c]
  })
  text = <<-EOT
    of ${var.b}
  EOT
  nested { c = var.b }
}
"""
    places = Places(Module("d", {"a.tf": read_blocks(text, "a.tf")}, {}), {"a.tf": text})
    route = ("resource", "aws_x", "a")
    whole = Span(3, 3, 3, 9)
    assert places.place((*route, "policy", "var.b")) == Place(
        "a.tf", Span(5, 30, 5, 35), (*route, "policy", "var.b"), whole
    )
    assert places.place((*route, "policy", "data.aws_y.z")).span == Span(5, 12, 5, 24)
    assert places.place((*route, "policy", "var.nothing")).span == whole
    assert places.place((*route, "text", "var.b")).span == Span(8, 10, 8, 15)
    assert places.place((*route, "nested", 0, "c", "var.b")).span == Span(10, 3, 10, 9)


def test_characters_of_a_text_are_underlined() -> None:
    text = 'resource "aws_x" "a" {\n  data = base64encode(<<-EOT\n    one\n    a two b\n  EOT\n  )\n  more = "${var.a} three"\n}\n'
    places = Places(Module("d", {"a.tf": read_blocks(text, "a.tf")}, {}), {"a.tf": text})
    route = ("resource", "aws_x", "a")
    heredoc = text[text.index("<<-") : text.index("  )")]
    at = heredoc.index("two")
    assert places.place((*route, "data"), (at, at + 3)).span == Span(4, 7, 4, 10)
    at = len('"${var.a} ')
    assert places.place((*route, "more"), (at, at + 5)).span == Span(7, 20, 7, 25)
    assert places.place((*route, "more"), (900, 905)).span == Span(7, 3, 7, 7)


def test_a_carriage_return_alone_ends_a_line_where_places_are_counted() -> None:
    text = 'locals {\n  a = "b\rc"\n  d = 1\n}\n'
    places = Places(Module("d", {"a.tf": read_blocks(text, "a.tf")}, {}), {"a.tf": text})
    assert places.place(("locals", "d")).span == Span(4, 3, 4, 4)
