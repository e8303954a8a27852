"""A role trusts GitHub's tokens without saying of which repository."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svc.checks._params import NoParams as Params
from svc.checks._terraform import Found, statements
from svc.targets.terraform.types import Module

APART = True


def check(module: Module, _: Params) -> Iterator[Found]:
    for route, within, statement in statements(module):
        federated = str(statement.get("Principal"))
        if (
            "token.actions.githubusercontent.com" not in federated
            and "aws_iam_openid_connect_provider" not in federated
        ):
            continue
        if "githubusercontent" not in str(statement) and "github" not in federated.lower():
            continue
        subjects = _subjects(statement.get("Condition"))
        if not subjects:
            yield route, "every repository on GitHub may take the role: no condition on `sub`", within
        for subject in subjects:
            if subject.startswith("*") or subject in ("repo:*", "repo:*/*", "repo:*:*"):
                yield route, f"every repository on GitHub may take the role: `sub` is `{subject}`", within


def _subjects(condition: Any) -> list[str]:
    """The values asked of the token's `sub` claim, in either form of a condition; of one that is only known when Terraform
    runs, a value that nobody knows."""
    if condition and not isinstance(condition, Mapping):
        return ["?"]
    found: list[str] = []
    for key, value in (condition or {}).items():
        if isinstance(value, Mapping):
            found += _subjects(value)
        elif str(key).endswith(":sub"):
            values = value if isinstance(value, list) else [value]
            found += [str(one) for one in values] or ["?"]
    return found
