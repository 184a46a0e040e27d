"""Serve the pinned mermaid library from our own site, and see to it that no diagram vanishes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File

from kubenotes import mermaid, note

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

log = get_plugin_logger("mermaid_library")

# Beside diagrams.js, which asks for it by this name.
LIBRARY = "assets/javascripts/mermaid.min.js"
DIAGRAM = re.compile(r'<pre\b[^>]*\bclass="[^"]*\bmermaid\b')


def on_config(config: MkDocsConfig) -> None:
    # mermaid2 would parse and write anew every page, a third of the build, to add a script to diagrams in
    # <div>s; ours stand in <pre class="mermaid">, which Material draws, and has nothing to add.
    if plugin := config.plugins.get("mermaid2"):
        handlers = config.plugins.events["post_page"]
        handlers[:] = [handler for handler in handlers if getattr(handler, "__self__", None) is not plugin]


def on_files(files: Files, config: MkDocsConfig) -> None:
    try:
        files.append(File.generated(config, LIBRARY, content=mermaid.library()))
    except mermaid.MermaidUnavailable as error:
        log.warning("no diagram will be drawn: %s", error)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> None:
    # The source as written, and as it went into Markdown: a marker may have become a diagram.
    written, expanded = (
        sum(fence.language == "mermaid" for fence in note.read(text or "").fences)
        for text in (page.file.content_string, page.markdown)
    )
    drawn = len(DIAGRAM.findall(output))
    if drawn != max(written, expanded):
        log.warning(
            "%s: %d mermaid fences, but %d diagrams on the page",
            page.file.src_uri,
            max(written, expanded),
            drawn,
        )
