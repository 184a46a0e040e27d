"""The set-up's failures: one line that says what to do, exit code 2, nothing half-made left behind."""

from __future__ import annotations

import ast
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))


def run(script: Path, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        env={**os.environ, "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project as a fresh clone has it, without an environment."""
    root = tmp_path / "kubenotes"
    root.mkdir()
    shutil.copytree(ROOT / "scripts", root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.txt", "requirements-test.txt", "mkdocs.yml"):
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.mark.parametrize("script", ["serve.py", "build.py", "check.py", "test.py"])
def test_a_failed_download_is_a_sentence_and_leaves_nothing(copy: Path, script: str) -> None:
    done = run(copy / "scripts" / script, env={"PIP_INDEX_URL": "http://127.0.0.1:9/simple"})
    assert done.returncode == 2
    assert "check the network connection" in done.stderr.splitlines()[-1]
    assert len(done.stderr.splitlines()) == 1
    assert not list(copy.glob(".venv*"))
    assert not list(copy.glob("site*"))


def test_a_failed_upgrade_leaves_the_old_environment(copy: Path) -> None:
    (copy / ".venv").mkdir()
    (copy / ".venv" / "old").write_text("old")
    done = run(copy / "scripts" / "build.py", env={"PIP_INDEX_URL": "http://127.0.0.1:9/simple"})
    assert done.returncode == 2
    assert (copy / ".venv" / "old").read_text() == "old"
    assert [path.name for path in copy.glob(".venv*")] == [".venv"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no read-only folders in this sense")
def test_a_read_only_folder_is_a_sentence(copy: Path) -> None:
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for parent in copy.parents:
        if parent.is_relative_to("/tmp") and parent != Path("/tmp"):
            parent.chmod(0o755)
    user = {"user": "nobody"} if os.geteuid() == 0 else {}
    done = subprocess.run(
        ["python3" if user else sys.executable, str(copy / "scripts" / "build.py")],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        **user,  # type: ignore[call-overload]
    )
    if user and done.returncode == 127:
        pytest.skip("no python3 that an ordinary user may run")
    assert "Traceback" not in done.stderr
    assert done.returncode in (1, 2)
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert not list(copy.glob(".venv*"))


def test_a_port_in_use_is_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(ROOT / "scripts" / "serve.py", "--port", str(port))
    assert done.returncode == 2
    assert f"cannot serve on 127.0.0.1:{port}" in done.stderr
    assert f"--port {port + 1}" in done.stderr


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_an_impossible_port_is_a_sentence(port: str) -> None:
    done = run(ROOT / "scripts" / "serve.py", "--port", port)
    assert done.returncode == 2
    assert "port" in done.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_an_old_python_can_read_the_scripts(script: Path) -> None:
    ast.parse(script.read_text("utf-8"), feature_version=(3, 8))


def test_an_old_python_gets_a_sentence() -> None:
    program = (
        "import sys; sys.version_info = (3, 9, 1); sys.argv = ['serve.py'];"
        f"sys.path.insert(0, {str(ROOT / 'scripts')!r}); import serve"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("kubenotes needs Python 3.11 or newer, this is 3.9: install one")


def test_serve_serves_the_notes() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "scripts" / "serve.py"), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        page = _fetch(f"http://127.0.0.1:{port}/kubenotes/etcd/quorum/", server)
    finally:
        if os.name == "nt":
            server.terminate()
        else:
            os.killpg(server.pid, 2)
        output = server.communicate(timeout=30)[0]
    assert "쿼럼" in page
    assert "Traceback" not in output


def _fetch(url: str, server: subprocess.Popen[str]) -> str:
    until = time.monotonic() + 90
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                page: str = answer.read().decode("utf-8")
                return page
        except OSError:
            time.sleep(0.2)
    server.kill()
    raise AssertionError(f"nothing was served: {server.communicate()[0]}")
