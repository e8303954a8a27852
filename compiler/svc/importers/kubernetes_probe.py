"""A probe of a container, in the spec's words."""

from __future__ import annotations

from svc.importers.draft import Draft
from svc.importers.kubernetes_objects import take
from svc.importers.ledger import View

Route = tuple[str, ...]
_TIMES = {"initialDelaySeconds": "initial_delay", "periodSeconds": "period", "timeoutSeconds": "timeout",
          "failureThreshold": "failures", "successThreshold": "successes"}  # fmt: skip


def probe(view: View, draft: Draft, to: Route) -> None:
    _question(view, draft, to)
    for key, one in view.items():
        if key in _TIMES:
            draft.set((*to, _TIMES[key]), one.value)
            one.mapped(*to, _TIMES[key])
    _wide(view, draft, to)


def _question(view: View, draft: Draft, to: Route) -> None:
    for kind, keys in (("httpGet", ("path", "port")), ("tcpSocket", ("port",)), ("grpc", ("port", "service"))):
        question = {"httpGet": "http", "tcpSocket": "tcp", "grpc": "grpc"}[kind]
        for key in keys:
            one = view.at(kind, key)
            if one.there:
                draft.set((*to, question, key), one.value)
                one.mapped(*to, question, key)
    if view.at("httpGet").there and not view.at("httpGet", "path").there:
        draft.set((*to, "http", "path"), "/")
    for header in view.at("httpGet", "httpHeaders").each():
        draft.set((*to, "http", "headers", header.at("name").text), header.at("value").text)
        header.at("name").mapped(*to, "http", "headers")
        header.at("value").mapped(*to, "http", "headers")
    for kind in ("httpGet", "tcpSocket"):
        view.at(kind, "host").dropped("a probe asks the pod itself; for a name in the request, write the header Host")
    if view.at("httpGet", "scheme").there:
        take(view.at("httpGet", "scheme"), draft, (*to, "http", "scheme"), view.at("httpGet", "scheme").text.lower())
    if view.at("exec", "command").there:
        draft.set((*to, "exec"), view.at("exec", "command").texts())
        view.at("exec", "command").mapped(*to, "exec")


def _wide(view: View, draft: Draft, to: Route) -> None:
    """Kubernetes takes a timeout that is longer than the period, and asks again after it; svc wants it said so."""
    timeout, period = view.at("timeoutSeconds"), view.at("periodSeconds").value
    period = period if isinstance(period, int) else 10
    if isinstance(timeout.value, int) and timeout.value > period:
        draft.set((*to, "period"), timeout.value)
        draft.missing.append(
            f"`{'.'.join(to)}.period`: {timeout.value} s, since an answer may take as long; it was {period} s"
        )
