"""Facts that several pages print, kept once in docs/data: one value in running text, or a table."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from .problem import closest, did_you_mean


class FactError(ValueError):
    """A facts file or a facts marker that cannot be read."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One file of facts: its columns in order, and a row for each fact."""

    columns: Mapping[str, str]
    rows: Mapping[str, Mapping[str, str]]
    checked: str
    source: str = ""


def load(name: str, text: str) -> Facts:
    """Read one file of docs/data.

    Raises:
        FactError: the file is not YAML, a part is missing, or a fact has no source.
    """
    try:
        data = yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise FactError(f"docs/data/{name}.yml cannot be read: {error}") from error
    if not isinstance(data, dict) or not {"columns", "facts", "checked"} <= set(data):
        raise FactError(f"docs/data/{name}.yml needs columns, facts and checked")
    if not isinstance(data["checked"], datetime.date):
        raise FactError(f"docs/data/{name}.yml: checked is a date like 2026-11-23")
    rows = {str(key): {str(column): str(value) for column, value in row.items()} for key, row in data["facts"].items()}
    for key, row in rows.items():
        if missing := set(data["columns"]) - set(row):
            raise FactError(f"docs/data/{name}.yml: {key} lacks {', '.join(sorted(missing))}")
    return Facts(data["columns"], rows, str(data["checked"]), str(data.get("source", "")))


def value(facts: Mapping[str, Facts], reference: str) -> str:
    """The value of `limits.nodes`.

    Raises:
        FactError: there is no such fact.
    """
    name, _, key = reference.partition(".")
    table = _table(facts, name)
    row = table.rows.get(key)
    if row is None:
        raise FactError(f"no fact {key!r} in docs/data/{name}.yml{did_you_mean(closest(key, table.rows))}")
    return row["value"]


def render(facts: Mapping[str, Facts], name: str) -> str:
    """All facts of one file as a table in Markdown, with sources and the day they were checked.

    Raises:
        FactError: there is no such file.
    """
    table = _table(facts, name)
    own_sources = any("source" in row for row in table.rows.values())
    headings = [*table.columns.values(), *(["출처"] if own_sources else [])]
    lines = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    for row in table.rows.values():
        cells = [row[column] for column in table.columns]
        if own_sources:
            source = row.get("source", table.source)
            cells.append(f"[문서]({source})" if source else "")
        lines.append("| " + " | ".join(cells) + " |")
    where = f"출처: <{table.source}> · " if table.source and not own_sources else ""
    return "\n".join([*lines, "", f"*{where}{table.checked} 확인*"])


def _table(facts: Mapping[str, Facts], name: str) -> Facts:
    if name not in facts:
        raise FactError(f"no file docs/data/{name}.yml{did_you_mean(closest(name, facts))}")
    return facts[name]
