"""Read a command line as cobra and pflag read it: which command it names, its flags' values, its arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .kubernetes import Command, Flag
from .problem import closest, did_you_mean
from .shell import UNKNOWN, Word

_PLACEHOLDER = re.compile(r"[A-Z][A-Z0-9]*(?:[-_.][A-Z0-9]+)*|\[.*|.*\]|\(.*|.*\)|<.*>|\|")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a command line: at which character of which word, and why."""

    word: Word
    code: str
    message: str
    fix: str | None = None
    index: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it was given to a flag: in which word, from which of its characters on."""

    word: Word
    value: str
    index: int = 0


@dataclass(slots=True)
class CommandLine:
    """A command line that has been read. `dash` is how many arguments stand before `--`."""

    command: Command
    arguments: list[Word] = field(default_factory=list)
    values: dict[str, list[Given]] = field(default_factory=dict)
    dash: int | None = None
    faults: list[Fault] = field(default_factory=list)

    def give(self, flag: Flag, word: Word, value: str, index: int = 0) -> None:
        """Record one value of a flag."""
        self.values.setdefault(flag.name, []).append(Given(word, value, index))


def find(command: Command, words: list[Word]) -> tuple[Command, list[Word]]:
    """The command that the first words name, and the words left for it: cobra's Find."""
    index = 0
    while index < len(words):
        text = words[index].value
        if text == "--":
            break
        if text.startswith("-") and len(text) > 1:
            flag = _flag(command, text)
            separate = "=" not in text and (text.startswith("--") or len(text) == 2)
            index += 2 if separate and (flag is None or flag.takes_value) else 1
            continue
        if text in command.commands:
            return find(command.commands[text], words[:index] + words[index + 1 :])
        break
    return command, words


def parse(root: Command, command: Command, words: list[Word], *, prefix: bool = False) -> CommandLine:
    """Read the words left for a command, flags and arguments in any order: pflag's Parse.

    With `prefix` the line may end before a flag's value. Like pflag it stops at the first fault:
    whether the word behind an unknown flag is its value cannot be known.
    """
    parsed = CommandLine(command)
    index = 0
    while index < len(words):
        word = words[index]
        text = word.value
        index += 1
        if text == "--":
            parsed.dash = len(parsed.arguments)
            parsed.arguments += words[index:]
            break
        if len(text) < 2 or not text.startswith("-") or is_placeholder(text):
            parsed.arguments.append(word)
            continue
        if prefix and "/" in text and "=" not in text:  # `-i/-it` in running text: either
            continue
        if text.startswith("--"):
            taken = _long(root, parsed, word, words[index:], prefix)
        else:
            taken = _short(parsed, word, words[index:], prefix)
        if taken is None:
            break
        index += taken
    return parsed


def _long(root: Command, parsed: CommandLine, word: Word, rest: list[Word], prefix: bool) -> int | None:
    name, equals, value = word.value[2:].partition("=")
    if UNKNOWN in name or not name:
        return 0
    flag = parsed.command.flags.get(name.replace("_", "-"))
    if flag is None:
        candidate = closest(name, (flag.name for flag in parsed.command.flags.values() if not flag.hidden))
        elsewhere = "" if candidate else _where(root, name)
        parsed.faults.append(
            Fault(
                word,
                "unknown-flag",
                f"{parsed.command.path} has no flag --{name}{did_you_mean(candidate and '--' + candidate)}{elsewhere}",
                f"--{candidate}" if candidate else None,
            )
        )
        return None
    if equals:
        parsed.give(flag, word, value, len(name) + 3)
        return 0
    return _value(parsed, word, flag, rest, f"--{name}", prefix)


def _short(parsed: CommandLine, word: Word, rest: list[Word], prefix: bool) -> int | None:
    letters = word.value[1:]
    for index, letter in enumerate(letters):
        if letter == UNKNOWN:
            return 0
        flag = parsed.command.shorthands.get(letter)
        if flag is None:
            if re.match(r"[-+]?[\d.]", word.value):  # `-1`, a number in a placeholder's stead
                hint = ""
            else:
                hint = did_you_mean(f"--{letters}" if letters in parsed.command.flags else None)
            parsed.faults.append(
                Fault(
                    word,
                    "unknown-flag",
                    f"{parsed.command.path} has no flag -{letter} (in {word.value.replace(UNKNOWN, '…')}){hint}",
                    index=index + 1,
                )
            )
            return None
        remaining = letters[index + 1 :]
        if remaining.startswith("="):
            parsed.give(flag, word, remaining[1:], index + 3)
            return 0
        if not flag.takes_value:
            parsed.give(flag, word, flag.no_value_default or "")
            continue
        if remaining:
            parsed.give(flag, word, remaining, index + 2)
            return 0
        return _value(parsed, word, flag, rest, f"-{letter}", prefix)
    return 0


def _value(parsed: CommandLine, word: Word, flag: Flag, rest: list[Word], shown: str, prefix: bool) -> int | None:
    if not flag.takes_value:
        parsed.give(flag, word, flag.no_value_default or "")
        return 0
    if rest:
        parsed.give(flag, rest[0], rest[0].value)
        return 1
    if prefix:
        return 0
    parsed.faults.append(Fault(word, "missing-value", f"flag {shown} needs a value ({flag.type})"))
    return None


def is_placeholder(value: str) -> bool:
    """Whether a word is for the reader to fill in, or stands for several."""
    return bool(_PLACEHOLDER.fullmatch(value))


def _flag(command: Command, text: str) -> Flag | None:
    if text.startswith("--"):
        return command.flags.get(text[2:].replace("_", "-"))
    return command.shorthands.get(text[1])


def _where(root: Command, name: str) -> str:
    """Which commands do have the flag: the end of a message without a candidate."""
    having = sorted(
        {command.path for command in _all(root) if name in command.flags and not command.flags[name].hidden}
    )
    if not having:
        return ""
    others = " and others" if len(having) > 3 else ""
    return f"; {', '.join(having[:3])}{others} {'has' if len(having) == 1 else 'have'} it"


def _all(command: Command) -> Iterator[Command]:
    yield command
    for child in command.commands.values():
        yield from _all(child)
