"""Check diagrams with mermaid's own parser: what a browser would refuse to draw is wrong."""

from __future__ import annotations

from ..mermaid import parse
from ..note import Fence
from ..problem import Problem


def check(fence: Fence, path: str = "-") -> list[Problem]:
    """Check one mermaid fence.

    Raises:
        kubenotes.mermaid.MermaidUnavailable: the pinned mermaid library is not installed.
    """
    fault = parse(fence.code)
    if fault is None:
        return []
    line, column = fence.place(fault.line - 1, fault.column - 1)
    return [Problem(path, line, column, "diagram-syntax", f"mermaid: {fault.message}")]
