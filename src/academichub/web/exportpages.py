"""Answer requests for lists as files and feeds: the page's path, a dot, and a format."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.convertors import StringConvertor
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from academichub.errors import PageUnknown, WorkUnknown
from academichub.references.writing.formats import FORMAT_BY_SUFFIX, MOST_IN_A_FEED, MOST_IN_A_FILE
from academichub.web.address import write
from academichub.web.door import PAGE_HEADERS
from academichub.web.exportaddress import file_address, of_the_list
from academichub.web.exportlists import Lists, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from academichub.references.writing.formats import Format
    from academichub.web.door import Door
    from academichub.web.exportlists import Listing
    from academichub.web.exportports import ExportPort
    from academichub.web.press import Visit

_SUFFIXES: Final = "|".join(re.escape(suffix) for suffix in FORMAT_BY_SUFFIX)
_PATH: Final = re.compile(
    r"^/(?P<page>today|search|authors|(?:authors|kept|c)/[^/]+|tags/.+|radars/[^/]+(?:/[^/]+)?|p/[0-9]+)"
    rf"\.(?P<suffix>{_SUFFIXES})$",
    re.DOTALL,
)
_NOT_IN_A_NAME: Final = re.compile(r"[^\w.-]+")
_NOT_ASCII: Final = re.compile(r"[^A-Za-z0-9._-]+")
_DOTS: Final = re.compile(r"\.{2,}")
_LONGEST_NAME: Final = 80  # characters


class FileRoute(Route):
    """One route for all files: a path that ends in a format.

    Starlette's own patterns take a dot for a part of a name: "starred.csl.json" would be read as "json".
    """

    def __init__(self, endpoint: Callable[..., object]) -> None:
        super().__init__("/{page}.{suffix}", endpoint, methods=["GET"])
        self.path_regex = _PATH
        self.param_convertors = {"page": StringConvertor(), "suffix": StringConvertor()}


class ExportPages:
    """Handlers of files and feeds."""

    def __init__(self, door: Door, hub: ExportPort) -> None:
        self._door = door
        self._hub = hub
        self._lists = Lists(hub)

    def routes(self) -> list[Route]:
        """Give the one route; it stands before those of the pages, whose last part may be any name."""
        return [FileRoute(self.file)]

    async def file(self, request: Request) -> Response:
        """Send a list as a file or a feed."""
        visit = self._door.visit(request)
        page, suffix = request.path_params["page"], request.path_params["suffix"]
        public = self._hub.settings.public_url.rstrip("/")
        origin = public or f"{request.url.scheme}://{request.headers['host']}"
        return await run_in_threadpool(self._answer, page, FORMAT_BY_SUFFIX[suffix], visit, origin)

    def _answer(self, page: str, chosen: Format, visit: Visit, origin: str) -> Response:
        if page.startswith("tags/") and (way := self._way_to_tag(page, chosen)) is not None:
            return way
        if page.startswith("p/") and chosen.is_feed:
            raise PageUnknown(path=f"/{page}.{chosen.suffix}"[:200])  # one paper is no list to follow
        try:
            wanted = Wanted(
                parameters=visit.parameters,
                most=MOST_IN_A_FEED if chosen.is_feed else MOST_IN_A_FILE,
                is_feed=chosen.is_feed,
                words=visit.words,
                now=self._door.clock(),
            )
            listing = self._lists.listing(page, wanted)
        except WorkUnknown:
            return self._moved(page, chosen, visit)
        return self._send(page, chosen, listing, visit, origin)

    def _way_to_tag(self, page: str, chosen: Format) -> Response | None:
        """Tell the tag "notes" as a file from the tag "notes.md", whose page the same address is."""
        name = page.removeprefix("tags/")
        names = {row.name.casefold() for row in self._hub.tags()}
        if name.casefold() in names:
            return None
        whole = f"{name}.{chosen.suffix}"
        if whole.casefold() not in names:
            raise PageUnknown(path=f"/tags/{whole}"[:200])
        escaped = whole.replace('"', "")
        return RedirectResponse(write("/search", {}, q=f'tag:"{escaped}"'), status_code=HTTPStatus.SEE_OTHER)

    def _moved(self, page: str, chosen: Format, visit: Visit) -> Response:
        """Lead to the paper that the one asked for was found to be."""
        gone = int(page.removeprefix("p/")[:18])
        kept_id = self._hub.where_it_went(gone)
        if kept_id is None:
            raise WorkUnknown(work=str(gone))
        return RedirectResponse(f"/p/{kept_id}.{chosen.suffix}{visit.suffix}", status_code=HTTPStatus.FOUND)

    def _send(self, page: str, chosen: Format, listing: Listing, visit: Visit, origin: str) -> Response:
        path = _path_of(page)
        here = file_address(path, visit.parameters, chosen.suffix)
        following = _next_address(path, visit.parameters, listing, chosen)
        body, media_type, is_cut = self._body(page, chosen, listing, visit, (origin, here, following))
        headers = {
            **PAGE_HEADERS,
            "Content-Disposition": disposition(_file_name(listing, chosen, is_cut=is_cut), chosen),
            "X-Robots-Tag": "noindex",
        }
        if following:
            headers["Link"] = f'<{origin}{following}>; rel="next"'
        if not listing.is_final:
            headers["Cache-Control"] = "no-store"
        return Response(body, headers=headers, media_type=media_type)

    def _body(
        self, page: str, chosen: Format, listing: Listing, visit: Visit, addresses: tuple[str, str, str]
    ) -> tuple[bytes, str, bool]:
        origin, here, following = addresses
        title = _title(listing, is_feed=chosen.is_feed)
        if page.startswith("c/") and not chosen.is_feed and "after" not in visit.parameters:
            return self._hub.collection_file(
                page.removeprefix("c/"), chosen.suffix, title=title, size=MOST_IN_A_FILE
            )
        body, media_type = self._hub.list_file(
            listing.work_ids,
            chosen.suffix,
            title=title,
            address=origin + write(_path_of(page), of_the_list(visit.parameters)),
            now=self._door.clock(),
            file_address=origin + here,
            next_address=origin + following if following else "",
            language=visit.words.language,
        )
        return body, media_type, listing.next is not None


def _path_of(page: str) -> str:
    """Write the path of a list's page, percent-encoded."""
    return "/" if page == "today" else f"/{quote(page, safe='/:@')}"


def _next_address(path: str, parameters: Mapping[str, str], listing: Listing, chosen: Format) -> str:
    """Write where the part that follows is; '' where nothing does."""
    if listing.next is None:
        return ""
    whole = {**parameters, **listing.next}
    places = {name: whole[name] for name in ("after", "n") if name in listing.next}
    address = file_address(path, whole, chosen.suffix)
    return f"{address}{'&' if '?' in address else '?'}{urlencode(places)}" if places else address


def _title(listing: Listing, *, is_feed: bool) -> str:
    """Give the list's title; a part of it says in numbers, which need no words, which part it is."""
    if not listing.title:
        return ""
    name = f"AcademicHub · {listing.title}" if is_feed else listing.title
    is_part = listing.next is not None or listing.first_number > 1
    if not is_part or is_feed:
        return name
    last = listing.first_number + len(listing.work_ids) - 1
    total = f" / {listing.total:,}" if listing.total is not None else ""
    return f"{name} · {listing.first_number:,}–{last:,}{total}"


def _file_name(listing: Listing, chosen: Format, *, is_cut: bool) -> str:
    stem = _DOTS.sub(".", _NOT_IN_A_NAME.sub("-", listing.name)).strip("-.")[:_LONGEST_NAME] or "list"
    if (is_cut or listing.first_number > 1) and not chosen.is_feed:
        last = listing.first_number + len(listing.work_ids) - 1
        stem += f"-first-{last}" if listing.first_number == 1 else f"-{listing.first_number}-{last}"
    return stem + chosen.ending


def disposition(name: str, chosen: Format) -> str:
    """Write Content-Disposition (RFC 6266): an ASCII name for all, and the whole one for who reads it."""
    kind = "inline" if chosen.is_feed else "attachment"
    plain = _NOT_ASCII.sub("-", name).strip("-") or f"list{chosen.ending}"
    if plain.startswith("."):
        plain = f"list{plain}"
    whole = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'{kind}; filename="{plain}"{whole}'
