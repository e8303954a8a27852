"""Score workloads (score.dev/v1b1): one container becomes the process, the others run beside it or before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from svc.checks.secrets import is_stored, names_stored
from svc.importers.compose_files import Read, unread
from svc.importers.draft import Draft, hardened, label, unique
from svc.importers.ledger import UNKNOWN, Ledger, View, number
from svc.importers.score_files import Container, files, volumes
from svc.importers.score_resources import SETTINGS, Known, Neighbour, resources
from svc.importers.score_text import Scope, said, word

Route = tuple[str, ...]
_KIND = "k8s.score.dev/kind"
_PROBES = {"livenessProbe": "live", "readinessProbe": "ready"}


def read(ledgers: Sequence[Ledger], reader: Read = unread) -> list[Draft]:
    taken: set[str] = set()
    drafts = [Draft(unique(label(_name(View(one)) or "service"), taken)) for one in ledgers]
    tops = [View(one, spec=draft.name) for one, draft in zip(ledgers, drafts, strict=True)]
    neighbours = [_ports(top, draft) for top, draft in zip(tops, drafts, strict=True)]
    known = Known({_name(top): one for top, one in zip(tops, neighbours, strict=True)})
    for top, draft, own in zip(tops, drafts, neighbours, strict=True):
        scope = Scope(top.at("metadata"), {})
        resources(top.at("resources"), draft, known, scope, own)
        _workload(top, draft, scope, reader)
    return drafts


def _name(top: View) -> str:
    return top.at("metadata", "name").text


def _workload(top: View, draft: Draft, scope: Scope, reader: Read) -> None:
    top.at("apiVersion").default("the version of Score")
    _metadata(top.at("metadata"), draft)
    for key, one in top.items():
        if key.startswith("x-"):
            one.dropped("an extension that other programs read")
    containers = top.at("containers").items()
    main = next((one for one in containers if not _before(one[1])), containers[0] if containers else None)
    kinds = {name: "main" if (name, view) == main else _kind(view) for name, view in containers}
    for name, view in sorted(containers, key=lambda one: kinds[one[0]] != "main"):
        at: Route = () if kinds[name] == "main" else (kinds[name], label(name))
        _container(Container(view, draft, at, scope, reader), top.at("resources"))
    if draft.get("image") is None:
        draft.folder = "." if draft.get("build") is not None else draft.folder
        draft.set(("build", "dockerfile"), "Dockerfile")
        draft.missing.append("`image` or `build`: Score names none (image: `.`); a Dockerfile is assumed")
    hardened(draft, "Score")


def _metadata(view: View, draft: Draft) -> None:
    view.at("name").mapped("name")
    for key, one in view.at("annotations").items():
        if key == _KIND and one.text in ("StatefulSet", "Deployment"):
            draft.set(("workload",), one.text.lower())
            one.mapped("workload")
        elif key.startswith(SETTINGS):
            one.default("a setting of score-compose or score-k8s")
        else:
            draft.set(("annotations", key), one.text)
            one.mapped("annotations", key)
    for key, one in view.items():
        if key not in ("name", "annotations"):
            one.default("placeholders that name it have its value")


def _ports(top: View, draft: Draft) -> Neighbour:
    found: dict[str, tuple[str, str]] = {}
    taken: set[str] = set()
    for name, one in top.at("service", "ports").items():
        to = ("ports", unique(label(name, 15), taken, 15))
        port, target = one.at("port"), one.at("targetPort") if one.at("targetPort").there else one.at("port")
        made: dict[str, Any] = {"port": number(target.text)}
        if number(port.text) != made["port"]:
            made["service"] = number(port.text)
        if one.at("protocol").text.upper() == "UDP":
            made["protocol"] = "udp"
        draft.set(to, made)
        for key in ("port", "targetPort", "protocol"):
            if one.at(key).there:
                one.at(key).mapped(*to)
        found[name] = found[port.text] = (to[1], port.text)
    return Neighbour(draft.name, found)


# --- containers --------------------------------------------------------------------------------------------------


def _before(view: View) -> list[str]:
    """What the containers that wait for this one wait for: started, healthy or complete."""
    before = view.at("before")
    if before.at("containers").there:  # as it was proposed at first
        return [before.at("ready").text or "started"]
    ones = [one for _, one in before.items()] or before.each()
    return [one.at("ready").text or "started" for one in ones]


def _kind(view: View) -> str:
    return "init" if "complete" in _before(view) else "sidecars"


def _container(one: Container, workload: View) -> None:
    for key, view in one.view.items():
        if key == "image":
            _image(one, view)
        elif key in ("command", "args"):
            one.draft.set((*one.at, key), [word(text) for text in view.texts()])
            view.mapped(*one.at, key)
        elif key == "variables":
            for name, value in view.items():
                _variable(one, name, value)
        elif key == "resources":
            _amounts(one, view)
        elif key == "files":
            files(one, view)
        elif key == "volumes":
            volumes(one, view, workload)
        elif key in _PROBES:
            _probe(one, view, (*one.at, "health", _PROBES[key]))
        elif key != "before":
            view.dropped("an extension that other programs read" if key.startswith("x-") else UNKNOWN)

    if one.view.at("before").there:
        _order(one, one.view.at("before"))


def _image(one: Container, view: View) -> None:
    if view.text != ".":
        one.draft.set((*one.at, "image"), view.text)
        view.mapped(*one.at, "image")
    elif one.at and one.draft.get("image") is not None:
        view.dropped("an image that is built for a container beside the main one: build it elsewhere, and name it here")
        one.draft.missing.append(f"`{'.'.join(one.at)}.image`: name it; without one it has the service's own image")
    elif one.at:
        one.draft.set(one.at, one.draft.get(*one.at) or {})
        view.mapped(*one.at, reason="the service's own image")
    else:
        one.draft.set(("build", "dockerfile"), "Dockerfile")
        view.mapped("build", reason="built from the sources beside the spec")


def _order(one: Container, view: View) -> None:
    """A sidecar has started before the main process does; with a startup probe, it is ready by then."""
    if not one.at:
        view.dropped("it is the main process, which starts last")
        return
    probe = one.draft.get(*one.at, "health", "ready") or one.draft.get(*one.at, "health", "live")
    if one.at[0] == "sidecars" and "healthy" in _before(one.view) and probe is not None:
        one.draft.set((*one.at, "health", "startup"), probe)
    view.default("it runs before the main process" if one.at[0] == "init" else "it starts before the main process")


def _variable(one: Container, name: str, view: View) -> None:
    found = one.scope.variable(view.text)
    to = (*one.at, "secrets" if not found.references and is_stored(name, found.text) else "env", name)
    if to[-2] == "secrets":
        one.draft.set(to, {"from": f"{one.draft.name}/{label(name, 60)}"})
        view.dropped("a secret's value never stands in a spec: put it into the secret store", *to)
        return
    if found.needless:
        view.dropped(said(found.wrong))
        return
    if found.wrong and names_stored(name):
        one.draft.set((*one.at, "secrets", name), {"from": f"{one.draft.name}/{label(name, 60)}"})
        view.dropped(f"{said(found.wrong)}; put it into the secret store", *one.at, "secrets", name)
        return
    one.draft.set(to, found.text)
    if found.wrong:
        view.dropped(f"{said(found.wrong)}; the rest stands in the spec, complete it", *to)
        names = ", ".join(name for name, _ in found.wrong)
        one.draft.missing.append(f"`{'.'.join(to)}`: no value is known for {names}")
    else:
        view.mapped(*to)


def _amounts(one: Container, view: View) -> None:
    for kind in ("requests", "limits"):
        for name, amount in view.at(kind).items():
            one.draft.set((*one.at, "resources", kind, name), amount.text)
            amount.mapped(*one.at, "resources", kind, name)


def _probe(one: Container, view: View, to: Route) -> None:
    if one.at[:1] == ("init",):
        view.dropped("what ends before the start is not asked")
        return
    command, request = view.at("exec", "command"), view.at("httpGet")
    if command.there:  # which Score prefers when there are both
        one.draft.set((*to, "exec"), command.texts())
        command.mapped(*to, "exec")
        request.dropped("one probe asks one question, and Score prefers `exec`")
        return
    for key, part in request.items():
        if key in ("path", "port"):
            one.draft.set((*to, "http", key), number(part.text) if key == "port" else part.text)
            part.mapped(*to, "http", key)
        elif key == "scheme":
            one.draft.set((*to, "http", "scheme"), part.text.lower())
            part.mapped(*to, "http", "scheme")
        elif key == "host":
            one.draft.set((*to, "http", "headers", "Host"), part.text)
            part.mapped(*to, "http", "headers", "Host")
        for header in part.each() if key == "httpHeaders" else ():
            one.draft.set((*to, "http", "headers", header.at("name").text), header.at("value").text)
            for half in ("name", "value"):
                header.at(half).mapped(*to, "http", "headers")
