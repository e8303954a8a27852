"""Files as people write them with something changed at random: every key has one fate, every arrow points at something."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from importers.round_trip import faults
from importers.test_import import SAMPLES
from svc.emit import emit
from svc.importers import report
from svc.importers.compose_files import unread
from svc.importers.ledger import units
from svc.importers.result import Imported
from svc.importers.run import run
from svc.parse import parse
from svc.source import Source

FOLDER = Path(__file__).parents[2] / "fixtures" / "import"
FILES = [*FOLDER.glob("wild/*.yaml"), *(FOLDER / f"{name}.yaml" for name in ("chart", "set", "workloads", "voting"))]
TEXTS = [*SAMPLES.values(), *(path.read_text("utf-8") for path in sorted(FILES))]
DOCUMENTS = [[one.data for one in parse(Source("in.yaml", text)).documents] for text in TEXTS]
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 70000, 3.5, "", "x", "80:90:100", "${A}", "${needs.x.y}", "$(B)", "/etc/x", [], {}, ["a"],
    {"a": "b"}, [{"name": "a"}], {"zz": [1, {"q": None}]}, "1Gi", "é", "a b", "no", "2023-01-01", "\u2028",
)  # fmt: skip


def _routes(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [route for key, one in pairs for route in ((*at, key), *_routes(one, (*at, key)))]


def _get(value: Any, route: tuple[Any, ...]) -> Any:
    for part in route:
        value = value[part]
    return value


def _mutated(documents: list[Any], chance: random.Random) -> list[Any]:
    made = copy.deepcopy(documents)
    for _ in range(chance.randint(1, 3)):
        routes = [route for route in _routes(made) if len(route) > 1]
        route = chance.choice(routes)
        holder, how = _get(made, route[:-1]), chance.randrange(5)
        if how == 0:
            del holder[route[-1]]
        elif how == 1 and isinstance(holder, dict):
            holder[chance.choice(("zz-odd", "name", "x-a", "image", "ports"))] = copy.deepcopy(chance.choice(ODD))
        elif how == 2:
            holder[route[-1]] = copy.deepcopy(_get(made, chance.choice(routes)))
        else:
            holder[route[-1]] = copy.deepcopy(chance.choice(ODD))
    return made


def _holds(made: Imported, text: str) -> None:
    keys = [route for one in parse(Source("in.yaml", text)).documents for route in units(one)]
    assert [one.route for one in made.entries] == keys
    counts = [sum(one.note.fate == fate for one in made.entries) for fate in ("mapped", "patch", "default", "dropped")]
    assert sum(counts) == len(keys)
    assert faults(made) == []
    drafts = {draft.name: draft for draft in made.drafts}
    for one in made.entries:
        assert one.note.reason or one.note.fate == "mapped", one
        if one.note.fate in ("mapped", "patch") and one.note.to:
            assert drafts[one.note.spec].has(one.note.to), one
    assert made.lost or counts[-1] == 0
    report.text(made)
    report.as_json(made)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(index=st.integers(0, len(DOCUMENTS) - 1), chance=st.randoms(use_true_random=False))
def test_a_changed_file_is_accounted_for(index: int, chance: random.Random) -> None:
    text = "---\n".join(emit(one).text for one in _mutated(DOCUMENTS[index], chance) if isinstance(one, dict | list))
    made = run([Source("in.yaml", text)], "", unread)
    if not made.diagnostics:
        _holds(made, text)


def test_the_files_themselves_are_accounted_for() -> None:
    for text in TEXTS:
        made = run([Source("in.yaml", text)], "", unread)
        assert made.diagnostics == ()
        _holds(made, text)
