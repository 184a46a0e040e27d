"""Start a real kube-apiserver with its etcd on this machine, for as long as it is needed.

    with started(Path("binaries")) as server:
        status, answer = server.request("GET", "/version")

The folder holds kube-apiserver, etcd and kubeadm, as kubernetes.py builds them. Nothing else of
a cluster runs: no controllers, no scheduler, no kubelet.
"""

from __future__ import annotations

import argparse
import http.client
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

TOKEN = "refresh"  # the server lives for seconds, on loopback
# ServiceAccount wants the account "default" in a namespace, which a controller would make;
# NamespaceLifecycle refuses namespaces that a manifest only names.
DISABLED_ADMISSION = ("ServiceAccount", "NamespaceLifecycle")

KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: refresh
contexts:
- name: refresh
  context: {{cluster: refresh, user: refresh}}
clusters:
- name: refresh
  cluster:
    server: https://127.0.0.1:{port}
    certificate-authority: {certificate}
users:
- name: refresh
  user: {{token: {token}}}
"""


class ServerError(Exception):
    """Why the server could not be started, in one line."""


@dataclass
class Server:
    """A running kube-apiserver."""

    port: int
    token: str
    kubeconfig: Path
    certificate: Path
    _connection: http.client.HTTPSConnection | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str = "application/yaml",
        accept: str = "application/json",
    ) -> tuple[int, bytes]:
        """Send one request over a connection that stays open; give back status and body."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": accept}
        if body is not None:
            headers["Content-Type"] = content_type
        if self._connection is None:
            context = ssl.create_default_context(cafile=str(self.certificate))
            self._connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=context)
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").splitlines()
    return lines[-1] if lines else "it said nothing"


@contextmanager
def _running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; ask it to stop, and insist after ten seconds."""
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        except OSError as error:
            raise ServerError(f"{command[0]}: {error.strerror}") from None
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(server: Server, watched: dict[Path, subprocess.Popen[bytes]], until: float) -> None:
    """Wait until the server is ready and has made the namespace default."""
    waiting = ["/readyz", "/api/v1/namespaces/default"]
    while waiting:
        for log, process in watched.items():
            if process.poll() is not None:
                raise ServerError(f"{log.stem} ended: {_last_line(log)}")
        if time.monotonic() > until:
            raise ServerError("kube-apiserver was not ready in time")
        try:
            if server.certificate.exists() and server.request("GET", waiting[0])[0] == 200:
                waiting.pop(0)
                continue
        except (OSError, http.client.HTTPException):
            pass  # it does not listen yet
        time.sleep(0.1)


@contextmanager
def started(
    binaries: Path,
    disabled_admission: tuple[str, ...] = DISABLED_ADMISSION,
    extra: tuple[str, ...] = (),
    timeout: float = 120.0,
) -> Iterator[Server]:
    """Start etcd and kube-apiserver, yield the server when it is ready, then stop both."""
    for name in ("etcd", "kube-apiserver", "kubeadm"):
        if not (binaries / name).is_file():
            raise ServerError(f"no {name} in {binaries}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="apiserver-")))
        client, peer, secure = _free_ports(3)
        certificates = folder / "certificates"
        made = subprocess.run(
            [binaries / "kubeadm", *f"init phase certs sa --cert-dir {certificates}".split()],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise ServerError(f"kubeadm made no service account key: {made.stderr.strip()}")
        tokens = folder / "tokens.csv"
        tokens.write_text(f"{TOKEN},refresh,1,system:masters\n", "utf-8")
        kubeconfig = folder / "kubeconfig"
        # Self-signed, made by the server itself when it starts.
        certificate = certificates / "apiserver.crt"
        kubeconfig.write_text(KUBECONFIG.format(port=secure, certificate=certificate, token=TOKEN), "utf-8")
        here = "http://127.0.0.1"
        etcd_log, server_log = folder / "etcd.log", folder / "kube-apiserver.log"
        etcd = [
            str(binaries / "etcd"),
            f"--data-dir={folder / 'etcd'}",
            f"--listen-client-urls={here}:{client}",
            f"--advertise-client-urls={here}:{client}",
            f"--listen-peer-urls={here}:{peer}",
            f"--initial-advertise-peer-urls={here}:{peer}",
            f"--initial-cluster=default={here}:{peer}",
            "--unsafe-no-fsync",
            "--log-level=warn",
        ]
        apiserver = [
            str(binaries / "kube-apiserver"),
            f"--etcd-servers={here}:{client}",
            "--bind-address=127.0.0.1",
            f"--secure-port={secure}",
            f"--cert-dir={certificates}",
            f"--token-auth-file={tokens}",
            "--authorization-mode=Node,RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={certificates / 'sa.pub'}",
            f"--service-account-signing-key-file={certificates / 'sa.key'}",
            "--service-cluster-ip-range=10.96.0.0/12",
            "--enable-priority-and-fairness=false",
            f"--disable-admission-plugins={','.join(disabled_admission)}",
            *extra,
        ]
        watched = {
            etcd_log: stack.enter_context(_running(etcd, etcd_log)),
            server_log: stack.enter_context(_running(apiserver, server_log)),
        }
        server = Server(secure, TOKEN, kubeconfig, certificate)
        stack.callback(server.close)
        _wait(server, watched, time.monotonic() + timeout)
        yield server


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def main() -> int:
    """Run a server until it is interrupted."""
    parser = argparse.ArgumentParser(description="run a kube-apiserver until Ctrl-C")
    parser.add_argument("binaries", type=Path, help="folder of kube-apiserver, etcd, kubeadm")
    signal.signal(signal.SIGTERM, _stop)
    try:
        with started(parser.parse_args().binaries) as server:
            print(f"{server.url}\nKUBECONFIG={server.kubeconfig}", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except ServerError as error:
        print(f"apiserver: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
