"""Patches are a part of what a kustomization makes: their images and names are asked where it is judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lint.kustomizations import tree
from svc.cli.main import main
from svc.kubernetes.patches import Laid, laid

CHOSEN = ("image-latest", "kustomization-matches-nothing")
WEB = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
"""
SIDE = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: %s}\nspec: {template: {spec: {containers: [{name: b, image: %s}]}}}\n"
ADDED = "[{op: add, path: /spec/template/spec/containers/-, value: {name: c, image: c/exporter}}]"
REPLACED = "[{op: replace, path: /spec/template/spec/containers/0/image, value: d}]"
PIN = "images: [{name: b/side, newTag: '1'}]"
RENAME = "images: [{name: b/side, newName: c/side}]"
NO_SIDE = [("kustomization.yaml", "no manifest here has the image `b/side`")]
LATEST = [("kustomization.yaml", "image `c/side` gets neither a tag nor a digest here")]


def _found(capsys: pytest.CaptureFixture[str], path: Path, *chosen: str) -> list[tuple[str, str]]:
    main(["lint", str(path), "--no-cache", *(word for one in chosen for word in ("--select", one)), "--format", "json"])
    said = json.loads(capsys.readouterr().out)["findings"]
    return [(Path(one["file"]).name, one["message"].partition(",")[0].partition(";")[0]) for one in said]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"patches: [{{path: side.yaml}}]\n{PIN}", []),
        (f"patchesStrategicMerge: [side.yaml]\n{PIN}", []),
        (f"patches: [{{path: side.yaml}}]\n{RENAME}", LATEST),
        (f"patches: [{{path: side.yaml}}]\n{RENAME[:-2]}, digest: 'sha256:{'0' * 64}'}}]", []),
        (f"patches: [{{path: none.yaml}}]\n{PIN}", NO_SIDE),
        (f"patches: [{{path: https://example.com/a.yaml}}]\n{PIN}", []),
        (f"patches: [{{path: more.json, target: {{kind: Deployment}}}}]\n{PIN}", NO_SIDE),
        ("patches: [{path: more.json, target: {kind: Deployment}}]\nimages: [{name: c/exporter, newTag: '1'}]", []),
        (
            f"patches: [{{target: {{kind: Deployment}}, patch: '{ADDED}'}}]\nimages: [{{name: c/exporter, newTag: a}}]",
            [],
        ),
        (
            f"patches: [{{target: {{kind: Deployment}}, patch: '{REPLACED}'}}]\nimages: [{{name: d, newTag: a}}]",
            [],
        ),
        ("components: [part]\nimages: [{name: redis, newTag: '7'}]\npatches: [{path: none.yaml}]", []),
        (f"resources: [web.yaml]\nreplacements: [{{path: a.yaml}}]\n{PIN}", []),
        (f"configurations: [a.yaml]\n{PIN}\nreplicas: [{{name: b, count: 2}}]", []),
    ],
)
def test_images_of_patches_are_known(
    text: str, expected: list[tuple[str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lists = text if "resources" in text else f"resources: [web.yaml]\n{text}"
    part = f"kind: Component\npatches:\n- patch: |-\n    {(SIDE % ('web', 'redis')).replace(chr(10), chr(10) + '    ')}"
    tree(tmp_path, kustomization_yaml=lists, web_yaml=WEB, part__kustomization_yaml=part)
    if "side.yaml" in text:
        tree(tmp_path, side_yaml=SIDE % ("web", "b/side"))
    (tmp_path / "none.yaml").write_text((SIDE % ("web", "''")).replace(", image: ''", ""))
    (tmp_path / "more.json").write_text(ADDED)
    assert _found(capsys, tmp_path, *CHOSEN) == expected


@pytest.mark.parametrize(
    "text",
    [
        "resources: [https://example.com/v1/a.yaml]\n",
        "helmCharts: [{name: a, version: 1.2.3}]\n",
        "kind: Component\nresources: [side.yaml]\n",
        "resources: [web.yaml]\n",
        "resources: [pod.yaml]\n",
    ],
)
def test_another_registry_is_no_fault_where_nobody_knows_the_version(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree(tmp_path, web_yaml=WEB, pod_yaml=WEB.replace("web:1", "b/side:1"), side_yaml=WEB.replace("web:1", "b/side"))
    tree(tmp_path, kustomization_yaml=text + RENAME)
    found = [one for one in _found(capsys, tmp_path, "image-latest") if one[0] == "kustomization.yaml"]
    assert found == []


def test_what_a_kustomization_is_silent_about_is_said_of_the_manifest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"resources: [side.yaml, https://example.com/v1/a.yaml]\n{RENAME}"
    tree(tmp_path, kustomization_yaml=text, side_yaml=WEB.replace("web:1", "b/side"))
    assert _found(capsys, tmp_path, "image-latest") == [("side.yaml", "container `web` runs `b/side`")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("patches: [{path: side.yaml}]", "no Deployment here is named `wbe`"),
        ("patches: [{path: side.yaml}]\nnamePrefix: a-", ""),
        ("patches: [{path: side.yaml, target: {kind: Deployment}}]", ""),
        ("patchesStrategicMerge: [side.yaml]", "no Deployment here is named `wbe`"),
        (
            "patchesJson6902: [{patch: '[]', target: {version: v1, kind: Service, name: wbe}}]",
            "no Service here is named `wbe`",
        ),
        ("patches: [{patch: '[]', target: {kind: Deployment|Service, name: wbe}}]", ""),
        ("patches: [{patch: '[]', target: {kind: Deployment, name: wbe}, options: {allowNameChange: true}}]", ""),
        ("kind: Component\npatches: [{path: side.yaml}]", ""),
        ("replicas: [{name: wbe, count: 2}]", "no workload here is named `wbe`"),
        ("replicas: [{name: a-web, count: 2}]\nnamePrefix: a-", ""),
    ],
)
def test_what_patches_are_for_is_there(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree(tmp_path, kustomization_yaml=f"resources: [web.yaml]\n{text}", web_yaml=WEB, side_yaml=SIDE % ("wbe", "b:1"))
    found = _found(capsys, tmp_path, "kustomization-matches-nothing")
    assert found == ([("kustomization.yaml", message)] if message else [])


@pytest.mark.parametrize("key", ["path: a.json", "path: gone.json"])
def test_operations_in_files_are_judged(key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "kustomization.yaml").write_text(f"patchesJson6902: [{{target: {{kind: Pod, name: a}}, {key}}}]\n")
    (tmp_path / "a.json").write_text('[{"op": "replce"}]')
    main(["lint", str(tmp_path / "kustomization.yaml"), "--format", "concise"])
    first = capsys.readouterr().out
    if key == "path: gone.json":
        assert "there is no `gone.json`" in first
        return
    assert "`a.json`: operation 1 of the patch has the `op` `replce`" in first
    assert "`a.json`: operation 1 of the patch has no `path`" in first
    (tmp_path / "a.json").write_text('[{"op": "remove", "path": "/a"}]')
    main(["lint", str(tmp_path / "kustomization.yaml"), "--format", "concise"])
    assert "kustomization-patch" not in capsys.readouterr().out


def test_nothing_that_a_patch_may_be_ends_the_run() -> None:
    assert laid("- {op: [x], path: {a: b}}\n- 3\n- {}") is not None
    assert laid("a: [") is None
    assert laid("") == laid("3") == Laid()
    found = laid(SIDE % ("web", "b:1"))
    assert found is not None
    assert (found.images, found.objects) == (("b:1",), (("Deployment", "web"),))


@pytest.mark.parametrize("made", ["patch.yaml", "|-\n  apiVersion: builtin\n  kind: PatchTransformer\n  path: a.yaml"])
def test_files_that_a_transformer_names_are_patches(
    made: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\n"
    tree(tmp_path, a_yaml=f"{head}spec: {{maxReplicas: 9}}\n", b_yaml=f"{head}spec: {{maxReplicas: 9}}\n")
    tree(tmp_path, kustomization_yaml=f"resources: [b.yaml]\ntransformers:\n- {made}\n")
    if made == "patch.yaml":
        text = "apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npath: a.yaml\n"
        tree(tmp_path, patch_yaml=text)
    assert _found(capsys, tmp_path, "manifest-key-missing") == [("b.yaml", "`spec` has no `scaleTargetRef`")]


OTHERS = """apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: a}
spec: {path: ./a}
---
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: {name: a}
"""


def test_a_kustomization_of_flux_and_a_component_of_dapr_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    over = "resources: [../base]\nimages: [{name: web, newTag: '1'}]\nreplicas: [{name: web, count: 2}]\n"
    base = {"base__web_yaml": WEB.replace("web:1", "web"), "base__zzz_yaml": OTHERS}
    tree(tmp_path, base__kustomization_yaml="resources: [web.yaml, zzz.yaml]\n", over__kustomization_yaml=over, **base)
    assert _found(capsys, tmp_path, *CHOSEN) == []
