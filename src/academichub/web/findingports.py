"""What the pages of finding ask of the hub, beside what all pages ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from academichub.web.ports import HubPort
from academichub.web.readerports import KeepingPort, SearchPort

if TYPE_CHECKING:
    from datetime import date

    from academichub.model.authors import AuthorCursor, AuthorPage
    from academichub.model.calendar import MonthPage


class AuthorsPort(Protocol):
    """What pages ask about authors."""

    def author(
        self,
        *,
        orcid: str | None = None,
        name: str = "",
        after: AuthorCursor | None = None,
        size: int = 50,
    ) -> AuthorPage:
        """Give a page of an author's works: by ORCID, or by name where there is none.

        One the hub has nothing of has no works.
        """


class CalendarPort(Protocol):
    """What pages ask about months."""

    def month(self, on: date) -> MonthPage:
        """Give the month that a day is in."""


class FindingPort(HubPort, KeepingPort, SearchPort, AuthorsPort, CalendarPort, Protocol):
    """The hub, as far as the pages of finding need it."""
