"""A hub without a database: made-up papers on shelves in memory, for the doors' tests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from academichub.errors import AddressForbidden, AddressMalformed, Fact, SourceUnknown, WorkUnknown
from academichub.model.papers import (
    Announcement,
    Author,
    Identifiers,
    Link,
    LinkRole,
    Moment,
    Precision,
    Prose,
)
from academichub.model.shelf import (
    Account,
    Card,
    Cursor,
    DayCount,
    DayMark,
    Facet,
    FeedPage,
    FeedQuery,
    FetchRow,
    FetchStatus,
    Health,
    ManifestationRow,
    PaperPage,
    QuarantineRow,
    RevisedRow,
    SourceDetail,
    SourceNote,
    SourceRow,
    SourcesPage,
)
from tests.fakes.papers import SAMPLES, Sample

NOW = datetime(2026, 6, 19, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FakeSettings:
    """The few settings that pages read."""

    contact: str = "librarian@example.org"
    home: Path = Path("hub-home")
    host: str = "127.0.0.1"
    port: int = 8000
    language: str = ""
    public_url: str = ""


@dataclass(frozen=True, slots=True)
class FakeSettingLine:
    """One setting, where it came from."""

    name: str
    value: str
    origin: str


@dataclass
class FakeHub:
    """Twelve days of made-up papers: weekends have none, the newest day has `newest` of them."""

    now: datetime = NOW
    newest: int = 60
    is_empty: bool = False
    settings: FakeSettings = field(default_factory=FakeSettings)
    asked: list[str | None] = field(default_factory=list)
    alive: bool = True
    _revision: int = 1

    def __post_init__(self) -> None:
        """Stock the shelves."""
        self.rows: list[SourceRow] = [] if self.is_empty else _sources(self.now)

    @cached_property
    def _cards(self) -> tuple[Card, ...]:
        if self.is_empty:
            return ()
        cards: list[Card] = []
        for back in range(12):
            on = self.now.date() - timedelta(days=back)
            if on.weekday() >= 5:
                continue
            works = self.newest if back == 0 else 4 + back % 3
            shelved = len(cards)
            cards.extend(_card(shelved + index + 1, index, on) for index in range(works))
        return tuple(cards)

    # -- reading ----------------------------------------------------------------------------------

    def revision(self) -> int:
        """Grow with every change."""
        return self._revision

    def feed(self, query: FeedQuery, *, today: date) -> FeedPage:
        """Give a page of a day."""
        days = sorted({card.listed_on for card in self._cards})
        on = query.on or (days[-1] if days else None)
        whole = [card for card in self._cards if card.listed_on == on]
        kept = [card for card in whole if _fits(card, query)]
        start = query.after.number if query.after else 0
        rest = [card for card in kept if query.after is None or card.order_key > query.after.order_key]
        cards = tuple(rest[: query.size])
        more = len(rest) > query.size
        last = max(on or today, today)
        return FeedPage(
            query=query,
            on=on,
            cards=cards,
            first_number=start + 1,
            works=len(kept),
            minutes=sum(card.minutes for card in kept),
            next=Cursor(cards[-1].order_key, start + len(cards)) if more else None,
            strip=tuple(
                DayCount(day, sum(card.listed_on == day for card in self._cards))
                for day in (last - timedelta(days=29 - step) for step in range(30))
            ),
            earlier=max((day for day in days if on and day < on), default=None),
            later=min((day for day in days if on and day > on), default=None),
            latest=days[-1] if days else None,
            categories=_facets([name for card in whole for name in card.categories]),
            venues=_facets([card.venue for card in whole]),
            kinds=_facets([card.kind.value for card in whole]),
            revised=_revised(self._cards) if on == (days[-1] if days else None) else (),
            revised_total=3 if self._cards and on == days[-1] else 0,
            notes=tuple(_note(row, self.now) for row in self.rows),
        )

    def paper(self, work_id: int) -> PaperPage:
        """Give everything known of one work."""
        card = next((card for card in self._cards if card.work_id == work_id), None)
        if card is None:
            raise WorkUnknown(work=work_id)
        day = [other.work_id for other in self._cards if other.listed_on == card.listed_on]
        place = day.index(work_id)
        return _paper(
            card, day[place - 1] if place else None, day[place + 1] if place + 1 < len(day) else None
        )

    def find_work(self, scheme: str, value: str) -> int:
        """Find a work by an identifier."""
        for card in self._cards:
            if (scheme, value) in card.identifiers.pairs():
                return card.work_id
        raise WorkUnknown(work=f"{scheme}:{value}")

    def sources(self, *, now: datetime) -> SourcesPage:
        """Give all sources."""
        return SourcesPage(
            sources=tuple(self.rows),
            works=len(self._cards),
            next_due_at=now + timedelta(minutes=14) if self.rows else None,
            is_worker_alive=True,
        )

    def source(self, key: str, *, now: datetime) -> SourceDetail:
        """Give one source with its log."""
        row = self._row(key)
        return SourceDetail(source=row, log=_log(row, now), quarantine=_quarantine(row, now))

    def explained_settings(self) -> tuple[FakeSettingLine, ...]:
        """Give settings and where each came from."""
        return (
            FakeSettingLine("contact", self.settings.contact, "file"),
            FakeSettingLine("database", "sqlite:///…/academichub.db", "default"),
            FakeSettingLine("port", str(self.settings.port), "environment"),
        )

    def is_alive(self) -> bool:
        """Say whether the database answers."""
        return self.alive

    # -- changing ---------------------------------------------------------------------------------

    def fetch_now(self, key: str | None, *, now: datetime) -> int:
        """Note who was asked for."""
        assert now.tzinfo
        if key is not None:
            self._row(key)
        self.asked.append(key)
        return 1 if key else len(self.rows)

    def pause(self, key: str, *, paused: bool, now: datetime) -> None:
        """Pause a source, or let it go on."""
        assert now.tzinfo
        row = self._row(key)
        health = Health.PAUSED if paused else Health.OK
        self.rows[self.rows.index(row)] = replace(row, paused=paused, health=health)
        self._revision += 1

    def add_source(self, url: str, *, now: datetime) -> str:
        """Add a feed by its address."""
        assert now.tzinfo
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise AddressMalformed(url=url, reason="scheme")
        if parts.hostname in {"localhost", "127.0.0.1"}:
            raise AddressForbidden(url=url, reason="loopback")
        key = f"feed:{parts.hostname}"
        self.rows.append(_source(len(self.rows) + 1, key, parts.hostname, Health.NEVER, now, url=url))
        self._revision += 1
        return key

    def remove_source(self, key: str) -> None:
        """Forget a source."""
        self.rows.remove(self._row(key))
        self._revision += 1

    def _row(self, key: str) -> SourceRow:
        for row in self.rows:
            if row.key == key:
                return row
        raise SourceUnknown(source=key, suggestion=None)


# -- cards ----------------------------------------------------------------------------------------


def _fits(card: Card, query: FeedQuery) -> bool:
    return (
        query.category in {None, *card.categories}
        and query.venue in {None, card.venue}
        and query.kind in {None, card.kind}
    )


def _facets(values: list[str]) -> tuple[Facet, ...]:
    counts = {value: values.count(value) for value in set(values)}
    return tuple(
        Facet(value, works) for value, works in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _card(work_id: int, index: int, on: date) -> Card:
    sample = SAMPLES[index % len(SAMPLES)]
    copy = index // len(SAMPLES)
    is_arxiv = sample.venue == "arXiv"
    arxiv = f"2606.{10000 + work_id}"
    plain = _plain(sample.title)
    return Card(
        work_id=work_id,
        kind=sample.kind,
        title_html=sample.title + (f" ({copy + 1})" if copy else ""),
        title_plain=plain,
        language=sample.language,
        byline=sample.authors,
        abstract_html=f"<p>{sample.abstract}</p>" if sample.abstract else None,
        is_teaser=sample.is_teaser,
        venue=sample.venue,
        categories=sample.categories,
        announcement=_announcement(sample) if is_arxiv else None,
        version=sample.version,
        listed_on=on,
        published=_moment(on - timedelta(days=8 if sample.version and sample.version > 1 else 1), sample),
        updated=_moment(on, sample) if sample.version and sample.version > 1 else None,
        links=_links(arxiv, work_id, is_arxiv=is_arxiv),
        identifiers=Identifiers(arxiv=arxiv) if is_arxiv else Identifiers(doi=f"10.5555/hub.{work_id}"),
        minutes=1 + len(sample.abstract or "") // 900,
        manifestations=2 if sample.version and sample.version > 1 else 1,
        order_key=f"{work_id:08d}",
        change=1,
    )


def _plain(html: str) -> str:
    import re

    return re.sub(r"<[^>]+>", "", html)


def _announcement(sample: Sample) -> Announcement:
    if sample.version and sample.version > 1:
        return Announcement.REPLACE
    return Announcement.CROSS if sample.categories[0] == "cs.DL" else Announcement.NEW


def _moment(on: date, sample: Sample) -> Moment:
    precision = Precision.MONTH if sample.venue == "Astronomy Letters" else Precision.DAY
    return Moment(datetime.combine(on, time(), UTC), on, precision)


def _links(arxiv: str, work_id: int, *, is_arxiv: bool) -> tuple[Link, ...]:
    if is_arxiv:
        return (
            Link(f"https://arxiv.org/abs/{arxiv}", LinkRole.LANDING),
            Link(f"https://arxiv.org/pdf/{arxiv}", LinkRole.PDF),
        )
    return (Link(f"https://example.org/articles/{work_id}", LinkRole.LANDING),)


def _revised(cards: tuple[Card, ...]) -> tuple[RevisedRow, ...]:
    older = [card for card in cards if card.listed_on != cards[0].listed_on][:3]
    return tuple(
        RevisedRow(card.work_id, card.title_html, card.language, 2, card.venue, card.listed_on)
        for card in older
    )


def _paper(card: Card, earlier: int | None, later: int | None) -> PaperPage:
    received = datetime.combine(card.listed_on, time(4, 12), UTC)
    arxiv = card.identifiers.arxiv
    versions = range(card.version or 1, 0, -1)
    return PaperPage(
        card=card,
        title=Prose(card.title_plain, card.title_plain, card.title_html),
        abstract=Prose("", "", card.abstract_html) if card.abstract_html else None,
        authors=tuple(
            Author(
                name,
                orcid="0000-0002-1825-0097" if place == 0 else None,
                affiliations=("Institute for Careful Reading", "University of the Northern Coast")[
                    : 1 + place % 2
                ],
            )
            for place, name in enumerate(card.byline)
        ),
        manifestations=tuple(
            ManifestationRow(
                manifestation_id=card.work_id * 10 + version,
                place="arxiv" if arxiv else "example.org",
                item=arxiv or str(card.work_id),
                version=version,
                kind=card.kind,
                venue=card.venue,
                announced_on=card.listed_on - timedelta(days=7 * (versions[0] - version)),
                announcement=card.announcement,
                published=card.published,
                received_at=received,
                licence="CC BY 4.0" if arxiv else None,
                link=card.links[0].href,
                is_face=version == versions[0],
                seen_in=("arXiv cs.LG", "arXiv stat.ML") if arxiv else (card.venue,),
            )
            for version in versions
        ),
        licence="CC BY 4.0" if arxiv else None,
        journal_ref="J. Made-up Res. 12 (2026) 101-118" if arxiv and card.work_id % 2 else "",
        comment="18 pages, 6 figures" if arxiv else "",
        first_seen_at=received,
        earlier=earlier,
        later=later,
    )


# -- sources --------------------------------------------------------------------------------------


def _sources(now: datetime) -> list[SourceRow]:
    made: tuple[tuple[str, str, Health, str | None, dict[str, Fact]], ...] = (
        ("arxiv:cs.CV", "arXiv cs.CV", Health.OK, None, {}),
        ("arxiv:quant-ph", "arXiv quant-ph", Health.OK, None, {}),
        ("arxiv:stat.ML", "arXiv stat.ML", Health.QUIET, None, {}),
        (
            "nature",
            "Nature",
            Health.LATE,
            "source.too_slow",
            {"url": "https://example.org/nature.rss", "limit_seconds": 60},
        ),
        (
            "biorxiv",
            "bioRxiv",
            Health.FAILING,
            "source.throttled",
            {"url": "https://example.org/biorxiv.xml", "status": 429, "retry_after_seconds": 21600},
        ),
        ("feed:example.org-1a2b3c", "Astronomy Letters", Health.PAUSED, None, {}),
    )
    return [
        _source(number, key, title, health, now, error=error, facts=facts)
        for number, (key, title, health, error, facts) in enumerate(made, start=1)
    ]


def _source(
    number: int,
    key: str,
    title: str,
    health: Health,
    now: datetime,
    *,
    url: str = "",
    error: str | None = None,
    facts: dict[str, Fact] | None = None,
) -> SourceRow:
    is_new = health is Health.NEVER
    ok_age = {Health.LATE: timedelta(hours=26), Health.FAILING: timedelta(days=3)}.get(
        health, timedelta(minutes=12 * number)
    )
    return SourceRow(
        source_id=number,
        key=key,
        kind="arxiv" if key.startswith("arxiv") else "feed",
        title=title,
        url=url or f"https://example.org/{number}.xml",
        paused=health is Health.PAUSED,
        health=health,
        last_try_at=None if is_new else now - timedelta(minutes=12),
        last_ok_at=None if is_new else now - ok_age,
        next_due_at=now + timedelta(hours=1, minutes=10 * number),
        failures=4 if health is Health.FAILING else 0,
        error_code=error,
        error_facts=facts or {},
        new_per_day=0.0 if is_new else 182.4 / number,
        latency_p95_ms=None if is_new else 300 * number,
        strip=tuple(_mark(now.date() - timedelta(days=29 - step), step, health) for step in range(30)),
        quarantined=2 if key == "nature" else 0,
    )


def _mark(on: date, step: int, health: Health) -> DayMark:
    if health is Health.NEVER:
        return DayMark(on, Health.NEVER, 0)
    if health is Health.FAILING and step > 26:
        return DayMark(on, Health.FAILING, 0)
    return DayMark(on, Health.QUIET, 0) if on.weekday() >= 5 else DayMark(on, Health.OK, 40 + step)


def _note(row: SourceRow, now: datetime) -> SourceNote:
    is_ok = row.health is Health.OK
    return SourceNote(
        key=row.key,
        title=row.title,
        health=row.health,
        received=100 + row.source_id if is_ok else 0,
        new=98 if is_ok else 0,
        rejected=2 if row.key == "arxiv:cs.CV" else 0,
        next_try_at=now + timedelta(hours=4, minutes=30),
        error_code=row.error_code,
    )


def _log(row: SourceRow, now: datetime) -> tuple[FetchRow, ...]:
    if row.health is Health.NEVER:
        return ()
    statuses = (
        FetchStatus.OK,
        FetchStatus.UNCHANGED,
        FetchStatus.EMPTY,
        FetchStatus.FAILED,
        FetchStatus.RUNNING,
    )
    return tuple(_fetch(row, number, status, now) for number, status in enumerate(statuses))


def _fetch(row: SourceRow, number: int, status: FetchStatus, now: datetime) -> FetchRow:
    started = now - timedelta(hours=6 * (number + 1))
    failed = status is FetchStatus.FAILED
    account = Account(received=105, new=90, revised=6, twin=4, unchanged=3, rejected=2)
    return FetchRow(
        fetch_id=number + 1,
        source_key=row.key,
        status=status,
        started_at=started,
        finished_at=None if status is FetchStatus.RUNNING else started + timedelta(seconds=2),
        http_status={
            FetchStatus.OK: 200,
            FetchStatus.EMPTY: 200,
            FetchStatus.UNCHANGED: 304,
            FetchStatus.FAILED: 503,
        }.get(status),
        byte_count=184_320 if status is FetchStatus.OK else 0,
        elapsed_ms=812,
        account=account if status is FetchStatus.OK else Account(),
        error_code="source.unreachable" if failed else None,
        error_facts={"url": row.url, "status": 503, "reason": "Service Unavailable"} if failed else {},
        address=row.url,
    )


def _quarantine(row: SourceRow, now: datetime) -> tuple[QuarantineRow, ...]:
    if not row.quarantined:
        return ()
    excerpt = "<item>\n  <title></title>\n  <link>https://example.org/articles/9</link>\n</item>"
    return (
        QuarantineRow(
            1,
            row.key,
            now - timedelta(hours=6),
            3,
            "https://example.org/articles/9",
            "",
            "record.untitled",
            {"external_id": "https://example.org/articles/9"},
            excerpt,
        ),
        QuarantineRow(
            2,
            row.key,
            now - timedelta(days=1),
            11,
            "",
            "An <b>odd</b> entry",
            "record.unidentified",
            {"title": "An odd entry"},
            "<item><title>An odd entry</title></item>",
        ),
    )
