"""Show what a radar that is being made would have caught in the last days. Nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from academichub.flows.interests import gather, report
from academichub.flows.profiles import told_by_form
from academichub.flows.ranking import fit_told, lay_out_works, matched, ordered, scores_of
from academichub.flows.reasons import strongest, with_reasons
from academichub.model.radarpages import Preview, PreviewRow
from academichub.radar.sieve import compile_interest
from academichub.store import corpus as shelf
from academichub.store import radars, reading, seeds
from academichub.text.bilingual import to_english

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from academichub.db.engine import Database
    from academichub.flows.background import Background
    from academichub.flows.profiles import Told
    from academichub.flows.ranking import Candidates, Scored
    from academichub.llm.ports import Embedder
    from academichub.model.radarpages import RadarForm
    from academichub.radar.scoring import Fitted

DAYS: Final = 30
MOST_WORKS: Final = 3_000  # the newest of those days; more take longer and change little
ROWS: Final = 12
REASONS: Final = 4
THRESHOLDS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)


@dataclass(frozen=True, slots=True)
class Recent:
    """The works of the last days, laid out once for all previews."""

    until: date
    candidates: Candidates


def read_recent(
    database: Database, *, until: date, background: Background, embedder: Embedder | None
) -> Recent:
    """Read the newest works of the last thirty days."""
    since = until - timedelta(days=DAYS - 1)
    with database.reading() as connection:
        works = [
            work
            for work in shelf.recent_texts(connection, until=until, limit=MOST_WORKS)
            if work.listed_on >= since
        ]
    return Recent(until, lay_out_works(database, until, works, set(), background, embedder))


def preview(
    database: Database,
    form: RadarForm,
    *,
    key: str | None,
    recent: Recent,
    background: Background,
    embedder: Embedder | None,
    now: datetime,
) -> Preview:
    """Rank the last days by a form; with a key, by what that radar was told besides.

    Raises:
        RadarInvalid, QueryInvalid, LibraryUnreadable: As `interests.gather`.
        RadarUnknown: There is no such radar.
    """
    gathered = gather(database, form)
    interest, candidates = gathered.interest, recent.candidates
    papers = list(gathered.seeds)
    if key is not None:
        with database.reading() as connection:
            known = seeds.of_radar(connection, radars.find(connection, key).id)
        papers = [*(one.seed for one in known), *papers]
    is_multilingual = embedder is not None and embedder.is_multilingual
    told = told_by_form(database, interest, papers, is_multilingual=is_multilingual)
    fitted = fit_told(database, told, background, embedder, now=now)
    scored = scores_of(compile_interest(interest), fitted, candidates)
    matches = [matched(one.score) for one in scored]
    named = {one.work_id for one in papers if one.work_id is not None}
    best = [
        one
        for one in ordered(scored, candidates, quota=0)
        if candidates.works[one.number].work_id not in named
    ]
    rows = _rows(database, best[:ROWS], candidates, told, fitted, background)
    translated = None if interest.text.isascii() else to_english(interest.text)
    library = gathered.library
    return Preview(
        days=DAYS,
        candidates=len(candidates.works),
        shown=sum(match >= interest.threshold for match in matches),
        steps=tuple((step, sum(match >= step for match in matches)) for step in THRESHOLDS),
        rows=tuple(rows),
        english=translated.english if translated is not None else "",
        unknown=translated.unknown if translated is not None else (),
        found=gathered.found,
        library=None
        if library is None
        else report(
            library, name=form.library_name, matched=gathered.library_matched, added=gathered.library_seeds
        ),
        warnings=_warnings(candidates, background, is_empty=gathered.is_empty and not papers),
    )


def _warnings(candidates: Candidates, background: Background, *, is_empty: bool) -> tuple[str, ...]:
    found = []
    if is_empty:
        found.append("no-likes")
    if not candidates.works:
        found.append("nothing-stored")
    if not background.space:
        found.append("words-only")
    return tuple(found)


def _rows(
    database: Database,
    best: Sequence[Scored],
    candidates: Candidates,
    told: Told,
    fitted: Fitted | None,
    background: Background,
) -> list[PreviewRow]:
    rows = []
    with database.reading() as connection:
        cards = reading.cards_of(connection, [candidates.works[one.number].work_id for one in best])
    for one in best:
        work = candidates.works[one.number]
        if work.work_id not in cards:  # it went into another one a moment ago
            continue
        parts = one.parts
        if fitted is not None:
            parts = with_reasons(parts, one.number, candidates, told, fitted, background)
        rows.append(
            PreviewRow(
                work_id=work.work_id,
                title_html=cards[work.work_id].title_html,
                title_plain=work.title,
                language=work.language,
                listed_on=work.listed_on,
                match=matched(one.score),
                because=strongest(parts, most=REASONS),
            )
        )
    return rows
