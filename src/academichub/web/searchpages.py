"""Answer requests for searches."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from academichub.errors import QueryInvalid
from academichub.model.search import SearchNote
from academichub.web.door import FORM_PAGE_HEADERS
from academichub.web.searchaddress import read_search
from academichub.web.views.aside import remarks_of
from academichub.web.views.radarform import wrong_of
from academichub.web.views.search import Told, build_blank, build_search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from academichub.model.search import SearchPage
    from academichub.web.door import Door
    from academichub.web.findingports import FindingPort
    from academichub.web.press import Visit
    from academichub.web.searchaddress import SearchAddress

# What is said of an index that is catching up is over in a moment, and the revision need not tell.
_PASSING: Final = frozenset({SearchNote.REBUILDING, SearchNote.BEHIND})
_PASSING_HEADERS: Final = {**FORM_PAGE_HEADERS, "Cache-Control": "no-store"}


class SearchPages:
    """Handlers of searches. A question may take some twenty milliseconds, so all go to a thread."""

    def __init__(self, door: Door, *, hub: FindingPort) -> None:
        self._door = door
        self._hub = hub

    def routes(self) -> list[Route]:
        """List the addresses of these pages."""
        return [Route("/search", self.search)]

    async def search(self, request: Request) -> Response:
        """Show what was found; the box alone where nothing is asked for."""
        visit = self._door.visit(request)
        address = read_search(visit.parameters, language=visit.words.language)
        return await run_in_threadpool(self._search, address, visit)

    def _search(self, address: SearchAddress, visit: Visit) -> Response:
        if not address.is_asked:
            return self._page(build_blank(address, visit, state=self._hub.index_state()), visit)
        try:
            page = self._hub.search(address.query, now=self._door.clock())
        except QueryInvalid as error:
            fault = wrong_of(error, visit.words).fault
            return self._page(build_blank(address, visit, fault=fault), visit, status=HTTPStatus.BAD_REQUEST)
        view = build_search(page, address, visit, self._told(page, visit))
        is_passing = bool(_PASSING.intersection(page.notes))
        return self._page(view, visit, headers=_PASSING_HEADERS if is_passing else FORM_PAGE_HEADERS)

    def _told(self, page: SearchPage, visit: Visit) -> Told:
        works = [hit.card.work_id for hit in page.hits]
        return Told(
            states=self._hub.states(works),
            badges=self._hub.badges(works),
            remarks=remarks_of(self._hub, works, visit.words.language),
        )

    def _page(
        self,
        view: object,
        visit: Visit,
        *,
        headers: Mapping[str, str] = FORM_PAGE_HEADERS,
        status: int = HTTPStatus.OK,
    ) -> Response:
        return self._door.page("search.html", view, visit, section="/search", headers=headers, status=status)
