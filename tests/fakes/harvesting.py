"""Harvest into a house by hand: with the power failing, others at work, and the books checked at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from academichub.db.tables import fetches, harvests, manifestations, works
from academichub.flows.harvesting import Harvest, Harvested, harvest
from academichub.sources.connectors import connector
from academichub.store import sources as shelf
from tests.fakes.answers import OAI, raw_record
from tests.fakes.house import KEY

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.fetch.client import Ask, Reply
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb, Page

SCOPE = "https://oaipmh.arxiv.org/oai|arXivRaw|cs:cs:LG"
SINCE = date(2026, 6, 1)
RUN = f"{KEY}@backfill:2026-06-01:2026-06-19"
FIRST_QUESTION = "metadataPrefix=arXivRaw&set=cs%3Acs%3ALG&from=2026-06-01"


class PowerCut(BaseException):
    """Nobody catches this, as nobody catches a kill."""


@dataclass(slots=True)
class CutBefore:
    """A web that the power fails in front of, at one request."""

    house: House
    request: int
    asked: int = 0

    def get(self, ask: Ask, *, now: datetime) -> Reply:
        self.asked += 1
        if self.asked == self.request:
            raise PowerCut
        return self.house.fetcher.get(ask, now=now)


@dataclass(slots=True)
class During:
    """A web while whose answer something else happens."""

    house: House
    does: Any
    replies: list[Reply] = field(default_factory=list)

    def get(self, ask: Ask, *, now: datetime) -> Reply:
        reply = self.house.fetcher.get(ask, now=now)
        if not self.replies:
            self.replies.append(reply)
            self.does()
        return reply


def harvest_by_hand(house: House, *, name: str = "oai", web: Any = None, **changes: Any) -> Harvested:
    """Harvest what the house has subscribed."""
    with house.database.reading() as connection:
        source = shelf.subscription(connection, changes.pop("key", KEY))
    plan: dict[str, Any] = {
        "source": source,
        "connector": connector(name),
        "scope": SCOPE,
        "run": RUN,
        "purpose": "backfill",
        "since": SINCE,
        "until": None,
    }
    clock = changes.pop("clock", house.clock)
    progress = changes.pop("progress", None)
    wanted = Harvest(**plan | changes)
    return harvest(house.database, web or house.fetcher, wanted, clock=clock, progress=progress)


def records(*numbers: int) -> list[str]:
    return [raw_record(f"2606.{10_000 + number}") for number in numbers]


def pages(web: FakeWeb, *answers: Page) -> None:
    web.put(OAI, *answers)


def asked_for(web: FakeWeb) -> list[str]:
    """Give the question of each visit, after the verb."""
    return [visit.path.partition("verb=ListRecords&")[2] for visit in web.visits]


def assert_whole(house: House, count: int) -> None:
    """Hold the shelves against what was to come: all once, every account balanced, all of it told."""
    found = house.rows(manifestations)
    assert len({row.item for row in found}) == len(found) == len(house.rows(works)) == count
    runs = house.rows(fetches)
    for row in runs:
        assert row.received == row.new + row.revised + row.twin + row.unchanged + row.rejected == row.done
    assert sum(row.new for row in runs) == count
    assert {row.status for row in runs} <= {"ok", "empty", "interrupted"}
    (row,) = house.rows(harvests)
    assert (row.status, row.step, row.error_code) == ("ok", None, None)
