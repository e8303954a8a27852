"""Walking folders: links that lead nowhere, or round in a circle, are no reason to stop."""

from __future__ import annotations

from pathlib import Path

from svc.folders import below, given, matching


def test_links_in_a_circle_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.yaml").touch()
    (tmp_path / "a" / "again").symlink_to("again")
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    (tmp_path / "gone.yaml").symlink_to("nowhere")
    found = [Path(one.path).name for one in below(tmp_path, lambda _: True) if one.is_file()]
    assert found == ["x.yaml"]
    assert [one.name for one in matching(tmp_path, "**/*.yaml", lambda _: True)] == ["x.yaml"]


def test_what_svc_puts_beside_a_spec_is_not_seen(tmp_path: Path) -> None:
    for name in ("Dockerfile", "compose.yaml", "app.py", ".values.yaml.abcdefgh.svc"):
        (tmp_path / name).touch()
    for name in ("chart", "terraform", "src"):
        (tmp_path / name).mkdir()
    assert given(str(tmp_path), "name: a\n") == {"app.py", "src"}
    assert given(str(tmp_path), "files: [chart]\n") == {"app.py", "src", "chart"}
    (tmp_path / "terraform" / "go.mod").touch()
    assert given(str(tmp_path), "name: a\n") == {"app.py", "src", "terraform"}
