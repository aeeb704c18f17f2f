"""Read what addresses say, and gather the links of a paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from academichub.model.papers import Link, LinkRole
from academichub.text.identifiers import (
    arxiv_abs_url,
    arxiv_pdf_url,
    doi_url,
    normalize_doi,
    normalize_pmcid,
    normalize_pmid,
)

if TYPE_CHECKING:
    from academichub.model.papers import Identifiers, Prose, Record

MOST_CODE_LINKS: Final = 3
_CODE: Final = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitee\.com|huggingface\.co"
    r"|zenodo\.org|osf\.io)/[^\s<>\"'()\[\]{}，。；、]+",
    re.IGNORECASE,
)
_DOI_PATH: Final = re.compile(
    r"/(?:doi(?:/(?:abs|full|pdf|epdf|suppl))?|content|article/doi|CN)/(10\.\d{4,9}/[^?#]+)"
)
_NATURE: Final = re.compile(r"^/articles/([sd]\d{5}-\d{3}-\d{5}-[\dx]|s\d{5}-[\w-]+)$")
_VERSION: Final = re.compile(r"/(?:10\.\d{4,9}/[^?#]*?)(?:/v|v)(\d{1,3})(?:$|[/?#.])")
_PUBMED: Final = re.compile(r"pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,9})|ncbi\.nlm\.nih\.gov/pubmed/(\d{1,9})")
_TRACKERS: Final = re.compile(r"^(?:utm_\w+|af|dgcid|rss|fbclid|mc_[ce]id)$")


def arxiv_links(base: str, abstract: Prose | None) -> tuple[Link, ...]:
    """Give an arXiv paper's links: its page and PDF (never a copy of ours), and code it names."""
    return (
        Link(arxiv_abs_url(base), LinkRole.LANDING),
        Link(arxiv_pdf_url(base), LinkRole.PDF),
        *code_links(abstract),
    )


def links_of(record: Record, found: Identifiers, abstract: Prose | None) -> tuple[Link, ...]:
    """Give the links of any other entry: where the source points, the DOI, code it names."""
    links: dict[str, Link] = {}
    if is_web(record.link):
        href = bare(record.link)
        links[href] = Link(href, LinkRole.LANDING)
    if found.doi:
        links.setdefault(doi_url(found.doi), Link(doi_url(found.doi), LinkRole.DOI))
    elif found.arxiv:
        links.setdefault(arxiv_abs_url(found.arxiv), Link(arxiv_abs_url(found.arxiv), LinkRole.RELATED))
    if not links and is_web(record.external_id):
        links[record.external_id] = Link(record.external_id, LinkRole.LANDING)
    return (*links.values(), *code_links(abstract))


def code_links(abstract: Prose | None) -> tuple[Link, ...]:
    """Find addresses of code and data in an abstract."""
    if abstract is None or "http" not in abstract.plain:
        return ()
    found = (one.rstrip(".,;:!?") for one in _CODE.findall(abstract.plain))
    return tuple(Link(href, LinkRole.CODE) for href in dict.fromkeys(found))[:MOST_CODE_LINKS]


def is_web(href: str) -> bool:
    """True for an http or https address with a host."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def host_of(href: str) -> str:
    """Give the host in lower case without "www.", or ""."""
    try:
        host = urlsplit(href.strip()).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def bare(href: str) -> str:
    """Give an address without fragment and trackers, so that one page has one spelling."""
    try:
        parts = urlsplit(href.strip())
        query = [
            pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKERS.match(pair[0])
        ]
    except ValueError:
        return href.strip()
    kept = parts.query if len(query) == parts.query.count("&") + 1 else urlencode(query)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, kept, ""))


def doi_in_link(href: str) -> str | None:
    """Read a DOI from a publisher's address: /doi/full/10..., /content/10..., nature.com/articles/..."""
    if host_of(href) == "nature.com":
        article = _NATURE.match(urlsplit(href.strip()).path)
        if article:
            return normalize_doi(f"10.1038/{article[1]}")
    found = _DOI_PATH.search(href)
    if found is None:
        return None
    doi = found[1]
    if "/doi/10.1039/" in href:  # RSC appends a number and the title
        doi = "/".join(doi.split("/")[:2])
    doi = re.sub(r"(?:/v\d+|(?<=\d)v\d+)(?:\.\w+)*$", "", doi)  # bioRxiv and ChemRxiv append the version
    return normalize_doi(doi)


def version_in_link(href: str) -> int | None:
    """Read the version that preprint servers put into their addresses (…/10.1101/2026.01.02.123456v2)."""
    found = _VERSION.search(href)
    return int(found[1]) if found else None


def pmid_of(value: str) -> str | None:
    """Read a PubMed number from a labelled name or a PubMed address."""
    if found := _PUBMED.search(value):
        return normalize_pmid(found[1] or found[2])
    return normalize_pmid(value) if value.lower().startswith(("pmid:", "pubmed:")) else None


def pmcid_of(value: str) -> str | None:
    """Read a PubMed Central name from a labelled name or an address."""
    found = re.search(r"\bPMC\d{3,9}\b", value)
    return normalize_pmcid(found[0]) if found else None
