"""Names of the time zones that a schedule may name: what Kubernetes refuses otherwise, when a CronJob is made."""

from __future__ import annotations

from functools import cache
from typing import Any

from svc.model.spelled import quoted, refuse, text_of
from svc.model.zone_names import ZONES

ZONE_PATTERN = "|".join(
    (f"{area}/" if area else "") + f"(?:{'|'.join(places.split())})".replace("+", "[+]")
    for area, places in ZONES.items()
)
"""The same, as JSON Schema and CUE say it."""


@cache
def names() -> dict[str, None]:
    return {f"{area}/{one}".lstrip("/"): None for area, places in ZONES.items() for one in places.split()}


def zone(value: Any) -> str:
    text = text_of(value)
    if text in names():
        return text
    raise refuse(
        f"{quoted(value)} is not a time zone of the IANA database, such as Europe/Berlin or Etc/UTC{_near(text)}"
    )


def _near(text: str) -> str:
    from svc.suggest import nearest

    return nearest(text, names())
