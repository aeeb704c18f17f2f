"""Find what a reference is known by, wherever its owner or program put it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from academichub.model.papers import Identifiers
from academichub.text import identifiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_LENGTH: Final = 100_000  # characters of one text that are searched
# "arXiv:1407.5694 [math]", "arXiv preprint arXiv:2401.01234v2", "CoRR abs/1706.03762", addresses, DOIs.
_ARXIV: Final = re.compile(
    r"(?:\barxiv(?:\.org/(?:abs|pdf|html|format|ps)/|(?:\s+(?:e-?print|preprint|paper|id))*[\s:.]\s*(?:arxiv\s*[:.]\s*)?)"
    r"|\babs/)"
    r"([a-z-]{2,9}(?:\.[a-z-]{2,9})?/[0-9]{7}|[0-9]{4}\.[0-9]{4,5})(?:v[0-9]{1,3})?(?![0-9])",
    re.IGNORECASE | re.ASCII,
)
_PMID: Final = re.compile(
    r"\bpmid\s*[:=]?\s*([0-9]{1,9})\b|(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/([0-9]{1,9})\b",
    re.IGNORECASE | re.ASCII,
)
_PMCID: Final = re.compile(r"\bpmc\s*([0-9]{1,9})\b", re.IGNORECASE | re.ASCII)
# Oxford's addresses carry the article's number of their own behind the DOI.
_OXFORD: Final = re.compile(r"(10\.1093/[^/]+/[^/]+)/[0-9]+")
_ISSN: Final = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9xX]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Clues:
    """What an entry says of its identity. `texts` are searched in order, and only for what is not named."""

    doi: str = ""
    eprint: str = ""
    archive: str = ""  # what the eprint is a number of: "arXiv", "pubmed", "jstor"; "" where unsaid
    arxiv: str = ""
    pmid: str = ""
    pmcid: str = ""
    issn: str = ""
    texts: Sequence[str] = ()


def identify(clues: Clues) -> Identifiers:
    """Bring the identifiers of an entry to their canonical form.

    arXiv's own DOI becomes the arXiv identifier. A named identifier beats one found in a text.
    """
    texts = [text[:MAX_LENGTH] for text in clues.texts if text]
    doi = (
        identifiers.normalize_doi(clues.doi)
        or identifiers.find_doi(clues.doi[:MAX_LENGTH])
        or _first(_doi_in(text) for text in texts)
    )
    archive = clues.archive.strip().lower()
    preprint = identifiers.arxiv_from_doi(doi) if doi else None
    arxiv = (
        (preprint[0] if preprint else None)
        or _arxiv(clues.arxiv)
        or (_arxiv(clues.eprint) if archive in {"", "arxiv", "arxiv.org"} else None)
        or _first(find_arxiv(text) for text in texts)
    )
    is_pubmed = archive in {"pubmed", "pmid", "medline"}
    return Identifiers(
        doi=None if preprint else doi,
        arxiv=arxiv,
        pmid=identifiers.normalize_pmid(clues.pmid or (clues.eprint if is_pubmed else ""))
        or _first(_found(_PMID, text) for text in texts),
        pmcid=identifiers.normalize_pmcid(clues.pmcid)
        or _first(_prefixed(_found(_PMCID, text)) for text in (clues.pmcid, *texts)),
        issn=_first(identifiers.normalize_issn(each) for each in _ISSN.findall(clues.issn)),
    )


def find_arxiv(text: str) -> str | None:
    """Give the first arXiv identifier, without its version, that a text or address holds, or None."""
    found = _ARXIV.search(text)
    if found is None:
        return None
    named = identifiers.normalize_arxiv(found[1])
    return named[0] if named else None


def _arxiv(written: str) -> str | None:
    found = identifiers.normalize_arxiv(written)
    return found[0] if found else find_arxiv(written)


def _doi_in(text: str) -> str | None:
    doi = identifiers.find_doi(text)
    oxford = _OXFORD.fullmatch(doi) if doi and "oup.com" in text else None
    return oxford[1] if oxford else doi


def _found(rule: re.Pattern[str], text: str) -> str | None:
    match = rule.search(text)
    return match[match.lastindex or 0].lstrip("0") or None if match else None


def _prefixed(number: str | None) -> str | None:
    return f"PMC{number}" if number else None


def _first(found: Iterable[str | None]) -> str | None:
    return next((each for each in found if each), None)
