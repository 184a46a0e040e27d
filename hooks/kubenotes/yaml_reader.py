"""Read YAML as the Kubernetes API server reads it, keeping the place of every key and value.

The server reads with a YAML 1.1 dialect of its own: `y`, `on` and `off` are booleans, `12:30` and
`2024-01-01` are strings, `1e3` and `0o777` are numbers, `08` is 8. libyaml composes the nodes;
what a plain scalar is, is decided here.

Source: the resolver of sigs.k8s.io/yaml's goyaml.v2.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs do not export it

if TYPE_CHECKING:
    from collections.abc import Hashable


class Kind(Enum):
    """The JSON type a node has for the server."""

    NULL = "null"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    ARRAY = "array"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar: its type for the server, its text as written, its place (from 0)."""

    kind: Kind
    text: str
    line: int
    column: int
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    line: int
    column: int
    kind: Kind = Kind.ARRAY


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping. `entries` keeps every pair as written, a duplicate key included."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int
    kind: Kind = Kind.OBJECT

    def get(self, key: str) -> Node | None:
        return next((value for name, value in self.entries if name.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Fault:
    """What the reader refuses; `line` and `column` count from 0 within the text.

    `related` is the line of what the fault has to do with, where that is another one.
    """

    line: int
    column: int
    code: str
    message: str
    related: int | None = None


_BOOLEANS = frozenset(
    [
        "y",
        "Y",
        "yes",
        "Yes",
        "YES",
        "true",
        "True",
        "TRUE",
        "on",
        "On",
        "ON",
        "n",
        "N",
        "no",
        "No",
        "NO",
        "false",
        "False",
        "FALSE",
        "off",
        "Off",
        "OFF",
    ]
)
_NULLS = frozenset(["", "~", "null", "Null", "NULL"])
_SPECIAL_FLOATS = frozenset(
    [".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"]
)
_INTEGER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")

# A note elides with dots and names what the reader fills in; neither has a type of its own.
PLACEHOLDER = re.compile(r"\s*(?:\.\.\.|…|<[^<>\n]+>|\$\{?[A-Za-z_][A-Za-z0-9_]*\}?|\$\([^)]*\)|\{\{.*\}\})\s*")

MAX_DEPTH = 200
MAX_NODES = 500_000


def scalar_kind(text: str) -> Kind:
    """The type the server gives a plain scalar."""
    if text in _NULLS:
        return Kind.NULL
    if text in _BOOLEANS:
        return Kind.BOOLEAN
    first = text[0]
    if first.isdigit() or first in "+-.":
        digits = text.replace("_", "")
        if _INTEGER.fullmatch(digits):
            return Kind.INTEGER
        if text in _SPECIAL_FLOATS:
            return Kind.NUMBER
        if _FLOAT.fullmatch(digits) and float(digits) not in (float("inf"), float("-inf")):
            # `08` and `1.0` are floats to the reader; JSON then has 8 and 1.
            return Kind.INTEGER if float(digits).is_integer() and "." not in digits else Kind.NUMBER
    return Kind.STRING


class _Composer(CParser):
    """libyaml's composer with no resolver of its own: a tag only says whether the scalar was plain."""

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: Any) -> str:
        return "plain" if kind is yaml.ScalarNode and implicit[0] else "other"

    def descend_resolver(self, current_node: Any, current_index: Any) -> None: ...

    def ascend_resolver(self) -> None: ...

    def dispose(self) -> None: ...


def read(text: str) -> tuple[list[Node], list[Fault]]:
    """Read every document. After a syntax fault the documents before it are still returned.

    Duplicate keys are faults of their own and do not stop the reading.
    """
    if fault := _too_deep(text):
        return [], [fault]
    documents: list[Node] = []
    faults: list[Fault] = []
    try:
        composer = _Composer(text)
        while composer.check_node():
            node = composer.get_node()
            if node is not None:
                documents.append(_Converter(faults).convert(node))
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line = before.count("\n")
        faults.append(
            Fault(line, len(before) - before.rfind("\n") - 1, "yaml-syntax", f"{error.reason}: {error.character!r}")
        )
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        related = error.context_mark.line if error.context_mark and error.problem_mark else None
        faults.append(Fault(line, column, "yaml-syntax", _explain(error, text), related))
    except _TooLarge as error:
        faults.append(Fault(error.line, error.column, "yaml-syntax", "aliases expand to too many nodes"))
    return documents, faults


def read_json(text: str) -> tuple[list[Node], list[Fault]]:
    """Read JSON, strictly; several objects may stand one after another."""
    decoder = json.JSONDecoder()
    position = len(text) - len(text.lstrip())
    try:
        while position < len(text):
            _, position = decoder.raw_decode(text, position)
            position += len(text[position:]) - len(text[position:].lstrip())
    except json.JSONDecodeError as error:
        return [], [Fault(error.lineno - 1, error.colno - 1, "yaml-syntax", f"not JSON: {error.msg}")]
    except RecursionError:
        return [], [Fault(0, 0, "yaml-syntax", f"nested deeper than {MAX_DEPTH} levels")]
    if not text.strip():
        return [], [Fault(0, 0, "yaml-syntax", "not JSON: there is nothing")]
    # A separator is what YAML needs between documents; it must not move a line.
    return read(re.sub(r"(?<=\})[ \t]*\n(?=\{)", "\n--- ", text) if "}\n{" in text else text)


def is_template(text: str) -> bool:
    """Whether the text is a template that something else fills in before Kubernetes sees it."""
    return bool(re.search(r"^[^\n#'\"|>]*\{\{.*\}\}", text, re.MULTILINE))


def _explain(error: yaml.MarkedYAMLError, text: str) -> str:
    message = str(error.problem or "cannot be read")
    if error.context:
        message += f" ({error.context})"
    mark = error.problem_mark
    row = text.split("\n")[mark.line] if mark and mark.line <= text.count("\n") else ""
    if "cannot start any token" in message and mark and row[mark.column : mark.column + 1] == "\t":
        message = "a tab: YAML is indented with spaces, not with tabs"
    elif "mapping values are not allowed" in message:
        message += ": a second `: ` on one line, or wrong indentation; quote the value or fix the indentation"
    return message


def _too_deep(text: str) -> Fault | None:
    """Refuse what would overflow libyaml's recursive composer, before it is asked."""
    depth, line, start = 0, 0, 0
    if text.count("[") + text.count("{") > MAX_DEPTH:
        for match in re.finditer(r"[\[{\]}\n]", text):
            character = match[0]
            if character == "\n":
                line, start = line + 1, match.end()
            elif character in "[{":
                depth += 1
                if depth > MAX_DEPTH:
                    return Fault(line, match.start() - start, "yaml-syntax", f"nested deeper than {MAX_DEPTH} levels")
            else:
                depth = max(0, depth - 1)
    for number, row in enumerate(text.split("\n") if len(text) > 2 * MAX_DEPTH else ()):
        indent = re.match(r" *(?:- |\? )*", row)
        if indent and len(indent[0]) > 2 * MAX_DEPTH and row.strip():
            return Fault(number, 0, "yaml-syntax", f"nested deeper than {MAX_DEPTH} levels")
    return None


class _TooLarge(Exception):
    def __init__(self, line: int, column: int) -> None:
        self.line, self.column = line, column


class _Converter:
    """PyYAML's nodes → ours, once for each node, so that aliases are cheap and cannot explode."""

    def __init__(self, faults: list[Fault]) -> None:
        self._faults = faults
        self._done: dict[int, Node] = {}
        self._sizes: dict[int, int] = {}

    def convert(self, node: yaml.Node) -> Node:
        return self._convert(node)[0]

    def _convert(self, node: yaml.Node) -> tuple[Node, int]:
        known = self._done.get(id(node))
        if known is not None:
            return known, self._sizes[id(node)]
        result: Node
        size = 1
        line, column = node.start_mark.line, node.start_mark.column
        # An alias to a node that is still open: a cycle. Kubernetes has no use for one.
        self._done[id(node)] = Scalar(Kind.NULL, "", line, column)
        self._sizes[id(node)] = 1
        if isinstance(node, yaml.ScalarNode):
            plain = node.tag == "plain"
            kind = scalar_kind(node.value) if plain else _tagged_kind(node)
            result = Scalar(kind, node.value, line, column, plain)
        elif isinstance(node, yaml.SequenceNode):
            items = []
            for child in node.value:
                item, weight = self._convert(child)
                items.append(item)
                size += weight
            result = Sequence(tuple(items), line, column)
        else:
            assert isinstance(node, yaml.MappingNode)
            result, size = self._mapping(node)
        if size > MAX_NODES:
            raise _TooLarge(line, column)
        self._done[id(node)], self._sizes[id(node)] = result, size
        return result, size

    def _mapping(self, node: yaml.MappingNode) -> tuple[Mapping, int]:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[Hashable, int] = {}
        size = 1
        for key_node, value_node in node.value:
            key, _ = self._convert(key_node)
            value, weight = self._convert(value_node)
            size += weight + 1
            if not isinstance(key, Scalar):
                self._faults.append(
                    Fault(key.line, key.column, "yaml-syntax", "a key must be a plain word, not a list or a mapping")
                )
                continue
            if key.text == "<<" and key.plain:
                entries += _merged(value)
                continue
            if key.text in seen:
                self._faults.append(
                    Fault(
                        key.line,
                        key.column,
                        "duplicate-key",
                        f"key {key.text!r} is already set in this mapping",
                        seen[key.text],
                    )
                )
            else:
                seen[key.text] = key.line
            entries.append((key, value))
        own = {key.text for key, _ in entries}
        return Mapping(tuple(entries), node.start_mark.line, node.start_mark.column), max(size, len(own))


def _merged(value: Node) -> list[tuple[Scalar, Node]]:
    """The entries that a `<<` key brings in."""
    if isinstance(value, Mapping):
        return list(value.entries)
    if isinstance(value, Sequence):
        return [entry for item in value.items for entry in _merged(item)]
    return []


def _tagged_kind(node: yaml.ScalarNode) -> Kind:
    tags = {
        "tag:yaml.org,2002:int": Kind.INTEGER,
        "tag:yaml.org,2002:float": Kind.NUMBER,
        "tag:yaml.org,2002:bool": Kind.BOOLEAN,
        "tag:yaml.org,2002:null": Kind.NULL,
    }
    return tags.get(node.tag, Kind.STRING)
