"""The hall: build every room once, and offer what doors and programs may ask of the hub."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from academichub import __version__
from academichub.db.engine import Database
from academichub.db.migrate import migrate, revision
from academichub.errors import AcademicHubError, FileUnreadable
from academichub.fetch.client import Fetcher
from academichub.fetch.keys import credentials
from academichub.flows import duties, finding, ingesting, sampling
from academichub.flows.asking import Asking, Tariff
from academichub.flows.authorsdesk import AuthorsDesk
from academichub.flows.briefingdesk import BriefingDesk, KeptBriefings
from academichub.flows.calendardesk import CalendarDesk
from academichub.flows.exporting import ListDesk
from academichub.flows.importdesk import ImportDesk
from academichub.flows.keepingdesk import KeepingDesk
from academichub.flows.papertexts import Wish
from academichub.flows.radardesk import Kept
from academichub.flows.searchdesk import KeptSearch, SearchDesk
from academichub.flows.sourcedesk import SourceDesk
from academichub.intake.normalising import normalise
from academichub.jobs.desk import Desk
from academichub.jobs.engine import Engine
from academichub.llm.chat import ChatEndpoint
from academichub.llm.chatservice import ChatService
from academichub.llm.choosing import choose
from academichub.llm.endpoint import Service
from academichub.model.shelf import FeedQuery, SourceDetail, SourcesPage
from academichub.settings import load_settings
from academichub.sources import arxivcalendar, catalogue
from academichub.store import log, reading
from academichub.store import sources as shelf
from academichub.store.almanac import Almanac
from academichub.store.gates import HostGates
from academichub.store.ledger import Caps
from academichub.store.texts import outdated
from academichub.text import prose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from academichub.briefing.ports import Chat
    from academichub.flows.ingesting import Ingested
    from academichub.jobs.engine import Tempo
    from academichub.llm.ports import Embedder
    from academichub.model.papers import Draft, Feed, Record
    from academichub.model.shelf import (
        Account,
        Card,
        FeedPage,
        PaperPage,
    )
    from academichub.settings import SettingLine, Settings
    from academichub.sources.catalogue import Entry

REVISION_SECONDS = 0.2  # how long a page may be older than the shelves
WORKER_SILENCE_SECONDS = 60.0


def utc_now() -> datetime:
    """Tell the present, in UTC."""
    return datetime.now(UTC)


def local_now() -> datetime:
    """Tell the present in the time zone of this machine, which the pages show times in."""
    return datetime.now(UTC).astimezone()


@dataclass(slots=True)
class Hub(BriefingDesk, SourceDesk, KeepingDesk, SearchDesk, AuthorsDesk, CalendarDesk, ListDesk, ImportDesk):
    """One hub: its settings and rooms. Safe to share between threads; close it at the end."""

    settings: Settings
    lines: tuple[SettingLine, ...]
    database: Database
    clock: Callable[[], datetime] = utc_now
    kept_radars: Kept = field(default_factory=Kept)  # of the radars
    kept_briefings: KeptBriefings = field(default_factory=KeptBriefings)
    kept_search: KeptSearch = field(default_factory=KeptSearch)
    _almanac: Almanac = field(default_factory=Almanac)
    _desk: Desk | None = None
    _revision: int = field(default=-1)
    _revision_read_at: float = field(default=float("-inf"))

    # -- reading ----------------------------------------------------------------------------------

    def revision(self) -> int:
        """Give a number that grows with every change a page can show; read at most five times a second."""
        present = time.monotonic()
        if present - self._revision_read_at >= REVISION_SECONDS:
            with self.database.reading() as connection:
                self._revision = log.pages_revision(connection)
            self._revision_read_at = present
        return self._revision

    def notice_writing(self) -> None:
        """Look at the revision anew: what a reader wrote just now is to be seen at once."""
        self._revision_read_at = float("-inf")

    def feed(self, query: FeedQuery, *, today: date) -> FeedPage:
        """Read one page of the daily feed; what was read is kept until something changes."""
        revision = self.revision()
        kept = self._almanac.page(revision, query, today)
        if kept is not None:
            return kept
        with self.database.reading() as connection:
            page = reading.feed_page(connection, query, today=today, almanac=self._almanac, revision=revision)
        holiday = arxivcalendar.mailing_day(page.on).holiday if page.on is not None else None
        if holiday is not None:
            page = replace(page, holiday=(holiday.occasion.english, holiday.occasion.chinese))
        self._almanac.keep(revision, query, today, page)
        return page

    def cards(self, query: FeedQuery, *, today: date) -> Iterator[Card]:
        """Read all cards of a day, page after page."""
        while True:
            page = self.feed(query, today=today)
            yield from page.cards
            if page.next is None:
                return
            query = FeedQuery(
                on=page.on,
                category=query.category,
                venue=query.venue,
                kind=query.kind,
                after=page.next,
                size=query.size,
            )

    def paper(self, work_id: int) -> PaperPage:
        """Read everything known of one work. Raises WorkUnknown."""
        with self.database.reading() as connection:
            return reading.paper_page(connection, work_id)

    def find_work(self, scheme: str, value: str) -> int:
        """Find a work by a canonical identifier. Raises WorkUnknown."""
        with self.database.reading() as connection:
            return reading.find_work(connection, scheme, value)

    def sources(self, *, now: datetime) -> SourcesPage:
        """Read all sources with their health."""
        with self.database.reading() as connection:
            rows = shelf.source_rows(connection, now=now)
            works = shelf.count_works(connection)
        rows = finding.with_patience(self.database, rows, now=now)
        turns = [row.next_due_at for row in rows if row.next_due_at is not None]
        return SourcesPage(
            sources=tuple(rows),
            works=works,
            next_due_at=min(turns, default=None),
            is_worker_alive=self.is_worker_alive(),
        )

    def source(self, key: str, *, now: datetime) -> SourceDetail:
        """Read one source with its log and quarantine. Raises SourceUnknown."""
        with self.database.reading() as connection:
            source_id = shelf.subscription(connection, key).source_id
            rows = shelf.source_rows(connection, now=now, key=key)
            log_rows = shelf.source_log(connection, source_id)
            held = shelf.quarantined(connection, source_id)
        (row,) = finding.with_patience(self.database, rows, now=now)
        return SourceDetail(source=row, log=tuple(log_rows), quarantine=tuple(held))

    def explained_settings(self) -> tuple[SettingLine, ...]:
        """List every setting with its value and origin; passwords are hidden."""
        return self.lines

    def is_alive(self) -> bool:
        """Tell whether the database answers."""
        try:
            with self.database.reading() as connection:
                log.pages_revision(connection)
        except AcademicHubError:
            return False
        return True

    def is_worker_alive(self) -> bool:
        """Tell whether a worker has been heard of in the last minute."""
        try:
            heard = self.desk.heartbeats()
        except AcademicHubError:
            return False
        return any(one.role == "worker" and one.age_seconds < WORKER_SILENCE_SECONDS for one in heard)

    # -- files ------------------------------------------------------------------------------------

    def ingest(
        self,
        path: Path,
        *,
        progress: Callable[[int], None] | None = None,
        begin: Callable[[int], None] | None = None,
    ) -> Ingested:
        """Shelve every entry of a saved feed. Raises FileUnreadable or a FeedError."""
        return ingesting.ingest_file(self.database, path, clock=self.clock, progress=progress, begin=begin)

    def has_sample(self) -> bool:
        """Tell whether the made-up sample papers were taken in before."""
        with self.database.reading() as connection:
            return log.has_address_under(connection, sampling.ADDRESS)

    def shelve_sample(self) -> Account:
        """Take in the made-up sample papers."""
        return sampling.shelve_sample(self.database, clock=self.clock)

    # -- work -------------------------------------------------------------------------------------

    def make_fetcher(self) -> Fetcher:
        """Make the polite client that this hub's settings describe."""
        return Fetcher(
            gate=HostGates(self.database),
            contact=self.settings.contact,
            version=__version__,
            allow=frozenset(self.settings.fetch_allow),
            replay=self.settings.fetch_replay or None,
            credentials=credentials(
                contact=self.settings.contact,
                openalex_key=self.settings.openalex_key,
                core_key=self.settings.core_key,
                semanticscholar_key=self.settings.semanticscholar_key,
                ncbi_key=self.settings.ncbi_key,
                openreview_token=self.settings.openreview_token,
                zotero_key=self.settings.zotero_key,
            ),
        )

    def make_engine(self, web: Fetcher, *, tempo: Tempo | None = None) -> Engine:
        """Make the job engine of a worker process; start it yourself. A test may want it quicker."""
        work = duties.Duties(
            database=self.database, web=web, desk=self.desk, clock=self.clock, dice=random.random, radars=self
        )
        return Engine(
            database_url=self.settings.jobs_url,
            jobs=work.jobs(),
            schedules=work.schedules(),
            retention_days=self.settings.retention_days,
            tempo=tempo,
        )

    def order_rendering(self) -> bool:
        """Order old texts to be rendered again where the renderer has changed; says whether it has."""
        with self.database.reading() as connection:
            has_old = bool(outdated(connection, renderer=prose.RENDERER, size=1))
        if has_old:
            self.desk.enqueue(
                duties.RENDER,
                id=f"render:{prose.RENDERER}:{self.clock():%Y%m%dT%H%M%S}",
                queue=duties.BULK_QUEUE,
                arguments={},
            )
        return has_old

    def allowed_addresses(self) -> frozenset[str]:
        """Name the private "host:port" pairs that may be fetched."""
        return frozenset(self.settings.fetch_allow)

    def choose_embedder(self) -> Embedder | None:
        """Load the model that the settings want; None for words alone. Raises ModelError, SettingInvalid."""
        one = self.settings
        url, model, key = one.embeddings_url, one.embeddings_model, one.embeddings_key
        prefixes = one.embeddings_query_prefix, one.embeddings_document_prefix
        service = Service(url, model, key, one.embeddings_dimensions or None, *prefixes)
        return choose(one.embeddings, service=service if url else None)

    def choose_chat(self, run: str, *, is_over: Callable[[], bool] | None = None) -> Chat | None:
        """Open the language model of the settings behind the ledger; None where none is set."""
        one = self.settings
        if not one.model:
            return None
        if self.kept_briefings.endpoint is None:  # it remembers what its server refuses: one for the hub
            service = ChatService(
                one.model_url,
                one.model,
                one.model_key,
                one.model_context,
                one.model_thinking_tokens,
                one.model_timeout_seconds,
            )
            self.kept_briefings.endpoint = ChatEndpoint(service)
        endpoint = self.kept_briefings.endpoint
        return Asking(
            endpoint,
            self.database,
            run=run,
            manner=endpoint.manner,
            tariff=self.tariff(),
            caps=self.caps(),
            clock=self.clock,
            is_over=is_over,
        )

    def tariff(self) -> Tariff:
        """Say what the model costs."""
        one = self.settings
        return Tariff(one.model_price_input, one.model_price_output, one.model_currency)

    def caps(self) -> Caps:
        """Say what may be spent."""
        one = self.settings
        tokens = one.model_tokens_run, one.model_tokens_day, one.model_tokens_total
        return Caps(*tokens, one.model_spend_run, one.model_spend_day, one.model_spend_total)

    def model_name(self) -> str:
        """Name the language model of the settings; "" where none is set."""
        return self.settings.model

    def briefing_files(self) -> Path:
        """Name the folder where what briefings measure by is kept."""
        return self.settings.home / "briefings"

    def texts_wanted(self) -> tuple[Wish, tuple[str, ...]]:
        """Say what the model is to write about single papers, and in which languages."""
        language = self.settings.language
        return Wish(self.settings.model_texts), (language,) if language else ("zh", "en")

    def send_for_briefing(self, key: str) -> None:
        """Have a worker write the briefing that was ordered under a key."""
        duties.send_for_briefing(self.desk, key, now=self.clock())

    def index_files(self) -> Path:
        """Name the folder of the search index."""
        return self.settings.home / "index"

    def radar_files(self) -> Path:
        """Name the folder where learned backgrounds are kept."""
        return self.settings.home / "radar"

    @property
    def desk(self) -> Desk:
        """The counter where jobs are ordered, opened when it is first wanted."""
        if self._desk is None:
            self._desk = Desk(self.settings.jobs_url)
        return self._desk

    def close(self) -> None:
        """Close every connection."""
        self.stop_following()
        if self._desk is not None:
            self._desk.close()
        if self.kept_briefings.endpoint is not None:
            self.kept_briefings.endpoint.close()
        self.database.close()

    def __enter__(self) -> Self:
        """Use the hub in a with statement."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()


def open_hub(
    settings: Settings | None = None,
    *,
    lines: tuple[SettingLine, ...] | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Hub:
    """Open a hub, making its home and bringing its database up to date.

    Args:
        settings: Where it is and how it behaves; read from the environment where None.
        lines: The explained settings; read together with `settings`.
        clock: The present, UTC.

    Raises:
        SettingsError: The configuration cannot be used.
        FileUnreadable: The home cannot be made.
        StoreUnreachable: The database does not answer.
        StoreFromTheFuture: A newer AcademicHub wrote the database.
    """
    if settings is None:
        settings, lines = load_settings()
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileUnreadable(path=str(settings.home), reason=error.strerror or str(error)) from error
    database = Database(settings.database_url)
    migrate(database)
    return Hub(settings=settings, lines=lines or (), database=database, clock=clock)


def parse_file(path: Path) -> Feed:
    """Read a saved feed without a hub. Raises FileUnreadable or a FeedError."""
    return ingesting.parse_file(path)


def clean_record(record: Record, *, feed: Feed, now: datetime) -> Draft:
    """Show what the cleaning makes of one entry. Raises a RecordError."""
    return normalise(record, feed=feed, now=now)


def known_sources(words: str = "", *, field: str = "", access: str = "") -> tuple[Entry, ...]:
    """Search the sources that can be subscribed by name, without a hub; all where nothing is asked for."""
    return catalogue.find(words, field=field or None, access=access or None)


def read_file(path: Path) -> bytes:
    """Read a file, plain or gzip. Raises FileUnreadable, FeedTooLarge."""
    return ingesting.read_file(path)


def database_revision(settings: Settings) -> str | None:
    """Tell the revision of a hub's database; None where it is empty or not made. Raises StoreUnreachable."""
    database = Database(settings.database_url)
    try:
        if not database.is_made():
            return None
        return revision(database)[0]
    finally:
        database.close()
