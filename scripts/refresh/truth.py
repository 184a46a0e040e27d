"""Let the real programs judge every snippet of the notes, and compare what our checks say of it.

Usage: python3 scripts/refresh/truth.py 1.37 FOLDER-OF-BINARIES [PATH …]

Manifests are sent to a real kube-apiserver (`dryRun=All&fieldValidation=Strict`), kubectl commands
run against it with a real kubectl, kubeadm's flags are parsed by a real kubeadm. What was seen is
kept in tests/truth/notes-1.37.json. A difference is our bug, or a judge that could not decide.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "hooks"), str(ROOT / "scripts")]

import environment

if __name__ == "__main__" and not environment.inside():
    sys.exit(environment.run(__file__, *sys.argv[1:], folder=Path.cwd()))

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from refresh.apiserver import Server, ServerError, started

from kubenotes import shell
from kubenotes.checks import commands, manifests
from kubenotes.kubernetes import Resource, resources
from kubenotes.note import Snippet, read
from kubenotes.yaml_reader import PLACEHOLDER

SECONDS = 6
UNREACHED = re.compile(
    r"connection refused|was refused|no such host|Unable to connect|dial tcp|server misbehaving|timed out"
    r"|does not exist|no such file|could not stat|no context exists|unable to read|not a directory|no configuration"
    r"|unable to load|does not support|the server could not find|already exists|no objects passed|must be a file"
    # What depends on the objects of the reader's cluster, and not on the command line.
    r"|unable to upgrade connection|cannot be filtered|must exist in order|cannot locate context|no rollout history"
    r"|unable to find container|is invalid: |does not have a host assigned"
)
FOUND_NOT = re.compile(
    r"\(NotFound\)|not found|Metrics API not available|No resources found|error: no matching resources"
)
DECIDED = re.compile(
    r"unknown (?:flag|shorthand flag|command)|needs an argument|invalid argument|required flag"
    r"|doesn't have a resource type|error parsing|unable to match a printer|unclosed|unterminated"
    r"|unexpected (?:path|custom-columns)"
)


@dataclass
class Seen:
    """What one run compared."""

    compared: int = 0
    undecided: int = 0
    differences: list[str] = field(default_factory=list)


def snippets(paths: list[Path]) -> Iterator[tuple[str, Snippet, str]]:
    """Every fence of every note, with where it stands and its language."""
    for path in paths:
        for fence in read(path.read_text("utf-8")).fences:
            if not {"output", "fragment"} & set(fence.attributes):
                yield f"{path.relative_to(ROOT).as_posix()}:{fence.line}", fence, fence.language


def bodies(snippet: Snippet, language: str) -> Iterator[str]:
    """The manifests of a snippet: its own, or those in its heredocs."""
    if language in ("yaml", "json"):
        yield snippet.code
    elif language in ("bash", "console"):
        script = shell.read(snippet, console=language == "console")
        yield from (body.code for body in script.heredocs if manifests.is_manifest(body.code))


def objects(paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Every document of every manifest, with where its fence stands."""
    for where, snippet, language in snippets(paths):
        for body in bodies(snippet, language):
            for text in re.split(r"^---\s*$", body, flags=re.MULTILINE):
                yield where, text


def send(server: Server, resource: Resource, data: dict[str, Any], text: str) -> tuple[int, str]:
    """Have the server judge one object as it is written; give back its status and its message."""
    namespace = data.get("metadata", {}).get("namespace", "default")
    prefix = f"/apis/{resource.group}" if resource.group else "/api"
    scope = f"/namespaces/{namespace}" if resource.namespaced else ""
    path = f"{prefix}/{resource.version}{scope}/{resource.plural}"
    if resource.namespaced:
        body = json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
        server.request("POST", "/api/v1/namespaces", body.encode(), "application/json")
    # A node port is looked at only when it is really given out, so a Service is made, and unmade.
    real = data["kind"] == "Service"
    status, answer = server.request(
        "POST", f"{path}?fieldValidation=Strict{'' if real else '&dryRun=All'}", text.encode()
    )
    if real and status < 300:
        server.request("DELETE", f"{path}/{data['metadata']['name']}")
    # 404 is answered in plain words, not with a Status.
    return status, json.loads(answer).get("message", "") if status >= 300 and status != 404 else ""


def judge_manifests(server: Server, minor: str, paths: list[Path]) -> Seen:
    """Send each manifest to the server; compare its verdict with ours."""
    seen = Seen()
    known = {(resource.group, resource.version, resource.kind): resource for resource in resources(minor)}
    for where, text in objects(paths):
        rows = text.count("\n") + 1
        ours = manifests.check(Snippet(text, tuple(range(rows)), (0,) * rows), (minor,))
        if not ours.manifests or any(PLACEHOLDER.fullmatch(word) for word in text.split()):
            continue
        # Duplicate keys must reach the server as they are: the object is read only for its address.
        try:
            data = yaml.load(text, yaml.CBaseLoader)
        except yaml.YAMLError:
            continue
        group, _, version = data["apiVersion"].rpartition("/")
        resource = known.get((group, version, data["kind"]))
        status, message = send(server, resource, data, text) if resource else (404, "")
        if status == 404:  # a kind that this server does not have
            seen.undecided += 1
            continue
        seen.compared += 1
        accepted = status < 300 or status == 409
        if accepted == bool(ours.problems):
            said = ours.problems[0].message if ours.problems else "nothing wrong"
            seen.differences.append(f"{where} {data['kind']}: server {status} {message}; we say: {said}")
    return seen


def verdict(done: subprocess.CompletedProcess[str]) -> str:
    """What a real kubectl's answer says of the command line: valid, invalid or undecided."""
    if DECIDED.search(done.stderr):
        return "invalid"
    if done.returncode == 0:
        return "invalid" if "Available Commands:" in done.stdout else "valid"
    if FOUND_NOT.search(done.stderr) or done.stdout == "no\n":  # `auth can-i` answers with its exit code
        return "valid"
    if UNREACHED.search(done.stderr):
        return "undecided"
    return "invalid"


def judge_commands(binaries: Path, server: Server, minor: str, paths: list[Path]) -> Seen:
    """Run each command that holds nothing to fill in; compare the verdict with ours."""
    seen = Seen()
    custom = {
        name
        for resource in resources(minor)
        if resource.group == "gateway.networking.k8s.io"
        for name in (resource.plural, resource.singular, *resource.short)
    }
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "PATH": "/nonexistent", "EDITOR": "/bin/true", "LC_ALL": "C.UTF-8"}
        for where, snippet, language in snippets(paths):
            if language not in ("bash", "console"):
                continue
            script = shell.read(snippet, console=language == "console")
            for command in script.commands:
                tool = commands.tool_of(command)
                if tool is None:
                    continue
                words = [word.value for word in command.words]
                if any(word.unknown for word in command.words) or any("<" in word for word in words):
                    seen.undecided += 1
                    continue
                result = commands.check(command, snippet, (minor,))
                if result.unknown:  # a custom resource, a plugin: this server and this PATH have none
                    seen.undecided += 1
                    continue
                ours = result.problems
                shutil.copy(server.kubeconfig, Path(home, "config"))
                line = [str(binaries / tool), *words[1:]]
                if tool == "kubeadm":  # it would act on this machine: only its flags are parsed
                    line.append("--help")
                try:
                    done = subprocess.run(
                        line,
                        env={**environment, "KUBECONFIG": str(Path(home, "config"))},
                        cwd=home,
                        stdin=subprocess.DEVNULL,
                        capture_output=True,
                        text=True,
                        timeout=SECONDS,
                        check=False,
                    )
                except subprocess.TimeoutExpired:
                    seen.undecided += 1
                    continue
                theirs = "valid" if tool == "kubeadm" and done.returncode == 0 else verdict(done)
                missing = re.search(r'have a resource type "(\w+)"', done.stderr)
                if missing and missing[1] in custom:  # we know the Gateway API, this server has not installed it
                    theirs = "undecided"
                if theirs == "undecided":
                    seen.undecided += 1
                    continue
                seen.compared += 1
                if (theirs == "invalid") != bool(ours):
                    said = ours[0].message if ours else "nothing wrong"
                    error = " ".join(done.stderr.split())[:200]
                    seen.differences.append(f"{where} {' '.join(words)}: {theirs} ({error}); we say: {said}")
    return seen


def main() -> int:
    """Compare, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minor", help="like 1.37")
    parser.add_argument("binaries", type=Path)
    parser.add_argument("paths", nargs="*", type=Path)
    options = parser.parse_args()
    paths = [path.resolve() for path in options.paths] or [
        *sorted((ROOT / "docs").rglob("*.md")),
        *sorted((ROOT / "tests" / "cases" / "rules").glob("*.md")),
    ]
    os.environ.pop("KUBECONFIG", None)
    try:
        with started(options.binaries) as server:
            result = {
                "manifests": judge_manifests(server, options.minor, paths),
                "commands": judge_commands(options.binaries, server, options.minor, paths),
            }
    except (OSError, ServerError) as error:
        print(f"truth.py: {error}", file=sys.stderr)
        return 2
    record: dict[str, object] = {"version": options.minor, "source": "kube-apiserver, kubectl and kubeadm, run"}
    for name, seen in result.items():
        print(f"{name}: {seen.compared} judged, {seen.undecided} not decidable, {len(seen.differences)} differences")
        for difference in seen.differences:
            print(f"  {difference}")
        record[name] = {"judged": seen.compared, "undecided": seen.undecided, "differences": seen.differences}
    if not options.paths:
        target = ROOT / "tests" / "truth" / f"notes-{options.minor}.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 1 if any(seen.differences for seen in result.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
