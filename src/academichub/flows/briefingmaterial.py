"""Read what a briefing is made of: the papers that radars show, and what came in the weeks before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from academichub.errors import BriefingInvalid
from academichub.model.briefing import Paper
from academichub.store import corpus as shelf
from academichub.store import radars, rankings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from academichub.db.engine import Connection, Database
    from academichub.model.briefing import BriefingOrder
    from academichub.model.papers import Flag
    from academichub.model.radar import Radar
    from academichub.store.corpus import WorkText

MOST_DAYS: Final = 31
MOST_PAPERS: Final = 3_000  # that one briefing reads
LOOKS_BACK: Final = 14  # days before the last one whose papers may be the other end of a bridge
MOST_OTHERS: Final = 12_000
SUPPORTED: Final = ("zh", "en")
UNKNOWN: Final = ("", ())  # the version and the flags of a work that is read for its words alone


@dataclass(frozen=True, slots=True)
class Material:
    """What a briefing reads. `papers` come best match first; `others` are not in them, newest first."""

    order: BriefingOrder
    radars: tuple[tuple[str, str], ...]  # key and name of those that were asked
    papers: tuple[Paper, ...]
    others: tuple[Paper, ...]


def gather(database: Database, order: BriefingOrder) -> Material:
    """Read the papers of an order: those that its radars show, or all of the days where there is no radar.

    Raises:
        BriefingInvalid: The days, or the language, cannot be.
        RadarUnknown: A radar that is not there.
    """
    check_order(order)
    days = [order.first + timedelta(days=n) for n in range((order.last - order.first).days + 1)]
    with database.reading() as connection:
        asked = _asked(connection, order)
        matches = _matches(connection, asked, days)
        listed = [one for on in days for one in shelf.day_texts(connection, on)]
        again = {one.work_id: one for on in days for one in shelf.revised_texts(connection, on)}
        by_id = {one.work_id: one for one in (*again.values(), *listed)}
        if asked:
            missing = set(matches) - set(by_id)
            by_id |= shelf.texts(connection, missing)
            chosen = [by_id[work_id] for work_id in matches if work_id in by_id]
        else:
            chosen = list(by_id.values())
        chosen.sort(key=lambda one: _place(one, matches))
        chosen = chosen[:MOST_PAPERS]
        others = _others(connection, order.last, {one.work_id for one in chosen})
        faces = shelf.faces(connection, [one.work_id for one in (*chosen, *others)])
    papers = tuple(
        replace(
            paper_of(one, faces.get(one.work_id, UNKNOWN)),
            is_revised=one.work_id in again,
            matches=tuple(sorted(matches.get(one.work_id, {}).items(), key=lambda pair: (-pair[1], pair[0]))),
        )
        for one in chosen
    )
    names = tuple((one.key, one.interest.name) for one in asked)
    return Material(
        order, names, papers, tuple(paper_of(one, faces.get(one.work_id, UNKNOWN)) for one in others)
    )


def check_order(order: BriefingOrder) -> None:
    """Refuse days that are no stretch of time, and languages that we cannot write. Raises BriefingInvalid."""
    if order.last < order.first:
        raise BriefingInvalid(field="days", reason="backwards")
    if (order.last - order.first).days >= MOST_DAYS:
        raise BriefingInvalid(field="days", reason="too-many-days")
    if order.language not in SUPPORTED:
        raise BriefingInvalid(field="language", reason="zh-or-en")


def paper_of(work: WorkText, face: tuple[str, tuple[Flag, ...]] = UNKNOWN) -> Paper:
    """Show a work as briefings see it."""
    version, flags = face
    return Paper(
        work_id=work.work_id,
        title=work.title,
        abstract=work.abstract or "",
        text_hash=work.text_hash,
        listed_on=work.listed_on,
        version=version,
        categories=work.categories,
        venue=work.venue,
        kind=work.kind,
        language=work.language,
        byline=work.byline,
        flags=flags,
    )


def _asked(connection: Connection, order: BriefingOrder) -> list[Radar]:
    if order.radars:
        return [radars.find(connection, key) for key in dict.fromkeys(order.radars)]
    return [one for one in radars.radars_of(connection) if not one.is_paused]


def _matches(
    connection: Connection, asked: Iterable[Radar], days: Iterable[date]
) -> dict[int, dict[str, float]]:
    """Read which works radars show on days, with the match of each radar; the best of several days."""
    found: dict[int, dict[str, float]] = {}
    listed = tuple(days)
    for radar in asked:
        for on in listed:
            day = rankings.read_day(connection, radar.id, on)
            for one in day.ranked if day is not None else ():
                kept = found.setdefault(one.work_id, {})
                kept[radar.key] = max(one.match, kept.get(radar.key, 0.0))
    return found


def _place(work: WorkText, matches: Mapping[int, Mapping[str, float]]) -> tuple[float, int, int]:
    best = max(matches.get(work.work_id, {}).values(), default=0.0)
    return -best, -work.listed_on.toordinal(), -work.work_id


def _others(connection: Connection, until: date, without: set[int]) -> list[WorkText]:
    since = until - timedelta(days=LOOKS_BACK)
    found = []
    for one in shelf.recent_texts(connection, until=until, limit=MOST_OTHERS):
        if one.listed_on <= since:
            break
        if one.work_id not in without:
            found.append(one)
    return found
