"""Whatever the weather: a harvest that is asked for again and again ends with everything there once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from academichub.db.tables import harvests
from academichub.errors import SourceTooSlow, SourceUnreachable
from academichub.fetch.client import Reply
from academichub.model.shelf import FetchStatus
from tests.fakes.answers import oai_error, oai_page
from tests.fakes.harvesting import PowerCut, assert_whole, harvest_by_hand, records
from tests.fakes.house import FRIDAY

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.fetch.client import Ask
    from tests.fakes.house import House

PAGES, ON_A_PAGE = 7, 5
MOST_CALLS = 300


@dataclass(slots=True)
class Weather:
    """An archive behind a bad line: what comes is drawn anew for every request, and at every tick."""

    dice: random.Random
    asked: int = 0

    def clock(self) -> datetime:
        if self.dice.random() < 0.02:  # a process is killed anywhere
            raise PowerCut
        return FRIDAY

    def get(self, ask: Ask, *, now: datetime) -> Reply:
        del now
        self.asked += 1
        token = parse_qs(urlsplit(ask.url).query).get("resumptionToken", ["page0"])[0]
        number = int(token.removeprefix("page"))
        fate = self.dice.random()
        if fate < 0.06:
            raise SourceUnreachable(url=ask.url, status=503, reason="made up")
        if fate < 0.09:
            raise SourceTooSlow(url=ask.url, limit_seconds=60)
        return Reply(
            url=ask.url,
            status=200,
            body=self._body(number, fate),
            content_type="text/xml",
            etag=None,
            last_modified=None,
            max_age_seconds=None,
            retry_after_seconds=None,
            moved_permanently_to=None,
            elapsed_ms=7,
            redirects=(),
        )

    def _body(self, number: int, fate: float) -> bytes:
        second = f"2026-06-19T05:00:{self.asked % 60:02d}Z"
        total = PAGES * ON_A_PAGE
        then = f"page{number + 1}" if number + 1 < PAGES else ""
        if fate < 0.14 and number:
            return oai_error("badResumptionToken", at=second).body
        if fate < 0.20:
            return oai_page(then=then or "page1", total=total, at=second).body  # empty before the end
        if fate < 0.26 and number:
            return self._page(number - 1, f"page{number}", second)  # the page before, once more
        if fate < 0.30 and number:
            return self._page(number, f"page{number}", second)  # a cursor that stands still
        if fate < 0.33:
            return self._page(number, then, second)[: 900 + self.asked]  # cut off
        return self._page(number, then, second)

    def _page(self, number: int, then: str, second: str) -> bytes:
        first = number * ON_A_PAGE
        return oai_page(
            *records(*range(first, first + ON_A_PAGE)), then=then, total=PAGES * ON_A_PAGE, at=second
        ).body


@pytest.mark.parametrize("seed", range(12))
def test_a_harvest_in_any_weather_comes_to_its_end_with_everything_there_once(
    house: House, seed: int
) -> None:
    house.subscribe()
    weather = Weather(random.Random(seed))  # noqa: S311  # not for secrets
    calls = 0

    while calls < MOST_CALLS:
        calls += 1
        try:
            done = harvest_by_hand(house, web=weather, clock=weather.clock)
        except PowerCut:
            continue
        if done.status is FetchStatus.OK:
            break

    assert calls < MOST_CALLS
    assert_whole(house, PAGES * ON_A_PAGE)
    (row,) = house.rows(harvests)
    assert row.seen == PAGES * ON_A_PAGE
