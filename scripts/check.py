"""Check the manifests, commands and diagrams in Markdown and YAML. Usage: python3 scripts/check.py [PATH …]

PATH is a file, a folder, or `-` for one Markdown note from standard input; without one, docs/.
Exit code 0: checked, no problem. 1: problems. 2: something could not be checked, or nothing was there.
"""

from __future__ import annotations

import environment

if __name__ == "__main__" and not environment.inside():
    import sys
    from pathlib import Path

    sys.exit(environment.run(__file__, *sys.argv[1:], folder=Path.cwd()))

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from kubenotes.checks import Context, Report, check_data, check_note
from kubenotes.checks.manifests import is_manifest
from kubenotes.facts import FactError
from kubenotes.kubernetes import UnknownVersion, schemas, versions
from kubenotes.mermaid import MermaidUnavailable
from kubenotes.problem import CODES, Problem
from kubenotes.project import Project, open_project

MARKDOWN = {".md", ".markdown"}
DATA = {".yaml", ".yml", ".json"}


class CannotCheck(Exception):
    """Something that was asked for cannot be read."""


def main(argv: list[str] | None = None) -> int:
    """Check what the command line names and print what was found."""
    options = _options(argv)
    try:
        project = open_project(environment.ROOT)
        wanted = (
            tuple(version.strip() for version in options.kubernetes.split(","))
            if options.kubernetes
            else project.versions
        )
        for version in wanted:
            schemas(version)
        report, files = _check(options.paths or [str(project.docs)], project, wanted)
    except (CannotCheck, FactError, MermaidUnavailable, UnknownVersion, OSError) as error:
        print(f"check.py: {error}", file=sys.stderr)
        return 2
    if not files:
        print("check.py: no Markdown or manifest file in what was named: nothing was checked", file=sys.stderr)
        return 2
    {"text": _text, "json": _json, "github": _github, "sarif": _sarif}[options.format](report, files)
    if options.verbose:
        for name in dict.fromkeys(report.unknown):
            print(f"could not judge: {name}", file=sys.stderr)
    return 1 if report.problems else 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="check.py", description="Check the manifests, commands and diagrams in Markdown and YAML."
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a file, a folder or - (default: docs/)")
    parser.add_argument("--format", choices=["text", "json", "github", "sarif"], default="text")
    parser.add_argument(
        "--kubernetes", metavar="VERSIONS", help=f"like 1.35,1.37 (known: {', '.join(versions())}; default: mkdocs.yml)"
    )
    parser.add_argument("--verbose", action="store_true", help="also name what could not be judged")
    return parser.parse_args(argv)


def _check(paths: list[str], project: Project, wanted: tuple[str, ...]) -> tuple[Report, int]:
    total, files = Report(), 0
    for name in paths:
        if name == "-":
            total.add(check_note(_decode(sys.stdin.buffer.read(), "standard input"), "-", Context(wanted)))
            files += 1
            continue
        for path, named in _files(Path(name)):
            text = _decode(_read(path), str(path))
            ours = path.resolve().is_relative_to(project.docs)
            if path.suffix.lower() in MARKDOWN:
                context = project.context(wanted) if ours else Context(wanted)
                total.add(check_note(text, _shown(path), context))
            elif named or is_manifest(text):
                total.add(check_data(text, _shown(path), Context(wanted), json=path.suffix == ".json"))
            else:
                continue
            files += 1
    return total, files


def _files(path: Path) -> Iterator[tuple[Path, bool]]:
    """The files of a path, and whether the file itself was named."""
    if path.is_dir():
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
            for name in sorted(names):
                file = Path(folder, name)
                if file.suffix.lower() in MARKDOWN | DATA:
                    yield file, False
    elif path.exists():
        yield path, True
    else:
        raise CannotCheck(f"no such file or folder: {path}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotCheck(f"cannot read {path}: {error.strerror}") from None


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CannotCheck(f"{name}:{line}: not UTF-8 (byte {error.start}): save the file as UTF-8") from None


def _shown(path: Path) -> str:
    """A path as people write it: relative to the folder they are in, with forward slashes."""
    here = Path.cwd()
    full = path.resolve()
    return (full.relative_to(here) if full.is_relative_to(here) else path).as_posix()


def _summary(report: Report, files: int) -> str:
    return (
        f"{files} files, {report.snippets} snippets, {report.commands} commands, {report.manifests} manifests, "
        f"{report.diagrams} diagrams: {len(report.problems) or 'no'} problem{'' if len(report.problems) == 1 else 's'}"
    )


def _text(report: Report, files: int) -> None:
    for problem in report.problems:
        print(problem)
    print(_summary(report, files), file=sys.stderr)


def _json(report: Report, files: int) -> None:
    document = {
        "files": files,
        "snippets": report.snippets,
        "commands": report.commands,
        "manifests": report.manifests,
        "problems": [problem.as_json() for problem in report.problems],
    }
    print(json.dumps(document, ensure_ascii=False, indent=2))


def _github(report: Report, files: int) -> None:
    """Workflow commands: GitHub shows them as annotations on the lines."""

    def escaped(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    for problem in report.problems:
        path = escaped(problem.path).replace(":", "%3A").replace(",", "%2C")
        place = f"file={path},line={problem.line},col={problem.column},title={problem.code}"
        print(f"::{problem.severity} {place}::{escaped(problem.message)}")
    print(_summary(report, files))


def _sarif(report: Report, files: int) -> None:
    """SARIF 2.1.0, as code scanning takes it."""
    used = sorted({problem.code for problem in report.problems})
    driver = {
        "name": "kubenotes",
        "rules": [{"id": code, "shortDescription": {"text": CODES[code]}} for code in used],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [*map(_result, report.problems)]}
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    print(json.dumps(document, ensure_ascii=False, indent=2))


def _result(problem: Problem) -> dict[str, object]:
    region = {"startLine": problem.line, "startColumn": problem.column}
    location = {"physicalLocation": {"artifactLocation": {"uri": problem.path}, "region": region}}
    return {
        "ruleId": problem.code,
        "level": problem.severity,
        "message": {"text": problem.message},
        "locations": [location],
    }


if __name__ == "__main__":
    sys.exit(main())
