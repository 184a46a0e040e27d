"""Make the site's search understand Korean: our worker before Material's, synonyms in the index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.plugins import get_plugin_logger

from kubenotes import facts, search

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

log = get_plugin_logger("korean_search")


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    return _rewire(output, page.file.src_uri)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    # 404.html is a template, not a page, and has a search box like any other.
    return _rewire(output_content, template_name) if template_name == "404.html" else output_content


def on_post_build(config: MkDocsConfig) -> None:
    glossary = Path(config.docs_dir, "data", "glossary.yml").read_text("utf-8")
    index = Path(config.site_dir, "search", "search_index.json")
    content = json.loads(index.read_text("utf-8"))
    groups = search.synonyms(facts.load("glossary", glossary).rows)
    content["docs"] = search.enrich(content["docs"], groups)
    # Unescaped Hangul is half the bytes of \uXXXX.
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    index.write_text(text, encoding="utf-8")


def _rewire(html: str, name: str) -> str:
    rewired = search.rewire(html)
    if rewired is None:
        log.warning("%s: its settings name no search worker; is this still Material 9?", name)
        return html
    return rewired
