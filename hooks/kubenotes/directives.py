"""Expand the markers of a note (`<!-- quorum: 1-9 -->`, `<!-- fact: limits.nodes -->`): Markdown in, Markdown out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from . import facts as fact_tables
from . import quorum
from .facts import FactError, Facts
from .note import ATTRIBUTES, Fence, Note, Positions, outside_code, read
from .problem import Problem, closest
from .quorum import QuorumError

MARKERS = ("quorum", "facts", "fact")

_OPENING = re.compile(r"<!--[ \t]*(?P<name>[A-Za-z][\w-]*)[ \t]*(?P<colon>:?)")
_FAILING_TITLE = "실패하는 예 · 그대로 쓰지 않는다"


@dataclass(frozen=True, slots=True)
class _Marker:
    """A marker at its place in the text; `replacement` is None where it is malformed."""

    start: int
    end: int
    replacement: str | None
    problem: Problem | None = None


def expand(text: str, facts: Mapping[str, Facts]) -> str:
    """The text with every marker replaced; a malformed one disappears (`problems` has said why)."""
    note = read(text)
    pieces, end = [], 0
    for marker in _markers(note, facts, "-"):
        pieces += [note.text[end : marker.start], marker.replacement or ""]
        end = marker.end
    return "".join(pieces) + note.text[end:]


def problems(note: Note, facts: Mapping[str, Facts], path: str) -> list[Problem]:
    """What is wrong with the markers of a note."""
    return [marker.problem for marker in _markers(note, facts, path) if marker.problem]


def render_fences(text: str) -> str:
    """Fence lines without the attributes that only the checks read; failing examples get a title and a class."""
    note = read(text)
    lines = note.text.split("\n")
    for fence in note.fences:
        if set(fence.attributes) & set(ATTRIBUTES):
            lines[fence.line - 1] = _opening_line(lines[fence.line - 1], fence)
    return "\n".join(lines)


def _opening_line(line: str, fence: Fence) -> str:
    mark = re.match(r"[`~]+", line[fence.column - 1 :])
    assert mark
    kept = [f'{name}="{value}"' for name, value in fence.attributes.items() if name not in ATTRIBUTES]
    classes = [f".{fence.language or 'text'}"]
    if "fails" in fence.attributes:
        classes.append(".fails")
        if "title" not in fence.attributes:
            kept.append(f'title="{_FAILING_TITLE}"')
    return f"{line[: fence.column - 1]}{mark[0]} {{ {' '.join(classes + kept)} }}"


def _markers(note: Note, facts: Mapping[str, Facts], path: str) -> Iterator[_Marker]:
    text = outside_code(note)
    positions = Positions(note.text)
    cursor = 0
    while opening := _OPENING.search(text, cursor):
        cursor = opening.end()
        name = opening["name"]
        known = name in MARKERS
        if not known and not (opening["colon"] and closest(name, MARKERS)):
            continue
        end = text.find("-->", opening.end())
        another = text.find("<!--", opening.end())
        line, column = positions.at(opening.start())

        def wrong(message: str, line: int = line, column: int = column, fix: str | None = None) -> Problem:
            return Problem(path, line, column, "marker", message, fix=fix)

        if end < 0 or 0 <= another < end:
            stop = text.find("\n", opening.end())
            stop = len(text) if stop < 0 else stop
            problem = wrong(f"the {name} marker is not closed: end it with -->")
            yield _Marker(opening.start(), stop, None, problem)
            cursor = stop
            continue
        cursor = end + len("-->")
        arguments = text[opening.end() : end]
        if not known:
            candidate = closest(name, MARKERS)
            problem = wrong(f"unknown marker {name!r}; did you mean {candidate!r}?", fix=candidate)
            yield _Marker(opening.start(), cursor, None, problem)
        elif not opening["colon"]:
            problem = wrong(f"a colon is expected after {name!r}: <!-- {name}: … -->")
            yield _Marker(opening.start(), cursor, None, problem)
        else:
            yield _read(note, opening.start(), cursor, opening.end(), name, arguments, facts, path)


def _read(
    note: Note, start: int, end: int, at: int, name: str, arguments: str, facts: Mapping[str, Facts], path: str
) -> _Marker:
    positions = Positions(note.text)
    padding = len(arguments) - len(arguments.lstrip())

    def wrong(offset: int, message: str) -> _Marker:
        line, column = positions.at(offset)
        return _Marker(start, end, None, Problem(path, line, column, "marker", message))

    try:
        if name == "fact":
            return _Marker(start, end, fact_tables.value(facts, arguments.strip()))
        line_start = note.text.rfind("\n", 0, start) + 1
        indent = note.text[line_start:start]
        line_end = note.text.find("\n", end)
        if indent.strip(" \t>") or note.text[end : line_end if line_end >= 0 else None].strip():
            return wrong(start, f"a {name} marker becomes a table: it needs a line of its own")
        if name == "facts":
            table = fact_tables.render(facts, arguments.strip())
        else:
            table = quorum.render(quorum.parse(arguments))
    except FactError as error:
        return wrong(at + padding, str(error))
    except QuorumError as error:
        return wrong(at + (error.offset or padding), error.message)
    return _Marker(start, end, table.replace("\n", "\n" + indent))
