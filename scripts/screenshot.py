"""Take the README's screenshot from the built site. Usage: python3 scripts/screenshot.py"""

from __future__ import annotations

import environment

LOCK = "requirements-test.txt"

if __name__ == "__main__" and not environment.inside():
    import sys

    sys.exit(environment.run(__file__, requirements=LOCK))

import functools
import http.server
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

TARGET = environment.ROOT / ".github" / "screenshot.png"
PAGE = "etcd/quorum/"


def main() -> int:
    """Serve site/ on loopback, open one page, keep what a reader sees first."""
    if not (environment.ROOT / "site").is_dir():
        environment.fail("there is no site/: run scripts/build.py first")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(environment.ROOT / "site", Path(folder, "kubenotes"))
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("KUBENOTES_CHROMIUM") or shutil.which("chromium"),
                args=["--no-sandbox"],
            )
            page = browser.new_page(viewport={"width": 1280, "height": 860})
            page.goto(f"http://127.0.0.1:{server.server_port}/kubenotes/{PAGE}")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=TARGET)
            browser.close()
        server.shutdown()
    print(f"wrote {TARGET.relative_to(environment.ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
