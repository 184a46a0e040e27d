"""Prepare the search index for what Korean readers type: synonyms, whole flags and paths, parts of names.

Material's index knows words as they stand in the text. `enrich` adds to each entry a field `k`,
searched but never shown, with the other words for the same thing. What a reader types is taken
apart in the browser, by docs/assets/javascripts/korean-search.js; both sides agree on `compact`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

# How often a word is put into `k`: as often as it is said, up to this; and so much more for a heading.
MOST = 4
HEADING = 3
# Before words put together from several, so that kubectl does not find all of §kubectldrain.
MARK = "§"
# Sections and pages that only point to where a thing is explained come after those that explain it.
POINTERS = {"다음": 0.2}
HOME = 0.5

_WORKER = re.compile(r'("search": "[^"]*/)workers/(search\.[\w.]+\.js)"')
_DIALOG = re.compile(r'(<div class="md-search"[^>]*\brole="dialog")(?![^>]*aria-label)')
_TAG = re.compile(r"<[^>]+>")
_REMARK = re.compile(r"\([^)]*\)")
_HANGUL = re.compile(r"[가-힣]")
# Flags, paths, addresses, API groups: Latin words held together by what the index splits at.
_JOINED = re.compile(r"(?<![\w./-])(?:--|\.?/|~/|\.)?[A-Za-z0-9][\w-]*(?:[./:@-]+[\w-]+)*", re.ASCII)
# Versions, dates and addresses without a port are found as they stand; nobody types a whole URL.
_NUMBER = re.compile(r"v?[\d.-]+$")
_COMMAND = re.compile(
    r"\b(kubectl|kubeadm|etcdctl|etcdutl|crictl|systemctl)((?: [a-z][a-z0-9-]+\b){1,2})",
    re.ASCII,
)
_CAMEL = re.compile(r"\b[A-Z]+[a-z0-9]+(?:[A-Z][a-z0-9]*)+\b", re.ASCII)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Words for one thing: what a text may say, and what a reader may look for."""

    patterns: Mapping[str, re.Pattern[str]]

    @classmethod
    def of(cls, words: Iterable[str]) -> Synonyms:
        return cls({word: _pattern(word) for word in words})

    def unsaid(self, text: str) -> Counter[str]:
        """The words that the text does not have, as often as it has the others."""
        said = {word: len(pattern.findall(text)) for word, pattern in self.patterns.items()}
        count = sum(said.values())
        if not count:
            return Counter()
        # A word of two parts is found without the space between them, too.
        whole = {compact(word): count for word in said if " " in word}
        return Counter({word: count for word, times in said.items() if not times} | whole)


def synonyms(glossary: Mapping[str, Mapping[str, str]]) -> tuple[Synonyms, ...]:
    """The groups of docs/data/glossary.yml; what it says in parentheses is not looked for."""
    groups = []
    for row in glossary.values():
        words = (row["name"], row["value"], *_REMARK.sub("", row["also"]).split(","))
        groups.append(Synonyms.of(dict.fromkeys(word.strip() for word in words if word.strip())))
    return tuple(groups)


def enrich(entries: Iterable[Mapping[str, Any]], groups: Iterable[Synonyms]) -> list[dict[str, Any]]:
    """The index's entries, each with the field `k` and, where it only points elsewhere, a boost below 1."""
    groups = tuple(groups)
    enriched = []
    for entry in entries:
        title, text = _plain(entry["title"]), _plain(entry["text"])
        words = _keywords(text, groups)
        for word, count in _keywords(title, groups).items():
            words[word] += HEADING * min(count, 1)
        added: dict[str, Any] = {"k": " ".join(words.elements())} if words else {}
        boost = POINTERS.get(title, 1) * (1 if entry["location"].partition("#")[0] else HOME)
        if boost != 1:
            added["boost"] = entry.get("boost", 1) * boost
        enriched.append({**entry, **added})
    return enriched


def rewire(html: str) -> str | None:
    """A page's HTML with our worker in front of Material's; None if it names no worker."""
    # The theme leaves the search dialog without a name, which a screen reader announces as "dialog".
    html = _DIALOG.sub(r'\1 aria-label="검색"', html)
    rewired, found = _WORKER.subn(r'\1korean-search.js?\2"', html)
    return rewired if found == 1 else None


def compact(word: str) -> str:
    """`--sort-by` → `sortby`: what is left of a word that the index would split."""
    return re.sub(r"[\W_]+", "", word).lower()


def _joined(words: str) -> str:
    return MARK + compact(words)


def _plain(markup: str) -> str:
    return unescape(_TAG.sub(" ", markup)).strip()


def _keywords(text: str, groups: tuple[Synonyms, ...]) -> Counter[str]:
    words = Counter(_whole(text))
    for group in groups:
        words.update(group.unsaid(text))
    return Counter({word: min(count, MOST) for word, count in words.items()})


def _whole(text: str) -> Iterator[str]:
    """Words that the index takes apart, put together; and the inner words of names it keeps whole."""
    for match in _JOINED.finditer(text):
        if not _NUMBER.match(match[0]) and "://" not in match[0]:
            # /var/lib/kubelet/config.yaml is looked for as kubelet/config.yaml and as config.yaml, too.
            parts = match[0].strip("-~./").split("/")
            tails = ("/".join(parts[start:]) for start in range(len(parts)))
            yield from (_joined(tail) for tail in tails if compact(tail) != tail.lower())
    for match in _COMMAND.finditer(text):
        words = match[2].split()
        yield from (_joined(match[1] + "".join(words[:count])) for count in (1, 2)[: len(words)])
    for match in _CAMEL.finditer(text):
        parts = _HUMP.split(match[0])
        yield from ("".join(parts[start:]).lower() for start in range(1, len(parts)))


def _pattern(word: str) -> re.Pattern[str]:
    """Hangul words take endings, Latin ones stand alone; in both, a space may be missing."""
    spaced = r"\s*".join(re.escape(part) for part in word.split())
    if _HANGUL.search(word):
        return re.compile(rf"(?<![가-힣]){spaced}", re.IGNORECASE)
    return re.compile(rf"(?<![A-Za-z0-9-]){spaced}s?(?![A-Za-z0-9-])", re.IGNORECASE)
