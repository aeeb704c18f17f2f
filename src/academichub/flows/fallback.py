"""Answer a question without an index: ask the newest works one by one, by the language's own evaluator."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.flows.indexdocuments import document_of
from academichub.flows.searching import Answer, AnswerHit
from academichub.model.query import STATE_FIELDS, Field
from academichub.model.search import FacetKind, SearchCursor
from academichub.store import indexing as shelf
from academichub.text.querymatch import is_met, prepare_document
from academichub.text.queryparts import members_of, without_hidden
from academichub.text.queryvalues import category_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from academichub.db.engine import Database
    from academichub.flows.searching import Plan
    from academichub.model.query import Document
    from academichub.text.querymatch import Prepared

WORKS: Final = 2_000  # the newest; each costs some 200 microseconds to make ready, once


class _Ready(NamedTuple):
    """A work that can be asked."""

    document: Document
    prepared: Prepared
    place: tuple[int, int]  # day's ordinal falling, number rising: the order by date


class NewestWorks:
    """Keeps the newest works ready to be asked, as long as the shelves do not change. Threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[int, tuple[_Ready, ...]] | None = None

    def answer(self, database: Database, plan: Plan) -> Answer:
        """Answer by words, newest first; there are no facets, and meaning is not asked."""
        query = plan.understood.query if plan.understood is not None else None
        asked = without_hidden(query)
        names = members_of(asked)
        sets = {name: frozenset(plan.members.get(name, ())) for name in names}
        found = [
            one
            for one in self._ready(database)
            if _is_chosen(one.document, plan.chosen, plan.members) and is_met(asked, _with_states(one, sets))
        ]
        start = 0
        if plan.after is not None:
            place = (-_ordinal(plan.after.key), plan.after.work_id)
            start = sum(one.place <= place for one in found)
        page = found[start : start + plan.size]
        number = (plan.after.number if plan.after is not None else 0) + len(page)
        return Answer(
            hits=tuple(AnswerHit(one.document.work_id, 0.0, True, False) for one in page),
            total=len(found),
            facets={},
            next=_cursor(page, number) if start + plan.size < len(found) else None,
            query=query,
            is_relaxed=False,
        )

    def _ready(self, database: Database) -> tuple[_Ready, ...]:
        with self._lock:
            with database.reading() as connection:
                change = shelf.latest_change(connection)
                if self._kept is not None and self._kept[0] == change:
                    return self._kept[1]
                works = shelf.newest(connection, limit=WORKS)
            ready = [_make_ready(document_of(work)) for work in works]
            self._kept = (change, tuple(sorted(ready, key=lambda one: one.place)))
            return self._kept[1]


def _make_ready(document: Document) -> _Ready:
    on = document.listed_on
    place = (-(on.toordinal() if on is not None else 0), document.work_id)
    return _Ready(document, prepare_document(document), place)


def _with_states(one: _Ready, sets: Mapping[str, Collection[int]]) -> Prepared:
    """Tell a work what its reader keeps of it."""
    search = one.prepared.search
    states = [name for name, ids in sets.items() if one.document.work_id in ids]
    if search is None or not states:
        return one.prepared
    keys = {**search.keys, **{field: _keys(states, field) for field in STATE_FIELDS}}
    return replace(one.prepared, search=replace(search, keys=keys))


def _keys(states: Iterable[str], field: Field) -> frozenset[str]:
    return frozenset(name.partition(":")[2] for name in states if name.startswith(f"{field}:"))


def _is_chosen(
    document: Document, chosen: Mapping[FacetKind, str], members: Mapping[str, Collection[int]]
) -> bool:
    on = document.listed_on
    values: dict[FacetKind, Collection[str]] = {
        FacetKind.SOURCE: document.sources,
        FacetKind.CATEGORY: {key for name in document.categories for key in category_keys(name)},
        FacetKind.VENUE: (document.venue,),
        FacetKind.YEAR: (str(on.year),) if on is not None else (),
        FacetKind.KIND: (document.kind,),
    }
    for kind, value in chosen.items():
        if kind is FacetKind.STATE:
            wanted = value != "unread"
            if (document.work_id in members.get(f"is:{value if wanted else 'read'}", ())) != wanted:
                return False
        elif (value.lower() if kind is FacetKind.CATEGORY else value) not in values[kind]:
            return False
    return True


def _cursor(page: Sequence[_Ready], number: int) -> SearchCursor:
    last = page[-1]
    return SearchCursor(str(-last.place[0]), last.document.work_id, number)


def _ordinal(key: str) -> int:
    """Read a day from a cursor; one of another order, given before the index went, begins anew."""
    return int(key) if key.isdecimal() and key.isascii() else 1 << 40
