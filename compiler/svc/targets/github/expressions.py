"""Plain text in a file in which `${{` starts an expression."""

from __future__ import annotations

from collections.abc import Mapping

from svc.delivery.types import THROWAWAY

OPEN = "${{"
_QUOTED = "${{ '${{' }}"


def literal(text: str) -> str:
    """Text that GitHub gives back unchanged: what looks like the start of an expression is made by one."""
    return text.replace(OPEN, _QUOTED)


def literals(values: Mapping[str, str]) -> dict[str, str]:
    return {key: literal(value) for key, value in values.items()}


def run_value(text: str) -> str:
    """A value of a test's environment: plain text, but for passwords, which are the run's own number."""
    return literal(text).replace(THROWAWAY, expression("github.run_id"))


def expression(text: str) -> str:
    return f"{OPEN} {text} }}}}"
