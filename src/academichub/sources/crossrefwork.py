"""Make a Record of one Crossref work: its people, dates, licence, and what it says of other works."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from academichub.errors import RecordBroken, RecordUnidentified
from academichub.model.papers import Form, Kind, Record, RecordAuthor, RecordLink, Text
from academichub.sources.jats import to_html
from academichub.sources.jsonanswer import at, fields_of, objects, string, strings
from academichub.text.identifiers import (
    doi_url,
    is_news_doi,
    normalize_arxiv,
    normalize_doi,
    normalize_orcid,
    normalize_pmid,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from academichub.sources.limits import Limits

Work = dict[str, "Any"]


@dataclass(frozen=True, slots=True)
class Server:
    """A preprint server: the host that its own feeds link to, and its name."""

    place: str
    name: str


BIORXIV: Final = Server("biorxiv.org", "bioRxiv")
MEDRXIV: Final = Server("medrxiv.org", "medRxiv")
_SERVERS: Final = {"biorxiv": BIORXIV, "medrxiv": MEDRXIV}  # two servers that share their prefixes
CHEMRXIV: Final = Server("chemrxiv.org", "ChemRxiv")
_SERVER_BY_PREFIX: Final = (
    ("10.26434/", CHEMRXIV),
    ("10.2139/ssrn", Server("papers.ssrn.com", "SSRN")),
)
POSTED: Final = "posted-content"
_PREPRINTS: Final = frozenset({"", "preprint", "working_paper"})  # subtypes of posted content
_KINDS: Final = {
    "journal-article": Kind.ARTICLE,
    "proceedings-article": Kind.ARTICLE,
    "dataset": Kind.DATASET,
}
_PUBLISHED: Final = ("published-online", "published-print", "posted", "published", "issued", "created")
# Which of several licences is meant for readers: that of the version of record, then what names no
# version, then the author's. Those for text mining and between publishers grant readers nothing.
_LICENCE_ORDER: Final = ("vor", "unspecified", "am")
_NOT_FOR_READERS: Final = frozenset({"tdm", "stm-asf"})
_VERSION: Final = re.compile(r"[/._-]v([0-9]{1,3})$", re.IGNORECASE)
_VERSION_SAID: Final = re.compile(r"v?\.?\s?([0-9]{1,4})", re.IGNORECASE)
_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_MOST_RELATIONS: Final = 200
_YEAR_DIGITS: Final = 4

# Crossref's names of relations that the hub has a word for, as `relation` of a work names them. Comments
# and replies, translations and supplements are works of their own: they are kept under "crossref:relation".
_BONDS: Final = {
    "is-preprint-of": "preprint-of",
    "has-preprint": "has-preprint",
    "is-version-of": "version-of",
    "has-version": "version-of",
    "is-same-as": "version-of",
    "is-identical-to": "version-of",
    "is-manuscript-of": "version-of",
    "has-manuscript": "version-of",
    "is-format-of": "version-of",
    "has-format": "version-of",
    "replaces": "version-of",
    "is-replaced-by": "version-of",
    "is-correction-of": "corrects",
    "is-corrected-by": "corrected-by",
    "is-retraction-of": "retracts",
    "is-retracted-by": "retracted-by",
    "is-review-of": "reviews",
    "is-part-of": "part-of",
}
# Types of updates: what the notice does to the work, and what the work says of the notice.
_CORRECTS: Final = ("corrects", "corrected-by")
_RETRACTS: Final = ("retracts", "retracted-by")
_UPDATES: Final = {
    "addendum": _CORRECTS,
    "clarification": _CORRECTS,
    "correction": _CORRECTS,
    "corrigendum": _CORRECTS,
    "erratum": _CORRECTS,
    "partial_retraction": _CORRECTS,
    "retraction": _RETRACTS,
    "removal": _RETRACTS,
    "withdrawal": _RETRACTS,
    "expression_of_concern": ("raises-concern", "concern-raised-by"),
    "new_version": ("version-of", "version-of"),
}
_NOTICES: Final = {"corrects": Kind.CORRECTION, "retracts": Kind.RETRACTION}


@dataclass(frozen=True, slots=True)
class Updates:
    """What a work says of the works it changes and of those that change it."""

    relations: tuple[str, ...]
    notice: Kind | None  # what the work itself is, where it is there to change another one
    is_retracted: bool


def record_of(work: object, position: int, limits: Limits) -> Record:
    """Read one work.

    Raises:
        RecordBroken: It is no object, or a text is longer than its cap.
        RecordUnidentified: It has no DOI.
    """
    if not isinstance(work, dict):
        raise RecordBroken(reason=f"a work that is a {type(work).__name__}, not an object", line=None)
    titles = strings(work, "title")
    title, abstract = titles[0] if titles else "", string(work, "abstract")
    if len(title) > limits.title_characters or len(abstract) > limits.text_characters:
        raise RecordBroken(reason="a text longer than its cap", line=None)
    doi = string(work, "DOI")
    if not doi:
        raise RecordUnidentified(title=title[:200])
    canonical = normalize_doi(doi)
    summary = to_html(abstract) if abstract else ""
    language = string(work, "language")
    return Record(
        position=position,
        external_id=doi,
        title=Text(title, Form.HTML),
        link=doi_url(canonical) if canonical else string(work, "URL"),
        links=tuple(_links(work)),
        published=next(filter(None, (_date(work, name) for name in _PUBLISHED)), ""),
        updated=_date(work, "content-updated"),
        authors=tuple(_authors(work)),
        summary=Text(summary, Form.HTML),
        categories=tuple(dict.fromkeys((*strings(work, "subject"), *_section(work)))),
        language=language,
        fields=fields_of(
            {
                "prism:doi": doi,
                "dc:language": language,
                "hub:abstract": "whole" if summary else "",
                **_venue(work, doi),
                **_standing(work, canonical or doi),
                **_kept(work),
            }
        ),
    )


# -- where and what it is ---------------------------------------------------------------------------


def _server(work: Work, doi: str) -> Server | None:
    """Name the preprint server that a work is on; None for all others."""
    for prefix, server in _SERVER_BY_PREFIX:
        if doi.lower().startswith(prefix):
            return server
    if string(work, "type") != POSTED:
        return None
    named = (string(each, "name").lower() for each in objects(work, "institution"))
    return next((_SERVERS[name] for name in named if name in _SERVERS), None)


def _section(work: Work) -> tuple[str, ...]:
    """Give the subject a server files a preprint under; elsewhere the group may be the server itself."""
    group = string(work, "group-title")
    is_subject = _server(work, string(work, "DOI")) in {BIORXIV, MEDRXIV, CHEMRXIV}
    return (group,) if group and is_subject else ()


def _venue(work: Work, doi: str) -> dict[str, object]:
    """Say where the work appeared, and under which terms."""
    server = _server(work, doi)
    containers = strings(work, "container-title")
    if not containers and string(work, "type") == POSTED:
        containers = [name for each in objects(work, "institution") if (name := string(each, "name"))]
    issns = {string(each, "type"): string(each, "value") for each in objects(work, "issn-type")}
    electronic = issns.get("electronic", "")
    pages = re.split(r"\s*[-–]\s*", string(work, "page") or string(work, "article-number"), maxsplit=1)
    return {
        "hub:place": server.place if server else "crossref",
        "prism:publicationName": server.name if server else containers[:1] or string(work, "publisher"),
        "prism:issn": issns.get("print") or [each for each in strings(work, "ISSN") if each != electronic],
        "prism:eIssn": electronic,
        "prism:isbn": strings(work, "ISBN"),
        "prism:volume": string(work, "volume"),
        "prism:number": string(work, "issue"),
        "prism:startingPage": pages[0],
        "prism:endingPage": pages[1:],
        "dcterms:license": _licence(work),
        "dc:publisher": string(work, "publisher"),
    }


def _standing(work: Work, doi: str) -> dict[str, object]:
    """Say what sort of work it is, which version, and how it stands to others."""
    kind, subtype = string(work, "type"), string(work, "subtype")
    updates = _updates(work, doi)
    is_preprint = _server(work, doi) is not None or (kind == POSTED and subtype == "preprint")
    if updates.notice is not None:
        known: Kind | None = updates.notice
    elif is_news_doi(doi):
        known = Kind.NEWS
    else:
        known = Kind.PREPRINT if is_preprint else _KINDS.get(kind)
    # The first word counts: posted content may be a blog's, and is no preprint where it says otherwise.
    types = (kind, subtype) if kind != POSTED or subtype in _PREPRINTS else (subtype, kind)
    return {
        "dc:type": types,
        "hub:kind": known.value if known else "",
        "hub:version": _version(work, doi),
        "hub:relation": (*updates.relations, *(_reported(work) if known is Kind.NEWS else ())),
        "hub:retracted": "yes" if updates.is_retracted else "",
    }


def _reported(work: Work) -> tuple[str, ...]:
    """Tell which paper a news piece is about: the only one on its list of references."""
    named = [normalize_doi(string(each, "DOI")) for each in objects(work, "reference")]
    found = {doi for doi in named if doi is not None and not is_news_doi(doi)}
    return tuple(f"about doi:{doi}" for doi in found) if len(found) == 1 else ()


def _version(work: Work, doi: str) -> str:
    said = _VERSION_SAID.fullmatch(string(work, "version", "version"))
    if said is None and string(work, "type") == POSTED:
        said = _VERSION.search(doi)
    return said[1] if said else ""


def _kept(work: Work) -> dict[str, object]:
    """Keep what has no canonical place under Crossref's own names."""
    return {
        "crossref:title": strings(work, "title")[1:],
        "crossref:subtitle": strings(work, "subtitle"),
        "crossref:original-title": strings(work, "original-title"),
        "crossref:group-title": string(work, "group-title"),
        "crossref:institution": [string(each, "name") for each in objects(work, "institution")],
        "crossref:indexed": string(work, "indexed", "date-time"),
        "crossref:deposited": string(work, "deposited", "date-time"),
        "crossref:is-referenced-by-count": string(work, "is-referenced-by-count"),
        "crossref:alternative-id": strings(work, "alternative-id"),
        "crossref:resource": string(work, "resource", "primary", "URL"),
        "crossref:license": [
            " ".join(
                filter(None, (string(each, "content-version"), _date(each, "start"), string(each, "URL")))
            )
            for each in objects(work, "license")
        ],
        "crossref:relation": list(_other_relations(work)),
        "crossref:update-to": list(_notices(work, "update-to")),
        "crossref:updated-by": list(_notices(work, "updated-by")),
    }


# -- people, dates, links ---------------------------------------------------------------------------


def _authors(work: Work) -> Iterator[RecordAuthor]:
    """Give the authors, first one first, also where the list does not begin with it."""
    people = sorted(objects(work, "author"), key=lambda person: string(person, "sequence") != "first")
    for person in people:
        name = _name(person)
        if name:
            orcid = normalize_orcid(string(person, "ORCID"))
            places = [string(each, "name") for each in objects(person, "affiliation")]
            yield RecordAuthor(
                name=name,
                uri=f"https://orcid.org/{orcid}" if orcid else "",
                affiliations=tuple(filter(None, places)),
            )


def _name(person: Work) -> str:
    """Write a name in reading order; Chinese names begin with the family, without a space."""
    given, family = string(person, "given"), string(person, "family")
    if _HAN.fullmatch(given) and _HAN.fullmatch(family):
        return family + given
    return " ".join(filter(None, (given, family, string(person, "suffix")))) or string(person, "name")


def _date(container: Work, name: str) -> str:
    """Write a date as precisely as it is said: "2026", "2026-06", "2026-06-18"; "" for none.

    Parts may be null, and months and days may be such that no calendar has them (seasons, the 31st of
    June): the date ends before them.
    """
    said = at(container, name, "date-parts")
    first = said[0] if isinstance(said, list) and said and isinstance(said[0], list) else []
    year, month, day = (*map(_whole, first[:3]), 0, 0, 0)[:3]
    for parts, length in (((year, month, day), 10), ((year, month, 1), 7), ((year, 1, 1), 4)):
        try:
            return date(*parts).isoformat()[:length]
        except ValueError:
            continue
    return ""


def _whole(part: object) -> int:
    """Give a part of a date, also one written as text; 0, which is in no calendar, for anything else."""
    text = str(part) if isinstance(part, int | str) and not isinstance(part, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _YEAR_DIGITS else 0


def _licence(work: Work) -> str:
    """Choose the address of the licence for readers: of the best version, the one that holds first."""

    def rank(licence: Work) -> tuple[int, str]:
        version = string(licence, "content-version")
        order = _LICENCE_ORDER.index(version) if version in _LICENCE_ORDER else len(_LICENCE_ORDER)
        return order, _date(licence, "start")

    found = [
        each
        for each in objects(work, "license")
        if string(each, "URL") and string(each, "content-version") not in _NOT_FOR_READERS
    ]
    return string(min(found, key=rank), "URL") if found else ""


def _links(work: Work) -> Iterator[RecordLink]:
    """Give the PDFs, those for readers first, and then the other forms of the text."""
    links = [each for each in objects(work, "link") if string(each, "URL")]
    for link in sorted((each for each in links if _is_pdf(each)), key=_is_for_machines):
        yield RecordLink(string(link, "URL"), rel="related", type="application/pdf", title="pdf")
    for link in links:
        if not _is_pdf(link) and not _is_for_machines(link):
            kind = string(link, "content-type")
            yield RecordLink(string(link, "URL"), rel="related", type="" if kind == "unspecified" else kind)


def _is_pdf(link: Work) -> bool:
    path = string(link, "URL").lower().partition("?")[0]
    return string(link, "content-type") == "application/pdf" or path.endswith(".pdf")


def _is_for_machines(link: Work) -> bool:
    return string(link, "intended-application") == "similarity-checking"


# -- other works ------------------------------------------------------------------------------------


def _updates(work: Work, doi: str) -> Updates:
    """Read relations and updates.

    A work that names itself says nothing of another one; but where it names itself as retracted, the
    publisher has marked the work in place and given its notice no DOI of its own.
    """
    relations: dict[str, None] = {}
    for name, related in _related(work):
        if name in _BONDS and (named := _named(related, doi)):
            relations[f"{_BONDS[name]} {named}"] = None
    notices: list[Kind] = []
    is_retracted = False
    for member, side in (("update-to", 0), ("updated-by", 1)):
        for update in objects(work, member)[:_MOST_RELATIONS]:
            bonds = _UPDATES.get(_update_type(update))
            if bonds is None:
                continue
            target = normalize_doi(string(update, "DOI"))
            is_retracted |= bonds is _RETRACTS and (side == 1 or target == doi)
            if target is None or target == doi:
                continue
            relations[f"{bonds[side]} doi:{target}"] = None
            if bonds[side] in _NOTICES:
                notices.append(_NOTICES[bonds[side]])
    is_retracted |= any(relation.startswith("retracted-by ") for relation in relations)
    notice = max(notices, key=lambda kind: kind is Kind.RETRACTION, default=None)
    return Updates(tuple(relations), notice, is_retracted)


def _related(work: Work) -> Iterator[tuple[str, Work]]:
    """Give each relation with its name, up to a bound."""
    relation = work.get("relation")
    left = _MOST_RELATIONS
    for name in relation if isinstance(relation, dict) else ():
        for related in objects(relation, name)[:left]:
            left -= 1
            yield name.lower(), related


def _named(related: Work, doi: str) -> str:
    """Write what a relation leads to as "scheme:value"; "" where it is no paper, or the work itself."""
    value, kind = string(related, "id"), string(related, "id-type").lower()
    if kind in {"doi", "uri", ""} and (target := normalize_doi(value)):
        return f"doi:{target}" if target != doi else ""
    if kind in {"arxiv", "uri", ""} and (arxiv := normalize_arxiv(value)):
        return f"arxiv:{arxiv[0]}"
    if kind == "pmid" and (pmid := normalize_pmid(value)):
        return f"pmid:{pmid}"
    return ""


def _other_relations(work: Work) -> Iterator[str]:
    """Write down the relations that the hub has no word for, as Crossref names them."""
    for name, related in _related(work):
        if name not in _BONDS and (value := string(related, "id")):
            yield f"{name} {string(related, 'id-type') or 'id'}:{value}"


def _notices(work: Work, member: str) -> Iterator[str]:
    """Write down updates in full: type, DOI, day, label, and who says so."""
    for update in objects(work, member)[:_MOST_RELATIONS]:
        doi = string(update, "DOI")
        said = (
            _update_type(update),
            f"doi:{doi}" if doi else "",
            _date(update, "updated"),
            string(update, "label"),
            f"({string(update, 'source')})" if string(update, "source") else "",
        )
        yield " ".join(filter(None, said))


def _update_type(update: Work) -> str:
    return string(update, "type").lower().replace("-", "_").replace(" ", "_")
