"""The objects of an import: looking them up, and what is common to all kinds."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from svc.checks.secrets import is_secret
from svc.importers.draft import Draft, label
from svc.importers.ledger import View
from svc.patterns import regex
from svc.records import dataclass, field

if TYPE_CHECKING:
    from svc.importers.kubernetes_needs import Found

NAME, INSTANCE, COMPONENT = "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"
OBJECT = "svc writes the object's version, kind, name and labels"
OWN = "the compiler's own value"
_OWN_LABELS = {NAME, INSTANCE, COMPONENT, "app.kubernetes.io/version", "app.kubernetes.io/part-of",
               "app.kubernetes.io/managed-by", "helm.sh/chart", "app", "k8s-app", "pod-template-hash"}  # fmt: skip
_REFERENCE = regex(r"\$\{(?=(?:environment|service)\.)")
_OF_TOOLS = (
    "helm.sh/",
    "meta.helm.sh/",
    "deployment.kubernetes.io/",
    "kubectl.kubernetes.io/",
    "checksum/",
    "argocd.argoproj.io/",
)


@dataclass(frozen=True, slots=True)
class Objects:
    """All objects of the input, lists taken apart."""

    all: tuple[View, ...]
    needs: Mapping[str, Found] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[View]:
        return [one for one in self.all if one.at("kind").text in kinds]

    def own(self, name: str) -> str:
        """The name of the object of which this is the copy for jobs before a deploy."""
        return self.copies.get(name, name)

    def get(self, kind: str, name: str) -> View | None:
        return next((one for one in self.of(kind) if name_of(one) == name and name), None)


def name_of(view: View) -> str:
    return view.at("metadata", "name").text


def mapping(view: View) -> dict[str, Any]:
    return view.value if isinstance(view.value, dict) else {}


def matches(selector: View, labels: Mapping[str, Any]) -> bool:
    """Whether a selector (`matchLabels`, or a Service's plain mapping) names these labels and nothing else."""
    plain = mapping(selector.at("matchLabels")) if selector.at("matchLabels").there else mapping(selector)
    if selector.at("matchExpressions").there or not plain:
        return False
    return all(labels.get(key) == value for key, value in plain.items())


def pod_labels(workload: View) -> dict[str, Any]:
    inside = ("spec", "jobTemplate", "spec") if workload.at("kind").text == "CronJob" else ("spec",)
    return mapping(workload.at(*inside, "template", "metadata", "labels"))


def pointer(route: Iterable[str | int]) -> str:
    """A route as a JSON Pointer."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in route)


def take(view: View, draft: Draft, to: tuple[str, ...], value: Any, usual: Any = None) -> None:
    """A value goes to its place in the spec; the one that the compiler writes anyway is left to it."""
    if not view.there:
        return
    if value == usual:
        view.default(OWN)
        return
    draft.set(to, value)
    view.mapped(*to)


def labels(view: View, draft: Draft) -> None:
    """Labels of the workload: the user's own go over to every object, the recommended ones are svc's."""
    selected = mapping(view.at("spec", "selector", "matchLabels"))
    for key, one in view.at("metadata", "labels").items():
        if key == "app.kubernetes.io/part-of":
            take(one, draft, ("team",), label(one.text, 63), draft.name)
        elif key in _OWN_LABELS or key in selected:
            one.default(OBJECT)
        else:
            take(one, draft, ("labels", key), one.text)


def empty(view: View) -> bool:
    """Whether there is nothing in it; it is said then. Charts render many such keys."""
    if view.value is None or view.value in ([], {}, ""):
        view.default("empty: there is nothing in it")
        return True
    return False


def other_annotations(view: View, draft: Draft, kind: str, name: str) -> None:
    """Annotations of an object that the language has no place for: those of tools go, others stay as a patch."""
    for key, one in view.at("metadata", "annotations").items():
        if key == "kubernetes.io/description":
            take(one, draft, ("description",), one.text)
        elif key.startswith(_OF_TOOLS):
            one.default("written by a tool, not by people")
        else:
            patch(one, draft, kind, name, {"merge": {"metadata": {"annotations": {key: one.text}}}})


def patch(view: View, draft: Draft, kind: str, name: str, change: Mapping[str, Any], reason: str = "") -> None:
    """What the language has no word for stays as a patch."""
    patches = draft.data.setdefault("patches", [])
    patches.append({"target": f"kubernetes/{kind}", "name": name, **copy.deepcopy(dict(change))})
    view.patched("patches", len(patches) - 1, reason=reason or "the language has no word for it")


def nested(route: Iterable[str | int], value: Any) -> dict[str, Any]:
    """A value at the end of a route of mappings."""
    for part in reversed(list(route)):
        value = {str(part): value}
    return dict(value)


def added(view: View, draft: Draft, kind: str, name: str, route: Iterable[str | int], value: Any) -> None:
    """A value that is put at a place of the generated object."""
    patch(view, draft, kind, name, {"json_patch": [{"op": "add", "path": pointer(route), "value": value}]})


def kept(view: View, draft: Draft, reason: str) -> bool:
    """An object that the language does not model goes along as it is; False when it holds a secret."""
    data = copy.deepcopy(view.value)
    values = {**mapping(view.at("data")), **mapping(view.at("stringData"))}
    if view.at("kind").text == "Secret" or any(is_secret(str(key), str(one)) for key, one in values.items()):
        return False
    data.pop("status", None)
    meta = data.get("metadata") if isinstance(data.get("metadata"), dict) else {}
    for key in ("creationTimestamp", "uid", "resourceVersion", "generation", "managedFields"):
        meta.pop(key, None)
    name = label(f"{view.at('kind').text}-{name_of(view)}", 63)
    draft.set(("manifests", name), {"inline": _escaped(data)})
    for key, part in view.of(draft.name).items():
        if key != "status":
            part.ledger.notes.pop(part.route, None)
            part.patched("manifests", name, "inline", key, reason=reason)
    return True


def _escaped(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _escaped(item) for key, item in data.items()}
    if isinstance(data, list):
        return [_escaped(item) for item in data]
    return _REFERENCE.sub("$${", data) if isinstance(data, str) else data
