"""The page checks can fail: one planted fault each, on a page that is sound without it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

import pytest

from .server import Site
from .visit import NewPage, visit

DIAGRAM = "flowchart TD\n    lb[로드 밸런서] --> api[서버]\n"
SEQUENCE = "sequenceDiagram\n    a->>b: 요청\n    b-->>a: 응답\n"
WIDE = "flowchart LR\n" + "".join(f"    n{i}[이름이 긴 노드] --> n{i + 1}[이름이 긴 노드]\n" for i in range(9))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is planted on the page, and what the visit must say about it."""

    says: str
    added: str = ""
    diagrams: tuple[str, ...] = ()
    shown: tuple[str, ...] | None = None  # what the page has in place of its source's diagrams
    consoles: tuple[str, ...] = ()
    loader: tuple[str, str] | None = None  # a replacement in diagrams.js

    @property
    def article(self) -> str:
        shown = self.diagrams if self.shown is None else self.shown
        drawn = "".join(f'<pre class="mermaid"><code>{escape(code)}</code></pre>' for code in shown)
        return f'<h1 id="_1">시험</h1><p>글</p>{drawn}{self.added}'


FAULTS = {
    "broken diagram": Fault("was not drawn", diagrams=(DIAGRAM,), shown=(DIAGRAM.replace("-->", "--"),)),
    "lost diagram": Fault("0 diagrams drawn, 1 written", diagrams=(DIAGRAM,), shown=()),
    "lost label": Fault("lacks the words ['밸런서']", diagrams=(DIAGRAM,), shown=(DIAGRAM.replace("밸런서", ""),)),
    "other host": Fault("asks for https://example.invalid/", '<img src="https://example.invalid/a.png">'),
    "lost file": Fault("HTTP 404", '<img src="no-such-file.png">'),
    "thrown error": Fault("uncaught", "<script>throw new Error('planted')</script>"),
    "console error": Fault("console error", "<script>console.error('planted')</script>"),
    "wide block": Fault("px too wide", '<div style="width: 900px">넓다</div>'),
    "forgotten marker": Fault("left in the page", "<!-- quorum: 1-3 -->"),
    "unread fence": Fault("a fence was not recognised", "<p>```yaml</p>"),
    "copied prompt": Fault(
        "console fences copy as ['$ ls\\na.db'], not as ['ls']",
        '<div class="language-console"><pre><code>$ ls\na.db</code></pre></div>',
        consoles=("ls",),
    ),
    "needless library": Fault(
        "loads the mermaid library 1 times for 0 diagrams",
        '<script src="assets/javascripts/mermaid.min.js"></script>',
    ),
    "pale text": Fault(
        "has text at contrast",
        "<style>:root > * { --md-mermaid-label-fg-color: #ccc }</style>",
        diagrams=(DIAGRAM,),
    ),
    "fixed colours": Fault(
        "keeps its colours",
        "<style>:root > * { --md-mermaid-label-fg-color: #777 !important }</style>",
        diagrams=(DIAGRAM,),
    ),
    "dark arrowheads": Fault("has arrowheads at contrast", diagrams=(SEQUENCE,), loader=("marker:is(", "nothing:is(")),
    "cut label": Fault(
        "cuts off ['로드 밸런서'",
        diagrams=(DIAGRAM,),
        loader=('".frame{', '".nodeLabel{font-size:40px!important}.frame{'),
    ),
    "empty diagram": Fault("is 0 × 0 px", diagrams=(DIAGRAM,), loader=("display:block;", "display:none;")),
    "shrunk diagram": Fault("of its size", diagrams=(WIDE,), loader=("SMALLEST_SCALE = 0.75", "SMALLEST_SCALE = 0")),
}


def open_with(fault: Fault, site: Site, new_page: NewPage) -> list[str]:
    """Visit the home page with the fault's article in place of its own."""
    page = new_page()
    html, found = re.subn(
        r"(<article\b[^>]*>).*?(?=</article>)",
        lambda match: match[1] + fault.article,
        site.html(""),
        flags=re.DOTALL,
    )
    assert found == 1
    page.route(site.url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    if fault.loader:
        loader = (site.folder / "assets/javascripts/diagrams.js").read_text("utf-8")
        assert fault.loader[0] in loader
        changed = loader.replace(*fault.loader)
        page.route("**/diagrams.js", lambda route: route.fulfill(body=changed, content_type="text/javascript"))
    return visit(page, site, "", fault.diagrams, fault.consoles)


def test_without_a_fault_nothing_is_found(site: Site, new_page: NewPage) -> None:
    assert open_with(Fault("", diagrams=(DIAGRAM, SEQUENCE, WIDE)), site, new_page) == []


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_found(name: str, site: Site, new_page: NewPage) -> None:
    fault = FAULTS[name]
    problems = open_with(fault, site, new_page)
    assert any(fault.says in problem for problem in problems), problems
