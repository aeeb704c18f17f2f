"""A hub without a database: made-up papers on shelves in memory, for the doors' tests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from academichub.errors import (
    AddressForbidden,
    AddressMalformed,
    CategoryUnknown,
    DoubtUnknown,
    Fact,
    FeedUnreadable,
    MergeUnknown,
    SourceRefused,
    SourceUnknown,
    WorkUnknown,
)
from academichub.model.kinship import Doubt, DoubtState, MergeRow, Reason, ReviewPage
from academichub.model.papers import (
    Announcement,
    Author,
    Flag,
    Identifiers,
    Kind,
    Link,
    LinkRole,
    Moment,
    Precision,
    Prose,
)
from academichub.model.shelf import (
    Account,
    AnnouncedDay,
    Card,
    CatalogueRow,
    Cursor,
    DayCount,
    DayMark,
    Facet,
    FeedPage,
    FeedQuery,
    FetchRow,
    FetchStatus,
    FieldRow,
    FoundFeed,
    Health,
    ManifestationRow,
    OpmlReport,
    Origin,
    PaperPage,
    QuarantineRow,
    RejectedOutline,
    RelatedRow,
    RevisedRow,
    SourceDetail,
    SourceNote,
    SourceRow,
    SourcesPage,
    VersionText,
)
from tests.fakes.hub_authors import FakeAuthors
from tests.fakes.hub_briefings import FakeBriefings
from tests.fakes.hub_calendar import FakeCalendar
from tests.fakes.hub_files import FakeFiles
from tests.fakes.hub_keeping import FakeKeeping
from tests.fakes.hub_radars import FakeRadars
from tests.fakes.hub_search import FakeSearch
from tests.fakes.papers import CATALOGUE, RELATED, SAMPLES, VERSIONS, Sample

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
class FakeHub(FakeRadars, FakeBriefings, FakeKeeping, FakeSearch, FakeAuthors, FakeCalendar, FakeFiles):
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
        self.stock_radars(is_empty=self.is_empty)
        self.stock_briefings(is_empty=self.is_empty)
        self.stock_keeping(is_empty=self.is_empty)
        self.rows: list[SourceRow] = [] if self.is_empty else _sources(self.now)
        self.doubts: list[Doubt] = [] if self.is_empty else _doubts(self._cards, self.now)
        self.merges: list[MergeRow] = [] if self.is_empty else _merges(self._cards, self.now)
        self.gone: dict[int, int] = {} if self.is_empty else {900: 2}

    @cached_property
    def _cards(self) -> tuple[Card, ...]:  # type: ignore[override]  # worked out when first asked for
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
            notes=tuple(_note(row, self.now) for row in self.rows if row.kind in {"arxiv", "feed"}),
            announced=_announced(on or today, self.now) if self.rows else (),
        )

    def paper(self, work_id: int) -> PaperPage:
        """Give everything known of one work."""
        card = next((card for card in self._cards if card.work_id == work_id), None)
        if card is None:
            raise WorkUnknown(work=work_id)
        day = [other.work_id for other in self._cards if other.listed_on == card.listed_on]
        place = day.index(work_id)
        page = _paper(
            card, day[place - 1] if place else None, day[place + 1] if place + 1 < len(day) else None
        )
        open_merges = [row.merge_id for row in self.merges if not row.undone_at]
        if work_id != _MERGED:
            return page
        journal = replace(
            page.manifestations[0],
            manifestation_id=999,
            place="doi",
            item="10.5555/attention.parity",
            version=1,
            venue="Journal of Made-up Results",
            is_face=False,
            seen_in=("Journal of Made-up Results",),
        )
        return replace(page, manifestations=(*page.manifestations, journal), merge_ids=tuple(open_merges))

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

    def where_it_went(self, work_id: int) -> int | None:
        """Follow a merged work."""
        return self.gone.get(work_id)

    def review(self) -> ReviewPage:
        """Give what waits and what was merged."""
        return ReviewPage(
            doubts=tuple(self.doubts),
            doubts_total=len(self.doubts),
            merges=tuple(self.merges),
            merges_total=len(self.merges),
        )

    def catalogue(self, words: str, *, field: str = "", access: str = "") -> tuple[CatalogueRow, ...]:
        """Search the made-up catalogue."""
        subscribed = {row.key for row in self.rows}
        rows = [
            CatalogueRow(*made, f"https://example.org/{made[0]}", made[0] in subscribed) for made in CATALOGUE
        ]
        wanted = words.casefold().split()
        return tuple(
            row
            for row in rows
            if field in {"", row.field}
            and access in {"", row.access}
            and all(word in " ".join(row[:7]).casefold() for word in wanted)
        )

    def fields(self) -> tuple[FieldRow, ...]:
        """List some broad fields."""
        return (
            FieldRow("astronomy", "Astronomy", "天文学"),
            FieldRow("biology", "Biology", "生物学"),
            FieldRow("computer-science", "Computer science", "计算机科学"),
            FieldRow("earth", "Earth sciences", "地球科学"),
            FieldRow("multidisciplinary", "Multidisciplinary", "综合"),
        )

    def discover(self, url: str) -> tuple[FoundFeed, ...]:
        """Find what the host's name says is there."""
        _admit(url)
        host = urlsplit(url).hostname or ""
        if host.startswith("refusing"):
            raise SourceRefused(url=url, status=403)
        if host.startswith("page"):
            return (
                FoundFeed("notes-on-sediment", "Notes on Sediment", "issn"),
                FoundFeed("https://page.example.org/latest.xml", "Latest articles", "link"),
                FoundFeed("https://page.example.org/news.atom", "", "anchor"),
                FoundFeed("https://page.example.org/all.opml", "All our feeds", "opml"),
            )
        return () if host.startswith("bare") else (FoundFeed(url, "A feed", "rss 2.0"),)

    def export_opml(self, *, now: datetime) -> bytes:
        """Write the subscriptions."""
        assert now.tzinfo
        outlines = "".join(f'<outline type="rss" text="{row.key}"/>' for row in self.rows)
        return f'<opml version="2.0"><head/><body>{outlines}</body></opml>'.encode()

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
        """Add a feed by its address, or a source of the catalogue by its key."""
        assert now.tzinfo
        known = next((made for made in CATALOGUE if made[0] == url), None)
        if known is not None:
            key, title, address = known[0], known[1], f"https://example.org/{known[0]}"
        elif "://" not in url and url not in {"cs.RO", "arxiv:cs.LG"}:
            if "." not in url:
                raise CategoryUnknown(category=url, suggestion="cs.RO")
            raise AddressMalformed(url=url, reason="scheme")
        elif "://" not in url:
            key, title, address = (
                f"arxiv:{url.removeprefix('arxiv:')}",
                f"arXiv {url}",
                "https://example.org/",
            )
        else:
            _admit(url)
            key = title = f"feed:{urlsplit(url).hostname}"
            title, address = title.removeprefix("feed:"), url
        if all(row.key != key for row in self.rows):
            self.rows.append(_source(len(self.rows) + 1, key, title, Health.NEVER, now, url=address))
        self._revision += 1
        return key

    def import_opml(self, body: bytes, *, now: datetime) -> OpmlReport:
        """Take in two made-up subscriptions, and refuse a third."""
        if b"<opml" not in body:
            raise FeedUnreadable(reason="not OPML", line=1)
        self.add_source("https://imported.example.org/feed", now=now)
        return OpmlReport(
            added=1,
            known=1,
            rejected=(
                RejectedOutline(
                    "<b>At home</b>",
                    "address.forbidden",
                    {"url": "http://192.168.0.7/feed", "reason": "private network"},
                ),
            ),
        )

    def decide(self, doubt_id: int, *, is_same: bool, now: datetime) -> int:
        """Settle a pair."""
        doubt = next((one for one in self.doubts if one.doubt_id == doubt_id), None)
        if doubt is None:
            raise DoubtUnknown(doubt=doubt_id)
        self.doubts.remove(doubt)
        if is_same:
            self.merges.insert(0, _merge(len(self.merges) + 1, doubt.one, doubt.other, "hand", now))
        self._revision += 1
        return doubt.one.work_id

    def undo_merge(self, merge_id: int, *, now: datetime) -> int:
        """Take a merge back."""
        row = next((one for one in self.merges if one.merge_id == merge_id and not one.undone_at), None)
        if row is None:
            raise MergeUnknown(merge=merge_id)
        self.merges[self.merges.index(row)] = replace(row, undone_at=now)
        self._revision += 1
        return 3

    def remove_source(self, key: str) -> None:
        """Forget a source."""
        self.rows.remove(self._row(key))
        self._revision += 1

    def _row(self, key: str) -> SourceRow:
        for row in self.rows:
            if row.key == key:
                return row
        raise SourceUnknown(source=key, suggestion=None)


def _admit(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise AddressMalformed(url=url, reason="scheme")
    if parts.hostname in {"localhost", "127.0.0.1"}:
        raise AddressForbidden(url=url, reason="loopback")


# -- cards ----------------------------------------------------------------------------------------

_MERGED = 2  # the work that was brought together from several places


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
        flags=sample.flags,
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
        origins=_origins(card),
        texts=_texts(card),
        related=_related(card),
        signals=(("hf-daily", 41), ("reading-club", 2)) if card.work_id == 1 else (),
    )


def _origins(card: Card) -> tuple[Origin, ...]:
    if Flag.CONCERN in card.flags:
        return (Origin("abstract", "crossref"), Origin("authors", "crossref"), Origin("licence", "openalex"))
    return ()


def _texts(card: Card) -> tuple[VersionText, ...]:
    if card.version is None or card.version < 2:
        return ()
    said = VERSIONS if card.version == len(VERSIONS) else VERSIONS[1:]
    return tuple(
        VersionText(
            card.work_id * 10 + place,
            place,
            card.listed_on - timedelta(days=7 * (card.version - place)),
            *text,
        )
        for place, text in enumerate((*said[: card.version - 1], said[-1]), start=1)
    )


def _related(card: Card) -> tuple[RelatedRow, ...]:
    return tuple(
        RelatedRow(bond, scheme, value, work_id, SAMPLES[work_id - 1].title if work_id else "", venue)
        for bond, scheme, value, work_id, venue in RELATED.get(card.work_id, ())
    )


# -- what was announced ---------------------------------------------------------------------------


def _announced(on: date, now: datetime) -> tuple[AnnouncedDay, ...]:
    """Give the newest day every verdict; of the others one is a holiday, and weekends rest."""
    names = ("cs.CL", "cs.CV", "cs.DL", "cs.LG", "econ.EM", "hep-th", "math.CO", "quant-ph", "stat.ML")
    if on.weekday() >= 5:
        return tuple(_day(name, on, "weekend") for name in names)
    if on == date(2026, 6, 16):
        return tuple(_day(name, on, "holiday") for name in names)
    if on != now.date():
        return tuple(_day(name, on, "there", said=(40, 20, 10), stored=(40, 20, 10)) for name in names)
    return (
        _day("cs.CL", on, "there", stored=(61, 30, 12)),
        _day("cs.CV", on, "there", said=(182, 74, 61), stored=(182, 74, 61)),
        _day("cs.DL", on, "quiet"),
        replace(_day("cs.LG", on, "healed", stored=(150, 50, 11)), healed=211),
        replace(_day("econ.EM", on, "missed"), healing_at=now),
        _day("hep-th", on, "missed"),
        replace(
            _day("math.CO", on, "stale"),
            newest=date(2026, 6, 18),
            next_try_at=now + timedelta(hours=4, minutes=10),
        ),
        replace(_day("quant-ph", on, "there", said=(40, 9, 21), stored=(38, 9, 20)), healing_at=now),
        _day("stat.ML", on, "not_yet"),
    )


def _day(
    name: str,
    on: date,
    verdict: str,
    *,
    said: tuple[int, int, int] | None = None,
    stored: tuple[int, int, int] = (0, 0, 0),
) -> AnnouncedDay:
    return AnnouncedDay(
        source_key=f"arxiv:{name}",
        title=f"arXiv {name}",
        on=on,
        verdict=verdict,
        newest=None,
        said_new=said[0] if said else None,
        said_cross=said[1] if said else None,
        said_replace=said[2] if said else None,
        stored_new=stored[0],
        stored_cross=stored[1],
        stored_replace=stored[2],
        healed=0,
        healing_at=None,
        next_try_at=None,
    )


# -- one work or two ------------------------------------------------------------------------------


def _doubts(cards: tuple[Card, ...], now: datetime) -> list[Doubt]:
    likely = (
        Reason("start", "", -1.0),
        Reason("title", "0.94", 2.2),
        Reason("title extra", "0.06", -0.1),
        Reason("title words", "9", 0.5),
        Reason("authors", "1.0", 2.0),
        Reason("authors in both", "2.0", 0.7),
        Reason("year after preprint", "1", 0.7),
        Reason("held back", "more words", 0.0),
    )
    open_question = (
        Reason("start", "", -1.0),
        Reason("title", "0.88", 0.6),
        Reason("title swapped", "0.04", -0.25),
        Reason("numbers", "1 / 2", -3.0),
        Reason("authors", "1.0", 2.0),
        Reason("venue", "unlike-kind", -0.5),
        Reason("same identifier", "doi", 12.0),
        Reason("other identifier", "arxiv", -12.0),
        Reason("a reason of another version", "x", 0.3),
    )
    twin = cards[1]._replace(
        work_id=2,
        title_html="Higher-Order Parities by a Single Layer of Quantum Attention: Circuits and Noise",
        venue="Journal of Made-up Results",
        kind=Kind.ARTICLE,
        categories=(),
        identifiers=Identifiers(doi="10.5555/attention.parity", pmid="27182818"),
    )
    part = cards[3]._replace(
        work_id=4, title_html="缺失观测的显式建模（二）：再问它是多少", venue="水文虚构学报"
    )
    return [
        Doubt(7, cards[1], twin, 0.9968, likely, DoubtState.OPEN, now - timedelta(hours=5)),
        Doubt(9, cards[3], part, 0.42, open_question, DoubtState.OPEN, now - timedelta(days=2)),
        Doubt(11, cards[8], cards[14], 0.31, (), DoubtState.OPEN, now - timedelta(days=3)),
    ]


def _merges(cards: tuple[Card, ...], now: datetime) -> list[MergeRow]:
    return [
        _merge(4, cards[1], cards[2], "text", now - timedelta(hours=2), score=0.9742),
        _merge(3, cards[3], cards[4], "doi", now - timedelta(days=1)),
        replace(
            _merge(2, cards[0], cards[5], "hand", now - timedelta(days=2)), undone_at=now - timedelta(days=1)
        ),
        _merge(1, cards[4], cards[6], "preprint-of", now - timedelta(days=4)),
    ]


def _merge(
    merge_id: int, kept: Card, gone: Card, because: str, at: datetime, *, score: float | None = None
) -> MergeRow:
    return MergeRow(
        merge_id=merge_id,
        at=at,
        kept=kept,
        gone_title=gone.title_plain,
        gone_venue=gone.venue,
        because=because,
        score=score,
        reasons=(),
        undone_at=None,
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
    plain = [
        _source(number, key, title, health, now, error=error, facts=facts)
        for number, (key, title, health, error, facts) in enumerate(made, start=1)
    ]
    return [_checked(row, now) for row in plain] + _other_kinds(now)


def _other_kinds(now: datetime) -> list[SourceRow]:
    """Give a parked source, one without a way round, one that is gone, an API, a file and two services."""
    refused: dict[str, Fact] = {"url": "https://example.org/7.xml", "status": 403}
    parked = _source(
        7, "delta-review", "Delta Review", Health.FAILING, now, error="source.refused", facts=refused
    )
    lost = _source(8, "old-notes", "Old Notes", Health.FAILING, now, error="source.not_found", facts=refused)
    gone = _source(
        9, "gone-notes", "Notes That Are Gone", Health.FAILING, now, error="source.gone", facts=refused
    )
    return [
        replace(
            parked,
            parked_until=datetime(2026, 11, 30, tzinfo=UTC),
            parked_because="refused",
            way_round="crossref",
            checked={"at": "2026-06-01T08:00:00+00:00", "error": "source.refused", "facts": refused},
        ),
        replace(lost, parked_until=now + timedelta(days=20), parked_because="not_found"),
        replace(gone, parked_because="gone"),
        replace(
            _source(10, "biorxiv-ecology", "bioRxiv Ecology", Health.OK, now), kind="api", connector="biorxiv"
        ),
        replace(_source(11, "file", "", Health.OK, now), kind="file", url=""),
        replace(
            _source(12, "service:crossref", "Crossref", Health.OK, now),
            kind="service",
            connector="crossref",
            waiting=1204,
        ),
        replace(
            _source(13, "service:openalex", "OpenAlex", Health.PAUSED, now),
            kind="service",
            connector="openalex",
        ),
    ]


def _checked(row: SourceRow, now: datetime) -> SourceRow:
    """Add what the first answer held: Nature's feed has DOIs and no abstracts, arXiv's everything."""
    verdict = {
        "at": (now - timedelta(days=9)).isoformat(),
        "status": 200,
        "type": "application/rss+xml",
        "format": "rss 1.0" if row.key == "nature" else "rss 2.0",
        "entries": 40,
        "rejected": 2 if row.key == "nature" else 0,
        "doi": 1.0 if row.key == "nature" else 0.0,
        "date": 1.0,
        "abstract": 0.0 if row.key == "nature" else 1.0,
        "authors": 0.97,
    }
    return replace(row, checked=verdict if row.key.startswith("arxiv") or row.key == "nature" else None)


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
