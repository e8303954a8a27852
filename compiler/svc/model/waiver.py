"""Findings that are accepted."""

from __future__ import annotations

from datetime import date

from svc.model.base import Part, about, required
from svc.model.mapped import after
from svc.model.scalars import Text
from svc.model.spelled import refuse


def _is_date(text: str) -> bool:
    """Whether a text is a day of the calendar, as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class Waiver(Part):
    """A finding that is accepted, with reason and end."""

    policy: Text = required("The policy's id, or another tool's id for it.", "cpu-limit-missing")
    at: Text = about("The place, as a route.", "resources", default="")
    reason: Text = required("Why.", "throttling hurt p99, see ADR 12")
    until: Text = about("Last day (YYYY-MM-DD).", "2027-03-31", default="")
    owner: Text = about("Who answers for it.", "team-payments", default="")

    @after
    def _dated(self) -> Waiver:
        if self.until and not _is_date(self.until):
            raise refuse(f"“{self.until}” is not a date such as 2027-03-31", "until")
        if not self.reason.strip():
            raise refuse("a waiver needs a reason", "reason")
        return self
