"""Read what a paper says of other papers, and of itself: preprint of, corrects, retracted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from academichub.intake.links import doi_in_link
from academichub.model.papers import Bond, Flag, Kind, Relation
from academichub.text import identifiers

if TYPE_CHECKING:
    from academichub.model.papers import Identifiers, Prose, Record

MOST_RELATIONS: Final = 24
_BONDS: Final = {bond.value: bond for bond in Bond}
_RETRACTED: Final = r"(?:retracted|withdrawn)(?: article| paper| chapter)?"
_RETRACTED_TITLE: Final = re.compile(rf"\[{_RETRACTED}\]|{_RETRACTED}\s*[:：.]", re.IGNORECASE)
# "This paper has been withdrawn by the author", "Paper withdrawn due to an error", "Withdrawn." Withdrawn
# from a journal is not withdrawn from arXiv, and a sentence may begin with the word and go on.
_SUBMISSION: Final = r"(?:paper|submission|article|manuscript|preprint|work)"
_WITHDRAWN: Final = re.compile(
    rf"\W{{0,3}}(?:(?:this|the) {_SUBMISSION} (?:has been|is|was) (?:temporarily )?(?:withdrawn|retracted)\b"
    rf"(?! from (?!arxiv))|(?:{_SUBMISSION} )?(?:withdrawn|retracted)"
    r"(?=\W*$|\s*[.:;,!(\[]|\s+(?:by|due|because|as|since|for|pending|until|after)\b))",
    re.IGNORECASE,
)
_HREF: Final = re.compile(r"""https?://[^\s"'<>]{4,300}""")
_NEWS_READS: Final = 20_000  # characters of a news piece in which its paper's address would stand
_FLAG_BY_BOND: Final = {
    Bond.RETRACTED_BY: Flag.RETRACTED,
    Bond.CONCERN_RAISED_BY: Flag.CONCERN,
    Bond.CORRECTED_BY: Flag.CORRECTED,
}


def relations_of(record: Record, *, itself: Identifiers) -> tuple[Relation, ...]:
    """Read "KIND SCHEME:VALUE" lines; what cannot be read, or names the paper itself, says nothing."""
    found: dict[Relation, None] = {}
    own = set(itself.pairs())
    for said in record.fields.get("hub:relation", ()):
        bond, _, name = said.strip().partition(" ")
        scheme, _, value = name.strip().partition(":")
        canonical = canonical_name(scheme.lower(), value)
        if bond in _BONDS and canonical is not None and canonical not in own:
            found[Relation(_BONDS[bond], *canonical)] = None
        if len(found) >= MOST_RELATIONS:
            break
    return tuple(found)


def canonical_name(scheme: str, value: str) -> tuple[str, str] | None:
    """Make an identifier canonical; None for a scheme or value that is none."""
    if scheme == "doi":
        doi = identifiers.normalize_doi(value)
        named = identifiers.arxiv_from_doi(doi) if doi else None
        if named is not None:
            return "arxiv", named[0]
        return ("doi", doi) if doi else None
    if scheme == "arxiv":
        found = identifiers.normalize_arxiv(value)
        return ("arxiv", found[0]) if found else None
    if scheme == "pmid":
        pmid = identifiers.normalize_pmid(value)
        return ("pmid", pmid) if pmid else None
    if scheme == "pmcid":
        pmcid = identifiers.normalize_pmcid(value)
        return ("pmcid", pmcid) if pmcid else None
    return None


def flags_of(record: Record, *, kind: Kind) -> tuple[Flag, ...]:
    """Tell what readers must know of the paper itself, worst first.

    "RETRACTED: A title" is the paper, not the notice: publishers mark it so when they take it back.
    """
    found = {
        _FLAG_BY_BOND[bond]
        for said in record.fields.get("hub:relation", ())
        if (bond := _BONDS.get(said.strip().partition(" ")[0])) in _FLAG_BY_BOND
    }
    if record.first("hub:retracted") or is_retracted_title(record.title.value, kind):
        found.add(Flag.RETRACTED)
    return tuple(flag for flag in Flag if flag in found)


def reported(record: Record, *, kind: Kind, itself: Identifiers) -> tuple[Relation, ...]:
    """Tell which paper a news piece is about: the only one whose DOI or page at arXiv it gives.

    A piece that names several papers is about none of them alone.
    """
    if kind is not Kind.NEWS:
        return ()
    text = f"{record.summary.value[:_NEWS_READS]} {record.content.value[:_NEWS_READS]}"
    named = [link.href for link in record.links if link.rel == "related"] + _HREF.findall(text)
    found: dict[tuple[str, str], None] = {}
    for href in named:
        doi = doi_in_link(href) or identifiers.normalize_doi(href)
        if doi and identifiers.is_news_doi(doi):
            continue
        name = canonical_name("doi", doi) if doi else canonical_name("arxiv", href)
        if name is not None and name not in itself.pairs():
            found[name] = None
    return tuple(Relation(Bond.ABOUT, *name) for name in found) if len(found) == 1 else ()


def withdrawn(comment: str, abstract: Prose | None) -> tuple[Flag, ...]:
    """Tell an arXiv paper that its authors took back: the comment or the abstract begins with it."""
    said = (comment, abstract.plain[:200] if abstract else "")
    return (Flag.RETRACTED,) if any(_WITHDRAWN.match(text) for text in said if text) else ()


def is_retracted_title(title: str, kind: Kind) -> bool:
    """Tell a title that a publisher has marked as taken back."""
    return kind is Kind.RETRACTION and _RETRACTED_TITLE.match(title.lstrip()) is not None
