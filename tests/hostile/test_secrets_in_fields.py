"""A secret in every field of the language that holds text: what is said of it, in all forms, and what is kept, show none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hostile.canaries import canary, kept, seen, token
from hostile.test_secrets_everywhere import ran
from model.test_every_field import FILES
from model.test_injection import LEAVES, spec_with
from svc.cli.reporting import FORMATS

EVERY = int(os.environ.get("SVC_FIELDS", "9"))
"""One field of so many is tried; 1 means all of them, for half a minute."""
TEXTS = (token("field"), f"postgres://shop:{canary('furl')}@db/shop", f"--password={canary('farg')}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "spec"
    for name, text in FILES.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text, "utf-8")
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.chdir(made)
    monkeypatch.setenv("SVC_CACHE_DIR", str(tmp_path / "cache"))
    return made


def test_the_fields_are_those_of_the_model() -> None:
    assert len(LEAVES) > 300


@pytest.mark.parametrize("first", range(3))
def test_no_field_shows_one(first: int, folder: Path) -> None:
    wrong = []
    for number, leaf in list(enumerate(LEAVES))[first * EVERY :: 3 * EVERY]:
        text = TEXTS[number % len(TEXTS)]
        (folder / "service.yaml").write_text(spec_with(leaf, text))
        done = ran("lint", "--format", FORMATS[number % len(FORMATS)], "service.yaml")
        assert done.code in (0, 1, 2), (leaf.name, done.err)
        wrong += [f"{leaf.name}: {one}" for one in seen(done.out + done.err)]
    wrong += [f"the cache: {one}" for text in kept(folder.parent / "cache") for one in seen(text)]
    assert not wrong, "\n".join(wrong[:20])
