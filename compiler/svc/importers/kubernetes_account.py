"""The service account with what it may do, and the scraping of metrics."""

from __future__ import annotations

from collections.abc import Sequence

from svc.importers.draft import Draft
from svc.importers.kubernetes_objects import OWN, Objects, patch, take
from svc.importers.ledger import View


def monitor(view: View, draft: Draft) -> None:
    ends = view.at("spec", "endpoints").each() or view.at("spec", "podMetricsEndpoints").each()
    view.at("spec", "selector").default("svc selects pods by labels of its own")
    view.at("spec", "namespaceSelector").default("what is scraped is in the service's own namespace")
    for key in ("jobLabel", "targetLabels", "podTargetLabels", "sampleLimit"):
        view.at("spec", key).dropped("svc scrapes one endpoint, by port, path and interval")
    for index, one in enumerate(ends):
        for key, part in one.items():
            if index == 0 and key in ("port", "path", "interval"):
                usual = {"path": "/metrics", "interval": "30s"}.get(key)
                take(part, draft, ("observe", "metrics", key), part.text, usual)
            else:
                part.dropped("svc scrapes one endpoint, by port, path and interval")
    if ends and draft.get("observe", "metrics") is None:
        draft.set(("observe", "metrics"), {"path": "/metrics"})


def account(objects: Objects, draft: Draft) -> None:
    name = draft.get("account", "name") or draft.name
    found = objects.get("ServiceAccount", str(name))
    if found is None:
        return
    view = found.of(draft.name)
    for key, one in view.at("metadata", "annotations").items():
        take(one, draft, ("account", "annotations", key), one.text)
    view.at("automountServiceAccountToken").default("as the pods say, which is what counts")
    for key, one in view.items():
        if key not in ("apiVersion", "kind", "metadata", "automountServiceAccountToken"):
            patch(one, draft, "ServiceAccount", str(name), {"merge": {key: one.value}})
    for binding in objects.of("RoleBinding"):
        subjects = binding.at("subjects").each()
        role = objects.get("Role", binding.at("roleRef", "name").text)
        mine = [one.at("kind").text == "ServiceAccount" and one.at("name").text == name for one in subjects]
        if mine == [True] and role is not None and binding.at("roleRef", "kind").text == "Role":
            for key in ("subjects", "roleRef"):
                binding.of(draft.name).at(key).default("svc binds its Role to the account")
            _rules(role.of(draft.name), draft)


def share(drafts: Sequence[Draft]) -> None:
    """An account of several services is made by the first one: two releases cannot own one object."""
    owners: dict[tuple[object, object], Draft] = {}
    for draft in drafts:
        name = draft.get("account", "name") or draft.name
        owner = owners.setdefault((draft.get("namespace"), name), draft)
        if owner is not draft and draft.get("account", "create") is not False:
            draft.set(("account", "create"), False)
            draft.added.append(f"account.create: false, since {owner.name} makes the account {name}")


def _rules(role: View, draft: Draft) -> None:
    rules = draft.get("account", "rules") or []
    for one in role.at("rules").each():
        made = {}
        for key, to in (
            ("apiGroups", "groups"),
            ("resources", "resources"),
            ("verbs", "verbs"),
            ("resourceNames", "names"),
        ):
            part = one.at(key)
            if part.there and not (key == "apiGroups" and part.texts() == [""]):
                made[to] = part.texts()
                part.mapped("account", "rules", len(rules), to)
            elif part.there:
                part.default(OWN)
        for key, part in one.items():
            if key not in ("apiGroups", "resources", "verbs", "resourceNames"):
                part.dropped("a Role of svc has API groups, resources, names and verbs")
        rules = [*rules, made]
    if rules:
        draft.set(("account", "rules"), rules)
        draft.data["account"].pop("token", None)
