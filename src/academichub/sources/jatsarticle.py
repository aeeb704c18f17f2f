"""Read a JATS article's own account of itself: its front matter, never its body (NISO Z39.96, NLM 2, 3)."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Form, Record, RecordAuthor, RecordLink, Text
from academichub.sources.jats import element_to_html, main_abstract
from academichub.sources.jsonanswer import fields_of
from academichub.sources.xmlanswer import children, local, text_at, text_of, texts_at
from academichub.sources.xmlparts import broken, date_of, full_name, with_subtitle
from academichub.text.identifiers import (
    doi_url,
    find_doi,
    normalize_arxiv,
    normalize_doi,
    normalize_orcid,
    normalize_pmcid,
    normalize_pmid,
)
from academichub.text.markup import is_web

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

XLINK_HREF: Final = "{http://www.w3.org/1999/xlink}href"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

_KINDS: Final = {
    "research-article": "article", "brief-report": "article", "rapid-communication": "article",
    "case-report": "article", "preprint": "preprint", "review-article": "review",
    "systematic-review": "review", "editorial": "editorial", "news": "news", "dataset": "dataset",
    "correction": "correction", "corrigendum": "correction", "erratum": "correction",
    "addendum": "correction", "retraction": "retraction", "partial-retraction": "retraction",
}  # fmt: skip
_RELATIONS: Final = {
    "corrected-article": "corrects", "addended-article": "corrects", "correction-forward": "corrected-by",
    "correction": "corrected-by", "erratum": "corrected-by", "retracted-article": "retracts",
    "retraction-forward": "retracted-by", "retraction": "retracted-by",
    "object-of-concern": "raises-concern", "expression-of-concern": "concern-raised-by",
    "concern-forward": "concern-raised-by", "preprint": "has-preprint", "published-article": "preprint-of",
    "updated-article": "version-of", "update": "version-of", "republished-article": "version-of",
    "article-version": "version-of", "reviewed-article": "reviews", "peer-reviewed-article": "reviews",
}  # fmt: skip
_REPORTED: Final = frozenset({"commentary-article", "article-reference", "companion"})  # what news is about
# Servers whose own files these are, as their feeds' links name them.
_PREPRINT_SERVERS: Final = {"biorxiv": "biorxiv.org", "medrxiv": "medrxiv.org", "arxiv": "arxiv"}
# A publication's dates, the one a reader means by "published" first.
_ONLINE: Final = frozenset(
    {"epub", "epub-ppub", "epreprint", "preprint", "pub-online", "electronic", "online"}
)
_NOT_PUBLISHED: Final = frozenset(
    {"pmc-release", "nihms-submitted", "received", "accepted", "rev-recd", "corrected", "retracted", "update"}
)
_REVISED: Final = frozenset({"corrected", "update", "updated"})
# Groups of subjects that name the kind of article, or the journal's own shelf.
_TYPE_GROUPS: Final = frozenset({"article-type", "author-type", "display-channel", "type", "toc-heading"})
_TYPE_WORDS: Final = re.compile(
    r"\b(?:articles?|reports?|reviews?|editorials?|letters?|communications?|correction|erratum|news|comments?"
    r"|commentary|perspectives?|research|results|papers?|opinion|viewpoint)\b",
    re.IGNORECASE,
)
_PAGE_LINK: Final = re.compile(r"creativecommons\.org|publicdomain", re.IGNORECASE)


def read(article: _Element, external_id: str, position: int) -> Record:
    """Read one `article`.

    Raises:
        RecordBroken: There is no `article-meta`: it is no JATS, or only a body.
    """
    meta = _meta(article)
    if meta is None:
        raise broken(article, f"no article-meta in <{local(article)}>")
    names = _identifiers(meta)
    doi, pmcid = names.get("doi", ""), names.get("pmcid", "")
    language = article.get(XML_LANG) or ""
    abstract = main_abstract(
        chain(children(meta, "abstract"), children(meta, "trans-abstract")), language=language
    )
    pages = [href for href, is_pdf in _addresses(meta) if not is_pdf]
    otherwise = f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/" if pmcid else ""
    return Record(
        position=position,
        external_id=external_id or doi or pmcid or names.get("publisher-id", ""),
        title=Text(_title(meta), Form.HTML),
        link=pages[0] if pages else doi_url(doi) if doi else otherwise,
        links=tuple(
            RecordLink(href, "related", "application/pdf", "pdf")
            for href, is_pdf in _addresses(meta)
            if is_pdf
        ),
        published=_published(meta),
        updated=_updated(meta),
        authors=tuple(_authors(meta)),
        summary=Text(element_to_html(abstract), Form.HTML) if abstract is not None else Text(),
        categories=_categories(meta),
        language=language,
        fields=_fields(article, meta, names, has_abstract=abstract is not None),
    )


def _fields(
    article: _Element, meta: _Element, names: dict[str, str], *, has_abstract: bool
) -> dict[str, tuple[str, ...]]:
    kind = (article.get("article-type") or "").strip().lower()
    relations = list(dict.fromkeys(chain(_relations(meta, is_news=kind == "news"), _preprints(meta))))
    journal = next(
        (one for front in children(article, "front") for one in children(front, "journal-meta")), None
    )
    versions = texts_at(meta, "{*}article-version-alternatives/{*}article-version")
    versions += texts_at(meta, "{*}article-version")
    version = next((one for one in versions if re.fullmatch(r"[0-9]{1,3}", one)), "")
    return fields_of(
        {
            "hub:place": _server(journal),
            "hub:version": version,
            "hub:kind": _KINDS.get(kind, ""),
            "hub:abstract": "whole" if has_abstract else "",
            "hub:retracted": "yes" if any(one.startswith("retracted-by ") for one in relations) else "",
            "hub:relation": relations,
            "hub:pmid": names.get("pmid", ""),
            "hub:pmcid": names.get("pmcid", ""),
            "hub:arxiv": names.get("arxiv", ""),
            "prism:doi": names.get("doi", ""),
            **_journal(journal),
            "prism:volume": text_at(meta, "{*}volume"),
            "prism:number": text_at(meta, "{*}issue"),
            "prism:startingPage": text_at(meta, "{*}fpage") or text_at(meta, "{*}elocation-id"),
            "prism:endingPage": text_at(meta, "{*}lpage"),
            "dcterms:license": _licence(meta),
            "dc:type": kind,
            "dc:language": article.get(XML_LANG) or "",
            "dc:rights": text_at(meta, "{*}permissions/{*}copyright-statement"),
            "jats:trans-title": texts_at(meta, "{*}title-group/{*}trans-title-group/{*}trans-title"),
        }
    )


def _meta(article: _Element) -> _Element | None:
    for path in ("{*}front/{*}article-meta", "{*}front-stub", "{*}article-meta"):
        if (found := article.find(path)) is not None:
            return found
    return None


# -- identifiers and addresses --------------------------------------------------------------------


def _identifiers(meta: _Element) -> dict[str, str]:
    """Give the article's identifiers by kind, the first of each, in canonical form where there is one."""
    names: dict[str, str] = {}
    for one in children(meta, "article-id"):
        kind, value = (one.get("pub-id-type") or "").lower(), text_of(one)
        if kind in {"pmc", "pmcid"}:
            kind, value = "pmcid", normalize_pmcid(f"PMC{value}" if value.isdigit() else value) or ""
        elif kind == "pmid":
            value = normalize_pmid(value) or ""
        elif kind == "arxiv":
            value = value if normalize_arxiv(value) else ""
        if value:
            names.setdefault(kind, value)
    return names


def _addresses(meta: _Element) -> list[tuple[str, bool]]:
    """List where the article says that it is itself, and whether that is a PDF."""
    found: list[tuple[str, bool]] = []
    for one in children(meta, "self-uri"):
        href = one.get(XLINK_HREF) or text_of(one)
        kind = f"{one.get('content-type') or ''} {one.get('mimetype') or ''} {href[-4:]}".lower()
        if is_web(href):
            found.append((href, "pdf" in kind))
    return found


def _licence(meta: _Element) -> str:
    """Give the licence's address: its own attribute, or a Creative Commons link in its words."""
    for one in meta.iterfind("{*}permissions/{*}license"):
        said = (one.get(XLINK_HREF) or "", *texts_at(one, ".//{*}license_ref"))
        linked = (link.get(XLINK_HREF) or "" for link in one.iter() if local(link) in {"ext-link", "uri"})
        for href in chain(said, filter(_PAGE_LINK.search, linked)):
            if is_web(href):
                return href
    return next((href for href in texts_at(meta, "{*}permissions/{*}license_ref") if is_web(href)), "")


# -- title, people, subjects ----------------------------------------------------------------------


def _title(meta: _Element) -> str:
    group = meta.find("{*}title-group")
    if group is None:
        return ""
    main = next((element_to_html(one) for one in children(group, "article-title")), "")
    under = next((element_to_html(one) for one in children(group, "subtitle")), "")
    return with_subtitle(main, under)


def _authors(meta: _Element) -> Iterator[RecordAuthor]:
    """Give the authors as they are listed; a collaboration is one, its members are not."""
    places = {one.get("id") or "": _place(one) for one in meta.iter() if local(one) == "aff"}
    for group in children(meta, "contrib-group"):
        role = (group.get("content-type") or "author").lower()
        shared = [_place(one) for one in children(group, "aff")]
        for one in children(group, "contrib"):
            if not (one.get("contrib-type") or role).lower().startswith(("author", "collab")):
                continue
            name = _name(one)
            if name:
                own = list(_places(one, places)) or (shared if len(shared) == 1 else [])
                yield RecordAuthor(
                    name, uri=_orcid(one), affiliations=tuple(dict.fromkeys(filter(None, own)))
                )


def _name(contributor: _Element) -> str:
    for path in ("{*}name", "{*}name-alternatives/{*}name"):
        if (name := contributor.find(path)) is not None:
            return full_name(
                text_at(name, "{*}given-names"),
                text_at(name, "{*}surname"),
                text_at(name, "{*}suffix"),
                is_eastern=name.get("name-style") == "eastern",
            )
    for path in ("{*}string-name", "{*}name-alternatives/{*}string-name"):
        if (written := contributor.find(path)) is not None:
            parts = (text_at(written, "{*}given-names"), text_at(written, "{*}surname"))
            return full_name(*parts) if all(parts) else text_of(written)
    for path in ("{*}collab", "{*}collab-alternatives/{*}collab"):
        if (body := contributor.find(path)) is not None:
            return text_at(body, "{*}institution") or " ".join(
                _own_words(body, {"contrib-group", "xref", "fn", "aff"})
            )
    return ""


def _orcid(contributor: _Element) -> str:
    for one in children(contributor, "contrib-id"):
        if (one.get("contrib-id-type") or "").lower() == "orcid" and (orcid := normalize_orcid(text_of(one))):
            return f"https://orcid.org/{orcid}"
    return ""


def _places(contributor: _Element, places: dict[str, str]) -> Iterator[str]:
    yield from (_place(one) for one in children(contributor, "aff"))
    for one in children(contributor, "xref"):
        if one.get("ref-type") == "aff":
            yield from (places.get(name, "") for name in (one.get("rid") or "").split())


_NO_PLACE: Final = frozenset({"label", "sup", "email", "phone", "fax", "institution-id", "ext-link", "xref"})


def _place(affiliation: _Element) -> str:
    """Write an affiliation on one line, without its mark; commas where only elements part it."""
    words = list(_own_words(affiliation, _NO_PLACE))
    between = (affiliation.text, *(child.tail for child in affiliation))
    if any(text and text.strip() for text in between):
        return _BEFORE_POINT.sub(r"\1", " ".join(" ".join(words).split())).strip(" ,;")
    return ", ".join(word for piece in words if (word := " ".join(piece.split()).strip(" ,;")))


_BEFORE_POINT: Final = re.compile(r" ([,;.])")


def _own_words(element: _Element, dropped: Iterable[str]) -> Iterator[str]:
    """Give the pieces of text in an element, but for those inside some of its children."""
    if element.text and element.text.strip():
        yield element.text.strip()
    for child in element:
        if local(child) not in dropped:
            yield from _own_words(child, dropped)
        if child.tail and child.tail.strip():
            yield child.tail.strip()


def _categories(meta: _Element) -> tuple[str, ...]:
    """List subjects, then keywords; what names a kind of article or an internal number is left out."""
    found: dict[str, None] = {}
    for group in meta.iterfind("{*}article-categories/{*}subj-group"):
        if (group.get("subj-group-type") or "").lower() in _TYPE_GROUPS:
            continue
        for one in group.iter():
            word = text_of(one) if local(one) == "subject" else ""
            if word and not word.isdigit() and not _TYPE_WORDS.search(word):
                found[word] = None
    for group in children(meta, "kwd-group"):
        if "abbr" not in (group.get("kwd-group-type") or "").lower():
            found.update(
                (word, None) for one in group.iter() if local(one) == "kwd" and (word := text_of(one))
            )
    return tuple(found)


# -- journal and dates ----------------------------------------------------------------------------


def _journal(journal: _Element | None) -> dict[str, object]:
    if journal is None:
        return {}
    issns = [
        (one.get("pub-type") or one.get("publication-format") or "", text_of(one))
        for one in children(journal, "issn")
    ]
    online = [issn for kind, issn in issns if kind in {"epub", "electronic", "online"}]
    printed = [issn for kind, issn in issns if kind not in {"epub", "electronic", "online"}]
    title = text_at(journal, "{*}journal-title-group/{*}journal-title") or text_at(
        journal, "{*}journal-title"
    )
    return {
        "prism:publicationName": title,
        "prism:issn": printed[:1],
        "prism:eIssn": online[:1],
        "dc:publisher": text_at(journal, "{*}publisher/{*}publisher-name"),
    }


def _server(journal: _Element | None) -> str:
    names = texts_at(journal, "{*}journal-id") if journal is not None else []
    return next((_PREPRINT_SERVERS[name.lower()] for name in names if name.lower() in _PREPRINT_SERVERS), "")


def _published(meta: _Element) -> str:
    """Give the day it went online, else the printed date, else the issue's."""
    best: tuple[int, str] | None = None
    for one in children(meta, "pub-date"):
        kinds = _date_kinds(one)
        rank = 0 if kinds & _ONLINE else 2 if kinds & {"collection", "issue", "cover"} else 1
        date = "" if kinds & _NOT_PUBLISHED else date_of(one)
        if date and (best is None or rank < best[0]):
            best = (rank, date)
    return best[1] if best else ""


def _updated(meta: _Element) -> str:
    dates = chain(children(meta, "pub-date"), meta.iterfind("{*}history/{*}date"))
    return max((date_of(one) for one in dates if _date_kinds(one) & _REVISED), default="")


def _date_kinds(date: _Element) -> set[str]:
    names = ("pub-type", "date-type", "publication-format")
    return {(date.get(name) or "").strip().lower() for name in names} - {""}


# -- relations ------------------------------------------------------------------------------------


def _relations(meta: _Element, *, is_news: bool) -> Iterator[str]:
    for one in meta.iter():
        if local(one) not in {"related-article", "related-object"}:
            continue
        said = (one.get("related-article-type") or one.get("link-type") or "").lower()
        kind = "about" if is_news and said in _REPORTED else _RELATIONS.get(said, "")
        names = (one.get(XLINK_HREF) or "", one.get("object-id") or "", text_of(one))
        name = next((found for value in names if value and (found := _named(value, one))), "")
        if kind and name:
            yield f"{kind} {name}"


def _named(value: str, link: _Element) -> str:
    """Write what a link leads to as scheme and name, or "" where it is no identifier of ours."""
    scheme = (link.get("ext-link-type") or link.get("object-id-type") or "").lower()
    if scheme in {"pmid", "pubmed", "pub-med"}:
        pmid = normalize_pmid(value)
        return f"pmid:{pmid}" if pmid else ""
    if scheme == "arxiv" or "arxiv.org/" in value:
        paper = normalize_arxiv(value)
        return f"arxiv:{paper[0]}" if paper else ""
    doi = normalize_doi(value) or find_doi(value)
    return f"doi:{doi}" if doi else ""


def _preprints(meta: _Element) -> Iterator[str]:
    """Find the preprint in the history of publication that an article tells."""
    for event in meta.iterfind("{*}pub-history/{*}event"):
        marks = [
            event.get("event-type") or "",
            *(one.get("date-type") or "" for one in children(event, "date")),
        ]
        for one in event.iter():
            if local(one) in {"self-uri", "ext-link", "related-article", "article-id"}:
                kind = one.get("content-type") or next(filter(None, marks), "")
                name = _named(one.get(XLINK_HREF) or text_of(one), one) if kind == "preprint" else ""
                if name:
                    yield f"has-preprint {name}"
