"""Answer requests about sources: how they are doing, what to do with one, and where to find more."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from academichub import errors
from academichub.errors import FormInvalid
from academichub.web.address import write
from academichub.web.door import FORM_PAGE_HEADERS, PAGE_HEADERS, see
from academichub.web.forms import is_upload, read_form, read_upload
from academichub.web.views.catalogue import Tried, build_catalogue, read_search, search_of_form
from academichub.web.views.source import build_source
from academichub.web.views.sources import build_sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from academichub.web.door import Door
    from academichub.web.press import Visit

_LONGEST_KEY: Final = 300
_LONGEST_ADDRESS: Final = 2000
_WRONG_ADDRESS: Final = (errors.AddressMalformed, errors.AddressForbidden, errors.CategoryUnknown)


class SourcePages:
    """Handlers of the pages about sources. Changes, and whatever asks the web, go to a thread."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._hub = door.hub

    # -- how they are doing -----------------------------------------------------------------------

    async def sources(self, request: Request) -> Response:
        """Show all sources."""
        visit = self._door.visit(request)
        now = self._door.clock()
        waiting = self._hub.review().doubts_total
        view = build_sources(self._hub.sources(now=now), visit, now=now, doubts=waiting)
        return self._page("sources.html", view, visit)

    async def source(self, request: Request) -> Response:
        """Show one source."""
        visit = self._door.visit(request)
        now = self._door.clock()
        view = build_source(self._hub.source(_key(request.path_params["key"]), now=now), visit, now=now)
        return self._page("source.html", view, visit)

    async def change(self, request: Request) -> Response:
        """Fetch, pause, resume or remove a source, then lead back to a page that says so."""
        visit = self._door.visit(request)
        form = await read_form(request)
        return see(await run_in_threadpool(self._change, form, visit))

    def _change(self, form: Mapping[str, str], visit: Visit) -> str:
        hub, now, action = self._hub, self._door.clock(), form.get("do", "")
        if action == "fetch-all":
            return write(
                "/sources", {}, done="asked", count=str(hub.fetch_now(None, now=now)), lang=visit.lang
            )
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

    # -- where to find more -----------------------------------------------------------------------

    async def catalogue(self, request: Request) -> Response:
        """Search the catalogue."""
        visit = self._door.visit(request)
        return self._catalogue(visit, read_search(visit.parameters), Tried())

    async def add(self, request: Request) -> Response:
        """Subscribe from the catalogue, by an address, or from a file of subscriptions."""
        visit = self._door.visit(request)
        if is_upload(request):
            return await self._import(request, visit)
        form = await read_form(request)
        action = form.get("do", "")
        if action == "find":
            return await run_in_threadpool(self._find, form, visit)
        if action in {"add", "subscribe"}:
            return await run_in_threadpool(self._subscribe, form, visit)
        raise FormInvalid(field="do", value=action[:40])

    async def opml(self, _request: Request) -> Response:
        """Give all subscriptions to take elsewhere."""
        body = await run_in_threadpool(self._hub.export_opml, now=self._door.clock())
        headers = {**PAGE_HEADERS, "Content-Disposition": 'attachment; filename="academichub.opml"'}
        return Response(body, media_type="text/x-opml", headers=headers)

    def _subscribe(self, form: Mapping[str, str], visit: Visit) -> Response:
        """Subscribe what the form names, and lead back to the search it was found by."""
        name = (form.get("name") or form.get("url", "")).strip()
        try:
            _check_address(name)
            self._hub.add_source(name, now=self._door.clock())
        except _WRONG_ADDRESS as error:
            return self._refuse(form, visit, Tried(url=name[:_LONGEST_ADDRESS], error=error))
        return see(write("/sources/add", search_of_form(form), done="added", lang=visit.lang))

    def _find(self, form: Mapping[str, str], visit: Visit) -> Response:
        """Subscribe what was pasted where it is a feed; where it is a page, show what feeds it offers."""
        said = form.get("url", "").strip()
        url = said if "://" in said or "/" not in said else f"https://{said}"
        if "://" not in url:  # an arXiv category, or a key
            return self._subscribe({**form, "name": url}, visit)
        try:
            _check_address(url)
            found = self._hub.discover(url)
        except (errors.FetchError, errors.FeedError) as error:
            may_add = not isinstance(error, _WRONG_ADDRESS)
            return self._refuse(
                form, visit, Tried(url=url[:_LONGEST_ADDRESS], error=error, may_add_anyway=may_add)
            )
        tried = Tried(url=url[:_LONGEST_ADDRESS], found=found, was_asked=True)
        if tried.is_feed_itself:
            return self._subscribe({**form, "name": found[0].url}, visit)
        return self._catalogue(visit, read_search({}), tried)

    async def _import(self, request: Request, visit: Visit) -> Response:
        tried = Tried()
        try:
            body = await read_upload(request, "opml")
            if body:
                report = await run_in_threadpool(self._hub.import_opml, body, now=self._door.clock())
                tried = Tried(report=report)
            else:
                tried = Tried(has_no_file=True)
        except errors.FeedError as error:
            tried = Tried(opml_error=error)
        status = HTTPStatus.OK if tried.report else HTTPStatus.BAD_REQUEST
        return self._catalogue(visit, read_search({}), tried, status=status)

    def _refuse(self, form: Mapping[str, str], visit: Visit, tried: Tried) -> Response:
        return self._catalogue(visit, read_search(search_of_form(form)), tried, status=HTTPStatus.BAD_REQUEST)

    def _catalogue(
        self, visit: Visit, search: Mapping[str, str], tried: Tried, *, status: int = HTTPStatus.OK
    ) -> Response:
        rows = self._hub.catalogue(
            search.get("q", ""), field=search.get("field", ""), access=search.get("access", "")
        )
        view = build_catalogue(rows, self._hub.fields(), search, tried, visit)
        return self._page("catalogue.html", view, visit, status=status)

    def _page(self, template: str, view: object, visit: Visit, *, status: int = HTTPStatus.OK) -> Response:
        return self._door.page(
            template, view, visit, section="/sources", headers=FORM_PAGE_HEADERS, status=status
        )


def _check_address(value: str) -> None:
    if not value.isprintable() or len(value) > _LONGEST_ADDRESS:
        raise errors.AddressMalformed(url=value[:40], reason="not an address")


def _key(value: str) -> str:
    if not value or not value.isprintable() or len(value) > _LONGEST_KEY:
        raise errors.SourceUnknown(source=value[:40], suggestion=None)
    return value
