"""Harvest any repository over OAI-PMH 2.0: ask for its records page by page, and read what comes.

A scope is written "BASE|PREFIX|SET": the repository's address, the metadata format, and the set, which may be
left out: "https://oaipmh.arxiv.org/oai|arXivRaw|cs:cs:AI", "https://zenodo.org/oai2d|oai_dc".

arXiv is best asked for arXivRaw, which names the versions and their days. The next harvest of a scope begins
on the day of `Feed.updated`, which is when the server says that it answered: its clock and its days are the
ones that count.

Source: the protocol (openarchives.org/OAI/openarchivesprotocol.html); arXiv's service (ingest reference,
section 2.3, and github.com/arXiv/oaipmh).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from academichub.errors import (
    AnswerMovedCursor,
    AnswerPageEmpty,
    AnswerTokenExpired,
    AnswerUnknown,
    FeedSaysError,
    FeedTooManyEntries,
    FeedUnreadable,
    RecordBroken,
    RecordError,
)
from academichub.model.papers import Feed
from academichub.sources import oaiarxiv
from academichub.sources.decoding import decode, prepare
from academichub.sources.harvest import ACCEPT_XML, Connector, Page, Step, check_page
from academichub.sources.markup import line_of, plain
from academichub.sources.mending import mend
from academichub.sources.xmlanswer import local, parse_xml, rejected, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element

    from academichub.model.papers import Record, Rejected
    from academichub.sources.harvest import Window
    from academichub.sources.limits import Limits

_SPACE: Final = "{http://www.openarchives.org/OAI/2.0/}"
# Some repositories forget the namespace.
ROOTS: Final = frozenset({_SPACE + "OAI-PMH", "OAI-PMH"})
_PARTS: Final[Mapping[str, str]] = {
    space + name: name
    for space in (_SPACE, "")
    for name in ("record", "resumptionToken", "header", "metadata", "identifier", "datestamp", "setSpec")
}
_READ: Final = frozenset({"ListRecords", "GetRecord"})
_SEPARATOR: Final = "|"
_LONGEST_SCOPE: Final = 1_000
_LONGEST_TOLD: Final = 300  # characters of a server's text in an error or a warning
_MOST_DIGITS: Final = 12  # of a count; above that it is none
_ENDS: Final = frozenset({"noRecordsMatch"})


class Scope(NamedTuple):
    """What is harvested: a repository, a metadata format and a set of it."""

    base: str
    prefix: str
    set: str  # "" for all that the repository has


class _Header(NamedTuple):
    identifier: str = ""
    datestamp: str = ""
    sets: tuple[str, ...] = ()
    is_deleted: bool = False


class _Token(NamedTuple):
    is_there: bool = False
    text: str = ""  # "" at the end of the list
    total: int | None = None
    cursor: int | None = None  # entries of the answers before this one


@dataclass(slots=True)
class _Harvest:
    """What the list of an answer held."""

    records: list[Record] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    entries: int = 0  # deleted ones included
    mark: str = ""
    token: _Token = field(default_factory=_Token)


# -- asking ---------------------------------------------------------------------------------------


def scope_of(written: str) -> Scope:
    """Take a scope apart.

    Raises:
        ValueError: Not "BASE|PREFIX" or "BASE|PREFIX|SET" with an http or https address.
    """
    base, _, rest = written.strip().partition(_SEPARATOR)
    prefix, _, name = rest.partition(_SEPARATOR)
    parts = urlsplit(base)
    is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
    # A step is written down as it is: no passwords in it.
    is_address = is_address and not parts.fragment and "@" not in parts.netloc
    if not is_address or not prefix or len(written) > _LONGEST_SCOPE or not written.isprintable():
        msg = f"not a scope of OAI-PMH, BASE|PREFIX|SET: {written[:_LONGEST_TOLD]}"
        raise ValueError(msg)
    return Scope(base, prefix, name)


def first(scope: str, window: Window) -> Step:
    """Begin a harvest of a scope.

    arXiv is never told where to end: its days are those of the last change, and a window that is closed
    loses what changes meanwhile (ingest reference, section 2.3).

    Raises:
        ValueError: The scope is none; see `scope_of`.
    """
    asked = scope_of(scope)
    query = {"verb": "ListRecords", "metadataPrefix": asked.prefix}
    if asked.set:
        query["set"] = asked.set
    since = window.since.isoformat() if window.since else ""
    if since:
        query["from"] = since
    if window.until and not _is_arxiv(urlsplit(asked.base).hostname or ""):
        query["until"] = window.until.isoformat()
    return Step(_address(asked.base, query), accept=ACCEPT_XML, scope=scope, since=since)


def _address(base: str, query: Mapping[str, str]) -> str:
    joint = "&" if urlsplit(base).query else "?"
    return f"{base}{joint}{urlencode(query, quote_via=quote, safe='')}"


def _is_arxiv(host: str) -> bool:
    return host == "arxiv.org" or host.endswith(".arxiv.org")


# -- reading --------------------------------------------------------------------------------------


def read(body: bytes, step: Step, limits: Limits) -> Page:
    """Read one answer: ListRecords, GetRecord, or an error.

    A record that the repository has deleted is a warning, "deleted: IDENTIFIER". So is a list that ends
    before the count the server gave, for the protocol lets that count be an estimate.

    Raises:
        AnswerPageEmpty: A page without records, though more follow.
        AnswerPageRepeated, AnswerMovedCursor: The harvest does not get on.
        AnswerTokenExpired: The server no longer knows the resumption token.
        AnswerUnknown: Not OAI-PMH 2.0, or the answer to another question, such as ListSets.
        FeedSaysError: Any other error the server names.
        FeedUnreadable, FeedTooLarge, FeedTooManyEntries: See `parse_xml`; also more records than the limit.
    """
    root, warnings = _parsed(body, limits)
    if root.tag not in ROOTS:
        raise AnswerUnknown(looks_like=f"<{local(root)[:100]}>")
    answered_at, served_by, verb = "", "", None
    errors: list[tuple[str, str]] = []
    for child in root:
        match local(child):
            case "responseDate":
                answered_at = text_of(child)
            case "request":
                served_by = text_of(child)
            case "error":
                errors.append(((child.get("code") or "").strip(), text_of(child)))
            case _:
                verb = child if verb is None else verb
    is_empty = _is_honestly_empty(errors, step) and verb is None
    harvest = _Harvest() if is_empty else _read_list(verb, limits)
    token = harvest.token
    total = step.total if token.total is None else token.total
    is_last = is_empty or (token.is_there and not token.text)
    _check(harvest, step, total, is_last=is_last)
    title, link = _home(step.scope.partition(_SEPARATOR)[0] or served_by)
    feed = Feed(
        format="oai-pmh 2.0",
        parser="lxml",
        title=title,
        link=link,
        updated=answered_at,
        records=tuple(harvest.records),
        rejected=tuple(harvest.rejected),
        warnings=(*warnings, *harvest.warnings, *_oddities(harvest, step, total, is_last=is_last)),
    )
    return Page(feed, next=_next(harvest, step, total), total=total)


def _parsed(body: bytes, limits: Limits) -> tuple[_Element, list[str]]:
    """Parse the answer; mend stray characters where it is not well-formed and they are why."""
    try:
        return parse_xml(body, limits), []
    except FeedUnreadable as error:
        if len(body) > limits.tolerant_bytes:
            raise
        try:
            root = parse_xml(mend(prepare(decode(body).text)).encode("utf-8", "replace"), limits)
        except FeedUnreadable:
            raise error from None
        if root.tag not in ROOTS:
            raise
        return root, [f"mended: {error.facts['reason']}"]


def _is_honestly_empty(errors: list[tuple[str, str]], step: Step) -> bool:
    """Tell whether the server says that nothing matches.

    Raises:
        AnswerTokenExpired, FeedSaysError: It says anything else that is an error.
    """
    codes = {code for code, _ in errors}
    if "badResumptionToken" in codes:
        raise AnswerTokenExpired(token=step.token[:_LONGEST_TOLD])
    if codes - _ENDS:
        told = "; ".join(": ".join(filter(None, each)) for each in errors)
        raise FeedSaysError(message=told[:_LONGEST_TOLD] or "error")
    return bool(codes)


def _read_list(verb: _Element | None, limits: Limits) -> _Harvest:
    if verb is None or local(verb) not in _READ:
        name = local(verb) if verb is not None else "without an answer"
        raise AnswerUnknown(looks_like=f"OAI-PMH {name}"[:_LONGEST_TOLD])
    harvest = _Harvest()
    for child in verb:
        part = _PARTS.get(child.tag)
        if part == "record":
            if harvest.entries >= limits.entries:
                raise FeedTooManyEntries(entries=harvest.entries + 1, limit=limits.entries)
            _read_record(child, harvest, limits)
            harvest.entries += 1
        elif part == "resumptionToken":
            harvest.token = _token(child)
    return harvest


def _token(element: _Element) -> _Token:
    # arXiv's last one holds nothing but white space.
    return _Token(
        is_there=True,
        text=plain(element).strip(),
        total=_count(element.get("completeListSize")),
        cursor=_count(element.get("cursor")),
    )


def _count(written: str | None) -> int | None:
    digits = (written or "").strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS else None


# -- one record -----------------------------------------------------------------------------------


def _read_record(element: _Element, harvest: _Harvest, limits: Limits) -> None:
    header, metadata = _Header(), None
    for child in element:
        part = _PARTS.get(child.tag)
        if part == "header":
            header = _header(child)
        elif part == "metadata" and metadata is None:
            metadata = next(iter(child), None)
    position = harvest.entries
    if position == 0:
        harvest.mark = f"{header.identifier} {header.datestamp}".strip()
    if header.is_deleted:
        harvest.warnings.append(f"deleted: {header.identifier}"[:_LONGEST_TOLD])
        return
    try:
        record = _record(metadata, header, position)
        _refuse_long(record, limits)
    except RecordError as error:
        title = next((text_of(each) for each in element.iter("{*}title")), "")
        harvest.rejected.append(
            rejected(element, position, error, external_id=header.identifier, title=title)
        )
        return
    harvest.records.append(record)


def _header(element: _Element) -> _Header:
    identifier = datestamp = ""
    sets: tuple[str, ...] = ()
    for child in element:
        part, text = _PARTS.get(child.tag), (child.text or "").strip()
        if part == "identifier":
            identifier = text
        elif part == "datestamp":
            datestamp = text
        elif part == "setSpec" and text:
            sets = (*sets, text)
    return _Header(identifier, datestamp, sets, element.get("status") == "deleted")


def _record(metadata: _Element | None, header: _Header, position: int) -> Record:
    """Read the metadata by the reader of its format, and add what the header says.

    Raises:
        RecordBroken: There is no metadata, or none in a format that the hub reads.
        RecordError: What else keeps the reader from it.
    """
    if metadata is None:
        raise RecordBroken(reason="no metadata")
    told: dict[str, tuple[str, ...]] = {}
    if header.datestamp:
        told["oai:datestamp"] = (header.datestamp,)
    if header.sets:
        told["oai:set"] = header.sets
    tag = str(metadata.tag)
    if read_own := oaiarxiv.READERS.get(tag):
        return read_own(metadata, header.identifier, position, told)
    read_other = _other_readers().get(tag)
    if read_other is None:
        reason = f"metadata in an unknown format: {tag}"[:_LONGEST_TOLD]
        raise RecordBroken(reason=reason, line=line_of(metadata))
    record = read_other(metadata, header.identifier, position)
    return replace(record, fields={**record.fields, **told})


def _other_readers() -> Mapping[str, Callable[[_Element, str, int], Record]]:
    # A harvest of arXiv never needs what this loads.
    from academichub.sources.xmlmetadata import READERS

    return READERS


def _refuse_long(record: Record, limits: Limits) -> None:
    for name, text, cap in (
        ("title", record.title, limits.title_characters),
        ("abstract", record.summary, limits.text_characters),
    ):
        if len(text.value) > cap:
            raise RecordBroken(reason=f"{name} longer than {cap} characters")


# -- getting on -----------------------------------------------------------------------------------


def _check(harvest: _Harvest, step: Step, total: int | None, *, is_last: bool) -> None:
    """Recognise a page that lies; see `check_page`.

    A server without totals, as arXiv's is, is held to the protocol instead: what matches nothing is answered
    by an error, the last page of several holds an empty token, and no token comes twice. To follow the token
    of an empty page would pass over the records that should have been on it.
    """
    token = harvest.token
    if not harvest.entries and not is_last and (token.is_there or step.token):
        raise AnswerPageEmpty(seen=step.seen, total=total)
    check_page(
        step, entries=harvest.entries, total=total, mark=harvest.mark, token=token.text, is_last=is_last
    )
    if token.text and token.text == step.token:
        raise AnswerMovedCursor(seen=step.seen, total=total)


def _next(harvest: _Harvest, step: Step, total: int | None) -> Step | None:
    """Ask with the token alone, as the protocol wants; a saved answer has nobody to ask."""
    token = harvest.token.text
    if not token or not step.scope:
        return None
    return replace(
        step,
        url=_address(scope_of(step.scope).base, {"verb": "ListRecords", "resumptionToken": token}),
        accept=ACCEPT_XML,
        seen=step.seen + harvest.entries,
        pages=step.pages + 1,
        total=total,
        token=token,
        page_mark=harvest.mark,
    )


def _oddities(harvest: _Harvest, step: Step, total: int | None, *, is_last: bool) -> list[str]:
    """Say where a list ends before the count the server gave, or is empty without a word.

    The cursor tells the place of a saved page.
    """
    token = harvest.token
    if not harvest.entries and not is_last:
        return ["empty list: neither records nor the error noRecordsMatch"]
    before = step.seen if step.scope or token.cursor is None else token.cursor
    came = before + harvest.entries
    return (
        [f"ended early: {came} of {total} records came"] if not token.text and total and came < total else []
    )


def _home(address: str) -> tuple[str, str]:
    """Give a repository's name and home page; its host stands for the name."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    if _is_arxiv(host):
        return "arXiv", "https://arxiv.org/"
    if parts.scheme not in {"http", "https"} or not host:
        return "", ""
    return host, f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"


CONNECTOR: Final = Connector(
    name="oai",
    read=read,
    first=first,
    recognises_xml=ROOTS.__contains__,
)
