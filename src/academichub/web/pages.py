"""Answer requests for papers and for the hub itself: ask the hub, build the view, print the page."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse

from academichub.errors import FormInvalid, WorkUnknown
from academichub.model.shelf import Cursor
from academichub.web.address import read_today, write
from academichub.web.door import FORM_PAGE_HEADERS, see
from academichub.web.forms import read_form
from academichub.web.reader import CHOICES
from academichub.web.views.aside import remarks_of
from academichub.web.views.desk import build_about, build_settings
from academichub.web.views.marks import Held
from academichub.web.views.matching import Told
from academichub.web.views.today import build_today

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from academichub.model.shelf import FeedPage
    from academichub.web.address import ByMatch
    from academichub.web.door import Door

_LONGEST_IDENTIFIER: Final = 300
_YEAR_SECONDS: Final = 365 * 24 * 3600


class Pages:
    """Handlers of the pages that readers read. Reads are short and stay on the event loop."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._hub = door.hub

    async def today(self, request: Request) -> Response:
        """Show a day of the feed."""
        visit = self._door.visit(request)
        now = self._door.clock()
        address = read_today(visit.parameters)
        page = self._hub.feed(address.query, today=now.date())
        if address.order is not None:
            page = self._by_match(page, address.order)
        works = [card.work_id for card in page.cards]
        remarks = remarks_of(self._hub, works, visit.words.language)
        told = Told(self._hub.radars(), self._hub.badges(works), remarks)
        held = Held(self._hub.states(works), self._hub.unread(page.on) if page.on else 0)
        view = build_today(page, address, visit, now=now, told=told, held=held)
        return self._door.page("today.html", view, visit, section="/", headers=FORM_PAGE_HEADERS)

    def _by_match(self, page: FeedPage, order: ByMatch) -> FeedPage:
        """Put the cards that radars matched in the place of those by time, best first."""
        if page.on is None:
            return page
        size = page.query.size
        rows = self._hub.matched(page.on, key=order.radar, after=order.after, size=size + 1)
        shown = rows[:size]
        end = Cursor(f"{shown[-1][1]!r}:{shown[-1][0]}", order.number + len(shown)) if shown else None
        return replace(
            page,
            cards=self._hub.cards_of([work_id for work_id, _ in shown]),
            first_number=order.number + 1,
            next=end if len(rows) > size else None,
        )

    async def by_doi(self, request: Request) -> Response:
        """Lead from a DOI to its paper."""
        return self._lead_to("doi", request.path_params["value"].lower(), request)

    async def by_arxiv(self, request: Request) -> Response:
        """Lead from an arXiv identifier to its paper."""
        return self._lead_to("arxiv", request.path_params["value"], request)

    def _lead_to(self, scheme: str, value: str, request: Request) -> Response:
        visit = self._door.visit(request)
        if not value.isprintable() or len(value) > _LONGEST_IDENTIFIER:
            raise WorkUnknown(work=scheme)
        return _lead_to_work(self._hub.find_work(scheme, value), visit.suffix)

    # -- the hub itself ---------------------------------------------------------------------------

    async def settings(self, request: Request) -> Response:
        """Show the settings."""
        visit = self._door.visit(request)
        view = build_settings(self._hub, visit)
        return self._door.page("settings.html", view, visit, section="/settings", headers=FORM_PAGE_HEADERS)

    async def change_settings(self, request: Request) -> Response:
        """Keep the reader's choices in cookies."""
        self._door.visit(request)  # refuses an address that no page takes
        form = await read_form(request)
        for cookie, values in CHOICES.items():
            name = cookie.removeprefix("hub_")
            if form.get(name, "auto") not in {"auto", *values}:
                raise FormInvalid(field=name, value=form[name][:40])
        # The language is left out of the address: what was chosen just now is to be seen.
        response = see(write("/settings", {}, done="saved"))
        is_https = request.url.scheme == "https" or self._hub.settings.public_url.startswith("https:")
        for cookie in CHOICES:
            value = form.get(cookie.removeprefix("hub_"))
            if value == "auto":
                response.delete_cookie(cookie, httponly=True, samesite="lax", secure=is_https)
            elif value is not None:
                response.set_cookie(
                    cookie, value, max_age=_YEAR_SECONDS, httponly=True, samesite="lax", secure=is_https
                )
        response.headers["Cache-Control"] = "no-store"
        return response

    async def about(self, request: Request) -> Response:
        """Say what this is."""
        visit = self._door.visit(request)
        view = build_about(self._hub, visit, version=self._door.version)
        return self._door.page("about.html", view, visit, section="/about")

    async def healthz(self, _request: Request) -> Response:
        """Tell a watchdog whether the hub works."""
        is_alive = await run_in_threadpool(self._hub.is_alive)
        status = HTTPStatus.OK if is_alive else HTTPStatus.SERVICE_UNAVAILABLE
        body = {"status": "ok" if is_alive else "failing", "version": self._door.version}
        return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})

    async def robots(self, _request: Request) -> Response:
        """Ask robots to stay away: these are other people's abstracts, kept for this hub's readers."""
        return PlainTextResponse("User-agent: *\nDisallow: /\n")


def _lead_to_work(work_id: int, suffix: str) -> Response:
    return RedirectResponse(f"/p/{work_id}{suffix}", status_code=HTTPStatus.FOUND)
