"""Work with Go modules: which versions there are, and programs built from one of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

KUBERNETES = "k8s.io/kubernetes"
SOURCES = Path(__file__).resolve().parent / "go"


class RefreshError(Exception):
    """What went wrong, in one line that helps whoever typed the command."""


def _started(
    command: list[str], folder: Path | None, environment: dict[str, str] | None, given: str | None
) -> subprocess.CompletedProcess[str]:
    # Without cgo no C compiler is needed, and the programs are static like the released ones.
    # With "auto" go fetches a newer go, as a module, where a module asks for one.
    own = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "auto"}
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **own, **(environment or {})},
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise RefreshError(f"{command[0]}: {error.strerror}") from None


def said(command: list[str], environment: dict[str, str] | None = None) -> str:
    """Everything a program says, whether it likes what it was given or not."""
    done = _started(command, None, environment, None)
    return done.stdout + done.stderr


def run(
    command: list[str],
    folder: Path,
    environment: dict[str, str] | None = None,
    given: str | None = None,
) -> str:
    """Run a program, give back what it printed, or say in one line why it failed."""
    folder.mkdir(parents=True, exist_ok=True)
    done = _started(command, folder, environment, given)
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if "downloading" not in line]
        reason = lines[-1] if lines else f"exit code {done.returncode}"
        raise RefreshError(f"{' '.join(command[:3])} …: {reason}")
    return done.stdout


def version_key(version: str) -> tuple[int, ...]:
    """Order v1.9.2 before v1.10.0."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def newest(module: str, prefix: str, work: Path) -> str:
    """The newest released version of a module that starts with prefix, such as v1.37."""
    listed = run(["go", "list", "-m", "-versions", module], work).split()[1:]
    released = [v for v in listed if re.fullmatch(r"v\d+\.\d+\.\d+", v)]
    fitting = [v for v in released if not prefix or v.startswith(prefix + ".")]
    if not fitting:
        raise RefreshError(f"{module} has no release {prefix}; newest is {(released or ['?'])[-1]}")
    return max(fitting, key=version_key)


def download(module: str, version: str, work: Path) -> Path:
    """The folder that holds a module's files."""
    said = run(["go", "mod", "download", "-json", f"{module}@{version}"], work)
    return Path(json.loads(said)["Dir"])


def write_module(work: Path, module: str, version: str, *others: str) -> None:
    """Write a go.mod in work that builds the programs of a module as its own go.mod does.

    Kubernetes asks for its staging modules as v0.0.0 and finds them in its own tree. They are
    published too, as v0.37.2 for v1.37.2, so each is replaced by that. The go and godebug lines
    are copied, as they change what a program does.
    """
    original = (download(module, version, work) / "go.mod").read_text("utf-8")
    published = "v0" + version.removeprefix("v1")
    lines = ["module kubenotes/refresh"]
    lines += re.findall(r"^(?:go|godebug) .*$", original, re.MULTILINE)
    lines += [f"require {module} {version}", *(f"require {other}" for other in others)]
    for staged in re.findall(r"^\t(\S+) => \./staging/", original, re.MULTILINE):
        lines.append(f"replace {staged} => {staged} {published}")
    (work / "go.mod").write_text("\n".join(lines) + "\n", "utf-8")


def build(work: Path, package: str, program: Path, version: str = "") -> None:
    """Build one program; version is what a Kubernetes program says when it is asked."""
    flags = ["-s", "-w"]
    if version:
        minor = version.split(".")[1]
        base = "k8s.io/component-base/version"
        for name, value in (
            (f"{base}.gitVersion", version),
            (f"{base}.gitMajor", "1"),
            (f"{base}.gitMinor", minor),
            ("k8s.io/client-go/pkg/version.gitVersion", version),
        ):
            flags += ["-X", f"{name}={value}"]
    program.parent.mkdir(parents=True, exist_ok=True)
    draft = program.with_name(f".{program.name}.draft")  # the old one may be running
    options = ["-mod=mod", "-trimpath", "-ldflags", " ".join(flags), "-o", str(draft)]
    run(["nice", "go", "build", *options, package], work)
    draft.replace(program)


def build_own(work: Path, name: str) -> Path:
    """Build one of the small programs in the folder go, inside the module in work."""
    folder = work / "cmd" / name
    folder.mkdir(parents=True, exist_ok=True)
    source = (SOURCES / f"{name}.go").read_text("utf-8")
    (folder / "main.go").write_text(source, "utf-8")
    program = work / "bin" / name
    build(work, f"./cmd/{name}", program)
    return program
