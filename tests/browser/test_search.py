"""What readers type into the search box leads to the section they mean."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from .search_box import ask, place
from .server import Site
from .visit import NewPage, Watch

# What is typed → where the best answer is: a page, or a page with a part of the section's anchor.
QUERIES = {
    "쿼럼": "etcd/quorum/",
    "쿼럼은": "etcd/quorum/",
    "쿼럼이란": "etcd/quorum/",
    "정족수": "etcd/quorum/",
    "quorum": "etcd/quorum/",
    "--sort-by": "kubectl/jsonpath/#정렬",
    "CrashLoopBackOff": "troubleshooting/(application|method)/",
    "/var/lib/kubelet/config.yaml": "troubleshooting/worker-node/#kubelet",
    "로드밸런서": "ha/topologies/",
    "로드 밸런서": "ha/topologies/",
    "컨트롤플레인": "(troubleshooting/control-plane|ha/why-ha)/",
    "kubelet로그": "troubleshooting/(control-plane|worker-node)/#.*(로그|kubelet)",
    "etcd 백업": ".*#.*(백업|스냅샷)",
    "리더 선출": "ha/leader-election/",
    "리더선출": "ha/leader-election/",
    "NotReady 노드": "troubleshooting/worker-node/",
    "kubectl drain": "(kubeadm/upgrade|labs/lightning-upgrade)/#.*(drain|드레인)",
    "kubeadm init": "kubeadm/init-join/",
    "CoreDNS가": "troubleshooting/dns/",
    "스태틱 파드": "troubleshooting/static-pods/",
    "인증서 만료": ".*#.*인증서",
    "10.244.0.0/16": "kubeadm/cni-flannel/#",
}
# Errors in lunr's query language (the first three), or operators that nobody here means.
HOSTILE = (
    "a~x",
    "a^b",
    "foo:bar~x ^",
    "--",
    '+-*~^: "',
    "title:",
    "~",
    "a^",
    "kubectl -n",
    '"열린 따옴표',
    "*",
    "-foo +bar",
    "::",
    "§",
)


def open_home(page: Page, site: Site) -> Watch:
    watch = Watch.over(page, site)
    page.goto(site.url)
    return watch


def test_each_query_finds_its_section_first(site: Site, new_page: NewPage) -> None:
    page = new_page(search=True)
    watch = open_home(page, site)
    wrong = {}
    for query, wanted in QUERIES.items():
        found = ask(page, query)
        best = max(found, key=lambda result: result["score"], default={"url": ""})
        first = place(found[0]["url"], site).partition("#")[0] if found else ""
        answer = place(best["url"], site)
        # The best answer, where Enter leads, is on the first page shown.
        if not re.match(wanted, answer) or not answer.startswith(first):
            wrong[query] = f"{answer} (first shown: {first}), not {wanted}"
    assert not wrong
    assert watch.problems == []


def test_no_query_is_an_error(site: Site, new_page: NewPage) -> None:
    page = new_page(search=True)
    watch = open_home(page, site)
    for query in HOSTILE:
        ask(page, query)
    assert watch.problems == []
    assert ask(page, "쿼럼"), "the worker no longer answers"


def test_only_typed_words_are_called_missing(site: Site, new_page: NewPage) -> None:
    page = new_page(search=True)
    open_home(page, site)
    texts = "\n".join(result["text"] for result in ask(page, "kubectl drain --sort-by"))
    assert texts
    assert "§" not in texts


def test_enter_leads_to_the_best_section(site: Site, new_page: NewPage) -> None:
    page = new_page(search=True)
    open_home(page, site)
    ask(page, "--sort-by")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kubectl/jsonpath/**")
    assert "정렬" in place(page.url, site)


def test_the_tags_page_is_not_found(site: Site, new_page: NewPage) -> None:
    page = new_page(search=True)
    open_home(page, site)
    assert not [r for r in ask(page, "태그") if place(r["url"], site).startswith("tags/")]


@pytest.mark.parametrize("query", ["쿼럼이란", "--sort-by", "/var/lib/kubelet/config.yaml"])
def test_without_our_worker_it_would_not_be_found(query: str, site: Site, new_page: NewPage) -> None:
    """The planted fault: Material's own worker, which knows neither endings nor flags."""
    page = new_page(search=True)
    html = re.sub(r"korean-search\.js\?", "workers/", site.html(""))
    page.route(site.url, lambda r: r.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto(site.url)
    found = [place(result["url"], site) for result in ask(page, query)]
    assert not found or not re.match(QUERIES[query], found[0])
