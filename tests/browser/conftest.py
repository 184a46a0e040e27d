"""The built site, a server for it under its sub-path, and one real browser per test process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .server import Site, serve
from .visit import NewPage

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Features that would reach the network (Playwright turns them off, too, but of two such flags only
# the last one counts), and two that load a page for the address bar with every window: a third of
# the time, for a bar nobody sees.
OFF = (
    "AimEnabled",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)
# Nothing the browser does of its own accord may reach the network, nor fail for want of it.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=" + ",".join(OFF),
)
# Kept for the tests: diagrams' closed shadow roots, which a page cannot reach again, and whether
# the search worker is ready, what it was last asked, and how many questions are open.
LISTEN = """
window.__roots = new Map();
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (init) {
  const root = attach.call(this, init);
  window.__roots.set(this, root);
  return root;
};
window.__search = {ready: false, query: null, open: 0};
window.Worker = class extends window.Worker {
  constructor(...options) {
    super(...options);
    this.addEventListener("message", ({data}) => {
      if (data.type === 1) window.__search.ready = true;
      if (data.type === 3) window.__search.open -= 1;
    });
  }
  postMessage(message) {
    if (message.type === 2) {
      window.__search.query = message.data;
      window.__search.open += 1;
    }
    super.postMessage(message);
  }
};
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, served: KUBENOTES_SITE if set, else built once, strictly, for all test processes."""
    if given := os.environ.get("KUBENOTES_SITE"):
        with serve(Path(given).resolve()) as site:
            yield site
        return
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, ready = shared / "site", shared / "site.ready"
    with serve(folder, "/kubenotes/") as site:
        try:
            (shared / "site.lock").mkdir()  # the first process builds, the others wait
        except FileExistsError:
            _wait_for(ready)
        else:
            outcome = ready.with_suffix(".part")
            outcome.write_text(_build(folder, site.url), "utf-8")
            outcome.rename(ready)  # whole at once: the others read it as soon as it is there
        if failure := ready.read_text("utf-8"):
            pytest.fail(f"the site could not be built:\n{failure}", pytrace=False)
        yield site


def _leaves(site: Site) -> Callable[[str], bool]:
    return lambda url: not url.startswith((site.origin + "/", "file:", "data:", "blob:"))


def _build(folder: Path, url: str) -> str:
    """Build strictly; returns why it failed, or nothing. No -q: that hides warnings from strict."""
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "SITE_URL": url, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return "" if run.returncode == 0 else run.stderr or f"exit code {run.returncode}"


def _wait_for(file: Path, seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not file.exists():
        if time.monotonic() > end:
            pytest.fail(f"no site after {seconds:.0f} s", pytrace=False)
        time.sleep(0.1)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium: KUBENOTES_CHROMIUM, else the machine's, else Playwright's own."""
    installed = next(filter(None, map(shutil.which, NAMES)), None)
    found = os.environ.get("KUBENOTES_CHROMIUM") or installed
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*QUIET])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def small_index(site: Site) -> str:
    """The search index with one entry: building the whole of it is half of the work of opening a page."""
    index = json.loads((site.folder / "search" / "search_index.json").read_text("utf-8"))
    return json.dumps({**index, "docs": index["docs"][:1]})


@pytest.fixture
def new_page(browser: Browser, site: Site, small_index: str) -> Iterator[NewPage]:
    """Make a page in its own context; requests that leave the site are refused (and seen by `Watch`).

    Only with `search` does it get the whole search index.
    """
    contexts: list[BrowserContext] = []

    def make(width: int = 1280, scheme: str = "light", *, search: bool = False, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="ko-KR",
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        context.add_init_script(LISTEN)
        context.route(_leaves(site), lambda route: route.abort())
        if not search:
            context.route(
                "**/search/search_index.json",
                lambda route: route.fulfill(body=small_index, content_type="application/json"),
            )
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield make
    for context in contexts:
        context.close()
