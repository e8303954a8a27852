"""Scalars with their spelling, how the plainest are read, and how errors speak of values.

Data reaches the model with every non-string scalar wrapped in `Spelled`, so that a field which wants text sees
`3.10` as it was written and a field which wants a number sees the number.
"""

from __future__ import annotations

from typing import Any

from svc.records import dataclass

WHOLE = "expected a whole number"
"""How the message begins that asks for one."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A scalar that is not a string, with its spelling in the source."""

    value: bool | int | float | None
    text: str


def plain(value: Any) -> Any:
    """A value without `Spelled` wrappers, at any depth."""
    if isinstance(value, Spelled):
        return value.value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


_FIRST = ("apiVersion", "kind", "metadata", "name")


def in_order(value: Any) -> Any:
    """Plain data of another tool's language, its keys by name after those that say what it is (decision 0140)."""
    if isinstance(value, dict):
        first = [key for key in _FIRST if key in value]
        rest = sorted((key for key in value if key not in _FIRST), key=str)
        return {key: in_order(value[key]) for key in (*first, *rest)}
    return [in_order(item) for item in value] if isinstance(value, list) else value


class Refused(Exception):
    """A value is not what it has to be; `at` leads from it to the key that is at fault."""

    def __init__(self, message: str, at: tuple[str, ...]) -> None:
        super().__init__(message)
        self.message, self.at = message, at


def refuse(message: str, *at: str) -> Refused:
    """An error of the language; `at` leads from the value that is judged to the key that is at fault."""
    return Refused(message, at)


def kind_of(value: Any) -> str:
    """What people call the kind of a value."""
    value = plain(value)
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, list):
        return "a list"
    return "a mapping" if isinstance(value, dict) else "text"


def quoted(value: Any) -> str:
    text = value.text if isinstance(value, Spelled) else str(value)
    text = text if len(text) <= 60 else text[:57] + "..."
    return f"“{text}”" if text else "an empty value"


def text_of(value: Any) -> str:
    """A text as it stands in the source, also of a number or of true and false."""
    if isinstance(value, Spelled) and value.value is not None:
        return value.text
    if isinstance(value, str):
        return value
    raise refuse(f"expected text, found {kind_of(value)}")


def whole_of(value: Any) -> int:
    number = plain(value)
    if isinstance(number, int) and not isinstance(number, bool):
        return number
    bare = (
        f"; write {number}, without quotes"
        if isinstance(number, str) and number.isascii() and number.isdecimal()
        else ""
    )
    raise refuse(f"{WHOLE}, found {quoted(value) if not isinstance(value, dict | list) else kind_of(value)}{bare}")


def flag_of(value: Any) -> bool:
    flag = plain(value)
    if isinstance(flag, bool):
        return flag
    hint = ""
    if isinstance(flag, str) and flag.lower() in {"yes", "no", "on", "off", "true", "false", "y", "n"}:
        hint = f"; write {'true' if flag.lower() in {'yes', 'on', 'true', 'y'} else 'false'}"
    raise refuse(
        f"expected true or false, found {kind_of(value) if isinstance(value, dict | list) else quoted(value)}{hint}"
    )
