"""Read Dublin Core: `oai_dc` of every OAI-PMH server, and the few dialects that add to it.

Fifteen elements, each as often as its server likes and meant as its server likes. So texts are chosen: the
title and description in the work's language, the longest description, the earliest date.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Form, Record, RecordAuthor, RecordLink, Text
from academichub.sources.jsonanswer import fields_of
from academichub.sources.xmlanswer import local, text_at, text_of
from academichub.sources.xmlparts import broken, reading_order, two_letters, written_date
from academichub.text.identifiers import (
    arxiv_abs_url,
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

XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

_KINDS: Final = {
    "preprint": "preprint", "dataset": "dataset", "data set": "dataset", "research article": "article",
    "journal article": "article", "journalarticle": "article", "review article": "review",
    "review-article": "review", "editorial": "editorial", "correction": "correction", "erratum": "correction",
    "corrigendum": "correction", "retraction": "retraction", "news": "news",
    # COAR's resource types, by number (vocabularies.coar-repositories.org)
    "c_816b": "preprint", "c_ddb1": "dataset", "c_dcae04bc": "review", "c_b239": "editorial",
    "c_2df8fbb1": "article",
}  # fmt: skip
# Words that stand as a type and tell nothing of the kind of work.
_EMPTY_TYPES: Final = re.compile(
    r"text|.*(?:published|accepted|submitted|updated)version|.*semantics/draft|"
    r"(?:non[- ])?peer[- ]?reviewed.*",
    re.IGNORECASE,
)
_NOBODY: Final = frozenset({"[s.n.]", "s.n.", "[s.l.]", "[s.c.]", "-", "anonymous", "unknown", "[unknown]"})
_COMMENT: Final = re.compile(r"comments?:\s*", re.IGNORECASE)
_LINK_TO_PDF: Final = re.compile(r"\.pdf$|[/=]pdf(?:[/?&#]|$)", re.IGNORECASE)
_CREATIVE_COMMONS: Final = re.compile(r"https?://(?:www\.)?creativecommons\.org/[\w./-]+[\w/]")
_CC_NAME: Final = re.compile(
    r"CC[ -]?(?:(?P<terms>BY(?:-NC)?(?:-ND|-SA)?)|(?P<zero>0))[ -]?(?P<version>[1-4]\.0)?|PDM 1\.0",
    re.IGNORECASE,
)
# "Journal; Vol. 8 No. 2 (2024): Tides; 11-19", as OJS writes its source.
_OJS_SOURCE: Final = re.compile(r"(?P<journal>[^;]{2,200}); .*[0-9].*")
# "Journal 71(2): e1733", as Pensoft does.
_SHORT_SOURCE: Final = re.compile(
    r"(?P<journal>\S.{1,200}?),? (?P<volume>[0-9]{1,4})(?:\((?P<number>[0-9-]{1,9})\))?"
    r": ?(?P<page>[A-Za-z]?[0-9]{1,9})\b.*"
)
_ALTERNATIVE: Final = re.compile(r"info:eu-repo/semantics/altIdentifier/(\w+)/(.+)", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")


def read(element: _Element, external_id: str, position: int) -> Record:
    """Read one set of Dublin Core elements, whatever element holds them.

    Raises:
        RecordBroken: There is neither a title nor an identifier.
    """
    said = _Said(element)
    names = said.texts("identifier")
    if not names and not said.texts("title"):
        raise broken(element, f"neither a title nor an identifier in <{local(element)}>")
    alternatives = [
        (kind.lower(), value) for kind, value in _ALTERNATIVE.findall("\n".join(said.texts("relation")))
    ]
    doi = _doi([*names, *(value for kind, value in alternatives if kind == "doi")])
    paper = next((found for name in (*names, external_id) if (found := _arxiv(name))), None)
    pages = [name for name in names if is_web(name)]
    files = [href for href in pages if _LINK_TO_PDF.search(href)]
    link = _landing(pages, files, doi, paper)
    form = Form.PLAIN if paper and "arxiv" in external_id.lower() + link else Form.UNSAID
    summary, comment = said.description()
    dates = sorted(
        date for text in said.texts("date") if "embargo" not in text and (date := written_date(text))
    )
    return Record(
        position=position,
        external_id=external_id or (names[0] if names else ""),
        title=Text(said.best("title"), form),
        link=link,
        links=tuple(RecordLink(href, "related", "application/pdf", "pdf") for href in files if href != link),
        published=dates[0] if dates else "",
        updated=dates[-1] if paper and len(dates) > 1 else "",
        authors=tuple(_creators(said)),
        summary=Text(summary, form),
        categories=tuple(dict.fromkeys(said.texts("subject"))),
        language=next(iter(said.texts("language")), ""),
        fields=fields_of(
            {
                **_venue(said, alternatives),
                **({"hub:journal-ref": _reference(names)} if form is Form.PLAIN else {}),
                "hub:arxiv": f"{paper[0]}v{paper[1]}" if paper and paper[1] else paper[0] if paper else "",
                "hub:pmid": _pmid(names),
                "hub:kind": _kind(said),
                "hub:comment": comment,
                "prism:doi": doi,
                "dcterms:license": _licence(said.texts("rights")),
                "dc:type": sorted(said.texts("type"), key=lambda one: bool(_EMPTY_TYPES.fullmatch(one))),
                "dc:identifier": names,
                "dc:language": said.texts("language"),
                **{f"dc:{name}": said.texts(name) for name in _KEPT},
            }
        ),
    )


_KEPT: Final = ("publisher", "contributor", "rights", "relation", "source", "format", "coverage")


class _Said:
    """The elements by name, each with its language and its text."""

    __slots__ = ("_by_name", "_language", "elements")

    def __init__(self, element: _Element) -> None:
        self._by_name: dict[str, list[tuple[str, str]]] = {}
        self.elements = [one for one in element if local(one)]
        for one in self.elements:
            text = "\n".join(str(piece).strip() for piece in one.itertext() if str(piece).strip())
            if text and text.lower() not in _NOBODY:
                written = (two_letters(one.get(XML_LANG) or ""), text)
                self._by_name.setdefault(local(one), []).append(written)
        self._language = two_letters(next(iter(self.texts("language")), ""))

    def texts(self, name: str) -> list[str]:
        """List the texts of an element, each once, in order, on one line."""
        return list(dict.fromkeys(" ".join(text.split()) for _, text in self._by_name.get(name, ())))

    def best(self, name: str) -> str:
        """Give the first text in the work's language, else the first."""
        found = self._by_name.get(name, ())
        return next((text for lang, text in found if lang == self._language), found[0][1] if found else "")

    def description(self) -> tuple[str, str]:
        """Give the abstract, which is the longest description in the work's language, and arXiv's comment."""
        found = [*self._by_name.get("abstract", ()), *self._by_name.get("description", ())]
        comments = [
            " ".join(text[said.end() :].split()) for _, text in found if (said := _COMMENT.match(text))
        ]
        texts = [(lang, text) for lang, text in found if not _COMMENT.match(text)]
        own = [text for lang, text in texts if lang == self._language]
        first = [text for lang, text in texts if texts and lang == texts[0][0]]
        return max(own or first, key=len, default=""), next(iter(comments), "")


# -- identifiers and addresses --------------------------------------------------------------------


def _doi(names: list[str]) -> str:
    for name in names:
        doi = normalize_doi(name.removeprefix("info:") if name.startswith("info:doi:") else name)
        if doi:
            return doi
    return ""


def _arxiv(name: str) -> tuple[str, int | None] | None:
    return normalize_arxiv(name) if "arxiv" in name.lower() else None


def _pmid(names: list[str]) -> str:
    said = (name.lower().replace("info:pmid/", "pmid:") for name in names)
    return next(
        (pmid for name in said if "pmid" in name or "pubmed" in name if (pmid := normalize_pmid(name))), ""
    )


def _reference(names: list[str]) -> str:
    """Give the journal reference that arXiv puts among the identifiers, the only one of them in prose."""
    return next((name for name in names if " " in name and not is_web(name) and not normalize_doi(name)), "")


def _landing(pages: list[str], files: list[str], doi: str, paper: tuple[str, int | None] | None) -> str:
    """Choose the page for people: the server's own, before one that only resolves a name, before a file."""
    own = [href for href in pages if href not in files and not normalize_doi(href)]
    if own:
        return own[0]
    if paper:
        return arxiv_abs_url(paper[0])
    return doi_url(doi) if doi else next(iter(pages), "")


def _licence(rights: list[str]) -> str:
    """Give the address of the licence, also of one that is only named ("CC BY 4.0")."""
    for text in rights:
        if found := _CREATIVE_COMMONS.search(text):
            return found[0]
        if named := _CC_NAME.fullmatch(text.strip()):
            return _creative_commons(named)
    return next((text for text in rights if is_web(text) and "eu-repo" not in text), "")


def _creative_commons(named: re.Match[str]) -> str:
    if named["terms"]:
        return f"https://creativecommons.org/licenses/{named['terms'].lower()}/{named['version'] or '4.0'}/"
    return f"https://creativecommons.org/publicdomain/{'zero' if named['zero'] else 'mark'}/1.0/"


# -- people, kinds, venues ------------------------------------------------------------------------


def _creators(said: _Said) -> Iterator[RecordAuthor]:
    for one in said.elements:
        if local(one) != "creator":
            continue
        written = text_at(one, "{*}name") or text_of(one)
        if written and written.lower() not in _NOBODY:
            orcid = normalize_orcid((one.get("id") or "").rpartition("/")[2])
            place = text_at(one, "{*}affiliation")
            yield RecordAuthor(
                reading_order(written),
                uri=f"https://orcid.org/{orcid}" if orcid else "",
                affiliations=(place,) if place else (),
            )


def _kind(said: _Said) -> str:
    words = (text.lower().rpartition("/")[2] for text in said.texts("type"))
    return next((_KINDS[word] for word in words if word in _KINDS), "")


def _venue(said: _Said, alternatives: list[tuple[str, str]]) -> dict[str, object]:
    """Read the journal out of what stands as source: its name, its ISSNs, the place in it."""
    sources = said.texts("source")
    words = [text for text in sources if _LETTERS.search(text) and not normalize_issn(text)]
    best = said.best("source") if said.best("source") in words else next(iter(words), "")
    is_name = bool(best) and not re.search(r"[0-9]", best)
    found = _SHORT_SOURCE.fullmatch(best) or _OJS_SOURCE.fullmatch(best)
    parts = found.groupdict() if found else {}
    plain = (normalize_issn(text) for text in (*sources, *said.texts("identifier")))
    marked = [(kind, normalize_issn(value)) for kind, value in alternatives]
    printed = [issn for kind, issn in marked if issn and kind in {"pissn", "issn"}]
    online = [issn for kind, issn in marked if issn and kind == "eissn"]
    others = [issn for issn in dict.fromkeys(plain) if issn and issn not in {*printed, *online}]
    return {
        "prism:issn": (printed or others)[:1],
        "prism:eIssn": (online or (others if printed else others[1:]))[:1],
        "prism:publicationName": parts.get("journal") or (best if is_name else ""),
        "prism:volume": parts.get("volume") or "",
        "prism:number": parts.get("number") or "",
        "prism:startingPage": parts.get("page") or "",
        "hub:journal-ref": "" if is_name else best,
    }
