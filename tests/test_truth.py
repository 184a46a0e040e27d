"""What the real programs said of the notes: recorded by scripts/refresh/truth.py, and without a difference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kubenotes.project import open_project

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("minor", open_project(ROOT).versions)
def test_real_programs_agree_with_the_checks(minor: str) -> None:
    seen = json.loads((ROOT / "tests" / "truth" / f"notes-{minor}.json").read_text("utf-8"))
    for judged in (seen["manifests"], seen["commands"]):
        assert judged["differences"] == []
    assert seen["manifests"]["judged"] > 110
    assert seen["commands"]["judged"] > 500
