"""Gather what a reader told one radar, and lay it out for ranking."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from academichub.flows.embedding import embed_texts, read_vectors
from academichub.llm.texts import document_text
from academichub.model.radar import LessReason, SeedKind, Verdict
from academichub.radar.profile import Sign, profile
from academichub.store import corpus as shelf
from academichub.store import feedback, seeds
from academichub.text.bilingual import to_english
from academichub.text.language import guess

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from numpy.typing import NDArray

    from academichub.db.engine import Database
    from academichub.llm.ports import Embedder
    from academichub.model.radar import Feedback, Interest, Seed
    from academichub.radar.corpus import Corpus
    from academichub.radar.profile import Profile

SIGN_OF_SEED: Final = {SeedKind.SEED: Sign.SEED, SeedKind.LIBRARY: Sign.LIBRARY}
SIGN_OF_REASON: Final = {
    LessReason.OFF_TOPIC: Sign.OFF_TOPIC,
    LessReason.SEEN: Sign.SEEN,
    LessReason.WEAK: Sign.WEAK,
    None: Sign.OFF_TOPIC,
}
MOST_PAPERS: Final = 3_000  # of one profile: the newest seeds; more cost time and change nothing


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper or line of text that tells what a radar is about."""

    sign: Sign
    title: str
    abstract: str
    work_id: int | None
    text_hash: str


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a reader told one radar."""

    entries: tuple[Entry, ...]  # lines of text last
    likes: int  # papers that speak for the interest
    hidden: frozenset[int]  # works the reader has seen, or wants no more of
    seeds: str  # fingerprints
    feedback: str

    def without(self, work_id: int) -> Told:
        """Leave one paper out."""
        return replace(self, entries=tuple(one for one in self.entries if one.work_id != work_id))

    def before(self, day: date, listed_on: Mapping[int, date]) -> Told:
        """Leave out papers that were listed on a day or later; those not on the shelves stay."""
        kept = tuple(
            one for one in self.entries if one.work_id is None or listed_on.get(one.work_id, day) < day
        )
        return replace(self, entries=kept, likes=sum(one.sign in _LIKES for one in kept))


def read_told(database: Database, radar_id: int, interest: Interest, *, is_multilingual: bool) -> Told:
    """Read what a radar was told: seeds, feedback, free text."""
    with database.reading() as connection:
        rows = seeds.of_radar(connection, radar_id)
        said = feedback.of_radar(connection, radar_id)
        wanted = {one.seed.work_id for one in rows} | {one.work_id for one in said}
        texts = shelf.texts(connection, {work_id for work_id in wanted if work_id is not None})
    return _told(interest, [row.seed for row in rows], said, texts, is_multilingual=is_multilingual)


def told_by_form(
    database: Database, interest: Interest, papers: Sequence[Seed], *, is_multilingual: bool
) -> Told:
    """Say what a form that is not saved tells."""
    with database.reading() as connection:
        texts = shelf.texts(connection, {one.work_id for one in papers if one.work_id is not None})
    return _told(interest, papers, (), texts, is_multilingual=is_multilingual)


def _told(
    interest: Interest,
    papers: Sequence[Seed],
    said: Sequence[Feedback],
    texts: dict[int, shelf.WorkText],
    *,
    is_multilingual: bool,
) -> Told:
    entries: dict[object, Entry] = {}
    for seed in papers[-MOST_PAPERS:]:
        text = texts.get(seed.work_id) if seed.work_id is not None else None
        entry = _entry(SIGN_OF_SEED[seed.kind], seed.work_id, text, seed.title, seed.abstract)
        entries[seed.work_id or entry.text_hash] = entry
    for one in said:  # the last word on a paper holds, also on one that was a seed
        text = texts.get(one.work_id)
        sign = Sign.MORE if one.verdict is Verdict.MORE else SIGN_OF_REASON[one.reason]
        if text is not None:
            entries[one.work_id] = _entry(sign, one.work_id, text, "", "")
    lines = tuple(
        Entry(Sign.TEXT, line, "", None, shelf.text_hash(line, None))
        for line in lines_of(interest.text, is_multilingual=is_multilingual)
    )
    papers_told = tuple(entry for entry in entries.values() if entry.sign is not Sign.SEEN)
    return Told(
        entries=(*papers_told, *lines),
        likes=sum(entry.sign in _LIKES for entry in papers_told),
        hidden=frozenset(one.work_id for one in said if one.verdict is Verdict.LESS),
        seeds=_digest(sorted(f"{one.kind}:{one.work_id}:{one.title}:{one.abstract}" for one in papers)),
        feedback=_digest(sorted(f"{one.work_id}:{one.verdict}:{one.reason}" for one in said)),
    )


_LIKES: Final = frozenset((Sign.SEED, Sign.LIBRARY, Sign.MORE, Sign.STAR))


def lines_of(text: str, *, is_multilingual: bool) -> tuple[str, ...]:
    """Give the lines of free text that ranking reads: as written, and a Chinese one in English besides.

    A model that knows both languages reads the Chinese itself; words need the English all the same.
    """
    if not text:
        return ()
    english = to_english(text).english
    is_same = not english or english.casefold() == " ".join(text.split()).casefold()
    if is_same or text.isascii():
        return (text,)
    return (text, english) if is_multilingual else (english, text)


def lay_out(
    database: Database,
    told: Told,
    corpus: Corpus,
    embedder: Embedder | None,
    *,
    now: datetime,
) -> Profile:
    """Lay a radar's papers and lines out in the spaces of a corpus.

    Raises:
        ModelError: The embedder is wanted for a new text and cannot be used.
    """
    vectors = None
    if embedder is not None and corpus.meanings is not None:
        vectors = _vectors(database, told.entries, embedder, now=now)
    papers = corpus.lay_out([f"{one.title}\n{one.abstract}" for one in told.entries], vectors)
    return profile(papers, [one.sign for one in told.entries])


def _vectors(
    database: Database, entries: Sequence[Entry], embedder: Embedder, *, now: datetime
) -> NDArray[np.float64]:
    known = read_vectors(database, embedder, [one.work_id for one in entries if one.work_id is not None])
    missing = [one for one in entries if one.work_id not in known and _can_read(embedder, one)]
    lines = [one for one in missing if one.sign is Sign.TEXT]
    texts = [one for one in missing if one.sign is not Sign.TEXT]
    made = embed_texts(database, embedder, _named(texts), are_queries=False, now=now)
    queries = embed_texts(
        database,
        embedder,
        ((f"q{name}"[:16], text) for name, text in _named(lines)),
        are_queries=True,
        now=now,
    )
    rows = np.zeros((len(entries), embedder.space.dimensions), dtype=np.float64)
    for number, one in enumerate(entries):
        if one.work_id is not None and one.work_id in known:
            rows[number] = known[one.work_id]
        elif not _can_read(embedder, one):
            continue
        elif one.sign is Sign.TEXT:
            rows[number] = queries[f"q{one.text_hash}"[:16]]
        else:
            rows[number] = made[one.text_hash]
    return rows


def _can_read(embedder: Embedder, one: Entry) -> bool:
    """Tell whether a model makes sense of a text: an English one puts Chinese anywhere."""
    return embedder.is_multilingual or guess(f"{one.title} {one.abstract}") != "zh"


def _named(entries: Iterable[Entry]) -> Iterable[tuple[str, str]]:
    return ((one.text_hash, document_text(one.title, one.abstract)) for one in entries)


def _entry(sign: Sign, work_id: int | None, text: shelf.WorkText | None, title: str, abstract: str) -> Entry:
    if text is not None:
        return Entry(sign, text.title, text.abstract or "", work_id, text.text_hash)
    return Entry(sign, title, abstract, work_id, shelf.text_hash(title, abstract or None))


def interest_digest(interest: Interest) -> str:
    """Name an interest: 16 hex digits of everything in it that a score or an order depends on."""
    said = asdict(interest)
    del said["name"]
    return _digest(f"{name}={value!r}" for name, value in sorted(said.items()))


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:16]
