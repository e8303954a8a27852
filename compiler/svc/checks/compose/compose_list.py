"""A list of a service has an entry that it should not have."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found
from svc.records import dataclass
from svc.targets.compose.types import ComposeFile
from svc.tree import items


@dataclass(frozen=True, slots=True)
class Params:
    """Entries are compared without regard to case, a prefix `CAP_` and `=` for `:`."""

    key: str = "cap_add"
    values: tuple[str, ...] = ()


def check(compose: ComposeFile, params: Params) -> Iterator[Found]:
    wanted = {_plain(one) for one in params.values}
    for name, service in compose.services.items():
        for index, entry in enumerate(items(service, params.key)):
            if isinstance(entry, str) and _plain(entry) in wanted:
                yield ("services", name, params.key, index), f"service `{name}` has `{entry}` in `{params.key}`"


def _plain(entry: str) -> str:
    return entry.lower().removeprefix("cap_").replace("=", ":")
