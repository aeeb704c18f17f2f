"""Find the works that are like a text by its rarest words."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import TYPE_CHECKING, Final

from tantivy import Query as Wish

from academichub.index import answering
from academichub.index.compiling import any_wish, without, word_wish, works
from academichub.index.schema import bounded
from academichub.text.cutting import STOP_WORDS, stem
from academichub.text.words import words

if TYPE_CHECKING:
    from collections.abc import Collection

    import tantivy

    from academichub.index.answering import FoundWork

_WORDS: Final = 25  # of a text; more change little and cost time
_TITLE: Final = 3  # what a word of the title counts
_STOP_ROOTS: Final = frozenset(map(stem, STOP_WORDS))
_LONGEST: Final = 20_000  # characters of an abstract that are looked at


def like(
    searcher: tantivy.Searcher, title: str, abstract: str, *, without_ids: Collection[int], size: int
) -> tuple[FoundWork, ...]:
    """Give the works that share telling words with a text, best first.

    A word tells by how often it is in the text and how few works have it (tf-idf); the most telling ones are
    sought as alternatives, each weighted by how often it is there. Words of no other work find nothing.
    """
    counts = Counter(stem(word) for word in words(abstract[:_LONGEST]))
    for word in words(title[:_LONGEST]):
        counts[stem(word)] += _TITLE
    held = searcher.num_docs
    telling: list[tuple[float, str]] = []
    for root, times in counts.items():
        having = 0 if root in _STOP_ROOTS else searcher.doc_freq("all", bounded(root))
        if having > 1:
            telling.append((-(1 + log(times)) * log(1 + held / having), root))
    chosen = sorted(telling)[:_WORDS]
    if not chosen:
        return ()
    any_word = any_wish(
        [Wish.boost_query(word_wish("all", root), 1 + log(counts[root])) for _, root in chosen]
    )
    wish = without(any_word, [works(without_ids)] if len(without_ids) else [])
    return answering.by_relevance(searcher, wish, after=None, size=size).works
