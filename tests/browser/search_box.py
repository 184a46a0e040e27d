"""Use the search box as a reader does."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Page

from .server import Site

RESULTS = """
() => [...document.querySelectorAll(".md-search-result__item a")].map(link => ({
  url: link.href,
  score: Number(link.firstElementChild.dataset.mdScore),
  text: link.innerText,
}))
"""


def ask(page: Page, query: str) -> list[dict[str, Any]]:
    """Type into the real box, wait for the real worker; what is found, in the order shown."""
    page.wait_for_function("__search.ready")
    page.locator(".md-search__input").fill(query)
    page.keyboard.press("End")  # Material listens to keys, not to the value
    page.wait_for_function("query => __search.query === query && __search.open === 0", arg=query)
    found: list[dict[str, Any]] = page.evaluate(RESULTS)
    return found


def place(url: str, site: Site) -> str:
    """`http://…/kubenotes/etcd/quorum/?h=…#…` → `etcd/quorum/#…`."""
    parts = urlsplit(url)
    fragment = f"#{unquote(parts.fragment)}" if parts.fragment else ""
    return parts.path.removeprefix(site.path) + fragment
