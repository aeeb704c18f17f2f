"""Turn a Record into a Draft: clean texts, canonical identifiers, honest dates. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from academichub.errors import RecordUnidentified
from academichub.intake import links as linking
from academichub.intake import parts
from academichub.intake.answers import from_answer
from academichub.intake.arxiv import arxiv_categories, read_arxiv
from academichub.intake.kinds import choose_kind
from academichub.intake.mending import halved, shortened, without_page
from academichub.intake.relations import flags_of, relations_of, reported, withdrawn
from academichub.intake.standfirst import Standfirst, take_apart
from academichub.intake.venues import channel_name, topics_of, venue_of
from academichub.model.papers import (
    Announcement,
    Draft,
    Form,
    Identifiers,
    Key,
    Kind,
    Moment,
    Precision,
)
from academichub.text import dates, identifiers, language, prose, titles

if TYPE_CHECKING:
    from academichub.intake.arxiv import ArxivFacts
    from academichub.model.papers import Feed, Record


_ARXIV_DOIS: Final = ("arxiv:DOI", "arxiv:doi")
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
    if "hub:place" in record.fields:
        return from_answer(record, now=now)
    arxiv = read_arxiv(record, feed=feed)
    if arxiv is not None and arxiv.is_own:
        return _from_arxiv(record, arxiv, feed=feed, now=now)
    return _from_feed(record, arxiv, feed=feed, now=now)


# -- arXiv ----------------------------------------------------------------------------------------


def _from_arxiv(record: Record, arxiv: ArxivFacts, *, feed: Feed, now: datetime) -> Draft:
    title = parts.title_of(arxiv.title, record.title.form, record.external_id)
    abstract = parts.prose_of(halved(arxiv.summary.value), arxiv.summary.form)
    announced = _arxiv_announced(record, arxiv, feed=feed, now=now)
    published, updated = _arxiv_dates(record, arxiv, announced, now=now)
    doi = parts.first(
        identifiers.normalize_doi(record.first(name)) for name in _ARXIV_DOIS if name in record.fields
    )
    if doi and identifiers.arxiv_from_doi(doi):
        doi = None  # arXiv's own DataCite name says nothing the identifier does not
    found = Identifiers(doi=doi, arxiv=arxiv.base)
    authors = parts.authors_of(record, "")
    filed_under = arxiv_categories(record, otherwise=arxiv.category)
    licence = parts.licence_of(record)
    journal_ref = parts.line(record.first("arxiv:journal_reference") or record.first("arxiv:journal_ref"))
    comment = parts.line(record.first("arxiv:comment"))
    flags = withdrawn(comment, abstract)
    return Draft(
        key=Key("arxiv", arxiv.base, arxiv.version or 1),
        external_id=parts.safe(record.external_id),
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
        flags=flags,
        fingerprint=parts.content_fingerprint(
            title=title,
            abstract=abstract,
            authors=authors,
            found=found,
            categories=filed_under,
            kind=Kind.PREPRINT,
            published=None if arxiv.announcement else published,
            said=(licence or "", journal_ref, comment, *flags),
        ),
        renderer=prose.RENDERER,
    )


def _arxiv_announced(record: Record, arxiv: ArxivFacts, *, feed: Feed, now: datetime) -> date | None:
    """Read the announcement day: the feed's date. The API's dates are submissions instead."""
    if arxiv.announcement is None:
        return None
    if told := record.first("hub:announced"):
        return date.fromisoformat(told)
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
    if arxiv.announcement is None or "hub:announced" in record.fields:
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
    written = halved(record.title.value[: parts.LONGEST_TITLE])
    written = without_page(written, language=record.language or feed.language)
    shown, title_kind = titles.strip_title_prefix(written)
    title = parts.title_of(shown, record.title.form, record.external_id)
    facts, form = _facts(record, title=title.plain)
    found = _identifiers(record, facts, arxiv)
    abstract = parts.prose_of(shortened(halved(facts.text)), form)
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
    authors = parts.authors_of(record, facts.authors)
    topics = topics_of(record, venue=venue)
    relations = (*relations_of(record, itself=found), *reported(record, kind=kind, itself=found))
    flags = flags_of(record, kind=kind)
    licence = parts.licence_of(record)
    return Draft(
        key=key,
        external_id=parts.safe(record.external_id),
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
        is_teaser=abstract is not None and parts.is_teaser(abstract, kind),
        relations=relations,
        flags=flags,
        fingerprint=parts.content_fingerprint(
            title=title,
            abstract=abstract,
            authors=authors,
            found=found,
            categories=topics,
            kind=kind,
            published=published,
            said=(licence or "", "", "", *parts.belongings(relations, flags)),
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
        parts.is_cut(first[0].text)
        or not first[0].text
        or (is_paper and len(first[0].text) < parts.TEASER_CHARACTERS)
    ):
        return first
    second = _apart(record.content.value, record.content.form, title)
    if len(second[0].text) <= len(first[0].text):
        return _joined(first[0], second[0]), first[1]
    return _joined(second[0], first[0]), second[1]


def _apart(description: str, form: Form, title: str) -> tuple[Standfirst, Form]:
    text = halved(description[: parts.LONGEST_TEXT])
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
    doi = parts.first(identifiers.normalize_doi(value) for value in named if value) or parts.first(
        linking.doi_in_link(href) for href in addresses if href
    )
    preprint = identifiers.arxiv_from_doi(doi) if doi else None
    base = preprint[0] if preprint else (arxiv.base if arxiv else None)
    places = (record.external_id, record.link, *said)
    return Identifiers(
        doi=None if preprint else doi,
        arxiv=base,
        pmid=facts.pmid or parts.first(linking.pmid_of(value) for value in places if value),
        pmcid=parts.first(linking.pmcid_of(value) for value in places if value),
        issn=parts.first(
            identifiers.normalize_issn(value) for name in _ISSNS if (value := record.first(name))
        ),
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
    published = parts.first(_date(value, now=now) for value in written if value)
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
        or linking.bare(parts.safe(record.external_id), keeps_fragment=True)
        or linking.bare(parts.safe(record.link))
    )
    if not item:
        raise RecordUnidentified(title=parts.line(record.title.value[: parts.LONGEST_TITLE])[:200])
    return Key(
        place[: parts.LONGEST_ITEM],
        parts.shortened_item(item),
        linking.version_of(record.link, found.doi or "") or 1,
    )
