"""What is installed beside the objects of a run from charts that nobody sees there: by Argo CD, Flux, Kustomize and k3s."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svc.checks._objects import named
from svc.checks.seen import Seen, once
from svc.kubernetes.types import Manifest
from svc.targets.protocol import Subject
from svc.tree import mapping, mappings


def installed(subjects: Seen) -> frozenset[str]:
    """The names of the releases, and of their charts: labels of their pods have one of them."""
    return frozenset(
        one for kind, names in _KINDS.items() for _, found in subjects.by_kind.get(kind, ()) for one in names(found)
    )


def brought(subjects: Sequence[Subject], owner: Manifest, name: str, kind: str) -> bool:
    """Whether a chart that nobody sees may make what an object means by a name, or a kustomization calls something so."""
    for prefix, suffix in once(subjects, _affixes):
        if name.startswith(prefix) and name.endswith(suffix):
            plain = name.removeprefix(prefix).removesuffix(suffix)
            if named(subjects, owner, plain, kind):
                return True
    releases = once(subjects, installed)
    return any(name == one or name.startswith(f"{one}-") for one in releases) or any(
        name == one or name.endswith(f"-{one}") for one in owner.lacking
    )


def _affixes(subjects: Seen) -> frozenset[tuple[str, str]]:
    """What kustomizations put before and behind names."""
    data = [one.tree.data for _, one in subjects.by_kind.get("Kustomization", ())]
    found = {(str(one.get("namePrefix") or ""), str(one.get("nameSuffix") or "")) for one in data}
    return frozenset(found - {("", "")})


def _texts(*names: Any) -> Iterator[str]:
    return (one.rpartition("/")[2] for one in names if isinstance(one, str) and one)


def _application(found: Manifest) -> Iterator[str]:
    if found.api_version.startswith("argoproj.io/"):
        spec = found.tree.get("spec")
        for one in (mapping(spec, "source"), *(one for _, one in mappings(spec, "sources"))):
            if one.get("chart"):  # a `path` may be of this repository
                yield from _texts(found.name, one["chart"], mapping(one, "helm").get("releaseName"))


def _release(found: Manifest) -> Iterator[str]:
    spec = mapping(found.tree.data, "spec")
    yield from _texts(found.name, spec.get("releaseName"), mapping(spec, "chart", "spec").get("chart"))


def _chart(found: Manifest) -> Iterator[str]:
    if found.api_version.startswith("helm.cattle.io/"):
        yield from _texts(found.name, found.tree.get("spec", "chart"))


def _kustomization(found: Manifest) -> Iterator[str]:
    for _, one in mappings(found.tree.data, "helmCharts"):
        yield from _texts(one.get("name"), one.get("releaseName"))
    for _, one in mappings(found.tree.data, "helmChartInflationGenerator"):
        yield from _texts(one.get("chartName"), one.get("releaseName"))


_KINDS = {
    "Application": _application,
    "HelmRelease": _release,
    "HelmChart": _chart,
    "HelmChartConfig": _chart,
    "Kustomization": _kustomization,
    "Component": _kustomization,
}
