"""The grammar refuses what HashiCorp's own parser refuses, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from svc.targets.terraform.syntax import faults

PROGRAM = Path(__file__).parents[3] / ".tools/bin/hcldump"
SAMPLE = """\
locals {
  a = [for k, v in { a = 1 } : "${k}=${v}" if v > 0]
  b = { for k, v in { a = 1 } : k => v... if true }
  c = <<-EOT
    %{ for x in ["a"] ~}
    ${x} $${y} "q" %{ if x == "a" }a%{ else }b%{ endif ~}
    %{ endfor ~}
  EOT
  d = max([1, 2]...)
  e = (1 + 2) * -3 % 4 >= 5 && !true || false
  f = provider::aws::arn_parse("x").a[0].b.*.c[*].d["e"]
  g = { (local.x) = 1, "${local.y}z" : 2
    3 = 4, k-k = null }
  h = true ? "a\\n\\t\\"\\\\\\u00e4" : [1, 2,][0] /* c */ # x
  i = join(",", [
    "a", // y
    <<EOT
text ${"nested ${"deep"}"}
EOT
    , "b",
  ])
  lifecycle { enabled = true }
}
"""
_ADDED = st.sampled_from(
    ['"', "{", "}", "(", ")", "[", "]", "\n", " ", ",", "=", "=>", ":", "?", ".", "${", "%{", "~", "for", "if", "in",
     "else", "endif", "<<EOT\n", "EOT\n", "-", "!", "*", "...", "::", "#", "/*", "\\", "a", "1", "1.5", "&&", "$", "ä"]
)  # fmt: skip
_CHANGES = st.lists(
    st.tuples(st.integers(0, len(SAMPLE)), st.one_of(_ADDED, st.integers(1, 6))), min_size=1, max_size=3
)
_OTHER = "an argument stands outside of every block"
"""What is no fault of HCL."""


def _changed(changes: list[tuple[int, str | int]]) -> str:
    text = SAMPLE
    for at, change in changes:
        text = text[:at] + (change + text[at:] if isinstance(change, str) else text[at + change :])
    return text


@pytest.mark.tools
def test_it_refuses_what_the_parser_refuses(tmp_path: Path) -> None:
    @settings(max_examples=120, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(_CHANGES.map(_changed))
    def alike(text: str) -> None:
        (tmp_path / "main.tf").write_text(text, "utf-8", newline="")
        theirs = subprocess.run([PROGRAM, tmp_path / "main.tf"], capture_output=True, text=True, check=False)
        if "Attribute redefined" not in theirs.stderr:
            ours = [fault.message for _, fault in faults(text) if fault.message != _OTHER]
            assert bool(ours) is bool(theirs.returncode), (ours, theirs.stderr)

    assert not list(faults(SAMPLE))
    alike()
