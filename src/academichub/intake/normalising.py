"""Turn a Record into a Draft: clean texts, canonical identifiers, honest dates. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from academichub.errors import RecordUnidentified, RecordUntitled
from academichub.intake import links as linking
from academichub.intake.arxiv import arxiv_categories, read_arxiv
from academichub.intake.kinds import choose_kind
from academichub.intake.standfirst import take_apart
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
    from academichub.intake.standfirst import Standfirst
    from academichub.model.papers import Feed, Record

T = TypeVar("T")

# Below this a journal's text is a standfirst, not an abstract (ingest reference, section 2.8).
TEASER_CHARACTERS: Final = 350
# A Chinese character says about as much as two and a half of English.
TEASER_HAN_CHARACTERS: Final = 140
# Feeds with the whole article in `content`: what a card can carry.
LONGEST_ABSTRACT: Final = 6_000
MOST_TOPICS: Final = 12
LONGEST_TOPIC: Final = 80
# Shorter texts repeat by chance ("Ping! Ping!").
SHORTEST_HALF: Final = 20
_TRUNCATED: Final = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*$")
_UNSAFE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def normalise(record: Record, *, feed: Feed, now: datetime) -> Draft:
    """Clean one entry.

    Args:
        record: The entry as its source wrote it.
        feed: The answer it came in: its title, link and language help where the entry says nothing.
        now: For judging dates.

    Raises:
        RecordUntitled: There is no title to show.
        RecordUnidentified: There is nothing to know the entry by.
    """
    arxiv = read_arxiv(record)
    if arxiv is not None and arxiv.is_own:
        return _finish(_from_arxiv(record, arxiv, now=now))
    return _finish(_from_feed(record, arxiv, feed=feed, now=now))


def fingerprint(draft: Draft) -> str:
    """Hash the content: 32 hex digits; equal for two drafts that show the same.

    Announcement type and day are left out: one version is `new` in one feed and `cross` in another.
    """
    content = [
        draft.title.raw,
        draft.abstract.raw if draft.abstract else None,
        [[author.name, author.orcid, author.affiliations] for author in draft.authors],
        draft.identifiers.pairs(),
        draft.categories,
        draft.kind.value,
        draft.published.at.isoformat() if draft.published else None,
        draft.licence,
        draft.journal_ref,
        draft.comment,
    ]
    packed = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.blake2b(packed.encode(), digest_size=16).hexdigest()


# -- arXiv ----------------------------------------------------------------------------------------


def _from_arxiv(record: Record, arxiv: ArxivFacts, *, now: datetime) -> Draft:
    title = _title(arxiv.title, Form.PLAIN, record.external_id)
    abstract = _prose(_halved(arxiv.summary), Form.PLAIN)
    announced = _arxiv_announced(record, arxiv, now=now)
    published, updated = _arxiv_dates(record, arxiv, announced, now=now)
    doi = _first(
        identifiers.normalize_doi(value) for value in (record.first("arxiv:DOI"), record.first("arxiv:doi"))
    )
    if doi and identifiers.arxiv_from_doi(doi):
        doi = None  # arXiv's own DataCite name says nothing the identifier does not
    return Draft(
        key=Key("arxiv", arxiv.base, arxiv.version or 1),
        external_id=_safe(record.external_id),
        title=title,
        abstract=abstract,
        authors=_authors(record, ""),
        identifiers=Identifiers(doi=doi, arxiv=arxiv.base),
        categories=arxiv_categories(record),
        kind=Kind.PREPRINT,
        links=linking.arxiv_links(arxiv.base, abstract),
        version=arxiv.version,
        announcement=arxiv.announcement,
        announced_on=announced,
        published=published,
        updated=updated,
        licence=_licence(record),
        venue="arXiv",
        journal_ref=_line(record.first("arxiv:journal_reference") or record.first("arxiv:journal_ref")),
        comment=_line(record.first("arxiv:comment")),
        language="en",
    )


def _arxiv_announced(record: Record, arxiv: ArxivFacts, *, now: datetime) -> date | None:
    """Read the announcement day: the feed's date. The API's dates are submissions instead."""
    if arxiv.announcement is None:
        return None
    said = dates.read_date(record.published or record.updated, now=now)
    return said.on if said is not None else None


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
    announced_moment = _day(announced) if announced else None
    is_first = (arxiv.version or 1) == 1 and arxiv.announcement in {Announcement.NEW, Announcement.CROSS}
    if is_first and announced_moment is not None and (month is None or _is_near(month, announced_moment.on)):
        return announced_moment, None
    first = replace(_day(month), precision=Precision.MONTH) if month else None
    return first, announced_moment if (arxiv.version or 1) > 1 else None


def _is_near(month: date, day: date) -> bool:
    """True when the day lies in the month of submission or the one after it."""
    return 0 <= (day.year - month.year) * 12 + day.month - month.month <= 1


def _day(on: date) -> Moment:
    return Moment(at=datetime.combine(on, time(), UTC), on=on, precision=Precision.DAY)


# -- everyone else --------------------------------------------------------------------------------


def _from_feed(record: Record, arxiv: ArxivFacts | None, *, feed: Feed, now: datetime) -> Draft:
    shown, title_kind = titles.strip_title_prefix(record.title.value)
    title = _title(shown, record.title.form, record.external_id)
    facts = take_apart(_description(record), title=title.plain)
    form = record.content.form if not record.summary else record.summary.form
    abstract = _prose(_shortened(_halved(facts.text)), form)
    if abstract is not None and abstract.plain == title.plain:
        abstract = None
    found = _identifiers(record, facts, arxiv)
    published, updated = _dates(record, facts, now=now)
    guessed = language.guess(f"{title.plain} {abstract.plain if abstract else ''}")
    key = _key(record, found, feed)
    venue = _venue(record, facts, feed, key.place)
    return Draft(
        key=key,
        external_id=_safe(record.external_id),
        title=title,
        abstract=abstract,
        authors=_authors(record, facts.authors),
        identifiers=found,
        categories=_topics(record, venue),
        kind=title_kind or choose_kind(record, found, facts.type, venue),
        links=linking.links_of(record, found, abstract),
        version=linking.version_in_link(record.link),
        published=published,
        updated=updated,
        licence=_licence(record),
        venue=venue,
        language=guessed,
        is_teaser=abstract is not None and _is_teaser(abstract, record, found),
    )


def _description(record: Record) -> str:
    """Choose one text, never two joined: the summary, unless the content is its full length."""
    summary, content = record.summary.value.strip(), record.content.value.strip()
    if not summary or not content:
        return summary or content
    is_cut = _TRUNCATED.search(summary) is not None
    return content if is_cut and len(content) > len(summary) else summary


def _halved(text: str) -> str:
    """Keep half of a text that a source wrote twice in a row (ingest reference, 3.1, defect 2)."""
    folded = " ".join(text.split())
    half, odd = divmod(len(folded), 2)
    if half > SHORTEST_HALF:
        if odd and folded[half] == " " and folded[:half] == folded[half + 1 :]:
            return folded[:half]
        if not odd and folded[:half] == folded[half:]:
            return folded[:half]
    return text


def _shortened(text: str) -> str:
    """Cut an article that came whole at the end of a paragraph or sentence."""
    if len(text) <= LONGEST_ABSTRACT:
        return text
    head = text[:LONGEST_ABSTRACT]
    cut = max(head.rfind("</p>") + 4, head.rfind("\n\n"), head.rfind(". ") + 1, head.rfind("。") + 1)
    return head[: cut if cut > LONGEST_ABSTRACT // 4 else LONGEST_ABSTRACT].rstrip() + " …"


def _identifiers(record: Record, facts: Standfirst, arxiv: ArxivFacts | None) -> Identifiers:
    named = (
        record.first("prism:doi"),
        *record.fields.get("dc:identifier", ()),
        facts.doi,
        record.external_id,
        record.link,
        *(link.href for link in record.links),
    )
    doi = _first(identifiers.normalize_doi(value) for value in named if value) or _first(
        linking.doi_in_link(href) for href in (record.link, record.external_id)
    )
    preprint = identifiers.arxiv_from_doi(doi) if doi else None
    base = preprint[0] if preprint else (arxiv.base if arxiv else None)
    issns = (record.first(name) for name in ("prism:issn", "prism:eIssn", "prism:eissn", "dc:source"))
    return Identifiers(
        doi=None if preprint else doi,
        arxiv=base,
        pmid=_first(
            map(linking.pmid_of, (record.external_id, record.link, *record.fields.get("dc:identifier", ())))
        ),
        pmcid=_first(map(linking.pmcid_of, (record.external_id, record.link))),
        issn=_first(identifiers.normalize_issn(value) for value in issns if value),
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
    published = _first(dates.read_date(value, now=now) for value in written if value)
    updated = dates.read_date(record.updated, now=now) if record.updated else None
    if published is None:
        return updated, None
    return published, updated if updated is not None and updated.at > published.at else None


def _key(record: Record, found: Identifiers, feed: Feed) -> Key:
    """Choose what the entry is known by: DOI, arXiv name, its own id, its address."""
    place = linking.host_of(record.link) or linking.host_of(feed.link) or "unknown"
    version = linking.version_in_link(record.link) or 1
    item = found.doi or found.arxiv or found.pmid or record.external_id.strip() or linking.bare(record.link)
    if not item:
        raise RecordUnidentified(title=_line(record.title.value)[:200])
    return Key(place, _safe(item)[:500], version)


def _venue(record: Record, facts: Standfirst, feed: Feed, place: str) -> str:
    said = record.first("prism:publicationName") or facts.venue or _line(record.first("rss:source"))
    return prose.render_title(said or _feed_name(feed.title) or place).plain[:120]


def _feed_name(title: str) -> str:
    """Give a channel's name without what makes it a feed: "X — latest articles", "X RSS"."""
    bare = re.split(r"\s*(?:—|–|\||::|»)\s*|:\s+(?=Latest|Recent|Current)", title.strip())[0]
    return re.sub(
        r"(?i)\s+(?:current issue|latest articles|recent articles|rss(?: feed)?)+\s*$", "", bare
    ).strip()


def _topics(record: Record, venue: str) -> tuple[str, ...]:
    said = (*record.categories, *record.fields.get("prism:section", ()))
    lines = (prose.render_title(one).plain for one in said if one.strip() and len(one) <= LONGEST_TOPIC)
    return tuple(dict.fromkeys(line for line in lines if line and not line.startswith(venue)))[:MOST_TOPICS]


def _is_teaser(abstract: Prose, record: Record, found: Identifiers) -> bool:
    """True for a standfirst, a summary cut short, or a few words: nothing to overwrite an abstract with."""
    if _TRUNCATED.search(abstract.plain):
        return True
    if not (found.doi or found.issn or record.first("prism:publicationName")):
        return False
    is_han = language.guess(abstract.plain) in {"zh", "ja"}
    return len(abstract.plain) < (TEASER_HAN_CHARACTERS if is_han else TEASER_CHARACTERS)


# -- both -----------------------------------------------------------------------------------------


def _title(raw: str, form: Form, external_id: str) -> Prose:
    title = prose.render_title(_safe(raw), form)
    if not title.plain:
        raise RecordUntitled(external_id=_safe(external_id)[:200])
    return title


def _prose(raw: str, form: Form) -> Prose | None:
    rendered = prose.render(_safe(raw), form) if raw.strip() else None
    return rendered if rendered is not None and rendered.plain else None


def _authors(record: Record, written: str) -> tuple[Author, ...]:
    entries = record.authors
    if not entries and written:
        return names.split_authors(written)
    if len(entries) == 1 and not entries[0].affiliations:
        return names.split_authors(entries[0].name)
    found: list[Author] = []
    for entry in entries:
        name = names.clean_name(entry.name)
        if name:
            affiliations = tuple(filter(None, (_line(place) for place in entry.affiliations)))
            found.append(Author(name, identifiers.normalize_orcid(entry.uri), affiliations))
    return tuple(dict.fromkeys(found))


def _licence(record: Record) -> str | None:
    for name in ("dc:rights", "cc:license", "creativeCommons:license", "dcterms:license"):
        said = record.first(name)
        if urlsplit(said).scheme in {"http", "https"}:
            return said[:300]
    return None


def _finish(draft: Draft) -> Draft:
    return replace(draft, fingerprint=fingerprint(draft), renderer=prose.RENDERER)


def _safe(text: str) -> str:
    """Drop control characters and what no database keeps, in everything that is stored as written."""
    return _UNSAFE.sub("", text).strip()


def _line(text: str) -> str:
    return " ".join(_safe(text).split())


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value), None)
