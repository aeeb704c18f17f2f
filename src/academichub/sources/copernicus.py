"""Read the XML that Copernicus Publications puts beside its articles: `article` too, but no JATS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Form, Record, RecordAuthor, RecordLink, Text
from academichub.sources.jsonanswer import fields_of
from academichub.sources.xmlanswer import text_at, text_of
from academichub.sources.xmlparts import broken, written_date
from academichub.text.identifiers import doi_url, normalize_doi, normalize_orcid
from academichub.text.markup import is_web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_NUMBER: Final = re.compile(r"[0-9]+")


def is_one(article: _Element) -> bool:
    """Tell an article of Copernicus from one of JATS."""
    return article.find("article_title") is not None and article.find("journal") is not None


def read(article: _Element, external_id: str, position: int) -> Record:
    """Read one `article`.

    Raises:
        RecordBroken: It is none of Copernicus.
    """
    if not is_one(article):
        raise broken(article, "an article that is not Copernicus's")
    doi = text_at(article, "doi")
    page, pdf = text_at(article, "article_url"), text_at(article, "fulltext_pdf")
    title, abstract = _text(article, "article_title"), _text(article, "abstract")
    link = page if is_web(page) else doi_url(doi) if normalize_doi(doi) else ""
    return Record(
        position=position,
        external_id=external_id or doi,
        title=title,
        link=link,
        links=(RecordLink(pdf, "related", "application/pdf", "pdf"),) if is_web(pdf) else (),
        published=written_date(
            text_at(article, "publication_date") or text_at(article, "journal/publication_year")
        ),
        authors=tuple(_authors(article)),
        summary=abstract,
        language=article.get("language") or "",
        fields=fields_of(
            {
                "hub:abstract": "whole" if abstract else "",
                "prism:doi": doi,
                "prism:issn": text_at(article, "journal/issn"),
                "prism:eIssn": text_at(article, "journal/eissn"),
                "prism:publicationName": text_at(article, "journal/journal_title"),
                "prism:volume": text_at(article, "journal/volume_number"),
                "prism:number": text_at(article, "journal/issue_number"),
                "prism:startingPage": text_at(article, "start_page"),
                "prism:endingPage": text_at(article, "end_page"),
                "dc:language": article.get("language") or "",
                "dc:publisher": "Copernicus Publications",
            }
        ),
    )


def _text(article: _Element, name: str) -> Text:
    """Read a text construct; it says itself whether its characters are HTML."""
    one = article.find(name)
    if one is None or not text_of(one):
        return Text()
    characters = "".join(map(str, one.itertext())).strip()
    return Text(characters, Form.HTML if one.get("content_type") == "html" else Form.PLAIN)


def _authors(article: _Element) -> Iterator[RecordAuthor]:
    listed = article.iterfind("affiliations/affiliation")
    places = {one.get("numeration") or "": text_of(one) for one in listed}
    for one in article.iterfind("authors/author"):
        name = text_at(one, "name")
        orcid = normalize_orcid(text_at(one, "contrib-id"))
        numbers = _NUMBER.findall(one.get("affiliations") or "")
        if name:
            yield RecordAuthor(
                name,
                uri=f"https://orcid.org/{orcid}" if orcid else "",
                affiliations=tuple(filter(None, (places.get(number, "") for number in numbers))),
            )
