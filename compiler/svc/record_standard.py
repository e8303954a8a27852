"""The fields of a record as the functions of `dataclasses` want them. Imported when one of these is called on it."""

from __future__ import annotations

import dataclasses
from typing import Any


def standard(record: Any, missing: object) -> dict[str, Any]:
    """`__dataclass_fields__` of a class that `svc.records` made; `missing` stands where a field has no default."""
    made: list[tuple[str, Any, Any]] = []
    for name, known in record.__record__.items():
        words = {key: getattr(known, key) for key in ("init", "repr", "hash", "compare")}
        defaults = {key: getattr(known, key) for key in ("default", "default_factory")}
        words |= {key: value for key, value in defaults.items() if value is not missing}
        made.append((name, known.type, dataclasses.field(**words)))
    same: Any = dataclasses.make_dataclass(record.__name__, made)
    return dict(same.__dataclass_fields__)
