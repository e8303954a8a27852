"""NetworkPolicies become `access`: the rules that the compiler writes are left to it, others stay as patches."""

from __future__ import annotations

from typing import Any

from svc.importers.draft import Draft
from svc.importers.kubernetes_needs import Found, private
from svc.importers.kubernetes_objects import NAME, Objects, mapping, matches, patch, pod_labels
from svc.importers.ledger import View
from svc.networks import EVERYWHERE, is_everywhere
from svc.resolve.needs import KINDS

_NAMESPACE = "kubernetes.io/metadata.name"
_DNS = ({"53"}, {"TCP", "UDP"})
_ALWAYS = "the compiler always writes this rule"


def network(objects: Objects, workload: View, draft: Draft) -> bool:
    """Whether a policy limits where the pods may connect to."""
    labels = pod_labels(workload)
    limited = False
    outgoing: list[View] = []
    incoming: list[View] = []
    limits_in = False
    for one in objects.of("NetworkPolicy"):
        if not matches(one.at("spec", "podSelector"), labels) or _hook(one):
            continue
        spec, types = one.of(draft.name).at("spec"), one.at("spec", "policyTypes").texts()
        spec.at("podSelector").default("svc selects pods by labels of its own")
        spec.at("policyTypes").default("the compiler always writes it")
        outgoing += spec.at("egress").each()
        incoming += spec.at("ingress").each()
        for key in ("egress", "ingress"):
            if not spec.at(key).value:
                spec.at(key).default("nobody, unless another rule says so")
        limited = limited or "Egress" in types or spec.at("egress").there
        limits_in = limits_in or _limits_in(one)
    _outgoing(outgoing, draft, [one for one in objects.needs.values() if one.service == draft.name])
    if limits_in and draft.get("ports"):
        _incoming(incoming, workload, draft)
    return limited


def limits_incoming(objects: Objects, workload: View) -> bool:
    """Whether a policy says who may connect to the pods."""
    labels = pod_labels(workload)
    found = [one for one in objects.of("NetworkPolicy") if matches(one.at("spec", "podSelector"), labels)]
    return any(_limits_in(one) for one in found if not _hook(one))


def _limits_in(policy: View) -> bool:
    types = policy.at("spec", "policyTypes").texts()
    return "Ingress" in types or not types


def _hook(view: View) -> bool:
    return "test" in view.at("metadata", "annotations", "helm.sh/hook").text


# --- out ---------------------------------------------------------------------------------------------------------


def _outgoing(rules: list[View], draft: Draft, needs: list[Found]) -> None:
    token = bool(draft.get("account", "token") or draft.get("account", "rules"))
    first = 1 if any(_dns(one) for one in rules) else 0
    for index, rule in enumerate(rules):
        if rule.value == {}:
            draft.set(("access", "open_egress"), True)
            rule.mapped("access", "open_egress")
        elif _dns(rule) or (token and _api_server(rule)) or any(_of_need(rule, one) for one in needs):
            rule.default(_ALWAYS)
        elif not _peers(rule, "to", draft, None):
            _kept(rule, draft, index if first else index + 1)


def _kept(rule: View, draft: Draft, index: int) -> None:
    change = [{"op": "add", "path": f"/spec/egress/{index}", "value": rule.value}]
    patch(rule, draft, "NetworkPolicy", draft.name, {"json_patch": change})


def _of_need(rule: View, need: Found) -> bool:
    if need.runs is None:
        port = KINDS[need.type].port
        return private(rule, port) if port else bool(_numbers(rule) == [443] and _anywhere(rule))
    labels = mapping(need.runs.at("spec", "selector", "matchLabels"))
    return bool(rule.at("to").value == [{"podSelector": {"matchLabels": labels}}])


def _anywhere(rule: View) -> bool:
    """Whether a rule lets everywhere in, of one family or of both, perhaps but for some ranges."""
    peers = rule.at("to").each()
    return bool(peers) and all(is_everywhere(one.at("ipBlock", "cidr").text) for one in peers)


def _dns(rule: View) -> bool:
    ports = rule.at("ports").each()
    numbers, transports = {one.at("port").text for one in ports}, {one.at("protocol").text or "TCP" for one in ports}
    return numbers == _DNS[0] and transports <= _DNS[1]


def _api_server(rule: View) -> bool:
    return {one.at("port").text for one in rule.at("ports").each()} == {"443", "6443"} and all(
        is_everywhere(one.at("ipBlock", "cidr").text) for one in rule.at("to").each()
    )


# --- in ----------------------------------------------------------------------------------------------------------


def _incoming(rules: list[View], workload: View, draft: Draft) -> None:
    """What the exposure and the scraping let in is theirs; without any other rule it is said that nobody else may."""
    own = mapping(workload.at("metadata")).get("namespace", "")
    given = [one["port"] if isinstance(one, dict) else one for one in (draft.get("ports") or {}).values()]
    left = []
    for rule in rules:
        if _everybody(rule):
            rule.dropped("everybody may connect: name who does in `access.from`")
        elif _platform(rule, draft):
            rule.default(_ALWAYS)
        else:
            left.append(rule)
    opened = draft.get("service", "type") is not None
    inside = [one for one in left if not (opened and _open_to_all(one, given))]
    if len(inside) == 1 and _namespace_of(inside[0]) == own and own and _numbers(inside[0]) in (None, given):
        for one in left:
            one.default("the pods of the namespace may connect unless `access.from` says otherwise")
        return
    if any(_everybody(rule) for rule in rules):
        draft.missing.append(
            "`access.from`: everybody may connect as it is; here the pods of the namespace may, until you name others"
        )
        if not left:
            return
    draft.data.setdefault("access", {})["from"] = []
    for rule in left:
        if not _peers(rule, "from", draft, given):
            rule.dropped("`access.from` has no word for it")


def _everybody(rule: View) -> bool:
    return not rule.at("from").value


def _open_to_all(rule: View, given: list[int]) -> bool:
    """What svc writes for a Service that nodes or a load balancer open to the outside."""
    cidrs = {text for one in rule.at("from").each() if (text := (_peer(one.value) or {}).get("cidr"))}
    return cidrs == {*EVERYWHERE} and set(_numbers(rule) or ()) <= {*given}


def _platform(rule: View, draft: Draft) -> bool:
    space = _namespace_of(rule)
    return (draft.get("expose") is not None and space == "ingress-nginx") or (
        draft.get("observe", "metrics") is not None and space == "monitoring"
    )


def _namespace_of(rule: View) -> str:
    peers = rule.at("from").value
    if (
        isinstance(peers, list)
        and len(peers) == 1
        and isinstance(peers[0], dict)
        and list(peers[0]) == ["namespaceSelector"]
    ):
        return str(rule.at("from", 0, "namespaceSelector", "matchLabels", _NAMESPACE).value or "")
    return ""


# --- peers -------------------------------------------------------------------------------------------------------


def _numbers(rule: View) -> list[int] | None:
    """The ports of a rule; None for every port."""
    return [one.at("port").value for one in rule.at("ports").each()] or None


def _plain(rule: View) -> bool:
    """Whether the rule has only TCP ports by number."""
    return all(
        isinstance(one.at("port").value, int) and one.at("protocol").text in ("", "TCP") and not one.at("endPort").there
        for one in rule.at("ports").each()
    )


def _peers(rule: View, key: str, draft: Draft, usual: list[int] | None) -> bool:
    """The rule's peers in `access`; False when one of them has no word there, and none is taken over then."""
    numbers = _numbers(rule)
    ones = [_peer(one.value) for one in rule.at(key).each()]
    if not ones or None in ones or (numbers != usual and not _plain(rule)):
        return False
    listed = draft.data.setdefault("access", {}).setdefault(key, [])
    for one, view in zip(ones, rule.at(key).each(), strict=True):
        assert one is not None
        made = _short(one, numbers if numbers != usual else None)
        listed.append(made)
        for part in _leaves(view):
            part.mapped("access", key, len(listed) - 1)
    for part in _leaves(rule.at("ports")):
        part.mapped("access", key, len(listed) - 1)
    return True


def _leaves(view: View) -> list[View]:
    below = [one for _, one in view.items()] or view.each()
    return [leaf for one in below for leaf in _leaves(one)] if below else [view] if view.there else []


def _peer(value: Any) -> dict[str, str] | None:
    if not isinstance(value, dict):
        return None
    found: dict[str, str] = {}
    for key, part in value.items():
        labels = part.get("matchLabels") if isinstance(part, dict) else None
        if key == "ipBlock" and isinstance(part, dict) and list(part) == ["cidr"]:
            found["cidr"] = str(part["cidr"])
        elif (
            key == "podSelector"
            and isinstance(labels, dict)
            and list(labels) == [NAME]
            and list(part) == ["matchLabels"]
        ):
            found["service"] = str(labels[NAME])
        elif key == "namespaceSelector" and isinstance(labels, dict) and list(labels) == [_NAMESPACE]:
            found["namespace"] = str(labels[_NAMESPACE])
        else:
            return None
    return found or None


def _short(peer: dict[str, str], numbers: list[int] | None) -> Any:
    """The short form where there is one."""
    base = peer.get("cidr") or "/".join(peer[key] for key in ("namespace", "service") if key in peer)
    if numbers is None and "namespace" not in peer:
        return base
    if numbers is None and len(peer) == 2:
        return base
    if numbers is not None and len(numbers) == 1 and list(peer) != ["namespace"]:
        return f"{base}:{numbers[0]}"
    return {**peer, **({"ports": numbers} if numbers else {})}
