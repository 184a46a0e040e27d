"""Find the commands in a shell snippet, each word with its value and the place of every character.

tree-sitter's bash grammar finds the commands; words are unquoted here. A pre-pass makes notes
readable as shell: prompts and output go, `<placeholders>` become one word, heredocs are taken out
and handed over as snippets of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import tree_sitter
import tree_sitter_bash

from .note import Positions, Snippet

# Stands in a word for what is not known before the command runs: a variable, a substitution, a placeholder.
UNKNOWN = "\ue000"

_PROMPT = re.compile(r"[ \t]*(?:\[?[\w.-]+@[\w.-]+[^\n$#]{0,60}|[\w-]{1,30} ?)?[$#][ \t]+(?=\S)")
_BARE_PROMPT = re.compile(r"[ \t]*[$#][ \t]+(?=\S)")
_PLACEHOLDER = re.compile(r"(?<![<\w])<(?![<(&\s])[^<>\n|;&()]*[^<>\n|;&()\s-]>(?!>)")
_HEREDOC = re.compile(r"(?<!<)<<(?P<dash>-?)[ \t]*(?P<quote>['\"]?)(?P<word>\w+)(?P=quote)")
_EXPANSION = re.compile(r"\$(?:\w+|[@*#?$!-])")

# Commands that run the command that follows them, and which of their own options take a value.
_WRAPPERS: dict[str, str] = {
    "sudo": "ughpCcrtTRD",
    "time": "fo",
    "nohup": "",
    "exec": "a",
    "command": "",
    "env": "uC",
    "watch": "nqs",
    "timeout": "sk",
    "xargs": "InLPdasE",
    "nice": "n",
}
_STRING_RUNNERS = {"bash", "sh", "zsh"}
_SSH_OPTIONS_WITH_VALUE = "BbcDEeFIiJLlmOopQRSWw"
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_DURATION = re.compile(r"\d+(?:\.\d+)?[smhd]?")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command: its value after unquoting and, for each character, its offset in the snippet."""

    value: str
    offsets: tuple[int, ...]
    quoted: bool = False

    @property
    def unknown(self) -> bool:
        """Whether any part of the value is known only when it runs, or is for the reader to fill in."""
        return UNKNOWN in self.value or "..." in self.value or "…" in self.value

    @property
    def expands(self) -> bool:
        """Whether it may become several words, or none."""
        return not self.quoted and self.value.strip(UNKNOWN) == ""

    def offset(self, index: int = 0) -> int:
        return self.offsets[min(index, len(self.offsets) - 1)]


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command as it would be run, wrappers taken off."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """What a snippet holds."""

    commands: tuple[Command, ...]
    heredocs: tuple[Snippet, ...]


def read(snippet: Snippet, *, console: bool = False) -> Script:
    """Read a snippet; with `console`, only lines behind a prompt are commands, all others are output."""
    text = snippet.code
    if console or re.search(r"^[ \t]*\$[ \t]+\S", text, re.MULTILINE):
        text = _keep_commands(text, console)
    text, heredocs = _take_heredocs(text, snippet)
    text = _PLACEHOLDER.sub(lambda match: UNKNOWN * len(match[0]), text)
    return Script(tuple(_commands(text, tuple(range(len(text))))), tuple(heredocs))


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


def _keep_commands(text: str, console: bool) -> str:
    """Blank prompts and output, so that what stays is shell at its old place."""
    kept: list[str] = []
    open_command = ""
    prompt = _PROMPT if console else _BARE_PROMPT
    for line in text.split("\n"):
        match = prompt.match(line)
        if _unfinished(open_command):
            line = re.sub(r"^> ", "  ", line)
            open_command += "\n" + line
            kept.append(line)
        elif match:
            open_command = line[match.end() :]
            kept.append(" " * match.end() + open_command)
        else:
            open_command = ""
            kept.append(" " * len(line))
    return "\n".join(kept)


def _unfinished(command: str) -> bool:
    """Whether the shell would ask for another line."""
    if not command:
        return False
    if command.endswith("\\"):
        return True
    heredoc = _HEREDOC.search(command)
    if heredoc and not re.search(rf"^\s*{heredoc['word']}\s*$", command, re.MULTILINE):
        return True
    bare = re.sub(r"\\.", "", command)
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", bare)
    return "'" in bare or '"' in bare


def _take_heredocs(text: str, snippet: Snippet) -> tuple[str, list[Snippet]]:
    """Blank each heredoc and its operator; return the bodies as snippets."""
    if "<<" not in text:
        return text, []
    lines = text.split("\n")
    found: list[Snippet] = []
    index = 0
    while index < len(lines):
        pending = [match for match in _HEREDOC.finditer(lines[index]) if not _quoted(lines[index], match.start())]
        opener = index
        for match in pending:
            start = index + 1
            end = start
            while end < len(lines) and lines[end].strip("\t" if match["dash"] else "").rstrip() != match["word"]:
                end += 1
            body = lines[start:end]
            found.append(
                Snippet(
                    code="".join(_expand(line, quoted=bool(match["quote"])) + "\n" for line in body),
                    lines=tuple(snippet.lines[min(row, len(snippet.lines) - 1)] for row in range(start, end + 1)),
                    columns=tuple(snippet.columns[min(row, len(snippet.columns) - 1)] for row in range(start, end + 1)),
                )
            )
            for row in range(start, min(end + 1, len(lines))):
                lines[row] = " " * len(lines[row])
            index = min(end, len(lines) - 1)
        for match in reversed(pending):
            line = lines[opener]
            lines[opener] = line[: match.start()] + " " * len(match[0]) + line[match.end() :]
        index += 1
    return "\n".join(lines), found


def _expand(line: str, *, quoted: bool) -> str:
    """In an unquoted heredoc `\\$` is a dollar sign; variables stay, the YAML reader knows them."""
    return line if quoted else line.replace("\\$", " $")


def _quoted(line: str, position: int) -> bool:
    before = re.sub(r"\\.", "", line[:position])
    before = re.sub(r"'[^']*'|\"[^\"]*\"", "", before)
    return "'" in before or '"' in before or bool(re.search(r"(?:^|\s)#", before))


def _commands(text: str, offsets: tuple[int, ...]) -> Iterator[Command]:
    data = text.encode("utf-8")
    starts = _character_offsets(text) if len(data) != len(text) else None
    cursor = [_parser().parse(data).root_node]
    while cursor:
        node = cursor.pop()
        cursor.extend(reversed(node.children))
        if node.type != "command":
            continue
        words = []
        for child in node.children:
            if child.type in ("variable_assignment", "file_redirect", "heredoc_redirect", "herestring_redirect"):
                continue
            if child.type in ("<", ">", ">>"):
                continue
            first = starts[child.start_byte] if starts else child.start_byte
            last = starts[child.end_byte] if starts else child.end_byte
            words.append(_unquote(text[first:last], offsets[first:last]))
        yield from _unwrapped(tuple(words))


def _character_offsets(text: str) -> dict[int, int]:
    offsets: dict[int, int] = {}
    position = 0
    for index, character in enumerate(text):
        offsets[position] = index
        position += len(character.encode("utf-8"))
    offsets[position] = len(text)
    return offsets


def _unquote(raw: str, offsets: tuple[int, ...]) -> Word:
    """Quote removal as the shell does it; what is expanded becomes UNKNOWN."""
    value: list[str] = []
    places: list[int] = []
    quoted = False
    mode = ""
    index = 0

    def add(character: str, at: int) -> None:
        value.append(character)
        places.append(offsets[at])

    while index < len(raw):
        character = raw[index]
        if mode == "'":
            if character == "'":
                mode = ""
            else:
                add(character, index)
        elif character == "\\" and index + 1 < len(raw):
            index += 1
            following = raw[index]
            if following == "\n":
                pass
            elif mode == '"' and following not in '$`"\\':
                add("\\", index - 1)
                add(following, index)
            else:
                add(following, index)
        elif character == '"':
            mode = "" if mode else '"'
            quoted = True
        elif character == "'" and not mode:
            mode = "'"
            quoted = True
        elif character in "$`" and (length := _expansion(raw, index)):
            if raw.startswith("$'", index) and not mode:
                mode, quoted = "'", True
            else:
                add(UNKNOWN, index)
            index += length - 1
        else:
            add(character, index)
        index += 1
    if not places:
        places = [offsets[0] if offsets else 0]
    return Word("".join(value), tuple(places), quoted)


def _expansion(raw: str, start: int) -> int:
    """The length of the expansion that begins here, 0 if none does."""
    if raw[start] == "`":
        end = raw.find("`", start + 1)
        return (end if end > 0 else len(raw)) - start + 1
    if raw.startswith("$'", start):
        return 2
    if raw.startswith(("$(", "${"), start):
        close, opened = (")", "(") if raw[start + 1] == "(" else ("}", "{")
        depth = 0
        for index in range(start + 1, len(raw)):
            depth += (raw[index] == opened) - (raw[index] == close)
            if depth == 0:
                return index - start + 1
        return len(raw) - start
    match = _EXPANSION.match(raw, start)
    return len(match[0]) if match else 0


def _unwrapped(words: tuple[Word, ...]) -> Iterator[Command]:
    """Take off what only runs another command, and look into strings that are commands."""
    while words:
        name = words[0].value.rsplit("/", 1)[-1]
        if name in _WRAPPERS:
            rest = _after_options(words[1:], _WRAPPERS[name])
            if name == "timeout" and rest and _DURATION.fullmatch(rest[0].value):
                rest = rest[1:]
            if name == "watch" and len(rest) == 1 and " " in rest[0].value:
                yield from _commands(rest[0].value, rest[0].offsets)
                return
            words = rest
        elif name in _STRING_RUNNERS and len(words) > 2 and re.fullmatch(r"-\w*c", words[1].value):
            yield from _commands(words[2].value, words[2].offsets)
            return
        elif name == "ssh":
            rest = _after_options(words[1:], _SSH_OPTIONS_WITH_VALUE)[1:]
            if len(rest) == 1:
                yield from _commands(rest[0].value, rest[0].offsets)
                return
            words = rest
        else:
            yield Command(words)
            return


def _after_options(words: tuple[Word, ...], with_value: str) -> tuple[Word, ...]:
    index = 0
    while index < len(words):
        word = words[index].value
        if _ASSIGNMENT.match(word):
            index += 1
        elif word == "--":
            return words[index + 1 :]
        elif word.startswith("--"):
            index += 1
        elif word.startswith("-") and len(word) > 1:
            index += 2 if len(word) == 2 and word[1] in with_value else 1
        else:
            break
    return words[index:]


def place(snippet: Snippet, offset: int) -> tuple[int, int]:
    """An offset in the snippet's code → line and column in the file, from 1."""
    line, column = Positions(snippet.code).at(offset)
    return snippet.place(line - 1, column - 1)
