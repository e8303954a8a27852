"""What functions of Terraform make of values that are known: those that only pass values on."""

from __future__ import annotations

from svc.targets.terraform.types import Call, Expr, Object, Value

_THE_SAME = frozenset(
    {"toset", "tolist", "tomap", "tostring", "tonumber", "tobool", "sensitive", "nonsensitive", "distinct", "sort"}
)


def applied(call: Call) -> Value:
    """The value of a call, or the call itself."""
    args = call.args
    if call.name in _THE_SAME and len(args) == 1 and _plain(args[0]):
        return args[0]
    if call.name == "concat" and args and all(isinstance(one, tuple) for one in args):
        return tuple(item for one in args if isinstance(one, tuple) for item in one)
    if call.name == "merge" and args and all(isinstance(one, Object) for one in args):
        return Object(tuple({key: item for one in args if isinstance(one, Object) for key, item in one.items}.items()))
    if call.name in ("try", "coalesce") and args and _plain(args[0]) and args[0] not in (None, ""):
        return args[0]
    if call.name == "lookup" and len(args) >= 2 and isinstance(args[0], Object) and isinstance(args[1], str):
        found = args[0].get(args[1])
        return found if found is not None else args[2] if len(args) > 2 else call
    if call.name in ("lower", "upper") and len(args) == 1 and isinstance(args[0], str):
        return args[0].lower() if call.name == "lower" else args[0].upper()
    return call


def _plain(value: Value) -> bool:
    return not isinstance(value, Expr | Call)
