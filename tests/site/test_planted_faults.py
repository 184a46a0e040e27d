"""Each kind of fault, planted alone in a small site, turns the strict build red at its file, line and column."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from kubenotes import mermaid

ROOT = Path(__file__).parents[2]
MANIFEST = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: b\n"

FAULTS = {
    "unknown flag": ("```bash\nkubectl get pods --all-namespace\n```\n", "6:18", "unknown-flag"),
    "unknown field": (f"```yaml\n{MANIFEST}      imagePullPolcy: Always\n```\n", "14:7", "unknown-field"),
    "duplicate key": (f"```yaml\n{MANIFEST}      image: c\n```\n", "14:7", "duplicate-key"),
    "bad quorum marker": ("글\n\n<!-- quorum: 0 -->\n", "7:14", "marker"),
    "broken mermaid": ("```mermaid\nflowchart TD\n  A --> B\n  B --> [\n```\n", "8:9", "diagram-syntax"),
    "dead internal link": ("가나 [링크](nope.md)\n", "5:4", "dead-link"),
    "missing image": ("가나 ![그림](nope.png)\n", "5:4", "missing-image"),
    "fine but marked as failing": ('```bash fails="x"\nkubectl get pods\n```\n', "5:1", "not-failing"),
    "unknown fact": ("<!-- fact: limits.nodez -->\n", "5:12", "marker"),
}


class Site:
    """A folder that is built strictly, with the project's own doors."""

    def __init__(self, root: Path, caplog: pytest.LogCaptureFixture) -> None:
        self.root, self._caplog = root, caplog
        (root / "docs" / "data").mkdir(parents=True)
        data = ROOT / "docs" / "data" / "limits.yml"
        (root / "docs" / "data" / "limits.yml").write_bytes(data.read_bytes())
        hooks = "\n".join(f"  - {ROOT / 'hooks' / name}.py" for name in ("note_checks", "note_directives"))
        (root / "mkdocs.yml").write_text(
            f"site_name: a\ntheme: mkdocs\nplugins: []\nhooks:\n{hooks}\n"
            'extra: {kubernetes: ["1.35", "1.37"]}\n'
            "markdown_extensions:\n  - pymdownx.superfences\n  - tables\n",
            encoding="utf-8",
        )

    def write(self, body: str) -> None:
        (self.root / "docs" / "index.md").write_text(f"---\ntitle: 가\n---\n\n{body}", encoding="utf-8")

    def build(self) -> str:
        config = load_config(str(self.root / "mkdocs.yml"), strict=True, site_dir=str(self.root / "site"))
        build(config)
        return (self.root / "site" / "index.html").read_text("utf-8")

    def messages(self, text: str) -> list[str]:
        return [message for record in self._caplog.records if text in (message := record.getMessage())]

    def warnings(self) -> list[str]:
        return [record.getMessage() for record in self._caplog.records if record.levelno >= logging.WARNING]


@pytest.fixture
def site(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Site]:
    caplog.set_level(logging.INFO, "mkdocs")
    yield Site(tmp_path, caplog)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_turns_the_build_red(site: Site, fault: str) -> None:
    body, place, code = FAULTS[fault]
    site.write(body)
    with pytest.raises(Abort):
        site.build()
    ours = [message for message in site.warnings() if "docs/index.md:" in message]
    assert len(ours) == 1, ours
    assert f"docs/index.md:{place}: {code} " in ours[0]


def test_a_right_note_builds_and_the_checks_are_counted(site: Site) -> None:
    site.write(
        f"<!-- quorum: 3 -->\n\n노드는 <!-- fact: limits.nodes -->개.\n\n```yaml\n{MANIFEST}```\n\n"
        '```bash fails="--foo"\nkubectl get pods --foo\n```\n'
    )
    html = site.build()
    assert site.warnings() == []
    assert '<td style="text-align: right;">3</td>' in html
    assert "5,000개" in html
    assert not re.search(r"<!--\s*(?:quorum|facts?)", html)
    assert "fails=" not in html
    assert "실패하는 예" in html
    summary = [
        record.getMessage() for record in site._caplog.records if "checked for Kubernetes" in record.getMessage()
    ]
    assert len(summary) == 1
    assert "1 notes, 2 snippets, 1 commands, 1 manifests" in summary[0]


def test_a_marker_inside_a_fence_stays(site: Site) -> None:
    site.write("```text\n<!-- quorum: 0 -->\n```\n\n`<!-- quorum: 0 -->`\n")
    html = site.build()
    assert html.count("&lt;!-- quorum: 0 --&gt;") == 2


def test_an_unknown_version_stops_the_build_with_a_sentence(site: Site) -> None:
    config = site.root / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace('"1.37"', '"1.99"'), "utf-8")
    site.write("```bash\nkubectl get pods\n```\n")
    with pytest.raises(Abort):
        site.build()
    assert re.search(r"no data for Kubernetes '1\.99'; known: .*1\.35", site.warnings()[-1])


def test_a_broken_facts_file_stops_the_build_with_a_sentence(site: Site) -> None:
    (site.root / "docs" / "data" / "limits.yml").write_text("columns: [", "utf-8")
    site.write("글\n")
    with pytest.raises(Abort):
        site.build()
    assert "docs/data/limits.yml cannot be read" in site.warnings()[-1]


def test_another_mermaid_stops_the_build_with_a_sentence(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    mermaid.library.cache_clear()
    monkeypatch.setattr(mermaid, "SHA256", "0" * 64)
    site.write("```mermaid\nflowchart TD\n  A --> B\n```\n")
    with pytest.raises(Abort):
        site.build()
    assert "docs/index.md: its diagrams cannot be checked: mermaid.js has checksum 74d7c46d" in site.warnings()[-1]
    mermaid.library.cache_clear()
