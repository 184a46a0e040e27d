"""scripts/build.py as a user calls it: a whole site or the old one, and what the checks took."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_build_writes_the_site_and_says_what_the_checks_took() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "build.py")],
        env={**os.environ, "SITE_URL": "https://example.org/kubenotes/", "REPOSITORY_URL": "https://github.com/a/b"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "Traceback" not in output
    assert not re.search(r"^(?:WARNING|ERROR)", output, re.MULTILINE)
    checked = re.search(r"(\d+) notes, .* checked for Kubernetes 1\.35 and 1\.37 in ([\d.]+) s: no problem", output)
    assert checked
    assert int(checked[1]) > 24
    page = (ROOT / "site" / "etcd" / "quorum" / "index.html").read_text("utf-8")
    assert 'href="https://github.com/a/b/edit/main/docs/etcd/quorum.md"' in page
    assert "/kubenotes/assets/" in (ROOT / "site" / "404.html").read_text("utf-8")
    assert not (ROOT / "site.new").exists()


def test_the_built_site_asks_nobody_else_for_anything() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in (ROOT / "site").rglob("*.html")
        for match in re.finditer(
            r'<(?:script|img|iframe)[^>]+src="https?:[^"]+"|<link[^>]+rel="stylesheet"[^>]+href="https?:[^"]+"',
            path.read_text("utf-8"),
        )
    ]
    assert wrong == []


def test_only_pages_with_a_diagram_hold_one_and_no_marker_survives() -> None:
    for path in (ROOT / "site").rglob("*.html"):
        html = path.read_text("utf-8")
        assert "<!-- quorum" not in html
        assert "<!-- fact" not in html
        assert "unpkg.com" not in html
        assert not re.search(r"<script[^>]+mermaid\.min\.js", html)
