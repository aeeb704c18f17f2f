"""Answer requests for authors: what they signed, who may be meant, and following them."""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse
from starlette.routing import Route

from academichub.errors import DateMalformed, FormInvalid, PageUnknown
from academichub.model.authors import AuthorCursor
from academichub.model.radar import Follow, FollowKind
from academichub.model.radarpages import RadarForm
from academichub.text.identifiers import normalize_orcid
from academichub.web.address import SIZES, author_address, read_day, read_number, write
from academichub.web.door import FORM_PAGE_HEADERS, see
from academichub.web.forms import read_form
from academichub.web.views.aside import remarks_of
from academichub.web.views.author import Held, build_author, is_followed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from academichub.web.door import Door
    from academichub.web.findingports import FindingPort
    from academichub.web.press import Visit

_LONGEST_NAME: Final = 200
_DEFAULT_SIZE: Final = 50
_AFTER: Final = re.compile(r"(\d{4}-\d{2}-\d{2}):(\d{1,18})", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class AuthorPages:
    """Handlers of authors' pages. Counting what somebody signed goes to a thread."""

    def __init__(self, door: Door, *, hub: FindingPort) -> None:
        self._door = door
        self._hub = hub

    def routes(self) -> list[Route]:
        """List the addresses of these pages. No ORCID is called "follow"."""
        return [
            Route("/authors", self.by_name),
            Route("/authors/follow", self.follow, methods=["POST"]),
            Route("/authors/{orcid}", self.by_orcid),
        ]

    async def by_name(self, request: Request) -> Response:
        """Show what is signed with a name; without one, lead to where authors are looked for."""
        visit = self._door.visit(request)
        name = " ".join(visit.parameters.get("name", "").split())
        if not name:
            return RedirectResponse(write("/search", {}, lang=visit.lang), status_code=HTTPStatus.FOUND)
        return await run_in_threadpool(self._page, visit, None, name)

    async def by_orcid(self, request: Request) -> Response:
        """Show what is signed with an ORCID; one that is written in another way leads to the usual one."""
        visit = self._door.visit(request)
        written: str = request.path_params["orcid"]
        orcid = normalize_orcid(written)
        if orcid is None:
            raise PageUnknown(path=_CONTROL.sub("�", visit.path)[:200])
        if orcid != written:
            return RedirectResponse(
                author_address("", orcid, lang=visit.lang), status_code=HTTPStatus.MOVED_PERMANENTLY
            )
        return await run_in_threadpool(self._page, visit, orcid, "")

    def _page(self, visit: Visit, orcid: str | None, name: str) -> Response:
        hub = self._hub
        size = read_number(visit.parameters, "per", _DEFAULT_SIZE)
        if size not in SIZES:
            raise FormInvalid(field="per", value=visit.parameters["per"])
        page = hub.author(orcid=orcid, name=name, after=_read_cursor(visit.parameters), size=size)
        works = [card.work_id for card in page.cards]
        held = Held(
            states=hub.states(works),
            badges=hub.badges(works),
            remarks=remarks_of(hub, works, visit.words.language),
            radars=hub.radars().rows,
        )
        view = build_author(page, held, visit, asked=name)
        status = HTTPStatus.OK if page.works else HTTPStatus.NOT_FOUND
        return self._door.page(
            "author.html", view, visit, section="", headers=FORM_PAGE_HEADERS, status=status
        )

    async def follow(self, request: Request) -> Response:
        """Let a radar follow an author; lead back to the author's page."""
        visit = self._door.visit(request)
        form = await read_form(request)
        return see(await run_in_threadpool(self._follow, form, visit))

    def _follow(self, form: Mapping[str, str], visit: Visit) -> str:
        name = " ".join(_CONTROL.sub(" ", form.get("name", "")).split())
        if not name or len(name) > _LONGEST_NAME:
            raise FormInvalid(field="name", value=name[:40])
        orcid = normalize_orcid(form["orcid"]) if form.get("orcid") else None
        if orcid is None and form.get("orcid"):
            raise FormInvalid(field="orcid", value=_CONTROL.sub("�", form["orcid"])[:40])
        radar = self._hub.radar(form.get("radar", "")).row.radar
        if not is_followed(radar.interest, name, orcid):
            follows = (*radar.interest.follows, Follow(FollowKind.AUTHOR, name, orcid))
            changed = RadarForm(replace(radar.interest, follows=follows))
            self._hub.change_radar(radar.key, changed, now=self._door.clock())
        there = author_address(name, orcid)
        path, _, _ = there.partition("?")
        return write(
            path, {}, name=None if orcid else name, radar=radar.key, done="followed", lang=visit.lang
        )


def _read_cursor(parameters: Mapping[str, str]) -> AuthorCursor | None:
    after = parameters.get("after")
    if after is None:
        return None
    found = _AFTER.fullmatch(after)
    try:
        on = read_day(found[1]) if found else None
    except DateMalformed as error:
        raise FormInvalid(field="after", value=after[:40]) from error
    if found is None or on is None:
        raise FormInvalid(field="after", value=after[:40])
    return AuthorCursor(on=on, work_id=int(found[2]), number=read_number(parameters, "n", 0))
