"""A journal whose feed leaves things out, and how its papers are completed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.db.tables import wanted
from academichub.flows.completing import Completion, complete_papers
from academichub.store import kinship
from tests.fakes.answers import CROSSREF, OPENALEX, journal_feed

if TYPE_CHECKING:
    from academichub.flows.refreshing import Asks
    from academichub.model.papers import Draft
    from tests.fakes.house import House
    from tests.fakes.web import FakeWeb

FEED = "https://lamps.example/feed"
FEED_PAGE = "//lamps.example/feed"
DOI = "10.5555/lamp.1"
OTHER = "10.5555/lamp.2"
PEOPLE = "Ada Lind; Bo Chen"
ONE = f"{CROSSREF}/works/10.5555%2Flamp.1"
ONE_AT_OPENALEX = f"{OPENALEX}/doi:{DOI}"
PII = "S0140673626000012"
PII_LINK = f"https://www.sciencedirect.com/science/article/pii/{PII}"


def complete(house: House, scheme: str = "doi", stage: int = 0, *, web: Asks | None = None) -> Completion:
    return complete_papers(
        house.database, web or house.fetcher, scheme=scheme, stage=stage, clock=house.clock, dice=lambda: 0.5
    )


def shelve(house: House, web: FakeWeb, *items: str) -> None:
    """Subscribe a journal, and take its feed in."""
    web.put(FEED_PAGE, journal_feed(*items))
    house.refresh(house.subscribe(FEED))


def asked_of(web: FakeWeb, host: str) -> list[str]:
    return [visit.path for visit in web.visits if visit.host == host]


def the_paper(house: House, number: int = 1) -> tuple[Draft, dict[str, str]]:
    with house.database.reading() as connection:
        stored = kinship.stored(connection, number)
    return stored.draft, dict(stored.origins)


def waiting(house: House) -> list[tuple[str, str, int, int]]:
    return [(row.scheme, row.value, row.stage, row.rounds) for row in house.rows(wanted)]


def plain(draft: Draft) -> str:
    return draft.abstract.plain if draft.abstract else ""


def people(draft: Draft) -> list[str]:
    return [author.name for author in draft.authors]
