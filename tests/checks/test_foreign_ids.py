"""Nobody who moves over looks in vain: every rule of other tools is a policy's alias, or left out with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from svc.parse import parse_one
from svc.policy.load import load
from svc.source import Source

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "rules-left-out.md"
POLICIES = load([ROOT / "policies"]).policies
IDS = parse_one(Source("foreign_ids.yaml", Path(__file__).with_name("foreign_ids.yaml").read_text("utf-8")))


def left_out() -> Iterator[tuple[str, str]]:
    """Every id in the first column of a table of the page, with the reason in its last."""
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| rule "):
            first, *_, reason = (cell.strip() for cell in line.strip().strip("|").split("|"))
            for name in re.findall(r"[A-Za-z0-9][\w.-]*", first):
                yield name, reason


@pytest.mark.parametrize("surface", sorted(IDS.documents[0].data))
def test_every_foreign_id_means_something_here(surface: str) -> None:
    known = {name for policy in POLICIES for name in (policy.id, *policy.aliases)}
    out = {name for name, reason in left_out() if len(reason) > 10}
    demands = IDS.documents[0].data[surface]
    ids = [(demand, name) for demand, names in demands.items() for name in names]
    assert all(isinstance(name, str) for _, name in ids)
    assert not [f"{demand}: {name}" for demand, name in ids if name not in known | out]


def test_what_is_left_out_is_no_alias() -> None:
    """A rule that became a policy leaves the page."""
    aliases = {name for policy in POLICIES for name in policy.aliases}
    listed = {name for name, _ in left_out() if re.search(r"\d|_", name)}
    assert not listed & aliases
