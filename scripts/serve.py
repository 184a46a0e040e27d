"""Set everything up, build strictly, and serve with live reload. Usage: python3 scripts/serve.py [--port 8000]"""

import argparse
import socket
import sys

import environment

HOST = "127.0.0.1"


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="Build the notes strictly and serve them with live reload.")
    parser.add_argument("--port", type=int, default=8000, help="default: %(default)s")
    port = parser.parse_args().port
    if not 1 <= port <= 65535:
        environment.fail(f"--port {port} is not a port: use a number from 1 to 65535")
    environment.ensure()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            environment.fail(
                f"cannot serve on {HOST}:{port}: {error.strerror}; choose another port with --port {port + 1}"
            )
    return environment.run("-m", "mkdocs", "serve", "--strict", "--dev-addr", f"{HOST}:{port}")


if __name__ == "__main__":
    sys.exit(main())
