"""Whether a finding's fix will wait for a review or be refused, as far as the data tells: the text itself is not edited."""

from __future__ import annotations

from typing import Any

from svc.diagnostics import Fix
from svc.edit.types import RefusedError, ReviewError
from svc.fixes.data import DATA
from svc.policy.types import Finding
from svc.records import replace

MOST = 100
"""Findings of one policy in one subject that are asked about: a fix may look through the whole of it. Of the others
nothing is promised."""


def foretold(finding: Finding, fix: Fix) -> Fix | None:
    artifact: Any = finding.subject.artifact
    if finding.policy not in DATA or (tree := getattr(artifact, "tree", None)) is None:
        return fix
    try:
        DATA[finding.policy](tree.data, finding.route)
    except RefusedError:
        return None
    except ReviewError:
        return replace(fix, safety="unsafe")
    return fix
