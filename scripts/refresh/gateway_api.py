"""Make the data file of the Gateway API from its newest release, as a real server serves it.

    python3 scripts/refresh/gateway_api.py BINARIES

BINARIES is a folder that kubernetes.py has filled, such as DIR/1.37. The custom resource
definitions of the standard channel are created in that kube-apiserver, and it is asked what it
serves: so the fields that a server adds to every object are there as well.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from http.client import HTTPException
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from refresh import apiserver, datafiles, modules, openapi
from refresh.kubernetes import ask_server, say
from refresh.modules import RefreshError

MODULE = "sigs.k8s.io/gateway-api"
GROUP_SUFFIX = ".networking.k8s.io"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def of_gateway_api(discovery: list[Any]) -> list[Any]:
    """Only the groups of the Gateway API: gateway.networking.k8s.io and its like."""
    groups = [group for document in discovery for group in document["items"]]
    return [{"items": [g for g in groups if g["metadata"].get("name", "").endswith(GROUP_SUFFIX)]}]


def wanted_kinds(rows: list[openapi.Schema]) -> set[str]:
    return {f"{openapi.api_version(row['group'], row['version'])}/{row['kind']}" for row in rows}


def served(binaries: Path, files: list[Path]) -> tuple[list[Any], list[Any]]:
    """Create the definitions, then wait until the server has found and described them all."""
    with apiserver.started(binaries) as server:
        created = 0
        for file in files:
            status, answer = server.request("POST", DEFINITIONS, file.read_bytes())
            if status != 201:
                raise RefreshError(f"{file.name}: {answer.decode('utf-8', 'replace')[:300]}")
            created += 1
        until = time.monotonic() + 60
        while time.monotonic() < until:
            discovery, documents = ask_server(server)
            discovery = of_gateway_api(discovery)
            rows = openapi.resources(discovery)
            kinds, _ = openapi.schemas(documents, discovery)
            plurals = {(row["group"], row["plural"]) for row in rows}
            if len(plurals) == created and wanted_kinds(rows) <= kinds.keys():
                return discovery, documents
            time.sleep(0.5)
    raise RefreshError("kube-apiserver did not describe every kind of the Gateway API in time")


def refresh(binaries: Path) -> None:
    """Write schemas/gateway-api.json."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        version = modules.newest(MODULE, "", work)
        standard = modules.download(MODULE, version, work) / "config" / "crd" / "standard"
    # Policies for safe upgrades lie there too; they define no kinds.
    files = [
        file
        for file in sorted(standard.glob("*.yaml"))
        if "\nkind: CustomResourceDefinition\n" in file.read_text("utf-8")
    ]
    say(f"{MODULE} {version}: {len(files)} definitions")
    discovery, documents = served(binaries, files)
    kinds, definitions = openapi.schemas(documents, discovery)
    text = datafiles.document(
        version.removeprefix("v"),
        f"{MODULE} {version}, standard channel",
        resources=datafiles.rows(openapi.resources(discovery)),
        kinds=datafiles.table(kinds),
        definitions=datafiles.table(definitions),
    )
    datafiles.write(datafiles.DATA / "schemas" / "gateway-api.json", text)


def main() -> int:
    parser = argparse.ArgumentParser(description="make the data file of the Gateway API")
    parser.add_argument("binaries", type=Path, help="folder of kube-apiserver, etcd, kubeadm")
    try:
        refresh(parser.parse_args().binaries.resolve())
    except (RefreshError, apiserver.ServerError, HTTPException, OSError) as error:
        print(f"gateway_api: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
