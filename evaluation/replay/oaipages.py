"""Play oaipmh.arxiv.org: harvests of a plan's papers, or of as many as are wanted.

Only one page is ever made at a time, from a stock that is a sequence and may compute its records: a
backfill of a hundred thousand needs no more memory than its source records.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import TYPE_CHECKING, Final, Protocol, overload
from urllib.parse import parse_qsl, quote, unquote, urlencode
from xml.sax.saxutils import escape, quoteattr

from academichub.model import taxonomy
from evaluation.replay.arxivdays import canonical_name, dice_for
from evaluation.replay.clock import EASTERN, eastern
from evaluation.replay.faults import bad_token
from evaluation.replay.script import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from evaluation.replay.arxivdays import Announcement, PaperRecord, Plan
    from evaluation.replay.script import Question

OAI_HOST: Final = "oaipmh.arxiv.org"
OLD_HOST: Final = "export.arxiv.org"  # its /oai2 leads to the new place
BASE_URL: Final = f"http://{OAI_HOST}/oai"
EARLIEST: Final = date(2005, 9, 16)
PAGE_SIZE: Final = 1000
_READY: Final = time_of_day(22, 30)  # Eastern, on the evening before a batch's day
_CUTOFF_HOUR: Final = 14  # Eastern; what is sent until then is announced that evening
_MONDAY: Final = 0
_SUFFIXES: Final = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"})
_LIST_VERBS: Final = frozenset({"ListRecords", "ListIdentifiers"})
_SELECTION: Final = frozenset({"verb", "metadataPrefix", "from", "until", "set"})
# Namespace and schema of each format.
_FORMATS: Final = {
    "arXiv": ("http://arxiv.org/OAI/arXiv/", "http://arxiv.org/OAI/arXiv.xsd"),
    "arXivRaw": ("http://arxiv.org/OAI/arXivRaw/", "http://arxiv.org/OAI/arXivRaw.xsd"),
}
_BAD_ARGUMENT: Final = "badArgument"
_BAD_VERB: Final = "badVerb"
_CANNOT_DISSEMINATE_FORMAT: Final = "cannotDisseminateFormat"
_ID_DOES_NOT_EXIST: Final = "idDoesNotExist"
_NO_RECORDS_MATCH: Final = "noRecordsMatch"
_ERRORS: Final = {
    _BAD_ARGUMENT: "The request includes illegal arguments or misses required ones.",
    _BAD_VERB: "The verb argument is missing or no OAI-PMH verb.",
    _CANNOT_DISSEMINATE_FORMAT: "The metadataPrefix is not supported here.",
    _ID_DOES_NOT_EXIST: "The identifier is unknown in this repository.",
    _NO_RECORDS_MATCH: "The combination of from, until, set and metadataPrefix results in an empty list.",
}


class _OaiError(Exception):
    """The request cannot be met. The text is the protocol's code."""


@dataclass(frozen=True, slots=True)
class OaiRecord:
    """One paper as OAI-PMH shows it: its latest version, and when each came."""

    paper: PaperRecord
    datestamp: date
    categories: tuple[str, ...]
    submitted: tuple[datetime, ...]  # of each version

    @property
    def arxiv_id(self) -> str:
        """Its identifier without a version."""
        return self.paper.arxiv_id

    @property
    def version(self) -> int:
        """Its latest version."""
        return len(self.submitted)


class Stock(Protocol):
    """What there is to harvest."""

    def records(self, now: datetime) -> Sequence[OaiRecord]:
        """Give the records of an instant, by datestamp and identifier."""
        ...


class PlanStock:
    """The papers of a plan: each batch is there from 22:30 Eastern on the evening before its day."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._kept: tuple[date | None, Sequence[OaiRecord]] | None = None

    def records(self, now: datetime) -> Sequence[OaiRecord]:
        """Give the papers as they stand after the newest batch that is there."""
        local = now.astimezone(EASTERN)
        ready = local.date() + timedelta(days=local.time() >= _READY)
        newest = max((day for day in self._plan.days if day <= ready), default=None)
        kept = self._kept
        if kept is None or kept[0] != newest:
            kept = self._kept = (newest, self._standing(newest))
        return kept[1]

    def _standing(self, newest: date | None) -> Sequence[OaiRecord]:
        history: dict[str, list[Announcement]] = {one.paper.arxiv_id: [one] for one in self._plan.older}
        for day, batch in self._plan.batches.items():
            if newest is not None and day <= newest:
                for one in batch:
                    history.setdefault(one.paper.arxiv_id, []).append(one)
        found = [_of_history(of) for of in history.values()]
        return sorted(found, key=lambda one: (one.datestamp, one.arxiv_id))


def _of_history(history: Sequence[Announcement]) -> OaiRecord:
    """Put a paper's announcements together; versions from before the first came month by month."""
    first, last = history[0], history[-1]
    before = [
        submitted_at(
            first.on - timedelta(days=30 * number), f"{first.paper.arxiv_id}v{first.version - number}"
        )
        for number in range(first.version - 1, 0, -1)
    ]
    sent = [one for one in history if one is first or one.action == "replace"]
    since = [submitted_at(one.on, f"{one.paper.arxiv_id}v{one.version}") for one in sent]
    return OaiRecord(last.paper, last.on, last.categories, (*before, *since))


class BigStock:
    """Many records: the given ones again and again under new identifiers, some each day.

    Args:
        papers: To repeat; they are kept.
        count: How many there are.
        first: The datestamp of the first.
        days: Over how many days they are spread.
    """

    def __init__(
        self, papers: Iterable[PaperRecord], count: int, *, first: date = date(2020, 1, 1), days: int = 365
    ) -> None:
        self._rows = _Repeated(tuple(papers), count, first, days)

    def records(self, now: datetime) -> Sequence[OaiRecord]:
        """Give all of them; they do not change."""
        del now
        return self._rows

    def ids(self) -> Iterator[str]:
        """Name them all, in order of harvest."""
        return (self._rows.id_of(place) for place in range(len(self._rows)))


class _Repeated(Sequence[OaiRecord]):
    """Records that are made when they are asked for."""

    def __init__(self, papers: Sequence[PaperRecord], count: int, first: date, days: int) -> None:
        if not papers or count < 0 or days < 1:
            message = "a stock wants papers, a count that is not negative, and a day at least"
            raise ValueError(message)
        self._papers, self._count, self._first, self._days = papers, count, first, days

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> OaiRecord: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[OaiRecord]: ...
    def __getitem__(self, place: int | slice) -> OaiRecord | Sequence[OaiRecord]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._count))]
        if not 0 <= place < self._count:
            raise IndexError(place)
        paper = replace(self._papers[place % len(self._papers)], arxiv_id=self.id_of(place))
        on = self._first + timedelta(days=place * self._days // self._count)
        return OaiRecord(paper, on, paper.categories, (submitted_at(on, paper.arxiv_id),))

    @staticmethod
    def id_of(place: int) -> str:
        """Give an identifier that no real paper has: no month has had 90,000 papers."""
        month = place // 10_000
        return f"{15 + month // 12:02d}{month % 12 + 1:02d}.{place % 10_000 + 90_000:05d}"


def submitted_at(on: date, words: str) -> datetime:
    """Give the instant at which a version was sent that was announced on a day: before the last cutoff."""
    before = on - timedelta(days=3 if on.weekday() == _MONDAY else 1)
    cutoff = eastern(before, _CUTOFF_HOUR).astimezone(UTC)
    return cutoff - timedelta(seconds=dice_for("submitted", words).randrange(24 * 3600))


# -- the server -------------------------------------------------------------------------------------


class OaiServer:
    """Plays arXiv's OAI-PMH. Threads may share it.

    A resumption token carries its question, as arXiv's do: the last day on the page, and how many
    records of that day came. It has no cursor and no total, and is good until midnight UTC.

    Args:
        stock: What there is.
        page_size: Records on a page.
    """

    def __init__(self, stock: Stock, *, page_size: int = PAGE_SIZE) -> None:
        self._stock = stock
        self._page_size = page_size

    def __call__(self, question: Question) -> Answer | None:
        """Answer a request; what the protocol calls an error is a 200, as it is there."""
        if question.host == OLD_HOST:
            where = f"https://{OAI_HOST}/oai?{question.target.partition('?')[2]}"
            is_old = question.path == "/oai2"
            return Answer(b"", 301, "text/plain", headers=(("Location", where),)) if is_old else None
        if question.path != "/oai":
            return None
        asked = dict(question.query)
        if question.method == "POST":
            asked = dict(parse_qsl(question.body.decode("utf-8", "replace")))
        verb = asked.get("verb", "")
        verbs: dict[str, Callable[[dict[str, str], Question], str]] = {
            "Identify": _identify,
            "ListMetadataFormats": _formats,
            "ListSets": _sets,
            "GetRecord": self._get_record,
            **dict.fromkeys(_LIST_VERBS, self._list),
        }
        try:
            if verb not in verbs:
                raise _OaiError(_BAD_VERB)  # noqa: TRY301  one place writes all errors
            inner = verbs[verb](asked, question)
        except _BadToken:
            return Answer(bad_token(question))
        except _OaiError as error:
            code = str(error)
            return Answer(_envelope({}, f"<error code='{code}'>{_ERRORS[code]}</error>", question.now))
        return Answer(_envelope(asked, f"<{verb}>\n{inner}</{verb}>", question.now))

    def _get_record(self, asked: dict[str, str], question: Question) -> str:
        prefix = _prefix(asked)
        wanted = asked.get("identifier", "").removeprefix("oai:arXiv.org:")
        found = next((one for one in self._stock.records(question.now) if one.arxiv_id == wanted), None)
        if found is None:
            raise _OaiError(_ID_DOES_NOT_EXIST)
        return _written(found, prefix)

    def _list(self, asked: dict[str, str], question: Question) -> str:
        token = asked.get("resumptionToken")
        skip = 0
        if token is not None:
            if set(asked) != {"verb", "resumptionToken"}:
                raise _OaiError(_BAD_ARGUMENT)
            skip, asked = _opened(token, asked["verb"], question.now)
        elif set(asked) - _SELECTION:
            raise _OaiError(_BAD_ARGUMENT)
        prefix = _prefix(asked)
        matching = self._matching(asked, question.now)
        size = question.page_size or self._page_size
        page: list[OaiRecord] = []
        has_more = False
        for number, one in enumerate(matching):
            if number >= skip + size:
                has_more = True
                break
            if number >= skip:
                page.append(one)
        if not page:
            raise _OaiError(_NO_RECORDS_MATCH)
        write = _written if asked["verb"] == "ListRecords" else _header_only
        listed = "".join(write(one, prefix) for one in page)
        if not has_more:
            return listed + ("" if token is None else "<resumptionToken/>\n")
        return listed + _token_after(page, skip, asked, question.now)

    def _matching(self, asked: dict[str, str], now: datetime) -> Iterator[OaiRecord]:
        """Give the records of a selection in order.

        Raises:
            _OaiError: The selection makes no sense.
        """
        since = _day(asked.get("from")) or EARLIEST
        until = _day(asked.get("until")) or now.date()
        if since < EARLIEST or until < since or until > now.date() + timedelta(days=1):
            raise _OaiError(_BAD_ARGUMENT)
        belongs = _membership(asked.get("set", ""))
        records = self._stock.records(now)
        start = bisect_left(records, since, key=lambda one: one.datestamp)
        for place in range(start, len(records)):
            one = records[place]
            if one.datestamp > until:
                return
            if belongs(one):
                yield one


class _BadToken(Exception):
    """A resumption token is malformed, or of another day."""


def _opened(token: str, verb: str, now: datetime) -> tuple[int, dict[str, str]]:
    """Read a token: how many records to skip, and the question that goes on.

    Raises:
        _BadToken: It is not good, or no longer.
    """
    held = dict(parse_qsl(unquote(token)))
    skip, issued = held.pop("skip", ""), held.pop("issued", "")
    if not skip.isdecimal() or held.get("verb") != verb or issued != f"{now:%Y-%m-%d}":
        raise _BadToken
    return int(skip), held


def _token_after(page: Sequence[OaiRecord], skip: int, asked: dict[str, str], now: datetime) -> str:
    last = page[-1].datestamp
    is_one_day = last == page[0].datestamp and asked.get("from") == last.isoformat()
    held = asked | {"from": last.isoformat(), "issued": f"{now:%Y-%m-%d}"}
    held["skip"] = str(sum(one.datestamp == last for one in page) + (skip if is_one_day else 0))
    expires = datetime.combine(now.date() + timedelta(days=1), time_of_day(), UTC)
    written = quote(urlencode(held))
    return f"<resumptionToken expires='{expires:%Y-%m-%dT%H:%M:%SZ}'>{written}</resumptionToken>\n"


def _prefix(asked: dict[str, str]) -> str:
    if "metadataPrefix" not in asked:
        raise _OaiError(_BAD_ARGUMENT)
    if asked["metadataPrefix"] not in _FORMATS:
        raise _OaiError(_CANNOT_DISSEMINATE_FORMAT)
    return asked["metadataPrefix"]


def _day(text: str | None) -> date | None:
    """Read a day of the protocol.

    Raises:
        _OaiError: It is none.
    """
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise _OaiError(_BAD_ARGUMENT) from None


# -- sets -------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=1024)
def set_of(category: str) -> str:
    """Give a category's set: "cs:cs:CV", "physics:hep-th"."""
    found = next((one for one in taxonomy.categories() if one.name == category), None)
    if found is None:
        return category
    group = found.group.removeprefix("grp_")
    subject = found.name.partition(".")[2]
    return f"{group}:{found.archive}:{subject}" if subject else f"{group}:{found.archive}"


def _membership(name: str) -> Callable[[OaiRecord], bool]:
    """Say which records belong to a set; merged categories are in both their sets.

    Raises:
        _OaiError: There is no such set.
    """
    if not name:
        return lambda _: True
    members = frozenset(
        canonical_name(one.name)
        for one in taxonomy.categories()
        if set_of(one.name) == name or set_of(one.name).startswith(f"{name}:")
    )
    if not members:
        raise _OaiError(_BAD_ARGUMENT)
    return lambda record: any(canonical_name(one) in members for one in record.categories)


def _sets(_: dict[str, str], __: Question) -> str:
    specs = sorted({set_of(one.name) for one in taxonomy.active_categories()})
    outer = {spec.rpartition(":")[0] for spec in specs} | {spec.partition(":")[0] for spec in specs}
    return "".join(
        f"<set><setSpec>{escape(spec)}</setSpec><setName>{escape(spec)}</setName></set>\n"
        for spec in sorted({*specs, *outer} - {""})
    )


# -- XML --------------------------------------------------------------------------------------------


def _envelope(asked: dict[str, str], inner: str, now: datetime) -> bytes:
    said = "".join(f" {name}={quoteattr(value)}" for name, value in asked.items() if name.isalpha())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ '
        'http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n'
        f"<responseDate>{now:%Y-%m-%dT%H:%M:%SZ}</responseDate>\n<request{said}>{BASE_URL}</request>\n"
        f"{inner}\n</OAI-PMH>\n"
    ).encode()


def _identify(_: dict[str, str], __: Question) -> str:
    return (
        f"<repositoryName>arXiv</repositoryName><baseURL>{BASE_URL}</baseURL>"
        "<protocolVersion>2.0</protocolVersion><adminEmail>help@arxiv.org</adminEmail>"
        f"<earliestDatestamp>{EARLIEST}</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
        "<granularity>YYYY-MM-DD</granularity>"
    )


def _formats(_: dict[str, str], __: Question) -> str:
    return "".join(
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>{schema}</schema>"
        f"<metadataNamespace>{namespace}</metadataNamespace></metadataFormat>\n"
        for prefix, (namespace, schema) in _FORMATS.items()
    )


def _header_only(record: OaiRecord, _: str) -> str:
    sets = "".join(f"<setSpec>{escape(set_of(name))}</setSpec>" for name in record.categories)
    return (
        f"<header><identifier>oai:arXiv.org:{record.arxiv_id}</identifier>"
        f"<datestamp>{record.datestamp}</datestamp>{sets}</header>\n"
    )


def _written(record: OaiRecord, prefix: str) -> str:
    namespace, schema = _FORMATS[prefix]
    inner = _raw(record) if prefix == "arXivRaw" else _split(record)
    return (
        f'<record>\n{_header_only(record, prefix)}<metadata>\n<{prefix} xmlns="{namespace}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{namespace} {schema}">\n<id>{record.arxiv_id}</id>\n{inner}</{prefix}>\n'
        "</metadata>\n</record>\n"
    )


def _split(record: OaiRecord) -> str:
    """Write the inside of an `arXiv` record: authors in parts."""
    authors = "".join(f"<author>{_author(name)}</author>" for name in record.paper.authors)
    updated = f"<updated>{record.submitted[-1]:%Y-%m-%d}</updated>\n" if record.version > 1 else ""
    return (
        f"<created>{record.submitted[0]:%Y-%m-%d}</created>\n{updated}<authors>{authors}</authors>\n"
        + "\n".join(_common(record))
        + "\n"
    )


def _raw(record: OaiRecord) -> str:
    """Write the inside of an `arXivRaw` record: each version, and authors as they were typed."""
    submitter = record.paper.authors[0] if record.paper.authors else "A. Submitter"
    versions = "".join(
        f'<version version="v{number}"><date>{at:%a, %d %b %Y %H:%M:%S} GMT</date>'
        f"<size>{_size(record, number)}kb</size></version>\n"
        for number, at in enumerate(record.submitted, start=1)
    )
    authors = f"<authors>{escape(', '.join(record.paper.authors))}</authors>"
    title, *rest = _common(record)
    lines = "\n".join((title, authors, *rest))
    return f"<submitter>{escape(submitter)}</submitter>\n{versions}{lines}\n"


def _size(record: OaiRecord, version: int) -> int:
    return dice_for("size", record.arxiv_id, str(version)).randrange(30, 9000)


def _common(record: OaiRecord) -> list[str]:
    """Write what both formats have, in their order, the title first."""
    paper = record.paper
    doi, journal = paper.journal if record.version > 1 else ("", "")
    optional = (
        ("categories", " ".join(record.categories)),
        ("comments", paper.comment),
        ("journal-ref", journal),
        ("doi", doi),
        ("license", paper.license),
        ("abstract", paper.abstract_of(record.version)),
    )
    title = f"<title>{escape(paper.title)}</title>"
    return [title, *(f"<{name}>{escape(text)}</{name}>" for name, text in optional if text)]


def _author(name: str) -> str:
    words = name.split()
    suffix = words.pop() if len(words) > 1 and words[-1] in _SUFFIXES else ""
    keyname = words.pop() if words else name
    forenames = " ".join(words)
    return (
        f"<keyname>{escape(keyname)}</keyname>"
        + (f"<forenames>{escape(forenames)}</forenames>" if forenames else "")
        + (f"<suffix>{escape(suffix)}</suffix>" if suffix else "")
    )
