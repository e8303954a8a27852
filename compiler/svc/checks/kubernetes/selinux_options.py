"""SELinux options outside the container types, or a custom user or role."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks.pods import Found, contexts, quoted
from svc.kubernetes.types import PODS, Manifest
from svc.records import dataclass
from svc.tree import mapping

TYPES = ("container_t", "container_init_t", "container_kvm_t")


@dataclass(frozen=True, slots=True)
class Params:
    kubernetes: int = 37


KINDS = PODS


def check(manifest: Manifest, params: Params) -> Iterator[Found]:
    types = (*TYPES, "container_engine_t") if params.kubernetes >= 31 else TYPES
    for route, context, who in contexts(manifest):
        options = mapping(context, "seLinuxOptions")
        if options.get("type") not in (None, "", *types):
            message = f"{who} has SELinux type `{options['type']}`; allowed are {quoted(types)}"
            yield (*route, "seLinuxOptions", "type"), message
        for key in ("user", "role"):
            if options.get(key):
                yield (*route, "seLinuxOptions", key), f"{who} sets SELinux {key} `{options[key]}`; leave it out"
