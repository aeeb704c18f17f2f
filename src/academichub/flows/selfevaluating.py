"""Measure a radar on its own history: rank each day by what its reader had liked before it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from academichub.flows.profiles import read_told
from academichub.flows.ranking import fit_told, read_candidates, scores_of
from academichub.model.radar import Verdict
from academichub.radar.measuring import mean, measure
from academichub.radar.sieve import compile_interest
from academichub.store import corpus as shelf
from academichub.store import feedback

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from academichub.db.engine import Database
    from academichub.flows.background import Background
    from academichub.llm.ports import Embedder
    from academichub.model.radar import Radar


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """How well a radar would have ranked its own past; no measures where nothing could be ranked."""

    days: int
    likes: int  # papers that were to be found
    measures: Mapping[str, float] = field(default_factory=dict)  # means over days; see radar.measuring


def evaluate_radar(
    database: Database, radar: Radar, background: Background, embedder: Embedder | None, *, now: datetime
) -> OwnFigures:
    """Rank each day with a liked paper by the interest, the seeds and the likes of earlier days alone.

    A seed or a like that was itself listed on the day or later is left out, so that nothing that is to be
    found was told beforehand.
    """
    with database.reading() as connection:
        liked = [
            one.work_id for one in feedback.of_radar(connection, radar.id) if one.verdict is Verdict.MORE
        ]
        listed = {one.work_id: one.listed_on for one in shelf.texts(connection, liked).values()}
    wanted: dict[date, set[int]] = defaultdict(set)
    for work_id, on in listed.items():
        wanted[on].add(work_id)
    told = read_told(
        database, radar.id, radar.interest, is_multilingual=embedder is not None and embedder.is_multilingual
    )
    with database.reading() as connection:
        known = shelf.texts(connection, {one.work_id for one in told.entries if one.work_id is not None})
    sieve = compile_interest(radar.interest)
    rows, found = [], 0
    for on, works in sorted(wanted.items()):
        before = told.before(on, {work_id: one.listed_on for work_id, one in known.items()})
        fitted = fit_told(database, before, background, embedder, now=now)
        if fitted is None:  # nothing had been told by then
            continue
        candidates = read_candidates(database, on, background, embedder)
        scores = np.full(len(candidates.works), -np.inf)
        for one in scores_of(sieve, fitted, candidates):
            scores[one.number] = one.score
        places = [number for number, work in enumerate(candidates.works) if work.work_id in works]
        rows.append(measure(scores, np.array(places)))
        found += len(places)
    return OwnFigures(len(rows), found, mean(rows) if rows else {})
