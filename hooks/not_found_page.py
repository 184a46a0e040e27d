"""Say in Korean, on the 404 page, that there is no such page and where to look: the theme says it in English only."""

from __future__ import annotations

from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger

log = get_plugin_logger("not_found_page")

THEIRS = "<h1>404 - Not found</h1>"
OURS = """<h1>없는 페이지다</h1>
<p>주소가 바뀌었거나 잘못 적혔다. 위의 검색에서 찾거나 <a href="{home}">홈</a>에서 시작한다.</p>"""


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    if template_name != "404.html":
        return output_content
    if THEIRS not in output_content:
        log.warning("404.html: the theme's heading is not there; is this still Material 9?")
    # Served for any path, so the way home cannot be relative.
    return output_content.replace(THEIRS, OURS.format(home=urlsplit(config.site_url or "/").path))
