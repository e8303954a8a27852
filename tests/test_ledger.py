"""The record of outputs, changed as a text: what comes out is what printing all of it anew would give."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svc.ledger import Ledger, printed

PATHS = st.text(alphabet='ab/": {}\\,\n.é\U0001f600', min_size=1, max_size=6)
ENTRIES = st.dictionaries(
    st.sampled_from(["owner", "sha256", "before"]), st.text(alphabet='x"\\\n,', max_size=3), min_size=1
)
RECORDS = st.dictionaries(PATHS, ENTRIES, min_size=1, max_size=12)


@given(RECORDS)
def test_it_is_json(files: dict[str, dict[str, str]]) -> None:
    assert printed(files).decode() == json.dumps({"files": files, "version": 1}, indent=1, sort_keys=True) + "\n"


@given(RECORDS, PATHS)
def test_what_is_looked_up_is_what_stands_there(files: dict[str, dict[str, str]], other: str) -> None:
    ledger = Ledger(printed(files))
    for path in (*files, other):
        assert ledger.get(path) == files.get(path)


@given(RECORDS, st.dictionaries(PATHS, ENTRIES, max_size=6), st.sets(PATHS, max_size=4))
def test_a_change_is_what_printing_all_anew_gives(
    files: dict[str, dict[str, str]], entries: dict[str, dict[str, str]], gone: set[str]
) -> None:
    gone -= entries.keys()
    made = Ledger(printed(files)).changed(entries, gone)
    wanted = {path: one for path, one in {**files, **entries}.items() if path not in gone}
    assert made == printed(wanted)


@pytest.mark.parametrize("text", [b"", b"{}", b'{\n "files": {},\n "version": 1\n}\n', printed({"a": {"b": "c"}})[:-1]])
def test_another_text_is_no_record(text: bytes) -> None:
    with pytest.raises(ValueError, match="no"):
        Ledger(text)
