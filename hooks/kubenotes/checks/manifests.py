"""Check manifests against Kubernetes' own schemas, strictly: what a server would not decode is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..kubernetes import Schema, Schemas, schemas
from ..note import Snippet
from ..problem import Problem, closest, did_you_mean, merge_versions
from ..yaml_reader import (
    Fault,
    Kind,
    Mapping,
    Node,
    Scalar,
    Sequence,
    is_template,
    read,
    read_json,
)
from . import rules
from .fields import Fields, Finding, is_placeholder, shown


@dataclass(frozen=True, slots=True)
class Result:
    """What was found in one snippet of YAML or JSON."""

    problems: tuple[Problem, ...]
    manifests: int = 0
    unknown: tuple[str, ...] = ()


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
        findings: list[Finding] = []
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


def _problem(finding: Finding | Fault, snippet: Snippet, path: str) -> Problem:
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
        fix=finding.fix if isinstance(finding, Finding) else None,
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


def _manifest(manifest: Mapping, known: Schemas, unknown: list[str]) -> Iterator[Finding]:
    for key in ("apiVersion", "kind"):
        value = manifest.get(key)
        if value is None:
            other = "kind" if key == "apiVersion" else "apiVersion"
            yield Finding(
                manifest.line,
                manifest.column,
                "missing-kind",
                f"{key} is not set, {other} is: an object needs both (a part of one is marked `fragment`)",
            )
            return
        if is_placeholder(value):
            return
        if _text(value) is None:
            yield Finding(value.line, value.column, "wrong-type", f"{key} is {shown(value)}, expected a string")
            return
    api_version, kind = manifest.get("apiVersion"), manifest.get("kind")
    assert isinstance(api_version, Scalar)
    assert isinstance(kind, Scalar)
    schema = known.of(api_version.text, kind.text)
    if schema is not None:
        findings = list(Fields(known, kind.text).check(manifest, schema, ""))
        yield from findings
        if not findings and known.built_in(api_version.text):
            yield from rules.check(manifest, kind.text)
    elif finding := _unknown_kind(api_version, kind, known):
        yield finding
    else:
        unknown.append(f"{api_version.text}/{kind.text}")


def _unknown_kind(api_version: Scalar, kind: Scalar, known: Schemas) -> Finding | None:
    """Why a kind that has no schema is wrong; None where it may be somebody's custom resource."""
    kinds = known.kinds_in(api_version.text)
    elsewhere = known.versions_of(kind.text)
    group = api_version.text.partition("/")[0] if "/" in api_version.text else ""
    groups = {key.rsplit("/", 2)[0] if key.count("/") == 2 else "" for key in known.kinds}
    if kinds:
        candidate = closest(kind.text, kinds)
        hint = f"; it is in {' and '.join(elsewhere)}" if elsewhere else did_you_mean(candidate)
        return Finding(
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
        return Finding(
            api_version.line,
            api_version.column,
            "unknown-kind",
            f"no apiVersion {api_version.text!r}{hint}",
            candidate,
        )
    return None


def _fragment(document: Node, known: Schemas, kind: str, at: str) -> Iterator[Finding]:
    """Check a part of an object: of the kind the fence names, or of the one that the part itself names."""
    named = kind or _own_kind(document)
    candidates = [name for key, name in known.kinds.items() if key == named or key.endswith(f"/{named}")]
    if not named or (not kind and not candidates):
        return
    checker = Fields(known, named.rsplit("/", 1)[-1], partial=True)
    found = []
    for name in candidates:
        schema: Schema | None = known.definitions[name]
        for step in at.split(".") if at else ():
            schema = checker.step(schema, step) if schema is not None else None
        if schema is not None:
            found.append(list(checker.check(document, schema, at)))
    if found:
        # Several versions may have the kind; the part belongs to the one that it fits best.
        yield from min(found, key=len)
        return
    if candidates:
        why = f"{named} has no field {at!r}"
    else:
        why = f"no kind {named!r}{did_you_mean(closest(named, known.names()))}"
    yield Finding(document.line, document.column, "unknown-kind", f"the fragment cannot be checked: {why}")


def _own_kind(document: Node) -> str:
    """`apps/v1/Deployment` or `Deployment`, where a part of an object names its kind; else nothing."""
    if not isinstance(document, Mapping):
        return ""
    kind, api_version = _text(document.get("kind")), _text(document.get("apiVersion"))
    return "/".join(part for part in (api_version, kind) if part) if kind else ""
