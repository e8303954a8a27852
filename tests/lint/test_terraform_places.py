"""Where a finding in Terraform is underlined."""

from __future__ import annotations

import pytest

from svc.checks._params import NoParams
from svc.checks.terraform import literal_secret
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


def test_a_block_without_a_name_does_not_take_the_places_of_others() -> None:
    text = 'module {}\nlocals {\n  a = 1\n}\nmodule "d" {\n  source = "./d"\n}\nmodule "d" "e" {\n}\n'
    places = Places(Module("d", {"a.tf": read_blocks(text, "a.tf")}, {}), {"a.tf": text})
    routes = ("module",), ("module", "d"), ("module", "d", "source"), ("module", "d", "e"), ("module", "f")
    assert [span.line for route in routes if (span := places.place(route).span)] == [1, 5, 6, 8, 1]


SECRET = "postgres://u:S3cretPw8@h/"


@pytest.mark.parametrize(
    "value",
    [
        'base64encode(join("\\n", [\n    "#!/bin/bash",\n    "hostname ${var.x}",\n    "",\n    "URL=@${var.db}",\n  ]))',
        'templatefile("${path.module}/x.tpl", {\n    name = var.name\n    url  = "@${var.db}"\n  })',
        'length(regexall("x@", var.y)) > 0 ? 1 : 2',
        'var.a  ==  1 ? "a  b ${var.c}" : "@"',
        '"${var.a} @"',
        "base64encode(<<-EOT\n    one\n    a @ b ${var.c}\n  EOT\n  )",
    ],
)
def test_a_secret_is_underlined_where_it_stands(value: str) -> None:
    text = f'resource "aws_x" "a" {{\n  user_data = {value}\n}}\n'.replace("@", SECRET)
    module = Module("d", {"a.tf": read_blocks(text, "a.tf")}, {})
    places = Places(module, {"a.tf": text})
    spans = [places.place(*one[::2]).span for one in literal_secret.check(module, NoParams())]
    words = "://u:S3cretPw8@"
    line, before = next((number, line) for number, line in enumerate(text.split("\n"), 1) if words in line)
    at = before.index(words)  # the pattern has one letter of the scheme
    assert spans == [Span(line, at, line, at + 1 + len(words))]


def test_secrets_that_are_alike_are_told_apart() -> None:
    text = 'resource "aws_x" "a" {\n  user_data = join("", [\n    "@${var.a}",\n    "@${var.b}",\n    "@c${var.a}"\n  ])\n}\n'
    text = text.replace("@", SECRET)
    module = Module("d", {"a.tf": read_blocks(text, "a.tf")}, {})
    places = Places(module, {"a.tf": text})
    spans = [places.place(*one[::2]).span for one in literal_secret.check(module, NoParams())]
    assert [one and one.line for one in spans] == [3, 4, 5]


def test_a_name_is_underlined_with_all_its_parts() -> None:
    text = """output "a" {
  value = [
    "of data.aws_vpc.v.ids and fromat(1)", 1, # data.aws_vpc.v.ids
    data.aws_vpc.v.ids, length(1), substr_("${fromat("%s", var.a)}"),
    aws_lb.x[0].arns, aws_lb.y["a.b"].arns, aws_lb.z[aws_lb.w[0].nam].arns, aws_lb.x.v.arns
  ]
}
"""
    places = Places(Module("d", {"a.tf": read_blocks(text, "a.tf")}, {}), {"a.tf": text})
    lines = text.split("\n")

    def shown(name: str) -> str:
        span = places.place(("output", "a", "value", name)).span
        assert span is not None
        return f"{span.line} {lines[span.line - 1][span.column - 1 : span.end_column - 1]}"

    assert shown("data.aws_vpc.v.ids") == "4 data.aws_vpc.v.ids"
    assert shown("data.aws_vpc.v") == "4 data.aws_vpc.v"
    assert shown("aws_lb.x.arns") == "5 aws_lb.x[0].arns"
    assert shown("aws_lb.x") == "5 aws_lb.x"
    assert shown("aws_lb.y.arns") == '5 aws_lb.y["a.b"].arns'
    assert shown("aws_lb.w.nam") == "5 aws_lb.w[0].nam"
    assert shown("var.a") == "4 var.a"
    assert shown("fromat()") == "4 fromat"
    assert shown("substr_()") == "4 substr_"
    assert shown("nothing()") == "2 value"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('locals {\n  a = { b = 1, c = { password = "correct-horse" } }\n}\n', (2, 16, 2, 52)),
        ('locals {\n  a = [{ b = 1 }, { password = "correct-horse" }]\n}\n', (2, 19, 2, 50)),
        ('locals {\n  a = merge(var.a, { password = "correct-horse" })\n}\n', (2, 3, 2, 4)),
        ('resource "a" "b" {\n  a {\n    c = <<-EOT\n      #!/bin/sh\n      export DB_PASSWORD=a-b-c\n    EOT\n  }\n}\n', (5, 14, 5, 31)),
        ('resource "a" "b" {\n  data_json = <<-EOT\n    {\n      "a": 1,\n      "b": {"password": "c-d-e"}\n    }\n  EOT\n}\n', (5, 7, 5, 33)),
        ('resource "a" "b" {\n  data_json = "{\\"b\\": {\\"password\\": \\"c-d-e\\"}}"\n}\n', (2, 3, 2, 12)),
    ],
)  # fmt: skip
def test_a_secret_within_a_value_is_underlined_at_its_item(text: str, at: tuple[int, int, int, int]) -> None:
    module = Module("d", {"a.tf": read_blocks(text, "a.tf")}, {})
    ((route, _, *within),) = literal_secret.check(module, NoParams())
    assert Places(module, {"a.tf": text}).place(route, *within).span == Span(*at)


def test_old_indices_are_left_out_of_a_name_that_is_underlined() -> None:
    text = 'locals {\n  a = [x.b.0.c, module.d["e"].f, module.g[h["i"].j].k.*.l, 1 -m.n]\n}\n'
    places = Places(Module("d", {"a.tf": read_blocks(text, "a.tf")}, {}), {"a.tf": text})
    for name, written in (
        ("x.b.c", "x.b.0.c"),
        ("module.d.f", 'module.d["e"].f'),
        ("module.g.k.l", 'module.g[h["i"].j].k.*.l'),
        ("h.j", 'h["i"].j'),
        ("m.n", "m.n"),
    ):
        span = places.place(("locals", "a", name)).span
        assert span
        assert text.split("\n")[1][span.column - 1 : span.end_column - 1] == written
