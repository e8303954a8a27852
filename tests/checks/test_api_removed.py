"""The removed API versions agree with the shipped schemas of each Kubernetes minor."""

from __future__ import annotations

from itertools import pairwise

from svc.checks.kubernetes.api_removed import REMOVED
from svc.kubernetes.schema import MINORS, folder, schema_name


def served(minor: str) -> set[str]:
    return {file.stem for file in (folder() / minor).glob("*.json")}


def test_what_a_minor_no_longer_serves_is_in_the_table() -> None:
    gone = {schema_name(version, kind): minor for (version, kind), (minor, _) in REMOVED.items()}
    for old, new in pairwise(MINORS):
        lost = sorted(name for name in served(old) - served(new))
        assert {name: gone.get(name) for name in lost} == {name: int(new.removeprefix("1.")) for name in lost}


def test_nothing_in_the_table_is_still_served_and_every_replacement_is() -> None:
    for (version, kind), (minor, instead) in REMOVED.items():
        for one in MINORS:
            still = schema_name(version, kind) in served(one)
            assert still is (int(one.removeprefix("1.")) < minor), (version, kind, one)
        if instead:
            assert schema_name(instead, kind) in served(MINORS[-1]) or kind.endswith("Review"), (instead, kind)
