"""Write the data files: compact, one entry a line, and all at once or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "hooks" / "kubenotes" / "kubernetes"

Entry = dict[str, Any]


def compact(value: object) -> str:
    """JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def table(entries: dict[str, Any]) -> str:
    """A JSON object with one member a line, sorted."""
    lines = (f"{compact(key)}:{compact(entries[key])}" for key in sorted(entries))
    return "{\n" + ",\n".join(lines) + "\n}"


def rows(entries: list[Entry]) -> str:
    """A JSON array with one entry a line, in the order given."""
    return "[\n" + ",\n".join(compact(entry) for entry in entries) + "\n]"


def command_tree(command: Entry, depth: int = 0) -> str:
    """A command tree with one command a line, indented by its depth."""
    own = compact({key: value for key, value in command.items() if key != "commands"})
    children = command.get("commands")
    if not children:
        return " " * depth + own
    inside = ",\n".join(command_tree(child, depth + 1) for child in children)
    return " " * depth + own[:-1] + ',"commands":[\n' + inside + "]}"


def document(version: str, source: str | dict[str, str], **parts: str) -> str:
    """A whole file: version, source, then each part, which is already JSON."""
    members = [f'"version":{compact(version)}', f'"source":{compact(source)}']
    members += [f"{compact(name)}:{part}" for name, part in parts.items()]
    text = "{\n" + ",\n".join(members) + "\n}\n"
    json.loads(text)  # a file that cannot be read must not replace one that can
    return text


def write(path: Path, text: str) -> None:
    """Replace a file in one step, so that a reader sees the old or the new, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, "utf-8")
    draft.replace(path)
