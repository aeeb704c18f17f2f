"""Send a briefing while it is written: server-sent events with its progress and its finished parts.

An event's id names what has been sent so far, so that a browser that was cut off gets what it lacks and no
more. The form of the stream is that of https://html.spec.whatwg.org/multipage/server-sent-events.html.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from academichub.errors import BriefingUnknown
from academichub.web.views.briefing import LIVE, PARTS, build_briefing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from starlette.responses import Response

    from academichub.model.briefingpages import BriefingState, Progress
    from academichub.web.door import Door
    from academichub.web.press import Visit

HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # a proxy that collects what it passes on would hold the stream back
}
_RETRY_MILLISECONDS: Final = 2000
_LONGEST_ID: Final = 1000
_ID: Final = re.compile(r"([a-z]{1,16})\.([0-9a-f]{8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a stream looks, and for how long it goes on; in seconds."""

    look: float = 0.5
    beat: float = 15.0  # between signs of life where nothing else is sent
    longest: float = 600.0  # then the browser asks again, which costs nothing


class BriefingStream:
    """Stream briefings."""

    def __init__(self, door: Door, pace: Pace) -> None:
        self._door = door
        self._pace = pace

    def answer(self, key: str, visit: Visit, *, last_id: str) -> Response:
        """Begin a stream; `last_id` is what the browser says it has."""
        events = self._events(key, visit, read_id(last_id))
        return StreamingResponse(events, media_type="text/event-stream", headers=HEADERS)

    async def _events(self, key: str, visit: Visit, sent: dict[str, str]) -> AsyncIterator[bytes]:
        yield f"retry: {_RETRY_MILLISECONDS}\n\n".encode()
        pace, seen, quiet, age = self._pace, None, 0.0, 0.0
        while age <= pace.longest:
            try:
                now: tuple[BriefingState, Progress] = await run_in_threadpool(
                    self._door.hub.briefing_progress, key
                )
            except BriefingUnknown:  # removed while somebody watched
                yield _event("gone", "", sent)
                return
            if now != seen:
                seen, quiet = now, 0.0
                for event in await run_in_threadpool(self._news, key, visit, sent):
                    yield event
            if now[0] not in LIVE:
                yield _event("done", now[0].value, sent)
                return
            if quiet >= pace.beat:
                quiet = 0.0
                yield b": still here\n\n"
            await asyncio.sleep(pace.look)
            quiet, age = quiet + pace.look, age + pace.look

    def _news(self, key: str, visit: Visit, sent: dict[str, str]) -> list[bytes]:
        """Set the parts that are not as they were sent, and keep in mind what was."""
        events = []
        for name, html in self._parts(key, visit).items():
            digest = blake2b(html.encode(), digest_size=4).hexdigest()
            if sent.get(name) != digest:
                sent[name] = digest
                events.append(_event("part", json.dumps({"part": name, "html": html}), sent))
        return events

    def _parts(self, key: str, visit: Visit) -> Mapping[str, str]:
        door = self._door
        view = build_briefing(door.hub.briefing(key), visit, now=door.clock())
        return {name: door.press.print(f"_briefing_{name}.html", view, visit, section="/b") for name in PARTS}


def read_id(value: str) -> dict[str, str]:
    """Read what a browser says it has; nothing of what is no id of ours."""
    if len(value) > _LONGEST_ID:
        return {}
    pairs = (_ID.fullmatch(part) for part in value.split(","))
    return {found[1]: found[2] for found in pairs if found is not None and found[1] in PARTS}


def _event(name: str, content: str, sent: Mapping[str, str]) -> bytes:
    """Write an event. JSON holds no line breaks, and no other content is more than a word."""
    had = ",".join(f"{part}.{digest}" for part, digest in sent.items())
    return f"event: {name}\nid: {had}\ndata: {content}\n\n".encode()
