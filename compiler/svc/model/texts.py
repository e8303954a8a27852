"""Texts of the language with a form of their own: commands, addresses, beginnings of names."""

from __future__ import annotations

from typing import Annotated

from svc.model.matching import Matching
from svc.model.scalars import LABEL_PATTERN

Address = Annotated[
    str,
    Matching(
        rf"{LABEL_PATTERN}(\.{LABEL_PATTERN})*\.?|[0-9]{{1,3}}(\.[0-9]{{1,3}}){{3}}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*",
        "a host name or an IP address",
        "redis-cart",
        253,
        lambda t: t.lower().split("://")[-1].split("/")[0],
    ),
]
GatewayName = Annotated[
    str,
    Matching(
        rf"({LABEL_PATTERN}/)?{LABEL_PATTERN}(\.{LABEL_PATTERN})*",
        "the namespace/name of a Gateway",
        "infra/public",
        317,
    ),
]
RegistryPath = Annotated[
    str,
    Matching(
        r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*",
        "a registry and the path in it",
        "ghcr.io/acme",
        255,
        lambda t: t.split("://")[-1].strip("/"),
    ),
]
"""What an image's name is put behind: the reference is one then (distribution/reference)."""
EnvPrefix = Annotated[
    str,
    Matching(r"[ -<>-~]*", "the beginning of a variable's name (printable ASCII without =)", "DB_", 253),
]
CommandLine = Annotated[
    str,
    Matching(
        r"""([^\x00-\x1f\x7f\\'"]|\\[^\x00-\x1f\x7f]|'[^\x00-\x1f\x7f']*'|"([^\x00-\x1f\x7f"\\]|\\[^\x00-\x1f\x7f])*")*""",
        "a command line with every quote closed",
        "app:main",
    ),
]
Script = Annotated[
    str,
    Matching(
        r"[^\x00\r]*",
        "a command without carriage returns",
        "go test ./...",
        bare={"type": ["number", "boolean"]},
    ),
]


_SCALARS = {"type": ["number", "boolean"]}
DataKey = Annotated[
    str,
    Matching(
        r"[A-Za-z0-9._-]+",
        "a key of a Secret or ConfigMap",
        "auth_token",
        253,
        never=r"^([.]$|[.][.])",  # they are files of a folder (`IsConfigMapKey` of k8s.io/apimachinery)
        bare=_SCALARS,
    ),
]
StorePath = Annotated[
    str,
    Matching(
        r"[^\x00-\x1f\x7f]+",
        "the path of a secret in the store (a secret itself never stands in a spec: revoke this one)",
        "payments/stripe",
        never=r"^([sr]k_(live|test)_|gh[pousr]_[A-Za-z0-9]{30}|github_pat_|glpat-|xox[abprs]-|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}"
        r"|npm_[A-Za-z0-9]{36}|eyJ[A-Za-z0-9_-]+[.]eyJ|-----BEGIN )|://[^/:@ ]*:[^/@ ]+@",
    ),
]
"""Forms of keys and tokens that no store has for names."""
Property = Annotated[
    str,
    Matching(r"[^\x00]+", "the name of a property or key", "api_key", bare=_SCALARS),
]
"""Of a secret store, which has names of its own, or of a Secret."""
ClusterName = Annotated[str, Matching(r"[^\x00]+", "the name of a cluster", "shop-production", bare=_SCALARS)]
Command = Annotated[str, Matching(r"[^\x00]+", "a command", "go test ./...", bare=_SCALARS)]
"""Nothing is none: that is said by leaving it out."""
