"""Answer requests about radars: how they are doing, one day of one, and how one is made and taught."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from academichub.errors import (
    FormInvalid,
    LibraryUnreadable,
    QueryInvalid,
    RadarInvalid,
    RadarUnknown,
    WorkUnknown,
)
from academichub.model.radar import LessReason, Verdict
from academichub.web.address import quote, read_day, write
from academichub.web.door import FORM_PAGE_HEADERS, PAGE_HEADERS, see
from academichub.web.forms import read_form, read_number
from academichub.web.prefilling import prefilled
from academichub.web.radarform import read_filled_radar, typed_of
from academichub.web.views.explanation import build_explanation
from academichub.web.views.radar import build_radar
from academichub.web.views.radarform import Making, Wrong, build_maker, wrong_of
from academichub.web.views.radars import build_radars
from academichub.web.views.removal import build_removal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from academichub.model.radarpages import Preview, RadarPage
    from academichub.web.door import Door
    from academichub.web.press import Visit
    from academichub.web.radarform import Filled

_LARGEST_ID: Final = 2**63 - 1  # what both databases can hold
_LONGEST_KEY: Final = 300
_WRONG: Final = (RadarInvalid, QueryInvalid, LibraryUnreadable)


class RadarPages:
    """Handlers of the pages about radars. Whatever ranks, previews or explains goes to a thread."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._hub = door.hub

    # -- reading ------------------------------------------------------------------------------------

    async def radars(self, request: Request) -> Response:
        """Show all radars."""
        visit = self._door.visit(request)
        today = self._door.clock().date()
        view = build_radars(self._hub.radars(), self._hub.starting_points(), visit, today=today)
        return self._page("radars.html", view, visit)

    async def radar(self, request: Request) -> Response:
        """Show a radar on a day; on the last one where the address names none."""
        visit = self._door.visit(request)
        on = read_day(request.path_params.get("on"))
        page = self._hub.radar(_key(request), on=on)
        return self._page("radar.html", build_radar(page, visit, now=self._door.clock()), visit)

    async def why(self, request: Request) -> Response:
        """Show why a paper has its score."""
        visit = self._door.visit(request)
        work_id, on = request.path_params["work_id"], read_day(visit.parameters.get("date"))
        if not 0 < work_id <= _LARGEST_ID:
            raise WorkUnknown(work=str(work_id)[:40])
        found = await run_in_threadpool(self._hub.explain, _key(request), work_id, on=on)
        view = build_explanation(found, visit, now=self._door.clock())
        return self._door.page("radarwhy.html", view, visit, section="/radars", headers=PAGE_HEADERS)

    # -- teaching -----------------------------------------------------------------------------------

    async def change(self, request: Request) -> Response:
        """Take what a reader said of a paper, or change the radar; lead back to where that shows."""
        visit = self._door.visit(request)
        key, form = _key(request), await read_form(request)
        return see(await run_in_threadpool(self._change, key, form, visit))

    def _change(self, key: str, form: Mapping[str, str], visit: Visit) -> str:
        hub, now = self._hub, self._door.clock()
        # The buttons that say why less of a paper carry the reason alone.
        action = form.get("do", "less" if "reason" in form else "")
        home = f"/radars/{quote(key)}"
        if action in {"more", "less", "undo"}:
            return self._say(key, action, form, visit)
        if action in {"pause", "resume"}:
            hub.pause_radar(key, paused=action == "pause", now=now)
            return write(home, {}, done=f"{action}d", lang=visit.lang)
        if action == "remove":
            hub.remove_radar(key)
            return write("/radars", {}, done="radar-removed", lang=visit.lang)
        if action == "unseed":
            hub.remove_seed(key, read_number(form, "seed"), now=now)
            return write(f"{home}/edit", {}, done="unseeded", lang=visit.lang) + "#seeds"
        raise FormInvalid(field="do", value=action[:40])

    def _say(self, key: str, action: str, form: Mapping[str, str], visit: Visit) -> str:
        hub, now = self._hub, self._door.clock()
        work_id, on = read_number(form, "work"), read_day(form.get("on") or None)
        if action == "undo":
            hub.unsay(key, work_id, now=now)
        elif action == "more":
            hub.say(key, work_id, Verdict.MORE, now=now)
        else:
            hub.say(key, work_id, Verdict.LESS, reason=_reason(form.get("reason", "")), now=now)
        home = f"/radars/{quote(key)}" + (f"/{on.isoformat()}" if on else "")
        done = "undone" if action == "undo" else action
        # The card may have moved, or be gone: then the notice on top says what was done.
        return write(home, {}, done=done, count=str(work_id), lang=visit.lang) + f"#w{work_id}"

    async def remove(self, request: Request) -> Response:
        """Ask whether a radar is really to go."""
        visit = self._door.visit(request)
        view = build_removal(self._hub.radar(_key(request)), visit)
        return self._page("radarremove.html", view, visit)

    # -- making -------------------------------------------------------------------------------------

    async def new(self, request: Request) -> Response:
        """Show the form of a radar that is not begun, or that begins with a ready-made interest."""
        visit = self._door.visit(request)
        started = visit.parameters.get("start", "")
        points = self._hub.starting_points()
        point = next((point for point in points if point.key == started), None)
        if point is None:
            return self._maker(Making(prefilled(visit.parameters), starts=points), visit)
        typed = typed_of(point.interest)
        typed["name"] = point.name_zh if visit.words.language == "zh" else point.name_en
        return self._maker(Making(typed, starts=points, started=started), visit)

    async def make(self, request: Request) -> Response:
        """Preview a new radar, or make it and lead to its page."""
        visit = self._door.visit(request)
        filled = await read_filled_radar(request, visit.words)
        return await run_in_threadpool(self._take, filled, None, visit)

    async def edit(self, request: Request) -> Response:
        """Show the form of a radar."""
        visit = self._door.visit(request)
        page = self._hub.radar(_key(request))
        return self._maker(_making(page, typed_of(page.row.radar.interest)), visit)

    async def save(self, request: Request) -> Response:
        """Preview a change of a radar, or make it and lead to its page."""
        visit = self._door.visit(request)
        page = self._hub.radar(_key(request))
        filled = await read_filled_radar(request, visit.words)
        return await run_in_threadpool(self._take, filled, page, visit)

    def _take(self, filled: Filled, page: RadarPage | None, visit: Visit) -> Response:
        """Do what a filled-in form asks for; what is wrong with it is shown beside what was typed."""
        wrong, preview = Wrong(filled.errors), None
        if filled.form is not None:
            try:
                if filled.action == "save":
                    return see(self._save(filled, page, visit))
                preview = self._preview(filled, page)
            except _WRONG as error:
                wrong = wrong_of(error, visit.words)
        making = _making(
            page,
            filled.typed,
            wrong=wrong,
            preview=preview,
            is_library_lost=bool(filled.library.strip()) and not filled.typed["library"],
            is_live=filled.is_live,
        )
        # A preview of a form that is not finished is no failure; a form that cannot be saved is.
        status = HTTPStatus.BAD_REQUEST if filled.action == "save" else HTTPStatus.OK
        return self._maker(making, visit, status=status)

    def _save(self, filled: Filled, page: RadarPage | None, visit: Visit) -> str:
        hub, now = self._hub, self._door.clock()
        assert filled.form is not None  # noqa: S101 - looked at before
        if page is None:
            key, done = hub.create_radar(filled.form, now=now), "created"
        else:
            key, done = page.row.radar.key, "changed"
            hub.change_radar(key, filled.form, now=now)
        return write(f"/radars/{quote(key)}", {}, done=done, lang=visit.lang)

    def _preview(self, filled: Filled, page: RadarPage | None) -> Preview:
        assert filled.form is not None  # noqa: S101 - looked at before
        key = page.row.radar.key if page else None
        return self._hub.preview_radar(filled.form, key=key, now=self._door.clock())

    def _maker(self, making: Making, visit: Visit, *, status: int = HTTPStatus.OK) -> Response:
        return self._page("radarform.html", build_maker(making, visit), visit, status=status)

    def _page(self, template: str, view: object, visit: Visit, *, status: int = HTTPStatus.OK) -> Response:
        return self._door.page(
            template, view, visit, section="/radars", headers=FORM_PAGE_HEADERS, status=status
        )


def _making(
    page: RadarPage | None,
    typed: Mapping[str, str],
    *,
    wrong: Wrong | None = None,
    preview: Preview | None = None,
    is_library_lost: bool = False,
    is_live: bool = False,
) -> Making:
    return Making(
        typed,
        key=page.row.radar.key if page else None,
        name=page.row.radar.interest.name if page else "",
        seeds=page.seeds if page else (),
        wrong=wrong or Wrong(),
        preview=preview,
        is_library_lost=is_library_lost,
        is_live=is_live,
    )


def _reason(value: str) -> LessReason | None:
    try:
        return LessReason(value) if value else None
    except ValueError as error:
        raise FormInvalid(field="reason", value=value[:40]) from error


def _key(request: Request) -> str:
    key: str = request.path_params["key"]
    if not key.isprintable() or len(key) > _LONGEST_KEY:
        shown = "".join(letter if letter.isprintable() else "�" for letter in key[:40])
        raise RadarUnknown(radar=shown, suggestion=None)
    return key
