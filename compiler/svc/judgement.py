"""What judges say about rendered files: the embedded proofs and the external programs alike."""

from __future__ import annotations

from svc.diagnostics import Severity
from svc.records import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A failed verification: our bug, said as such. `tool` is the judge: "read-back", "schema", "helm" ..."""

    tool: str
    path: str
    line: int
    message: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one external program said about the written files; `skipped` names why it did not run."""

    tool: str
    version: str
    faults: tuple[Fault, ...] = ()
    skipped: str = ""
