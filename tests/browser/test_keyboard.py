"""Everything is reached with the keyboard alone, and one sees where one is."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from .server import Site
from .visit import NewPage

FOCUSED = """
() => {
  const here = document.activeElement;
  // A palette's button is drawn by its label.
  const drawn = here.matches(".md-option") ? here.form.querySelector("label:not([hidden])") : here;
  const box = drawn.getBoundingClientRect();
  const style = getComputedStyle(drawn);
  return {
    name: (here.getAttribute("aria-label") || here.title || here.innerText || here.name || "").trim().slice(0, 40),
    where: ["md-skip", "md-header", "md-tabs", "md-sidebar", "md-content"].find(c => here.closest("." + c)) || "",
    search: here.matches(".md-search__input"),
    shown: box.width > 0 && box.height > 0,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
  };
}
"""


def open_page(page: Page, site: Site, path: str = "etcd/quorum/") -> None:
    page.goto(site.url + path)
    page.wait_for_function("__search.ready")  # the last thing the theme sets up


def tab_until(page: Page, place: str, limit: int = 80) -> list[dict[str, Any]]:
    """Press Tab until the focus is in `place`; every stop on the way."""
    stops: list[dict[str, Any]] = []
    while not stops or stops[-1]["where"] != place:
        assert len(stops) < limit, f"{limit} stops and not in {place}: {stops}"
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    return stops


def test_the_first_stop_skips_to_the_content(site: Site, new_page: NewPage) -> None:
    page = new_page()
    open_page(page, site)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["where"] == "md-skip"
    target = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    assert page.evaluate("decodeURIComponent(location.hash)") == target
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["where"] == "md-content"


def test_tab_passes_search_and_navigation_on_its_way_to_the_content(site: Site, new_page: NewPage) -> None:
    page = new_page()
    open_page(page, site)
    stops = tab_until(page, "md-content")
    order = list(dict.fromkeys(stop["where"] for stop in stops if stop["where"]))
    assert order == ["md-skip", "md-header", "md-tabs", "md-sidebar", "md-content"]
    assert any(stop["search"] for stop in stops)
    for _ in range(20):  # and on, through tags, links and code that scrolls
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    assert [stop for stop in stops if not stop["name"]] == []
    hidden = [stop for stop in stops if not stop["shown"]]
    # The search box marks its focus by opening over the page.
    unmarked = [stop for stop in stops if not stop["outlined"] and not stop["search"]]
    assert hidden == []
    assert unmarked == []


def test_focus_would_be_missed_without_an_outline(site: Site, new_page: NewPage) -> None:
    """The planted fault."""
    page = new_page()
    open_page(page, site)
    page.add_style_tag(content="* { outline: none !important }")
    assert any(not stop["outlined"] for stop in tab_until(page, "md-content") if not stop["search"])


@pytest.mark.parametrize("key", ["/", "s", "f"])
def test_one_key_opens_search_and_escape_closes_it(key: str, site: Site, new_page: NewPage) -> None:
    page = new_page()
    open_page(page, site)
    page.keyboard.press(key)
    page.wait_for_function("document.activeElement.matches('.md-search__input')")
    assert page.locator("#__search").is_checked()
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('#__search').checked")


def test_results_are_walked_with_arrows(site: Site, new_page: NewPage) -> None:
    page = new_page(search=True)
    open_page(page, site, "")
    page.keyboard.press("/")
    page.wait_for_function("document.activeElement.matches('.md-search__input')")
    page.keyboard.insert_text("쿼럼")
    page.keyboard.press("End")
    page.locator(".md-search-result__item a").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.md-search-result__item') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**/etcd/quorum/**")


def test_the_palette_is_switched_with_the_keyboard(site: Site, new_page: NewPage) -> None:
    page = new_page()
    open_page(page, site)
    page.locator(".md-option").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.body.dataset.mdColorScheme === 'slate'")
