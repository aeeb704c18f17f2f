"""What the pages ask of the hub. The hub satisfies this; so does a fake one in the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from pathlib import Path

    from academichub.model.shelf import FeedPage, FeedQuery, PaperPage, SourceDetail, SourcesPage


class SettingLine(Protocol):
    """One setting as it stands, with secrets hidden."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def value(self) -> object:
        """Its value; shown as text."""

    @property
    def origin(self) -> str:
        """Where it came from: "default", "file", "environment"."""


class HubSettings(Protocol):
    """The few settings that pages read."""

    @property
    def contact(self) -> str:
        """Whom readers and sources can write to; may be empty."""

    @property
    def home(self) -> Path:
        """The folder the hub lives in."""

    @property
    def host(self) -> str:
        """The address the server binds."""

    @property
    def port(self) -> int:
        """The port the server binds."""

    @property
    def language(self) -> str:
        """The pages' language where the reader has not chosen; empty asks the browser."""

    @property
    def public_url(self) -> str:
        """The address readers use, where it is not the bound one; may be empty."""


class HubPort(Protocol):
    """The hub, as far as pages need it. Reads take less than a millisecond or so."""

    @property
    def settings(self) -> HubSettings:
        """The settings in force."""

    def revision(self) -> int:
        """Give a number that grows with every change a page can show."""

    def feed(self, query: FeedQuery, *, today: date) -> FeedPage:
        """Give a page of the daily feed."""

    def paper(self, work_id: int) -> PaperPage:
        """Give everything known of one work, or raise WorkUnknown."""

    def find_work(self, scheme: str, value: str) -> int:
        """Give the number of the work with that identifier, or raise WorkUnknown."""

    def sources(self, *, now: datetime) -> SourcesPage:
        """Give all sources and how they are doing."""

    def source(self, key: str, *, now: datetime) -> SourceDetail:
        """Give one source with its log, or raise SourceUnknown."""

    def fetch_now(self, key: str | None, *, now: datetime) -> int:
        """Ask for one source, or for all (None), to be fetched; give how many were asked for."""

    def pause(self, key: str, *, paused: bool, now: datetime) -> None:
        """Pause a source, or let it go on."""

    def add_source(self, url: str, *, now: datetime) -> str:
        """Add a feed by its address and give its key. Raises AddressMalformed, AddressForbidden."""

    def remove_source(self, key: str) -> None:
        """Stop gathering from a source; its papers stay on the shelves."""

    def explained_settings(self) -> Sequence[SettingLine]:
        """Give every setting, its value and where that came from."""

    def is_alive(self) -> bool:
        """Say whether the database answers."""
