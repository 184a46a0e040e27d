"""Check that a note's own links and images lead somewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from urllib.parse import unquote

from ..note import Note
from ..problem import Problem

_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|/|\{", re.IGNORECASE)


def check(note: Note, path: str, exists: Callable[[str], bool]) -> list[Problem]:
    """Check links relative to the note.

    Args:
        path: the note's path, with forward slashes; targets are resolved beside it.
        exists: whether a path, resolved in that way, is a file.
    """
    problems = []
    for link in note.links:
        target = unquote(link.target.partition("#")[0].partition("?")[0])
        if not target or _ELSEWHERE.match(link.target):
            continue
        resolved = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if not exists(resolved):
            code, noun = ("missing-image", "image") if link.image else ("dead-link", "page")
            problems.append(
                Problem(path, link.line, link.column, code, f"no {noun} at {link.target!r} (looked for {resolved})")
            )
    return problems
