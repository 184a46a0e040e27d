"""The site away from its usual place: at an address that does not exist, in a folder on disk, on paper."""

from __future__ import annotations

from .search_box import ask
from .server import Site
from .sources import DOCS, NOTES, diagrams, url
from .visit import LIBRARY, NewPage, Watch, look_at, measure, wait_for_diagrams


def test_a_missing_page_is_a_page_of_the_site(site: Site, new_page: NewPage) -> None:
    page = new_page(search=True)
    watch = Watch.over(page, site)
    response = page.goto(site.url + "no/such/page/")
    page.wait_for_load_state("networkidle")
    assert response and response.status == 404
    # The page itself is a 404; nothing that it asks for is.
    assert [problem for problem in watch.problems if "no/such/page" not in problem] == [
        "console error: Failed to load resource: the server responded with a status of 404 (Not Found)"
    ]
    assert not [asked for asked in watch.requests if asked.endswith(LIBRARY)]
    assert page.locator("h1").inner_text() == "없는 페이지다"
    assert page.locator("article a[href='/kubenotes/']").inner_text() == "홈"
    assert ask(page, "쿼럼이란")


def test_diagrams_are_drawn_from_a_folder_on_disk(site: Site, new_page: NewPage) -> None:
    name = next(name for name in NOTES if diagrams(name))
    page = new_page()
    watch = Watch.over(page, site)
    page.goto((site.folder / url(name) / "index.html").as_uri())
    watch.problems.clear()  # search needs a server; a diagram does not
    wait_for_diagrams(page, watch)
    assert look_at(measure(page), diagrams(name), "from disk") == []


def test_on_paper_dark_is_light_and_solutions_are_unfolded(site: Site, new_page: NewPage) -> None:
    name = next(name for name in NOTES if "??? success" in (DOCS / name).read_text("utf-8"))
    page = new_page(scheme="dark")
    page.goto(site.url + url(name))
    assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
    solution = page.locator("details:not([open]) > :not(summary)").first
    assert not solution.evaluate("element => element.checkVisibility()")
    page.emulate_media(media="print")
    assert solution.evaluate("element => element.checkVisibility()")
    colour = page.evaluate("getComputedStyle(document.querySelector('article p')).color")
    assert colour == "rgb(0, 0, 0)"
