"""Check a note, or a file of manifests: every snippet by its language, one list of problems.

The site build, `scripts/check.py` and pytest all come through here, so they say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from .. import directives, shell
from ..facts import Facts
from ..kubernetes import tools
from ..note import Fence, Snippet, Span, read
from ..problem import Problem, in_order
from . import commands, diagrams, links, manifests

SHELLS = frozenset(["bash", "console"])
DATA = frozenset(["yaml", "json"])


@dataclass(slots=True)
class Report:
    """What was read and what was found."""

    problems: list[Problem] = field(default_factory=list)
    snippets: int = 0
    commands: int = 0
    manifests: int = 0
    diagrams: int = 0
    unknown: list[str] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Take another report's findings into this one."""
        self.problems += other.problems
        self.snippets += other.snippets
        self.commands += other.commands
        self.manifests += other.manifests
        self.diagrams += other.diagrams
        self.unknown += other.unknown


@dataclass(frozen=True, slots=True)
class Context:
    """What a note is checked with, besides its own text.

    `exists` says whether a path beside the note is a file; None leaves links unchecked. `facts` are
    the tables of docs/data; None leaves markers unchecked, as in notes that are not ours.
    """

    versions: tuple[str, ...]
    facts: Mapping[str, Facts] | None = None
    exists: Callable[[str], bool] | None = None


def check_note(text: str, path: str, context: Context) -> Report:
    """Check one Markdown note.

    Raises:
        kubenotes.kubernetes.UnknownVersion: there is no data for one of the versions.
    """
    note = read(text, path)
    report = Report(problems=list(note.problems))
    for fence in note.fences:
        report.add(_check_fence(fence, path, context))
    for span in note.spans:
        report.add(_check_span(span, path, context))
    if context.facts is not None:
        report.problems += directives.problems(note, context.facts, path)
    if context.exists is not None:
        report.problems += links.check(note, path, context.exists)
    report.problems = in_order(report.problems)
    return report


def check_data(text: str, path: str, context: Context, *, json: bool = False) -> Report:
    """Check a YAML or JSON file: every object in it.

    Raises:
        kubenotes.kubernetes.UnknownVersion: there is no data for one of the versions.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    rows = text.count("\n") + 1
    snippet = Snippet(text, tuple(range(1, rows + 1)), (0,) * rows)
    report = _manifests(snippet, path, context, json=json)
    report.problems = in_order(report.problems)
    return report


def _check_fence(fence: Fence, path: str, context: Context) -> Report:
    report = Report()
    if "output" in fence.attributes:
        return report
    if fence.language in SHELLS:
        report = _commands(fence, path, context, console=fence.language == "console")
    elif fence.language in DATA:
        report = _manifests(
            fence,
            path,
            context,
            json=fence.language == "json",
            fragment="fragment" in fence.attributes,
            kind=fence.attributes.get("kind", ""),
            at=fence.attributes.get("at", ""),
        )
    elif fence.language == "mermaid":
        report.problems = diagrams.check(fence, path)
        report.diagrams = report.snippets = 1
    else:
        return report
    report.problems = list(_as_marked(fence, path, report.problems))
    return report


def _check_span(span: Span, path: str, context: Context) -> Report:
    first = span.code.split(None, 1)
    if not first or first[0] not in tools():
        return Report()
    return _commands(span, path, context, prefix=True)


def _as_marked(fence: Fence, path: str, problems: list[Problem]) -> Iterator[Problem]:
    """Turn around what the fence says of itself: `fails` needs a problem, `skip` needs a reason to exist."""

    def say(code: str, message: str) -> Problem:
        return Problem(path, fence.line, fence.column, code, message)

    if "skip" in fence.attributes:
        if not problems:
            yield say("useless-skip", "nothing is wrong with this snippet: take skip away")
        return
    pattern = fence.attributes.get("fails")
    if pattern is None:
        yield from problems
        return
    try:
        expected = re.compile(pattern)
    except re.error:  # said already, with the fence's attributes
        return
    others = [problem for problem in problems if not expected.search(problem.message)]
    if not problems:
        yield say("not-failing", f"marked fails={pattern!r}, but nothing is wrong with it")
    elif len(others) == len(problems):
        yield say("not-failing", f"marked fails={pattern!r}, but what is wrong is: {problems[0].message}")
    else:
        yield from others


def _manifests(
    snippet: Snippet,
    path: str,
    context: Context,
    *,
    json: bool = False,
    fragment: bool = False,
    kind: str = "",
    at: str = "",
) -> Report:
    result = manifests.check(snippet, context.versions, path=path, json=json, fragment=fragment, kind=kind, at=at)
    return Report(list(result.problems), snippets=1, manifests=result.manifests, unknown=list(result.unknown))


def _commands(snippet: Snippet, path: str, context: Context, *, console: bool = False, prefix: bool = False) -> Report:
    report = Report(snippets=1)
    script = shell.read(snippet, console=console)
    for command in script.commands:
        result = commands.check(command, snippet, context.versions, path=path, prefix=prefix)
        report.problems += result.problems
        report.commands += result.checked
        report.unknown += result.unknown
    for body in script.heredocs:
        if manifests.is_manifest(body.code):
            report.add(_manifests(body, path, context))
            report.snippets -= 1
    return report


__all__ = ["Context", "Report", "check_data", "check_note", "diagrams"]
