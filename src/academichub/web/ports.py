"""What the pages ask of the hub. The hub satisfies this; so does a fake one in the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from academichub.web.readerports import KeepingPort

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from academichub.model.briefing import BriefingOrder
    from academichub.model.briefingpages import (
        AiText,
        Belongs,
        BriefingPage,
        BriefingSchedule,
        BriefingsPage,
        BriefingState,
        Estimate,
        Progress,
    )
    from academichub.model.kinship import ReviewPage
    from academichub.model.radar import LessReason, Verdict
    from academichub.model.radarpages import (
        Badge,
        Explanation,
        Preview,
        RadarForm,
        RadarPage,
        RadarsPage,
        StartingPoint,
    )
    from academichub.model.shelf import (
        Card,
        CatalogueRow,
        FeedPage,
        FeedQuery,
        FieldRow,
        FoundFeed,
        OpmlReport,
        PaperPage,
        SourceDetail,
        SourcesPage,
    )


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


class RadarsPort(Protocol):
    """What pages ask of the radars of the reader. Wherever a key is taken, RadarUnknown may be raised."""

    def radars(self) -> RadarsPage:
        """Give all radars and how they are doing."""

    def radar(self, key: str, *, on: date | None = None) -> RadarPage:
        """Give a day of a radar, the last one where none is named."""

    def create_radar(self, form: RadarForm, *, now: datetime) -> str:
        """Make a radar and rank with it; give its key.

        Raises RadarInvalid, QueryInvalid, LibraryUnreadable.
        """

    def change_radar(self, key: str, form: RadarForm, *, now: datetime) -> None:
        """Change a radar's interest, and add papers to it. Raises as `create_radar` does."""

    def remove_radar(self, key: str) -> None:
        """Remove a radar with its past; papers stay."""

    def pause_radar(self, key: str, *, paused: bool, now: datetime) -> None:
        """Pause a radar, or let it go on."""

    def remove_seed(self, key: str, seed_id: int, *, now: datetime) -> None:
        """Let a paper no longer stand for a radar."""

    def preview_radar(self, form: RadarForm, *, key: str | None = None, now: datetime) -> Preview:
        """Say what a radar would have caught; takes up to a second. Raises as `create_radar` does."""

    def say(
        self, key: str, work_id: int, verdict: Verdict, *, reason: LessReason | None = None, now: datetime
    ) -> None:
        """Take a reader's word on a paper, and rank the radar's day anew. Raises WorkUnknown."""

    def unsay(self, key: str, work_id: int, *, now: datetime) -> None:
        """Take back what the reader said of a paper, and rank the radar's day anew."""

    def explain(self, key: str, work_id: int, *, on: date | None = None) -> Explanation:
        """Say why a paper has its score on a radar's day. Raises WorkUnknown where it was not ranked."""

    def badges(self, work_ids: Sequence[int]) -> Mapping[int, tuple[Badge, ...]]:
        """Give the radars that each of some works matched, best first; one question for all of them."""

    def matched(
        self, on: date, *, key: str | None, after: tuple[float, int] | None, size: int
    ) -> tuple[tuple[int, float], ...]:
        """Give works of a day with their match, best first: by their best radar, or by the one named.

        `after` is the match and the number of the last work of the page before.
        """

    def cards_of(self, work_ids: Sequence[int]) -> tuple[Card, ...]:
        """Give the cards of some works, in that order; of those that are on the shelves."""

    def starting_points(self) -> tuple[StartingPoint, ...]:
        """Give ready-made interests, by field."""


class BriefingsPort(Protocol):
    """What pages ask of the briefings. Wherever a key is taken, BriefingUnknown may be raised."""

    def briefings(self) -> BriefingsPage:
        """Give the archive, newest first, and what a new briefing can be made of."""

    def briefing(self, key: str) -> BriefingPage:
        """Give a briefing, as far as it is written."""

    def briefing_progress(self, key: str) -> tuple[BriefingState, Progress]:
        """Say how far a briefing is; cheap, for it is asked twice a second."""

    def order_briefing(self, order: BriefingOrder, *, now: datetime) -> str:
        """Have a briefing written; give its key. Raises BriefingInvalid, RadarUnknown."""

    def cancel_briefing(self, key: str, *, now: datetime) -> None:
        """Stop the writing of a briefing; what it has stays."""

    def remove_briefing(self, key: str) -> None:
        """Remove a briefing from the archive."""

    def estimate_briefing(self, order: BriefingOrder, *, now: datetime) -> Estimate:
        """Say what a briefing would take; may take a second. Raises as `order_briefing` does."""

    def save_schedule(self, schedule: BriefingSchedule, /, *, now: datetime) -> int:
        """Keep a schedule, a new one where its number is 0; give the number. Raises BriefingInvalid."""

    def remove_schedule(self, schedule_id: int, /) -> None:
        """Let a briefing no longer be written by itself; nothing happens where there is no such schedule."""

    def briefing_file(self, key: str, file_format: str, /, *, language: str) -> tuple[bytes, str]:
        """Give a briefing as a file ("md", "html", "pdf", "json") and its media type; may take seconds."""

    def belongs(self, work_ids: Sequence[int]) -> Mapping[int, tuple[Belongs, ...]]:
        """Give the fields that some works are likely of interest to; one question for all of them."""

    def ai_texts(self, work_ids: Sequence[int], language: str) -> Mapping[int, tuple[AiText, ...]]:
        """Give what a model wrote of some works in a language; one question for all of them."""


class HubPort(RadarsPort, BriefingsPort, KeepingPort, Protocol):
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

    def where_it_went(self, work_id: int) -> int | None:
        """Give the work that a merged one is part of now; None where it never was merged."""

    def review(self) -> ReviewPage:
        """Give the pairs that wait for a person, and the merge log."""

    def decide(self, doubt_id: int, *, is_same: bool, now: datetime) -> int:
        """Settle a doubtful pair; give the work that stays, or the older of two. Raises DoubtUnknown."""

    def undo_merge(self, merge_id: int, *, now: datetime) -> int:
        """Take a merge back; give the work that has its own card again. Raises MergeUnknown."""

    def sources(self, *, now: datetime) -> SourcesPage:
        """Give all sources and how they are doing."""

    def source(self, key: str, *, now: datetime) -> SourceDetail:
        """Give one source with its log, or raise SourceUnknown."""

    def fetch_now(self, key: str | None, *, now: datetime) -> int:
        """Ask for one source, or for all (None), to be fetched; give how many were asked for."""

    def pause(self, key: str, *, paused: bool, now: datetime) -> None:
        """Pause a source, or let it go on."""

    def add_source(self, url: str, *, now: datetime) -> str:
        """Subscribe an address, a catalogue key or an arXiv category; give the source's key.

        Raises AddressMalformed, AddressForbidden, CategoryUnknown.
        """

    def remove_source(self, key: str) -> None:
        """Stop gathering from a source; its papers stay on the shelves."""

    def catalogue(self, words: str, *, field: str = "", access: str = "") -> tuple[CatalogueRow, ...]:
        """Search the catalogue of sources, best matches first; all of it where nothing is asked for."""

    def fields(self) -> tuple[FieldRow, ...]:
        """List the catalogue's broad fields."""

    def discover(self, url: str) -> tuple[FoundFeed, ...]:
        """Ask an address what feeds it offers, or is; may take many seconds. Raises FetchError, FeedError."""

    def import_opml(self, body: bytes, *, now: datetime) -> OpmlReport:
        """Subscribe everything in a file of subscriptions. Raises FeedError."""

    def export_opml(self, *, now: datetime) -> bytes:
        """Write all subscriptions as OPML."""

    def explained_settings(self) -> Sequence[SettingLine]:
        """Give every setting, its value and where that came from."""

    def is_alive(self) -> bool:
        """Say whether the database answers."""
