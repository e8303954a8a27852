"""What tests of the command begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from first_specs import entered


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, called `shop`, in which the process works; several modules have another one."""
    return entered(tmp_path, monkeypatch, "shop")
