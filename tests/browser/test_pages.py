"""Every page, opened in a real browser: no error, no stranger, every diagram there, nothing too wide."""

from __future__ import annotations

import pytest

from .server import Site
from .sources import NOTES, consoles, diagrams, url
from .visit import NewPage, visit


def test_there_are_pages_with_diagrams_and_consoles() -> None:
    assert any(diagrams(name) for name in NOTES)
    assert any(consoles(name) for name in NOTES)


@pytest.mark.parametrize("name", NOTES)
def test_page_is_sound(name: str, site: Site, new_page: NewPage) -> None:
    problems = visit(new_page(), site, url(name), diagrams(name), consoles(name))
    assert not problems, "\n".join(problems)
