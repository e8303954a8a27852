"""Where a finding in Terraform is underlined."""

from __future__ import annotations

from svc.diagnostics import Span
from svc.lint.terraform import Places
from svc.targets.terraform.read import read_blocks
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
    assert texts.asked == 1
