"""The hooks that serve the reader fail a strict build when what they serve would silently be missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """\
site_name: 시험
theme: {{name: {theme}}}
plugins: [search]
hooks: [{hooks}/mermaid_library.py, {hooks}/korean_search.py]
markdown_extensions:
  - pymdownx.superfences{fences}
"""
FENCES = """:
      custom_fences:
        - {name: mermaid, class: mermaid, format: !!python/name:pymdownx.superfences.fence_code_format }
"""
NOTE = "# 쿼럼\n\n```mermaid\nflowchart TD\n    a --> b\n```\n\n- 목록\n\n    ```mermaid\n    flowchart TD\n    ```\n"


def build(folder: Path, *, theme: str = "material", fences: str = FENCES) -> tuple[int, str]:
    """Build a site of one note; the exit code and what was said."""
    (folder / "docs/data").mkdir(parents=True)
    (folder / "docs/index.md").write_text(NOTE, "utf-8")
    (folder / "docs/data/glossary.yml").write_bytes((ROOT / "docs/data/glossary.yml").read_bytes())
    config = CONFIG.format(theme=theme, hooks=(ROOT / "hooks").as_posix(), fences=fences)
    (folder / "mkdocs.yml").write_text(config, "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return run.returncode, run.stderr


def test_a_sound_site_is_built(tmp_path: Path) -> None:
    code, said = build(tmp_path)
    assert code == 0, said
    assert (tmp_path / "site/assets/javascripts/mermaid.min.js").stat().st_size > 1_000_000
    index = (tmp_path / "site/search/search_index.json").read_text("utf-8")
    assert "정족수" in index
    assert not (tmp_path / "docs/assets").exists()


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"fences": ""}, "mermaid_library: index.md: 2 mermaid fences, but 0 diagrams on the page"),
        ({"theme": "mkdocs"}, "korean_search: index.md: its settings name no search worker"),
    ],
    ids=["no diagrams", "no worker"],
)
def test_what_would_be_missing_fails_the_build(fault: dict[str, str], says: str, tmp_path: Path) -> None:
    code, said = build(tmp_path, **fault)
    assert code != 0
    assert says in said
