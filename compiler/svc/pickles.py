"""Plain data of ours as bytes and back, by pickle: of what is read nothing can run code."""

from __future__ import annotations

import enum
import io
import pickle
from collections.abc import Callable
from typing import Any

from svc.records import is_dataclass


def pickled(value: Any) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def plain(data: bytes, named: Callable[[Any], Any] | None = None) -> Any:
    """What was pickled; ValueError for anything but plain data of ours. `named`: what stands under a name in it."""
    try:
        reader = _Plain(io.BytesIO(data))
        if named is not None:
            reader.persistent_load = named  # type: ignore[method-assign]
        return reader.load()
    except Exception as error:
        raise ValueError("no plain data") from error


class _Plain(pickle.Unpickler):
    """Reads dates and the dataclasses and enumerations of this package; nothing that runs code."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("datetime", "date"):
            return super().find_class(module, name)
        if module.startswith("svc."):
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, enum.Enum)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no plain data")
