"""An index of made-up papers, for the doors' tests: finds by plain comparing, in a way anybody can follow."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from academichub.errors import WorkUnknown
from academichub.model.query import Scope
from academichub.model.search import (
    FacetKind,
    IndexState,
    SearchCursor,
    SearchHit,
    SearchMode,
    SearchNote,
    SearchOrder,
    SearchPage,
    Similar,
)
from academichub.model.shelf import Facet
from academichub.text.query import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from academichub.model.search import SearchQuery
    from academichub.model.shelf import Card

SPELT = {"quantm": "quantum", "spatail": "spatial"}
_FIELDS = re.compile(r"\b[a-z]+:\S+")


class FakeSearch:
    """Answers searches from the made-up cards. `search_notes` is what is said of every answer."""

    search_notes: tuple[SearchNote, ...] = ()
    is_without_model: bool = False
    searches: int = 0

    if TYPE_CHECKING:
        _cards: tuple[Card, ...]

    def search(self, query: SearchQuery, *, now: datetime) -> SearchPage:
        """Find the cards that hold every word, newest first or those with the word in the title first."""
        assert now.tzinfo
        self.searches += 1
        if query.text:
            parse(query.text, scope=Scope.SEARCH)
        words = [word.casefold() for word in re.findall(r"\w+", _FIELDS.sub(" ", query.text))]
        asked = [card for card in self._cards if _is_narrowed(card, query.chosen or {})]
        exact = [card for card in asked if all(word in _text(card) for word in words)]
        alike: list[Card] = []
        if query.mode is not SearchMode.WORDS and not self.is_without_model and len(words) > 1:
            some = [card for card in asked if any(word in _text(card) for word in words)]
            alike = [card for card in some if card not in exact]
        found = sorted(exact + alike, key=lambda card: _key(card, query, words))
        start = query.after.number if query.after else 0
        shown = found[start : start + query.size]
        has_more = len(found) > start + query.size
        notes = self.search_notes
        if self.is_without_model and query.mode is not SearchMode.WORDS:
            notes = (SearchNote.NO_MODEL, *notes)
        return SearchPage(
            query=query,
            hits=tuple(_hit(card, words, is_by_words=card in exact) for card in shown),
            first_number=start + 1,
            total=len(found),
            facets=_facets(found),
            suggestion=_spell(query.text),
            next=SearchCursor(float(len(found)).hex(), shown[-1].work_id, start + len(shown))
            if has_more
            else None,
            mode=SearchMode.WORDS if self.is_without_model else query.mode,
            notes=notes,
            minutes=sum(card.minutes for card in shown),
        )

    def similar(self, work_id: int, *, size: int = 6) -> tuple[Similar, ...]:
        """Give the cards that share a category with one, as if by meaning; every fifth paper has none."""
        card = next((card for card in self._cards if card.work_id == work_id), None)
        if card is None:
            raise WorkUnknown(work=work_id)
        if work_id % 5 == 0:
            return ()
        alike = [
            one
            for one in self._cards
            if one.work_id != work_id and set(one.categories) & set(card.categories)
        ]
        return tuple(
            Similar(one, 0.93 - 0.07 * place, is_by_meaning=not self.is_without_model)
            for place, one in enumerate(alike[:size])
        )

    def index_state(self) -> IndexState:
        """Say that everything is in the index."""
        works = len(self._cards)
        return IndexState(works=works, indexed=works, is_rebuilding=False, megabytes=1.5)


def _text(card: Card) -> str:
    return f"{card.title_plain} {card.abstract_html or ''} {' '.join(card.byline)}".casefold()


def _is_narrowed(card: Card, chosen: Mapping[FacetKind, str]) -> bool:
    return all(value in _values(card, kind) for kind, value in chosen.items())


def _values(card: Card, kind: FacetKind) -> tuple[str, ...]:
    archives = tuple({name.partition(".")[0] for name in card.categories})
    values = {
        FacetKind.SOURCE: tuple(f"arxiv:{name}" for name in card.categories) or ("nature",),
        FacetKind.CATEGORY: (*card.categories, *archives),
        FacetKind.VENUE: (card.venue,),
        FacetKind.YEAR: (str(card.listed_on.year - card.work_id % 4),),
        FacetKind.KIND: (card.kind.value,),
        FacetKind.STATE: ("unread",) if card.work_id % 3 else ("starred",),
    }
    return tuple(dict.fromkeys(values[kind]))


def _key(card: Card, query: SearchQuery, words: list[str]) -> tuple[int, int, int]:
    in_title = sum(word in card.title_plain.casefold() for word in words)
    day = -card.listed_on.toordinal()
    return (day, 0, card.work_id) if query.order is SearchOrder.DATE else (-in_title, day, card.work_id)


def _hit(card: Card, words: list[str], *, is_by_words: bool) -> SearchHit:
    return SearchHit(
        card=card,
        title_html=_mark(card.title_html, words),
        snippet_html=_mark(card.abstract_html, words) if card.abstract_html else "",
        score=1.0,
        is_by_words=is_by_words,
        is_by_meaning=not is_by_words,
    )


def _mark(html: str, words: list[str]) -> str:
    """Mark words between tags, outside formulas."""
    if not words:
        return html
    pattern = re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE)
    pieces = re.split(r"(<math.*?</math>|<[^>]+>|&\w+;)", html)
    return "".join(
        piece if place % 2 else pattern.sub(r"<mark>\g<0></mark>", piece)
        for place, piece in enumerate(pieces)
    )


def _facets(cards: Iterable[Card]) -> dict[FacetKind, tuple[Facet, ...]]:
    found = {}
    for kind in FacetKind:
        counted = Counter(value for card in cards for value in _values(card, kind))
        ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        found[kind] = tuple(Facet(value, works) for value, works in ordered[:20])
    return found


def _spell(text: str) -> str:
    words = [SPELT.get(word, word) for word in text.split()]
    return " ".join(words) if words != text.split() else ""
