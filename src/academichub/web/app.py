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
    pages, source_pages, review_pages = Pages(door), SourcePages(door), ReviewPages(door)
    radar_pages, briefing_pages = RadarPages(door), BriefingPages(door, pace=pace)
    return Starlette(
        routes=[
            # Files first: the last part of a page's path may be any name.
            *ExportPages(door, hub).routes(),
            Route("/", pages.today),
            Route("/p/doi/{value:path}", pages.by_doi),
            Route("/p/arxiv/{value:path}", pages.by_arxiv),
            *ReadingPages(door, hub=hub).routes(),
            *SearchPages(door, hub=hub).routes(),
            *AuthorPages(door, hub=hub).routes(),
            *CalendarPages(door, hub=hub).routes(),
            *OfflinePages(door, assets=assets).routes(),
            Route("/radars", radar_pages.radars),
            Route("/radars/new", radar_pages.new),
            Route("/radars/new", radar_pages.make, methods=["POST"]),
            Route("/radars/{key}", radar_pages.radar),
            Route("/radars/{key}", radar_pages.change, methods=["POST"]),
            Route("/radars/{key}/edit", radar_pages.edit),
            Route("/radars/{key}/edit", radar_pages.save, methods=["POST"]),
            Route("/radars/{key}/remove", radar_pages.remove),
            Route("/radars/{key}/why/{work_id:int}", radar_pages.why),
            Route("/radars/{key}/{on}", radar_pages.radar),
            *briefing_pages.routes(),
            Route("/sources", source_pages.sources),
            Route("/sources", source_pages.change, methods=["POST"]),
            Route("/sources/add", source_pages.catalogue),
            Route("/sources/add", source_pages.add, methods=["POST"]),
            Route("/sources.opml", source_pages.opml),
            Route("/sources/{key:path}", source_pages.source),
            Route("/review", review_pages.review),
            Route("/review", review_pages.change, methods=["POST"]),
            Route("/settings", pages.settings),
            Route("/settings", pages.change_settings, methods=["POST"]),
            Route("/about", pages.about),
            Route("/healthz", pages.healthz),
            Route("/robots.txt", pages.robots),
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
