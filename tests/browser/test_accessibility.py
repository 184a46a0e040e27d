"""axe finds nothing serious, in light and dark, wide and narrow."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Page

from .server import Site
from .visit import NewPage

# A diagram and a made table; long code, tabs and failing examples; many tables.
PAGES = ("etcd/quorum/", "kubectl/jsonpath/", "troubleshooting/method/")
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def serious(page: Page, *, colours: bool = True) -> list[str]:
    """What axe calls serious or critical, as `rule: element`."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(
        "colours => axe.run({resultTypes: ['violations'], rules: {'color-contrast': {enabled: colours}}})", colours
    )
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def open_page(page: Page, site: Site, path: str) -> None:
    page.goto(site.url + path)
    page.wait_for_function("__search.ready && !document.querySelector('pre.mermaid')")
    # Folded solutions count, too.
    page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_serious(path: str, scheme: str, site: Site, new_page: NewPage) -> None:
    page = new_page(scheme=scheme)
    open_page(page, site, path)
    wide = serious(page)
    page.set_viewport_size({"width": 360, "height": 760})
    page.wait_for_timeout(300)
    # Colours, by far the slowest rule, do not change with the width.
    assert (wide, serious(page, colours=False)) == ([], [])


def test_a_pale_word_is_found(site: Site, new_page: NewPage) -> None:
    """The planted fault."""
    page = new_page()
    open_page(page, site, PAGES[0])
    page.add_style_tag(content=".md-typeset p { color: #bbb !important }")
    assert any(problem.startswith("color-contrast") for problem in serious(page))
