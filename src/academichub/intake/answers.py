"""Make a Draft of what a connector read: a server that says outright what a feed leaves to be guessed."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from academichub.errors import RecordUnidentified
from academichub.intake import links as linking
from academichub.intake import parts
from academichub.intake.kinds import choose_kind
from academichub.intake.mending import halved
from academichub.intake.relations import flags_of, relations_of
from academichub.intake.venues import LONGEST_VENUE, topics_of
from academichub.model.papers import (
    Draft,
    Form,
    Identifiers,
    Key,
    Kind,
    Link,
    LinkRole,
    Moment,
    Precision,
)
from academichub.text import dates, highwire, identifiers, language, prose, titles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from academichub.model.papers import Prose, Record

LARGEST_VERSION: Final = 9_999
_ISSNS: Final = ("prism:issn", "prism:eIssn")
_KINDS: Final = {kind.value: kind for kind in Kind}
# What readers call a place of which no journal is told.
_NAME_BY_PLACE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "arxiv": "arXiv", "biorxiv.org": "bioRxiv", "medrxiv.org": "medRxiv", "chemrxiv.org": "ChemRxiv",
        "core": "CORE", "crossref": "Crossref", "datacite": "DataCite", "dblp": "DBLP", "doaj": "DOAJ",
        "europepmc": "Europe PMC", "hal": "HAL", "huggingface.co": "Hugging Face", "openaire": "OpenAIRE",
        "openalex": "OpenAlex", "openreview": "OpenReview", "pmc": "PubMed Central", "pubmed": "PubMed",
        "semanticscholar": "Semantic Scholar", "unpaywall": "Unpaywall", "xueshu": "百度学术",
        "zenodo": "Zenodo",
    }
)  # fmt: skip
# The label of an abstract, perhaps in tags of its own; "Abstract interpretation" begins one.
_TAGS: Final = r"b|strong|i|em|u|span|h[1-6]"
_LABEL: Final = re.compile(
    rf"(?P<before>\s{{0,20}}(?:<(?:p|div)\b[^<>]{{0,200}}>\s{{0,20}}){{0,3}})"
    rf"(?P<opened>(?:<(?:{_TAGS})\b[^<>]{{0,200}}>\s{{0,9}}){{0,3}})(?:abstract|summary|摘\s?要)\s{{0,9}}"
    rf"(?P<point>[:：.—–]?)\s{{0,9}}(?P<closed>(?:</(?:{_TAGS})>\s{{0,9}}){{0,3}})"
    rf"(?P<next>(?:<(?:{_TAGS})\b[^<>]{{0,200}}>\s{{0,9}})?)"
    r"(?P<dash>(?:[:：.—–]|-(?=\s)|&[mn]dash;|&#821[12];)?)\s{0,9}(?=\S)",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<[^<>]*>")
_S2: Final = re.compile(r"0*([1-9][0-9]{0,17})", re.ASCII)


def from_answer(record: Record, *, now: datetime) -> Draft:
    """Clean one entry of a connector's answer.

    Args:
        record: The entry, with the fields of the connectors' vocabulary (`docs/sources.md`).
        now: For judging dates.

    Raises:
        RecordUntitled: There is no title to show.
        RecordUnidentified: There is nothing to know the entry by.
    """
    shown, title_kind = titles.strip_title_prefix(halved(record.title.value[: parts.LONGEST_TITLE]))
    title = parts.title_of(shown, record.title.form, record.external_id)
    abstract = _abstract(record, title)
    found = _identifiers(record)
    key = _key(record, found, title=title.plain)
    venue = _venue(record, key)
    said = record.first("hub:kind")
    kind = title_kind or _KINDS.get(said) or _kind(record, found, key)
    published, updated = _dates(record, now=now)
    version = _version(record)
    relations = relations_of(record, itself=found)
    draft = Draft(
        key=key,
        external_id=parts.safe(record.external_id),
        title=title,
        abstract=abstract,
        authors=parts.authors_of(record, ""),
        identifiers=found,
        categories=topics_of(record, venue=venue),
        kind=kind,
        links=_links(record, found, abstract),
        version=version,
        published=published,
        updated=updated,
        licence=parts.licence_of(record),
        venue=venue,
        journal_ref=parts.line(record.first("hub:journal-ref")),
        comment=parts.line(record.first("hub:comment")),
        language=language.guess(f"{title.plain} {abstract.plain if abstract else ''}"),
        is_teaser=abstract is not None
        and record.first("hub:abstract") != "whole"
        and parts.is_teaser(abstract, kind),
        relations=relations,
        flags=flags_of(record, kind=kind),
        renderer=prose.RENDERER,
    )
    return replace(draft, fingerprint=parts.fingerprint(draft))


def _abstract(record: Record, title: Prose) -> Prose | None:
    summary = highwire.unmarked(record.summary.value[: parts.LONGEST_TEXT])
    abstract = parts.prose_of(_without_label(summary), record.summary.form)
    return None if abstract is not None and abstract.plain == title.plain else abstract


def _without_label(text: str) -> str:
    """Drop a leading "Abstract:"; a tag that goes on behind it stays."""
    label = _LABEL.match(text)
    if label is None or not (label["closed"] or label["point"] or label["dash"]):
        return text
    opened, closed = _TAG.findall(label["opened"]), _TAG.findall(label["closed"])
    kept = "".join(opened[: max(0, len(opened) - len(closed))])
    return f"{label['before']}{kept}{label['next']}{text[label.end() :]}"


def _identifiers(record: Record) -> Identifiers:
    said = map(identifiers.normalize_doi, record.fields.get("prism:doi", ()))
    arxiv_by_doi = {doi: identifiers.arxiv_from_doi(doi) for doi in said if doi}
    arxiv = parts.first(arxiv_by_doi.values()) or identifiers.normalize_arxiv(record.first("hub:arxiv"))
    corpus_id = _S2.fullmatch(record.first("hub:s2"))
    return Identifiers(
        doi=next((doi for doi, named in arxiv_by_doi.items() if named is None), None),
        arxiv=arxiv[0] if arxiv else None,
        pmid=identifiers.normalize_pmid(record.first("hub:pmid")),
        pmcid=identifiers.normalize_pmcid(record.first("hub:pmcid")),
        issn=parts.first(
            identifiers.normalize_issn(value) for name in _ISSNS for value in record.fields.get(name, ())
        ),
        openalex=identifiers.normalize_openalex(record.first("hub:openalex")),
        s2=corpus_id[1] if corpus_id else None,
    )


def _key(record: Record, found: Identifiers, *, title: str) -> Key:
    place = parts.safe(record.first("hub:place"))[: parts.LONGEST_ITEM]
    item = (
        parts.safe(record.first("hub:item"))
        or (linking.without_version(found.doi) if found.doi else None)
        or found.arxiv
        or found.pmid
        or parts.safe(record.external_id)
        or linking.bare(parts.safe(record.link))
    )
    if not place or not item:
        raise RecordUnidentified(title=title[:200])
    return Key(place, parts.shortened_item(item), _version(record) or 1)


def _version(record: Record) -> int | None:
    said = record.first("hub:version")
    if said.isascii() and said.isdigit() and 0 < int(said[:9]) <= LARGEST_VERSION:
        return int(said[:9])
    return linking.version_of(record.link, record.first("prism:doi"))


def _venue(record: Record, key: Key) -> str:
    said = record.first("prism:publicationName")[: parts.LONGEST_TITLE]
    named = prose.render_title(said, Form.UNSAID).plain if said else ""
    return (named or _NAME_BY_PLACE.get(key.place, key.place))[:LONGEST_VENUE].strip()


def _kind(record: Record, found: Identifiers, key: Key) -> Kind:
    kind = choose_kind(
        record,
        found,
        claims=(),
        host=linking.host_of(record.link) or key.place,
        journal=record.first("prism:publicationName"),
        feed_name="",
    )
    return Kind.ARTICLE if kind is Kind.POST else kind  # services of science list no blog posts


def _dates(record: Record, *, now: datetime) -> tuple[Moment | None, Moment | None]:
    published = dates.read_date(record.published, now=now) if record.published else None
    updated = dates.read_date(record.updated, now=now) if record.updated else None
    if published is None:
        return updated, None
    is_later = updated is not None and updated.precision in {Precision.DAY, Precision.INSTANT}
    return published, updated if is_later and updated is not None and updated.at > published.at else None


def _links(record: Record, found: Identifiers, abstract: Prose | None) -> tuple[Link, ...]:
    pdfs = [
        Link(linking.bare(one.href), LinkRole.PDF)
        for one in record.links
        if one.title.lower() == "pdf" and linking.is_web(one.href)
    ]
    links = linking.links_of(record, found, abstract)
    return tuple(dict.fromkeys((*links, *pdfs[:1])))
