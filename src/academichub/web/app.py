"""Open the door for people: routes, layers, handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from academichub.errors import AcademicHubError
from academichub.web.assets import Assets
from academichub.web.authorpages import AuthorPages
from academichub.web.briefingpages import BriefingPages
from academichub.web.calendarpages import CalendarPages
from academichub.web.door import Door
from academichub.web.exportpages import ExportPages
from academichub.web.exportports import ExportPort
from academichub.web.findingports import FindingPort
from academichub.web.guard import Guard
from academichub.web.offline import OfflinePages
from academichub.web.pagecache import PageCache
from academichub.web.pages import Pages
from academichub.web.press import Press
from academichub.web.radarpages import RadarPages
from academichub.web.readingpages import ReadingPages
from academichub.web.reviewpages import ReviewPages
from academichub.web.searchpages import SearchPages
from academichub.web.sourcepages import SourcePages

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from academichub.web.briefingstream import Pace


class WebHub(FindingPort, ExportPort, Protocol):
    """The hub, as far as all pages together need it."""


def create_app(
    hub: WebHub, *, clock: Callable[[], datetime], version: str, pace: Pace | None = None
) -> Starlette:
    """Make the web application.

    Args:
        hub: The hub whose shelves are shown.
        clock: Gives the present, aware; its time zone is the one that pages show times in and days begin in.
        version: The program's version, for the foot of the page.
        pace: How often a live stream looks for news; as streams do where none is given.
    """
    assets = Assets()
    door = Door(hub, Press(assets=assets, version=version), clock, version)
    return Starlette(
        routes=[
            # Files first: the last part of a page's path may be any name.
            *ExportPages(door, hub).routes(),
            *ReadingPages(door, hub=hub).routes(),
            *SearchPages(door, hub=hub).routes(),
            *AuthorPages(door, hub=hub).routes(),
            *CalendarPages(door, hub=hub).routes(),
            *OfflinePages(door, assets=assets).routes(),
            *BriefingPages(door, pace=pace).routes(),
            *_radar_routes(RadarPages(door)),
            *_source_routes(SourcePages(door), ReviewPages(door)),
            *_hub_routes(Pages(door)),
            Route("/static/{name}", assets.serve),
        ],
        middleware=[
            Middleware(PageCache, hub=hub, clock=clock),
            Middleware(Guard, settings=hub.settings, refuse=door.on_error),
        ],
        exception_handlers={
            AcademicHubError: door.on_error,
            HTTPException: door.on_error,
            Exception: door.on_error,
        },
    )


def _hub_routes(pages: Pages) -> list[Route]:
    return [
        Route("/", pages.today),
        Route("/p/doi/{value:path}", pages.by_doi),
        Route("/p/arxiv/{value:path}", pages.by_arxiv),
        Route("/settings", pages.settings),
        Route("/settings", pages.change_settings, methods=["POST"]),
        Route("/about", pages.about),
        Route("/healthz", pages.healthz),
        Route("/robots.txt", pages.robots),
    ]


def _radar_routes(pages: RadarPages) -> list[Route]:
    return [
        Route("/radars", pages.radars),
        Route("/radars/new", pages.new),
        Route("/radars/new", pages.make, methods=["POST"]),
        Route("/radars/{key}", pages.radar),
        Route("/radars/{key}", pages.change, methods=["POST"]),
        Route("/radars/{key}/edit", pages.edit),
        Route("/radars/{key}/edit", pages.save, methods=["POST"]),
        Route("/radars/{key}/remove", pages.remove),
        Route("/radars/{key}/why/{work_id:int}", pages.why),
        Route("/radars/{key}/{on}", pages.radar),
    ]


def _source_routes(pages: SourcePages, reviews: ReviewPages) -> list[Route]:
    return [
        Route("/sources", pages.sources),
        Route("/sources", pages.change, methods=["POST"]),
        Route("/sources/add", pages.catalogue),
        Route("/sources/add", pages.add, methods=["POST"]),
        Route("/sources.opml", pages.opml),
        Route("/sources/{key:path}", pages.source),
        Route("/review", reviews.review),
        Route("/review", reviews.change, methods=["POST"]),
    ]
