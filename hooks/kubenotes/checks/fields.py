"""Walk one object with its schema in hand: unknown fields, wrong types, values outside their set, missing fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..kubernetes import Schema, Schemas
from ..problem import closest, did_you_mean
from ..quantity import parse as parse_quantity
from ..yaml_reader import PLACEHOLDER, Kind, Mapping, Node, Scalar, Sequence, scalar_kind

# A part of a value that the reader fills in: `web-<n>`, `${CPU}m`, `{{ .name }}`.
FILLED_IN = re.compile(r"[<>${}…]|\.\.\.")

_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"

_TYPES: dict[str, frozenset[Kind]] = {
    "string": frozenset([Kind.STRING]),
    "integer": frozenset([Kind.INTEGER]),
    "number": frozenset([Kind.INTEGER, Kind.NUMBER]),
    "boolean": frozenset([Kind.BOOLEAN]),
    "array": frozenset([Kind.ARRAY]),
    "object": frozenset([Kind.OBJECT]),
}
# The types as messages name them.
_NAMES = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
# What a quoted value would be without its quotes, where that is what was wanted.
_UNQUOTED = {_NAMES[kind]: _TYPES[kind] for kind in ("integer", "number", "boolean")}


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem whose place is still that in the snippet."""

    line: int
    column: int
    code: str
    message: str
    fix: str | None = None


class Fields:
    """One walk over one object, schema in hand."""

    def __init__(self, known: Schemas, kind: str, *, partial: bool = False) -> None:
        self._known = known
        self._kind = kind
        # A part of an object may leave out what the whole must have.
        self._partial = partial

    def resolve(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self._known.definitions[schema["$ref"]]
        return schema

    def step(self, schema: Schema, name: str) -> Schema | None:
        """The schema of a field; a list is stepped into with the name of the list."""
        schema = self.resolve(schema)
        field: Any = schema.get("properties", {}).get(name.removesuffix("[]"))
        if field is None:
            extra = schema.get("additionalProperties")
            return extra if isinstance(extra, dict) else None
        if name.endswith("[]"):
            return self.resolve(field).get("items")
        return dict(field)

    def check(self, node: Node, schema: Schema, path: str) -> Iterator[Finding]:
        quantity = schema.get("$ref") == _QUANTITY
        schema = self.resolve(schema)
        # null is "not set" to the server, wherever it stands.
        if is_placeholder(node) or node.kind is Kind.NULL:
            return
        if schema.get("x-int-or-string") or quantity:
            if node.kind not in (Kind.STRING, Kind.INTEGER) and not (quantity and node.kind is Kind.NUMBER):
                yield self._wrong_type(node, "a number or a string", path)
            elif (
                quantity
                and isinstance(node, Scalar)
                and parse_quantity(node.text) is None
                and not FILLED_IN.search(node.text)
            ):
                yield Finding(
                    node.line,
                    node.column,
                    "wrong-value",
                    f"{path} is {node.text!r}, expected a quantity like 500m, 2 or 1Gi",
                )
            return
        wanted = schema.get("type")
        if wanted and node.kind not in _TYPES[wanted]:
            yield self._wrong_type(node, _NAMES[wanted], path)
            return
        if isinstance(node, Scalar):
            yield from self._value(node, schema, path)
        elif isinstance(node, Sequence):
            items = schema.get("items")
            if items:
                for index, item in enumerate(node.items):
                    yield from self.check(item, items, f"{path}[{index}]")
        else:
            yield from self._mapping(node, schema, path)

    def _value(self, node: Scalar, schema: Schema, path: str) -> Iterator[Finding]:
        allowed = [str(value) for value in schema.get("enum", ())]
        if allowed and node.text not in allowed and node.text:
            candidate = closest(node.text, allowed)
            yield Finding(
                node.line,
                node.column,
                "wrong-value",
                f"{path} is {node.text!r}, expected one of {', '.join(allowed)}{did_you_mean(candidate)}",
                candidate,
            )

    def _mapping(self, node: Mapping, schema: Schema, path: str) -> Iterator[Finding]:
        properties = schema.get("properties")
        extra = schema.get("additionalProperties")
        if "type" not in schema:  # any value at all
            return
        open_ended = schema.get("x-kubernetes-preserve-unknown-fields") or extra is True
        meant: set[str | None] = set()
        for key, value in node.entries:
            below = f"{path}.{key.text}" if path else key.text
            if properties is not None and key.text in properties:
                yield from self.check(value, properties[key.text], below)
            elif isinstance(extra, dict):
                yield from self.check(value, extra, below)
            elif not open_ended and not is_placeholder(key):
                candidate = closest(key.text, properties or ())
                meant.add(candidate)
                yield Finding(
                    key.line,
                    key.column,
                    "unknown-field",
                    f"{self._kind} has no field {below!r}{did_you_mean(candidate)}",
                    candidate,
                )
        if self._partial:
            return
        present = {key.text for key, value in node.entries if value.kind is not Kind.NULL}
        elided = any(
            is_placeholder(key) or is_placeholder(value) and key.text in ("...", "…") for key, value in node.entries
        )
        for name in () if elided else schema.get("required", ()):
            # A misspelt field has been reported; that it is missing under its right name is the same defect.
            if name not in present and name not in meant:
                where = f"{path!r} of {self._kind}" if path else self._kind
                yield Finding(
                    node.line, node.column, "missing-field", f"{where} needs the field {name!r}, which is not there"
                )

    def _wrong_type(self, node: Node, wanted: str, path: str) -> Finding:
        hint = ""
        if wanted == "a string" and isinstance(node, Scalar) and node.kind in (Kind.BOOLEAN, Kind.INTEGER, Kind.NUMBER):
            hint = f"; quote it: {node.text!r}".replace("'", '"')
        elif isinstance(node, Scalar) and not node.plain and scalar_kind(node.text) in _UNQUOTED.get(wanted, ()):
            hint = "; take the quotes away"
        return Finding(
            node.line, node.column, "wrong-type", f"{path or self._kind} is {shown(node)}, expected {wanted}{hint}"
        )


def is_placeholder(node: Node) -> bool:
    """Whether a value is for the reader to fill in."""
    return isinstance(node, Scalar) and bool(PLACEHOLDER.fullmatch(node.text)) and node.text.strip() != ""


def shown(node: Node) -> str:
    """A value as messages name it: its type, and its text where it has one."""
    names = {
        Kind.NULL: "null",
        Kind.BOOLEAN: "a boolean",
        Kind.INTEGER: "a whole number",
        Kind.NUMBER: "a number",
        Kind.STRING: "a string",
        Kind.ARRAY: "a list",
        Kind.OBJECT: "a mapping",
    }
    name = names[node.kind]
    return f"{name} ({node.text})" if isinstance(node, Scalar) and node.text else name
