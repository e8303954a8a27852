"""Kinds that everybody writes by hand, and where the API has them: a slip in either makes an object of a kind that nobody serves.

Groups with a dot may be anybody's, so that only those without one, and the API's own, are judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from svc.diagnostics import Problem, Severity
from svc.kubernetes.served import HOME
from svc.kubernetes.syntax import filled_in_later
from svc.kubernetes.types import Manifest
from svc.patterns import regex
from svc.suggest import close

_VERSIONED = {at.rpartition("/")[0]: at for at in HOME.values()}
"""Its own groups -> with their versions."""
_ISSUING = ("cert-manager.io", "acme.cert-manager.io")
_GONE = {
    **{
        f"{group}/{old}": ("cert-manager 1.6", f"{group}/v1")
        for group in _ISSUING
        for old in ("v1alpha2", "v1alpha3", "v1beta1")
    },
    "certmanager.k8s.io/v1alpha1": ("cert-manager 0.11", "cert-manager.io/v1"),
    "external-secrets.io/v1beta1": ("External Secrets 0.17", "external-secrets.io/v1"),
}
"""Versions of well-known others: since when nobody serves them, and what to write. Clusters may be older: a warning."""
_LOWER = {kind.lower(): kind for kind in HOME}
_STABLE = regex(r"v\d+")
_SLIP = 0.84
"""How alike a misspelt kind is; `Config` of a kubeconfig is 0.8 like a ConfigMap."""


def check(manifest: Manifest, served: bool) -> Iterator[Problem]:
    """`served`: the API has a schema of the kind at this version, whatever the case of its letters."""
    kind, at = manifest.kind, manifest.api_version
    group, _, version = at.rpartition("/")
    if at in _VERSIONED and "." in at:
        message = f"`{at}` is a group without a version"
        yield Problem("manifest-not-served", ("apiVersion",), message, f"write `apiVersion: {_VERSIONED[at]}`")
        return
    if at in _GONE:
        since, newer = _GONE[at]
        message = f"`{at}` is not served since {since}"
        yield Problem(
            "manifest-not-served", ("apiVersion",), message, f"write `apiVersion: {newer}`", severity=Severity.WARNING
        )
        return
    ours = group in _VERSIONED
    if not ours and "." in group:
        return
    meant = kind if kind in HOME else _LOWER.get(kind.lower(), "")
    if served or filled_in_later(kind + at) or not _STABLE.fullmatch(version):
        return
    if meant:
        message = f"the API has no {meant} in `{at}`"
        yield Problem("manifest-not-served", ("apiVersion",), message, f"write `apiVersion: {HOME[meant]}`")
    elif ours and (near := close(kind, HOME, _SLIP)):
        message = f"the API has no `{kind}` in `{at}`; did you mean `{near}`?"
        yield Problem("manifest-not-served", ("kind",), message, f"write `{near}`")
