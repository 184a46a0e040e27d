"""The arithmetic of etcd quorums, and the tables that notes print of it.

A cluster of N members commits with a quorum of ⌊N/2⌋+1 and so tolerates ⌊(N−1)/2⌋ failures.
Source: https://etcd.io/docs/v3.6/faq/
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_MEMBERS = 99

COLUMNS = {"members": "멤버", "quorum": "쿼럼", "tolerated": "견디는 장애", "cost": "바로 아래 홀수와 비교"}


class QuorumError(ValueError):
    """A quorum marker that cannot be read; `offset` is where in its arguments."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


@dataclass(frozen=True, slots=True)
class Table:
    """What a marker asks for."""

    sizes: tuple[int, ...]
    columns: tuple[str, ...] = tuple(COLUMNS)
    highlight: frozenset[int] = frozenset()


def quorum(members: int) -> int:
    """How many members must agree: ⌊N/2⌋+1.

    Raises:
        ValueError: fewer than one member.
    """
    if members < 1:
        raise ValueError(f"a cluster has at least 1 member, not {members}")
    return members // 2 + 1


def tolerated(members: int) -> int:
    """How many members may fail with writes going on: ⌊(N−1)/2⌋.

    Raises:
        ValueError: fewer than one member.
    """
    return members - quorum(members)


def cost(members: int) -> str:
    """What an even size costs against the odd size below it; a dash for an odd size."""
    if members % 2:
        return "—"
    below, larger = members - 1, quorum(members)
    return (
        f"{below}{_and(below)} 똑같이 {tolerated(members)}개를 견디는데, "
        f"쿼럼은 {quorum(below)}에서 {larger}{_to(larger)} 늘고 고장 날 멤버도 하나 늘어난다"
    )


def _and(number: int) -> str:
    """The Korean particle after a number as it is read aloud: 3과 (삼과), 5와 (오와)."""
    return "와" if number % 10 in (2, 4, 5, 9) else "과"


def _to(number: int) -> str:
    """The Korean particle of direction after a number: 2로 (이로), 3으로 (삼으로), 10으로 (십으로)."""
    return "으로" if number % 10 in (0, 3, 6) else "로"


def parse(arguments: str) -> Table:
    """Read `1-9`, `1,3,5` or `3 5 7`, then options after semicolons.

    Raises:
        QuorumError: what is wrong, and where.
    """
    sizes_text, *options = arguments.split(";")
    sizes = _sizes(sizes_text, 0)
    table = Table(sizes)
    offset = len(sizes_text) + 1
    for option in options:
        table = _with_option(table, option, offset)
        offset += len(option) + 1
    return table


def render(table: Table) -> str:
    """The table in Markdown, highlighted sizes in bold."""
    rows = [
        "| " + " | ".join(COLUMNS[column] for column in table.columns) + " |",
        "| " + " | ".join(":--" if column == "cost" else "--:" for column in table.columns) + " |",
    ]
    for size in table.sizes:
        cells = {
            "members": str(size),
            "quorum": str(quorum(size)),
            "tolerated": str(tolerated(size)),
            "cost": cost(size),
        }
        bold = "**" if size in table.highlight else ""
        rows.append("| " + " | ".join(f"{bold}{cells[column]}{bold}" for column in table.columns) + " |")
    return "\n".join(rows)


def _with_option(table: Table, option: str, offset: int) -> Table:
    name, equals, value = option.partition("=")
    start = offset + len(name) + 1
    key = name.strip()
    if not equals or key not in ("highlight", "columns"):
        where = offset + len(option) - len(option.lstrip())
        raise QuorumError(where, f"unknown option {option.strip()!r}: use highlight=SIZES or columns=NAMES")
    if key == "highlight":
        marked = _sizes(value, start)
        for size in marked:
            if size not in table.sizes:
                raise QuorumError(start, f"highlight={size}: the table has no row for {size}")
        return Table(table.sizes, table.columns, frozenset(marked))
    columns = tuple(column.strip() for column in value.split(","))
    for column in columns:
        if column not in COLUMNS:
            raise QuorumError(start + value.index(column), f"unknown column {column!r}: use {', '.join(COLUMNS)}")
    return Table(table.sizes, columns, table.highlight)


def _sizes(text: str, offset: int) -> tuple[int, ...]:
    sizes: list[int] = []
    for match in re.finditer(r"[^\s,]+", text):
        word, where = match[0], offset + match.start()
        first, dash, last = word.partition("-")
        if not first or (dash and not last) or not (first + (last or "0")).isascii() or not (first + last).isdigit():
            raise QuorumError(where, f"{word!r} is not a number of members or a range: write 1-9, 1,3,5 or 3 5 7")
        low, high = int(first[:4]), int((last or first)[:4])
        if low < 1:
            raise QuorumError(where, f"{word!r}: a cluster has at least 1 member")
        if high > MOST_MEMBERS or low > MOST_MEMBERS:
            raise QuorumError(where, f"{word!r}: more than {MOST_MEMBERS} members are not shown")
        if high < low:
            raise QuorumError(where, f"{word!r} is reversed: write {high}-{low}")
        sizes += range(low, high + 1)
    if not sizes:
        raise QuorumError(offset, "no sizes: write 1-9, 1,3,5 or 3 5 7")
    return tuple(dict.fromkeys(sizes))
