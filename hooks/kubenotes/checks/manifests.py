"""Check manifests against Kubernetes' own schemas, strictly: what a server would not decode is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..kubernetes import Schema, Schemas, schemas
from ..note import Snippet
from ..problem import Problem, closest, did_you_mean, merge_versions
from ..yaml_reader import (
    PLACEHOLDER,
    Fault,
    Kind,
    Mapping,
    Node,
    Scalar,
    Sequence,
    is_template,
    read,
    read_json,
    scalar_kind,
)

_QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity"

_TYPES_BY_NAME = {
    "a whole number": (Kind.INTEGER,),
    "a number": (Kind.INTEGER, Kind.NUMBER),
    "true or false": (Kind.BOOLEAN,),
}

_TYPES: dict[str, frozenset[Kind]] = {
    "string": frozenset([Kind.STRING]),
    "integer": frozenset([Kind.INTEGER]),
    "number": frozenset([Kind.INTEGER, Kind.NUMBER]),
    "boolean": frozenset([Kind.BOOLEAN]),
    "array": frozenset([Kind.ARRAY]),
    "object": frozenset([Kind.OBJECT]),
}


@dataclass(frozen=True, slots=True)
class Result:
    """What was found in one snippet of YAML or JSON."""

    problems: tuple[Problem, ...]
    manifests: int = 0
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Finding:
    """A problem whose place is still that in the snippet."""

    line: int
    column: int
    code: str
    message: str
    fix: str | None = None


def check(
    snippet: Snippet,
    versions: tuple[str, ...],
    *,
    path: str = "-",
    json: bool = False,
    fragment: bool = False,
    kind: str = "",
    at: str = "",
) -> Result:
    """Check every document of one snippet.

    A document with `apiVersion` and `kind` is a manifest. A `fragment` is a part of one: of `kind`
    (`Deployment` or `apps/v1/Deployment`) and there at `at` (`spec.template.spec`) where they are
    given; without them only its syntax is checked.

    Raises:
        kubenotes.kubernetes.UnknownVersion: there is no data for one of the versions.
    """
    if is_template(snippet.code):
        return Result((), unknown=("a template ({{ … }})",))
    documents, faults = read_json(snippet.code) if json else read(snippet.code)
    if (
        json
        and faults
        and not is_manifest(snippet.code)
        and re.search(r"\.\.\.|…|(?:^|\s)//", snippet.code, re.MULTILINE)
    ):
        return Result((), unknown=("JSON with elisions",))
    found: dict[str, list[Problem]] = {}
    manifests = 0
    unknown: list[str] = []
    for version in versions:
        known = schemas(version)
        findings: list[_Finding] = []
        manifests, unknown = 0, []
        for document in documents:
            if fragment:
                findings += _fragment(document, known, kind, at)
                continue
            for manifest in _manifests(document):
                manifests += 1
                findings += _manifest(manifest, known, unknown)
        found[version] = [_problem(finding, snippet, path) for finding in findings]
    problems = [_problem(fault, snippet, path) for fault in faults]
    return Result(tuple(problems + merge_versions(found)), manifests, tuple(dict.fromkeys(unknown)))


def is_manifest(text: str) -> bool:
    """Whether a piece of text looks like a manifest: it names an apiVersion and a kind."""
    return all(re.search(rf'^(?:\s*")?{key}"?\s*:', text, re.MULTILINE) for key in ("apiVersion", "kind"))


def _problem(finding: _Finding | Fault, snippet: Snippet, path: str) -> Problem:
    line, column = snippet.place(finding.line, finding.column)
    lines = snippet.code.split("\n")
    message = finding.message
    if isinstance(finding, Fault) and finding.related is not None and finding.related != finding.line:
        message += f" (see line {snippet.place(finding.related, 0)[0]})"
    return Problem(
        path=path,
        line=line,
        column=column,
        code=finding.code,
        message=message,
        fix=finding.fix if isinstance(finding, _Finding) else None,
        snippet=lines[finding.line].strip() if finding.line < len(lines) else "",
    )


def _text(node: Node | None) -> str | None:
    return node.text if isinstance(node, Scalar) and node.kind is Kind.STRING else None


def _manifests(document: Node) -> Iterator[Mapping]:
    """The objects of one document: itself, or the items of a List."""
    if not isinstance(document, Mapping):
        return
    api_version, kind = _text(document.get("apiVersion")), _text(document.get("kind"))
    items = document.get("items")
    if api_version == "v1" and kind == "List" and isinstance(items, Sequence):
        for item in items.items:
            yield from _manifests(item)
    elif document.get("apiVersion") is not None or document.get("kind") is not None:
        yield document


def _manifest(manifest: Mapping, known: Schemas, unknown: list[str]) -> Iterator[_Finding]:
    for key in ("apiVersion", "kind"):
        value = manifest.get(key)
        if value is None:
            other = "kind" if key == "apiVersion" else "apiVersion"
            yield _Finding(
                manifest.line,
                manifest.column,
                "missing-kind",
                f"{key} is not set, {other} is: an object needs both (a part of one is marked `fragment`)",
            )
            return
        if _placeholder(value):
            return
        if _text(value) is None:
            yield _Finding(value.line, value.column, "wrong-type", f"{key} is {_shown(value)}, expected a string")
            return
    api_version, kind = manifest.get("apiVersion"), manifest.get("kind")
    assert isinstance(api_version, Scalar)
    assert isinstance(kind, Scalar)
    schema = known.of(api_version.text, kind.text)
    if schema is not None:
        yield from _Checker(known, kind.text).check(manifest, schema, "")
    elif finding := _unknown_kind(api_version, kind, known):
        yield finding
    else:
        unknown.append(f"{api_version.text}/{kind.text}")


def _unknown_kind(api_version: Scalar, kind: Scalar, known: Schemas) -> _Finding | None:
    """Why a kind that has no schema is wrong; None where it may be somebody's custom resource."""
    kinds = known.kinds_in(api_version.text)
    elsewhere = known.versions_of(kind.text)
    group = api_version.text.partition("/")[0] if "/" in api_version.text else ""
    groups = {key.rsplit("/", 2)[0] if key.count("/") == 2 else "" for key in known.kinds}
    if kinds:
        candidate = closest(kind.text, kinds)
        hint = f"; it is in {' and '.join(elsewhere)}" if elsewhere else did_you_mean(candidate)
        return _Finding(
            kind.line,
            kind.column,
            "unknown-kind",
            f"no kind {kind.text!r} in apiVersion {api_version.text!r}{hint}",
            None if elsewhere else candidate,
        )
    # A group without a dot belongs to Kubernetes; so does one that it serves in another version.
    if group in groups or "." not in group:
        known_versions = sorted({key.rsplit("/", 1)[0] for key in known.kinds})
        candidate = elsewhere[-1] if elsewhere else closest(api_version.text, known_versions)
        hint = f"; {kind.text} is in {' and '.join(elsewhere)}" if elsewhere else did_you_mean(candidate)
        return _Finding(
            api_version.line,
            api_version.column,
            "unknown-kind",
            f"no apiVersion {api_version.text!r}{hint}",
            candidate,
        )
    return None


def _fragment(document: Node, known: Schemas, kind: str, at: str) -> Iterator[_Finding]:
    if not kind:
        return
    keys = [key for key in known.kinds if key == kind or key.endswith(f"/{kind}")]
    schema: Schema | None = known.definitions[known.kinds[keys[0]]] if keys else None
    checker = _Checker(known, kind.rsplit("/", 1)[-1], partial=True)
    for step in at.split(".") if at else ():
        schema = checker.step(schema, step) if schema is not None else None
    if schema is None:
        where = f" or no field {at!r} in it" if at else ""
        yield _Finding(
            document.line,
            document.column,
            "unknown-kind",
            f"no kind {kind!r}{where}: the fragment cannot be checked{did_you_mean(closest(kind, known.names()))}",
        )
        return
    yield from checker.check(document, schema, at)


def _placeholder(node: Node) -> bool:
    return isinstance(node, Scalar) and bool(PLACEHOLDER.fullmatch(node.text)) and node.text.strip() != ""


def _shown(node: Node) -> str:
    names = {
        Kind.NULL: "null",
        Kind.BOOLEAN: "a boolean",
        Kind.INTEGER: "a whole number",
        Kind.NUMBER: "a number",
        Kind.STRING: "a string",
        Kind.ARRAY: "a list",
        Kind.OBJECT: "a mapping",
    }
    shown = names[node.kind]
    return f"{shown} ({node.text})" if isinstance(node, Scalar) and node.text else shown


class _Checker:
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

    def check(self, node: Node, schema: Schema, path: str) -> Iterator[_Finding]:
        quantity = schema.get("$ref") == _QUANTITY
        schema = self.resolve(schema)
        # null is "not set" to the server, wherever it stands.
        if _placeholder(node) or node.kind is Kind.NULL:
            return
        if schema.get("x-int-or-string") or quantity:
            if node.kind not in (Kind.STRING, Kind.INTEGER) and not (quantity and node.kind is Kind.NUMBER):
                yield self._wrong_type(node, "a number or a string", path)
            return
        wanted = schema.get("type")
        if wanted and node.kind not in _TYPES[wanted]:
            yield self._wrong_type(node, _named(wanted), path)
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

    def _value(self, node: Scalar, schema: Schema, path: str) -> Iterator[_Finding]:
        allowed = [str(value) for value in schema.get("enum", ())]
        if allowed and node.text not in allowed and node.text:
            candidate = closest(node.text, allowed)
            yield _Finding(
                node.line,
                node.column,
                "wrong-value",
                f"{path} is {node.text!r}, expected one of {', '.join(allowed)}{did_you_mean(candidate)}",
                candidate,
            )

    def _mapping(self, node: Mapping, schema: Schema, path: str) -> Iterator[_Finding]:
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
            elif not open_ended and not _placeholder(key):
                candidate = closest(key.text, properties or ())
                meant.add(candidate)
                yield _Finding(
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
            _placeholder(key) or _placeholder(value) and key.text in ("...", "…") for key, value in node.entries
        )
        for name in () if elided else schema.get("required", ()):
            # A misspelt field has been reported; that it is missing under its right name is the same defect.
            if name not in present and name not in meant:
                where = f"{path!r} of {self._kind}" if path else self._kind
                yield _Finding(
                    node.line, node.column, "missing-field", f"{where} needs the field {name!r}, which is not there"
                )

    def _wrong_type(self, node: Node, wanted: str, path: str) -> _Finding:
        hint = ""
        if wanted == "a string" and isinstance(node, Scalar) and node.kind in (Kind.BOOLEAN, Kind.INTEGER, Kind.NUMBER):
            hint = f"; quote it: {node.text!r}".replace("'", '"')
        elif isinstance(node, Scalar) and not node.plain and scalar_kind(node.text) in _TYPES_BY_NAME.get(wanted, ()):
            hint = "; take the quotes away"
        return _Finding(
            node.line, node.column, "wrong-type", f"{path or self._kind} is {_shown(node)}, expected {wanted}{hint}"
        )


def _named(kind: str) -> str:
    return {
        "string": "a string",
        "integer": "a whole number",
        "number": "a number",
        "boolean": "true or false",
        "array": "a list",
        "object": "a mapping",
    }[kind]
