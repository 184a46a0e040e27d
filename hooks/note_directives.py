"""Expand the markers of a note and clean its fence lines, before Markdown sees them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError

from kubenotes.directives import expand, render_fences
from kubenotes.facts import FactError, Facts
from kubenotes.project import read_facts

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page


_facts: dict[str, dict[str, Facts]] = {}


def on_pre_build(config: MkDocsConfig) -> None:
    try:
        _facts[config.docs_dir] = read_facts(Path(config.docs_dir) / "data")
    except FactError as error:
        raise PluginError(str(error)) from None


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return render_fences(expand(markdown, _facts[config.docs_dir]))
