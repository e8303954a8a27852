"""What manifests say is said in a spec, or that it is not: names, accounts, who may connect, and files that hold no service."""

from __future__ import annotations

import pytest

from importers import imported
from importers.accounts import spec_of
from svc.emit import emit
from svc.importers.run import run
from svc.source import Source


def _account(name: str) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}


def test_a_service_is_called_as_others_call_it() -> None:
    made = imported.kubernetes(imported.deployment("web-deployment", "web"), imported.service("web", "web"))
    (draft,) = made.drafts
    assert draft.name == "web"
    assert not any("`name`" in one for one in draft.missing)
    entry = next(one for one in made.entries if one.document == 0 and one.route == ("metadata", "name"))
    assert (entry.note.fate, entry.note.reason) == ("mapped", "web, as others call it by its Service")


def test_a_name_that_several_are_called_by_is_said() -> None:
    made = imported.kubernetes(
        imported.deployment("v1", "web"), imported.deployment("v2", "web"), imported.service("web", "web")
    )
    assert [one.name for one in made.drafts] == ["v1", "v2"]
    for draft in made.drafts:
        assert any(one.startswith(f"`name`: the Service web is called {draft.name} here") for one in draft.missing)


def test_pods_of_a_stateful_set_keep_their_names() -> None:
    server: dict[str, object] = {**imported.deployment("db-set", "db"), "kind": "StatefulSet"}
    (draft,) = imported.kubernetes(server, imported.service("db", "db")).drafts
    assert draft.name == "db-set"
    assert any("the Service db is called db-set here" in one for one in draft.missing)


def test_a_service_of_the_workloads_own_name_is_the_one() -> None:
    made = imported.kubernetes(
        imported.deployment("web", "web"), imported.service("web", "web"), imported.service("old", "web")
    )
    (draft,) = made.drafts
    assert draft.name == "web"
    assert [one for one in draft.missing if "`name`" in one and "the Service old is called web here" in one]


def test_an_account_of_several_services_is_made_once() -> None:
    pod = {"serviceAccountName": "both"}
    made = imported.kubernetes(
        imported.deployment("a", "a", **pod), imported.deployment("b", "b", **pod), _account("both")
    )
    assert spec_of(made, "a")["account"] == {"name": "both"}
    assert spec_of(made, "b")["account"] == {"name": "both", "create": False}
    assert "account.create: false, since a makes the account both" in made.drafts[1].added


def test_who_may_connect_is_said_where_no_policy_does() -> None:
    (draft,) = imported.kubernetes(imported.deployment("web", "web")).drafts
    said = "`access.from`: only the pods of the namespace may connect, and what `expose` lets in"
    assert said in draft.added
    spec = {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"], "ingress": []}
    policy: dict[str, object] = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "a"},
        "spec": spec,
    }
    (draft,) = imported.kubernetes(imported.deployment("web", "web"), policy).drafts
    assert said not in draft.added


def test_a_probe_begins_with_its_question() -> None:
    probe = {"initialDelaySeconds": 3, "httpGet": {"path": "/up", "port": 8080}, "periodSeconds": 7}
    container = {"name": "a", "image": "a:1", "ports": [{"containerPort": 8080}], "readinessProbe": probe}
    made = imported.kubernetes(imported.deployment("web", "web", containers=[container]))
    assert list(spec_of(made, "web")["health"]["ready"]) == ["http", "initial_delay", "period"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("k8s/kustomization.yaml", "resources: [a.yaml]\n", "kustomize build k8s | svc import -"),
        ("a.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", "kustomize build . | svc"),
        ("chart/values-prod.yaml", "replicaCount: 1\n", "helm template NAME CHART -f chart/values-prod.yaml | svc"),
        ("api/Dockerfile", "FROM a\n", "`svc init api` writes a spec"),
        ("service.yaml", "apiVersion: svc/v1\nname: a\n", "a spec of svc already"),
        ("t/d.yaml", "kind: Deployment\nname: {{ .Values.name }}\n", "helm template NAME CHART | svc import -"),
        ("t/e.yaml", 'kind: Deployment\na:\n{{- include "x" . }}\n', "helm template NAME CHART | svc import -"),
        ("other.yaml", "hello: world\n", ""),
        ("other.yaml", "hello: [world\n", ""),
    ],
)
def test_what_cannot_be_imported_has_a_way(name: str, text: str, said: str) -> None:
    made = run([Source(name, text)])
    assert made.drafts == ()
    helps = {one.help for one in made.diagnostics}
    assert helps
    assert all(said in one and bool(said) == ("svc" in one) for one in helps), helps


def test_a_file_of_no_form_makes_no_mixture() -> None:
    deployment = emit(imported.deployment("web", "web")).text
    made = run([Source("a.yaml", deployment), Source("kustomization.yaml", "resources: [a.yaml]\n")])
    assert [one.id for one in made.diagnostics] == ["import-unknown"]
