"""The base of every part of the language: frozen, unknown keys forbidden, short forms expanded."""

from __future__ import annotations

from typing import Any, ClassVar, get_origin

from svc.model.mapped import Field, Mapped, before, fields_of
from svc.model.scalars import Text
from svc.model.spelled import Spelled, kind_of, refuse

Command = list[Text]
MAPPING = "expected a mapping with keys such as"
SPEC_ALONE = {
    "apiVersion": "it says how the whole file is read",
    "name": "the service, its image and its objects are named after it, in every environment",
    "environments": "an environment has none of its own",
    "waivers": "a waiver counts in every environment, and `at` says where",
}
"""Keys that only the spec itself has, and no layer under or over it; and why."""


class Part(Mapped):
    """A mapping of the language. `SHORT` names the field that a scalar or list stands for: `8080` for `{port: 8080}`."""

    SHORT: ClassVar[str] = ""
    SHORT_MERGES: ClassVar[bool] = False
    """A long form in a higher layer adds to a short form below it, instead of taking its place."""
    IN_ORDER: ClassVar[frozenset[str]] = frozenset()
    """Fields whose keys mean something by their order. The order of all other names is no fact (decision 0140)."""

    @classmethod
    @before
    def _expand(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: cls._sorted(key, one) if isinstance(one, dict) and one else one for key, one in value.items()}
        if isinstance(value, cls):
            return value
        scalar = isinstance(value, str) or (isinstance(value, Spelled) and value.value is not None)
        if cls.SHORT and (scalar or isinstance(value, list)):
            return {cls.SHORT: value}
        allowed = ", ".join(field.key for field in list(fields_of(cls).values())[:8])
        raise refuse(f"{MAPPING} {allowed}; found {kind_of(value)}")

    @classmethod
    def _sorted(cls, key: str, names: dict[str, Any]) -> dict[str, Any]:
        field = fields_of(cls).get(key)
        if field is None or key in cls.IN_ORDER or get_origin(field.annotation) is not dict:
            return names
        return dict(sorted(names.items()))


def about(description: str, *examples: Any, **extra: Any) -> Any:
    """A field that documents itself; without `default` or `default_factory` it is optional and None."""
    return Field(description, examples, **extra)


def required(description: str, *examples: Any) -> Any:
    """A field that must be written."""
    return Field(description, examples, required=True)
