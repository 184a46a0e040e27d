"""YAML as the API server reads it: scalars, positions, duplicate keys, and nothing that makes it crash."""

from __future__ import annotations

import pytest

from kubenotes.yaml_reader import Kind, Mapping, Scalar, Sequence, is_template, read, read_json, scalar_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *[(word, Kind.BOOLEAN) for word in ("y", "N", "yes", "No", "on", "OFF", "true", "False")],
        *[
            (word, Kind.STRING)
            for word in ("yEs", "tRUE", "12:30", "2024-01-01", "=", "1e400", "a", "-", "0x", "1.2.3")
        ],
        *[(word, Kind.INTEGER) for word in ("0", "1", "-7", "0o777", "0x1F", "0b101", "010", "08", "1e3", "1_000")],
        *[(word, Kind.NUMBER) for word in ("1.5", ".5", "-.5", "1.0", ".inf", "-.INF", ".nan", "2.5e3")],
        *[(word, Kind.NULL) for word in ("", "~", "null", "Null", "NULL")],
    ],
)
def test_plain_scalars(text: str, kind: Kind) -> None:
    assert scalar_kind(text) is kind


def test_quoted_scalars_are_strings() -> None:
    documents, faults = read("a: 'y'\nb: \"1\"\nc: |\n  1\n")
    assert not faults
    assert isinstance(documents[0], Mapping)
    assert {value.kind for _, value in documents[0].entries} == {Kind.STRING}


def test_places_count_from_zero() -> None:
    documents, _ = read("a:\n  - b: 1\n    c: 2\n")
    root = documents[0]
    assert isinstance(root, Mapping)
    items = root.get("a")
    assert isinstance(items, Sequence)
    item = items.items[0]
    assert isinstance(item, Mapping)
    assert item.entries[1] == (Scalar(Kind.STRING, "c", 2, 4), Scalar(Kind.INTEGER, "2", 2, 7))


def test_every_duplicate_key_is_found_and_reading_goes_on() -> None:
    documents, faults = read("a: 1\nb: {c: 1, c: 2}\na: 2\n---\nd: 1\n")
    assert [(fault.code, fault.line, fault.column) for fault in faults] == [
        ("duplicate-key", 1, 10),
        ("duplicate-key", 2, 0),
    ]
    assert len(documents) == 2


def test_documents_before_a_syntax_fault_are_kept() -> None:
    documents, faults = read("a: 1\n---\nb: [\n")
    assert len(documents) == 1
    assert [fault.code for fault in faults] == ["yaml-syntax"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b: c\n", "a second `: ` on one line"),
        ("a:\n\t- b\n", "spaces, not with tabs"),
        ("a: \x01\n", "control characters"),
        ("[" * 100_000, "nested deeper"),
        ("- " * 300 + "a", "nested deeper"),
        ("\n".join(" " * depth + "a:" for depth in range(3000)), "nested deeper"),
        ("? [a]\n: b\n", "a key must be a plain word"),
        ("a: *b\n", "undefined alias"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(8)),
            "aliases expand",
        ),
    ],
)
def test_what_cannot_be_read_is_one_fault(text: str, message: str) -> None:
    _, faults = read(text)
    assert message in faults[0].message


def test_a_cycle_of_aliases_ends() -> None:
    documents, _ = read("a: &a [*a]\n")
    assert len(documents) == 1


def test_merge_keys_bring_their_fields() -> None:
    documents, faults = read("base: &b {x: 1}\nall:\n  <<: *b\n  y: 2\n")
    assert not faults
    assert isinstance(documents[0], Mapping)
    merged = documents[0].get("all")
    assert isinstance(merged, Mapping)
    assert {key.text for key, _ in merged.entries} == {"x", "y"}


@pytest.mark.parametrize("text", ['{"a": 1,}', "{'a': 1}", '{"a": 1} x', "", '{"a": 1}}'])
def test_json_is_strict(text: str) -> None:
    assert read_json(text)[1]


def test_json_objects_may_follow_one_another() -> None:
    documents, faults = read_json('{"a": 1}\n{"b": 2}\n')
    assert not faults
    assert [document.line for document in documents] == [0, 1]


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("image: {{ .Values.image }}", True),
        ("{{- if .Values.on }}", True),
        ('format: "{{ .Name }}"', False),
        ("a: |\n  b\n", False),
        ("# {{ .Name }}", False),
    ],
)
def test_templates_are_told_from_yaml(text: str, template: bool) -> None:
    assert is_template(text) is template
