"""The `__init__` of a record, compiled: for classes of which there are many objects, and for calls that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def compiled(record: Any, frozen: bool, slots: bool, missing: object) -> Callable[..., None]:
    """For a class that `svc.records` made; `missing` stands where a field has no default."""
    space: dict[str, Any] = {"_none": missing, "_assign": object.__setattr__}
    takes, lines = ["self"], []
    for name, one in record.__record__.items():
        value = name
        if one.default_factory is not missing:
            space[f"_f_{name}"] = one.default_factory
            value = f"_f_{name}() if {name} is _none else {name}" if one.init else f"_f_{name}()"
            default = "=_none"
        elif one.default is not missing:
            space[f"_d_{name}"] = one.default
            value, default = (name, f"=_d_{name}") if one.init else (f"_d_{name}", "")
        else:
            default = ""
        takes += [f"{name}{default}"] if one.init else []
        space[f"_s_{name}"] = getattr(record.__dict__.get(name) or getattr(record, name, None), "__set__", None)
        if not frozen:
            lines.append(f"self.{name} = {value}")
        else:
            lines.append(f"_s_{name}(self, {value})" if slots else f"_assign(self, {name!r}, {value})")
    if hasattr(record, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "".join(f"  {line}\n" for line in lines or ["pass"])
    text = f"def _({', '.join(space)}):\n def __init__({', '.join(takes)}):\n{body} return __init__"
    found: dict[str, Any] = {}
    exec(text, {}, found)  # noqa: S102 - of names of fields
    made: Callable[..., None] = found["_"](**space)
    made.__qualname__ = f"{record.__qualname__}.__init__"
    return made
