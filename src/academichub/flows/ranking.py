"""Rank a day for radars: filter, score, add explicit wishes, order, explain, and keep it all."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import csr_matrix

from academichub.flows.background import text_of, vectors_of
from academichub.flows.profiles import interest_digest, lay_out, read_told
from academichub.flows.reasons import spoken, with_reasons
from academichub.index import stored
from academichub.model.query import Paper
from academichub.model.radar import Inputs, Part, PartName, RadarDay, Ranked, Shown
from academichub.radar.diversifying import diversify
from academichub.radar.profile import WEIGHTS
from academichub.radar.quota import within_quota
from academichub.radar.scoring import fit, score
from academichub.radar.sieve import compile_interest, is_kept, wished_parts
from academichub.radar.themes import find_themes
from academichub.store import corpus as shelf
from academichub.store import radars, rankings, vectors
from academichub.text.querymatch import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from academichub.db.engine import Database
    from academichub.flows.background import Background
    from academichub.flows.profiles import Told
    from academichub.llm.ports import Embedder
    from academichub.model.papers import Author
    from academichub.model.radar import Interest, Radar, Theme
    from academichub.radar.corpus import Papers
    from academichub.radar.scoring import Fitted
    from academichub.radar.sieve import Sieve
    from academichub.store.corpus import WorkText
    from academichub.text.querymatch import Prepared

# Counts changes of ranking that give other scores: what is stored names it.
ALGORITHM: Final = "1"
# Log-odds of a paper about which a radar without likes and text knows nothing: one in a hundred.
NOTHING_KNOWN: Final = -4.6
# How many papers a new radar is taken to want: as many as a reader of the calibrator's data likes on average
# (docs/ranking.md). Whoever has told little is not known to want little.
APPETITE: Final = 30.0
MOST_KEPT: Final = 300  # papers of a radar's day; what is beyond them is only counted
EXPLAINED: Final = 100  # of them, with reasons
THEMED: Final = 60
MOST_OWN: Final = 30  # liked papers of the day that are measured without themselves
NAMES: Final = {"base": PartName.PRIOR, "words": PartName.WORDS, "meaning": PartName.MEANING}


@dataclass(frozen=True, slots=True)
class Candidates:
    """Works that may be ranked, laid out once for all radars."""

    on: date
    works: tuple[WorkText, ...]
    revised: frozenset[int]  # of them, those that were listed earlier
    papers: Papers
    prepared: tuple[Prepared, ...]
    primaries: tuple[Prepared, ...]
    authors: Mapping[int, tuple[Author, ...]]
    embedded: int

    @property
    def coverage(self) -> str:
        """Say which of them had vectors, in a few digits."""
        return f"{self.embedded}of{len(self.works)}"


@dataclass(frozen=True, slots=True)
class Lens:
    """What papers are measured by."""

    told: Told
    fitted: Fitted | None  # None where nothing wanted was told


@dataclass(frozen=True, slots=True)
class Scored:
    """One candidate's score on one radar, before it has a place."""

    number: int  # of the candidate
    score: float
    parts: tuple[Part, ...]


def read_candidates(
    database: Database, on: date, background: Background, embedder: Embedder | None
) -> Candidates:
    """Read a day's works, and those of earlier days that have another text since this one."""
    with database.reading() as connection:
        listed = shelf.day_texts(connection, on)
        again = shelf.revised_texts(connection, on)
    return lay_out_works(
        database, on, (*listed, *again), {one.work_id for one in again}, background, embedder
    )


class LaidOut:
    """Keeps the candidates that were laid out last, for as long as they are what is on the shelves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[object, Candidates] | None = None

    def get(
        self, database: Database, on: date, background: Background, embedder: Embedder | None
    ) -> Candidates:
        """Give a day's candidates, laid out anew where a work, a text, a vector or the background differs."""
        with database.reading() as connection:
            listed = shelf.day_texts(connection, on)
            again = shelf.revised_texts(connection, on)
            works = (*listed, *again)
            ids = [one.work_id for one in works]
            embedded = vectors.coverage(connection, background.space, ids) if background.space else 0
        state = (on, background.fingerprint, embedded, tuple((one.work_id, one.change) for one in works))
        with self._lock:
            if self._kept is None or self._kept[0] != state:
                revised = {one.work_id for one in again}
                laid_out = lay_out_works(database, on, works, revised, background, embedder)
                self._kept = (state, laid_out)
            return self._kept[1]


def lay_out_works(
    database: Database,
    on: date,
    works: Sequence[WorkText],
    revised: set[int],
    background: Background,
    embedder: Embedder | None,
) -> Candidates:
    """Make works ready to be ranked against a background."""
    rows = None
    if embedder is not None and background.corpus.meanings is not None:
        rows = vectors_of(database, embedder, works)
    with database.reading() as connection:
        authors = shelf.authors(connection, [one.work_id for one in works])
    return Candidates(
        on=on,
        works=tuple(works),
        revised=frozenset(revised),
        papers=background.corpus.lay_out([text_of(one) for one in works], rows),
        prepared=tuple(prepare(searchable(one)) for one in works),
        primaries=tuple(prepare(Paper(one.work_id, categories=one.categories[:1])) for one in works),
        authors=authors,
        embedded=0 if rows is None else int(np.count_nonzero(np.any(rows, axis=1))),
    )


def searchable(work: WorkText) -> Paper:
    """Show a work as queries see it."""
    return Paper(
        id=work.work_id,
        title=work.title,
        abstract=work.abstract or "",
        authors=work.byline,
        categories=work.categories,
        sources=work.sources,
        venue=work.venue,
        dois=work.dois,
        listed_on=work.listed_on,
    )


def fit_told(
    database: Database, told: Told, background: Background, embedder: Embedder | None, *, now: datetime
) -> Fitted | None:
    """Fit what a radar was told; None where it was told of no paper and no text."""
    if not background.works or not any(WEIGHTS[entry.sign] > 0 for entry in told.entries):
        return None
    fitted = fit(lay_out(database, told, background.corpus, embedder, now=now), background.corpus)
    return replace(fitted, likes=max(fitted.likes, APPETITE))


def scores_of(
    sieve: Sieve,
    fitted: Fitted | None,
    candidates: Candidates,
    *,
    kept: Sequence[int] | None = None,
    wished: Sequence[int] | None = None,
) -> list[Scored]:
    """Score every candidate that an interest's filters keep.

    Args:
        sieve: The interest's filters and wishes.
        fitted: What likeness is measured by; None for wishes alone.
        candidates: What is ranked.
        kept: Numbers of the candidates that the filters keep, where that is known already.
        wished: Numbers of those that the rule hits, where that is known already.
    """
    if kept is None:
        kept = [number for number, paper in enumerate(candidates.prepared) if is_kept(sieve, paper)]
    hits = None if wished is None else frozenset(wished)
    shares = None if fitted is None else score(fitted, candidates.papers).parts
    scored = []
    for number in kept:
        parts: list[Part] = []
        if shares is None:
            parts.append(Part(PartName.PRIOR, NOTHING_KNOWN))
        else:
            parts += [
                Part(PartName(NAMES.get(name, name)), float(share[number])) for name, share in shares.items()
            ]
        if sieve.wishes or sieve.fields is not None:
            this = sieve if hits is None or number in hits else replace(sieve, rule=None)
            parts += wished_parts(
                this,
                candidates.prepared[number],
                primary=candidates.primaries[number],
                authors=candidates.authors.get(candidates.works[number].work_id, ()),
            )
        scored.append(Scored(number, total(parts), tuple(parts)))
    return scored


def total(parts: Sequence[Part]) -> float:
    """Sum the parts from the first to the last: the score, exactly."""
    score_ = 0.0
    for part in parts:
        score_ += part.value
    return score_


def matched(score_: float) -> float:
    """Turn log-odds into a probability."""
    return float(np.exp(-np.logaddexp(0.0, -score_)))


def ordered(scored: Sequence[Scored], candidates: Candidates, *, quota: int) -> list[Scored]:
    """Put the scored in the order they are shown: by score, diversified at the top, within the quota."""
    if not scored:
        return []
    by_number = sorted(scored, key=lambda one: candidates.works[one.number].work_id)
    order = diversify(
        np.array([one.score for one in by_number]), candidates.papers.take([one.number for one in by_number])
    )
    by_score = [by_number[place] for place in order]
    fields = [_field(candidates.works[one.number]) for one in by_score]
    return [by_score[place] for place in within_quota(range(len(by_score)), fields, quota=quota)]


def _within(chosen: Sequence[Scored], candidates: Candidates, *, quota: int) -> int:
    """Count those that the quota lets through; they stand first."""
    fields = Counter(_field(candidates.works[one.number]) for one in chosen)
    return sum(min(count, quota) for count in fields.values())


def _field(work: WorkText) -> str:
    return work.categories[0] if work.categories else ""


def rank_radar(
    database: Database,
    radar: Radar,
    candidates: Candidates,
    background: Background,
    embedder: Embedder | None,
    *,
    now: datetime,
    kept: Sequence[int] | None = None,
    wished: Sequence[int] | None = None,
) -> RadarDay:
    """Rank a day for one radar and keep it; the same inputs give the same day, but for `now`."""
    interest = radar.interest
    told = read_told(
        database, radar.id, interest, is_multilingual=embedder is not None and embedder.is_multilingual
    )
    lens = Lens(told, fit_told(database, told, background, embedder, now=now))
    sieve = compile_interest(interest)
    own = _own_lenses(database, told, candidates, background, embedder, now=now)
    with database.reading() as connection:
        before = rankings.shown_before(
            connection, radar.id, [one.work_id for one in candidates.works], before=candidates.on
        )
    scored = [
        one
        for one in _scored(sieve, lens, own, candidates, kept=kept, wished=wished)
        if matched(one.score) >= interest.threshold
        and (work := candidates.works[one.number]).work_id not in told.hidden
        and work.text_hash not in before.get(work.work_id, ())
    ]
    chosen = ordered(scored, candidates, quota=interest.quota)
    if interest.quota:
        chosen = chosen[: _within(chosen, candidates, quota=interest.quota)]
    chosen = chosen[:MOST_KEPT]
    shown = chosen[:THEMED]
    themes, labels = _themes(shown, candidates, background)
    theme_by_number = {one.number: label for one, label in zip(shown, labels, strict=True)}
    ranked = [
        _ranked(one, place, own.get(one.number, lens), candidates, background, before, theme_by_number)
        for place, one in enumerate(chosen, 1)
    ]
    day = RadarDay(
        radar_id=radar.id,
        on=candidates.on,
        ranked_at=now,
        candidates=len(candidates.works),
        embedded=candidates.embedded,
        likes=told.likes,
        inputs=inputs_of(interest, told, candidates, background),
        themes=themes,
        ranked=tuple(ranked),
    )
    hashes = {one.work_id: one.text_hash for one in candidates.works}
    with database.writing() as connection:
        rankings.save_day(connection, day, text_hashes=hashes)
    return day


def _own_lenses(
    database: Database,
    told: Told,
    candidates: Candidates,
    background: Background,
    embedder: Embedder | None,
    *,
    now: datetime,
) -> dict[int, Lens]:
    """Make, for each candidate that the reader likes, what it is measured by: everything but itself.

    A paper is like itself whatever the interest; its place is to say how well the others foretell it.
    """
    liked = {one.work_id for one in told.entries if WEIGHTS[one.sign] > 0}
    numbers = [number for number, work in enumerate(candidates.works) if work.work_id in liked][:MOST_OWN]
    lenses = {}
    for number in numbers:
        others = told.without(candidates.works[number].work_id)
        lenses[number] = Lens(others, fit_told(database, others, background, embedder, now=now))
    return lenses


def _scored(
    sieve: Sieve,
    lens: Lens,
    own: Mapping[int, Lens],
    candidates: Candidates,
    *,
    kept: Sequence[int] | None,
    wished: Sequence[int] | None,
) -> list[Scored]:
    if kept is None:
        kept = [number for number, paper in enumerate(candidates.prepared) if is_kept(sieve, paper)]
    others = [number for number in kept if number not in own]
    scored = scores_of(sieve, lens.fitted, candidates, kept=others, wished=wished)
    for number in [number for number in kept if number in own]:
        scored += scores_of(sieve, own[number].fitted, candidates, kept=[number], wished=wished)
    return scored


def _themes(
    shown: Sequence[Scored], candidates: Candidates, background: Background
) -> tuple[tuple[Theme, ...], tuple[int, ...]]:
    numbers = [one.number for one in shown]
    papers = candidates.papers.take(numbers)
    vocabulary = background.corpus.vocabulary
    whole = vocabulary.first_piece  # pieces of words name no theme
    vectors = papers.vectors if numbers and bool(np.all(papers.has_vector)) else None
    themes, labels = find_themes(
        csr_matrix(papers.words[:, :whole]), vocabulary.terms[:whole], vectors=vectors
    )
    return spoken(themes, labels, [text_of(candidates.works[number]) for number in numbers]), labels


def inputs_of(interest: Interest, told: Told, candidates: Candidates, background: Background) -> Inputs:
    """Name everything that a ranking depends on."""
    return Inputs(
        algorithm=ALGORITHM,
        interest=interest_digest(interest),
        seeds=told.seeds,
        feedback=told.feedback,
        background=background.fingerprint,
        space=background.space,
        coverage=candidates.coverage,
    )


def _ranked(
    one: Scored,
    place: int,
    lens: Lens,
    candidates: Candidates,
    background: Background,
    before: Mapping[int, frozenset[str]],
    theme_by_number: Mapping[int, int],
) -> Ranked:
    work = candidates.works[one.number]
    parts = one.parts
    if lens.fitted is not None and place <= EXPLAINED:
        parts = with_reasons(parts, one.number, candidates, lens.told, lens.fitted, background)
    return Ranked(
        work_id=work.work_id,
        place=place,
        score=one.score,
        match=matched(one.score),
        parts=parts,
        shown=Shown.REVISED if before.get(work.work_id) else Shown.NEW,
        theme=theme_by_number.get(one.number, -1),
    )


def rank_day(
    database: Database,
    on: date,
    background: Background,
    embedder: Embedder | None,
    *,
    now: datetime,
    is_due: Callable[[Radar], bool] = lambda _: True,
) -> int:
    """Rank a day for every radar that is due and not paused; their rules are matched all at once.

    Returns:
        How many radars were ranked.
    """
    candidates: Candidates | None = None
    ranked = after = 0
    while True:
        with database.reading() as connection:
            batch = [one.radar for one in radars.radars_to_rank(connection, after=after)]
        if not batch:
            return ranked
        after = batch[-1].id
        batch = [radar for radar in batch if is_due(radar)]
        if not batch:
            continue
        candidates = candidates or read_candidates(database, on, background, embedder)
        kept, wished = _matched_rules(batch, candidates)
        for radar in batch:
            rank_radar(
                database,
                radar,
                candidates,
                background,
                embedder,
                now=now,
                kept=kept.get(radar.id),
                wished=wished.get(radar.id),
            )
        ranked += len(batch)


def _matched_rules(
    batch: Sequence[Radar], candidates: Candidates
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Match the filters and the rules of many radars against the day, both in one pass."""
    filters, rules = {}, {}
    for radar in batch:
        sieve = compile_interest(radar.interest)
        if sieve.keeps is not None:
            filters[2 * radar.id] = sieve.keeps
        if sieve.rule is not None:
            rules[2 * radar.id + 1] = sieve.rule
    found: dict[int, list[int]] = {name: [] for name in (*filters, *rules)}
    rule_ids, papers = stored.compile(filters | rules).match([searchable(one) for one in candidates.works])
    for name, paper in zip(rule_ids.tolist(), papers.tolist(), strict=True):
        found[name].append(paper)
    return (
        {radar.id: found[2 * radar.id] for radar in batch if 2 * radar.id in found},
        {radar.id: found[2 * radar.id + 1] for radar in batch if 2 * radar.id + 1 in found},
    )
