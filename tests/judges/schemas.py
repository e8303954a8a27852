"""The published schemas as judges of documents: JSON Schema by `jsonschema`, CUE by `cue vet`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from svc.model.schema import schema
from svc.parse import parse_one
from svc.source import Source


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    """Patterns as ECMA 262 reads them: `$` is the end of the text, not also the place before a last line break."""
    if isinstance(value, str) and not re.search(re.sub(r"(?<!\\)\$(?=[|)]|$)", r"\\Z", pattern), value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


_Ecma: type[Validator] = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


@cache
def json_schema(kind: str) -> Validator:
    """The validator of `service` or `workspace`."""
    return _Ecma(schema(kind))


def read(path: Path) -> Any:
    """The data of a YAML file; None when it cannot be read."""
    parsed = parse_one(Source(path.name, path.read_text("utf-8", errors="replace")))
    return parsed.documents[0].data if parsed.documents and not parsed.problems else None
