"""Open a page as a reader would, wait until it is finished, and list what is wrong with it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Response

from .server import Site

NewPage = Callable[..., Page]

LIBRARY = "assets/javascripts/mermaid.min.js"
# Below this part of 16 px, diagram text is a guess (docs/assets/javascripts/diagrams.js).
LEGIBLE_SCALE = 0.7
# WCAG 2.2: text, and graphics that carry meaning.
CONTRAST = 4.5
HEAD_CONTRAST = 3
MARKER = re.compile(r"<!--\s*(?:quorum|facts?|topology|map|curriculum|exam)\b[^>]*>")
CODE = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL)

# Size, scale, text, clipped labels of each diagram, and the worst contrast with the page of its text and arrowheads.
MEASURE = """
() => {
  const rgba = value => {
    const [r, g, b, a = 1] = (value.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
    return {r, g, b, a};
  };
  const luminance = ({r, g, b}) => {
    const linear = [r, g, b].map(c => (c /= 255) <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
    return .2126 * linear[0] + .7152 * linear[1] + .0722 * linear[2];
  };
  const over = (c, under) => ({
    r: c.r * c.a + under.r * (1 - c.a),
    g: c.g * c.a + under.g * (1 - c.a),
    b: c.b * c.a + under.b * (1 - c.a),
  });
  const paper = rgba(getComputedStyle(document.body).backgroundColor);
  const contrast = colour => {
    const [light, dark] = [luminance(over(colour, paper)), luminance(paper)].sort((a, b) => b - a);
    return (light + .05) / (dark + .05);
  };
  return [...document.querySelectorAll("div.mermaid")].map(host => {
    const root = window.__roots.get(host);
    const svg = root && root.querySelector("svg");
    if (!svg) return null;
    const box = svg.getBoundingClientRect();
    // Whatever holds text itself; the number of a message is light on its own dark disc.
    const labels = [...svg.querySelectorAll("text, tspan, foreignObject *")]
      .filter(label => [...label.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
      .filter(label => !label.closest(".sequenceNumber"));
    const colours = labels.map(label => {
      const style = getComputedStyle(label);
      return rgba(label instanceof SVGElement ? style.fill : style.color);
    });
    // The heads of arrows: what a line's marker-start or marker-end points at.
    const heads = [...svg.querySelectorAll("[marker-end], [marker-start]")]
      .flatMap(line => [line.getAttribute("marker-end"), line.getAttribute("marker-start")])
      .map(url => url && svg.querySelector(`[id="${url.slice(url.indexOf("#") + 1).replace(/["')]+$/, "")}"] > *`))
      .filter(Boolean)
      .map(head => getComputedStyle(head))
      .map(style => style.fill === "none" ? style.stroke : style.fill)
      .map(rgba);
    return {
      width: box.width,
      height: box.height,
      scale: box.width / svg.viewBox.baseVal.width,
      text: svg.textContent,
      clipped: [...svg.querySelectorAll("foreignObject")]
        .filter(o => o.firstElementChild && o.firstElementChild.scrollWidth > o.width.baseVal.value + 2)
        .map(o => o.textContent.trim()),
      contrast: Math.min(...colours.map(contrast)),
      heads: Math.min(21, ...heads.map(contrast)),
      colour: JSON.stringify(colours[0]),
    };
  });
}
"""

# What Material's button would copy from each console fence: it marks the block and takes the text displayed.
COPY = """
() => {
  document.querySelectorAll("details").forEach(box => box.open = true);
  return [...document.querySelectorAll(".language-console code")].map(code => {
    for (let tab = code.closest(".tabbed-block"); tab; tab = tab.parentElement.closest(".tabbed-block"))
      tab.style.display = "block";
    code.setAttribute("data-md-copying", "");
    const text = code.innerText.trimEnd();
    code.removeAttribute("data-md-copying");
    return text;
  });
}
"""


@dataclass
class Watch:
    """What a page asked for and complained about, from before it is opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @classmethod
    def over(cls, page: Page, site: Site) -> Watch:
        watch = cls(page)
        problems, requests = watch.problems, watch.requests

        def asked(url: str) -> None:
            requests.append(url)
            if not url.startswith((site.url, "data:", "blob:")):
                problems.append(f"asks for {url}")

        def say(what: str) -> None:
            problems.append(what)

        def answered(response: Response) -> None:
            if not response.ok:
                say(f"HTTP {response.status} for {response.url}")

        def printed(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                say(f"console {message.type}: {message.text}")

        page.on("request", lambda request: asked(request.url))
        page.on("requestfailed", lambda request: say(f"did not get {request.url}: {request.failure}"))
        page.on("response", answered)
        page.on("pageerror", lambda error: say(f"uncaught: {error}"))
        page.on("console", printed)
        return watch


def visit(page: Page, site: Site, path: str, diagrams: Sequence[str] = (), consoles: Sequence[str] = ()) -> list[str]:
    """Open `path`, wide and light, then dark, then narrow.

    `diagrams` are those of its source, `consoles` the commands in its console fences.
    Returns everything that is wrong, in words.
    """
    watch = Watch.over(page, site)
    response = page.goto(site.url + path)
    html = response.text() if response else ""
    wait_for_diagrams(page, watch)
    page.wait_for_function("__search.ready")  # the last thing that a page loads
    problems = watch.problems
    problems += [f"left in the page: {found}" for found in MARKER.findall(CODE.sub("", html))]
    if "```" in page.evaluate("document.querySelector('article').innerText"):
        problems.append("a fence was not recognised: its marks are in the text")
    loads = sum(url.endswith(LIBRARY) for url in watch.requests)
    if loads != bool(diagrams):
        problems.append(f"loads the mermaid library {loads} times for {len(diagrams)} diagrams")
    light = measure(page)
    problems += look_at(light, diagrams, "light")
    page.locator("form[data-md-component=palette] label:not([hidden])").click()
    page.wait_for_function("document.body.dataset.mdColorScheme === 'slate'")
    dark = measure(page)
    problems += look_at(dark, diagrams, "dark")
    if any(a and b and a["colour"] == b["colour"] for a, b in zip(light, dark, strict=True)):
        problems.append("a diagram keeps its colours when the palette changes")
    copied = page.evaluate(COPY)
    if copied != [*consoles]:
        problems.append(f"console fences copy as {copied}, not as {[*consoles]}")
    page.set_viewport_size({"width": 360, "height": 760})
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    problems += look_at(measure(page), diagrams, "at 360 px")
    if wide := page.evaluate("document.scrollingElement.scrollWidth - innerWidth"):
        problems.append(f"at 360 px the page is {wide} px too wide")
    return problems


def wait_for_diagrams(page: Page, watch: Watch, seconds: float = 20) -> None:
    """Wait until every diagram is drawn, or something went wrong."""
    end = time.monotonic() + seconds
    while page.locator("pre.mermaid").count() and not watch.problems and time.monotonic() < end:
        page.wait_for_timeout(50)


def measure(page: Page) -> list[dict[str, Any] | None]:
    """The drawn diagrams of the page as it is now; None for one without a drawing."""
    measured: list[dict[str, Any] | None] = page.evaluate(MEASURE)
    return measured


def look_at(measured: Sequence[dict[str, Any] | None], sources: Sequence[str], where: str) -> list[str]:
    """What is wrong with the diagrams: missing, empty, too small to read, clipped, or too pale."""
    if len(measured) != len(sources):
        return [f"{where}: {len(measured)} diagrams drawn, {len(sources)} written"]
    problems = []
    for number, (found, source) in enumerate(zip(measured, sources, strict=True), 1):
        if found is None:
            problems.append(f"diagram {number} {where}: nothing was drawn")
            continue
        faults = {
            f"is {found['width']:.0f} × {found['height']:.0f} px": min(found["width"], found["height"]) < 20,
            f"is drawn at {found['scale']:.2f} of its size": found["scale"] < LEGIBLE_SCALE,
            f"cuts off {found['clipped']}": bool(found["clipped"]),
            f"has text at contrast {found['contrast']:.2f}": found["contrast"] < CONTRAST,
            f"has arrowheads at contrast {found['heads']:.2f}": found["heads"] < HEAD_CONTRAST,
            f"lacks the words {missing(found['text'], source)}": bool(missing(found["text"], source)),
        }
        problems += [f"diagram {number} {where} {fault}" for fault, holds in faults.items() if holds]
    return problems


def missing(drawn: str, source: str) -> list[str]:
    """The Hangul words of a diagram's source that its drawing does not have."""
    source = re.sub(r"^\s*%%.*$", "", source, flags=re.MULTILINE)
    drawn = re.sub(r"\s+", "", drawn)
    return [word for word in re.findall(r"[가-힣]+", source) if word not in drawn]
