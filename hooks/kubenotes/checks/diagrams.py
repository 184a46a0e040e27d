"""Check diagrams with mermaid's own parser: what a browser would refuse to draw is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from .. import mermaid
from ..note import Fence, read
from ..problem import Problem


def check(fence: Fence, path: str = "-") -> list[Problem]:
    """Check one mermaid fence.

    Raises:
        kubenotes.mermaid.MermaidUnavailable: the pinned mermaid library is not installed.
    """
    fault = mermaid.parse(fence.code)
    if fault is None:
        return []
    line, column = fence.place(fault.line - 1, fault.column - 1)
    return [Problem(path, line, column, "diagram-syntax", f"mermaid: {fault.message}")]


def prepare(notes: Iterable[str]) -> None:
    """Have the diagrams of these notes parsed in the background, for when they are checked."""
    mermaid.prepare(
        fence.code for text in notes if "mermaid" in text for fence in read(text).fences if fence.language == "mermaid"
    )
