"""Answer a compiled wish out of one state of an index: hits in order, pages, all numbers, facets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from tantivy import Order

from academichub.index.compiling import all_wishes, numbers
from academichub.index.schema import newest_key, of_newest_key
from academichub.model.search import FacetKind, SearchCursor
from academichub.model.shelf import Facet

if TYPE_CHECKING:
    from collections.abc import Mapping

    import tantivy
    from numpy.typing import NDArray
    from tantivy import Query as Wish

MOST_VALUES: Final = 20  # of a facet that are shown
_SOME_VALUES: Final = 1_000  # of a facet that are looked at
_ALL_VALUES: Final = 65_000  # tantivy allows as many
_MARGIN: Final = 64  # hits beyond the page, for those that tie with its last
_SCORE_BITS: Final = 14
_FACET_FIELDS: Final = {
    FacetKind.SOURCE: "by_source",
    FacetKind.CATEGORY: "by_category",
    FacetKind.VENUE: "by_venue",
    FacetKind.YEAR: "year",
    FacetKind.KIND: "by_kind",
}


class FoundWork(NamedTuple):
    """A work that was found. The score is 0 where the order is that of days."""

    work_id: int
    score: float


class Hits(NamedTuple):
    """A page of hits. `next` is None on the last page."""

    works: tuple[FoundWork, ...]
    total: int
    next: SearchCursor | None


def by_relevance(searcher: tantivy.Searcher, wish: Wish, *, after: SearchCursor | None, size: int) -> Hits:
    """Give a page, best first; equal ones by number.

    Scores are rounded to 14 binary digits first: sums of floats differ in the last of their 24 with how
    the index lies in its files, and works that are alike must not change places for that. All that tie with
    the last hit are read, so that the number decides among them and not the place in a file.
    """
    needed = size + (0 if after is None else after.number)
    limit = needed + _MARGIN
    while True:
        found = searcher.search(wish, limit)
        total = _total(found)
        raw = np.fromiter((score for score, _ in found.hits), dtype=np.float64)
        scores = rounded(raw)
        if len(raw) >= total or scores[-1] < scores[needed - 1]:
            break
        limit = min(total, 4 * limit)
    ids = np.array(searcher.fast_field_values("id", [place for _, place in found.hits]), dtype=np.int64)
    order = np.lexsort((ids, -scores))
    if after is not None:
        last = float.fromhex(after.key)
        behind = (scores < last) | ((scores == last) & (ids > after.work_id))
        order = order[behind[order]]
    page = order[:size]
    works = tuple(FoundWork(int(ids[at]), float(scores[at])) for at in page)
    # Sound for the first page and all after it, as long as the index stays; else the page is merely the last.
    following = len(order) > size or (len(works) == size and len(ids) < total)
    number = (0 if after is None else after.number) + len(works)
    cursor = SearchCursor(works[-1].score.hex(), works[-1].work_id, number) if works and following else None
    return Hits(works, total, cursor)


def by_date(searcher: tantivy.Searcher, wish: Wish, *, after: SearchCursor | None, size: int) -> Hits:
    """Give a page, newest first; those of one day by number, those without a day last."""
    behind = wish
    if after is not None:
        last = newest_key(int(after.key), after.work_id)
        behind = all_wishes([wish, numbers("newest", 0, last - 1)])
    found = searcher.search(behind, size + 1, order_by_field="newest", order=Order.Desc)
    total = _total(found) if after is None else count(searcher, wish)
    keys = [of_newest_key(key) for key, _ in found.hits]
    works = tuple(FoundWork(work_id, 0.0) for _, work_id in keys[:size])
    if len(keys) <= size:
        return Hits(works, total, None)
    day, work_id = keys[size - 1]
    number = (0 if after is None else after.number) + size
    return Hits(works, total, SearchCursor(str(day), work_id, number))


def all_ids(searcher: tantivy.Searcher, wish: Wish, *, most: int | None = None) -> NDArray[np.int64]:
    """Give the numbers of all works that are found, ascending; `most` is how many they can be, if known."""
    total = count(searcher, wish) if most is None else most
    if not total:
        return np.zeros(0, dtype=np.int64)
    found = searcher.search(wish, total, count=False)
    ids = searcher.fast_field_values("id", [place for _, place in found.hits])
    return np.sort(np.array(ids, dtype=np.int64))


def count(searcher: tantivy.Searcher, wish: Wish) -> int:
    """Count the works that are found."""
    return _total(searcher.search(wish, 1))


def facets(
    searcher: tantivy.Searcher, wish: Wish, kinds: tuple[FacetKind, ...]
) -> Mapping[FacetKind, tuple[Facet, ...]]:
    """Count the values of some facets: most works first, then by value."""
    return {kind: _facet(rows) for kind, rows in _buckets(searcher, wish, kinds, _SOME_VALUES).items()}


def rounded(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to 14 binary digits, whatever the size."""
    digits, exponents = np.frexp(scores)
    whole: NDArray[np.float64] = np.ldexp(np.round(np.ldexp(digits, _SCORE_BITS)), exponents - _SCORE_BITS)
    return whole


def _total(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # tantivy's stub leaves it out


def _buckets(
    searcher: tantivy.Searcher, wish: Wish, kinds: tuple[FacetKind, ...], most: int
) -> dict[FacetKind, list[tuple[str, int]]]:
    """Count values; all of them are asked for where equal counts may have been cut off."""
    # Every segment gives all its values: counts would be guesses else.
    wanted = {
        kind.value: {"terms": {"field": _FACET_FIELDS[kind], "size": most, "segment_size": _ALL_VALUES}}
        for kind in kinds
    }
    counted = searcher.aggregate(wish, wanted) if wanted else {}
    out: dict[FacetKind, list[tuple[str, int]]] = {}
    for kind in kinds:
        rows = [(_written(one["key"]), int(one["doc_count"])) for one in counted[kind.value]["buckets"]]
        is_cut = len(rows) == most < _ALL_VALUES and rows[-1][1] == rows[MOST_VALUES - 1][1]
        out[kind] = _buckets(searcher, wish, (kind,), _ALL_VALUES)[kind] if is_cut else rows
    return out


def _facet(rows: list[tuple[str, int]]) -> tuple[Facet, ...]:
    ordered = sorted(rows, key=lambda one: (-one[1], one[0]))
    return tuple(Facet(value, works) for value, works in ordered[:MOST_VALUES])


def _written(key: object) -> str:
    """Write a value; tantivy gives years as floats."""
    return key if isinstance(key, str) else str(int(float(str(key))))
