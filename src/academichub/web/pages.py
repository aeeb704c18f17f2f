"""Answer requests: read the address, ask the hub, build the view, print the page."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from academichub import errors
from academichub.errors import AcademicHubError, FormInvalid, PageUnknown, WorkUnknown
from academichub.web.address import check_parameters, read_parameters, read_today, write
from academichub.web.guard import SECURITY_HEADERS, read_headers
from academichub.web.i18n import catalogue
from academichub.web.press import Visit
from academichub.web.reader import CHOICES, read_reader
from academichub.web.views.desk import build_about, build_error, build_settings
from academichub.web.views.paper import build_paper
from academichub.web.views.sources import build_source, build_sources
from academichub.web.views.today import build_today

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request

    from academichub.web.ports import HubPort
    from academichub.web.press import Press

_STATUS_BY_ERROR: Final[tuple[tuple[type[AcademicHubError], HTTPStatus], ...]] = (
    (errors.DateMalformed, HTTPStatus.BAD_REQUEST),
    (errors.FormInvalid, HTTPStatus.BAD_REQUEST),
    (errors.AddressMalformed, HTTPStatus.BAD_REQUEST),
    (errors.AddressForbidden, HTTPStatus.BAD_REQUEST),
    (errors.FormForeign, HTTPStatus.FORBIDDEN),
    (errors.PageUnknown, HTTPStatus.NOT_FOUND),
    (errors.WorkUnknown, HTTPStatus.NOT_FOUND),
    (errors.SourceUnknown, HTTPStatus.NOT_FOUND),
    (errors.CategoryUnknown, HTTPStatus.NOT_FOUND),
    (errors.HostUnknown, HTTPStatus.MISDIRECTED_REQUEST),
    (errors.StoreUnreachable, HTTPStatus.SERVICE_UNAVAILABLE),
)
_PAGE_HEADERS: Final = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language, Cookie"}
# See guard.SECURITY_HEADERS for why pages with forms differ.
_FORM_PAGE_HEADERS: Final = {**_PAGE_HEADERS, "Referrer-Policy": "same-origin"}
_LONGEST_FORM_BYTES: Final = 64 * 1024
_LARGEST_ID: Final = 2**63 - 1  # what both databases can hold
_YEAR_SECONDS: Final = 365 * 24 * 3600


class Pages:
    """The pages' handlers. Reads are short and stay on the event loop; changes go to a thread."""

    def __init__(self, hub: HubPort, *, press: Press, clock: Callable[[], datetime], version: str) -> None:
        self._hub = hub
        self._press = press
        self._clock = clock
        self._version = version

    # -- reading ----------------------------------------------------------------------------------

    async def today(self, request: Request) -> Response:
        """Show a day of the feed."""
        visit = self._visit(request)
        now = self._clock()
        address = read_today(visit.parameters)
        page = self._hub.feed(address.query, today=now.date())
        return self._page("today.html", build_today(page, address, visit, now=now), visit, section="/")

    async def paper(self, request: Request) -> Response:
        """Show one paper."""
        visit = self._visit(request)
        work_id = request.path_params["work_id"]
        if not 0 < work_id <= _LARGEST_ID:
            raise WorkUnknown(work=str(work_id)[:40])
        view = build_paper(self._hub.paper(work_id), visit, now=self._clock())
        return self._page("paper.html", view, visit, section="")

    async def by_doi(self, request: Request) -> Response:
        """Lead from a DOI to its paper."""
        return self._lead_to("doi", request.path_params["value"].lower(), request)

    async def by_arxiv(self, request: Request) -> Response:
        """Lead from an arXiv identifier to its paper."""
        return self._lead_to("arxiv", request.path_params["value"], request)

    def _lead_to(self, scheme: str, value: str, request: Request) -> Response:
        visit = self._visit(request)
        if not value.isprintable() or len(value) > 300:  # noqa: PLR2004 - longer than any identifier
            raise WorkUnknown(work=scheme)
        work_id = self._hub.find_work(scheme, value)
        return RedirectResponse(f"/p/{work_id}{visit.suffix}", status_code=HTTPStatus.FOUND)

    async def sources(self, request: Request) -> Response:
        """Show all sources."""
        visit = self._visit(request)
        now = self._clock()
        view = build_sources(self._hub.sources(now=now), visit, now=now)
        return self._page("sources.html", view, visit, section="/sources", headers=_FORM_PAGE_HEADERS)

    async def source(self, request: Request) -> Response:
        """Show one source."""
        visit = self._visit(request)
        now = self._clock()
        view = build_source(self._hub.source(_key(request.path_params["key"]), now=now), visit, now=now)
        return self._page("source.html", view, visit, section="/sources", headers=_FORM_PAGE_HEADERS)

    async def settings(self, request: Request) -> Response:
        """Show the settings."""
        visit = self._visit(request)
        view = build_settings(self._hub, visit)
        return self._page("settings.html", view, visit, section="/settings", headers=_FORM_PAGE_HEADERS)

    async def about(self, request: Request) -> Response:
        """Say what this is."""
        visit = self._visit(request)
        view = build_about(self._hub, visit, version=self._version)
        return self._page("about.html", view, visit, section="/about")

    async def healthz(self, _request: Request) -> Response:
        """Tell a watchdog whether the hub works."""
        is_alive = await run_in_threadpool(self._hub.is_alive)
        status = HTTPStatus.OK if is_alive else HTTPStatus.SERVICE_UNAVAILABLE
        body = {"status": "ok" if is_alive else "failing", "version": self._version}
        return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})

    async def robots(self, _request: Request) -> Response:
        """Ask robots to stay away: these are other people's abstracts, kept for this hub's readers."""
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    # -- changing ---------------------------------------------------------------------------------

    async def change_sources(self, request: Request) -> Response:
        """Fetch, pause, resume, remove or add a source, then lead back to a page that says so."""
        visit = self._visit(request)
        form = await _read_form(request)
        try:
            to = await run_in_threadpool(self._change, form, visit)
        except (errors.AddressMalformed, errors.AddressForbidden, errors.CategoryUnknown) as error:
            now = self._clock()
            view = build_sources(
                self._hub.sources(now=now), visit, now=now, url=form.get("url", "")[:2000], refused=error
            )
            return self._page(
                "sources.html",
                view,
                visit,
                section="/sources",
                headers=_FORM_PAGE_HEADERS,
                status=HTTPStatus.BAD_REQUEST,
            )
        return RedirectResponse(to, status_code=HTTPStatus.SEE_OTHER)

    def _change(self, form: Mapping[str, str], visit: Visit) -> str:
        hub, now, action = self._hub, self._clock(), form.get("do", "")
        if action == "fetch-all":
            return write(
                "/sources", {}, done="asked", count=str(hub.fetch_now(None, now=now)), lang=visit.lang
            )
        if action == "add":
            hub.add_source(form.get("url", "").strip(), now=now)
            return write("/sources", {}, done="added", lang=visit.lang)
        key = _key(form.get("key", ""))
        if action == "fetch":
            return write(
                "/sources", {}, done="asked", count=str(hub.fetch_now(key, now=now)), lang=visit.lang
            )
        if action in {"pause", "resume"}:
            hub.pause(key, paused=action == "pause", now=now)
            return write("/sources", {}, done=f"{action}d", lang=visit.lang)
        if action == "remove":
            hub.remove_source(key)
            return write("/sources", {}, done="removed", lang=visit.lang)
        raise FormInvalid(field="do", value=action[:40])

    async def change_settings(self, request: Request) -> Response:
        """Keep the reader's choices in cookies."""
        self._visit(request)  # refuses an address that no page takes
        form = await _read_form(request)
        for cookie, values in CHOICES.items():
            name = cookie.removeprefix("hub_")
            if form.get(name, "auto") not in {"auto", *values}:
                raise FormInvalid(field=name, value=form[name][:40])
        # The language is left out of the address: what was chosen just now is to be seen.
        response = RedirectResponse(write("/settings", {}, done="saved"), status_code=HTTPStatus.SEE_OTHER)
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

    # -- what went wrong --------------------------------------------------------------------------

    async def on_error(self, request: Request, error: Exception) -> Response:
        """Say in words what went wrong, with what to do about it."""
        if isinstance(error, HTTPException):
            named: AcademicHubError = PageUnknown(path=request.url.path[:200])
            status = HTTPStatus(error.status_code)
            extra = dict(error.headers or {})
        else:
            named = error if isinstance(error, AcademicHubError) else AcademicHubError()
            status = _status(named)
            extra = {}
        visit = self._visit(request, is_checked=False)
        view = build_error(named, status, visit)
        # The server's own failures pass outside the guard, so its headers are put on here too.
        headers = {**SECURITY_HEADERS, **_PAGE_HEADERS, "Cache-Control": "no-store", **extra}
        return self._page("error.html", view, visit, section="", headers=headers, status=status)

    # -- the common parts -------------------------------------------------------------------------

    def _visit(self, request: Request, *, is_checked: bool = True) -> Visit:
        """Read who asks for what. Unchecked, a bad address is as if it had no parameters."""
        try:
            parameters = read_parameters(request.scope["query_string"])
            check_parameters(parameters)
        except FormInvalid:
            if is_checked:
                raise
            parameters = {}
        headers = read_headers(request.scope)
        reader = read_reader(
            headers.get("cookie", ""),
            headers.get("accept-language", ""),
            parameters.get("lang", ""),
            default_language=self._hub.settings.language,
        )
        return Visit(request.scope["path"], parameters, reader, catalogue(reader.language))

    def _page(
        self,
        template: str,
        view: object,
        visit: Visit,
        *,
        section: str,
        headers: Mapping[str, str] = _PAGE_HEADERS,
        status: int = HTTPStatus.OK,
    ) -> Response:
        text = self._press.print(template, view, visit, section=section)
        return HTMLResponse(text, status_code=status, headers=dict(headers))


def _status(error: AcademicHubError) -> HTTPStatus:
    for kind, status in _STATUS_BY_ERROR:
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _key(value: str) -> str:
    if not value or not value.isprintable() or len(value) > 300:  # noqa: PLR2004 - longer than any key
        raise errors.SourceUnknown(source=value[:40], suggestion=None)
    return value


async def _read_form(request: Request) -> dict[str, str]:
    """Read a plain form of a few short fields; anything else is refused before it is held in memory."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM_BYTES:
            raise FormInvalid(field="?", value=f"> {_LONGEST_FORM_BYTES} bytes")
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=50))
    except ValueError as error:
        raise FormInvalid(field="?", value=request.headers.get("content-type", "")[:40]) from error
