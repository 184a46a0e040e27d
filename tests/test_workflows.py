"""The workflows are what GitHub takes, by actionlint; and as careful as we say they are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"


@pytest.fixture(scope="session")
def actionlint() -> Path:
    """The real actionlint, built once from its Go module with the machine's Go or the pinned wheel's."""
    folder = ROOT / ".cache" / "actionlint-1.7.12"
    program = folder / ("actionlint.exe" if os.name == "nt" else "actionlint")
    if not program.exists():
        environment = {**os.environ, "GOBIN": str(folder), "GOFLAGS": ""}
        subprocess.run([_go(), "install", ACTIONLINT], env=environment, check=True, capture_output=True, timeout=300)
    return program


def _go() -> str:
    if found := shutil.which("go"):
        return found
    lock = ROOT / "requirements-go.txt"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", str(lock)]
    subprocess.run(install, check=True, capture_output=True)
    return str(Path(sys.executable).with_name("go"))


def lint(program: Path, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(program), "-no-color", str(path)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actionlint_finds_nothing(actionlint: Path, workflow: Path) -> None:
    done = lint(actionlint, workflow)
    assert (done.returncode, done.stdout) == (0, "")


def test_actionlint_finds_a_planted_fault(actionlint: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text((ROOT / ".github/workflows/ci.yml").read_text("utf-8").replace("runs-on:", "run-on:"), "utf-8")
    assert lint(actionlint, broken).returncode == 1


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_hash_and_rights_are_least(workflow: Path) -> None:
    text = workflow.read_text("utf-8")
    uses = re.findall(r"uses: (\S+)(.*)", text)
    assert uses
    for action, comment in uses:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), "the hash's version stands beside it"
    data = yaml.safe_load(text)
    assert data["permissions"] == {"contents": "read"}
    assert data["concurrency"]["group"]
    granted = {name: job.get("permissions", {}) for name, job in data["jobs"].items()}
    writes = {name for name, rights in granted.items() if "write" in rights.values()}
    assert writes <= {"deploy"}
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")


def test_ci_runs_the_command_of_the_readme() -> None:
    assert "exec python3 scripts/test.py\n" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert "python3 scripts/test.py" in (ROOT / "README.md").read_text("utf-8")
