"""Texts that hold no secret, as JSON Schema: a value in clear text under a name that says secret, and known forms of keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svc.patterns import regex

_WORDS = (
    "passwo?rd|passwd|passphrase|pwd|secret|token|api_?key|access_?key|private_?key|secret_?key(_?base)?|credentials?"
)
_NAMES = f"^(.*_)?({_WORDS}|{_WORDS.upper()})$"
_NOT_ABOUT = "^(true|false|yes|no|on|off|none|null|disabled|enabled|default|optional|required|auto)$"
_ELSEWHERE = r"[$%]|\{\{|^$|^/|^\./|^https?://|^(file|path|secret|vault|ssm|arn|ref|op|sops|awssm|env):"
_KEYS = (
    r"(^|[^A-Za-z0-9])(A[KS]IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50}|glpat-[A-Za-z0-9_-]{20}"
    r"|xox[abprs]-[A-Za-z0-9-]{10}|[sr]k_live_[A-Za-z0-9]{16}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16}"
    r"|AIza[0-9A-Za-z_-]{35}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{40}|eyJ[A-Za-z0-9_-]{15,500}\.eyJ[A-Za-z0-9_-]{15})"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|://[^\s/:@]*:[^\s/:@$%{<*xX][^\s/:@]*@"
)

TEXT: dict[str, Any] = {"$ref": "#/definitions/Text"}
_REFERENCE: dict[str, Any] = {"$ref": "#/definitions/Reference"}
DEFINITIONS: Mapping[str, dict[str, Any]] = {
    "Text": {"description": "Without a secret in clear text.", "type": "string", "not": {"pattern": _KEYS}},
    "Reference": {
        "description": "Refers to a secret or says where it is: secrets come from a Secret, by valueFrom.",
        "type": "string",
        "pattern": f"{_ELSEWHERE}|{_NOT_ABOUT}",
    },
}
VARIABLE: Mapping[str, Any] = {
    "properties": {"name": {"type": "string", "pattern": "^[ -<>-~]+$"}, "value": TEXT},
    "if": {"properties": {"name": {"pattern": _NAMES}}},
    "then": {"properties": {"value": _REFERENCE}},
    "not": {"required": ["value", "valueFrom"]},
}
"""What is said of a variable beside its type."""
_NAMED = regex(
    _NAMES,
    needs=(
        *("pass", "pwd", "secret", "token", "key", "credential"),
        *("PASS", "PWD", "SECRET", "TOKEN", "KEY", "CREDENTIAL"),
    ),
)


def value_of(name: str) -> dict[str, Any]:
    """What a value in clear text of a variable of this name may be."""
    return _REFERENCE if _NAMED.match(name) else TEXT
