"""What a check says: a Problem at an exact place, with a code from the one register of codes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

# Every code and what it means. A check can only use a code that is listed here.
CODES: dict[str, str] = {
    "fence-unclosed": "a code fence is opened and never closed",
    "fence-attribute": "a fence has an attribute that is misspelt or has a wrong value",
    "front-matter": "the front matter is not valid YAML, or a required key is missing",
    "not-failing": "a snippet marked fails= is fine, or is wrong in another way",
    "useless-skip": "a snippet marked skip= has no problem to skip",
    "yaml-syntax": "the YAML or JSON cannot be read",
    "duplicate-key": "a key stands twice in one mapping; Kubernetes refuses it",
    "unknown-kind": "no such kind in that apiVersion",
    "missing-kind": "an object has only one of apiVersion and kind",
    "unknown-field": "the kind has no such field",
    "missing-field": "a required field is not there",
    "wrong-type": "a field has a value of another type",
    "wrong-value": "a field has a value outside its allowed set",
    "disagreement": "two fields of an object do not fit each other; the server refuses it",
    "unknown-command": "the tool has no such command",
    "unknown-flag": "the command has no such flag",
    "missing-value": "a flag that takes a value stands without one",
    "flag-value": "a flag's value has the wrong type or is not one of the allowed",
    "missing-flag": "a required flag is not there",
    "unknown-resource": "the server has no such resource type",
    "wrong-arguments": "the command does not take these arguments",
    "template-syntax": "a JSONPath or custom-columns expression cannot be parsed",
    "marker": "a quorum or facts marker is malformed",
    "diagram-syntax": "mermaid cannot parse the diagram",
    "dead-link": "a link points to a file that does not exist",
    "missing-image": "an image points to a file that does not exist",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect at one place.

    `line` and `column` count from 1 and characters, not bytes. `kubernetes` names the versions the
    defect was found for; it is empty where the version does not matter. `fix` is the replacement
    for the offending text where one candidate is close.
    """

    path: str
    line: int
    column: int
    code: str
    message: str
    severity: str = "error"
    fix: str | None = None
    kubernetes: tuple[str, ...] = ()
    snippet: str = ""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"{self.code!r} is not in the register of problem codes")

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}:{self.column}"
        versions = f" [Kubernetes {', '.join(self.kubernetes)}]" if self.kubernetes else ""
        return f"{where}: {self.code} {self.message}{versions}"

    def as_json(self) -> dict[str, Any]:
        """The fields as they stand in `check.py --format json`."""
        return {**asdict(self), "kubernetes": list(self.kubernetes)}


def closest(word: str, known: Iterable[str]) -> str | None:
    """The one known word that `word` is a likely misspelling of, or None."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)
    return found[0] if found else None


def did_you_mean(candidate: str | None) -> str:
    """The end of a message that has a candidate."""
    return f"; did you mean {candidate!r}?" if candidate else ""


def merge_versions(by_version: dict[str, list[Problem]]) -> list[Problem]:
    """Problems found once for each version → one each, naming the versions only where they differ.

    A defect that every version has is about the snippet, not about a version.
    """
    seen: dict[Problem, list[str]] = {}
    for version, problems in by_version.items():
        for problem in problems:
            seen.setdefault(problem, []).append(version)
    return [
        problem if len(versions) == len(by_version) else replace(problem, kubernetes=tuple(versions))
        for problem, versions in seen.items()
    ]


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """By place, and without repetition."""
    return sorted(dict.fromkeys(problems), key=lambda p: (p.path, p.line, p.column, p.code))
