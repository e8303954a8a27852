"""What Kustomize makes of the images of manifests is judged where a kustomization says it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lint.kustomizations import tree
from svc.cli.main import main
from svc.lint.collect import collect

CHOSEN = ("image-latest", "image-not-pinned", "kustomized-image-not-pinned")
DIGEST = "sha256:" + "0" * 64
POD = "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: a\n    image: {image}\n"


def _found(capsys: pytest.CaptureFixture[str], *paths: Path) -> list[tuple[str, int, str]]:
    chosen = [word for one in CHOSEN for word in ("--select", one)]
    main(["lint", *map(str, paths), "--no-cache", *chosen, "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return [("/".join(Path(one["file"]).parts[-2:]), one["line"], one["policy"]) for one in found]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("newTag: latest", [(4, "image-latest")]),
        ("newName: b/web\n  newTag: latest", [(5, "image-latest")]),
        ("newTag: 1.2.3", [(4, "kustomized-image-not-pinned")]),
        ("newTag: '1.2.3'\n  digest: " + DIGEST, []),
        ("digest: " + DIGEST, []),
        ("newName: b/web", [(4, "image-latest")]),
        ("newTag: ${TAG}", []),
        ("newTag: ''", [(3, "image-latest")]),
    ],
)
def test_a_kustomization_is_judged_by_its_own_lines(
    entry: str, expected: list[tuple[int, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"resources: [pod.yaml]\nimages:\n- name: web\n  {entry}\n"
    tree(tmp_path / "k", kustomization_yaml=text, pod_yaml=POD.format(image="web"))
    file = tmp_path / "k" / "kustomization.yaml"
    found = [(line, id_) for name, line, id_ in _found(capsys, file) if name == "k/kustomization.yaml"]
    assert found == expected


@pytest.mark.parametrize("whole", [True, False])
def test_what_a_kustomization_pins_is_pinned(whole: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"resources: [pod.yaml]\nimages:\n- name: web\n  newTag: '1'\n  digest: {DIGEST}\n"
    tree(tmp_path / "k", kustomization_yaml=text, pod_yaml=POD.format(image="web"))
    assert _found(capsys, tmp_path / "k" if whole else tmp_path / "k" / "pod.yaml") == []


def test_an_image_of_another_name_is_judged_as_it_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"resources: [pod.yaml]\nimages:\n- name: web\n  digest: {DIGEST}\n"
    tree(tmp_path / "k", kustomization_yaml=text, pod_yaml=POD.format(image="b/web"))
    assert _found(capsys, tmp_path / "k") == [("k/pod.yaml", 7, "image-latest")]


def test_overlays_pin_what_their_bases_have(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree(
        tmp_path,
        base__kustomization_yaml="resources: [pod.yaml]\n",
        base__pod_yaml=POD.format(image="web"),
        live__kustomization_yaml=f"resources: [../base]\nimages:\n- name: web\n  digest: {DIGEST}\n",
        other__pod_yaml=POD.format(image="web"),
    )
    assert _found(capsys, tmp_path) == [("other/pod.yaml", 7, "image-latest")]


def test_another_registry_keeps_the_tag_of_the_manifests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "resources: [pod.yaml]\nimages:\n- name: web\n  newName: b/web\n"
    tree(tmp_path / "k", kustomization_yaml=text, pod_yaml=POD.format(image=f"web@{DIGEST}"))
    assert _found(capsys, tmp_path / "k" / "kustomization.yaml") == []
    tree(tmp_path / "k", pod_yaml=POD.format(image="web:1"))
    assert _found(capsys, tmp_path / "k") == [("k/pod.yaml", 7, "image-not-pinned")]


def test_an_overlay_may_pin_an_image_by_its_new_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree(
        tmp_path,
        base__kustomization_yaml="resources: [pod.yaml]\nimages:\n- name: web\n  newName: b/web\n",
        base__pod_yaml=POD.format(image="web"),
        live__kustomization_yaml=f"resources: [../base]\nimages:\n- name: b/web\n  digest: {DIGEST}\n",
    )
    assert _found(capsys, tmp_path) == []


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("images: [{name: wbe, newTag: '1'}]", "no manifest here has the image `wbe`; did you mean `web`?"),
        ("replicas: [{name: bb, count: 2}]", "no workload here is named `bb`"),
        ("patches: [{target: {kind: Pod, name: zz}, patch: '[]'}]", "no Pod here is named `zz`"),
        ("images: [{name: web, newTag: '1'}, {name: b/web, newTag: '2'}]", ""),
        (
            "patches: [{target: {kind: Pod, name: a.*}, patch: '[]'}, {target: {kind: ConfigMap, name: c}, patch: '[]'}]",
            "",
        ),
        ("images: [{name: wbe, newTag: '1'}]\nhelmCharts: [{name: a}]", ""),
        ("images: [{name: wbe, newTag: '1'}]\ncomponents: [https://example.com/a?ref=v1]", ""),
    ],
)
def test_what_a_kustomization_changes_is_there(
    entry: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = "resources: [pod.yaml]\nimages: [{name: web, newName: b/web}]\nconfigMapGenerator: [{name: c}]\n"
    live = f"resources: [../base]\n{entry}\n"
    tree(tmp_path, base__kustomization_yaml=base, base__pod_yaml=POD.format(image="web"), live__kustomization_yaml=live)
    main(["lint", str(tmp_path), "--no-cache", "--select", "kustomization-matches-nothing", "--format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(Path(one["file"]).parent.name, one["message"]) for one in found] == (
        [("live", message)] if message else []
    )


def test_files_of_other_kinds_are_read_alone(tmp_path: Path) -> None:
    tree(tmp_path, kustomization_yaml="images: [{name: a, newTag: latest}]\n", pod_yaml=POD.format(image="web"))
    (tmp_path / "compose.yaml").write_text("services: {a: {image: b}}\n")
    assert collect([tmp_path / "compose.yaml"], lambda file: file.name).beside == set()
    assert collect([tmp_path / "pod.yaml"], lambda file: file.name).beside == {"kustomization.yaml"}
