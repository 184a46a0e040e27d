"""Serve a folder on loopback the way GitHub Pages does: under a sub-path, with its 404.html."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Site:
    """A served folder; `url` ends with the sub-path and a slash."""

    folder: Path
    origin: str
    path: str

    @property
    def url(self) -> str:
        return self.origin + self.path

    def html(self, page: str) -> str:
        """The built HTML of a page's URL below the sub-path, like `etcd/quorum/`."""
        return (self.folder / page / "index.html").read_text("utf-8")


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, folder: Path, path: str) -> None:
        self._folder, self._path = folder, path
        super().__init__(*args, directory=str(folder))

    def translate_path(self, path: str) -> str:
        if not path.startswith(self._path):
            path = self._path + "outside-the-sub-path"
        return super().translate_path("/" + path.removeprefix(self._path))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != 404:
            super().send_error(code, message, explain)
            return
        body = (self._folder / "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silence: what went wrong is seen from the browser's side."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that is closed while it loads is no error of ours; anything else is."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve(folder: Path, path: str | None = None) -> Iterator[Site]:
    """Serve `folder` under `path`; without one, under the path it was built for (its canonical links)."""
    if path is None:
        index = (folder / "index.html").read_text("utf-8")
        link = re.search(r'<link[^>]*rel="canonical"[^>]*>', index)
        address = re.search(r'href="([^"]+)"', link[0] if link else "")
        path = urlsplit(address[1]).path if address else "/"
    server = _Server(("127.0.0.1", 0), partial(_Handler, folder=folder, path=path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Site(folder, f"http://127.0.0.1:{server.server_port}", path)
    finally:
        server.shutdown()
        server.server_close()
