"""Score workloads (score.dev/v1b1): one container becomes the process, the others sidecars."""

from __future__ import annotations

import re
from collections.abc import Sequence

from svc.checks._secrets import is_secret
from svc.importers.draft import Draft, label, unique
from svc.importers.ledger import Ledger, View, literal, number
from svc.resolve.needs import KINDS

_TYPES = {"postgres": "postgres", "postgres-instance": "postgres", "mysql": "mysql", "redis": "redis",
          "mongodb": "mongodb", "amqp": "rabbitmq", "s3": "bucket"}  # fmt: skip
_OUTPUTS = {"database": "name", "username": "user", "bucket": "name", "connection": "url"}
_PLACEHOLDER = re.compile(r"\$(?:(\$)|\{([^}]*)\})")


def read(ledgers: Sequence[Ledger]) -> list[Draft]:
    taken: set[str] = set()
    return [_workload(View(ledger), taken) for ledger in ledgers]


def _workload(top: View, taken: set[str]) -> Draft:
    draft = Draft(unique(label(top.at("metadata", "name").text or "service"), taken))
    view = top.of(draft.name)
    view.at("apiVersion").default("the version of Score")
    view.at("metadata", "name").mapped("name")
    for key, one in view.at("metadata", "annotations").items():
        draft.set(("annotations", key), one.text)
        one.mapped("annotations", key)
    needs = _resources(view.at("resources"), draft)
    _ports(view.at("service", "ports"), draft)
    for index, (name, one) in enumerate(view.at("containers").items()):
        _container(one, draft, () if index == 0 else ("sidecars", label(name)), needs)
    if draft.get("image") is None:
        draft.set(("build", "dockerfile"), "Dockerfile")
        draft.missing.append("`image` or `build`: Score names none (image: `.`); a Dockerfile is assumed")
    return draft


def _resources(view: View, draft: Draft) -> dict[str, str]:
    """The resources that are needs, with their types."""
    found = {}
    for name, one in view.items():
        kind = _TYPES.get(one.at("type").text)
        if kind is None:
            one.dropped(f"a resource of type `{one.at('type').text}` is no need of svc: {', '.join(sorted(KINDS))}")
            continue
        found[name] = kind
        draft.set(("needs", label(name), "type"), kind)
        one.at("type").mapped("needs", label(name), "type")
    return found


def _ports(view: View, draft: Draft) -> None:
    for name, one in view.items():
        port, target = number(one.at("port").text), number(one.at("targetPort").text or one.at("port").text)
        made: dict[str, object] = {"port": target, **({"service": port} if port != target else {})}
        if one.at("protocol").text.upper() == "UDP":
            made["protocol"] = "udp"
        draft.set(("ports", label(name, 15)), made)
        for key in ("port", "targetPort", "protocol"):
            if one.at(key).there:
                one.at(key).mapped("ports", label(name, 15))


def _container(view: View, draft: Draft, at: tuple[str, ...], needs: dict[str, str]) -> None:
    for key, one in view.items():
        if key == "image":
            if one.text != ".":
                draft.set((*at, "image"), one.text)
                one.mapped(*at, "image")
            else:
                one.mapped("build", reason="built from the sources beside the spec")
        elif key in ("command", "args"):
            draft.set((*at, key), one.texts())
            one.mapped(*at, key)
        elif key == "variables":
            for name, value in one.items():
                _variable(name, value, draft, at, needs)
        elif key == "resources":
            for kind in ("requests", "limits"):
                for name, amount in one.at(kind).items():
                    draft.set((*at, "resources", kind, name), amount.text)
                    amount.mapped(*at, "resources", kind, name)
        elif key == "files":
            _files(one, draft, at)
        elif key in ("livenessProbe", "readinessProbe"):
            _probe(one, draft, (*at, "health", "live" if key == "livenessProbe" else "ready"))
        else:
            one.dropped("svc import does not map this key of Score")


def _variable(name: str, view: View, draft: Draft, at: tuple[str, ...], needs: dict[str, str]) -> None:
    wrong: list[str] = []

    def value(match: re.Match[str]) -> str:
        root, _, rest = (match[2] or "").partition(".")
        resource, _, output = rest.partition(".")
        output = _OUTPUTS.get(output, output)
        if match[1]:
            return "$"
        if root == "resources" and resource in needs and output in KINDS[needs[resource]].outputs:  # type: ignore[index]
            return f"${{needs.{label(resource)}.{output}}}"
        if match[2] == "metadata.name":
            return draft.name
        wrong.append(match[0])
        return ""

    text = _PLACEHOLDER.sub(value, view.text)
    if wrong:
        view.dropped(f"{wrong[0]} is no output of a need that svc knows")
    elif is_secret(name, text):
        draft.set((*at, "secrets", name), {"from": f"{draft.name}/{label(name, 60)}"})
        view.dropped("a secret's value never stands in a spec: put it into the secret store", *at, "secrets", name)
    else:
        draft.set((*at, "env", name), text if "${needs." in text else literal(text))
        view.mapped(*at, "env", name)


def _files(view: View, draft: Draft, at: tuple[str, ...]) -> None:
    ones = view.items() or [(one.at("target").text, one) for one in view.each()]
    for path, one in ones:
        for key, part in one.items():
            if key in ("content", "source", "mode") and "${" not in part.text:
                draft.set((*at, "files", path, key), part.text.removeprefix("./"))
                part.mapped(*at, "files", path, key)
            elif key == "target":
                part.mapped(*at, "files", path)
            else:
                part.dropped("the language has files with fixed texts")


def _probe(view: View, draft: Draft, to: tuple[str, ...]) -> None:
    for key, one in view.at("httpGet").items():
        if key in ("path", "port"):
            draft.set((*to, "http", key), number(one.text) if key == "port" else one.text)
            one.mapped(*to, "http", key)
        elif key == "httpHeaders":
            for header in one.each():
                draft.set((*to, "http", "headers", header.at("name").text), header.at("value").text)
                header.at("name").mapped(*to, "http", "headers")
                header.at("value").mapped(*to, "http", "headers")
        elif key == "scheme":
            draft.set((*to, "http", "scheme"), one.text.lower())
            one.mapped(*to, "http", "scheme")
    if view.at("exec", "command").there:
        draft.set((*to, "exec"), view.at("exec", "command").texts())
        view.at("exec", "command").mapped(*to, "exec")
