"""What a run over everything shows to be of no use any more: waivers that cover nothing, findings of a baseline that are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import date

from svc.diagnostics import Diagnostic, Place, Severity
from svc.policy.baseline import Baseline, keys
from svc.policy.types import Policy
from svc.policy.waive import Waiver, covering, unused, without_fault


def waivers(
    given: Sequence[Waiver],
    settled: Sequence[Diagnostic],
    policies: Sequence[Policy],
    running: Collection[str],
    today: date,
    mandatory: frozenset[str],
) -> list[Diagnostic]:
    """Those that cover none of the findings that were settled. `running`: the policies that ran."""
    answered = [one for one in settled if one.waived is not None]
    fair = without_fault(given, policies, today, mandatory)
    return [
        unused(one) for one, ids in fair if ids & set(running) and not any(covering(one, ids, it) for it in answered)
    ]


def baseline(known: Baseline, settled: Sequence[Diagnostic], covered: Callable[[str], bool]) -> list[Diagnostic]:
    """How many findings of a baseline are gone. `covered`: whether the policy of a fingerprint ran, and may be in one."""
    left = Counter(known.counts)
    for one in settled:
        key = next((key for key in keys(one, known) if left[key] > 0), "") if one.known else ""
        left[key] -= 1
    gone = sum(count for key, count in left.items() if count > 0 and covered(key))
    if not gone:
        return []
    what = "finding of this baseline is" if gone == 1 else "findings of this baseline are"
    message = f"{gone} {what} gone, and would be let in again"
    return [
        Diagnostic("baseline-unused", Severity.INFO, message, Place(known.name), "write it again with --write-baseline")
    ]
