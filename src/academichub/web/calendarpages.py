"""Answer requests for months."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from academichub.errors import DateMalformed
from academichub.web.address import read_day
from academichub.web.views.calendar import build_calendar

if TYPE_CHECKING:
    from datetime import date

    from starlette.requests import Request
    from starlette.responses import Response

    from academichub.web.door import Door
    from academichub.web.findingports import FindingPort

_MONTH: Final = re.compile(r"\d{4}-\d{2}", re.ASCII)


class CalendarPages:
    """Handlers of the calendar."""

    def __init__(self, door: Door, *, hub: FindingPort) -> None:
        self._door = door
        self._hub = hub

    def routes(self) -> list[Route]:
        """List the addresses of these pages."""
        return [Route("/calendar", self.month)]

    async def month(self, request: Request) -> Response:
        """Show a month; the one that today is in where the address names none."""
        visit = self._door.visit(request)
        today = self._door.clock().date()
        on = read_month(visit.parameters.get("month")) or today
        page = await run_in_threadpool(self._hub.month, on)
        return self._door.page("calendar.html", build_calendar(page, visit, today=today), visit, section="/")


def read_month(value: str | None) -> date | None:
    """Read a month, written 2026-06, as its first day; None where there is none.

    Raises:
        DateMalformed: It is no month, or one that no journal can have.
    """
    if value is None:
        return None
    if not _MONTH.fullmatch(value):
        raise DateMalformed(value=value[:40])
    return read_day(f"{value}-01")
