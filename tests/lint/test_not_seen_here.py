"""Nothing is said of what is not there yet, or is elsewhere: marks that a script fills in, pods of charts that nobody sees,
copies of one thing for another cluster, what SOPS notes in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svc.cli.main import main

_POD = "containers: [{name: a, image: 'a:1', ports: [{containerPort: 80, name: http}]}]"
_WEB = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web%s}\nspec:\n  selector: {matchLabels: {app: web}}\n"
    f"  template: {{metadata: {{labels: {{app: web}}}}, spec: {{{_POD}}}}}\n"
)
_SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: a%s}\nspec: {selector: {%s}, ports: [{port: 80}]}\n"
_SCALER = (
    "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: %s}\n"
    "spec: {maxReplicas: 3, scaleTargetRef: {kind: Deployment, name: web}}\n"
)
_NODE_PORT = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: %s}\n"
    "spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}\n"
)
_INGRESS = (
    "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: %s}\nspec:\n  rules:\n"
    "  - {host: a.example.com, http: {paths: [{path: /, backend: {service: {name: %s, port: {number: 80}}}}]}}\n"
)


def _found(
    folder: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], *about: str
) -> list[tuple[str, str]]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    main(["lint", str(folder), "--no-cache", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [(one["policy"], one["message"]) for one in found if one["policy"] in about]


@pytest.mark.parametrize("mark", ["<name>", "%NAME%", "@@NAME@@", "__NAME__", "#{NAME}#", "[[ name ]]", "${NAME}"])
def test_a_mark_is_filled_in(mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: '{mark}'}}\nspec:\n  replicas: '{mark}'\n"
        f"  selector: {{matchLabels: {{app: web}}}}\n"
        f"  template:\n    metadata: {{labels: {{app: web, version: '{mark}'}}}}\n    spec:\n      containers:\n"
        f"      - name: '{mark}'\n        image: '{mark}'\n        ports: [{{containerPort: 80, name: '{mark}'}}]\n"
        f"        livenessProbe: {{httpGet: {{path: /, port: '{mark}-admin'}}}}\n"
        f"        resources: {{limits: {{memory: '{mark}'}}}}\n"
        f"---\napiVersion: v1\nkind: Service\nmetadata: {{name: '{mark}'}}\n"
        f"spec: {{selector: {{app: web}}, loadBalancerSourceRanges: ['{mark}/32'], ports: [{{port: 80, targetPort: '{mark}-web'}}]}}\n"
    )
    about = ("name-invalid", "label-invalid", "object-refused", "manifest-type", "probe-port-unknown")
    assert _found(tmp_path, capsys, {"a.yaml": text}, *about, "service-port-unknown", "image-latest") == []


@pytest.mark.parametrize("mark", ["APP_NAME", "__APP__", "DEPLOYMENTNAME"])
def test_a_word_in_capitals_is_a_mark_of_names(mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {mark}}}\nspec: {{containers: [{{name: {mark}, image: 'a:1'}}]}}\n"
    assert _found(tmp_path, capsys, {"a.yaml": text}, "name-invalid", "object-refused") == []


def test_a_word_in_capitals_is_no_mark_of_words_of_the_api(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: myApp}\nspec: {containers: [{name: a, image: b, imagePullPolicy: IF_NOT_PRESENT}]}\n"
    assert len(_found(tmp_path, capsys, {"a.yaml": text}, "name-invalid", "manifest-value")) == 2


def test_an_image_may_have_underscores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'shop__web__api:latest'}]}\n"
    assert len(_found(tmp_path, capsys, {"a.yaml": text}, "image-latest")) == 1


@pytest.mark.parametrize("nothing", ["<no value>", "<nil>", "<none>", "%!s(<nil>)"])
def test_what_is_printed_of_a_missing_value_is_no_mark(
    nothing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: 'a-{nothing}', labels: {{a: '{nothing}'}}}}\n"
        f"spec: {{hostNetwork: '{nothing}', containers: [{{name: a, image: 'b:1', ports: [{{containerPort: 80, name: '{nothing}'}}]}}]}}\n"
    )
    about = ("name-invalid", "label-invalid", "manifest-type", "object-refused")
    assert {one for one, _ in _found(tmp_path, capsys, {"a.yaml": text}, *about)} == set(about)


_APPLICATION = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: front, namespace: argocd}\n"
    "spec: {source: {chart: traefik, repoURL: 'https://a.example.com'}}\n"
)
_OF_FLUX = (
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: front}\n"
    "spec: {chart: {spec: {chart: traefik}}}\n"
)
_OF_K3S = "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {name: front}\nspec: {chart: stable/traefik}\n"


@pytest.mark.parametrize(
    "files",
    [
        {"b.yaml": _APPLICATION},
        {"b.yaml": _OF_FLUX},
        {"b.yaml": _OF_K3S},
        {"kustomization.yaml": "resources: [a.yaml]\nhelmCharts: [{name: traefik, releaseName: front}]\n"},
    ],
)
def test_a_chart_from_elsewhere_makes_the_pods(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = ("service-selects-nothing", "ingress-backend-missing")
    service = _SERVICE % ("", "app.kubernetes.io/name: traefik")
    text = "---\n".join((_WEB % "", service, _INGRESS % ("a", "traefik-web")))
    assert _found(tmp_path, capsys, {"a.yaml": text, **files}, *about) == []
    assert len(_found(tmp_path, capsys, dict.fromkeys(files, "{}\n"), *about)) == 2


def test_a_folder_that_is_deployed_may_be_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    application = _APPLICATION.replace("name: front", "name: traefik").replace("chart: traefik", "path: traefik")
    text = _WEB % "" + "---\n" + _SERVICE % ("", "app: traefik")
    files = {"a.yaml": text, "b.yaml": application}
    assert len(_found(tmp_path, capsys, files, "service-selects-nothing")) == 1


def test_an_absent_dependency_makes_the_pods(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chart = "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: redis, version: 1.0.0, repository: 'https://a.example.com'}]\n"
    text = "---\n".join((_WEB % "", _SERVICE % ("", "app.kubernetes.io/name: %s"), _INGRESS % ("a", "release-redis")))
    about = ("service-selects-nothing", "ingress-backend-missing")
    assert _found(tmp_path, capsys, {"Chart.yaml": chart, "templates/a.yaml": text % "redis"}, *about) == []
    wrong = _found(tmp_path, capsys, {"templates/a.yaml": text % "postgres"}, *about)
    assert [one[0] for one in wrong] == ["service-selects-nothing"]


@pytest.mark.parametrize(
    ("space", "label", "found"),
    [
        (", namespace: kube-system", "k8s-app: kube-dns", 0),
        (", namespace: kube-system", "app: kube-dns", 0),
        (", namespace: kube-system", "k8s-app: dns", 1),
        ("", "component: etcd", 0),
        ("", "app: etcd", 1),
        (", namespace: shop", "component: etcd", 1),
    ],
)
def test_every_cluster_runs_its_own_pods(
    space: str, label: str, found: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = _WEB % space + "---\n" + _SERVICE % (space, label)
    assert len(_found(tmp_path, capsys, {"a.yaml": text}, "service-selects-nothing")) == found


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        ("autoscaled-twice", _SCALER),
        ("duplicate-node-port", _NODE_PORT),
        ("duplicate-host", _INGRESS.replace("name: %s, port", "name: a, port")),
    ],
)
def test_copies_for_other_clusters(policy: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Folders that have the same workload are not deployed together; what one of them has twice is wrong."""
    copies = {"dev/a.yaml": _WEB % "" + "---\n" + text % "one", "prod/a.yaml": _WEB % "" + "---\n" + text % "two"}
    assert _found(tmp_path, capsys, copies, policy) == []
    beside = {"prod/a.yaml": _WEB.replace("web%s}", "other}") + "---\n" + text % "two"}
    assert len(_found(tmp_path, capsys, beside, policy)) == 1
    inside = {"prod/a.yaml": _WEB % "" + "---\n" + text % "two", "prod/more/b.yaml": text % "three"}
    assert len(_found(tmp_path, capsys, inside, policy)) == 1


def test_a_patch_names_ports_by_their_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: "
    patch = head + "{ports: [{port: 80, nodePort: 30080}, {port: 81, nodePort: 30081}]}\n"
    moved = head + "{ports: [{port: 80, $patch: delete}, {port: 80, name: web, targetPort: 8080}]}\n"
    assert _found(tmp_path, capsys, {"a.yaml": patch, "b.yaml": moved}, "object-refused") == []
    whole = head + "{selector: {app: a}, ports: [{port: 80}, {port: 81}]}\n"
    assert len(_found(tmp_path, capsys, {"a.yaml": whole}, "object-refused")) == 2


def test_what_sops_notes_is_no_key_of_a_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: 'ENC[AES256_GCM,data:a,type:str]'}\nsops: {%s}\n"
    )
    about = ("manifest-key-unknown", "object-refused")
    assert _found(tmp_path, capsys, {"a.yaml": secret % "mac: a, version: 3.7.3"}, *about) == []
    assert len(_found(tmp_path, capsys, {"a.yaml": secret % "a: b"}, *about)) == 1


def test_the_old_name_of_a_field_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b, env: [{name: A, valueFrom: {fieldRef: {fieldPath: spec.%s}}}]}]}\n"
    assert _found(tmp_path, capsys, {"a.yaml": pod % "host"}, "object-refused") == []
    assert len(_found(tmp_path, capsys, {"a.yaml": pod % "hosts"}, "object-refused")) == 1
