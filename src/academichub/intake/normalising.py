"""Turn a Record into a Draft: clean texts, canonical identifiers, honest dates. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar

from academichub.errors import RecordUnidentified, RecordUntitled
from academichub.intake import links as linking
from academichub.intake.arxiv import arxiv_categories, read_arxiv
from academichub.intake.kinds import choose_kind
from academichub.intake.mending import halved, shortened, unscrambled
from academichub.intake.standfirst import Standfirst, take_apart
from academichub.intake.venues import channel_name, topics_of, venue_of
from academichub.model.papers import (
    Announcement,
    Author,
    Draft,
    Form,
    Identifiers,
    Key,
    Kind,
    Moment,
    Precision,
    Prose,
)
from academichub.text import dates, identifiers, language, names, prose, titles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from academichub.intake.arxiv import ArxivFacts
    from academichub.model.papers import Feed, Record

T = TypeVar("T")

# Below this a journal's text is a standfirst, not an abstract (ingest reference, section 2.8).
TEASER_CHARACTERS: Final = 350
# A Chinese character says about as much as two and a half of English.
TEASER_HAN_CHARACTERS: Final = 140
LONGEST_TITLE: Final = 5_000  # characters; what is longer is cut
LONGEST_TEXT: Final = 100_000
LONGEST_ITEM: Final = 500
LONGEST_LICENCE: Final = 300
_ENDS_CUT: Final = ("...", "…", "[…]", "[...]", "[&#8230;]", "[&hellip;]", "&hellip;")
_CUT_END: Final = 60  # characters at the end of a text in which its cut, and tags behind it, would stand
_TAG: Final = re.compile(r"<[^<>]*>")
_UNSAFE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FIELD: Final = "\x1e"  # in no text that was cleaned
_PART: Final = "\x1f"
_ARXIV_DOIS: Final = ("arxiv:DOI", "arxiv:doi")
_LICENCES: Final = ("dc:rights", "cc:license", "creativeCommons:license", "dcterms:license", "dcterms:rights")
_ISSNS: Final = ("prism:issn", "prism:eIssn", "prism:eissn", "prism:ISSN", "dc:source")


def normalise(record: Record, *, feed: Feed, now: datetime) -> Draft:
    """Clean one entry.

    Args:
        record: The entry as its source wrote it.
        feed: The answer it came in: its title, link and dates help where the entry says nothing.
        now: For judging dates.

    Raises:
        RecordUntitled: There is no title to show.
        RecordUnidentified: There is nothing to know the entry by.
    """
    arxiv = read_arxiv(record, feed=feed)
    if arxiv is not None and arxiv.is_own:
        return _from_arxiv(record, arxiv, feed=feed, now=now)
    return _from_feed(record, arxiv, feed=feed, now=now)


def fingerprint(draft: Draft) -> str:
    """Hash the content: 32 hex digits; equal for two drafts that show the same.

    What an announcement tells is left out, its type, its day and the dates taken from it: one version is
    `new` in one feed and `cross` in another, perhaps days later.
    """
    return _fingerprint(
        title=draft.title,
        abstract=draft.abstract,
        authors=draft.authors,
        found=draft.identifiers,
        categories=draft.categories,
        kind=draft.kind,
        published=None if draft.announcement else draft.published,
        said=(draft.licence or "", draft.journal_ref, draft.comment),
    )


def _fingerprint(
    *,
    title: Prose,
    abstract: Prose | None,
    authors: tuple[Author, ...],
    found: Identifiers,
    categories: tuple[str, ...],
    kind: Kind,
    published: Moment | None,
    said: tuple[str, ...],
) -> str:
    """Hash what a draft will show. Finding it before the draft is made saves making the draft twice."""
    people = [one for who in authors for one in (who.name, who.orcid or "", *who.affiliations, "")]
    parts = (
        title.raw,
        abstract.raw if abstract else "",
        _PART.join(people),
        _PART.join([one for pair in found.pairs() for one in pair]),
        _PART.join(categories),
        kind.value,
        published.at.isoformat() if published else "",
        *said,
    )
    packed = _FIELD.join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(packed, digest_size=16).hexdigest()


# -- arXiv ----------------------------------------------------------------------------------------


def _from_arxiv(record: Record, arxiv: ArxivFacts, *, feed: Feed, now: datetime) -> Draft:
    title = _title(arxiv.title, record.title.form, record.external_id)
    abstract = _prose(halved(arxiv.summary.value), arxiv.summary.form)
    announced = _arxiv_announced(record, arxiv, feed=feed, now=now)
    published, updated = _arxiv_dates(record, arxiv, announced, now=now)
    doi = _first(
        identifiers.normalize_doi(record.first(name)) for name in _ARXIV_DOIS if name in record.fields
    )
    if doi and identifiers.arxiv_from_doi(doi):
        doi = None  # arXiv's own DataCite name says nothing the identifier does not
    found = Identifiers(doi=doi, arxiv=arxiv.base)
    authors = _authors(record, "")
    filed_under = arxiv_categories(record, otherwise=arxiv.category)
    licence = _licence(record)
    journal_ref = _line(record.first("arxiv:journal_reference") or record.first("arxiv:journal_ref"))
    comment = _line(record.first("arxiv:comment"))
    return Draft(
        key=Key("arxiv", arxiv.base, arxiv.version or 1),
        external_id=_safe(record.external_id),
        title=title,
        abstract=abstract,
        authors=authors,
        identifiers=found,
        categories=filed_under,
        kind=Kind.PREPRINT,
        links=linking.arxiv_links(arxiv.base, abstract),
        version=arxiv.version,
        announcement=arxiv.announcement,
        announced_on=announced,
        published=published,
        updated=updated,
        licence=licence,
        venue="arXiv",
        journal_ref=journal_ref,
        comment=comment,
        language="en",
        fingerprint=_fingerprint(
            title=title,
            abstract=abstract,
            authors=authors,
            found=found,
            categories=filed_under,
            kind=Kind.PREPRINT,
            published=None if arxiv.announcement else published,
            said=(licence or "", journal_ref, comment),
        ),
        renderer=prose.RENDERER,
    )


def _arxiv_announced(record: Record, arxiv: ArxivFacts, *, feed: Feed, now: datetime) -> date | None:
    """Read the announcement day: the feed's date. The API's dates are submissions instead."""
    if arxiv.announcement is None:
        return None
    for value in (record.published, record.updated, feed.updated):
        said = _same_date(value, now) if value else None
        if said is not None:
            return said.on
    return None


@lru_cache(maxsize=8)
def _same_date(value: str, now: datetime) -> Moment | None:
    """Read a date that all entries of one feed share; arXiv's share the day of the announcement."""
    return dates.read_date(value, now=now)


def _arxiv_dates(
    record: Record, arxiv: ArxivFacts, announced: date | None, *, now: datetime
) -> tuple[Moment | None, Moment | None]:
    """Work out when the first version and this one became public.

    The feed gives only the announcement day. For a new paper that is the day it became public; for a
    replacement it is the day of the new version, and the identifier still tells the month of the first.
    """
    if arxiv.announcement is None:
        published = dates.read_date(record.published, now=now)
        updated = dates.read_date(record.updated, now=now)
        return published, updated if updated != published else None
    month = identifiers.arxiv_month(arxiv.base)
    is_first = (arxiv.version or 1) == 1 and arxiv.announcement in {Announcement.NEW, Announcement.CROSS}
    if is_first and announced is not None and (month is None or _is_near(month, announced)):
        return _moment(announced, Precision.DAY), None
    first = _moment(month, Precision.MONTH) if month else None
    return first, _moment(announced, Precision.DAY) if announced and not is_first else None


def _is_near(month: date, day: date) -> bool:
    """True when the day lies in the month of submission or the one after it."""
    return 0 <= (day.year - month.year) * 12 + day.month - month.month <= 1


def _moment(on: date, precision: Precision) -> Moment:
    return Moment(at=datetime.combine(on, time(), UTC), on=on, precision=precision)


# -- everyone else --------------------------------------------------------------------------------


def _from_feed(record: Record, arxiv: ArxivFacts | None, *, feed: Feed, now: datetime) -> Draft:
    shown, title_kind = titles.strip_title_prefix(record.title.value[:LONGEST_TITLE])
    title = _title(shown, record.title.form, record.external_id)
    facts, form = _facts(record, title=title.plain)
    found = _identifiers(record, facts, arxiv)
    abstract = _prose(shortened(halved(facts.text)), form)
    if abstract is not None and abstract.plain == title.plain:
        abstract = None
    published, updated = _dates(record, facts, now=now)
    feed_name = channel_name(feed.title)
    key = _key(record, found, feed=feed, feed_name=feed_name)
    venue = venue_of(record, facts, feed_name=feed_name, place=key.place)
    kind = title_kind or choose_kind(
        record,
        found,
        claims=(facts.type,),
        host=linking.host_of(record.link),
        journal=facts.venue,
        feed_name=feed_name,
    )
    authors = _authors(record, facts.authors)
    topics = topics_of(record, venue=venue)
    licence = _licence(record)
    return Draft(
        key=key,
        external_id=_safe(record.external_id),
        title=title,
        abstract=abstract,
        authors=authors,
        identifiers=found,
        categories=topics,
        kind=kind,
        links=linking.links_of(record, found, abstract),
        version=linking.version_of(record.link, found.doi or ""),
        published=published,
        updated=updated,
        licence=licence,
        venue=venue,
        language=language.guess(f"{title.plain} {abstract.plain if abstract else ''}"),
        is_teaser=abstract is not None and _is_teaser(abstract, kind),
        fingerprint=_fingerprint(
            title=title,
            abstract=abstract,
            authors=authors,
            found=found,
            categories=topics,
            kind=kind,
            published=published,
            said=(licence or "", "", ""),
        ),
        renderer=prose.RENDERER,
    )


def _facts(record: Record, *, title: str) -> tuple[Standfirst, Form]:
    """Take the description apart, and say how to read the text in it.

    Never joins two texts. The content stands in for a summary that is missing or cut; for one that is only
    lines of facts, or a teaser, too, where the entry is a paper: a blog's own summary is better than its
    whole article.
    """
    first = _apart(record.summary.value, record.summary.form, title)
    if not record.content or record.content.value == record.summary.value:
        return first
    if not record.summary:
        return _apart(record.content.value, record.content.form, title)
    is_paper = "prism:doi" in record.fields or "dc:identifier" in record.fields or bool(first[0].doi)
    if not (
        _is_cut(first[0].text) or not first[0].text or (is_paper and len(first[0].text) < TEASER_CHARACTERS)
    ):
        return first
    second = _apart(record.content.value, record.content.form, title)
    if len(second[0].text) <= len(first[0].text):
        return _joined(first[0], second[0]), first[1]
    return _joined(second[0], first[0]), second[1]


def _apart(description: str, form: Form, title: str) -> tuple[Standfirst, Form]:
    text = halved(description[:LONGEST_TEXT])
    facts = take_apart(text, title=title)
    # Lines that were joined again are HTML, whatever the feed called them.
    return facts, Form.HTML if facts.text.startswith("<p>") and facts.text != text else form


def _joined(facts: Standfirst, others: Standfirst) -> Standfirst:
    """Fill what one description leaves open with what the other says."""
    said = {
        name: getattr(others, name)
        for name in ("authors", "venue", "date", "doi", "pmid", "type")
        if not getattr(facts, name)
    }
    return replace(facts, **said)


def _identifiers(record: Record, facts: Standfirst, arxiv: ArxivFacts | None) -> Identifiers:
    said = [part for value in record.fields.get("dc:identifier", ()) for part in re.split(r"[,;|]\s", value)]
    alternates = [link.href for link in record.links if link.rel == "alternate" or link.title == "doi"]
    addresses = list(dict.fromkeys((record.link, record.external_id, *alternates)))
    named = (record.first("prism:doi"), *said, facts.doi, *addresses)
    doi = _first(identifiers.normalize_doi(value) for value in named if value) or _first(
        linking.doi_in_link(href) for href in addresses if href
    )
    preprint = identifiers.arxiv_from_doi(doi) if doi else None
    base = preprint[0] if preprint else (arxiv.base if arxiv else None)
    places = (record.external_id, record.link, *said)
    return Identifiers(
        doi=None if preprint else doi,
        arxiv=base,
        pmid=facts.pmid or _first(linking.pmid_of(value) for value in places if value),
        pmcid=_first(linking.pmcid_of(value) for value in places if value),
        issn=_first(identifiers.normalize_issn(value) for name in _ISSNS if (value := record.first(name))),
    )


def _dates(record: Record, facts: Standfirst, *, now: datetime) -> tuple[Moment | None, Moment | None]:
    """Read when it was published and revised, at the precision that was written."""
    written = (
        record.published,
        record.first("prism:publicationDate"),
        record.first("dc:date"),
        record.first("prism:coverDate"),
        facts.date,
    )
    published = _first(_date(value, now=now) for value in written if value)
    updated = _date(record.updated, now=now) if record.updated else None
    if published is None:
        return updated, None
    return published, updated if updated is not None and updated.at > published.at else None


def _date(value: str, *, now: datetime) -> Moment | None:
    """Read a date. Midnight sharp is how software writes a day of which it knows no time."""
    moment = dates.read_date(value, now=now)
    if (
        moment is not None
        and moment.precision is Precision.INSTANT
        and ("00:00:00" in value or "T00:00Z" in value)
    ):
        return Moment(moment.at, moment.on, Precision.DAY)
    return moment


def _key(record: Record, found: Identifiers, *, feed: Feed, feed_name: str) -> Key:
    """Choose what the entry is known by: DOI, arXiv name, its own id, its address.

    The place is the entry's host; the feed's, where the link only resolves a name; or the feed's name,
    for a file that has no address.
    """
    linked, home = linking.host_of(record.link), linking.host_of(feed.link)
    if linked in linking.RESOLVERS:
        linked = home or linked
    place = linked or home or linking.host_of(record.external_id) or titles.title_key(feed_name) or "file"
    item = (
        (linking.without_version(found.doi) if found.doi else None)
        or found.arxiv
        or found.pmid
        or linking.bare(_safe(record.external_id), keeps_fragment=True)
        or linking.bare(_safe(record.link))
    )
    if not item:
        raise RecordUnidentified(title=_line(record.title.value[:LONGEST_TITLE])[:200])
    if len(item) > LONGEST_ITEM:
        rest = hashlib.blake2b(item.encode(), digest_size=16).hexdigest()
        item = f"{item[: LONGEST_ITEM - len(rest) - 1]}#{rest}"
    return Key(place[:LONGEST_ITEM], item, linking.version_of(record.link, found.doi or "") or 1)


def _is_teaser(abstract: Prose, kind: Kind) -> bool:
    """True for a standfirst, a summary cut short, or a few words: nothing to overwrite an abstract with."""
    if _is_cut(abstract.plain):
        return True
    if kind is Kind.POST:
        return False
    is_dense = language.guess(abstract.plain) in {"zh", "ja", "ko"}
    return len(abstract.plain) < (TEASER_HAN_CHARACTERS if is_dense else TEASER_CHARACTERS)


def _is_cut(text: str) -> bool:
    end = text[-_CUT_END:]
    return _TAG.sub("", end).rstrip().endswith(_ENDS_CUT)


# -- both -----------------------------------------------------------------------------------------


def _title(raw: str, form: Form, external_id: str) -> Prose:
    title = prose.render_title(unscrambled(_safe(raw[:LONGEST_TITLE])), form)
    if not title.plain:
        raise RecordUntitled(external_id=_safe(external_id)[:200])
    return title


def _prose(raw: str, form: Form) -> Prose | None:
    safe = _safe(raw[:LONGEST_TEXT])
    rendered = prose.render(unscrambled(safe), form) if safe else None
    return rendered if rendered is not None and rendered.plain else None


def _authors(record: Record, written: str) -> tuple[Author, ...]:
    entries = record.authors
    if not entries:
        return names.split_authors(_name(written)) if written else ()
    if len(entries) == 1 and not entries[0].affiliations:
        split = names.split_authors(_name(entries[0].name))
        orcid = identifiers.normalize_orcid(entries[0].uri) if len(split) == 1 and entries[0].uri else None
        return (Author(split[0].name, orcid, split[0].affiliations),) if orcid else split
    found: list[Author] = []
    for entry in entries:
        name = names.clean_name(_name(entry.name))
        if name:
            affiliations = tuple(filter(None, map(_line, entry.affiliations))) if entry.affiliations else ()
            orcid = identifiers.normalize_orcid(entry.uri) if entry.uri else None
            found.append(Author(name, orcid, affiliations))
    return tuple(dict.fromkeys(found))


def _name(written: str) -> str:
    """Take the tags out of names: arXiv's old feeds link each author to a search."""
    return unscrambled(_TAG.sub("", written) if "<a " in written or "</" in written else written)


def _licence(record: Record) -> str | None:
    for name in _LICENCES:
        said = record.first(name) if name in record.fields else ""
        if said.startswith(("http://", "https://")):
            return _safe(said)[:LONGEST_LICENCE]
    return None


def _safe(text: str) -> str:
    """Drop control characters and what no database keeps, in everything that is stored as written."""
    # Asking whether all is printable is twenty times faster than searching.
    is_safe = text.replace("\n", " ").isprintable()
    return text.strip() if is_safe else _UNSAFE.sub("", text).strip()


def _line(text: str) -> str:
    return " ".join(_safe(text).split()) if text else ""


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value), None)
