"""Read a note: front matter, fences, code spans and links, each with its exact place in the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from .problem import Problem, closest

TAB_WIDTH = 4

# The attributes that say how a fence is checked; all others belong to the renderer and are left alone.
ATTRIBUTES = {
    "fails": "a regular expression",
    "skip": "a reason",
    "fragment": None,
    "output": None,
    "kind": "a kind, like Deployment or apps/v1/Deployment",
    "at": "a path of fields, like spec.template.spec",
}

_LANGUAGES = {
    "yml": "yaml",
    "shell-session": "console",
    "shellsession": "console",
    "sh-session": "console",
    "terminal": "console",
    "zsh": "bash",
    "sh": "bash",
    "shell": "bash",
}

_OPENING = re.compile(
    r"^(?P<prefix>(?:[ \t]*>)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$"
)
_QUOTE = re.compile(r"[ \t]*>")
_ATTRIBUTE = re.compile(
    r"""(?P<name>[\w-]+)(?:\s*=\s*(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)'|(?P<bare>[^\s}"']+)))?"""
)
_SPAN = re.compile(r"(?<!`)(?<!\\)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_LINK = re.compile(
    r"""(?P<bang>!?)\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\(\s*(?P<target><[^>]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)"""
)
_REFERENCE = re.compile(r"^[ ]{0,3}\[(?!\^)[^\]]+\]:[ \t]*(?P<target>\S+)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of code in a note, with the way back from a place in the code to a place in the file.

    `code` has the container's indentation and quote marks taken off; `lines` and `columns` hold,
    for each of its lines, the file's line number and how many characters were taken off.
    """

    code: str
    lines: tuple[int, ...]
    columns: tuple[int, ...]

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column in the code, from 0 → line and column in the file, from 1."""
        if not self.lines:
            return 1, 1
        line = min(max(line, 0), len(self.lines) - 1)
        return self.lines[line], self.columns[line] + column + 1


@dataclass(frozen=True, slots=True)
class Fence(Snippet):
    """A fenced block. `line` is that of the opening fence, `end` that of the closing one."""

    language: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    line: int = 1
    column: int = 1
    end: int = 1


@dataclass(frozen=True, slots=True)
class Span(Snippet):
    """A code span in running text."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image; `target` as written."""

    target: str
    line: int
    column: int
    image: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """All that a note contains that is worth checking, and the problems of the note's own form."""

    text: str
    front_matter: str
    fences: tuple[Fence, ...]
    spans: tuple[Span, ...]
    links: tuple[Link, ...]
    prose: tuple[tuple[int, int], ...]
    problems: tuple[Problem, ...]


class Positions:
    """Turns offsets in a text into lines and columns, both from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start(self, line: int) -> int:
        return self._starts[line - 1]


def read(text: str, path: str = "-") -> Note:
    """Read one note. Never raises: what is malformed is among the note's problems."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    first = _front_matter_end(lines)
    fences: list[Fence] = []
    problems: list[Problem] = []
    prose: list[tuple[int, int]] = []
    positions = Positions(text)
    comments = _comment_lines(text)
    start = index = first
    while index < len(lines):
        opening = _OPENING.match(lines[index])
        # A backtick in the info string makes it a code span, not a fence (CommonMark 4.5).
        if not opening or (opening["fence"][0] == "`" and "`" in opening["info"]) or index in comments:
            index += 1
            continue
        prose.append((start, index))
        fence, closed = _read_fence(lines, index, opening)
        fences.append(fence)
        problems += _fence_problems(fence, path, closed=closed)
        index = start = fence.end if closed else fence.end - 1
    prose.append((start, len(lines)))
    ranges = tuple(
        (positions.start(a + 1), positions.start(b + 1) if b < len(lines) else len(text)) for a, b in prose if a < b
    )
    spans, links = _read_prose(text, ranges, positions)
    return Note(
        text=text,
        front_matter="\n".join(lines[1 : first - 1]) if first else "",
        fences=tuple(fences),
        spans=tuple(spans),
        links=tuple(links),
        prose=ranges,
        problems=tuple(problems),
    )


def outside_code(note: Note) -> str:
    """The note's text with fences, code spans and front matter blanked, offsets unchanged."""
    blank = re.sub(r"[^\n]", " ", note.text)
    pieces, end = [], 0
    for start, stop in note.prose:
        pieces += [blank[end:start], _SPAN.sub(_blank, note.text[start:stop])]
        end = stop
    return "".join(pieces) + blank[end:]


def _blank(match: re.Match[str]) -> str:
    """As many characters on as many lines, none of them visible."""
    return re.sub(r"[^\n]", " ", match[0])


def _front_matter_end(lines: list[str]) -> int:
    """How many lines the front matter takes, its two rules included; 0 without one."""
    if lines[0].rstrip() != "---":
        return 0
    for index, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return index + 1
    return 0


def _comment_lines(text: str) -> set[int]:
    """Lines (from 0) that begin inside an HTML comment: nothing there is rendered."""
    inside: set[int] = set()
    line = last = 0
    for match in _COMMENT.finditer(text):
        line += text.count("\n", last, match.start())
        height = match[0].count("\n")
        # An unclosed comment is its own problem; it must not hide the rest of the note from the checks.
        if match[0].endswith("-->"):
            inside.update(range(line + 1, line + height + 1))
        line += height
        last = match.end()
    return inside


def _width(space: str) -> int:
    column = 0
    for character in space:
        column += TAB_WIDTH - column % TAB_WIDTH if character == "\t" else 1
    return column


def _strip(line: str, quotes: int, indent: int) -> int:
    """How many characters of a body line belong to its container."""
    taken = 0
    for _ in range(quotes):
        mark = _QUOTE.match(line, taken)
        if not mark:
            break
        taken = mark.end()
    column = 0
    while taken < len(line) and column < indent and line[taken] in " \t":
        column += TAB_WIDTH - column % TAB_WIDTH if line[taken] == "\t" else 1
        taken += 1
    return taken


def _read_fence(lines: list[str], index: int, opening: re.Match[str]) -> tuple[Fence, bool]:
    prefix, mark = opening["prefix"], opening["fence"]
    quotes = prefix.count(">")
    # What follows the last quote mark is indentation; a list marker counts as its width.
    indent = _width(re.sub(r"[^\t]", " ", prefix[prefix.rfind(">") + 1 :]))
    closing = re.compile(rf"[ \t]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
    language, attributes = _read_info(opening["info"].strip())
    body: list[str] = []
    numbers: list[int] = []
    columns: list[int] = []
    end: int | None = None
    cursor = index + 1
    while cursor < len(lines):
        line = lines[cursor]
        taken = _strip(line, quotes, indent)
        if closing.match(line, taken):
            end = cursor
            break
        if quotes and not _QUOTE.match(line):  # the quote ended, and the fence with it
            break
        body.append(line[taken:])
        numbers.append(cursor + 1)
        columns.append(taken)
        cursor += 1
    if end is None and indent:
        # Never closed: it ends with its list item, so that the rest of the note is still read.
        kept = next(
            (i for i, line in enumerate(lines[index + 1 : cursor]) if _dedented(line, quotes, indent)), len(body)
        )
        body, numbers, columns, cursor = body[:kept], numbers[:kept], columns[:kept], index + 1 + kept
    fence = Fence(
        code="".join(line + "\n" for line in body),
        lines=(*numbers, cursor + 1),
        columns=(*columns, 0),
        language=language,
        attributes=attributes,
        line=index + 1,
        column=len(prefix) + 1,
        end=(cursor if end is None else end) + 1,
    )
    return fence, end is not None


def _dedented(line: str, quotes: int, indent: int) -> bool:
    """Whether a line stands outside the container that is indented so far."""
    taken = _strip(line, quotes, indent)
    return bool(line[taken:].strip()) and _width(line[:taken].rpartition(">")[2]) < indent


def _read_info(info: str) -> tuple[str, dict[str, str]]:
    """The words after the fence: a language, then attributes; also the `{ .lang key="v" }` form."""
    language = ""
    if info.startswith("{"):
        info = info.strip("{} ")
    elif info:
        first = re.match(r"[^\s{]+", info)
        if first and "=" not in first[0]:
            language, info = first[0], info[first.end() :]
    attributes: dict[str, str] = {}
    for name in re.findall(r"(?<!\S)\.([\w+-]+)", info):
        language = language or name
    for match in _ATTRIBUTE.finditer(re.sub(r"(?<!\S)[.#][\w+-]+", " ", info)):
        value = match["double"] if match["double"] is not None else match["single"]
        if value is not None and match["double"] is not None:
            value = value.replace('\\"', '"')
        attributes[match["name"]] = value if value is not None else match["bare"] or ""
    language = language.lower()
    return _LANGUAGES.get(language, language), attributes


def _fence_problems(fence: Fence, path: str, *, closed: bool) -> Iterator[Problem]:
    def problem(code: str, message: str, fix: str | None = None) -> Problem:
        return Problem(path, fence.line, fence.column, code, message, fix=fix)

    if not closed:
        yield problem("fence-unclosed", "this fence is never closed: end it with a line of the same marks")
    for name, value in fence.attributes.items():
        wanted = ATTRIBUTES.get(name)
        if name not in ATTRIBUTES:
            if candidate := closest(name, ATTRIBUTES):
                yield problem("fence-attribute", f"unknown attribute {name!r}; did you mean {candidate!r}?", candidate)
        elif wanted and not value:
            yield problem("fence-attribute", f'{name} needs a value: {name}="…" ({wanted})')
    if (pattern := fence.attributes.get("fails")) is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            yield problem("fence-attribute", f"fails={pattern!r} is not a regular expression: {error}")
    if "fails" in fence.attributes and "skip" in fence.attributes:
        yield problem("fence-attribute", "fails and skip exclude each other: it is either checked or it is not")


def _read_prose(text: str, ranges: tuple[tuple[int, int], ...], positions: Positions) -> tuple[list[Span], list[Link]]:
    spans: list[Span] = []
    links: list[Link] = []
    for start, stop in ranges:
        part = _COMMENT.sub(_blank, text[start:stop])
        for match in _SPAN.finditer(part):
            if "\n\n" in match[0]:  # a paragraph ends a span
                continue
            code = match["code"]
            line, column = positions.at(start + match.start("code"))
            rows = code.count("\n") + 1
            spans.append(
                Span(
                    code=code,
                    lines=tuple(range(line, line + rows)),
                    columns=(column - 1, *[0] * (rows - 1)),
                )
            )
        plain = _SPAN.sub(_blank, part)
        for match in _LINK.finditer(plain):
            line, column = positions.at(start + match.start())
            links.append(Link(match["target"].strip("<>"), line, column, bool(match["bang"])))
        for offset, row in _rows(plain):
            if reference := _REFERENCE.match(row):
                line, column = positions.at(start + offset + reference.start("target"))
                links.append(Link(reference["target"].strip("<>"), line, column))
    return spans, links


def _rows(text: str) -> Iterator[tuple[int, str]]:
    offset = 0
    for row in text.split("\n"):
        yield offset, row
        offset += len(row) + 1
