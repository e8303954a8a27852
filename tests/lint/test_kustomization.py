"""Kustomize's files are known by their name where they do not say what they are, and nothing else is guessed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from svc.cli.exits import Exit
from svc.cli.main import main
from svc.kubernetes.kustomize import GROUP, whole

SECRET = "secretGenerator:\n- name: db\n  literals: [password=hunter2hunter2]\n"


@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
@pytest.mark.parametrize(
    "head", ["", "kind: Kustomization\n", f"apiVersion: {GROUP}/v1beta1\n", "kind: Component\n", "kind: null\n"]
)
def test_it_is_judged_whatever_it_says_of_itself(
    name: str, head: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(f"{head}{SECRET}imagess: []\n")
    main(["lint", str(tmp_path), "--no-cache", "--profile", "strict", "--format", "concise"])
    out = capsys.readouterr().out
    assert all(one in out for one in ("secret-values-in-manifest", "has no key `imagess`; did you mean `images`?")), out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("commonLabels: {a: 1}\n", "`1` is not of type string"),
        ("resources: a.yaml\n", "is not of type array"),
        ("patches: [a.yaml]\n", "is not of type object"),
        ("ressources: []\n", "did you mean `resources`?"),
        ("labels: [{pairs: {a: b}, includeSelector: true}]\n", "did you mean `includeSelectors`?"),
        ("replacements: [{source: {kind: Pod}, target: []}]\n", "did you mean `targets`?"),
        ("helmCharts: [{name: a, repoo: b}]\n", "did you mean `repo`?"),
        ("helmCharts: [{name: a, includeCRDs: true, valuesInline: {a: b}, apiVersions: [v1]}]\n", ""),
        ("images: [{name: a, newTags: b}]\n", "an entry of `images` has no key `newTags`; did you mean `newTag`?"),
        ("replicas: [{name: a, count: many}]\n", "is not of type integer"),
        ("patches: [{patch: '', target: {knd: Deployment}}]\n", "`target` has no key `knd`; did you mean `kind`?"),
        (
            "images: [{Name: a, newtag: b}]\nconfigMapGenerator: [{name: a, literals: [a=b], options: {labels: {a: b}}}]\n",
            "",
        ),
        ("namespace: ${NAMESPACE}\nNamePrefix: a-\nresources: null\nopenapi: {path: a.json}\n", ""),
        ("helmCharts: [{name: a, repo: b}]\nreplicas: [{name: a, count: 2}]\nbuildMetadata: [originAnnotations]\n", ""),
    ],
)
def test_what_kustomize_would_refuse_is_said(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kustomization.yaml"
    file.write_text(text)
    assert main(["lint", str(file), "--no-cache", "--format", "concise"]) == (Exit.INVALID if message else Exit.CLEAN)
    assert message in capsys.readouterr().out


def test_an_object_of_another_group_is_its_own(tmp_path: Path) -> None:
    """Flux has a kind of that name, and files of that name may hold it."""
    file = tmp_path / "kustomization.yaml"
    file.write_text("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec: {}\n")
    assert main(["lint", str(file), "--no-cache"]) == Exit.CLEAN


def test_other_files_are_as_they_were() -> None:
    assert whole({"resources": []}, Path("a.yaml")) == {"resources": []}
    assert whole({"kind": "Pod"}, Path("kustomization.yaml")) == {"kind": "Pod"}


@pytest.mark.parametrize(("name", "text"), [(".env", "PASSWORD=a\n"), ("devcontainer.json", '{"image": "a"}\n')])
def test_files_that_are_nobodys_manifest_are_not_judged(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    assert main(["lint", str(tmp_path), "--no-cache"]) == Exit.CLEAN
    assert main(["lint", str(tmp_path / name), "--no-cache"]) != Exit.CLEAN


def test_files_that_are_not_there_end_the_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("live", "base", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "base" / "kustomization.yaml").write_text("resources: []\n")
    (tmp_path / "live" / "patch.yaml").write_text("")
    remote = [
        "https://example.com/a.yaml",
        "github.com/a/b?ref=v1",
        "github.com/a/b",
        "git@example.com:a/b",
        "'${BASE}'",
    ]
    text = [
        f"resources: [../base, ../bsae, ../empty, {', '.join(remote)}]",
        "patches: [{path: patch.yaml}, {path: ptch.yaml}, {patch: ''}]",
        "configMapGenerator: [{name: a, envs: [secret.env]}]",
    ]
    file = tmp_path / "live" / "kustomization.yaml"
    file.write_text("\n".join(text))
    for _ in ("fresh", "from the cache"):
        main(["lint", str(tmp_path), "--format", "concise"])
        said = [one.partition("] ")[2] for one in capsys.readouterr().out.splitlines() if "file-missing" in one]
        assert said == [
            "there is no `../bsae`; did you mean `base`?",
            "the folder `../empty` has no `kustomization.yaml`",
            "there is no `ptch.yaml`; did you mean `patch.yaml`?",
        ]
    (tmp_path / "bsae").mkdir()
    (tmp_path / "bsae" / "Kustomization").write_text("resources: []\n")
    (tmp_path / "live" / "ptch.yaml").write_text("")
    main(["lint", str(tmp_path), "--format", "concise"])
    assert capsys.readouterr().out.count("file-missing") == 1


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        ("[{op: ad, path: /a, value: 1}]", "operation 1 of the patch has the `op` `ad`, which is none of "),
        (
            "[{op: remove, path: /a}, {op: replace, path: /a}]",
            "operation 2 of the patch is `replace` and has no `value`",
        ),
        *(
            (f"[{{op: {verb}, path: /a, {other}: /b}}]", f"operation 1 of the patch is `{verb}` and has no `{needed}`")
            for verb, needed, other in (
                ("add", "value", "from"),
                ("replace", "value", "from"),
                ("test", "value", "from"),
                ("move", "from", "value"),
                ("copy", "from", "value"),
            )
        ),
        ("[{op: [x], path: /a}]", "operation 1 of the patch has the `op` `['x']`, which is none of "),
        ("[{path: /a}]", "operation 1 of the patch has no `op`: one of "),
        ("[{op: remove}]", "operation 1 of the patch has no `path`"),
        ("[{op: remove, path: spec/a}]", "the path `spec/a`, which does not begin with `/`"),
        ("[{op: add, path: /a, value: null}, {op: move, from: /a, path: /b}, {op: test, path: '', value: 1}]", ""),
        ("{metadata: {name: a}}", ""),
        ("[{op: $OP}]", ""),
    ],
)
def test_json_patches_that_are_written_out_are_judged(
    patch: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kustomization.yaml").write_text(f"patches:\n- target: {{kind: Pod}}\n  patch: |-\n    {patch}\n")
    main(["lint", str(tmp_path), "--no-cache", "--format", "concise"])
    out = capsys.readouterr().out
    assert message in out
    assert ("kustomization-patch" in out) == bool(message)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("", 1),
        ("secret.yaml", 0),
        ("/live/secret.yaml", 0),
        ("live/", 0),
        ("*.yaml", 0),
        ("#secret.yaml", 1),
        ("/secret.yaml", 1),
    ],
)
def test_files_that_git_ignores_may_be_elsewhere(
    pattern: str, said: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "live").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "live" / "kustomization.yaml").write_text("resources: [secret.yaml]\n")
    main(["lint", str(tmp_path / "live"), "--format", "concise"])
    assert capsys.readouterr().out.count("file-missing") == 1
    (tmp_path / ".gitignore").write_text(f"{pattern}\n")
    main(["lint", str(tmp_path / "live"), "--format", "concise"])
    assert capsys.readouterr().out.count("file-missing") == said


def test_a_list_for_git_that_is_a_pipe_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / ".gitignore")
    (tmp_path / "kustomization.yaml").write_text("resources: [secret.yaml]\n")
    main(["lint", str(tmp_path), "--no-cache", "--format", "concise"])
    assert capsys.readouterr().out.count("file-missing") == 1


def test_a_name_that_no_file_can_have_does_not_end_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = "a" * 5000
    (tmp_path / "kustomization.yaml").write_text(
        f"resources: [{long}, {long}/b]\npatches: [{{path: {long}}}]\nimages: [{{name: a, newName: b}}]\nimagess: []\n"
    )
    main(["lint", str(tmp_path / "kustomization.yaml"), "--no-cache", "--format", "concise"])
    out = capsys.readouterr().out
    assert (out.count("file-missing"), out.count("`imagess`"), "a" * 200 in out) == (3, 1, False)
