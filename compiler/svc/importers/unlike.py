"""What a file is that is imported and cannot be, as far as its name and first keys tell, and what to do with it instead."""

from __future__ import annotations

import posixpath

from svc.diagnostics import Diagnostic
from svc.patterns import regex
from svc.records import replace
from svc.source import Source, typed

KUSTOMIZE = "kustomize.config.k8s.io/"
_KUSTOMIZATION = regex(r"^kustomization(\.ya?ml)?$")
_VALUES = regex(r"^values([.-].*)?\.ya?ml$|^.*[.-]values\.ya?ml$")
_DOCKERFILE = regex(r"^(Dockerfile|Containerfile)(\..*)?$|\.[Dd]ockerfile$")
_TEMPLATE = regex(
    r"\{\{-?\s*(?:(?:if|with|range|include|template|toYaml|tpl|define|end)\b|\$?\.?(?:Values|Release|Chart)\b)"
)


def way_out(name: str, data: object) -> str:
    """What to do with a file that is none of the forms; "" where nothing tells what it is."""
    file, folder = posixpath.basename(name), typed(posixpath.dirname(name) or ".")
    keys = data if isinstance(data, dict) else {}
    if _KUSTOMIZATION.search(file) or str(keys.get("apiVersion", "")).startswith(KUSTOMIZE):
        return f"render what it names, and import what comes out: kustomize build {folder} | svc import -"
    if _VALUES.search(file):
        return f"values mean nothing without their chart: helm template NAME CHART -f {typed(name)} | svc import -"
    if _DOCKERFILE.search(file):
        return f"a Dockerfile is kept as it is: `svc init {folder}` writes a spec that names it"
    if str(keys.get("apiVersion", "")).startswith("svc/"):
        return "it is a spec of svc already: svc compile reads it"
    return ""


def unrendered(problem: Diagnostic, source: Source) -> Diagnostic:
    """A template of a chart is no YAML, and quotes do not help."""
    if not problem.id.startswith("yaml-") or not _TEMPLATE.search(source.text):
        return problem
    return replace(problem, help="a template of a chart is rendered first: helm template NAME CHART | svc import -")
