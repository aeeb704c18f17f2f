"""Read DataCite's XML, kernels 2 to 4, bare or in the envelope of its OAI-PMH server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Form, Record, RecordAuthor, RecordLink, Text
from academichub.sources.jats import element_to_html
from academichub.sources.jsonanswer import fields_of
from academichub.sources.xmlanswer import local, text_at, text_of, texts_at
from academichub.sources.xmlparts import broken, full_name, reading_order, with_subtitle, written_date
from academichub.text.identifiers import (
    doi_url,
    normalize_arxiv,
    normalize_doi,
    normalize_issn,
    normalize_orcid,
    normalize_pmid,
)
from academichub.text.markup import is_web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

PLACE: Final = "datacite"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

_KINDS: Final = {
    "dataset": "dataset",
    "preprint": "preprint",
    "journalarticle": "article",
    "datapaper": "article",
}
_RELATIONS: Final = {
    "ispreprintof": "preprint-of", "haspreprint": "has-preprint",
    "isversionof": "version-of", "hasversion": "version-of", "isnewversionof": "version-of",
    "ispreviousversionof": "version-of", "isvariantformof": "version-of", "isoriginalformof": "version-of",
    "isidenticalto": "version-of", "obsoletes": "version-of", "isobsoletedby": "version-of",
    "reviews": "reviews", "ispartof": "part-of", "ispublishedin": "part-of",
}  # fmt: skip
# What a preprint is a version of, when that is of these types, is its published form.
_PUBLISHED_TYPES: Final = frozenset({"journalarticle", "conferencepaper", "bookchapter", "book"})
_CITATIONS: Final = frozenset({"Cites", "IsCitedBy", "References", "IsReferencedBy"})
_DATES: Final = ("issued", "available", "submitted", "created")
_WHOLE_NUMBER: Final = re.compile(r"v?\.?\s?([0-9]{1,3})(?:\.0)*", re.IGNORECASE)


def read(element: _Element, external_id: str, position: int) -> Record:
    """Read a `resource`, or the one in an `oai_datacite` envelope.

    Raises:
        RecordBroken: There is no resource, or it has neither an identifier nor titles: it is not DataCite's.
    """
    resource = element if local(element) == "resource" else element.find(".//{*}resource")
    if resource is None:
        raise broken(element, f"no resource in <{local(element)}>")
    if resource.find("{*}identifier") is None and resource.find("{*}titles") is None:
        raise broken(resource, "a resource that is not DataCite's")
    doi = _doi(resource)
    addresses = [text for kind, text in _alternates(resource) if kind == "url" and is_web(text)]
    link = doi_url(doi) if doi else next(iter(addresses), "")
    abstract = _abstract(resource)
    return Record(
        position=position,
        external_id=external_id or text_at(resource, "{*}identifier"),
        title=_title(resource),
        link=link,
        links=tuple(RecordLink(href, "related") for href in addresses if href != link),
        published=_published(resource),
        updated=_date(resource, "updated"),
        authors=tuple(_creators(resource)),
        summary=abstract if abstract is not None else _other_description(resource),
        categories=tuple(dict.fromkeys(texts_at(resource, "{*}subjects/{*}subject"))),
        language=text_at(resource, "{*}language"),
        fields=_fields(resource, doi, has_abstract=abstract is not None),
    )


def _fields(resource: _Element, doi: str, *, has_abstract: bool) -> dict[str, tuple[str, ...]]:
    general = _general_type(resource)
    version = _WHOLE_NUMBER.fullmatch(text_at(resource, "{*}version"))
    container = _container(resource)
    named = [text for _, text in _alternates(resource)]
    papers = (paper for text in (doi, *named) if text and (paper := normalize_arxiv(text)))
    arxiv = next((f"{base}v{number}" if number else base for base, number in papers), "")
    specific, publisher = text_at(resource, "{*}resourceType"), text_at(resource, "{*}publisher")
    return fields_of(
        {
            "hub:place": PLACE,
            "hub:version": version[1] if version else "",
            "hub:kind": _KINDS.get(general.lower(), "preprint" if specific.lower() == "preprint" else ""),
            "hub:abstract": "whole" if has_abstract else "",
            "hub:relation": list(dict.fromkeys(_relations(resource, general.lower()))),
            "hub:arxiv": arxiv,
            "prism:doi": doi,
            **_container_fields(container),
            "prism:publicationName": _container_title(resource, container) or publisher,
            "dcterms:license": [href for href in _licences(resource) if is_web(href)][:1],
            "dc:rights": [*texts_at(resource, "{*}rightsList/{*}rights"), text_at(resource, "{*}rights")],
            "dc:type": [general, specific],
            "dc:language": text_at(resource, "{*}language"),
            "dc:publisher": publisher,
            "datacite:version": text_at(resource, "{*}version"),
            "datacite:alternateIdentifier": named,
            "datacite:related": _all_related(resource),
        }
    )


# -- identifiers ----------------------------------------------------------------------------------


def _doi(resource: _Element) -> str:
    one = resource.find("{*}identifier")
    if one is None or (one.get("identifierType") or "DOI").upper() != "DOI":
        return ""
    value = text_of(one)
    return value if normalize_doi(value) else ""


def _alternates(resource: _Element) -> list[tuple[str, str]]:
    found = resource.iterfind("{*}alternateIdentifiers/{*}alternateIdentifier")
    return [
        ((one.get("alternateIdentifierType") or "").lower(), text) for one in found if (text := text_of(one))
    ]


def _relations(resource: _Element, general: str) -> Iterator[str]:
    for one in resource.iterfind("{*}relatedIdentifiers/{*}relatedIdentifier"):
        kind = _RELATIONS.get((one.get("relationType") or "").lower(), "")
        name = _named(text_of(one), (one.get("relatedIdentifierType") or "").lower())
        if not kind or not name:
            continue
        related = (one.get("resourceTypeGeneral") or "").lower()
        if kind == "version-of" and general == "preprint" and related in _PUBLISHED_TYPES:
            kind = "preprint-of"
        elif kind == "version-of" and general in _PUBLISHED_TYPES and related == "preprint":
            kind = "has-preprint"
        yield f"{kind} {name}"


def _all_related(resource: _Element) -> list[str]:
    """List every related identifier as it is said: "IsSupplementTo DOI 10.1000/x"."""
    return [
        " ".join(
            (one.get("relationType") or "?", one.get("relatedIdentifierType") or "?", text_of(one)),
        )
        for one in resource.iterfind("{*}relatedIdentifiers/{*}relatedIdentifier")
        if text_of(one) and one.get("relationType") not in _CITATIONS
    ]


def _named(value: str, scheme: str) -> str:
    if scheme == "arxiv" and (paper := normalize_arxiv(value)):
        return f"arxiv:{paper[0]}"
    if scheme == "pmid" and (pmid := normalize_pmid(value)):
        return f"pmid:{pmid}"
    doi = normalize_doi(value) if scheme in {"doi", "url", ""} else None
    return f"doi:{doi}" if doi else ""


# -- texts and people -----------------------------------------------------------------------------


def _title(resource: _Element) -> Text:
    """Take the title proper in the resource's language, and the subtitle behind it."""
    titles = [one for one in resource.iterfind("{*}titles/{*}title") if text_of(one)]
    wanted = text_at(resource, "{*}language").lower()[:2]
    proper = [one for one in titles if not one.get("titleType")] or titles
    if not proper:
        return Text()
    main = min(proper, key=lambda one: (one.get(XML_LANG) or wanted).lower()[:2] != wanted)
    under = next((one for one in titles if one.get("titleType") == "Subtitle" and one is not main), None)
    return Text(with_subtitle(text_of(main), text_of(under)), Form.UNSAID)


def _creators(resource: _Element) -> Iterator[RecordAuthor]:
    for one in resource.iterfind("{*}creators/{*}creator"):
        given, family = text_at(one, "{*}givenName"), text_at(one, "{*}familyName")
        whole = one.find("{*}creatorName")
        is_body = whole is not None and whole.get("nameType") == "Organizational"
        written = text_of(whole)
        name = (
            full_name(given, family) if given and family else written if is_body else reading_order(written)
        )
        if name:
            places = tuple(dict.fromkeys(texts_at(one, "{*}affiliation")))
            yield RecordAuthor(name, uri=_orcid(one), affiliations=places)


def _orcid(creator: _Element) -> str:
    for one in creator.iterfind("{*}nameIdentifier"):
        is_orcid = (
            "orcid" in f"{one.get('nameIdentifierScheme')} {one.get('schemeURI')} {text_of(one)}".lower()
        )
        if is_orcid and (orcid := normalize_orcid(text_of(one))):
            return f"https://orcid.org/{orcid}"
    return ""


def _abstract(resource: _Element) -> Text | None:
    """Take the abstract, in the resource's language where there are several."""
    wanted = text_at(resource, "{*}language").lower()[:2]
    found = [
        one
        for one in resource.iterfind("{*}descriptions/{*}description")
        if one.get("descriptionType") == "Abstract" and text_of(one)
    ]
    if not found:
        return None
    return _prose(min(found, key=lambda one: (one.get(XML_LANG) or wanted).lower()[:2] != wanted))


def _other_description(resource: _Element) -> Text:
    """Take what else describes it; how it was made and in which series it stands does not."""
    for one in resource.iterfind("{*}descriptions/{*}description"):
        if one.get("descriptionType") in {None, "Other"} and text_of(one):
            return _prose(one)
    return Text()


def _prose(description: _Element) -> Text:
    if len(description):
        return Text(element_to_html(description), Form.HTML)
    return Text((description.text or "").strip(), Form.UNSAID)


def _container(resource: _Element) -> _Element | None:
    items = resource.iterfind("{*}relatedItems/{*}relatedItem")
    return next((one for one in items if one.get("relationType") in {"IsPublishedIn", "IsPartOf"}), None)


def _container_fields(container: _Element | None) -> dict[str, object]:
    if container is None:
        return {}
    issns = map(normalize_issn, texts_at(container, "{*}relatedItemIdentifier"))
    return {
        "prism:issn": [issn for issn in issns if issn][:1],
        "prism:volume": text_at(container, "{*}volume"),
        "prism:number": text_at(container, "{*}issue"),
        "prism:startingPage": text_at(container, "{*}firstPage"),
        "prism:endingPage": text_at(container, "{*}lastPage"),
    }


def _container_title(resource: _Element, container: _Element | None) -> str:
    if container is not None and (title := text_at(container, "{*}titles/{*}title")):
        return title
    for one in resource.iterfind("{*}descriptions/{*}description"):
        if one.get("descriptionType") == "SeriesInformation":
            return text_of(one).partition(",")[0][:200]
    return ""


def _general_type(resource: _Element) -> str:
    one = resource.find("{*}resourceType")
    return (one.get("resourceTypeGeneral") or "") if one is not None else ""


def _licences(resource: _Element) -> list[str]:
    return [(one.get("rightsURI") or "").strip() for one in resource.iterfind("{*}rightsList/{*}rights")]


# -- dates ----------------------------------------------------------------------------------------


def _published(resource: _Element) -> str:
    """Give the day of issue, or a later kind of date that tells more of the same year."""
    year = written_date(text_at(resource, "{*}publicationYear"))
    dates = [date for kind in _DATES if (date := _date(resource, kind))]
    whole = [date for date in dates if len(date) > len(year) and date.startswith(year)]
    return next(iter(whole), "") or next(iter(dates), "") or year


def _date(resource: _Element, kind: str) -> str:
    for one in resource.iterfind("{*}dates/{*}date"):
        if (one.get("dateType") or "").lower() == kind:
            return written_date(text_of(one).partition("/")[0])
    return ""
