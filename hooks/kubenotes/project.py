"""What the checks need to know of a project: its docs folder, its facts, the versions it is checked against."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .checks import Context
from .facts import FactError, Facts, load
from .yaml_reader import Mapping, Scalar, Sequence, read


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with an mkdocs.yml and docs/."""

    root: Path
    versions: tuple[str, ...]
    facts: dict[str, Facts]

    @property
    def docs(self) -> Path:
        return self.root / "docs"

    def context(self, versions: tuple[str, ...] | None = None) -> Context:
        """What a note of this project is checked with; paths are relative to the project's root, or absolute."""
        return Context(versions or self.versions, self.facts, lambda path: (self.root / path).is_file())


def open_project(root: Path) -> Project:
    """Read a project's facts and versions.

    Raises:
        FactError: a file of docs/data cannot be read.
        OSError: mkdocs.yml cannot be read.
    """
    return Project(root, read_versions((root / "mkdocs.yml").read_text("utf-8")), read_facts(root / "docs" / "data"))


def read_facts(folder: Path) -> dict[str, Facts]:
    """Every facts file of a folder, by name.

    Raises:
        FactError: one of them cannot be read.
    """
    return {path.stem: load(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.yml"))}


def read_versions(config: str) -> tuple[str, ...]:
    """`extra.kubernetes` of an mkdocs.yml, whose tags only MkDocs could read.

    Raises:
        FactError: it is not there.
    """
    documents, _ = read(config)
    extra = documents[0].get("extra") if documents and isinstance(documents[0], Mapping) else None
    versions = extra.get("kubernetes") if isinstance(extra, Mapping) else None
    if not isinstance(versions, Sequence) or not versions.items:
        raise FactError('mkdocs.yml needs extra.kubernetes, a list of versions like ["1.35", "1.37"]')
    return tuple(item.text for item in versions.items if isinstance(item, Scalar))
