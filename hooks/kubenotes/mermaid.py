"""Parse mermaid diagrams with mermaid's own grammar, in process, without a browser or Node.

The mermaid library comes from the pinned `mermaidx` package, whose `mermaid.js` is byte for byte
the published `mermaid.min.js`; the same file is what the site serves, so what parses here is what
the reader's browser will parse.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

VERSION = "11.16.0"
SHA256 = "74d7c46dabca328c2294733910a8aa1ed0c37451776e8d5295da38a2b758fb9b"

# mermaid's grammars recurse: QuickJS's default stack of 256 KiB ends at about a hundred chained nodes.
_THREAD_STACK = 32 * 1024 * 1024
_JS_STACK = 24 * 1024 * 1024

_PARSE = """
globalThis.__outcome = null;
mermaid.parse(%s).then(
  () => { globalThis.__outcome = JSON.stringify({ok: true}); },
  (error) => {
    const where = error && error.hash && error.hash.loc;
    globalThis.__outcome = JSON.stringify({
      ok: false,
      message: String(error && error.message || error),
      line: where ? where.first_line : null,
      column: where ? where.first_column : null,
    });
  });
"""


class MermaidUnavailable(Exception):
    """The pinned mermaid library is missing or is not the file that was pinned."""


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Where mermaid stopped: `line` and `column` count from 1 within the diagram."""

    line: int
    column: int
    message: str


@cache
def library() -> bytes:
    """The pinned mermaid library, as bytes.

    Raises:
        MermaidUnavailable: the package is not installed, or its file has another checksum.
    """
    try:
        data = resources.files("mermaidx").joinpath("assets/mermaid.js").read_bytes()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise MermaidUnavailable(f"the mermaidx package is not installed ({error})") from error
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256:
        raise MermaidUnavailable(f"mermaid.js has checksum {found}, expected {SHA256}")
    return data


class _Engine:
    """One QuickJS context with mermaid loaded, owned by one thread (contexts are not thread-safe)."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mermaid")
        # threading.stack_size is process-wide and read when the thread starts, at the first submit.
        previous = threading.stack_size(_THREAD_STACK)
        try:
            self._started = self._thread.submit(self._start)
        finally:
            threading.stack_size(previous)

    def _start(self) -> None:
        import quickjs  # not typed; imported here so that nothing pays for it without a diagram

        self._context: Any = quickjs.Context()
        self._context.set_max_stack_size(_JS_STACK)
        shim = resources.files("mermaidx").joinpath("assets/dom_shim.js").read_text("utf-8")
        self._context.eval("globalThis.__log = () => {};")
        self._context.eval(shim)
        self._context.eval(library().decode("utf-8"))
        self._context.eval(
            "globalThis.mermaid = globalThis.__esbuild_esm_mermaid_nm.mermaid.default;"
            "mermaid.initialize({startOnLoad: false});"
        )

    def _parse(self, source: str) -> dict[str, Any]:
        self._started.result()  # raises what kept mermaid from loading
        self._context.eval(_PARSE % json.dumps(source))
        for _ in range(200_000):
            # slice(0): the binding cannot hand over QuickJS's rope strings, which it makes of long concatenations
            outcome = self._context.eval("__outcome && __outcome.slice(0)")
            if outcome:
                result: dict[str, Any] = json.loads(outcome)
                return result
            try:
                if not self._context.execute_pending_job():
                    break
            except StopIteration:
                break
        return {"ok": False, "message": "mermaid did not finish parsing", "line": None, "column": None}

    def parse(self, source: str) -> Future[dict[str, Any]]:
        return self._thread.submit(self._parse, source)


_engine = cache(_Engine)


@cache
def _outcome(source: str) -> Future[dict[str, Any]]:
    return _engine().parse(source)


def prepare(sources: Iterable[str]) -> None:
    """Begin to parse these diagrams in the background: mermaid runs beside Python, on another core."""
    for source in sources:
        _outcome(source)


def parse(source: str) -> SyntaxFault | None:
    """Parse one diagram; None when mermaid accepts it.

    Raises:
        MermaidUnavailable: see `library`.
    """
    library()
    outcome = _outcome(source).result()
    if outcome["ok"]:
        return None
    message = str(outcome["message"])
    got = re.search(r"got '(\w+)'", message)
    place = _caret(source, message)
    if place is None:
        line = outcome["line"]
        if line is None and (match := re.search(r"on line (\d+)", message)):
            line = int(match[1])
        return SyntaxFault(line or 1, (outcome["column"] or 0) + 1, message.strip().splitlines()[0])
    line = source.count("\n", 0, place) + 1
    column = place - (source.rfind("\n", 0, place) + 1) + 1
    rest = source[place:].split("\n", 1)[0].strip()
    if got and got[1] == "EOF":
        said = "the diagram ends where more is expected"
    elif not rest or (got and got[1] == "NEWLINE"):
        said = "the line ends where more is expected"
    else:
        said = f"{rest!r} cannot stand here"
    return SyntaxFault(line, column, said)


def _caret(source: str, message: str) -> int | None:
    """The offset that mermaid's message points at with a caret: more exact than the place it reports.

    The message shows the last characters before the offending token, without their line breaks.
    """
    rows = message.split("\n")
    caret = next((index for index, row in enumerate(rows) if re.fullmatch(r"-*\^", row)), None)
    if caret is None or caret == 0:
        return None
    before = rows[caret - 1][: len(rows[caret]) - 1].removeprefix("...")
    flat = [(character, index) for index, character in enumerate(source) if character != "\n"]
    start = "".join(character for character, _ in flat).find(before)
    if start < 0:
        return None
    end = start + len(before)
    return flat[end][1] if end < len(flat) else len(source.rstrip())
