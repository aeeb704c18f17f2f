"""Compose the extractive briefing: analyse the papers, choose the sentences, put everything in its place.

The same papers, background and order give the same briefing to the last byte; `now` is written beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from academichub.briefing.bridges import find_bridges
from academichub.briefing.changes import changes
from academichub.briefing.choosing import best, contribution
from academichub.briefing.numbering import numbered
from academichub.briefing.reading import reading_order
from academichub.briefing.sharing import Readings
from academichub.briefing.tensions import find_tensions
from academichub.briefing.themes import find_themes
from academichub.briefing.trimming import shown
from academichub.briefing.watching import watch
from academichub.model.briefing import BridgePart, Briefing, Label, Maker, Statement, TensionPart, ThemePart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from academichub.briefing.axes import Axes
    from academichub.briefing.concepts import Concepts
    from academichub.model.briefing import Bridge, BriefingOrder, Evidence, Paper, Theme, Watch
    from academichub.model.briefingpages import Belongs

MOST_THEMES: Final = 8
MOST_SAID: Final = 4  # sentences of a theme
MOST_POINTS: Final = 5
MOST_LIKELY: Final = 5
MOST_SURPRISING: Final = 3
MOST_TENSIONS: Final = 3
MOST_READ: Final = 5
MOST_WATCHED: Final = 6


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned from the papers before."""

    concepts: Concepts
    axes: Axes
    papers: int
    fingerprint: str


def compose(  # everything that goes into a briefing, each named
    order: BriefingOrder,
    papers: Sequence[Paper],
    others: Sequence[Paper],
    learned: Learned,
    *,
    before: Briefing | None = None,
    belongs: Mapping[int, tuple[Belongs, ...]] | None = None,
    fingerprint: str = "",
    now: datetime,
) -> Briefing:
    """Write a briefing without a model.

    Args:
        order: What was asked for.
        papers: Those to be briefed, the best first.
        others: Papers of the weeks before, which may be the other end of a bridge.
        learned: The background.
        before: The last briefing of the same radars, for what has changed since.
        belongs: The fields that works are likely of interest to.
        fingerprint: Of everything that went in.
        now: UTC.
    """
    themes, _ = find_themes(papers, learned.axes, learned.concepts)
    themes = themes[:MOST_THEMES]
    readings = Readings()
    bridges = find_bridges(papers, others, learned.concepts, affinity=belongs, readings=readings)
    chosen = _chosen(bridges)
    tensions = find_tensions(papers, others, learned.concepts, readings=readings)[:MOST_TENSIONS]
    reading = reading_order(papers, themes, [part.bridge for part in chosen], MOST_READ, tensions=tensions)
    by_id = {paper.work_id: paper for paper in papers}
    points = _points([by_id[one.work_id] for one in reading])
    pointed = {one.evidence[0].span.work_id for one in points}
    titles = {paper.work_id: paper.title for paper in (*others, *papers)}
    ends = [work_id for part in chosen for work_id in _ends(part.bridge)]
    ends += [one.span.work_id for tension in tensions for one in (tension.one, tension.other)]
    works = tuple(dict.fromkeys((*by_id, *ends)))
    return numbered(
        Briefing(
            order=order,
            made_at=now,
            works=works,
            cited=0,
            titles=tuple(titles[work_id] for work_id in works),
            points=points,
            themes=tuple(
                part for part in (_theme_part(theme, by_id, pointed) for theme in themes) if part.statements
            ),
            bridges=chosen,
            tensions=tuple(TensionPart(tension) for tension in tensions),
            changes=changes(before, themes, papers),
            since=before.order.last if before is not None else None,
            reading=reading,
            watch=_watched(order, papers, others, learned, set(works)),
            fingerprint=fingerprint,
            background=learned.papers,
        )
    )


def quoted(evidence: Evidence, paper: Paper) -> Statement:
    """Print a quote as a statement; its opening connective is left out for the eye alone."""
    return Statement(
        shown(evidence.quote), Label.QUOTED, (evidence,), language=paper.language, maker=Maker.EXTRACTIVE
    )


def _watched(
    order: BriefingOrder,
    papers: Sequence[Paper],
    others: Sequence[Paper],
    learned: Learned,
    works: set[int],
) -> tuple[Watch, ...]:
    """Watch the phrases of the days, of all papers: a radar chose its phrases itself."""
    listed = [*papers, *(one for one in others if order.first <= one.listed_on <= order.last)]
    found = watch(listed, learned.concepts, learned.axes, most=MOST_WATCHED)
    return tuple(
        replace(one, works=tuple(work_id for work_id in one.works if work_id in works)) for one in found
    )


def _points(papers: Sequence[Paper]) -> tuple[Statement, ...]:
    """Say what the papers to be read first contribute."""
    found = []
    for paper in papers:
        evidence = contribution(paper)
        if evidence is not None:
            found.append(quoted(evidence, paper))
    return tuple(found[:MOST_POINTS])


def _theme_part(theme: Theme, papers: Mapping[int, Paper], pointed: set[int]) -> ThemePart:
    """Choose the sentences of a theme; works that made a key point come only where there are no others."""
    members = [papers[work_id] for work_id in theme.works if work_id in papers]
    fresh = [paper for paper in members if paper.work_id not in pointed]
    return ThemePart(theme, best(fresh or members, theme.terms, MOST_SAID))


def _chosen(bridges: Sequence[Bridge]) -> tuple[BridgePart, ...]:
    """Take the likely bridges, and of the others those that surprise most."""
    likely = sorted(bridges, key=lambda one: (-one.likely, one.concept, one.home, one.away))[:MOST_LIKELY]
    rest = [one for one in bridges if one not in likely]
    surprising = sorted(rest, key=lambda one: (-one.surprising, one.concept, one.home, one.away))
    return (
        *(BridgePart(one) for one in likely),
        *(BridgePart(one, is_surprising=True) for one in surprising[:MOST_SURPRISING]),
    )


def _ends(bridge: Bridge) -> tuple[int, int]:
    return bridge.home_evidence.span.work_id, bridge.away_evidence.span.work_id
