"""Read one citation of PubMed: a journal article or a book's chapter, in efetch's XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Form, Record, RecordAuthor, Text
from academichub.sources.jats import element_to_html
from academichub.sources.jsonanswer import fields_of
from academichub.sources.xmlanswer import children, local, text_at, text_of, texts_at
from academichub.sources.xmlparts import broken, date_of, full_name
from academichub.text.identifiers import (
    find_doi,
    normalize_doi,
    normalize_issn,
    normalize_orcid,
    normalize_pmcid,
    normalize_pmid,
)
from academichub.text.markup import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

PLACE: Final = "pubmed"
HOME: Final = "https://pubmed.ncbi.nlm.nih.gov/"

_KINDS: Final = {
    "Retraction of Publication": "retraction", "Retraction Notice": "retraction",
    "Published Erratum": "correction", "Corrected and Republished Article": "article", "Preprint": "preprint",
    "Editorial": "editorial", "News": "news", "Newspaper Article": "news", "Dataset": "dataset",
    "Systematic Review": "review", "Scoping Review": "review", "Review": "review",
}  # fmt: skip
# What says nothing of the kind comes behind what does, and not at all where it speaks of another thing.
_COMMON: Final = re.compile(r"Journal Article|English Abstract|Research Support, .*|Retracted Publication")
_RELATIONS: Final = {
    "ErratumIn": "corrected-by", "ErratumFor": "corrects",
    "RetractionIn": "retracted-by", "PartialRetractionIn": "corrected-by", "RetractionOf": "retracts",
    "PartialRetractionOf": "corrects", "RetractedandRepublishedIn": "retracted-by",
    "ExpressionOfConcernIn": "concern-raised-by", "ExpressionOfConcernFor": "raises-concern",
    "UpdateIn": "version-of", "UpdateOf": "version-of",
    "RepublishedIn": "version-of", "RepublishedFrom": "version-of",
    "CorrectedandRepublishedIn": "version-of", "CorrectedandRepublishedFrom": "version-of",
}  # fmt: skip
# Preprint servers, as PubMed abbreviates them at the start of a reference.
_PREPRINT_SERVER: Final = re.compile(
    r"(?:bioRxiv|medRxiv|arXiv|ArXiv|Res Sq|ChemRxiv|SSRN|PsyArXiv|Preprints|Authorea)\b", re.IGNORECASE
)
_NOT_THERE: Final = re.compile(r"\[?not available\]?\.?", re.IGNORECASE)
_TRANSLATED: Final = re.compile(r"\[(.+)\]\.?", re.DOTALL)
# After these a title's last full stop is its own.
_ABBREVIATED: Final = frozenset(
    {"sp", "spp", "ssp", "subsp", "nov", "var", "cf", "al", "etc", "inc", "ltd", "vs", "jr"}
)
# What the library's catalogue adds to a journal's name: "Science (New York, N.Y.)", "Spine : official ...".
_CATALOGUED: Final = re.compile(r"(?<=\w)(?: : .*| \([^()]*\))$", re.DOTALL)
_MOST_LABEL: Final = 100  # characters of a section's label


def read(element: _Element, position: int) -> Record:
    """Read a `PubmedArticle` or `PubmedBookArticle`.

    Raises:
        RecordBroken: It has no citation, or the citation has no PMID.
    """
    citation = element.find("MedlineCitation")
    if citation is None:
        citation = element.find("BookDocument")
    pmid = normalize_pmid(text_at(citation, "PMID")) if citation is not None else None
    if citation is None or not pmid:
        raise broken(element, f"<{local(element)}> without a citation" if citation is None else "no PMID")
    article = citation.find("Article")
    if article is None:
        article = citation  # a book's chapter keeps everything in one place
    names = _identifiers(element, article)
    abstract, is_whole = _abstract(citation, article)
    kinds = _types(article)
    return Record(
        position=position,
        external_id=pmid,
        title=Text(_title(article), Form.HTML),
        link=f"{HOME}{pmid}/",
        published=_published(article),
        updated=date_of(citation.find("DateRevised")),
        authors=tuple(_authors(article)),
        summary=Text(abstract, Form.HTML) if abstract else Text(),
        categories=_categories(citation),
        language=text_at(article, "Language"),
        fields=fields_of(
            {
                "hub:place": PLACE,
                "hub:item": pmid,
                "hub:pmid": pmid,
                "hub:pmcid": names.get("pmc", ""),
                "hub:abstract": "whole" if is_whole else "",
                "hub:kind": next((_KINDS[kind] for kind in _KINDS if kind in kinds), ""),
                "hub:retracted": "yes" if "Retracted Publication" in kinds else "",
                "prism:doi": names.get("doi", ""),
                **_journal(citation, article),
                "dc:type": sorted(
                    kinds, key=lambda kind: (_COMMON.fullmatch(kind) is not None, kind in _TOLD)
                ),
                "dc:language": texts_at(article, "Language"),
                "dc:rights": text_at(article, "Abstract/CopyrightInformation"),
                "pubmed:pii": names.get("pii", ""),
                "pubmed:vernacular-title": text_at(article, "VernacularTitle"),
                "pubmed:entered": _entered(element),
                **_corrections(citation, kinds),
            }
        ),
    )


_TOLD: Final = frozenset({"Retracted Publication"})


# -- identifiers ----------------------------------------------------------------------------------


def _identifiers(element: _Element, article: _Element) -> dict[str, str]:
    """Give DOI, PMC number and PII. Those of the references lie deeper and are none of ours."""
    names: dict[str, str] = {}
    listed = [
        *element.iterfind("PubmedData/ArticleIdList/ArticleId"),
        *article.iterfind("ArticleIdList/ArticleId"),
    ]
    listed += [*element.iterfind("PubmedBookData/ArticleIdList/ArticleId")]
    said = [
        (one.get("EIdType") or "", one)
        for one in article.iterfind("ELocationID")
        if one.get("ValidYN") != "N"
    ]
    said += [(one.get("IdType") or "", one) for one in listed]
    for kind, one in said:
        value = text_of(one)
        if kind == "doi":
            value = value if normalize_doi(value) else ""
        elif kind == "pmc":
            value = normalize_pmcid(value) or ""
        if value:
            names.setdefault(kind, value)
    return names


def _entered(element: _Element) -> str:
    """Give the day it came into PubMed, which harvests go by."""
    dates = element.iterfind("*/History/PubMedPubDate")
    by_status = {one.get("PubStatus"): date_of(one) for one in dates}
    return by_status.get("entrez") or by_status.get("pubmed") or ""


# -- title and abstract ---------------------------------------------------------------------------


def _title(article: _Element) -> str:
    """Write the title without PubMed's own marks: the full stop behind it, brackets around a translation."""
    told = next((one for one in article.iterfind("ArticleTitle") if text_of(one)), None)
    own = article.find("VernacularTitle")
    if (told is None or _NOT_THERE.fullmatch(text_of(told))) and own is not None and text_of(own):
        told = own
    if told is None:
        told = article.find("Book/BookTitle")
    html = element_to_html(told) if told is not None else ""
    if translated := _TRANSLATED.fullmatch(html):
        html = translated[1]
    last = re.sub(r"<[^<>]*>", "", html).rpartition(" ")[2].removesuffix(".").lower()
    return html if "." in last or last in _ABBREVIATED else html.removesuffix(".")


def _abstract(citation: _Element, article: _Element) -> tuple[str, bool]:
    """Write the abstract with the labels of its sections; else another one, which may be a summary."""
    html = _sections(article.find("Abstract"))
    if html:
        return html, True
    others = [*citation.iterfind("OtherAbstract"), *article.iterfind("OtherAbstract")]
    others.sort(key=lambda one: one.get("Language") not in {None, "eng"})
    return next((found for one in others if (found := _sections(one))), ""), False


def _sections(abstract: _Element | None) -> str:
    if abstract is None:
        return ""
    parts: list[str] = []
    for one in children(abstract, "AbstractText"):
        html = element_to_html(one)
        label = " ".join((one.get("Label") or "").split())[:_MOST_LABEL]
        if not html:
            continue
        if label and label != "UNLABELLED":
            colon = "" if label.endswith((":", "?", ".")) else ":"
            lead = f"<b>{escape(label)}{colon}</b> "
            html = html.replace("<p>", f"<p>{lead}", 1) if html.startswith("<p>") else lead + html
        parts.append(html if html.startswith("<p>") else f"<p>{html}</p>")
    return "".join(parts)


# -- people and subjects --------------------------------------------------------------------------


def _authors(article: _Element) -> Iterator[RecordAuthor]:
    """Give the authors as they are listed, collective names among them; a book's editors are none."""
    for group in children(article, "AuthorList"):
        if (group.get("Type") or "authors") != "authors":
            continue
        for one in children(group, "Author"):
            given = text_at(one, "ForeName") or text_at(one, "FirstName") or text_at(one, "Initials")
            name = full_name(given, text_at(one, "LastName"), text_at(one, "Suffix"))
            name = name or text_at(one, "CollectiveName")
            if name:
                places = texts_at(one, "AffiliationInfo/Affiliation") or texts_at(one, "Affiliation")
                yield RecordAuthor(name, uri=_orcid(one), affiliations=tuple(dict.fromkeys(places)))


def _orcid(author: _Element) -> str:
    for one in children(author, "Identifier"):
        if (one.get("Source") or "").upper() == "ORCID" and (orcid := normalize_orcid(text_of(one))):
            return f"https://orcid.org/{orcid}"
    return ""


def _categories(citation: _Element) -> tuple[str, ...]:
    """List what it is mainly about, then its keywords, then the other headings."""
    main: list[str] = []
    others: list[str] = []
    for heading in citation.iterfind("MeshHeadingList/MeshHeading"):
        is_main = any(one.get("MajorTopicYN") == "Y" for one in heading)
        (main if is_main else others).append(text_at(heading, "DescriptorName"))
    keywords = texts_at(citation, "KeywordList/Keyword")
    return tuple(dict.fromkeys(filter(None, (*main, *keywords, *others))))


def _types(article: _Element) -> list[str]:
    found = texts_at(article, "PublicationTypeList/PublicationType") + texts_at(article, "PublicationType")
    return list(dict.fromkeys(found))


# -- journal and dates ----------------------------------------------------------------------------


def _journal(citation: _Element, article: _Element) -> dict[str, object]:
    issue, title = article.find("Journal/JournalIssue"), text_at(article, "Journal/Title")
    issns = [(one.get("IssnType"), text_of(one)) for one in article.iterfind("Journal/ISSN")]
    linking = normalize_issn(text_at(citation, "MedlineJournalInfo/ISSNLinking")) or ""
    printed = [issn for kind, issn in issns if kind != "Electronic"]
    online = [issn for kind, issn in issns if kind == "Electronic"]
    pages = text_at(article, "Pagination/StartPage") or text_at(article, "Pagination/MedlinePgn")
    number = next(
        (text_of(one) for one in article.iterfind("ELocationID") if one.get("EIdType") == "pii"), ""
    )
    return {
        "prism:issn": (printed or ([linking] if linking not in online else []))[:1],
        "prism:eIssn": online[:1],
        "prism:publicationName": _CATALOGUED.sub("", title) or text_at(article, "Book/BookTitle"),
        "prism:volume": text_at(issue, "Volume") if issue is not None else "",
        "prism:number": text_at(issue, "Issue") if issue is not None else "",
        "prism:startingPage": pages.partition("-")[0] or number,
        "prism:coverDate": date_of(issue.find("PubDate")) if issue is not None else "",
        "prism:isbn": texts_at(article, "Book/Isbn"),
        "dc:publisher": text_at(article, "Book/Publisher/PublisherName"),
        "pubmed:issn-linking": linking,
        "pubmed:journal-title": title,
        "pubmed:journal": text_at(citation, "MedlineJournalInfo/MedlineTA"),
    }


def _published(article: _Element) -> str:
    """Give the day it went online, else the issue's date, else the chapter's or the book's."""
    paths = ("ArticleDate", "Journal/JournalIssue/PubDate", "ContributionDate", "Book/PubDate")
    return next((date for path in paths if (date := date_of(article.find(path)))), "")


# -- relations ------------------------------------------------------------------------------------


def _corrections(citation: _Element, kinds: list[str]) -> dict[str, list[str]]:
    """Give the relations to other papers, and in PubMed's words those that we have no name for."""
    relations: dict[str, None] = {}
    said: dict[str, list[str]] = {}
    for one in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        kind, source = one.get("RefType") or "", text_at(one, "RefSource")
        if kind in {"", "Cites"}:
            continue
        pmid, doi = normalize_pmid(text_at(one, "PMID")), find_doi(source)
        name = f"pmid:{pmid}" if pmid else f"doi:{doi}" if doi else ""
        bond = _bond(kind, source, kinds)
        if bond and name:
            relations[f"{bond} {name}"] = None
        else:
            said.setdefault(f"pubmed:{kind}", []).append(" ".join(filter(None, (source, name))))
    return {"hub:relation": list(relations), **said}


def _bond(kind: str, source: str, kinds: list[str]) -> str:
    """Name a relation; an update of a preprint is its article, and news comments on what it reports."""
    if kind == "UpdateIn" and "Preprint" in kinds:
        return "preprint-of"
    if kind == "UpdateOf" and "Preprint" not in kinds and _PREPRINT_SERVER.match(source):
        return "has-preprint"
    if kind == "CommentOn":
        return "about" if "News" in kinds else ""
    return _RELATIONS.get(kind, "")
