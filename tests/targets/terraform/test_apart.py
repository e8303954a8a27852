"""Judging the parts of artifacts apart finds what judging the whole finds, whatever was judged before."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
import terraform_variants as variants

from samples import SERVICES, unit
from svc.parse import parse
from svc.policy import apart
from svc.policy.apart import Apart
from svc.policy.examples import examples
from svc.policy.load import load
from svc.policy.run import Bench, Ready
from svc.policy.types import Settings
from svc.source import Source
from svc.targets.terraform import target as terraform
from svc.targets.terraform.read import read_module
from svc.targets.terraform.types import Block, Module

FOLDER = Path(__file__).parents[3] / "policies"
LOADED = load([FOLDER])
BENCH = Bench(LOADED.policies, Settings("strict"))
READY = BENCH.of("terraform")
Found = set[tuple[str, object, str]]


def texts() -> Iterator[str]:
    """Every example of every policy over Terraform."""
    for policy in LOADED.policies:
        if policy.surface == "terraform":
            file = FOLDER / f"{policy.id}.yaml"
            for one in examples(parse(Source(file.name, file.read_text())).documents[0]):
                if isinstance(one.input, str):
                    yield one.input


@cache
def modules() -> list[Module]:
    """Examples alone, several as the files of one module, and what is generated."""
    known = list(texts())
    chosen = random.Random(7)
    mixed = [{f"{index}.tf": text for index, text in enumerate(chosen.sample(known, 4))} for _ in range(100)]
    made = [terraform.lower(unit(make)).artifact for make in (*SERVICES, variants.everything_managed)]
    return [*made, *(read_module(files) for files in [*({"main.tf": text} for text in known), *mixed])]


def whole(ready: Sequence[Ready], module: Module) -> Found:
    return {(one.policy.id, *said) for one in ready for said in one.check.single(module, one.params)}


def test_parts_are_judged_as_the_whole_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LIMIT", 300)
    ready = [one for one in READY if one.check.apart]
    judging = Apart(ready)
    found = 0
    for module in chain(modules(), modules()[:20]):
        expected = whole(ready, module)
        for _ in range(2):
            assert {(one.policy.id, *said) for one, said in judging.judge(module)} == expected
        found += len(expected)
    assert found > 500
    assert {one.check for one in ready} < {one.check for one in READY}


def test_a_check_says_of_what_kinds_it_speaks() -> None:
    """A resource of another kind gets no finding."""
    for one in READY:
        if one.check.about is not None:
            kinds = set(one.check.about(one.params))
            for module in modules():
                for route, *_ in one.check.single(module, one.params):
                    assert (route[1] if route[0] == "resource" else route[0]) in kinds


def afresh(block: Block) -> Block:
    """The same block, of which nothing is known yet."""
    body = tuple(afresh(part) if isinstance(part, Block) else part for part in block.body)
    return Block(block.type, block.labels, body, block.comment, block.origin, block.line)


NAMES = """
variable "a" {{
  {a}
}}
locals {{
  name = {name}
  both = "${{local.name}}-${{var.a}}"
  map  = {{ name = local.name, a = var.a }}
}}
"""
USES = """
resource "x" "y" {
  count = var.a ? 1 : 0
  b     = "${local.name}-${var.a}"
  c     = "${var.b}-${local.name}"
  d     = local.both
  e     = local.map["name"]
  f     = "$${var.b} ${local.name}"
  g     = local.map
  h     = "${var.b}"
  dynamic "rule" {
    for_each = [local.name, var.a]
    content {
      name = rule.value
    }
  }
}
data "x" "z" {
  for_each = local.map
  name     = each.value
  which    = local.name == "shop" ? "yes" : "no"
  other    = "${local.name != "shop" ? 1 : 2} %{ if true }x%{ endif }"
}
"""
DEFAULTS = ("", "default = true", "default = 1", 'default = "1"', "default = false", "default = null")
LITERALS = ('"shop"', '"shop2"', "1", "true", "var.b", "[1]", "[true]", '{ a = "1" }')


def test_what_is_known_of_a_block_depends_on_what_it_asks_for() -> None:
    """The same blocks among other names mean what they mean where nobody has seen them before."""
    used = read_module({"uses.tf": USES}).files["uses.tf"]
    for a in DEFAULTS * 2:
        for name in LITERALS:
            names = read_module({"names.tf": NAMES.format(a=a, name=name)}).files["names.tf"]
            fresh = Module("", {"names.tf": names, "uses.tf": tuple(map(afresh, used))})
            seen = Module("", {"names.tf": names, "uses.tf": used})
            assert repr(seen.known.files) == repr(fresh.known.files), (a, name)


def test_what_was_worked_out_stays_in_its_process() -> None:
    """Entries of the cache are plain data."""
    module = modules()[0]
    before = pickle.dumps(read_module({"uses.tf": USES}))
    seen = read_module({"uses.tf": USES})
    assert seen.known.blocks()
    assert whole(READY, seen) is not None
    assert pickle.dumps(seen) == before
    assert pickle.loads(pickle.dumps(module)) == module
