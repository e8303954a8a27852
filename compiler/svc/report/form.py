"""What all formats share: one signature, and what the policies say of themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from pathlib import Path

from svc.diagnostics import Diagnostic
from svc.policy.types import Policy
from svc.records import dataclass, field
from svc.source import Source


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run. `policies` by id, for formats that explain rules; `root` is what file names are relative to."""

    diagnostics: Sequence[Diagnostic]
    sources: Mapping[str, Source]
    policies: Mapping[str, Policy] = field(default_factory=dict)
    root: Path = Path()
    plain: Set[str] = frozenset()
    """Sources in which nothing looks like a secret, as is known already."""
