"""Networks in CIDR form."""

from __future__ import annotations

from typing import Any

from svc.model.spelled import quoted, refuse, text_of


def cidr(value: Any) -> str:
    import ipaddress

    text = text_of(value)
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise refuse(f"{quoted(value)} is not a network in CIDR form, such as 10.0.0.0/8") from None
    if "/" not in text or str(network) != text:
        raise refuse(f"{quoted(value)} is not a network in CIDR form; write {network}")
    return text


_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
RANGE_4 = rf"({_OCTET}\.){{3}}{_OCTET}/(3[0-2]|[12]?[0-9])"
LENGTH_6 = "(12[0-8]|1[01][0-9]|[1-9]?[0-9])"
CIDR_PATTERN = rf"{RANGE_4}|[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*/{LENGTH_6}"
"""The form of a network; whether all bits behind the prefix are zero is not in it."""
