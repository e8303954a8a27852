"""What Terraform's own blocks take, those of OpenTofu included, in the form of a provider's schema.

https://developer.hashicorp.com/terraform/language/block
"""

from __future__ import annotations

from collections.abc import Mapping

from svc.targets.terraform.tables import Schema

_ONCE = frozenset({"lifecycle", "connection", "timeouts", "backend", "cloud", "required_providers"})
"""Blocks that may stand once in another."""


def _block(required: str = "", optional: str = "", **blocks: Schema | None) -> Schema:
    """None: a block that may hold anything."""
    return {
        "attributes": {
            **{name: {"required": True} for name in required.split()},
            **{name: {"optional": True} for name in optional.split()},
        },
        "block_types": {
            name: {"block": block, **({"max_items": 1} if name in _ONCE else {})} for name, block in blocks.items()
        },
    }


_CONDITION = _block("condition error_message")
_LIFECYCLE = _block(
    "",
    "create_before_destroy prevent_destroy ignore_changes replace_triggered_by enabled destroy",
    precondition=_CONDITION,
    postcondition=_CONDITION,
    action_trigger=None,
)
RESOURCE = _block(
    "", "count for_each depends_on provider", lifecycle=_LIFECYCLE, provisioner=None, connection=None, timeouts=None
)
"""What every resource and data source takes besides what its provider says."""
DYNAMIC: Schema = {
    **_block("for_each", "iterator labels"),
    "block_types": {"content": {"block": None, "min_items": 1, "max_items": 1}},
}
BLOCKS: Mapping[str, Schema | None] = {
    "action": None,
    "check": _block("", "", **{"assert": _CONDITION, "data": None}),
    "data": None,
    "ephemeral": None,
    "import": _block("to", "id identity provider for_each"),
    "language": None,
    "list": None,
    "locals": None,
    "module": None,
    "moved": _block("from to"),
    "output": _block("value", "description sensitive depends_on ephemeral deprecated type", precondition=_CONDITION),
    "provider": None,
    "removed": _block("from", "", lifecycle=_LIFECYCLE, provisioner=None, connection=None),
    "resource": None,
    "terraform": _block(
        "",
        "required_version experiments language",
        required_providers=None,
        backend=None,
        cloud=None,
        provider_meta=None,
        encryption=None,
    ),
    "variable": _block(
        "", "type default description sensitive nullable ephemeral deprecated const", validation=_CONDITION
    ),
}
"""By its type, what a top-level block takes; None where that is not for Terraform alone to say."""
NEEDED: Mapping[str, tuple[str, ...]] = {"module": ("source",)}
"""Arguments that a block has besides what it may hold."""
LABELS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("resource", "data", "ephemeral"), ("type", "name")),
    **dict.fromkeys(("variable", "output", "module", "provider", "check"), ("name",)),
}
"""The names that a block has."""
