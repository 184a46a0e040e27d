"""The notes themselves: clean, complete, sourced, free of the original post's errors."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

from kubenotes.checks import check_note
from kubenotes.facts import Facts
from kubenotes.note import Note, outside_code, read
from kubenotes.project import open_project

ROOT = Path(__file__).parents[1]
PROJECT = open_project(ROOT)
# Beside the interpreter: the environment need not be on the PATH.
SHFMT = str(Path(sys.executable).with_name("shfmt.exe" if os.name == "nt" else "shfmt"))
NOTES = sorted(path.relative_to(ROOT).as_posix() for path in PROJECT.docs.rglob("*.md"))
PAGES = [path for path in NOTES if path != "docs/tags.md"]

# What the original post had wrong, as it would look if it came back. A fence marked `fails` may hold it.
SEED_ERRORS = {
    "node limits were 100 pods a node": r"(?:노드당|노드 하나에)[^.\n]{0,20}\b100개",
    "a quorum without the floor": r"(?<![⌊\d])N\s*/\s*2\s*\+\s*1(?!\))",
    "the manifests folder without its s": r"/etc/kubernetes/manifest(?!s)",
    "노트 포트": r"노트\s?포트",
    "an apt source without its bracket": r"deb signed-by=",
    "markdown's backslash in a URL": r"\\https",
    "a list in a list of flannel's arguments": r"^\s*- - --(?:ip-masq|kube-subnet-mgr|iface)",
    "flannel v0.20.2": r"flannel/v0\.20\.2",
    "an escaped bracket in a JSONPath": r"items\\\[",
    "kubelet's removed CNI flags": r"--(?:network-plugin|cni-bin-dir|cni-conf-dir)\b",
    "a relative path to the task's kubeconfig": r"--kubeconfig[= ]my-kube-config",
    "the wrong name of the Deployment": r"deployment/nginx-deployment\b",
    "answers beside the folder that was asked for": r"> /root/nginx\.(?:svc|pod)",
    "service instead of systemctl": r"^\s*(?:sudo )?service kubelet",
    "endpoints through the deprecated API": r"^\s*kubectl .*\bget (?:ep|endpoints)\b",
    "kube-proxy's DaemonSet without its namespace": r"^\s*kubectl get (?:ds|daemonset)s?\s*$",
    "a token that looks real": r"--token [a-z0-9]{6}\.[a-z0-9]{16}\b(?!>)",
    "a hot-linked image": r"!\[[^\]]*\]\(https?:",
    "Weave as a choice": r"kubectl apply[^\n]*weave",
    "the retired package repositories": r"^[^#>\n]*(?:curl|deb)[^\n]*(?:apt\.kubernetes\.io|packages\.cloud\.google)",
}
# Running text that names such an error in order to say that it is one.
SAID_TO_BE_WRONG = {
    ("docs/design/limits.md", "node limits were 100 pods a node"),
    ("docs/etcd/quorum.md", "a quorum without the floor"),
    ("docs/kubeadm/cni-flannel.md", "kubelet's removed CNI flags"),
    ("docs/kubeadm/packages.md", "markdown's backslash in a URL"),
    ("docs/troubleshooting/cni.md", "kubelet's removed CNI flags"),
    ("docs/troubleshooting/static-pods.md", "the manifests folder without its s"),
    ("docs/troubleshooting/worker-node.md", "kubelet's removed CNI flags"),
}
# Each seed section's subjects, as words that its pages must carry.
SEED_TOPICS = {
    "234 design": ("design/purpose-and-requirements.md", ["학습", "온프레미스", "트래픽", "NoSchedule"]),
    "235 infrastructure": ("design/infrastructure.md", ["minikube", "kubeadm", "kind"]),
    "236 HA": ("ha/why-ha.md", ["ReplicaSet|레플리카셋", "kubelet", "로드 밸런서|로드밸런서"]),
    "236 leader election": ("ha/leader-election.md", ["Lease", "kube-scheduler", "holderIdentity"]),
    "237 Raft": ("etcd/raft.md", ["리더", "팔로워", "하트비트", "과반"]),
    "237 quorum": ("etcd/quorum.md", ["쿼럼", "홀수", "<!-- quorum:"]),
    "238 packages": ("kubeadm/packages.md", ["pkgs.k8s.io", "apt-mark hold", "madison"]),
    "238 init and join": ("kubeadm/init-join.md", ["kubeadm init", "kubeadm join", "--pod-network-cidr"]),
    "238 flannel": ("kubeadm/cni-flannel.md", ["--iface", "kube-flannel"]),
    "248 application failure": ("troubleshooting/application.md", ["NodePort", "셀렉터", "--previous"]),
    "251 control-plane failure": ("troubleshooting/control-plane.md", ["journalctl", "crictl", "kube-apiserver"]),
    "251 static Pods": ("troubleshooting/static-pods.md", ["/etc/kubernetes/manifests", "미러 파드"]),
    "251 kubelet": ("troubleshooting/worker-node.md", ["/var/lib/kubelet/config.yaml", "NotReady", "kubelet.conf"]),
    "257 CNI": ("troubleshooting/cni.md", ["/etc/cni/net.d", "/opt/cni/bin"]),
    "257 DNS": ("troubleshooting/dns.md", ["CoreDNS", "Corefile", "kube-dns", "53"]),
    "257 kube-proxy": ("troubleshooting/kube-proxy.md", ["데몬셋|DaemonSet", "config.conf"]),
    "advanced kubectl": ("kubectl/jsonpath.md", ["--sort-by", "custom-columns", "config view", "range"]),
    "Lightning Lab": ("labs/lightning-upgrade.md", ["kubeadm upgrade", "drain", "uncordon", "kubelet"]),
    "Mock Exam 2": ("labs/mock-exam-2.md", ["set image", "nslookup", "expose"]),
}


@cache
def note(path: str) -> Note:
    return read((ROOT / path).read_text("utf-8"), path)


def front_matter(path: str) -> dict[str, object]:
    data = yaml.safe_load(note(path).front_matter)
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize("path", NOTES)
def test_the_checks_find_nothing(path: str) -> None:
    report = check_note(note(path).text, path, PROJECT.context())
    assert [str(problem) for problem in report.problems] == []


def test_every_note_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert [path for path in NOTES if f" {path.removeprefix('docs/')}" not in navigation] == []
    assert len(PAGES) >= 24


@pytest.mark.parametrize("path", PAGES)
def test_front_matter_says_what_the_page_is_and_when_it_was_checked(path: str) -> None:
    data = front_matter(path)
    assert {"title", "description", "tags", "curriculum", "checked"} <= set(data)
    known: Facts = PROJECT.facts["curriculum"]
    curriculum = data["curriculum"]
    assert isinstance(curriculum, list)
    assert curriculum
    assert set(curriculum) <= set(known.rows)
    heading = re.search(r"^# (.+)$", outside_code(note(path)), re.MULTILINE)
    assert heading, "a page has one top heading"
    assert len(re.findall(r"^# ", outside_code(note(path)), re.MULTILINE)) == 1


@pytest.mark.parametrize("path", PAGES)
def test_facts_have_sources_and_the_day_they_were_checked(path: str) -> None:
    text = outside_code(note(path))
    definitions = dict(re.findall(r"^\[\^([^\]]+)\]:(.*)$", text, re.MULTILINE))
    used = set(re.findall(r"\[\^([^\]]+)\](?!:)", text))
    assert used == set(definitions), "every footnote is defined and used"
    if path != "docs/index.md":
        assert definitions
    unsourced = [
        name for name, body in definitions.items() if "http" not in body or not re.search(r"20\d\d-\d\d-\d\d", body)
    ]
    assert unsourced == []


def _unmarked(path: str) -> str:
    """The note without the fences that are marked as failing, and without output."""
    lines = note(path).text.split("\n")
    for fence in note(path).fences:
        if "fails" in fence.attributes or fence.language in ("text", ""):
            for row in range(fence.line - 1, min(fence.end, len(lines))):
                lines[row] = ""
    return "\n".join(lines)


@pytest.mark.parametrize("error", SEED_ERRORS)
def test_no_error_of_the_original_post_came_back(error: str) -> None:
    pattern = re.compile(SEED_ERRORS[error], re.MULTILINE)
    found: dict[str, str] = {}
    for path in PAGES:
        text = _unmarked(path)
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found[path] = f"{path}:{line}: {match[0].strip()}"
    explained = {path for path, name in SAID_TO_BE_WRONG if name == error}
    assert [place for path, place in found.items() if path not in explained] == []
    assert explained <= set(found), "an exception that nothing needs any more"


@pytest.mark.parametrize("topic", SEED_TOPICS)
def test_every_topic_of_the_original_post_is_there(topic: str) -> None:
    page, words = SEED_TOPICS[topic]
    text = note(f"docs/{page}").text
    assert [word for word in words if not any(choice in text for choice in word.split("|"))] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_diagram_is_followed_by_the_same_as_text_or_table(path: str) -> None:
    lines = note(path).text.split("\n")
    for fence in note(path).fences:
        if fence.language != "mermaid":
            continue
        after = [line.strip() for line in lines[fence.end : fence.end + 14] if line.strip()]
        said = [line for line in after if not line.startswith(("```", "~~~"))]
        assert said, f"{path}:{fence.line}: nothing follows the diagram"
        assert not said[0].startswith("#"), f"{path}:{fence.line}: the diagram stands alone"


def test_every_fence_says_its_language_and_no_command_hides_from_the_checks() -> None:
    # A trap whose mistake shows only when it runs, in a fence that nobody should copy.
    traps = {"docs/labs/mock-exam-2.md: kubectl -n mock2 run lookup --image=busybox:1.28 --rm -it"}
    hidden = []
    for path in NOTES:
        for fence in note(path).fences:
            assert fence.language, f"{path}:{fence.line}: a fence without a language is not checked"
            if fence.language == "text":
                for line in re.findall(
                    r"^\s*(?:\$ )?(?:sudo )?(?:kubectl|kubeadm) .*|^apiVersion:.*", fence.code, re.MULTILINE
                ):
                    hidden.append(f"{path}: {line.strip()}")
    assert [line for line in hidden if not line.startswith(tuple(traps))] == []


def test_every_shell_fence_is_shell() -> None:
    """mvdan/sh parses every block that a reader can copy; placeholders stand for words."""
    blocks = [
        (path, fence)
        for path in NOTES
        for fence in note(path).fences
        if fence.language == "bash" and not {"output", "fails", "skip"} & set(fence.attributes)
    ]
    assert len(blocks) > 100
    broken = []
    for path, fence in blocks:
        code = re.sub(r"(?<![<\w])<(?![<(&\s])([^<>\n|;&()]*[^<>\n|;&()\s-])>", "PLACEHOLDER", fence.code)
        done = subprocess.run([SHFMT, "-ln", "bash", "-"], input=code, capture_output=True, text=True, check=False)
        if done.returncode:
            broken.append(f"{path}:{fence.line}: {done.stderr.strip()}")
    assert broken == []
