"""Make and find the project's own Python environment: what every script does first.

This file must parse on any Python 3, so that an old one gets a sentence and not a syntax error.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this line exists for the Pythons that are too old
    sys.exit(
        f"kubenotes needs Python 3.11 or newer, this is {sys.version_info[0]}.{sys.version_info[1]}: "
        "install one from python.org or your package manager and run the script with it"
    )

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "kubenotes.json"


def fail(message: str) -> NoReturn:
    """End with one line on stderr and exit code 2: it could not be done."""
    print(message, file=sys.stderr)
    raise SystemExit(2)


def python() -> Path:
    """The environment's interpreter, whether it exists yet or not."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def inside() -> bool:
    """Whether this very process runs in the project's environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def ensure(requirements: str = "requirements.txt") -> Path:
    """Make the environment if it is not there or not what the lock file says; returns its interpreter.

    A failure leaves what was there before: the old environment, or none.
    """
    lock = ROOT / requirements
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    have = _stamp()
    if have.get(requirements) == wanted and have.get("python") == sys.version and python().exists():
        return python()
    print(f"Setting up {VENV.name} from {requirements} (once, a minute or less) …", flush=True)
    aside = VENV.with_name(".venv.before")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        if VENV.exists():
            VENV.rename(aside)
        _build(lock)
        STAMP.write_text(json.dumps({**_pins(wanted, requirements), "python": sys.version}))
    except (OSError, _Failed, KeyboardInterrupt) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        if aside.exists():
            aside.rename(VENV)
        if isinstance(error, KeyboardInterrupt):
            fail("interrupted; nothing was changed")
        if isinstance(error, OSError):
            fail(f"cannot write to {ROOT}: {error.strerror or error}; give yourself write access or copy the project")
        fail(str(error))
    shutil.rmtree(aside, ignore_errors=True)
    return python()


def run(
    *arguments: str,
    requirements: str = "requirements.txt",
    folder: Path = ROOT,
    env: dict[str, str] | None = None,
) -> int:
    """Run the environment's Python with these arguments, in the project's folder; returns the exit code."""
    command = [str(ensure(requirements)), *arguments]
    try:
        done = subprocess.run(command, cwd=folder, env={**os.environ, **settings(), **(env or {})}, check=False)
    except KeyboardInterrupt:
        return 130
    return done.returncode


def settings() -> dict[str, str]:
    """Environment variables that every build needs."""
    variables = {
        "PYTHONUTF8": "1",  # Korean text on a Windows console
        "NO_MKDOCS_2_WARNING": "1",  # Material's notice to people who choose a generator today
        "PYTHONPATH": str(ROOT / "hooks"),
    }
    if url := os.environ.get("REPOSITORY_URL") or _repository():
        variables |= {"REPOSITORY_URL": url, "EDIT_URI": "edit/main/docs/"}
    return variables


class _Failed(Exception):
    """A step of the set-up failed; the message says what to do."""


def _stamp() -> dict[str, str]:
    try:
        data = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _pins(wanted: str, requirements: str) -> dict[str, str]:
    stamps = {requirements: wanted}
    if requirements == "requirements-test.txt":  # a superset of requirements.txt, at the same versions
        stamps["requirements.txt"] = hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
    return stamps


def _build(lock: Path) -> None:
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode:
        if "ensurepip" in made.stdout + made.stderr:
            version = f"{sys.version_info[0]}.{sys.version_info[1]}"
            raise _Failed(
                f"this Python cannot make environments: install its venv package (apt install python{version}-venv)"
            )
        reason = _last_line(made.stdout + made.stderr)
        raise _Failed(f"cannot make {VENV}: {reason}")
    install = [
        *(str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--require-hashes", "--only-binary", ":all:", "--requirement", str(lock)),
    ]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        raise _Failed(
            f"cannot install {lock.name}: {_last_line(done.stderr)} — check the network connection "
            "(or your pip index settings) and run this again"
        )


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["no reason given"])[-1]


def _repository() -> str | None:
    """The project's page on GitHub, from the git remote: where the edit links lead."""
    try:
        remote = subprocess.run(
            ["git", "-C", str(ROOT), "remote", "get-url", "origin"], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        return None
    if remote.startswith("git@github.com:"):
        remote = "https://github.com/" + remote.removeprefix("git@github.com:")
    return remote.removesuffix(".git") if remote.startswith("https://github.com/") else None
