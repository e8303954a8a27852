"""JSON that is indented by hand is what the standard library writes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from svc.indented import indented

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
_DATA = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(_DATA)
def test_as_the_standard_library(data: object) -> None:
    assert indented(data) == json.dumps(data, indent=2, ensure_ascii=False)
