"""All environments of a service become one chart: objects woven into templates, what differs into values."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any

from svc.diagnostics import Problem
from svc.kubernetes.lower import lower as lower_objects
from svc.kubernetes.meta import CHART_VERSION, label_value
from svc.kubernetes.raw import clashes, raw, twice
from svc.kubernetes.types import Manifest
from svc.records import replace
from svc.resolve import names
from svc.resolve.unit import Unit
from svc.targets.helm.accounts import account_values
from svc.targets.helm.bounds import bounded
from svc.targets.helm.carried import uncarried
from svc.targets.helm.checks import checks
from svc.targets.helm.labels import by_helpers
from svc.targets.helm.numbers import inexact
from svc.targets.helm.place import WORKLOADS, Place, distinct, place_of
from svc.targets.helm.probe import test_objects
from svc.targets.helm.raw import raw_file, raw_template
from svc.targets.helm.references import ACCESS
from svc.targets.helm.refusals import paths, refusal
from svc.targets.helm.types import Chart, Check, Const, Environment, Hole, Node, Path, Slot, Template, When
from svc.targets.helm.values import MISSING, at, base_of, difference, equal, merged, nested, without
from svc.targets.helm.weave import Weaver
from svc.targets.protocol import Lowered

Key = tuple[str, str]
_PLURALS = {"HorizontalPodAutoscaler": "hpa", "PodDisruptionBudget": "pdb", "PersistentVolumeClaim": "pvc"}


_FIRST = {"HorizontalPodAutoscaler", "ScaledObject", "ConfigMap", "ServiceAccount", "Service"}
"""Woven first: others refer to their values (the autoscaler's flag decides whether there are `replicas`)."""
_MONITORS = {"ServiceMonitor", "PodMonitor"}
_OPTIONAL = {"HorizontalPodAutoscaler", "ScaledObject", "Ingress", "HTTPRoute", "PodDisruptionBudget", *_MONITORS}
"""Objects that people expect to turn on and off."""
_OF_ACCOUNTS = {"ServiceAccount", *ACCESS}
_ACCOUNT = "/"
"""Stands for the name of the account, which environments may call otherwise."""
_MADE = ("ServiceAccount", _ACCOUNT)


def lower(unit: Unit, /) -> Lowered:
    objects: list[tuple[Manifest, ...]] = []
    own: list[tuple[Manifest, ...]] = []
    problems: dict[Problem, None] = {}
    for one in unit.environments:
        lowered = lower_objects(one)
        objects.append((*lowered.manifests, *test_objects(one)))
        own.append(raw(one))
        said = (*lowered.problems, *uncarried(lowered.manifests, unit.origins[one.environment]), *twice(objects[-1]))
        problems.update(dict.fromkeys(replace(problem, environment=one.environment) for problem in said))
    names = {(one.kind, one.name) for one in chain(*own)}
    made = [one for one in chain(*objects) if one.origin(())[:1] != ("manifests",)]
    for found in own:
        problems.update(dict.fromkeys(clashes(found, made)))
    if any(problem.severity.word == "error" for problem in problems):
        return Lowered(None, tuple(problems))
    chart = _chart(unit, objects, names)
    lost = dict.fromkeys(inexact(chart, unit.origins))
    return Lowered(None if lost else chart, (*problems, *lost))


def _chart(unit: Unit, objects: Sequence[tuple[Manifest, ...]], own: Collection[Key]) -> Chart:
    first = unit.first
    weaver = Weaver(unit.environments, _created(objects))
    _basics(weaver, unit)
    account_values(weaver, unit.name, objects)
    _version(weaver, unit)
    part_of = _part_of(weaver, unit)
    templates = _templates(weaver, unit, objects, own)
    slots = tuple(Slot(path, doc, schema, weaver.spots.get(path)) for path, (doc, schema) in weaver.docs.items())
    slots = bounded(slots, templates, weaver.values)
    fitting = checks(templates, slots)
    fitting = tuple(one for one in fitting if not any(refusal((one,), values) for values in weaver.values))
    base = _base(weaver, fitting)
    environments = []
    for one, manifests, values in zip(unit.environments, objects, weaver.values, strict=True):
        over = difference(base, values)
        environments.append(Environment(one.environment, one.namespace, manifests, {} if over is MISSING else over))
    service = first.server.service if first.server is not None else None
    return Chart(
        name=first.name,
        description=first.description or f"The service {first.name}.",
        version=CHART_VERSION,
        app_version=first.version,
        team=first.team,
        directory=unit.directory,
        spec=unit.spec,
        built=first.image.built,
        part_of=part_of,
        templates=templates,
        values=base,
        slots=slots,
        environments=tuple(environments),
        version_label=weaver.version,
        port=service.ports[0].name if service is not None and service.ports else "",
        checks=fitting,
    )


def _base(weaver: Weaver, fitting: Sequence[Check]) -> dict[str, Any]:
    """values.yaml, with which the chart renders, too."""
    found = base_of(tuple(weaver.values))
    base = {**found, "namespaceOverride": ""} if isinstance(found, dict) else {}
    for path in sorted(weaver.whole):
        base = without(base, path)
    if refusal(fitting, base):
        for path in (path for check in fitting for path in paths(check)):
            wanted = at(weaver.values[0], path)
            base = without(base, path)
            base = base if wanted is None else merged(base, nested(path, wanted))
    return base


def _created(objects: Sequence[tuple[Manifest, ...]]) -> dict[str, frozenset[str]]:
    """Names of the objects that the chart makes, by kind; the Secret behind an ExternalSecret is one of them."""
    found: dict[str, set[str]] = {}
    for manifests in objects:
        for one in manifests:
            found.setdefault(one.kind, set()).add(one.name)
            if one.kind == "ExternalSecret":
                found.setdefault("Secret", set()).add(str(one.tree.get("spec", "target", "name", default=one.name)))
    return {kind: frozenset(values) for kind, values in found.items()}


def _basics(weaver: Weaver, unit: Unit) -> None:
    """Values that every chart has."""
    count = len(unit.environments)
    weaver.hole(
        ("nameOverride",), ("",) * count, "Replaces the chart's name in labels.", {"type": "string", "maxLength": 63}
    )
    weaver.hole(
        ("fullnameOverride",),
        (unit.name,) * count,
        "Name of the objects. Other services find this one by it.",
        {"type": "string", "maxLength": 40},
    )
    weaver.hole(
        ("namespaceOverride",),
        tuple(one.namespace for one in unit.environments),
        "Namespace of the objects; the release's when empty.",
        {"type": "string", "maxLength": 63},
    )
    if by_helpers(unit.environments):
        weaver.hole(
            ("commonLabels",),
            tuple(dict(one.labels) for one in unit.environments),
            "Labels of all objects.",
            {"type": "object", "additionalProperties": {"type": "string"}},
        )
    _image(weaver, unit)


def _image(weaver: Weaver, unit: Unit) -> None:
    images = [one.image for one in unit.environments]
    built = "Set by the deploy: the digest of the image that CI has built, scanned and signed."
    weaver.hole(
        ("image", "repository"),
        tuple(image.repository for image in images),
        "Where the image is, without tag and digest.",
        {"type": "string", "minLength": 1},
    )
    weaver.hole(
        ("image", "tag"),
        tuple(image.tag for image in images),
        "For people: the digest decides.",
        {"type": "string", "not": {"const": "latest"}},
    )
    weaver.hole(
        ("image", "digest"),
        tuple(image.digest for image in images),
        built if images[0].built else "The pinned image.",
        {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    )


def _version(weaver: Weaver, unit: Unit) -> None:
    """The version label: the image's tag, which a deploy sets, when that is what the service says."""
    labels = tuple(label_value(one.version) for one in unit.environments)
    if equal(labels, tuple(one.image.tag for one in unit.environments)):
        weaver.version = Hole(("image", "tag"), "string")
    elif labels != (unit.first.version,) * len(labels):
        about = "Value of the label app.kubernetes.io/version."
        weaver.version = weaver.hole(("versionLabel",), labels, about, {"type": "string", "maxLength": 63})


def _part_of(weaver: Weaver, unit: Unit) -> Node:
    """The team, or the service itself: the same everywhere, or a value of helpers that print it."""
    labels = tuple(label_value(one.team or one.name) for one in unit.environments)
    if len(set(labels)) == 1 or not by_helpers(unit.environments):
        return Const(labels[0])
    about = "Value of the label app.kubernetes.io/part-of."
    return weaver.hole(("partOfLabel",), labels, about, {"type": "string", "maxLength": 63})


def _templates(
    weaver: Weaver, unit: Unit, objects: Sequence[tuple[Manifest, ...]], own: Collection[Key]
) -> tuple[Template, ...]:
    called = [
        {_called(unit, one, resolved.account.name): one for one in manifests}
        for resolved, manifests in zip(unit.environments, objects, strict=True)
    ]
    order = list(dict.fromkeys(key for manifests in called for key in manifests))
    order.sort(key=lambda key: key[0] not in _FIRST)
    each = {key: [manifests.get(key) for manifests in called] for key in order}
    made = {key: _template(weaver, unit, each[key], key[1]) for key in order if key not in own}
    for key in (key for key in order if key in own):
        sample = next(one for one in each[key] if one is not None)
        body, when = raw_template(weaver, sample, tuple(MISSING if one is None else one.tree.data for one in each[key]))
        made[key] = Template(raw_file(sample, {one.file for one in made.values()}), key, body, when)
    return tuple(sorted(made.values(), key=lambda one: one.file))


def _called(unit: Unit, manifest: Manifest, account: str) -> Key:
    """What an object is known by in all environments: their accounts are one, whatever they are called."""
    kind, name = manifest.kind, manifest.name
    if kind in _OF_ACCOUNTS and name in (account, names.predeploy(account)) and not _section(unit, manifest):
        return kind, _ACCOUNT + name.removeprefix(account)
    return kind, name


def _template(weaver: Weaver, unit: Unit, found: Sequence[Manifest | None], called: str) -> Template:
    sample = next(one for one in found if one is not None)
    section = _section(unit, sample)
    place = place_of(sample, section, unit.name, weaver.created[sample.kind])
    there = [one is not None for one in found]
    differ = called.startswith(_ACCOUNT) and len({one.account.name for one in unit.environments}) > 1
    if differ:
        place = place._replace(name=unit.name + called.removeprefix(_ACCOUNT), rest="")
    when = When(("serviceAccount", "create"), "if") if (sample.kind, called) == _MADE else _when(weaver, place, there)
    cases = tuple((one if one is not None else sample).tree.data for one in found)
    if not all(there):
        cases = _filled(unit, found, sample)
    file = _file(unit, sample.kind, place.name, section)
    known = tuple("" if one is None else one.name for one in found) if differ else ()
    return Template(file, (sample.kind, sample.name), weaver.object(cases, place, there), when, known)


def _filled(unit: Unit, found: Sequence[Manifest | None], sample: Manifest) -> tuple[Any, ...]:
    """Where an environment lacks the object, the sample stands in, in that environment's own namespace."""
    filled = []
    for one, manifest in zip(unit.environments, found, strict=True):
        data = (manifest or sample).tree.data
        if manifest is None and data.get("metadata", {}).get("namespace"):
            data = {**data, "metadata": {**data["metadata"], "namespace": one.namespace}}
        filled.append(data)
    return tuple(filled)


def _section(unit: Unit, manifest: Manifest) -> Path:
    """The server's values stand at the top; workers, jobs and needs have sections of their own."""
    labels = manifest.tree.get("metadata", "labels", default={})
    if str(manifest.tree.get("metadata", "annotations", "helm.sh/hook", default="")) == "test":
        return ("helmTest",)
    name, component = labels.get(names.NAME_LABEL, ""), labels.get(names.COMPONENT_LABEL, "")
    if name != unit.name:
        need = name.removeprefix(f"{unit.name}-")
        others = {each.name for one in unit.environments for each in one.needs}
        return ("needs", distinct({need, *others})[need])
    workloads = [one for resolved in unit.environments for one in (*resolved.workers, *resolved.jobs)]
    kinds = {one.component: "jobs" if one.job is not None else "workers" for one in workloads}
    return (kinds[component], distinct(kinds)[component]) if component in kinds else ()


def _when(weaver: Weaver, place: Place, present: list[bool]) -> When | None:
    """The condition of a whole object: what some environments lack, and what people expect to turn off."""
    if place.section[:1] == ("needs",):
        return None if all(present) else weaver.flag((*place.section, "enabled"), present, "Run it in the cluster.")
    if all(present) and (place.kind not in _OPTIONAL or not place.own):
        return None
    if place.kind in ("Role", "RoleBinding"):
        return weaver.flag((*place.group, "enabled"), present, "Make the Role and its RoleBinding.")
    word = place.kind[:1].lower() + place.kind[1:]
    kinds = [kind for kind in WORKLOADS if place.name in weaver.created.get(kind, ())]
    path = (*place.group, word, "enabled") if place.kind in kinds and len(kinds) > 1 else (*place.group, "enabled")
    of = " of jobs before a deploy" if place.name.endswith(names.predeploy("")) else ""
    return weaver.flag(path, present, f"Make the {place.kind}{of}.")


def _file(unit: Unit, kind: str, name: str, section: Path) -> str:
    if section == ("helmTest",):
        rest = name.removeprefix(f"{unit.name}-test").strip("-")
        return f"tests/{kind.lower()}{'-' + rest if rest else ''}.yaml"
    word = _PLURALS.get(kind, kind.lower())
    rest = name.removeprefix(unit.name).strip("-")
    return f"{word}-{rest}.yaml" if rest else f"{word}.yaml"
