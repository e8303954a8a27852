"""Ranges of addresses, of both families: a cluster may have either or both, and a range of one says nothing of the other."""

from __future__ import annotations

from collections.abc import Mapping

EVERYWHERE = ("0.0.0.0/0", "::/0")
PRIVATE_V4 = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""RFC 1918."""
_UNIQUE_LOCAL = "fc00::/7"
"""RFC 4193."""
PRIVATE = (*PRIVATE_V4, _UNIQUE_LOCAL)
_LINK_LOCAL = "169.254.0.0/16"
"""Node metadata lives here, and with it the node's own credentials."""
_LINK_LOCAL_V6 = "fe80::/10"
"""RFC 4291."""
_METADATA_V6 = ("fd00:ec2::254/128", "fd20:ce::254/128")
"""Where AWS and Google answer for node metadata by IPv6; Azure does not."""
NOT_NODES: Mapping[str, tuple[str, ...]] = {"0.0.0.0/0": (_LINK_LOCAL,), "::/0": (*_METADATA_V6, _LINK_LOCAL_V6)}
"""What is left out of everywhere where private addresses may be meant: the nodes' metadata."""
NOT_PUBLIC: Mapping[str, tuple[str, ...]] = {
    "0.0.0.0/0": ("10.0.0.0/8", "100.64.0.0/10", _LINK_LOCAL, "172.16.0.0/12", "192.168.0.0/16"),
    "::/0": (_UNIQUE_LOCAL, _LINK_LOCAL_V6),
}
"""What is left out of everywhere where public addresses are meant; 100.64.0.0/10 is shared (RFC 6598)."""


def is_everywhere(cidr: str) -> bool:
    """Whether a range is all addresses of its family; whatever stands before it, a prefix of no bits is."""
    return cidr.endswith("/0")
