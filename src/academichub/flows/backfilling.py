"""Fetch what a source brought in a stretch of the past, from whoever keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from academichub.errors import BackfillImpossible
from academichub.flows.harvesting import Harvest, harvest
from academichub.flows.healing import oai_scope
from academichub.flows.policies import other_way
from academichub.sources.connectors import connector
from academichub.store import sources as shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from academichub.db.engine import Database
    from academichub.flows.harvesting import Harvested
    from academichub.flows.refreshing import Asks
    from academichub.store.sources import Subscription

LEAST_A_DAY = 20.0  # papers a day that a source is guessed to have where nothing is known of it


@dataclass(frozen=True, slots=True)
class BackfillPlan:
    """Who is asked for a source's past, and how many papers that may be."""

    connector: str
    scope: str
    estimate: int  # papers; a guess, until the server tells


def plan(database: Database, key: str, *, since: date, until: date, now: datetime) -> BackfillPlan:
    """Say how a source's past can be had.

    arXiv's feeds are filled from its archive, journals from Crossref by their ISSN, services from
    themselves.

    Raises:
        SourceUnknown: There is no such source.
        BackfillImpossible: Its past is kept by nobody that the hub can ask.
    """
    with database.reading() as connection:
        source = shelf.subscription(connection, key)
        row = shelf.source_rows(connection, now=now, key=key)[0]
    name, scope = _way(source)
    # arXiv's archive is asked for all that has changed since: see `sources.oai.first`.
    days = ((max(until, now.date()) if name == "oai" else until) - since).days + 1
    return BackfillPlan(name, scope, round(max(row.new_per_day, LEAST_A_DAY) * days))


def backfill(
    database: Database,
    web: Asks,
    key: str,
    *,
    since: date,
    until: date,
    clock: Callable[[], datetime],
    progress: Callable[[int, int | None], None] | None = None,
) -> Harvested:
    """Harvest a stretch of a source's past; the same call goes on where it was stopped.

    Raises:
        SourceUnknown: There is no such source.
        BackfillImpossible: Its past is kept by nobody that the hub can ask.
        StoreUnreachable: The database went away.
    """
    with database.reading() as connection:
        source = shelf.subscription(connection, key)
    name, scope = _way(source)
    wanted = Harvest(
        source=source,
        connector=connector(name),
        scope=scope,
        run=f"{key}@backfill:{since}:{until}",
        purpose="backfill",
        since=since,
        until=until,
    )
    return harvest(database, web, wanted, clock=clock, progress=progress, is_long=True)


def _way(source: Subscription) -> tuple[str, str]:
    if source.kind == "arxiv":
        return "oai", oai_scope(source)
    way = (source.connector, source.scope) if source.kind == "api" else other_way(source)
    if way is None or connector(way[0]).first is None:
        raise BackfillImpossible(source=source.key)
    return way
