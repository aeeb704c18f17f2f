"""Answer requests about briefings: the archive, one of them, its live stream and its files."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from academichub.errors import (
    AcademicHubError,
    BriefingInvalid,
    BriefingUnknown,
    FormInvalid,
    PageUnknown,
    RadarUnknown,
)
from academichub.model.briefing import BriefingOrder, Maker
from academichub.web.address import quote, write
from academichub.web.briefingform import Filled, blank, read_order, read_schedule
from academichub.web.briefingstream import BriefingStream, Pace
from academichub.web.door import FORM_PAGE_HEADERS, PAGE_HEADERS, see
from academichub.web.forms import read_form, read_number
from academichub.web.i18n import LANGUAGES
from academichub.web.views.briefing import FILES, LIVE, build_briefing
from academichub.web.views.briefingremoval import build_removal
from academichub.web.views.briefings import Asked, build_briefings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from academichub.web.door import Door
    from academichub.web.press import Visit

_LONGEST_KEY: Final = 80
_WRONG: Final = (BriefingInvalid, RadarUnknown)
# What is being written changes by the second, and the revision need not tell.
_LIVE_HEADERS: Final = {**FORM_PAGE_HEADERS, "Cache-Control": "no-store"}


class BriefingPages:
    """Handlers of the pages about briefings. Whatever may take long goes to a thread."""

    def __init__(self, door: Door, *, pace: Pace | None = None) -> None:
        self._door = door
        self._hub = door.hub
        self._stream = BriefingStream(door, pace or Pace())

    def routes(self) -> list[Route]:
        """List where these pages are. A file's address has an ending, and no key has a dot."""
        return [
            Route("/b", self.briefings),
            Route("/b", self.make, methods=["POST"]),
            Route("/b/{key}.{ending}", self.file),
            Route("/b/{key}", self.briefing),
            Route("/b/{key}", self.change, methods=["POST"]),
            Route("/b/{key}/events", self.events),
            Route("/b/{key}/remove", self.remove),
        ]

    # -- the archive --------------------------------------------------------------------------------

    async def briefings(self, request: Request) -> Response:
        """Show the archive, and the form of a new briefing."""
        return self._archive(None, self._door.visit(request))

    async def make(self, request: Request) -> Response:
        """Estimate, order, or schedule a briefing; or take a schedule back."""
        visit = self._door.visit(request)
        form = await read_form(request)
        return await run_in_threadpool(self._make, form, visit)

    def _make(self, form: Mapping[str, str], visit: Visit) -> Response:
        action, words, now = form.get("do", ""), visit.words, self._door.clock()
        if action == "unschedule":
            self._hub.remove_schedule(read_number(form, "schedule"))
            return see(write("/b", {}, done="briefing-unscheduled", lang=visit.lang) + "#schedules")
        if action == "schedule":
            filled = read_schedule(form, words)
        elif action in {"estimate", "write"}:
            filled = read_order(form, words)
        else:
            raise FormInvalid(field="do", value=action[:40])
        asked = Asked(filled.typed, filled.errors, is_scheduling=action == "schedule")
        try:
            if filled.schedule is not None:
                self._hub.save_schedule(filled.schedule, now=now)
                return see(write("/b", {}, done="briefing-scheduled", lang=visit.lang) + "#schedules")
            if filled.order is not None and action == "write":
                key = self._hub.order_briefing(filled.order, now=now)
                return see(self._address(key, visit, done="ordered"))
            if filled.order is not None:
                estimate = self._hub.estimate_briefing(filled.order, now=now)
                asked = Asked(filled.typed, {}, estimate)
        except _WRONG as error:
            asked = Asked(filled.typed, _wrong_of(error, filled, visit), is_scheduling=asked.is_scheduling)
        # An estimate that cannot be made is no failure; an order that cannot be taken is.
        is_refused = bool(asked.errors) and action != "estimate"
        return self._archive(asked, visit, HTTPStatus.BAD_REQUEST if is_refused else HTTPStatus.OK)

    def _archive(self, asked: Asked | None, visit: Visit, status: int = HTTPStatus.OK) -> Response:
        now, page = self._door.clock(), self._hub.briefings()
        if asked is None:
            asked = Asked(blank(page, language=visit.words.language, today=now.date()))
        view = build_briefings(page, asked, visit, now=now)
        headers = _LIVE_HEADERS if view.is_live else FORM_PAGE_HEADERS
        return self._page("briefings.html", view, visit, headers=headers, status=status)

    # -- one briefing -------------------------------------------------------------------------------

    async def briefing(self, request: Request) -> Response:
        """Show a briefing, as far as it is written."""
        visit = self._door.visit(request)
        page = self._hub.briefing(_key(request))
        view = build_briefing(page, visit, now=self._door.clock())
        headers = _LIVE_HEADERS if page.line.state in LIVE else FORM_PAGE_HEADERS
        return self._page("briefing.html", view, visit, headers=headers)

    async def change(self, request: Request) -> Response:
        """Stop a briefing, have it written again, or remove it."""
        visit = self._door.visit(request)
        key, form = _key(request), await read_form(request)
        return see(await run_in_threadpool(self._change, key, form, visit))

    def _change(self, key: str, form: Mapping[str, str], visit: Visit) -> str:
        hub, now, action = self._hub, self._door.clock(), form.get("do", "")
        if action == "cancel":
            hub.cancel_briefing(key, now=now)
            return self._address(key, visit, done="cancelled")
        if action == "remove":
            hub.remove_briefing(key)
            return write("/b", {}, done="briefing-removed", lang=visit.lang)
        if action == "again":
            order = hub.briefing(key).line.order
            again = BriefingOrder(
                order.radars, order.first, order.last, _language(form, order), _writer(form, order)
            )
            return self._address(hub.order_briefing(again, now=now), visit, done="ordered")
        raise FormInvalid(field="do", value=action[:40])

    async def remove(self, request: Request) -> Response:
        """Ask whether a briefing is really to go."""
        visit = self._door.visit(request)
        view = build_removal(self._hub.briefing(_key(request)), visit)
        return self._page("briefingremove.html", view, visit, headers=FORM_PAGE_HEADERS)

    async def events(self, request: Request) -> Response:
        """Stream a briefing while it is written."""
        visit, key = self._door.visit(request), _key(request)
        self._hub.briefing_progress(key)  # an unknown one is a page that says so, not a stream
        return self._stream.answer(key, visit, last_id=request.headers.get("last-event-id", ""))

    async def file(self, request: Request) -> Response:
        """Give a briefing as a file."""
        visit, key, ending = self._door.visit(request), _key(request), request.path_params["ending"]
        if ending not in dict(FILES):
            raise PageUnknown(path=request.url.path[:200])
        language = visit.words.language
        body, media_type = await run_in_threadpool(self._hub.briefing_file, key, ending, language=language)
        kind = "inline" if ending == "pdf" else "attachment"
        headers = {
            **PAGE_HEADERS,
            "Content-Disposition": f"{kind}; filename*=UTF-8''academichub-{quote(key)}.{ending}",
        }
        return Response(body, media_type=media_type, headers=headers)

    # -- behind the door ----------------------------------------------------------------------------

    def _address(self, key: str, visit: Visit, *, done: str) -> str:
        return write(f"/b/{quote(key)}", {}, done=done, lang=visit.lang)

    def _page(
        self,
        template: str,
        view: object,
        visit: Visit,
        *,
        headers: Mapping[str, str],
        status: int = HTTPStatus.OK,
    ) -> Response:
        return self._door.page(template, view, visit, section="/b", headers=headers, status=status)


def _wrong_of(error: AcademicHubError, filled: Filled, visit: Visit) -> dict[str, str]:
    """Put what the hub found wrong beside the field it is about; on top where that is none of the form's."""
    field = str(error.facts.get("field", "radars"))
    known = {"radars", "from", "to", "time", "zone", "days"}
    names = {"first": "from", "last": "to", "radar": "radars", "hour": "time", "minute": "time"}
    name = names.get(field, field)
    if filled.schedule is not None and name in {"from", "to"}:
        name = ""
    return {name if name in known else "": visit.words.error(error.code, error.facts)}


def _language(form: Mapping[str, str], order: BriefingOrder) -> str:
    language = form.get("language", order.language)
    if language not in LANGUAGES:
        raise FormInvalid(field="language", value=language[:40])
    return language


def _writer(form: Mapping[str, str], order: BriefingOrder) -> Maker:
    writer = form.get("writer", order.writer.value)
    try:
        return Maker(writer)
    except ValueError as error:
        raise FormInvalid(field="writer", value=writer[:40]) from error


def _key(request: Request) -> str:
    key: str = request.path_params["key"]
    if not key.isprintable() or len(key) > _LONGEST_KEY:
        shown = "".join(letter if letter.isprintable() else "�" for letter in key[:40])
        raise BriefingUnknown(briefing=shown)
    return key
