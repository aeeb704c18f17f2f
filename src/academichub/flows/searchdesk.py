"""Everything that doors may ask of the index, in one place: the part of the hub that finds."""

from __future__ import annotations

import secrets
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from academichub.errors import IndexBroken, IndexBusy, ModelError, WorkUnknown
from academichub.flows.answering import KeptAnswers
from academichub.flows.fallback import NewestWorks
from academichub.flows.following import Following
from academichub.flows.indexing import IndexKeeper
from academichub.flows.meanings import Meanings
from academichub.flows.searching import Plan
from academichub.flows.similar import similar_by_meaning, similar_by_words
from academichub.flows.understanding import understand
from academichub.index.marking import Marker
from academichub.model.search import (
    IndexState,
    SearchHit,
    SearchMode,
    SearchNote,
    SearchOrder,
    SearchPage,
    Similar,
)
from academichub.store import indexing as shelf
from academichub.store import reading
from academichub.text.queryparts import members_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime
    from pathlib import Path

    from academichub.db.engine import Database
    from academichub.flows.indexing import Followed
    from academichub.flows.meanings import Near, Snapshot
    from academichub.flows.searching import Answer
    from academichub.flows.understanding import Understood
    from academichub.index.fulltext import Index
    from academichub.llm.ports import Embedder, Vectors
    from academichub.model.search import SearchQuery
    from academichub.store.indexing import Shelved

_T = TypeVar("_T")
LARGEST_PAGE: Final = 200
QUESTIONS_KEPT: Final = 512  # vectors of questions, of some 2 kB each
MEMBERS_KEPT: Final = 32  # sets of works that readers keep
# What every search knows of its reader, for leaving hidden works out and for counting.
_STATES: Final = ("is:hidden", "is:later", "is:noted", "is:read", "is:starred")
_WORTH: Final = 8  # times as many as wanted, for similar works: copies and hidden ones are left out


@dataclass(slots=True)
class KeptSearch:
    """What searching keeps between two questions. Threads share it."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    keeper: IndexKeeper | None = None
    following: Following | None = None
    meanings: Meanings | None = None
    newest: NewestWorks = field(default_factory=NewestWorks)
    answers: KeptAnswers = field(default_factory=KeptAnswers)
    questions: OrderedDict[tuple[str, str], Vectors] = field(default_factory=OrderedDict)
    members: OrderedDict[tuple[int, int, str], Collection[int]] = field(default_factory=OrderedDict)
    is_rebuilding: bool = False


class SearchDesk(ABC):
    """Finding: search, similar works, and the index behind both. The hub is one of these.

    The index is followed by a thread that the first search starts; `stop_following` ends it.
    """

    database: Database
    clock: Callable[[], datetime]
    kept_search: KeptSearch

    @abstractmethod
    def index_files(self) -> Path:
        """Name the folder of the search index."""

    @abstractmethod
    def embedder(self) -> Embedder | None:
        """Give the model in use; None for words alone."""

    @abstractmethod
    def members(self, names: Collection[str]) -> Mapping[str, Collection[int]]:
        """Read sets of works that the reader keeps: "is:read", "tag:to read", "in:key"."""

    @abstractmethod
    def marks_revision(self) -> int:
        """Give a number that moves with whatever the reader keeps."""

    # -- asking -----------------------------------------------------------------------------------

    def search(self, query: SearchQuery, *, now: datetime) -> SearchPage:  # noqa: ARG002  # the port's signature
        """Answer a question.

        Where there is no index, or it fails, the newest works are read from the shelves and a note says so.

        Raises:
            QueryInvalid: The question cannot be read.
        """
        understood = understand(query.text) if query.text.strip() else None
        self.start_following()
        kept = self._revisions()  # before the sets are read: they are never older than these
        plan, notes = self._plan(query, understood, kept)
        found, plan, how = self._answered(plan, kept)
        notes += how
        with self.database.reading() as connection:
            cards = reading.cards_of(connection, [hit.work_id for hit in found.hits])
        marker = None if found.query is None else Marker(found.query)
        hits = tuple(
            SearchHit(
                card=card,
                title_html=card.title_html if marker is None else marker.highlight(card.title_html),
                snippet_html=_snippet(card.abstract_html, marker),
                score=hit.score,
                is_by_words=hit.is_by_words,
                is_by_meaning=hit.is_by_meaning,
            )
            for hit in found.hits
            if (card := cards.get(hit.work_id)) is not None  # else it went just now
        )
        return SearchPage(
            query=query,
            hits=hits,
            first_number=(query.after.number if query.after is not None else 0) + 1,
            total=found.total,
            facets=found.facets,
            suggestion=self._suggestion(query, understood, how),
            next=found.next,
            mode=plan.mode,
            notes=tuple(dict.fromkeys(notes)),
            minutes=sum(hit.card.minutes for hit in hits),
        )

    def similar(self, work_id: int, *, size: int = 6) -> tuple[Similar, ...]:
        """Give works that are like one, best first: by vectors where it has one, else by its rare words.

        Raises:
            WorkUnknown: There is no such work.
        """
        with self.database.reading() as connection:
            one = shelf.shelved(connection, [work_id]).get(work_id)
        if one is None:
            raise WorkUnknown(work=str(work_id))
        self.start_following()
        hidden = set(self._members(("is:hidden",), self._revisions()).get("is:hidden", ()))
        snapshot = self._snapshot(self.embedder())
        wanted = _WORTH * size
        near = similar_by_meaning(snapshot, work_id, size=wanted) if snapshot is not None else None
        is_by_meaning = near is not None
        if near is None:
            near = self._similar_by_words(one, wanted)
        near = [each for each in near if each.work_id not in hidden]
        with self.database.reading() as connection:
            cards = reading.cards_of(connection, [each.work_id for each in near])
        found = [
            Similar(cards[each.work_id], each.cosine, is_by_meaning) for each in near if each.work_id in cards
        ]
        return tuple(found[:size])

    def _similar_by_words(self, work: Shelved, size: int) -> list[Near]:
        return self._ask_index(lambda index: similar_by_words(index, work, size=size)) or []

    def index_state(self) -> IndexState:
        """Say how the index is doing."""
        keeper = self._keeper()
        with self.database.reading() as connection:
            works = shelf.count_works(connection)
        try:
            indexed = keeper.open().works
        except IndexBroken:
            indexed = 0
        is_rebuilding = self.kept_search.is_rebuilding or keeper.folder.is_building()
        return IndexState(works, indexed, is_rebuilding, keeper.folder.megabytes())

    # -- following --------------------------------------------------------------------------------

    def start_following(self) -> None:
        """Follow the shelves from a thread of this process, until `stop_following`."""
        with self.kept_search.lock:
            if self.kept_search.following is None:
                self.kept_search.following = Following(self._follow_once)
            following = self.kept_search.following
        following.start()

    def stop_following(self) -> None:
        """End the thread, after the batch it is at."""
        with self.kept_search.lock:
            following = self.kept_search.following
        if following is not None:
            following.stop()

    def follow_index(
        self, *, begin: Callable[[int], None] | None = None, progress: Callable[[int], None] | None = None
    ) -> Followed | None:
        """Bring the index up to date here and now; None where another process is at it.

        Raises:
            IndexBroken: The folder cannot be written.
        """
        try:
            return self._keeper().follow(begin=begin, progress=progress)
        except IndexBusy:
            return None

    def reindex(
        self, *, begin: Callable[[int], None] | None = None, progress: Callable[[int], None] | None = None
    ) -> Followed:
        """Build the whole index anew, while the old one is read.

        Raises:
            IndexBusy: Another process is writing.
            IndexBroken: The folder cannot be written.
        """
        return self._keeper().follow(anew=True, begin=begin, progress=progress)

    def _follow_once(self, is_over: Callable[[], bool]) -> None:
        keeper = self._keeper()
        if keeper.is_behind():
            self.kept_search.is_rebuilding = self._is_gone(keeper)
            try:
                keeper.follow(is_over=is_over)
            finally:
                self.kept_search.is_rebuilding = False
        embedder = self.embedder()
        if embedder is not None and not is_over():
            self._meanings(embedder).refresh(self.database, is_patient=True)

    # -- planning ---------------------------------------------------------------------------------

    def _plan(
        self, query: SearchQuery, understood: Understood | None, kept: tuple[int, int]
    ) -> tuple[Plan, list[SearchNote]]:
        """Decide what is really done, and say why where it is not what was asked."""
        names = members_of(understood.query) if understood is not None else ()
        mode, notes = query.mode, list[SearchNote]()
        snapshot, vector = None, None
        is_by_date = query.order is SearchOrder.DATE and mode is SearchMode.BOTH
        if understood is None or not understood.text or is_by_date:
            mode = SearchMode.WORDS
        if mode is not SearchMode.WORDS and understood is not None:
            snapshot, vector, notes = self._meaning_of(understood)
            if vector is None:
                mode = SearchMode.WORDS
        if understood is not None and understood.is_translated and mode is not SearchMode.MEANING:
            notes.append(SearchNote.GLOSSARY)
        plan = Plan(
            understood=understood,
            mode=mode,
            order=query.order,
            members=self._members(sorted({*names, *_STATES}), kept),
            chosen=query.chosen or {},
            after=query.after,
            size=max(1, min(query.size, LARGEST_PAGE)),
            snapshot=snapshot,
            vector=vector,
        )
        return plan, notes

    def _meaning_of(self, understood: Understood) -> tuple[Snapshot | None, Vectors | None, list[SearchNote]]:
        """Give a question's vector, the works' vectors, and what must be said of both."""
        embedder = self.embedder()
        if embedder is None:
            return None, None, [SearchNote.NO_MODEL]
        snapshot = self._meanings(embedder).snapshot(self.database)
        with self.database.reading() as connection:
            is_partly = snapshot.works < shelf.count_works(connection)
        notes = [SearchNote.PARTLY_EMBEDDED] if is_partly else []
        is_foreign = understood.is_foreign
        text = understood.english if is_foreign and not embedder.is_multilingual else understood.text
        if not snapshot.works or not text:
            return None, None, notes
        try:
            vector = self._vector(embedder, text)
        except ModelError:  # `doctor` says why; words go on
            return None, None, [SearchNote.NO_MODEL]
        if is_foreign:
            notes.append(SearchNote.MULTILINGUAL if embedder.is_multilingual else SearchNote.GLOSSARY)
        return snapshot, vector, notes

    def _answered(self, plan: Plan, kept: tuple[int, int]) -> tuple[Answer, Plan, list[SearchNote]]:
        """Ask the index, else the newest works on the shelves."""
        with self.database.reading() as connection:
            latest = shelf.latest_change(connection)  # before the answer: what comes meanwhile is not missing
        answers = self.kept_search.answers
        asked = self._ask_index(
            lambda index: (answers.answer(index, plan, kept=kept), index.change != latest)
        )
        if asked is not None:
            found, is_behind = asked
            notes = [SearchNote.RELAXED] if found.is_relaxed else []
            return found, plan, [*notes, SearchNote.BEHIND] if is_behind else notes
        from_shelves = Plan(
            understood=plan.understood,
            mode=SearchMode.WORDS,
            order=SearchOrder.DATE,
            members=plan.members,
            chosen=plan.chosen,
            after=plan.after,
            size=plan.size,
        )
        found = self.kept_search.newest.answer(self.database, from_shelves)
        return found, from_shelves, [SearchNote.REBUILDING]

    def _suggestion(self, query: SearchQuery, understood: Understood | None, how: list[SearchNote]) -> str:
        if understood is None or SearchNote.REBUILDING in how:
            return ""
        return self._ask_index(lambda index: index.suggest(query.text, understood.query)) or ""

    def _ask_index(self, ask: Callable[[Index], _T]) -> _T | None:
        """Ask the index; give None where there is none, or it fails, and have another one built."""
        keeper = self._keeper()
        index: Index | None = None
        try:
            index = keeper.open()
            return ask(index)
        except IndexBroken:
            if index is not None:
                keeper.report(index)
            self._wake()
            return None

    # -- what is kept -----------------------------------------------------------------------------

    def _keeper(self) -> IndexKeeper:
        with self.kept_search.lock:
            if self.kept_search.keeper is None:
                self.kept_search.keeper = IndexKeeper(
                    self.database, self.index_files(), draw=secrets.randbits
                )
            return self.kept_search.keeper

    def _meanings(self, embedder: Embedder) -> Meanings:
        with self.kept_search.lock:
            kept = self.kept_search.meanings
            if kept is None or kept.space != embedder.space:
                kept = self.kept_search.meanings = Meanings(embedder.space)
            return kept

    def _snapshot(self, embedder: Embedder | None) -> Snapshot | None:
        return None if embedder is None else self._meanings(embedder).snapshot(self.database)

    def _vector(self, embedder: Embedder, text: str) -> Vectors:
        """Embed a question, once."""
        key = embedder.space.name, text
        with self.kept_search.lock:
            found = self.kept_search.questions.get(key)
            if found is not None:
                self.kept_search.questions.move_to_end(key)
                return found
        vector: Vectors = embedder.embed_queries([text])[0]
        with self.kept_search.lock:
            self.kept_search.questions[key] = vector
            while len(self.kept_search.questions) > QUESTIONS_KEPT:
                self.kept_search.questions.popitem(last=False)
        return vector

    def _members(self, names: Collection[str], at: tuple[int, int]) -> Mapping[str, Collection[int]]:
        """Read sets that the reader keeps; each is kept until a mark or a card moves."""
        with self.kept_search.lock:
            known = {
                name: ids for name in names if (ids := self.kept_search.members.get((*at, name))) is not None
            }
        missing = [name for name in names if name not in known]
        if missing:
            read = self.members(missing)
            with self.kept_search.lock:
                for name, ids in read.items():
                    self.kept_search.members[*at, name] = ids
                while len(self.kept_search.members) > MEMBERS_KEPT:
                    self.kept_search.members.popitem(last=False)
            known |= read
        return known

    def _revisions(self) -> tuple[int, int]:
        """Give numbers that move with what the reader keeps, and with the cards it is kept of."""
        with self.database.reading() as connection:
            change = shelf.latest_change(connection)
        return self.marks_revision(), change

    def _wake(self) -> None:
        with self.kept_search.lock:
            following = self.kept_search.following
        if following is not None:
            following.wake()

    def _is_gone(self, keeper: IndexKeeper) -> bool:
        try:
            keeper.open()
        except IndexBroken:
            return True
        return False


def _snippet(html: str | None, marker: Marker | None) -> str:
    return marker.snippet(html) if html and marker is not None else html or ""
