"""scripts/check.py as a user calls it: what it prints, and its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BAD = "# 가\n\n```bash\nkubectl get pods --all-namespace\n```\n"
GOOD = "# 가\n\n```bash\nkubectl get pods --all-namespaces\n```\n"


def check(*arguments: str, folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "check.py"), *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "bad.md").write_text(BAD, "utf-8")
    return tmp_path


def test_text_has_path_line_column_code_and_message(bad: Path) -> None:
    done = check("notes", folder=bad)
    message = "unknown-flag kubectl get has no flag --all-namespace; did you mean '--all-namespaces'?"
    assert done.stdout == f"notes/bad.md:4:18: {message}\n"
    assert done.returncode == 1
    assert "1 files, 1 snippets, 1 commands, 0 manifests, 0 diagrams: 1 problem\n" in done.stderr


def test_json_is_one_object(bad: Path) -> None:
    done = check("--format", "json", "notes", folder=bad)
    data = json.loads(done.stdout)
    assert {key: data[key] for key in ("files", "snippets", "commands", "manifests")} == {
        "files": 1,
        "snippets": 1,
        "commands": 1,
        "manifests": 0,
    }
    assert data["problems"] == [
        {
            "path": "notes/bad.md",
            "line": 4,
            "column": 18,
            "code": "unknown-flag",
            "severity": "error",
            "message": "kubectl get has no flag --all-namespace; did you mean '--all-namespaces'?",
            "fix": "--all-namespaces",
            "kubernetes": [],
            "snippet": "kubectl get pods --all-namespace",
        }
    ]


def test_github_prints_an_annotation(bad: Path) -> None:
    done = check("--format", "github", "notes", folder=bad)
    assert done.stdout.startswith("::error file=notes/bad.md,line=4,col=18,title=unknown-flag::kubectl get has no")


def test_sarif_names_rule_and_place(bad: Path) -> None:
    run = json.loads(check("--format", "sarif", "notes", folder=bad).stdout)["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["unknown-flag"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location == {
        "artifactLocation": {"uri": "notes/bad.md"},
        "region": {"startLine": 4, "startColumn": 18},
    }


def test_a_clean_note_is_exit_code_0(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(GOOD, "utf-8")
    done = check("good.md", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_dash_reads_one_note_from_standard_input(tmp_path: Path) -> None:
    done = check("-", folder=tmp_path, stdin=BAD)
    assert done.returncode == 1
    assert done.stdout.startswith("-:4:18: unknown-flag")


def test_a_version_that_only_one_has_is_named(tmp_path: Path) -> None:
    note = "```bash\nkubectl kuberc view\nkubectl explain pod --max-depth=2\n```\n"
    (tmp_path / "a.md").write_text(note, "utf-8")
    assert check("--kubernetes", "1.37", "a.md", folder=tmp_path).returncode == 0
    both = check("--kubernetes", "1.35,1.37", "a.md", folder=tmp_path)
    assert "has no flag --max-depth" in both.stdout
    assert "[Kubernetes 1.35]" in both.stdout


def test_manifest_files_are_checked_and_other_yaml_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadatas: {}\n", "utf-8")
    (tmp_path / "values.yaml").write_text("a: 1\na: 2\n", "utf-8")
    done = check(".", folder=tmp_path)
    assert done.stdout.startswith("pod.yaml:3:1: unknown-field Pod has no field 'metadatas'")
    assert "values.yaml" not in done.stdout
    assert check("values.yaml", folder=tmp_path).returncode == 1


def test_verbose_names_what_could_not_be_judged(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("```bash\nkubectl ctx dev\nkubectl get widgets\n```\n", "utf-8")
    done = check("--verbose", "a.md", folder=tmp_path)
    assert done.returncode == 0
    assert "could not judge: kubectl ctx\n" in done.stderr
    assert "could not judge: resource type widgets\n" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope.md"], "no such file or folder: nope.md"),
        (["empty"], "nothing was checked"),
        (["--kubernetes", "1.99", "good.md"], "no data for Kubernetes '1.99'; known:"),
        (["--kubernetes", "", "latin.md"], "latin.md:2: not UTF-8"),
        (["--format", "xml", "good.md"], "invalid choice: 'xml'"),
        (["--nope"], "unrecognized arguments: --nope"),
    ],
)
def test_what_cannot_be_checked_is_exit_code_2_and_a_sentence(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "good.md").write_text(GOOD, "utf-8")
    (tmp_path / "latin.md").write_bytes(b"a\n\xe9\n")
    done = check(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_a_notes_own_links_are_checked_only_in_our_project(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("[a](nope.md) <!-- quorum: 0 -->\n", "utf-8")
    assert check("a.md", folder=tmp_path).returncode == 0
