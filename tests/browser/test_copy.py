"""The copy button of a console fence gives what can be pasted into a terminal: no prompts, no output."""

from __future__ import annotations

from .server import Site
from .sources import NOTES, commands, consoles, fences, url
from .visit import NewPage


def first_console() -> str:
    """A note whose first console fence shows output and is not folded away."""
    for name in NOTES:
        for fence in fences(name, "console")[:1]:
            shown, copied = fence.code.splitlines(), commands(fence.code).splitlines()
            if fence.column == 1 and 0 < len(copied) < len(shown):
                return name
    raise AssertionError("no note begins with a console fence that has output")


def press_copy(page_url: str, new_page: NewPage, *, plain: bool = False) -> str:
    """Press the first console fence's button and read the clipboard."""
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    if plain:
        page.route("**/kubenotes.css", lambda route: route.fulfill(body="", content_type="text/css"))
    page.goto(page_url)
    code = page.locator(".language-console:visible").first
    code.scroll_into_view_if_needed()
    code.hover()
    code.locator("button[data-clipboard-target], .md-code__button").first.click()
    copied: str = page.evaluate("navigator.clipboard.readText()")
    return copied


def test_the_button_copies_commands_only(site: Site, new_page: NewPage) -> None:
    name = first_console()
    assert press_copy(site.url + url(name), new_page).strip() == consoles(name)[0]


def test_without_our_style_prompts_would_be_copied(site: Site, new_page: NewPage) -> None:
    """The planted fault: Material as it comes."""
    name = first_console()
    assert press_copy(site.url + url(name), new_page, plain=True).strip() != consoles(name)[0]
