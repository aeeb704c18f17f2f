"""Find bridges: concepts at home in one field and used in another, each with two papers that show it."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.briefing.meetings import SHARED_WEIGHTS, Reader, pairs
from academichub.briefing.roles import role_at
from academichub.briefing.sharing import held
from academichub.model.briefing import Bridge, Evidence, Growth, Span, archive_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from academichub.briefing.concepts import Concepts, Use
    from academichub.briefing.meetings import Meeting, Read, Vectors
    from academichub.briefing.sharing import Readings
    from academichub.model.briefing import Paper
    from academichub.model.briefingpages import Belongs

    Affinity = Mapping[int, Sequence[Belongs]]  # by work

MOST: Final = 20
LEAST_SCORE: Final = 2.0  # below it is noise: a briefing says that there is none
MOST_READ: Final = 1_000  # papers of the fortnight that are read closely
MOST_OF_A_PAPER: Final = 2
MOST_OF_A_CONCEPT: Final = 2
UNLIKELY: Final = 0.1  # what is left of a score where nothing says that the fields meet
NEW_DAYS: Final = 90
_GROWS_BY: Final = 2.0  # times the share of the years before


class Ranked(NamedTuple):
    """A meeting and its place in the two orders."""

    meeting: Meeting
    likely: float

    @property
    def surprising(self) -> float:
        """The score alone."""
        return self.meeting.score


def find_bridges(
    papers: Sequence[Paper],
    others: Sequence[Paper],
    concepts: Concepts,
    *,
    vectors: Vectors | None = None,
    affinity: Affinity | None = None,
    readings: Readings | None = None,
    most: int = MOST,
) -> tuple[Bridge, ...]:
    """Find the bridges between papers and other papers of the days before.

    Args:
        papers: Of the day or days that are briefed.
        others: Of the fortnight before; those that are also in `papers` count once.
        concepts: Learned from the papers before that.
        vectors: Unit vectors of a model by work; they sharpen the gate against words of two meanings.
        affinity: The fields that each work is likely of interest to, by work. A paper that is listed in a
            field belongs to it anyway.
        readings: What was read of the papers, if others read the same ones.
        most: At most so many.

    Returns:
        Those of a score of `LEAST_SCORE` or more, the likely first; none where there is no good one. A paper
        and a concept come at most twice.
    """
    reader = Reader(concepts, vectors, readings)
    found = rank(papers, others, reader, affinity=affinity, least=LEAST_SCORE, most_read=MOST_READ)
    chosen = diverse(sorted(found, key=by_surprise), most)
    return tuple(_bridge(each, concepts) for each in sorted(chosen, key=by_likely))


def rank(
    papers: Sequence[Paper],
    others: Sequence[Paper],
    reader: Reader,
    *,
    affinity: Affinity | None = None,
    least: float = 0.0,
    most_read: int | None = None,
) -> list[Ranked]:
    """Weigh every pair of papers of different fields that share a concept; in no particular order.

    Of the others only `most_read` are weighed where that is given: those that may share what is worth most.
    """
    known = {paper.work_id for paper in papers}
    today = [reader.read(paper) for paper in papers if paper.category]
    wanted: defaultdict[int, dict[str, float]] = defaultdict(dict)  # by concept and field, the best worth
    for read in today:
        field = read.paper.category
        for concept in read.mentions:
            worth = reader.worth(concept, read)
            wanted[concept][field] = max(worth, wanted[concept].get(field, 0.0))
    rest = [paper for paper in others if paper.category and paper.work_id not in known]
    earlier = [reader.read(paper) for paper in _promising(wanted, rest, reader, most_read)]
    met = (reader.meet(one, other) for one, other in pairs(today, earlier))
    return [
        Ranked(meeting, meeting.score * (UNLIKELY + _affinity(meeting, affinity)))
        for meeting in met
        if meeting is not None and meeting.score >= least
    ]


def _promising(
    wanted: Mapping[int, Mapping[str, float]], papers: Sequence[Paper], reader: Reader, most: int | None
) -> list[Paper]:
    """Keep the papers that may hold a wanted concept; of more than `most` those that promise most, in order.

    What a paper promises is what sharing its concepts would be worth as far as its field alone can tell,
    weighed as `Reader.meet` weighs several shared ones.
    """
    known: dict[tuple[int, str], float] = {}
    hits: list[tuple[float, int]] = []
    found = list(held(wanted.keys(), papers, reader.concepts))
    for at, (paper, concepts) in enumerate(found if most is not None and len(found) > most else ()):
        promises = []
        for concept in concepts:
            key = concept, paper.category
            if key not in known:
                known[key] = reader.promise(concept, wanted[concept], paper.category)
            promises.append(known[key])
        best = zip(SHARED_WEIGHTS, sorted(promises, reverse=True), strict=False)
        hits.append((-sum(weight * promise for weight, promise in best), at))
    chosen = sorted(at for _, at in sorted(hits)[:most]) if hits else range(len(found))
    return [found[at][0] for at in chosen]


def diverse(ranked: Iterable[Ranked], most: int) -> list[Ranked]:
    """Take the first in an order, but no paper and no concept more than twice."""
    papers: Counter[int] = Counter()
    concepts: Counter[int] = Counter()
    chosen: list[Ranked] = []
    for each in ranked:
        works = each.meeting.home.paper.work_id, each.meeting.away.paper.work_id
        is_worn = any(papers[work] >= MOST_OF_A_PAPER for work in works)
        if is_worn or concepts[each.meeting.concept] >= MOST_OF_A_CONCEPT:
            continue
        papers.update(works)
        concepts[each.meeting.concept] += 1
        chosen.append(each)
        if len(chosen) >= most:
            break
    return chosen


def by_likely(each: Ranked) -> tuple[float, int, int, int]:
    """Order by how likely the fields meet; equal ones by work."""
    return -each.likely, *_ids(each)


def by_surprise(each: Ranked) -> tuple[float, int, int, int]:
    """Order by the score alone; equal ones by work."""
    return -each.surprising, *_ids(each)


def _ids(each: Ranked) -> tuple[int, int, int]:
    meeting = each.meeting
    return meeting.home.paper.work_id, meeting.away.paper.work_id, meeting.concept


def _affinity(meeting: Meeting, affinity: Affinity | None) -> float:
    """Tell how much the two papers belong to each other's fields.

    Affinities know archives only. Inside one archive, and where none are given, the words must tell.
    """
    home, away = meeting.home.paper, meeting.away.paper
    archives = archive_of(home.category), archive_of(away.category)
    if not affinity or archives[0] == archives[1]:
        return meeting.near / 2
    return _belongs(home, archives[1], affinity) + _belongs(away, archives[0], affinity)


def _belongs(paper: Paper, archive: str, affinity: Affinity) -> float:
    if archive in map(archive_of, paper.categories):
        return 1.0
    return max(
        (one.likelihood for one in affinity.get(paper.work_id, ()) if one.archive == archive), default=0.0
    )


def _bridge(ranked: Ranked, concepts: Concepts) -> Bridge:
    meeting = ranked.meeting
    home, away = meeting.home.paper.category, meeting.away.paper.category
    at_home, abroad = concepts.use(meeting.concept, home), concepts.use(meeting.concept, away)
    size, year = concepts.field_size(away)
    return Bridge(
        concept=concepts.surfaces[meeting.concept],
        home=home,
        away=away,
        home_evidence=_evidence(meeting.home, meeting.concept),
        away_evidence=_evidence(meeting.away, meeting.concept),
        home_count=at_home.past_year,
        away_count=abroad.past_year,
        home_total=concepts.field_size(home)[1],
        away_total=year,
        first_seen=abroad.first_seen,
        growth=_growth(abroad, size, year, concepts.until),
        likely=ranked.likely,
        surprising=ranked.surprising,
    )


def _evidence(read: Read, concept: int) -> Evidence:
    paper = read.paper
    number = read.mentions[concept].sentence
    start, end = read.spans[number]
    return Evidence(
        span=Span(paper.work_id, paper.version, start, end, paper.text_hash),
        quote=paper.abstract[start:end],
        role=role_at(paper.abstract, read.spans, number),
        sentence=number + 1,
    )


def _growth(use: Use, size: int, year: int, until: int) -> Growth:
    """Tell how long a field has used a concept, and whether it does so more than it did."""
    if use.first_seen is None or use.first_seen > date.fromordinal(until) - timedelta(days=NEW_DAYS):
        return Growth.NEW
    before = (use.count - use.past_year + 0.5) / (size - year + 1)
    now = (use.past_year + 0.5) / (year + 1)
    return Growth.GROWING if now >= _GROWS_BY * before else Growth.ESTABLISHED
