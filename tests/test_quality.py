"""The house is tidy: ruff and mypy find nothing, commits carry no machine's paths, data stays small."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DATA = ROOT / "hooks" / "kubenotes" / "kubernetes"
TEXT = {".py", ".md", ".yml", ".yaml", ".toml", ".txt", ".in", ".json", ".js", ".css", ".svg", ".go", ""}


@pytest.mark.parametrize("command", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join)
def test_tools_find_nothing(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_library_imports_nothing_from_mkdocs_and_never_prints() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "hooks" / "kubenotes").rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if re.match(r"\s*(?:import|from) (?:mkdocs|subprocess|socket|urllib\.request|http)\b|\s*print\(", line)
    ]
    assert wrong == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for folder in ("hooks", "scripts", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if not path.read_text("utf-8").startswith(('"""', "#!"))
    ]
    assert silent == []


def test_doors_are_thin() -> None:
    long = {
        path.name: lines
        for path in (ROOT / "hooks").glob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > 100
    }
    assert long == {}


def test_data_carries_its_version_and_source_and_stays_under_3_mb() -> None:
    files = sorted(DATA.rglob("*.json"))
    assert sum(path.stat().st_size for path in files) < 3_000_000
    for path in files:
        data = json.loads(path.read_text("utf-8"))
        assert data["version"], path
        assert data["source"], path


def test_nothing_of_a_machine_or_a_registry_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout: there is no list of committed files")
    wrong = re.compile(
        r"/work/(?:main|shared)|/tmp/(?:truth|site)/|"
        + "pypi"
        + r"\.org|registry\.npm"
        + r"js|proxy\.gol"
        + r"ang|deb\.deb"
        + "ian"
    )
    found = []
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        if name and path.is_file() and path.suffix in TEXT:
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if wrong.search(line):
                    found.append(f"{name}:{number}: {line.strip()[:80]}")
    assert found == []
