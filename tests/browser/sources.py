"""What the notes' sources say the site must show."""

from __future__ import annotations

import re
from pathlib import Path

from kubenotes import note

DOCS = Path(__file__).resolve().parents[2] / "docs"
NOTES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
PROMPT = re.compile(r"^(?:\[?\S+@\S+?\]?)?[$#] ")


def url(name: str) -> str:
    """`etcd/quorum.md` → `etcd/quorum/`, `index.md` → nothing."""
    return (name.removesuffix(".md") + "/").removesuffix("index/")


def fences(name: str, language: str) -> list[note.Fence]:
    found = note.read((DOCS / name).read_text("utf-8")).fences
    return [fence for fence in found if fence.language == language]


def diagrams(name: str) -> list[str]:
    return [fence.code for fence in fences(name, "mermaid")]


def consoles(name: str) -> list[str]:
    """The commands of each console fence."""
    return [commands(fence.code) for fence in fences(name, "console")]


def commands(console: str) -> str:
    """The commands of a console fence, by the simplest reading: prompts, and lines they run on to."""
    lines: list[str] = []
    goes_on = False
    for line in console.splitlines():
        if match := PROMPT.match(line):
            lines.append(line[match.end() :])
        elif line.startswith("> "):
            lines.append(line[2:])
        elif goes_on:
            lines.append(line)
        else:
            continue
        goes_on = lines[-1].endswith("\\")
    return "\n".join(lines)
