"""Read Crossref's XML (unixref, unixsd, deposits; schemas 3 to 5): articles, preprints, books, theses.

A record nests: a journal holds its issue and an article, a book its metadata and chapters. The innermost
things are the works; what stands around them tells where they appeared.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Form, Record, RecordAuthor, RecordLink, Text
from academichub.sources.jats import element_to_html, main_abstract
from academichub.sources.jsonanswer import fields_of
from academichub.sources.xmlanswer import children, local, text_at, text_of, texts_at
from academichub.sources.xmlparts import broken, date_of, full_name, with_subtitle
from academichub.text.identifiers import doi_url, normalize_arxiv, normalize_doi, normalize_pmid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

PLACE: Final = "crossref"

# Elements that are works, and what Crossref's own API calls them.
_TYPES: Final = {
    "journal_article": "journal-article",
    "conference_paper": "proceedings-article",
    "posted_content": "posted-content",
    "content_item": "book-chapter",
    "dissertation": "dissertation",
    "dataset": "dataset",
    "peer_review": "peer-review",
}
# Works only where nothing lies inside their parent.
_WHOLE_TYPES: Final = {
    "book_metadata": "book",
    "book_series_metadata": "book",
    "book_set_metadata": "book-set",
    "report-paper_metadata": "report",
    "report-paper_series_metadata": "report",
    "standard_metadata": "standard",
    "proceedings_metadata": "proceedings",
    "proceedings_series_metadata": "proceedings",
    "database_metadata": "database",
}
_BOOK_TYPES: Final = {"edited_book": "edited-book", "monograph": "monograph", "reference": "reference-book"}
_PARTS: Final = {"section": "book-section", "part": "book-part", "reference_entry": "reference-entry"}
_AROUND: Final = ("journal_issue", "journal_volume", "journal_metadata", "event_metadata", *_WHOLE_TYPES)
_DATES: Final = ("publication_date", "posted_date", "approval_date", "review_date", "completion_date")
_DATABASE_DATES: Final = ("publication_date", "creation_date", "update_date")

_RELATIONS: Final = {
    "ispreprintof": "preprint-of", "haspreprint": "has-preprint",
    "isversionof": "version-of", "hasversion": "version-of", "isreplacedby": "version-of",
    "replaces": "version-of", "ismanuscriptof": "version-of", "hasmanuscript": "version-of",
    "issameas": "version-of", "isidenticalto": "version-of", "isvariantformof": "version-of",
    "isoriginalformof": "version-of",
    "isreviewof": "reviews", "ispartof": "part-of",
}  # fmt: skip
_UPDATES: Final = {
    "correction": "corrects", "erratum": "corrects", "corrigendum": "corrects", "addendum": "corrects",
    "clarification": "corrects", "retraction": "retracts", "partial_retraction": "retracts",
    "withdrawal": "retracts", "removal": "retracts", "expression_of_concern": "raises-concern",
    "new_version": "version-of", "new_edition": "version-of",
}  # fmt: skip
_NOTICES: Final = {"corrects": "correction", "retracts": "retraction"}
# Preprint servers count versions at the end of the DOI: ...-v2, .../v2, and ESSOAr's essoar.10500000.2.
_VERSION: Final = re.compile(r"(?:[./_-]v|/essoar\.[0-9]+\.)([0-9]{1,3})$")
_LICENCE_ORDER: Final = ("vor", "", "am", "stm-asf")


def works(root: _Element) -> list[_Element]:
    """List the works in a record, an answer or a deposit, in document order.

    A book or a report counts as one where it is all there is, and in a deposit always. A journal does not.
    """
    is_deposit = local(root) == "doi_batch"
    found: list[_Element] = []
    wholes: list[_Element] = []
    for one in root.iter():
        name = local(one)
        if name in _TYPES:
            found.append(one)
        elif name in _WHOLE_TYPES:
            wholes.append(one)
    filled = {one.getparent() for one in found}
    alone = [one for one in wholes if is_deposit or one.getparent() not in filled]
    return alone + found if is_deposit or not found else found + alone


def read(element: _Element, external_id: str, position: int) -> Record:
    """Read the one work of a record: `crossref`, `doi_record`, or a work's own element.

    Raises:
        RecordBroken: The record says that it is an error, or names no work.
    """
    if local(element) in _TYPES or local(element) in _WHOLE_TYPES:
        return _read_work(element, external_id, position)
    found = works(element)
    if len(found) > 1:
        asked = normalize_doi(external_id)
        found = [one for one in found if normalize_doi(_doi(one)) == asked] or found
    if not found:
        raise broken(element, _complaint(element))
    return _read_work(found[0], external_id, position)


def _complaint(element: _Element) -> str:
    """Say why there is no work: in Crossref's words where it has any."""
    said = text_at(element, ".//{*}error") or text_at(element, ".//{*}msg")
    if said:
        return said
    inside = next(
        (local(one) for one in element.iter() if local(one) in {"journal", "grant", "sa_component"}), ""
    )
    return f"no work: {inside or local(element)}"


def _read_work(work: _Element, external_id: str, position: int) -> Record:
    doi = _doi(work)
    landing = text_at(work, "{*}doi_data/{*}resource")
    language = work.get("language") or ""
    around = _around(work)
    authors = tuple(_people(work, "author"))
    abstract = main_abstract(work.iterfind("{*}abstract"), language=language)
    return Record(
        position=position,
        external_id=external_id or doi,
        title=Text(_title(work), Form.HTML),
        link=landing or (doi_url(doi) if doi else ""),
        links=tuple(_files(work)),
        published=_published(work, around),
        authors=authors,
        summary=Text(element_to_html(abstract), Form.HTML) if abstract is not None else Text(),
        categories=tuple(texts_at(work, "{*}group_title")),
        language=language,
        fields=_fields(work, around, doi, language),
    )


def _fields(work: _Element, around: list[_Element], doi: str, language: str) -> dict[str, tuple[str, ...]]:
    relations, kind, is_retracted = _relations(work, doi)
    name = local(work)
    is_preprint = name == "posted_content" and (work.get("type") or "preprint") == "preprint"
    version = _VERSION.search(doi.lower()) if name == "posted_content" else None
    licences = _licences(work, around)
    issns = [one for place in around for one in place.iterfind(".//{*}issn")]
    return fields_of(
        {
            "hub:place": PLACE,
            "hub:version": text_at(work, "{*}version_info/{*}version") or (version[1] if version else ""),
            "hub:kind": "preprint" if is_preprint else "dataset" if name == "dataset" else kind,
            "hub:abstract": "whole" if main_abstract(work.iterfind("{*}abstract")) is not None else "",
            "hub:retracted": "yes" if is_retracted else "",
            "hub:relation": relations,
            "prism:doi": doi,
            "prism:issn": [text_of(one) for one in issns if one.get("media_type") != "electronic"][:1],
            "prism:eIssn": [text_of(one) for one in issns if one.get("media_type") == "electronic"][:1],
            "prism:isbn": list(dict.fromkeys(one for place in around for one in texts_at(place, "{*}isbn"))),
            "prism:publicationName": _venue(work, around),
            "prism:volume": _nearest(around, ".//{*}volume"),
            "prism:number": _nearest(around, "{*}issue"),
            "prism:startingPage": text_at(work, "{*}pages/{*}first_page") or _article_number(work),
            "prism:endingPage": text_at(work, "{*}pages/{*}last_page"),
            "dcterms:license": licences[:1],
            "dc:type": _type(work),
            "dc:language": language,
            "dc:publisher": _nearest([work, *around], "{*}publisher/{*}publisher_name"),
            "crossref:editor": [one.name for place in (work, *around) for one in _people(place, "editor")],
            "crossref:original-title": text_at(work, "{*}titles/{*}original_language_title"),
            "crossref:event": _nearest(around, "{*}conference_name"),
        }
    )


# -- where it stands ------------------------------------------------------------------------------


def _around(work: _Element) -> list[_Element]:
    """List what stands before the works in a journal, book or proceedings, nearest first.

    Metadata comes before works, so that none of a book's thousand chapters looks at all the others.
    """
    parent = work.getparent()
    if parent is None:
        return []
    beside = list(takewhile(lambda one: local(one) not in _TYPES, parent))
    near = [one for name in _AROUND for one in beside if local(one) == name and one is not work]
    return [work, *near] if local(work) in _WHOLE_TYPES else near


def _nearest(around: list[_Element], path: str) -> str:
    return next((found for place in around if (found := text_at(place, path))), "")


def _venue(work: _Element, around: list[_Element]) -> str:
    """Name the journal, book or proceedings a work is in; for a preprint its server."""
    if local(work) in {"posted_content", "dissertation"}:
        return _institution(work)
    series = "{*}series_metadata/{*}titles/{*}title"
    is_whole = local(work) in _WHOLE_TYPES
    names = ("{*}full_title", "{*}proceedings_title", "{*}titles/{*}title", series, "{*}conference_name")
    paths = (series,) if is_whole else names
    return next((found for path in paths if (found := _nearest(around, path))), "")


def _institution(work: _Element) -> str:
    return text_at(work, "{*}institution/{*}institution_name")


def _published(work: _Element, around: list[_Element]) -> str:
    """Give the day it went online, else the printed date, else the issue's or the book's."""
    for place in (work, *around):
        dates = [one for name in _DATES for one in children(place, name)]
        dates += [
            one for name in _DATABASE_DATES for one in place.iterfind(f"{{*}}database_date/{{*}}{name}")
        ]
        dates.sort(key=lambda one: one.get("media_type") != "online")
        said = next((date for one in dates if (date := date_of(one))), "")
        if said:
            return said
    return ""


def _type(work: _Element) -> str:
    name = local(work)
    if name == "content_item":
        return _PARTS.get(work.get("component_type") or "", "book-chapter")
    parent = work.getparent()
    if name in {"book_metadata", "book_series_metadata"} and parent is not None:
        return _BOOK_TYPES.get(parent.get("book_type") or "", "book")
    return _TYPES.get(name) or _WHOLE_TYPES[name]


# -- what it says of itself -----------------------------------------------------------------------


def _doi(work: _Element) -> str:
    return text_at(work, "{*}doi_data/{*}doi")


def _title(work: _Element) -> str:
    """Write the title, and the subtitle behind a colon."""
    title = work.find("{*}titles/{*}title")
    if title is None:
        named = ("{*}proceedings_title", "{*}series_metadata/{*}titles/{*}title")
        title = next((one for path in named if (one := work.find(path)) is not None), None)
    main = element_to_html(title) if title is not None else ""
    under = work.find("{*}titles/{*}subtitle")
    sub = element_to_html(under) if under is not None else ""
    return with_subtitle(main, sub)


def _people(work: _Element, role: str) -> Iterator[RecordAuthor]:
    """Give the contributors of a role as they are listed; bodies are people too."""
    listed = work.find("{*}contributors")
    if listed is None:
        listed = work if local(work) == "dissertation" else None
    if listed is None:
        return
    for one in listed:
        if (one.get("contributor_role") or "author") != role:
            continue
        if local(one) == "person_name":
            name = full_name(
                text_at(one, "{*}given_name"), text_at(one, "{*}surname"), text_at(one, "{*}suffix")
            )
        else:
            name = text_of(one) if local(one) == "organization" else ""
        if name:
            yield RecordAuthor(name, uri=_orcid(one), affiliations=_affiliations(one))


def _orcid(person: _Element) -> str:
    said = text_at(person, "{*}ORCID")
    return f"https://orcid.org/{said.rpartition('/')[2]}" if said else ""


def _affiliations(person: _Element) -> tuple[str, ...]:
    plain = texts_at(person, "{*}affiliation")
    institutions = person.iterfind("{*}affiliations/{*}institution")
    parts = ("institution_department", "institution_name", "institution_place")
    named = (
        ", ".join(text for part in parts for text in texts_at(one, f"{{*}}{part}")) for one in institutions
    )
    return tuple(dict.fromkeys([*plain, *filter(None, named)]))


def _files(work: _Element) -> Iterator[RecordLink]:
    """Give the addresses of the PDF, each once; not those that only a plagiarism checker is let in by."""
    seen: set[str] = set()
    for collection in work.iterfind("{*}doi_data/{*}collection"):
        for one in collection.iterfind("{*}item/{*}resource"):
            href, kind = text_of(one), one.get("mime_type") or ""
            is_pdf = kind == "application/pdf" or (not kind and ".pdf" in href.lower())
            if is_pdf and href not in seen and collection.get("property") != "crawler-based":
                seen.add(href)
                yield RecordLink(href, "related", "application/pdf", "pdf")


def _article_number(work: _Element) -> str:
    numbers = work.iterfind("{*}publisher_item/{*}item_number")
    kinds = {"article-number", "article_number"}
    return next((text_of(one) for one in numbers if one.get("item_number_type") in kinds), "")


def _licences(work: _Element, around: list[_Element]) -> list[str]:
    """List licences of the text itself, the version of record's first; not those for mining only."""
    places = [work] if local(work) in _TYPES else around
    said = [
        (one.get("applies_to") or "", text_of(one))
        for place in places
        for one in place.iterfind(".//{*}license_ref")
    ]
    kept = [(use, href) for use, href in said if use in _LICENCE_ORDER or "creativecommons.org" in href]
    kept.sort(
        key=lambda one: _LICENCE_ORDER.index(one[0]) if one[0] in _LICENCE_ORDER else len(_LICENCE_ORDER)
    )
    return [href for _, href in kept]


# -- relations ------------------------------------------------------------------------------------


def _relations(work: _Element, doi: str) -> tuple[list[str], str, bool]:
    """Give the relations to other works, the kind of notice this is, and whether it is retracted itself."""
    said: dict[str, None] = {}
    for one in work.iterfind(".//{*}related_item/*"):
        kind = _RELATIONS.get((one.get("relationship-type") or "").lower(), "")
        name = _named(text_of(one), one.get("identifier-type") or "")
        if kind and name:
            said[f"{kind} {name}"] = None
    notice, is_retracted = "", False
    for one in work.iterfind(".//{*}updates/{*}update"):
        kind = _UPDATES.get((one.get("type") or "").lower(), "")
        updated = normalize_doi(text_of(one))
        if not kind or not updated:
            continue
        if updated == normalize_doi(doi):  # some publishers put the notice in the place of the paper
            is_retracted = is_retracted or kind == "retracts"
            continue
        notice = notice or _NOTICES.get(kind, "")
        said[f"{kind} doi:{updated}"] = None
    return list(said), notice, is_retracted


def _named(value: str, scheme: str) -> str:
    scheme = scheme.lower()
    if scheme == "arxiv" and (paper := normalize_arxiv(value)):
        return f"arxiv:{paper[0]}"
    if scheme == "pmid" and (pmid := normalize_pmid(value)):
        return f"pmid:{pmid}"
    doi = normalize_doi(value) if scheme in {"doi", "uri", ""} else None
    return f"doi:{doi}" if doi else ""
