"""Make the data files of one Kubernetes minor version from the real programs of its newest patch.

    python3 scripts/refresh/kubernetes.py 1.37 [--work DIR]

Needs go and its module proxy. Programs stay in DIR/1.37 (kubectl, kubeadm, kube-apiserver,
etcd) and serve truth runs; README.md says what is made from what.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from http.client import HTTPException
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from refresh import apiserver, datafiles, modules, openapi
from refresh.modules import KUBERNETES, RefreshError

KIND = "sigs.k8s.io/kind"
KUSTOMIZE = "sigs.k8s.io/kustomize/api"
ETCD = "go.etcd.io/etcd/server/v3"
PROGRAMS = ("kubectl", "kubeadm", "kube-apiserver")
DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
# What kubectl and kubeadm find at home must not find its way into the data.
NOBODY = {"HOME": "/nonexistent", "KUBECONFIG": "", "KUBERC": "off"}


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def build_programs(version: str, module: Path, binaries: Path) -> None:
    """Build the Kubernetes programs, and an etcd of the minor version that kubeadm would run."""
    modules.write_module(module, KUBERNETES, version)
    for name in PROGRAMS:
        say(f"build {name} {version}")
        modules.build(module, f"{KUBERNETES}/cmd/{name}", binaries / name, version)
    images = modules.run(
        [str(binaries / "kubeadm"), *f"config images list --kubernetes-version {version}".split()],
        binaries,
        NOBODY,
    )
    wanted = re.search(r"/etcd:(\d+\.\d+)\.", images)
    if not wanted:
        raise RefreshError("kubeadm config images list names no etcd")
    etcd = modules.newest(ETCD, f"v{wanted[1]}", module)
    say(f"build etcd {etcd}")
    own = module.with_name("etcd-module")
    modules.write_module(own, ETCD, etcd)
    modules.build(own, ETCD, binaries / "etcd")


def refresh_commands(minor: str, version: str, module: Path) -> None:
    """Write the command trees of kubectl and kubeadm."""
    say("command trees")
    program = modules.build_own(module, "commands")
    for tool in ("kubectl", "kubeadm"):
        tree = json.loads(modules.run([str(program), tool], module, NOBODY))
        text = datafiles.document(
            version.removeprefix("v"),
            f"{KUBERNETES} {version}",
            tree=datafiles.command_tree(tree),
        )
        datafiles.write(datafiles.DATA / "commands" / f"{tool}-{minor}.json", text)


def fetch(server: apiserver.Server, path: str, accept: str = "application/json") -> Any:
    status, body = server.request("GET", path, accept=accept)
    if status != 200:
        raise RefreshError(f"kube-apiserver answers {status} to {path}")
    return json.loads(body)


def ask_server(server: apiserver.Server) -> tuple[list[Any], list[Any]]:
    """The aggregated discovery documents, and the OpenAPI v3 document of every group version."""
    discovery = [fetch(server, path, DISCOVERY) for path in ("/api", "/apis")]
    paths = fetch(server, "/openapi/v3")["paths"]
    served = [path for path in sorted(paths) if re.match(r"apis?/", path)]
    return discovery, [fetch(server, f"/openapi/v3/{path}") for path in served]


def refresh_server(minor: str, version: str, binaries: Path) -> dict[str, openapi.Schema]:
    """Write the resources and schemas that the server knows; give back the definitions."""
    say("resources and schemas")
    with apiserver.started(binaries) as server:
        discovery, documents = ask_server(server)
    source = f"{KUBERNETES} {version}"
    resources = openapi.resources(discovery)
    kinds, definitions = openapi.schemas(documents, discovery)
    for one in resources:
        kind = f"{openapi.api_version(one['group'], one['version'])}/{one['kind']}"
        if kind not in kinds:
            raise RefreshError(f"kube-apiserver serves {kind} but has no schema for it")
    number = version.removeprefix("v")
    datafiles.write(
        datafiles.DATA / "resources" / f"{minor}.json",
        datafiles.document(number, source, resources=datafiles.rows(resources)),
    )
    datafiles.write(
        datafiles.DATA / "schemas" / f"{minor}.json",
        datafiles.document(number, source, kinds=datafiles.table(kinds), definitions=datafiles.table(definitions)),
    )
    return definitions


def kubeadm_states(kinds: dict[str, str], version: str, kubeadm: Path) -> dict[str, list[str]]:
    """Which versions of its own API kubeadm calls deprecated or experimental, by asking it."""
    states: dict[str, list[str]] = {"deprecated": [], "experimental": []}
    versions = {kind.rsplit("/", 1)[0] for kind in kinds if kind.startswith("kubeadm.k8s.io/")}
    for api in sorted(versions):
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder, "config.yaml")
            config.write_text(
                f"apiVersion: {api}\nkind: ClusterConfiguration\nkubernetesVersion: {version}\n",
                "utf-8",
            )
            # Not "config validate": that one is lenient about versions.
            said = modules.said([str(kubeadm), "config", "images", "list", "--config", str(config)], NOBODY)
        for state, found in states.items():
            if f"{state} API spec" in said:
                found.append(api)
    return states


def refresh_configs(minor: str, version: str, module: Path, kubeadm: Path, served: dict[str, openapi.Schema]) -> None:
    """Write the schemas of the configuration files that the server does not know."""
    say("configuration files")
    kind = modules.newest(KIND, "", module)
    # In a module of its own: what kind needs must not change what the programs are built from.
    own = module.with_name("configs-module")
    modules.write_module(own, KUBERNETES, version, f"{KIND} {kind}")
    program = modules.build_own(own, "configs")
    listed = ["go", "list", "-mod=mod"]
    folders = modules.run([*listed, "-deps", "-f", "{{.ImportPath}} {{.Dir}}", "./cmd/configs"], own)
    kustomize = modules.run([*listed, "-m", "-f", "{{.Version}}", KUSTOMIZE], own).strip()
    made = json.loads(modules.run([str(program)], own, NOBODY, folders))
    kinds, definitions = made["kinds"], made["definitions"]
    # The server says more of the types it shares with a configuration: required, enum.
    definitions |= served
    sources = f"{KUBERNETES} {version}, {KIND} {kind}, {KUSTOMIZE} {kustomize}"
    states = kubeadm_states(kinds, version, kubeadm)
    text = datafiles.document(
        version.removeprefix("v"),
        sources,
        **{state: datafiles.compact(found) for state, found in states.items()},
        kinds=datafiles.table(kinds),
        definitions=datafiles.table(openapi.reachable(kinds, definitions)),
    )
    datafiles.write(datafiles.DATA / "schemas" / f"config-{minor}.json", text)


def refresh(minor: str, work: Path) -> None:
    """Make every data file of one minor version."""
    binaries = work / minor
    binaries.mkdir(parents=True, exist_ok=True)
    module = binaries / "kubernetes-module"
    version = modules.newest(KUBERNETES, f"v{minor}", binaries)
    build_programs(version, module, binaries)
    refresh_commands(minor, version, module)
    served = refresh_server(minor, version, binaries)
    refresh_configs(minor, version, module, binaries / "kubeadm", served)
    say(f"{version} done; the programs are in {binaries}")


def main() -> int:
    parser = argparse.ArgumentParser(description="make the data files of one Kubernetes minor")
    parser.add_argument("minor", help="such as 1.37")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir(), "kubenotes-refresh"),
        help="where modules and programs go (default: %(default)s)",
    )
    asked = parser.parse_args()
    if not re.fullmatch(r"1\.\d+", asked.minor):
        parser.error(f"{asked.minor!r} is no minor version such as 1.37")
    try:
        refresh(asked.minor, asked.work.resolve())
    except (RefreshError, apiserver.ServerError, HTTPException, OSError) as error:
        print(f"kubernetes: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
