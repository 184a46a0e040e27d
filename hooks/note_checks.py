"""Check every note and every manifest file while the site is built; a problem is a warning, so strict fails."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger

from kubenotes.checks import Context, Report, check_data, check_note, diagrams
from kubenotes.facts import FactError
from kubenotes.kubernetes import UnknownVersion
from kubenotes.mermaid import MermaidUnavailable
from kubenotes.project import open_project

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

log = get_plugin_logger("note_checks")


class _Run:
    """What one build has checked so far."""

    def __init__(self, context: Context, root: Path) -> None:
        self.context, self.root = context, root
        self.report = Report()
        self.notes = 0
        self.seconds = 0.0

    def check(self, text: str, source: Path, *, data: bool = False) -> None:
        started = time.perf_counter()
        path = source.relative_to(self.root).as_posix() if source.is_relative_to(self.root) else source.as_posix()
        try:
            if data:
                report = check_data(text, path, self.context, json=source.suffix == ".json")
            else:
                report = check_note(text, path, self.context)
        except UnknownVersion as error:
            raise PluginError(f"extra.kubernetes in mkdocs.yml: {error}") from None
        except MermaidUnavailable as error:
            raise PluginError(f"{path}: its diagrams cannot be checked: {error}") from None
        for problem in report.problems:
            log.warning("%s", problem)
        self.report.add(report)
        self.notes += not data
        self.seconds += time.perf_counter() - started


_runs: dict[str, _Run] = {}


def on_pre_build(config: MkDocsConfig) -> None:
    root = Path(config.config_file_path).resolve().parent
    try:
        project = open_project(root)
    except (FactError, OSError) as error:
        raise PluginError(str(error)) from None
    _runs[config.config_file_path] = _Run(project.context(), root)


def on_files(files: Files, config: MkDocsConfig) -> None:
    diagrams.prepare(page.content_string for page in files.documentation_pages())
    for file in files:
        if (
            file.src_uri.startswith("manifests/")
            and file.abs_src_path
            and file.src_uri.endswith((".yaml", ".yml", ".json"))
        ):
            _runs[config.config_file_path].check(file.content_string, Path(file.abs_src_path), data=True)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    if page.file.abs_src_path:
        # content_string, not markdown: its lines are the file's, front matter and all.
        _runs[config.config_file_path].check(page.file.content_string, Path(page.file.abs_src_path))


def on_post_build(config: MkDocsConfig) -> None:
    run = _runs.pop(config.config_file_path)
    report = run.report
    log.info(
        "%d notes, %d snippets, %d commands, %d manifests, %d diagrams checked for Kubernetes %s in %.2f s: %s",
        *(run.notes, report.snippets, report.commands, report.manifests, report.diagrams),
        *(" and ".join(run.context.versions), run.seconds),
        f"{len(report.problems)} problems" if report.problems else "no problem",
    )
    if run.notes == 0:
        log.warning("no note was checked")
