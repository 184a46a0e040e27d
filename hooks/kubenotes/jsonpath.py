"""Parse JSONPath in kubectl's own dialect: what kubectl refuses is a JSONPathError at its place.

Source: the grammar of k8s.io/client-go/util/jsonpath (templates with `{…}` actions, `range`/`end`,
filters, unions, slices, no regular expressions).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TERMINATORS = frozenset(" \t\r\n.,[]$@{}")
_DICT_KEY = re.compile(r"'([^']*)'")
_SLICE = re.compile(r"(-?\d*)(:-?\d*)?(:-?\d*)?")
_FILTER = re.compile(r"([^!<>=]+)([!<>=]+)(.+)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?[\d.]*")
# Characters that Go's strconv.UnquoteChar knows after a backslash.
_ESCAPES = frozenset("abfnrtv\\'\"xuU01234567")


class JSONPathError(ValueError):
    """kubectl would refuse the template; `offset` is where in it."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: `kind` is text, field, index, union, filter, recursive, number, bool or keyword."""

    kind: str
    value: str
    offset: int


def parse(template: str) -> list[Step]:
    """Parse a template as `-o jsonpath=` takes it: text with `{…}` actions.

    Raises:
        JSONPathError: where kubectl would refuse it.
    """
    steps: list[Step] = []
    position = 0
    while (opening := template.find("{", position)) >= 0:
        if opening > position:
            steps.append(Step("text", template[position:opening], position))
        position = _Action(template, opening + 1, steps).parse()
    if position < len(template):
        steps.append(Step("text", template[position:], position))
    return steps


def parse_relaxed(expression: str) -> list[Step]:
    """Parse an expression as `--sort-by` and `custom-columns` take it: the braces may be left out.

    Raises:
        JSONPathError: where kubectl would refuse it.
    """
    if not expression:
        return []
    bare = re.fullmatch(r"\{\.?([^{}]+)\}|\.?([^{}]+)", expression)
    if not bare:
        raise JSONPathError(0, f"{expression!r} is not a path like .metadata.name or {{.metadata.name}}")
    path = bare[1] or bare[2]
    shift = expression.index(path) - len("{.")
    try:
        return parse("{." + path + "}")
    except JSONPathError as error:
        raise JSONPathError(max(0, error.offset + shift), error.message) from None


class _Action:
    """The inside of one pair of braces, read from `position` on."""

    def __init__(self, text: str, position: int, steps: list[Step]) -> None:
        self._text = text
        self._position = position
        self._steps = steps

    def parse(self) -> int:
        """Read up to the closing brace; returns the place after it."""
        while True:
            rest = self._text[self._position : self._position + 3]
            here = self._position
            if rest.startswith("}"):
                return here + 1
            if rest.startswith("[?("):
                self._filter()
            elif rest.startswith(".."):
                self._recursive()
            elif not rest or rest[0] in "\r\n":
                raise JSONPathError(here, "unclosed action: a { without its }")
            elif rest[0] in " @$":
                self._position += 1
            elif rest[0] == "[":
                self._array()
            elif rest[0] in "\"'":
                self._quote(rest[0])
            elif rest[0] == ".":
                self._position += 1
                self._field()
            elif rest[0] in "+-" or rest[0].isdigit():
                self._number()
            elif rest[0] == "_" or rest[0].isalpha():
                self._word()
            else:
                raise JSONPathError(
                    here, f"unrecognized character in action: {rest[0]!r}{_why_not(rest[0], self._text, here)}"
                )

    def _until_terminator(self) -> str:
        start = self._position
        while self._position < len(self._text) and self._text[self._position] not in _TERMINATORS:
            self._position += 2 if self._text[self._position] == "\\" else 1
        self._position = min(self._position, len(self._text))
        return self._text[start : self._position]

    def _add(self, kind: str, value: str, offset: int) -> None:
        self._steps.append(Step(kind, value, offset))

    def _field(self) -> None:
        start = self._position
        self._add("field", self._until_terminator().replace("\\", ""), start)

    def _recursive(self) -> None:
        if self._steps and self._steps[-1].kind == "recursive":
            raise JSONPathError(self._position, "invalid multiple recursive descent")
        self._add("recursive", "..", self._position)
        self._position += 2
        following = self._text[self._position : self._position + 1]
        if following == "_" or following.isalnum():
            self._field()

    def _word(self) -> None:
        start = self._position
        word = self._until_terminator()
        self._add("bool" if word in ("true", "false") else "keyword", word, start)

    def _number(self) -> None:
        match = _NUMBER.match(self._text, self._position)
        assert match
        try:
            float(match[0])
        except ValueError:
            raise JSONPathError(self._position, f"cannot parse number {match[0]}") from None
        self._add("number", match[0], self._position)
        self._position = match.end()

    def _quote(self, mark: str) -> None:
        start = self._position
        end = start + 1
        while True:
            if end >= len(self._text) or self._text[end] == "\n":
                raise JSONPathError(start, "unterminated quoted string")
            if self._text[end] == mark and self._text[end - 1] != "\\":
                break
            end += 1
        body = self._text[start + 1 : end]
        for escape in re.finditer(r"\\(.)", body):
            if escape[1] not in _ESCAPES:
                raise JSONPathError(start + 1 + escape.start(), f"unknown escape {escape[0]!r} in a quoted string")
        self._add("text", body, start)
        self._position = end + 1

    def _array(self) -> None:
        start = self._position
        end = self._text.find("]", start)
        if end < 0 or "\n" in self._text[start:end]:
            raise JSONPathError(start, "unterminated array: a [ without its ]")
        inside = self._text[start + 1 : end]
        self._position = end + 1
        parts = ["[:]"] if inside == "*" else [f"[{part.strip(' ')}]" for part in inside.split(",")]
        for part in parts:
            self._element(part[1:-1], start)
        self._add("union" if len(parts) > 1 else "index", inside, start)

    def _element(self, element: str, start: int) -> None:
        if key := _DICT_KEY.search(element):
            _nested("." + key[1], start)
        elif not _SLICE.fullmatch(element):
            raise JSONPathError(start, f"invalid array index {element}{_index_hint(element)}")

    def _filter(self) -> None:
        start = self._position
        position = start + len("[?(")
        opened = closed = False
        mark = ""
        while True:
            character = self._text[position : position + 1]
            if character in ("", "\n"):
                raise JSONPathError(start, "unterminated filter: a [?( without its )]")
            if character in "\"'":
                if not opened:
                    opened, mark = True, character
                elif self._text[position - 1] != "\\" and character == mark:
                    closed = True
            elif character == ")" and opened == closed:
                break
            position += 1
        inside = self._text[start + len("[?(") : position]
        if self._text[position + 1 : position + 2] != "]":
            raise JSONPathError(position, "unclosed array: ] is expected after the filter")
        comparison = _FILTER.fullmatch(inside)
        for side in (comparison[1], comparison[3]) if comparison else (inside,):
            _nested(side, start + len("[?(") + inside.index(side))
        if comparison and comparison[2] not in ("==", "!=", "<", ">", "<=", ">="):
            raise JSONPathError(start, f"unrecognized filter operator {comparison[2]}")
        self._add("filter", inside, start)
        self._position = position + 2


def _nested(action: str, offset: int) -> None:
    """Check a part of an action that stands on its own: a side of a filter, a quoted key."""
    try:
        parse("{" + action + "}")
    except JSONPathError as error:
        raise JSONPathError(offset + max(0, error.offset - 1), error.message) from None


def _index_hint(element: str) -> str:
    if element.startswith('"'):
        return ": a key stands in single quotes, ['key']"
    if element.startswith("?"):
        return ": a filter is written [?(@.field==value)]"
    return ""


def _why_not(character: str, text: str, position: int) -> str:
    if character == "]" and "\\[" in text[:position]:
        return ": the [ before it is escaped by a backslash, take the backslash away"
    if character == "~":
        return ": there are no regular expressions in kubectl's JSONPath"
    return ""
