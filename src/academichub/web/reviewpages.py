"""Answer requests about works that may be one: what waits for a person, and what can be taken back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from academichub.errors import DoubtUnknown, FormInvalid, MergeUnknown
from academichub.web.address import write
from academichub.web.door import FORM_PAGE_HEADERS, see
from academichub.web.forms import read_form, read_number
from academichub.web.views.review import build_review

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from academichub.web.door import Door
    from academichub.web.press import Visit

_DECISIONS: Final = {"same": True, "two": False}


class ReviewPages:
    """Handlers of the page on which a person decides what is one work."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._hub = door.hub

    async def review(self, request: Request) -> Response:
        """Show the pairs that wait, and the merge log."""
        visit = self._door.visit(request)
        view = build_review(self._hub.review(), visit, now=self._door.clock())
        return self._door.page("review.html", view, visit, section="/sources", headers=FORM_PAGE_HEADERS)

    async def change(self, request: Request) -> Response:
        """Settle a pair, or take a merge back, then lead back to a page that says so."""
        visit = self._door.visit(request)
        form = await read_form(request)
        try:
            return see(await run_in_threadpool(self._change, form, visit))
        except (DoubtUnknown, MergeUnknown) as error:  # somebody, or a second click, was faster
            view = build_review(self._hub.review(), visit, now=self._door.clock(), refused=error)
            return self._door.page(
                "review.html",
                view,
                visit,
                section="/sources",
                headers=FORM_PAGE_HEADERS,
                status=HTTPStatus.CONFLICT,
            )

    def _change(self, form: Mapping[str, str], visit: Visit) -> str:
        now, action = self._door.clock(), form.get("do", "")
        if action in _DECISIONS:
            doubt_id = read_number(form, "doubt")
            work_id = self._hub.decide(doubt_id, is_same=_DECISIONS[action], now=now)
            return write("/review", {}, done=action, count=str(work_id), lang=visit.lang)
        if action != "undo":
            raise FormInvalid(field="do", value=action[:40])
        merge_id = read_number(form, "merge")
        # A merge taken back on a paper's page leads back to that page.
        back = f"/p/{read_number(form, 'work')}" if "work" in form else "/review"
        return write(
            back,
            {},
            done="undone",
            count=str(self._hub.undo_merge(merge_id, now=now)),
            lang=visit.lang,
        )
