"""Kustomize's own files, which may leave out what they are: their name says it.

Keys and types of the file and of the lists that nearly all have: https://github.com/kubernetes-sigs/kustomize/blob/master/api/types/kustomization.go, where a key that is
not known ends the build, and the case of its letters does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAMES = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})
GROUP = "kustomize.config.k8s.io"
_KIND = "Kustomization"
_VERSIONS = {_KIND: "v1beta1", "Component": "v1alpha1"}
KINDS = frozenset(_VERSIONS)
LISTS = ("resources", "bases", "components")
"""What a kustomization is made of."""

_TEXT: Mapping[str, Any] = {"type": "string"}
_TEXTS: Mapping[str, Any] = {"type": "array", "items": _TEXT}
_TEXT_BY_NAME: Mapping[str, Any] = {"type": "object", "additionalProperties": _TEXT}
_OBJECT: Mapping[str, Any] = {"type": "object"}
_OBJECTS: Mapping[str, Any] = {"type": "array", "items": _OBJECT}
_FLAG: Mapping[str, Any] = {"type": "boolean"}


def _each(schema: Mapping[str, Any], keys: str) -> dict[str, Any]:
    return dict.fromkeys(keys.split(), schema)


def _entries(texts: str, **others: Any) -> Mapping[str, Any]:
    """A list of mappings of which each key is known."""
    known = {**dict.fromkeys(texts.split(), _TEXT), **others}
    return {"type": "array", "items": {"type": "object", "properties": known, "additionalProperties": False}}


_TARGET = _entries("group version kind name namespace labelSelector annotationSelector")["items"]
_GENERATED = _entries(
    "name namespace type env",
    behavior={"type": "string", "enum": ["create", "merge", "replace", "unspecified"]},
    **_each(_TEXTS, "literals files envs"),
    options=_OBJECT,
)
_LISTED: Mapping[str, Any] = {
    "images": _entries("name newName newTag digest tagSuffix"),
    "replicas": _entries("name", count={"type": "integer"}),
    "patches": _entries(
        "path patch", target=_TARGET, options={"type": "object", "additionalProperties": {"type": "boolean"}}
    ),
    "patchesJson6902": _entries("path patch", target=_TARGET),
    "labels": _entries(
        "",
        pairs=_TEXT_BY_NAME,
        fields=_OBJECTS,
        **_each(_FLAG, "includeSelectors includeTemplates includeVolumeClaimTemplates"),
    ),
    "replacements": _entries("path sourceValue", source=_OBJECT, targets=_OBJECTS),
    "helmCharts": _entries(
        "name version digest repo releaseName namespace valuesFile valuesMerge kubeVersion nameTemplate",
        valuesInline=_OBJECT,
        **_each(_TEXTS, "additionalValuesFiles apiVersions"),
        **_each(_FLAG, "includeCRDs skipHooks skipTests debug devel"),
    ),
    "configMapGenerator": _GENERATED,
    "secretGenerator": _GENERATED,
}
_ROWS = (
    (_TEXT, "apiVersion kind namePrefix nameSuffix namespace"),
    (_TEXT_BY_NAME, "openapi commonLabels commonAnnotations"),
    (_TEXTS, "resources components crds bases configurations generators transformers validators buildMetadata"),
    (_TEXTS, "patchesStrategicMerge"),
    (_OBJECTS, "labels patches patchesJson6902 images imageTags replacements replicas vars"),
    (_OBJECTS, "configMapGenerator secretGenerator helmCharts helmChartInflationGenerator"),
    (_OBJECT, "metadata sortOptions helmGlobals generatorOptions inventory"),
)
_KEYS = {**{key: schema for schema, keys in _ROWS for key in keys.split()}, **_LISTED}
_LOWER = {key.lower(): schema for key, schema in _KEYS.items()}


def is_kustomization(api_version: str, kind: str) -> bool:
    """Whether an object is Kustomize's own: Flux has a Kustomization, too, and Dapr a Component."""
    return kind in KINDS and api_version.rpartition("/")[0] in ("", GROUP)


def whole(data: Any, file: Path) -> Any:
    """The data of a file of Kustomize with the type that its name gives it; of another file, as they are."""
    if file.name not in NAMES or not isinstance(data, dict) or (data.get("apiVersion") and data.get("kind")):
        return data
    kind = data.get("kind") or _KIND
    version = _VERSIONS.get(kind) if isinstance(kind, str) else None
    if version is None:
        return data
    return {**data, "apiVersion": data.get("apiVersion") or f"{GROUP}/{version}", "kind": kind}


def schema(api_version: str, data: Mapping[Any, Any]) -> dict[str, Any] | None:
    """What fits an object of Kustomize, as JSON Schema says it; None for an object of others."""
    if not api_version.startswith(f"{GROUP}/"):
        return None
    written = {key: _cased(_LOWER[key.lower()], data[key]) for key in data if _is_known(key, _LOWER)}
    return {"type": "object", "properties": {**_KEYS, **written}, "additionalProperties": False}


def _cased(known: Mapping[str, Any], value: Any) -> Mapping[str, Any]:
    """As it is, with keys of the mappings in a list as they are written."""
    properties = known.get("items", {}).get("properties")
    if properties is None or not isinstance(value, list):
        return known
    lower = {key.lower(): schema for key, schema in properties.items()}
    keys = [key for one in value if isinstance(one, dict) for key in one if _is_known(key, lower)]
    written = {key: lower[key.lower()] for key in keys}
    return {**known, "items": {**known["items"], "properties": {**properties, **written}}}


def _is_known(key: Any, lower: Mapping[str, Any]) -> bool:
    return isinstance(key, str) and key.lower() in lower


def is_local(name: str) -> bool:
    """Whether what a kustomization names is on disk: not what is written out, an address, or `github.com/somebody/something`."""
    if "\n" in name or ": " in name or "$" in name or "://" in name or "?" in name or "@" in name:
        return False
    first, slash, _ = name.partition("/")
    return not slash or first in (".", "..") or not ("." in first.strip(".") or ":" in first)
