"""A variable becomes sensitive only where no file of its module shows that Terraform would refuse that."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fixing_samples import FIXABLE, linter
from svc.fixing import Fixed, fix, with_edits
from svc.source import Source

POLICY = FIXABLE["variable-not-sensitive"]
VARIABLE = 'variable "db_password" {\n  type = string\n}\n'
LOCAL = 'locals {\n  url = "postgres://u:${var.db_password}@h"\n}\n'


def run(texts: Mapping[str, str], unsafe: bool = True) -> Fixed:
    return fix(texts, linter(POLICY), [POLICY], unsafe=unsafe)


REFUSED = [
    ('output "dsn" {\n  value = "postgres://u:${var.db_password}@h"\n}\n', "output.dsn"),
    (LOCAL + 'output "dsn" {\n  value = [local.url]\n}\n', "output.dsn"),
    (LOCAL + 'locals {\n  all = { a = local.url }\n}\noutput "dsn" {\n  value = local.all.a\n}\n', "output.dsn"),
    ('resource "a_b" "c" {\n  for_each = toset([var.db_password])\n}\n', "for_each"),
    (LOCAL + 'resource "a_b" "c" {\n  for_each = toset(["a${local.url}"])\n}\n', "for_each"),
    (LOCAL + 'resource "a_b" "c" {\n  dynamic "d" {\n    for_each = [local.url]\n    content {}\n  }\n}\n', "for_each"),
    (LOCAL + 'module "c" {\n  source   = "./c"\n  for_each = { a = local.url }\n}\n', "for_each"),
    ('resource "a_b" "c" {\n  text = var.db_password\n}\noutput "dsn" {\n  value = a_b.c.text\n}\n', "output.dsn"),
    ('resource "a_b" "c" {\n  text = var.db_password\n}\noutput "dsn" {\n  value = a_b.c["x"].text\n}\n', "output.dsn"),
    ('resource "a_b" "c" {\n  text = var.db_password\n}\noutput "dsn" {\n  value = a_b.c\n}\n', "output.dsn"),
    ('data "a_b" "c" {\n  d {\n    e = var.db_password\n  }\n}\noutput "dsn" {\n  value = data.a_b.c.d[0].e\n}\n', "output.dsn"),
    ('module "c" {\n  source = "./c"\n  e      = var.db_password\n}\noutput "dsn" {\n  value = module.c.url\n}\n', "output.dsn"),
    ('resource "a_b" "c" {\n  lifecycle {\n    precondition {\n      condition     = true\n      error_message = var.db_password\n    }\n  }\n}\n', "error_message"),
    ('import {\n  to = a_b.c\n  id = var.db_password\n}\n', "import"),
    ('output "dsn" {\n  value = "${upper("${var.db_password}")}"\n  sensitive = false\n}\n', "output.dsn"),
]  # fmt: skip


@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize(("user", "why"), REFUSED)
def test_what_shows_it_refuses(user: str, why: str, elsewhere: bool) -> None:
    texts = {"m/variables.tf": VARIABLE, "m/outputs.tf": user} if elsewhere else {"m/main.tf": VARIABLE + user}
    made = run(texts)
    assert not made.texts
    assert why in made.refused[0].reason


TAKEN = [
    'output "dsn" {\n  value     = var.db_password\n  sensitive = true\n}\n',
    'output "dsn" {\n  value       = "var.db_password of $${var.db_password}"\n  description = "var.db_password"\n}\n',
    'resource "a_b" "c" {\n  count = var.db_password == "" ? 0 : 1\n  text  = var.db_password\n}\noutput "a" {\n  value = a_b.c[0].address\n}\n',
    'resource "a_b" "c" {\n  text = var.db_password\n}\nresource "a_b" "d" {\n  for_each   = toset([a_b.c.id])\n  depends_on = [a_b.c]\n}\noutput "a" {\n  value = a_b.d\n}\n',
    'module "c" {\n  source = "./c"\n  e      = var.db_password\n}\noutput "dsn" {\n  value = module.d.url\n}\n',
    'output "dsn" {\n  value = [var.db_password_length, var.other.db_password]\n}\n',
    LOCAL + 'locals {\n  other = 1\n}\noutput "dsn" {\n  value = local.other\n}\n',
]


@pytest.mark.parametrize("user", TAKEN)
def test_what_does_not_show_it_is_no_reason(user: str) -> None:
    made = run(
        {"m/variables.tf": VARIABLE, "m/main.tf": user, "n/main.tf": 'output "a" {\n  value = var.db_password\n}\n'}
    )
    assert not made.refused
    assert made.texts == {"m/variables.tf": VARIABLE.replace("string\n", "string\n\n  sensitive = true\n")}


def test_it_needs_a_review_as_a_module_that_is_called_is_not_seen() -> None:
    made = run({"variables.tf": VARIABLE}, unsafe=False)
    assert (made.texts, made.refused) == ({}, ())


def test_reports_carry_no_edit_that_another_file_forbids() -> None:
    texts = {"variables.tf": VARIABLE, "outputs.tf": 'output "a" {\n  value = var.db_password\n}\n'}
    for names, edited in ((["variables.tf"], True), (["variables.tf", "outputs.tf"], False)):
        given = {name: texts[name] for name in names}
        sources = {name: Source(name, text) for name, text in given.items()}
        (one,) = with_edits(linter(POLICY)(given), sources, [POLICY])
        assert (one.fix is not None) is edited


def test_what_is_written_in_json_counts() -> None:
    shown = '{"output": {"dsn": {"value": "${var.db_password}"}}}'
    assert "output.dsn" in run({"a.tf": VARIABLE, "b.tf.json": shown}).refused[0].reason
