"""Answer requests about what a reader keeps: marks, tags, notes, collections, and ways to all of them."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from academichub.errors import FeedTooLarge, FormInvalid, KeepingInvalid, LibraryUnreadable, WorkUnknown
from academichub.model.keeping import UNTOUCHED
from academichub.references.reading import read_library
from academichub.text.notes import to_html
from academichub.web.address import read_day, write
from academichub.web.door import FORM_PAGE_HEADERS, see
from academichub.web.forms import LARGEST_LIBRARY_BYTES, read_filled, read_form, read_number
from academichub.web.ports import HubPort
from academichub.web.readerports import KeepingPort, SearchPort
from academichub.web.readingform import (
    read_back,
    read_fields,
    read_kept,
    read_key,
    read_mark,
    read_pile,
    read_place,
    read_tag,
    read_work,
    wants_json,
)
from academichub.web.views.aside import NOTHING, remarks_of
from academichub.web.views.collections import (
    Brought,
    build_collection,
    build_collection_removal,
    build_collections,
    collection_address,
)
from academichub.web.views.keeping import Kept, Typed, build_keeping
from academichub.web.views.kept import build_kept, build_tags
from academichub.web.views.marks import build_marks, here
from academichub.web.views.palette import build_go
from academichub.web.views.paper import build_paper
from academichub.web.views.similar import build_similar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from academichub.errors import AcademicHubError
    from academichub.model.keeping import KeptQuery
    from academichub.model.search import Similar
    from academichub.web.door import Door
    from academichub.web.forms import Upload
    from academichub.web.press import Visit

_LONGEST_NOTE: Final = 100_000  # characters; as the hub keeps them


class ReadingHub(HubPort, KeepingPort, SearchPort, Protocol):
    """The hub, as far as these pages need it."""


class ReadingPages:
    """Handlers of what a reader keeps. What writes goes to a thread; short reads stay on the event loop."""

    def __init__(self, door: Door, *, hub: ReadingHub) -> None:
        self._door = door
        self._hub = hub

    def routes(self) -> list[Route]:
        """List the addresses of these pages."""
        return [
            Route("/p/{work_id:int}", self.paper),
            Route("/p/{work_id:int}/marks", self.mark, methods=["POST"]),
            Route("/p/{work_id:int}/tags", self.tag, methods=["POST"]),
            Route("/p/{work_id:int}/note", self.write_note, methods=["POST"]),
            Route("/p/{work_id:int}/collections", self.collect, methods=["POST"]),
            Route("/marks", self.many, methods=["POST"]),
            Route("/kept", self.first_pile),
            Route("/kept/{pile}", self.pile),
            Route("/tags", self.tags),
            Route("/tags/{name:path}", self.tagged),
            Route("/c", self.collections),
            Route("/c", self.bring, methods=["POST"]),
            Route("/c/new", self.new),
            Route("/c/new", self.make, methods=["POST"]),
            Route("/c/{key}", self.collection),
            Route("/c/{key}", self.change, methods=["POST"]),
            Route("/c/{key}/remove", self.remove),
            Route("/go", self.go),
        ]

    # -- one paper ----------------------------------------------------------------------------------

    async def paper(self, request: Request) -> Response:
        """Show one paper, or lead to the one that it was found to be."""
        visit, work_id = self._door.visit(request), read_work(request)
        try:
            similar = await run_in_threadpool(self._hub.similar, work_id)
            return self._paper(work_id, visit, similar=similar)
        except WorkUnknown:
            kept_id = self._hub.where_it_went(work_id)
            if kept_id is None:
                raise
            return RedirectResponse(f"/p/{kept_id}{visit.suffix}", status_code=HTTPStatus.FOUND)

    def _paper(
        self, work_id: int, visit: Visit, *, similar: Sequence[Similar] = (), typed: Typed | None = None
    ) -> Response:
        hub = self._hub
        page = hub.paper(work_id)
        work_id = page.card.work_id
        # A form on the page must lead back to the page, and not to where another form was sent.
        visit = replace(visit, path=f"/p/{work_id}")
        remarks = remarks_of(hub, [work_id], visit.words.language)
        state = hub.states([work_id]).get(work_id, UNTOUCHED)
        kept = Kept(state, hub.note(work_id) if state.has_note else None, hub.tags(), hub.collections())
        view = build_paper(
            page,
            visit,
            now=self._door.clock(),
            radars=hub.badges([work_id]).get(work_id, ()),
            remarks=remarks.get(work_id, NOTHING),
            marks=build_marks(work_id, state, visit, back=here(visit)),
            keeping=build_keeping(work_id, kept, visit, typed=typed),
            similar=build_similar(similar, visit),
        )
        is_wrong = typed is not None and bool(typed.wrong)
        status = HTTPStatus.BAD_REQUEST if is_wrong else HTTPStatus.OK
        return self._page("paper.html", view, visit, section="", status=status)

    async def mark(self, request: Request) -> Response:
        """Set or take away a mark of a paper."""
        visit, work_id = self._door.visit(request), read_work(request)
        form = await read_fields(request)
        asked, back = read_mark(form), read_back(form, default=f"/p/{work_id}")
        now = self._door.clock()
        action = await run_in_threadpool(self._hub.mark, [work_id], asked.mark, on=asked.on, now=now)
        done = f"{asked.mark.value}-{'on' if asked.on else 'off'}"
        if wants_json(request):
            return JSONResponse({"action": str(action), "said": visit.words.text(f"done:{done}")})
        place = "" if back.path == f"/p/{work_id}" else f"w{work_id}"
        return see(back.address(done, count=str(action), place=place))

    async def tag(self, request: Request) -> Response:
        """Add tags to a paper, or take one away."""
        self._door.visit(request)
        work_id, form = read_work(request), await read_fields(request)
        back = read_back(form, default=f"/p/{work_id}")
        done = await run_in_threadpool(self._tag, work_id, form)
        return see(back.address(done, place="keeping"))

    def _tag(self, work_id: int, form: Mapping[str, str]) -> str:
        held = set(self._hub.states([work_id]).get(work_id, UNTOUCHED).tags)
        if "remove" in form:
            wanted, done = held - {form["remove"]}, "untagged"
        else:
            # Commas of both scripts part tags, as readers type them.
            typed = form.get("add", "").replace("，", ",").replace("、", ",").split(",")
            names = {" ".join(name.split()) for name in typed} - {""}
            if not names:
                raise KeepingInvalid(field="tag", reason="empty")
            wanted, done = held | names, "tagged"
        self._hub.set_tags(work_id, sorted(wanted), now=self._door.clock())
        return done

    async def write_note(self, request: Request) -> Response:
        """Keep a note, or show how it will read."""
        visit, work_id = self._door.visit(request), read_work(request)
        form = await read_fields(request)
        text = form.get("note", "").replace("\r\n", "\n")
        if form.get("do") == "preview":
            return await run_in_threadpool(self._preview, work_id, text, visit, as_json=wants_json(request))
        if form.get("do") != "save":
            raise FormInvalid(field="do", value=form.get("do", "")[:40])
        back = read_back(form, default=f"/p/{work_id}")
        try:
            await run_in_threadpool(self._hub.save_note, work_id, text, now=self._door.clock())
        except KeepingInvalid as error:
            wrong = visit.words.error(error.code, error.facts)
            return self._paper(work_id, visit, typed=Typed(text, wrong=wrong))
        return see(back.address("noted" if text.strip() else "note-gone", place="note"))

    def _preview(self, work_id: int, text: str, visit: Visit, *, as_json: bool) -> Response:
        is_long = len(text) > _LONGEST_NOTE
        html = "" if is_long else to_html(text)
        if as_json:
            return JSONResponse({"html": html})
        facts = {"field": "note", "reason": "too-long"}
        wrong = visit.words.error(KeepingInvalid.code, facts) if is_long else ""
        return self._paper(work_id, visit, typed=Typed(text, html, wrong))

    async def collect(self, request: Request) -> Response:
        """Put a paper into a collection, a new one where a name is typed, or take it out of one."""
        self._door.visit(request)
        work_id, form = read_work(request), await read_fields(request)
        back = read_back(form, default=f"/p/{work_id}")
        done = await run_in_threadpool(self._collect, work_id, form)
        return see(back.address(done, place="keeping"))

    def _collect(self, work_id: int, form: Mapping[str, str]) -> str:
        hub, now = self._hub, self._door.clock()
        if "remove" in form:
            hub.take_out(form["remove"], [work_id], now=now)
            return "taken-out"
        if name := form.get("name", "").strip():
            known = (row.key for row in hub.collections() if row.name == name)
            key = next(known, None) or hub.make_collection(name, now=now)
        else:
            key = form.get("key", "")
        hub.put_in(key, [work_id], now=now)
        return "put-in"

    # -- many papers --------------------------------------------------------------------------------

    async def many(self, request: Request) -> Response:
        """Mark a whole day as read, or take back what was done last."""
        visit, form = self._door.visit(request), await read_fields(request)
        back = read_back(form, default="/")
        done, action = await run_in_threadpool(self._many, form)
        if wants_json(request):
            return JSONResponse(
                {"action": action, "said": visit.words.text(f"done:{done}"), "done": done},
                status_code=HTTPStatus.OK if done != "not-taken-back" else HTTPStatus.CONFLICT,
            )
        return see(back.address(done, count=action or None))

    def _many(self, form: Mapping[str, str]) -> tuple[str, str]:
        hub, now = self._hub, self._door.clock()
        match form.get("do", ""):
            case "day":
                on = read_day(form.get("on", "") or None)
                if on is None:
                    raise FormInvalid(field="on", value="")
                return "day-read", str(hub.mark_day(on, now=now))
            case "undo":
                is_back = hub.take_back(read_number(form, "action"), now=now)
                return ("taken-back" if is_back else "not-taken-back"), ""
            case other:
                raise FormInvalid(field="do", value=other[:40])

    # -- lists --------------------------------------------------------------------------------------

    async def first_pile(self, request: Request) -> Response:
        """Lead to the first of the piles."""
        visit = self._door.visit(request)
        return RedirectResponse(f"/kept/starred{visit.suffix}", status_code=HTTPStatus.FOUND)

    async def pile(self, request: Request) -> Response:
        """Show what has a mark."""
        visit = self._door.visit(request)
        return self._kept(read_kept(visit.parameters, pile=read_pile(request)), visit)

    async def tagged(self, request: Request) -> Response:
        """Show what has a tag."""
        visit = self._door.visit(request)
        return self._kept(read_kept(visit.parameters, tag=read_tag(request)), visit)

    def _kept(self, query: KeptQuery, visit: Visit) -> Response:
        page = self._hub.kept(query)
        works = [card.work_id for card in page.cards]
        remarks = remarks_of(self._hub, works, visit.words.language)
        view = build_kept(page, self._hub.states(works), visit, remarks=remarks)
        return self._page("kept.html", view, visit)

    async def tags(self, request: Request) -> Response:
        """Show all tags."""
        visit = self._door.visit(request)
        return self._page("tags.html", build_tags(self._hub.tags(), visit), visit)

    async def go(self, request: Request) -> Response:
        """Show every place one can go to."""
        visit, hub = self._door.visit(request), self._hub
        view = build_go(hub.radars(), hub.collections(), hub.tags(), visit)
        return self._page("go.html", view, visit, section="")

    # -- collections --------------------------------------------------------------------------------

    async def collections(self, request: Request) -> Response:
        """Show all collections."""
        visit = self._door.visit(request)
        return self._page("collections.html", build_collections(self._hub.collections(), visit), visit)

    async def bring(self, request: Request) -> Response:
        """Take a library in, and show what became of each entry."""
        visit = self._door.visit(request)
        try:
            upload = await read_filled(request, "file", limit=LARGEST_LIBRARY_BYTES)
        except FeedTooLarge:
            reason = f"> {LARGEST_LIBRARY_BYTES // 1024**2} MB"
            return self._bring_refused(LibraryUnreadable(file="", reason=reason), visit)
        return await run_in_threadpool(self._bring, upload, visit)

    def _bring(self, upload: Upload, visit: Visit) -> Response:
        hub, now = self._hub, self._door.clock()
        name = upload.name or "?"
        wanted = upload.fields.get("collection", "").strip() or name.rpartition(".")[0] or name
        if not upload.body:
            none = LibraryUnreadable(file=name, reason=visit.words.text("no file was chosen"))
            return self._bring_refused(none, visit)
        try:
            imported = hub.import_library(upload.body, name, collection=wanted, now=now)
        except (LibraryUnreadable, KeepingInvalid) as error:
            return self._bring_refused(error, visit)
        # The account counts what is broken; which entries those are, the file itself says again.
        broken = read_library(upload.body, name=name).broken if imported.broken else ()
        view = build_collections(hub.collections(), visit, brought=Brought(imported, name, broken))
        return self._page("collections.html", view, visit)

    def _bring_refused(self, error: AcademicHubError, visit: Visit) -> Response:
        wrong = visit.words.error(error.code, error.facts)
        view = build_collections(self._hub.collections(), visit, wrong_import=wrong)
        return self._page("collections.html", view, visit, status=HTTPStatus.BAD_REQUEST)

    async def new(self, request: Request) -> Response:
        """Show the form of a new collection."""
        visit = self._door.visit(request)
        view = build_collections(self._hub.collections(), visit)
        return self._page("collectionnew.html", view, visit)

    async def make(self, request: Request) -> Response:
        """Make a collection, and lead to it."""
        visit, form = self._door.visit(request), await read_form(request)
        name = form.get("name", "")
        try:
            key = await run_in_threadpool(self._hub.make_collection, name, now=self._door.clock())
        except KeepingInvalid as error:
            wrong = visit.words.error(error.code, error.facts)
            view = build_collections(self._hub.collections(), visit, name=name, wrong=wrong)
            return self._page("collectionnew.html", view, visit, status=HTTPStatus.BAD_REQUEST)
        return see(write(collection_address(key), {}, done="collection-made", lang=visit.lang))

    async def collection(self, request: Request) -> Response:
        """Show a collection."""
        visit = self._door.visit(request)
        return self._collection(read_key(request), visit)

    def _collection(self, key: str, visit: Visit, *, name: str = "", wrong: str = "") -> Response:
        after, number = read_place(visit.parameters)
        page = self._hub.collection(key, after=after, number=number)
        works = [card.work_id for card in page.cards]
        remarks = remarks_of(self._hub, works, visit.words.language)
        states = self._hub.states(works)
        view = build_collection(page, states, visit, remarks=remarks, name=name, wrong=wrong)
        status = HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK
        return self._page("collection.html", view, visit, status=status)

    async def change(self, request: Request) -> Response:
        """Rename or remove a collection, or take something out of it."""
        visit, key = self._door.visit(request), read_key(request)
        form = await read_form(request)
        try:
            return see(await run_in_threadpool(self._change, key, form, visit))
        except KeepingInvalid as error:
            wrong = visit.words.error(error.code, error.facts)
            return self._collection(key, visit, name=form.get("name", ""), wrong=wrong)

    def _change(self, key: str, form: Mapping[str, str], visit: Visit) -> str:
        hub, now, home = self._hub, self._door.clock(), collection_address(key)
        match form.get("do", ""):
            case "rename":
                hub.rename_collection(key, form.get("name", ""), now=now)
                return write(home, {}, done="collection-renamed", lang=visit.lang)
            case "remove":
                hub.remove_collection(key)
                return write("/c", {}, done="collection-removed", lang=visit.lang)
            case "take-out":
                hub.take_out(key, [read_number(form, "work")], now=now)
                return read_back(form, default=home).address("taken-out")
            case "remove-entry":
                hub.remove_entry(key, read_number(form, "entry"), now=now)
                return read_back(form, default=home).address("entry-gone", place="entries")
            case other:
                raise FormInvalid(field="do", value=other[:40])

    async def remove(self, request: Request) -> Response:
        """Ask whether a collection is really to go."""
        visit, key = self._door.visit(request), read_key(request)
        row = self._hub.collection(key, size=1).row
        return self._page("collectionremove.html", build_collection_removal(row, visit), visit)

    def _page(
        self,
        template: str,
        view: object,
        visit: Visit,
        *,
        section: str = "/kept/starred",
        status: int = HTTPStatus.OK,
    ) -> Response:
        return self._door.page(
            template, view, visit, section=section, headers=FORM_PAGE_HEADERS, status=status
        )
