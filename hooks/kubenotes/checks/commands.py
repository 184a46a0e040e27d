"""Check command lines against the tool's own command tree, parsed as cobra and pflag parse them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ..command_line import CommandLine, Fault, find, is_placeholder, parse
from ..jsonpath import JSONPathError, parse_relaxed
from ..jsonpath import parse as parse_jsonpath
from ..kubernetes import Command, command_tree, outputs, resources, tools
from ..kubernetes import versions as kubernetes_versions
from ..note import Snippet
from ..problem import Problem, closest, did_you_mean, merge_versions
from ..shell import UNKNOWN, Word, place
from ..shell import Command as ShellCommand

# What everybody types for it. Taken for the tool only where the next word is one of its commands.
_ALIASES = {"k": "kubectl"}

_DURATION = re.compile(r"[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)")
_INTEGER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|\d[\d_]*)")
_BOOLEANS = frozenset(["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"])
_TEMPLATES = ("jsonpath", "jsonpath-as-json")


@dataclass(frozen=True, slots=True)
class Result:
    """What was found in one command; `unknown` names what could not be judged."""

    problems: tuple[Problem, ...]
    checked: bool
    unknown: tuple[str, ...] = ()


def tool_of(command: ShellCommand) -> str | None:
    """The known tool that a shell command runs, or None."""
    if not command.words:
        return None
    name = re.split(r"[/\\]", command.words[0].value)[-1].removesuffix(".exe")
    if name in tools():
        return name
    if name in _ALIASES and len(command.words) > 1:
        known = command_tree(_ALIASES[name], _newest())
        if command.words[1].value in known.commands:
            return _ALIASES[name]
    return None


def check(
    command: ShellCommand,
    snippet: Snippet,
    versions: tuple[str, ...],
    *,
    path: str = "-",
    prefix: bool = False,
) -> Result:
    """Check one command. With `prefix` it may be the beginning of one, as in running text.

    Raises:
        kubenotes.kubernetes.UnknownVersion: there is no data for one of the versions.
    """
    tool = tool_of(command)
    if tool is None:
        return Result((), checked=False)
    found: dict[str, list[Problem]] = {}
    unknown: list[str] = []
    for version in versions:
        unknown = []
        check_version = _Check(tool, version, prefix, unknown)
        found[version] = [_problem(fault, snippet, path, command) for fault in check_version.run(command.words)]
    return Result(tuple(merge_versions(found)), checked=True, unknown=tuple(dict.fromkeys(unknown)))


def _problem(fault: Fault, snippet: Snippet, path: str, command: ShellCommand) -> Problem:
    line, column = place(snippet, fault.word.offset(fault.index))
    shown = " ".join(word.value for word in command.words).replace(UNKNOWN, "…")
    return Problem(path, line, column, fault.code, fault.message, fix=fault.fix, snippet=shown)


@cache
def _newest() -> str:
    return kubernetes_versions()[-1]


@dataclass(frozen=True, slots=True)
class _Types:
    """The words that name a resource type, and the categories."""

    names: frozenset[str]
    categories: frozenset[str]


@cache
def _types(version: str) -> _Types:
    names: set[str] = set()
    categories: set[str] = {"all"}
    for resource in resources(version):
        names.update((resource.plural, resource.singular, *resource.short))
        categories.update(resource.categories)
    return _Types(frozenset(names - {""}), frozenset(categories))


class _Check:
    def __init__(self, tool: str, version: str, prefix: bool, unknown: list[str]) -> None:
        self._root = command_tree(tool, version)
        self._version = version
        self._prefix = prefix
        self._unknown = unknown

    def run(self, words: Sequence[Word]) -> Iterator[Fault]:
        command, rest = find(self._root, list(words[1:]))
        if slip := self._misspelt(command, rest):
            yield slip
            return
        parsed = parse(self._root, command, rest, prefix=self._prefix)
        yield from parsed.faults
        if parsed.faults or "help" in parsed.values or self._plugin(parsed):
            return
        if unplaced := self._unplaced(parsed):
            yield unplaced
            return
        # A word that may become flags (`$do`) makes everything below a guess.
        guess = self._prefix or any(word.expands for word in rest)
        if not guess:
            yield from self._required(parsed, words)
        yield from self._values(parsed)
        yield from self._resource_types(parsed)
        yield from self._output(parsed)

    def _misspelt(self, command: Command, rest: list[Word]) -> Fault | None:
        """A subcommand that is nearly right: the flags behind it are judged when it is mended."""
        first = next((word for word in rest if not word.value.startswith("-")), None)
        if first is None or not command.commands or first.unknown or not re.fullmatch(r"[\w-]+", first.value):
            return None
        # Three letters are too few to tell a slip from another word: `pvc` is no `pc`.
        candidate = _slip(first.value, command.commands) if len(first.value) > 3 else None
        if candidate is None or (_takes_arguments(command) and first is rest[0]):
            return None
        return _no_command(command, first, candidate)

    def _plugin(self, parsed: CommandLine) -> bool:
        """kubectl runs any kubectl-NAME on the PATH: such a word cannot be judged, unless it is a slip."""
        if parsed.command is not self._root or self._root.path != "kubectl" or not parsed.arguments:
            return False
        name = parsed.arguments[0]
        if name.unknown or is_placeholder(name.value):
            return False
        self._unknown.append(f"kubectl {name.value}")
        return True

    def _unplaced(self, parsed: CommandLine) -> Fault | None:
        """A word where only a subcommand, or nothing, may stand."""
        command = parsed.command
        words = parsed.arguments[: parsed.dash]
        if not words or words[0].unknown or is_placeholder(words[0].value):
            return None
        first = words[0]
        if command.commands and not _takes_arguments(command):
            return _no_command(command, first, None)
        if command.arguments == "cobra.NoArgs":
            return Fault(first, "wrong-arguments", f"{command.path} takes no arguments, got {first.value!r}")
        return None

    def _required(self, parsed: CommandLine, words: Sequence[Word]) -> Iterator[Fault]:
        for flag in parsed.command.flags.values():
            if flag.required and flag.name not in parsed.values:
                yield Fault(words[0], "missing-flag", f"{parsed.command.path} needs --{flag.name}, which is not there")

    def _values(self, parsed: CommandLine) -> Iterator[Fault]:
        for name, given in parsed.values.items():
            flag = parsed.command.flags[name]
            for one in given:
                word, value, index = one.word, one.value, one.index
                if UNKNOWN in value or "..." in value or "…" in value or is_placeholder(value):
                    continue
                if problem := _wrong(flag.type, value):
                    yield Fault(word, "flag-value", f"--{name} is {value!r}, expected {problem}", index=index)

    def _resource_types(self, parsed: CommandLine) -> Iterator[Fault]:
        """The TYPE of `get TYPE`, `TYPE/NAME`, and of flags that name one."""
        use = parsed.command.use
        words = parsed.arguments[: parsed.dash]
        if "filename" in parsed.values or "kustomize" in parsed.values:
            return
        takes_type = re.search(r"\bTYPE\b", use) and not re.search(r"\bPOD \||VERB|POD\b.*TYPE/NAME", use)
        for index, word in enumerate(words):
            if word.unknown or is_placeholder(word.value):
                if index == 0:
                    return
                continue
            kind, slash, _ = word.value.partition("/")
            if takes_type and index == 0 and not slash:
                start = 0
                for part in word.value.split(","):
                    yield from self._type(word, part, start)
                    start += len(part) + 1
            elif slash and "TYPE/NAME" in use and index == 0:
                yield from self._type(word, kind, 0)

    def _type(self, word: Word, name: str, index: int) -> Iterator[Fault]:
        known = _types(self._version)
        text = name.lower()
        if not text or text in known.names or text in known.categories or is_placeholder(name):
            return
        plural, dot, _ = text.partition(".")
        if dot and plural in known.names:
            return
        candidate = None if dot else _slip(text, known.names)
        if candidate is None:
            self._unknown.append(f"resource type {name}")
            return
        yield Fault(
            word,
            "unknown-resource",
            f"the server has no resource type {name!r}{did_you_mean(candidate)}",
            candidate,
            index,
        )

    def _format(self, command: Command, word: Word, name: str, has_template: bool, index: int) -> Iterator[Fault]:
        known = outputs(self._version).get(command.path)
        if known is None or UNKNOWN in name or "…" in name or not name or is_placeholder(name):
            return
        if name not in known:
            candidate = closest(name, known)
            expected = f"expected one of {', '.join(sorted(known))}"
            yield Fault(
                word,
                "flag-value",
                f"{command.path} cannot print as {name!r}{did_you_mean(candidate) or ', ' + expected}",
                candidate,
                index,
            )
        elif not has_template and not self._prefix and _NEED_TEMPLATE.fullmatch(name):
            yield Fault(word, "flag-value", f"--output {name} needs its template: {name}=…", index=index)

    def _output(self, parsed: CommandLine) -> Iterator[Fault]:
        for given in parsed.values.get("output", ()):
            word, value, index = given.word, given.value, given.index
            name, equals, template = value.partition("=")
            yield from self._format(parsed.command, word, name, bool(equals), index)
            if not equals:
                continue
            start = index + len(name) + 1
            if name in _TEMPLATES:
                yield from _template(word, template, start, relaxed=False)
            elif name == "custom-columns":
                for column in template.split(","):
                    header, colon, path = column.partition(":")
                    if not colon and UNKNOWN not in column:
                        yield Fault(
                            word,
                            "template-syntax",
                            f"custom-columns: {column!r} is not HEADER:PATH",
                            index=start,
                        )
                    else:
                        yield from _template(word, path, start + len(header) + 1, relaxed=True)
                    start += len(column) + 1
        for given in parsed.values.get("sort-by", ()):
            if parsed.command.path != "kubectl top pod" and parsed.command.path != "kubectl top node":
                yield from _template(given.word, given.value, given.index, relaxed=True)


_NEED_TEMPLATE = re.compile(r"(?:jsonpath|go-template|template|custom-columns)[a-z-]*|templatefile")


def _no_command(command: Command, word: Word, candidate: str | None) -> Fault:
    message = f"{command.path} has no command {word.value!r}{did_you_mean(candidate)}"
    return Fault(word, "unknown-command", message, candidate)


def _slip(word: str, known: Collection[str]) -> str | None:
    """The known word that `word` is a slip of the keys for: one letter off, or two in a longer word.

    Stricter than a mere likeness: `myplugin` is no `plugin`, `gatewayclasses` are no `ingressclasses`.
    """
    if word.startswith("un") and word[2:] in known:  # `untaint`: what is undone by the command itself
        return word[2:]
    near = [name for name in known if len(name) > 2 and abs(len(name) - len(word)) <= 2]
    found = closest(word, near)
    if found is None:
        return None
    distance = _distance(word, found)
    allowed = distance <= 1 or (distance == 2 and len(word) >= 6 and word[0] == found[0])
    # Two letters changed places: as easily done as one wrong letter.
    swapped = sorted(word) == sorted(found) and distance == 2
    return found if allowed or swapped else None


def _distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]


def _template(word: Word, template: str, start: int, *, relaxed: bool) -> Iterator[Fault]:
    if UNKNOWN in template or "…" in template:
        return
    try:
        parse_relaxed(template) if relaxed else parse_jsonpath(template)
    except JSONPathError as error:
        yield Fault(
            word,
            "template-syntax",
            f"kubectl cannot parse {template!r}: {error.message}",
            index=start + error.offset,
        )


def _takes_arguments(command: Command) -> bool:
    """Whether a command with subcommands also takes arguments: `join [api-server-endpoint]` does."""
    return bool(re.search(r"\[[a-z-]+\]", command.use.replace("[flags]", "")))


def _wrong(kind: str, value: str) -> str | None:
    """What was expected where a value has the wrong type, None where it is right."""
    if kind in ("int", "int32", "int64", "uint", "uint16", "uint32"):
        return None if _INTEGER.fullmatch(value) else "a whole number"
    if kind == "bool":
        return None if value in _BOOLEANS else "true or false"
    if kind == "duration":
        return None if _DURATION.fullmatch(value) else "a duration like 30s or 5m"
    if kind in ("stringToString", "mapStringString"):
        return None if "=" in value or not value else "key=value"
    return None
