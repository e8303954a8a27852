"""Secrets that hold the connection of a backing service, and the pods that it may run in, become a need."""

from __future__ import annotations

from collections.abc import Mapping

from svc import pins
from svc.importers.draft import Draft
from svc.importers.kubernetes_objects import COMPONENT, Objects, mapping, name_of
from svc.importers.ledger import View
from svc.kubernetes.needs import SIZES
from svc.model.image import image_parts
from svc.networks import PRIVATE, PRIVATE_V4
from svc.patterns import regex
from svc.records import dataclass
from svc.resolve.names import need_object
from svc.resolve.needs import KINDS
from svc.resolve.types.needs import NeedType

_PATH = regex(r"(?P<environment>[a-z][a-z0-9-]*)/(?P<service>[a-z][a-z0-9-]*)/(?P<need>[a-z][a-z0-9-]*)")
_PARTS = ("StatefulSet", "Service", "ServiceAccount", "NetworkPolicy")


@dataclass(frozen=True, slots=True)
class Found:
    """A need of a service, by the Secret `<service>-<need>` that svc has filled from `<environment>/<service>/<need>`."""

    service: str
    name: str
    environment: str
    type: NeedType
    secret: View
    runs: View | None = None

    @property
    def object_name(self) -> str:
        return need_object(self.service, self.name)


def found(objects: Objects) -> dict[str, Found]:
    """The needs by the names of their Secrets. What is not exactly of this shape is a secret like others."""
    made = {}
    for one in objects.of("ExternalSecret"):
        need = _found(one, objects)
        if need is not None:
            made[need.object_name] = need
    return made


def _found(secret: View, objects: Objects) -> Found | None:
    entries = secret.at("spec", "data").each()
    paths = {one.at("remoteRef", "key").text for one in entries}
    match = _PATH.fullmatch(next(iter(paths))) if len(paths) == 1 else None
    if match is None or name_of(secret) != need_object(match["service"], match["need"]):
        return None
    keys = tuple(one.at("secretKey").text for one in entries)
    if keys != tuple(one.at("remoteRef", "property").text for one in entries):
        return None
    runs = objects.get("StatefulSet", name_of(secret))
    type_ = _in_cluster(runs) if runs is not None else _managed(keys, objects)
    if type_ is None or not set(keys) <= set(KINDS[type_].outputs):
        return None
    return Found(match["service"], match["need"], match["environment"], type_, secret, runs)


def _in_cluster(runs: View) -> NeedType | None:
    component = runs.at("metadata", "labels", COMPONENT).text
    return next((type_ for type_ in KINDS if type_ == component and KINDS[type_].image), None)


def _managed(keys: tuple[str, ...], objects: Objects) -> NeedType | None:
    """Which type it is tell the keys, and for databases the port that the pods connect to."""
    types = [type_ for type_, kind in KINDS.items() if kind.outputs == keys]
    if len(types) > 1:
        rules = [rule for one in objects.of("NetworkPolicy") for rule in one.at("spec", "egress").each()]
        types = [type_ for type_ in types if any(private(rule, KINDS[type_].port) for rule in rules)]
    return types[0] if len(types) == 1 else None


def private(rule: View, port: int) -> bool:
    """Whether an egress rule lets pods connect to a port of all private networks."""
    peers = {one.at("ipBlock", "cidr").text for one in rule.at("to").each()}
    return {*PRIVATE_V4} <= peers <= {*PRIVATE} and [one.at("port").value for one in rule.at("ports").each()] == [port]


def attach(draft: Draft, needs: Mapping[str, Found], objects: Objects) -> None:
    """The needs of a service in its spec; the objects that realise them are the compiler's."""
    for one in needs.values():
        if one.service != draft.name:
            continue
        to = ("needs", one.name)
        draft.set((*to, "type"), one.type)
        draft.set(("environments", one.environment), {})
        if one.runs is not None:
            _runs(one, one.runs.of(draft.name), draft)
        elif KINDS[one.type].image:
            draft.missing.append(f"`needs.{one.name}.version`: the objects do not tell it")
        spec = one.secret.of(draft.name).at("spec")
        for index, _ in enumerate(spec.at("data").each()):
            for route in (("secretKey",), ("remoteRef", "key"), ("remoteRef", "property")):
                spec.at("data", index, *route).mapped(*to)
        for kind in _PARTS if one.runs is not None else ():
            part = objects.get(kind, one.object_name)
            for key, value in part.of(draft.name).items() if part is not None else ():
                if key not in ("apiVersion", "kind", "metadata"):
                    value.default(f"the compiler runs needs.{one.name}")


def _runs(need: Found, view: View, draft: Draft) -> None:
    to, kind = ("needs", need.name), KINDS[need.type]
    draft.set((*to, "realise"), "in-cluster")
    container = view.at("spec", "template", "spec", "containers", 0)
    parts = image_parts(container.at("image").text)
    for version in pins.versions(kind.image) if parts else ():
        image = pins.find_image(kind.image, version)
        if (
            image is not None
            and parts is not None
            and (image.repository, image.tag) == parts[:2]
            and version != kind.default
        ):
            draft.set((*to, "version"), version)
    memory = mapping(container.at("resources", "requests")).get("memory")
    size = next((name for name, amounts in SIZES.items() if amounts[2] == memory), "small")
    if size != "small":
        draft.set((*to, "size"), size)
    storage = view.at("spec", "volumeClaimTemplates", 0, "spec", "resources", "requests", "storage")
    if storage.there and storage.text != kind.storage:
        draft.set((*to, "storage"), storage.text)
