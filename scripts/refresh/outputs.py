"""Ask a real kubectl which `--output` formats each command takes: it names them when it refuses one.

Usage: python3 scripts/refresh/outputs.py 1.37 FOLDER-OF-BINARIES

Writes hooks/kubenotes/kubernetes/outputs/kubectl-1.37.json. A command that cannot be brought to
its printer without a real cluster is left out, and its formats are then not checked.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from refresh.apiserver import Server, ServerError, started

DATA = Path(__file__).resolve().parents[2] / "hooks" / "kubenotes" / "kubernetes"

POD = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}'

# Command | the least that brings it to its printer. FILE is a Pod's manifest, `--dry-run` keeps it from acting.
ATTEMPTS = """
api-resources |
apply | -f FILE --dry-run=client
auth whoami |
certificate approve | c
config view |
create | -f FILE --dry-run=client
create clusterrole | c --verb=get --resource=pods --dry-run=client
create clusterrolebinding | c --clusterrole=c --dry-run=client
create configmap | c --dry-run=client
create cronjob | c --image=i --schedule=* --dry-run=client
create deployment | c --image=i --dry-run=client
create ingress | c --rule=a/b=c:80 --dry-run=client
create job | c --image=i --dry-run=client
create namespace | c --dry-run=client
create poddisruptionbudget | c --selector=a=b --min-available=1 --dry-run=client
create priorityclass | c --value=1 --dry-run=client
create quota | c --dry-run=client
create role | c --verb=get --resource=pods --dry-run=client
create rolebinding | c --role=c --dry-run=client
create secret generic | c --dry-run=client
create service clusterip | c --tcp=80 --dry-run=client
create service nodeport | c --tcp=80 --dry-run=client
create serviceaccount | c --dry-run=client
create token | default
edit | pod/p
events |
expose | -f FILE --port=80 --dry-run=client
get | namespaces
patch | -f FILE --local --patch={}
replace | -f FILE --dry-run=client
rollout history | deployment/d
run | c --image=i --dry-run=client
scale | deployment d --replicas=1
set env | -f FILE --local A=b
set image | -f FILE --local c=i
set resources | -f FILE --local --limits=cpu=1
version |
wait | pod/p --for=delete
"""


def formats(error: str) -> list[str]:
    """The formats that kubectl's refusal names, sorted; empty where it names none."""
    if allowed := re.search(r"allowed formats are: (\S+)", error):
        return sorted(allowed[1].split(","))
    if named := re.search(r"--output must be (.*)|must be one of (.*)", error):
        return sorted(re.findall(r"[a-z][\w-]*", (named[1] or named[2]).replace(" or ", " ")))
    return []


def ask(kubectl: Path, server: Server, attempt: list[str]) -> list[str]:
    """Run one command with a format that does not exist."""
    done = subprocess.run(
        [str(kubectl), "--kubeconfig", str(server.kubeconfig), *attempt, "--output=nonsense"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return formats(done.stderr)


def main() -> int:
    """Ask every command, write what was answered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("minor", help="like 1.37")
    parser.add_argument("binaries", type=Path, help="the folder with kubectl, kube-apiserver, etcd and kubeadm")
    options = parser.parse_args()
    kubectl = options.binaries / "kubectl"
    found: dict[str, list[str]] = {}
    try:
        version = subprocess.run(
            [str(kubectl), "version", "--client", "-o", "json"], capture_output=True, text=True, check=True
        )
        with started(options.binaries) as server, tempfile.TemporaryDirectory() as folder:
            manifest = Path(folder, "pod.json")
            manifest.write_text(POD)
            server.request("POST", "/api/v1/namespaces/default/pods", POD.encode(), "application/json")
            for line in ATTEMPTS.split("\n")[1:-1]:
                command, _, arguments = line.partition("|")
                words = [str(manifest) if word == "FILE" else word for word in arguments.split()]
                if answer := ask(kubectl, server, [*command.split(), *words]):
                    found[f"kubectl {command.strip()}"] = answer
                else:
                    print(f"outputs.py: kubectl {command.strip()} did not name its formats", file=sys.stderr)
    except (OSError, subprocess.SubprocessError, ServerError) as error:
        print(f"outputs.py: {error}", file=sys.stderr)
        return 1
    patch = json.loads(version.stdout)["clientVersion"]["gitVersion"].removeprefix("v")
    rows = ",\n".join(f"{json.dumps(command)}: {json.dumps(answer)}" for command, answer in sorted(found.items()))
    target = DATA / "outputs" / f"kubectl-{options.minor}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(
        f'{{\n"version": "{patch}",\n"source": "kubectl v{patch}, asked",\n"outputs": {{\n{rows}\n}}\n}}\n', "utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
