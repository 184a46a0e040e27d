"""What is added to the search index, and how pages come to use our worker."""

from __future__ import annotations

from typing import Any

import pytest

from kubenotes.search import Synonyms, compact, enrich, rewire, synonyms

GLOSSARY = {
    "quorum": {"name": "쿼럼", "value": "quorum", "also": "정족수"},
    "load-balancer": {"name": "로드 밸런서", "value": "load balancer", "also": "LB"},
    "control-plane": {"name": "컨트롤 플레인", "value": "control plane", "also": "마스터(옛말)"},
}


def added(text: str, title: str = "", location: str = "a/#b") -> list[str]:
    """The words that `enrich` adds to one entry."""
    entry: dict[str, Any] = {"location": location, "title": title, "text": text}
    (enriched,) = enrich([entry], synonyms(GLOSSARY))
    return str(enriched.get("k", "")).split()


def test_the_other_words_for_a_thing_are_added_but_not_its_own() -> None:
    assert sorted(added("<p>쿼럼은 과반수다</p>")) == ["quorum", "정족수"]


def test_remarks_in_the_glossary_are_no_words() -> None:
    assert "마스터" in added("컨트롤 플레인")
    assert "옛말" not in " ".join(added("컨트롤 플레인"))


@pytest.mark.parametrize("text", ["로드 밸런서가", "로드밸런서를", "a load balancer", "LB가 있다"])
def test_a_word_of_two_is_found_without_its_space(text: str) -> None:
    assert {"로드밸런서", "loadbalancer"} <= set(added(text))


@pytest.mark.parametrize("text", ["탈쿼럼", "quorums-like", "ALB", "--lb"])
def test_a_part_of_another_word_is_not_the_word(text: str) -> None:
    assert not {"정족수", "로드밸런서"} & set(added(text))


def test_a_heading_weighs_more_and_repetition_no_more_than_so_much() -> None:
    once, often = added("쿼럼"), added("쿼럼 " * 50)
    assert (once.count("정족수"), often.count("정족수")) == (1, 4)
    assert added("", title="쿼럼").count("정족수") == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<code>--sort-by</code>로", {"§sortby"}),
        ("--sort-by=.metadata.name", {"§sortby", "§metadataname"}),
        (
            "/var/lib/kubelet/config.yaml에",
            {"§varlibkubeletconfigyaml", "§libkubeletconfigyaml", "§kubeletconfigyaml", "§configyaml"},
        ),
        ("10.0.0.10:6443", {"§1000106443"}),
        ("rbac.authorization.k8s.io/v1", {"§rbacauthorizationk8siov1"}),
        ("kubectl drain node01", {"§kubectldrain", "§kubectldrainnode01"}),
        ("CrashLoopBackOff다", {"loopbackoff", "backoff", "off"}),
        ("kube-apiserver의", {"§kubeapiserver"}),
    ],
)
def test_what_the_index_takes_apart_is_put_together(text: str, words: set[str]) -> None:
    assert words <= set(added(text))


@pytest.mark.parametrize("text", ["v1.35", "2026-11-23", "https://kubernetes.io/docs/home", "--force", "쿠버네티스"])
def test_what_is_found_as_it_stands_is_not_repeated(text: str) -> None:
    assert added(text) == []


def test_pointers_elsewhere_come_last() -> None:
    entries: list[dict[str, Any]] = [
        {"location": "a/#다음", "title": "다음", "text": "쿼럼"},
        {"location": "#순서", "title": "순서", "text": ""},
        {"location": "a/", "title": "쿼럼", "text": "", "boost": 2},
    ]
    assert [entry.get("boost") for entry in enrich(entries, [])] == [0.2, 0.5, 2]


def test_entries_keep_what_they_had() -> None:
    entry = {"location": "a/", "title": "가", "text": "나", "tags": ["다"]}
    assert enrich([entry], [Synonyms.of(["라"])]) == [entry]


def test_compact_keeps_letters_and_digits() -> None:
    assert compact("/etc/kubernetes/PKI_2/ca.crt") == "etckubernetespki2cacrt"


PAGE = '<div class="md-search" role="dialog"></div>{"search": "../assets/javascripts/workers/search.a7.min.js"}'


def test_a_page_gets_our_worker_and_its_dialog_a_name() -> None:
    html = rewire(PAGE)
    assert html
    assert '"search": "../assets/javascripts/korean-search.js?search.a7.min.js"' in html
    assert 'role="dialog" aria-label="검색">' in html


@pytest.mark.parametrize("html", ["", PAGE + PAGE, PAGE.replace("workers/", "")])
def test_a_page_that_does_not_name_one_worker_is_told_apart(html: str) -> None:
    assert rewire(html) is None
