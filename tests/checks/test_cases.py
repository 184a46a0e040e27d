"""Every file in tests/cases: a note, and the problems that it must have, each at its place.

A case ends with a comment that lists `line:column: code message`; no list means no problem.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kubenotes.checks import Context, check_note
from kubenotes.facts import load
from kubenotes.kubernetes import versions

CASES = Path(__file__).parents[1] / "cases"
FACTS = {"limits": load("limits", "columns: {value: 값}\nchecked: 2026-11-23\nfacts: {nodes: {value: 5000}}\n")}
MARK = "<!-- expected\n"
VERSIONS = ("1.35", "1.37")


def cases() -> list[Path]:
    return sorted(CASES.rglob("*.md"))


def problems_of(case: Path) -> list[str]:
    text = case.read_bytes().decode("utf-8").rpartition(MARK)[0]
    context = Context(VERSIONS, FACTS, exists=lambda path: (CASES / path).is_file())
    found = check_note(text, case.relative_to(CASES).as_posix(), context).problems
    return [str(problem).partition(":")[2] for problem in found]


def expected_in(text: str) -> list[str]:
    _, marker, listed = text.rpartition(MARK)
    assert marker, "a case ends with <!-- expected … -->"
    return [line for line in listed.removesuffix("-->\n").splitlines() if line]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.relative_to(CASES).as_posix())
def test_case(case: Path) -> None:
    text = case.read_bytes().decode("utf-8")
    assert problems_of(case) == expected_in(text)


def test_there_are_cases_and_the_versions_are_known() -> None:
    assert len(cases()) > 40
    assert set(VERSIONS) <= set(versions())
