"""Kustomize takes something from elsewhere, in whatever state it is then."""

from __future__ import annotations

from collections.abc import Iterator

from svc.checks._params import NoParams as Params
from svc.checks.pods import Found
from svc.kubernetes.kustomize import KINDS as KUSTOMIZATIONS
from svc.kubernetes.kustomize import LISTS, is_local
from svc.kubernetes.types import Manifest
from svc.patterns import regex
from svc.tree import items, mappings

KINDS = KUSTOMIZATIONS
_REMOTE = regex(
    r"(?!(?:file|oci)://)[a-z+]+://.*|git@.*|[\w.-]+@[\w.-]+:.*|git::.*|(www\.)?(github\.com|gitlab\.com|bitbucket\.org)[/:].*"
)
_HOST = regex(r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?")
_REF = regex(r"[?&](?:ref|version)=([^&]+)")
_RAW = regex(r"https?://(?:raw\.githubusercontent\.com/[^/]+/[^/]+|.+/raw)/(?:refs/heads/)?([^/]+)/.*")
_MOVING = frozenset({"main", "master", "HEAD", "latest", "develop", "dev", "development", "trunk"})


def check(manifest: Manifest, _: Params) -> Iterator[Found]:
    if manifest.kind not in KUSTOMIZATIONS:
        return
    for key in LISTS:
        for index, one in enumerate(items(manifest.tree.data, key)):
            if isinstance(one, str) and _is_remote(one) and "$" not in one and (how := _moves(one)):
                yield (key, index), f"`{one}` {how}"
    for index, chart in mappings(manifest.tree.data, "helmCharts"):
        if chart.get("repo") and not chart.get("version"):
            yield ("helmCharts", index), f"chart `{chart.get('name')}` has no `version`, so it is the newest"


def _is_remote(one: str) -> bool:
    """An address, or a host and what nothing on disk looks like: a repository (`.git`), a folder of one (`//`)."""
    host, _, rest = one.partition("/")
    named = _HOST.fullmatch(host) is not None and (".git" in rest or "//" in rest)
    return not is_local(one) and (named or _REMOTE.fullmatch(one) is not None)


def _moves(address: str) -> str:
    """In which way an address leads to something else tomorrow; files of other places are what they are."""
    ref = _REF.search(address)
    if ref is not None:
        return f"floats with `{ref[1]}`" if ref[1] in _MOVING else ""
    raw = _RAW.fullmatch(address)
    if raw is not None and raw[1] in _MOVING:
        return f"floats with `{raw[1]}`"
    if "/releases/latest/" in address:
        return "is the newest release"
    return "" if address.endswith((".yaml", ".yml", ".json")) else "has no `?ref=`, so it is the newest commit"
