"""Read what addresses say, and gather the links of a paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from academichub.intake.kinds import PREPRINT_PREFIXES
from academichub.model.papers import Link, LinkRole
from academichub.text.identifiers import (
    arxiv_abs_url,
    arxiv_pdf_url,
    doi_url,
    find_doi,
    normalize_doi,
    normalize_pmcid,
    normalize_pmid,
)

if TYPE_CHECKING:
    from academichub.model.papers import Identifiers, Prose, Record

MOST_CODE_LINKS: Final = 3
LONGEST_ADDRESS: Final = 2000  # characters; what browsers and servers agree to carry
# Hosts that only lead elsewhere: an entry that links there is still an entry of its feed's place.
RESOLVERS: Final = frozenset({"doi.org", "dx.doi.org", "arxiv.org", "hdl.handle.net"})
_CODE: Final = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitee\.com|huggingface\.co"
    r"|zenodo\.org|osf\.io)/[^\s<>\"'()\[\]{}，。；、]+",
    re.IGNORECASE,
)
_NATURE: Final = re.compile(r"/articles/([sd][0-9]{5}-[0-9]{3}-[0-9]{4,5}-[0-9a-z])")
_ELIFE: Final = re.compile(r"/(?:articles|reviewed-preprints)/([0-9]{4,6})")
_DOI_IN_PATH: Final = re.compile(r"/(10\.[0-9]{4,9}/.+)")
_DOI_IN_QUERY: Final = re.compile(r"(?:^|&)(?:id|doi)=(10\.[0-9]{4,9}(?:/|%2F)[^&]+)", re.IGNORECASE)
# Preprint servers append the version to the DOI, in addresses or in the DOI itself: 10.1101/...123456v2,
# 10.26434/chemrxiv-2026-abcde-v2, 10.21203/rs.3.rs-1234567/v2, 10.20944/preprints202601.0123.v2.
_VERSION: Final = re.compile(r"(?:(?<=[0-9]{6})|[/._-])v([0-9]{1,3})(?:\.[a-z.]{1,20})?/?$", re.IGNORECASE)
_ARTICLE_NUMBER: Final = re.compile(r"/[0-9]{5,}(?:/.*)?$")
_PUBMED: Final = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/|\bpmid:\s?|\bpubmed:\s?)([0-9]{1,9})\b",
    re.IGNORECASE,
)
_PMC: Final = re.compile(r"\bPMC[0-9]{3,9}\b")
_TRACKERS: Final = re.compile(
    r"utm_\w+|af|dgcid|rss|fbclid|gclid|mc_[ce]id|traffic_source|at_(?:medium|campaign)|ncid|cmpid?|ref_src"
)
_BAD: Final = re.compile(r"[\x00-\x20\x7f-\xa0\ud800-\udfff\u2028\u2029\ufffe\uffff]+")


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
    resolver = doi_url(found.doi) if found.doi else ""
    for href in (record.link, record.external_id):
        if not links and is_web(href):
            # An old or unsafe spelling of the DOI's own address gives way to the one we write.
            landing = resolver if resolver and host_of(href) in {"doi.org", "dx.doi.org"} else bare(href)
            links[landing] = Link(landing, LinkRole.LANDING)
    if resolver:
        links.setdefault(resolver, Link(resolver, LinkRole.DOI))
    elif found.arxiv:
        page = arxiv_abs_url(found.arxiv)
        links.setdefault(page, Link(page, LinkRole.RELATED))
    return (*links.values(), *code_links(abstract))


def code_links(abstract: Prose | None) -> tuple[Link, ...]:
    """Find addresses of code and data in an abstract."""
    if abstract is None or "http" not in abstract.plain:
        return ()
    found = (one.rstrip(".,;:!?") for one in _CODE.findall(abstract.plain))
    return tuple(Link(href, LinkRole.CODE) for href in dict.fromkeys(found))[:MOST_CODE_LINKS]


def is_web(href: str) -> bool:
    """True for an http or https address with a host, of a length that can be used."""
    return href[:8].lower().startswith(("http://", "https://")) and bool(host_of(href))


def host_of(href: str) -> str:
    """Give the host in lower case without "www.", or ""."""
    if "//" not in href or len(href) > LONGEST_ADDRESS:
        return ""
    try:
        host = urlsplit(href.strip()).hostname or ""
    except ValueError:
        return ""
    return _BAD.sub("", host).removeprefix("www.")


def bare(href: str, *, keeps_fragment: bool = False) -> str:
    """Give an address without fragment and trackers, so that one page has one spelling.

    Args:
        href: An address for which `is_web` is true; anything else comes back as it is.
        keeps_fragment: For identifiers: several entries may lie on one page.
    """
    href = _BAD.sub("%20", href.strip()) if _BAD.search(href) else href
    if not is_web(href):
        return href
    parts = urlsplit(href)
    query, fragment = parts.query, parts.fragment if keeps_fragment else ""
    if query:
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [pair for pair in pairs if not _TRACKERS.fullmatch(pair[0])]
        query = query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, fragment))


def doi_in_link(href: str) -> str | None:
    """Read a DOI from a publisher's address: /doi/full/10..., /article/10..., nature.com/articles/..."""
    host = host_of(href)
    if not host:
        return None
    parts = urlsplit(href.strip())
    if host == "nature.com" and (article := _NATURE.match(parts.path)):
        return normalize_doi(f"10.1038/{article[1]}")
    if host == "elifesciences.org" and (article := _ELIFE.match(parts.path)):
        return normalize_doi(f"10.7554/elife.{article[1]}")
    if queried := _DOI_IN_QUERY.search(parts.query):
        return find_doi(unquote(queried[1]))
    named = _DOI_IN_PATH.search(parts.path)
    if named is None:
        return None
    name = named[1]
    if "/article/doi/" in parts.path or "/article-abstract/doi/" in parts.path:
        name = _ARTICLE_NUMBER.sub("", name)  # OUP and RSC append a number and the title
    elif "/v" in name or name.startswith(("10.1101/", "10.64898/")):
        name = _VERSION.sub("", name)
    return find_doi(name)


def version_of(*names: str) -> int | None:
    """Read the version that preprint servers put into addresses and DOIs; the first that tells."""
    for name in names:
        start = name.find("10.")
        if start >= 0 and name.startswith(PREPRINT_PREFIXES, start):
            found = _VERSION.search(name[start:LONGEST_ADDRESS].partition("?")[0].partition("#")[0][-40:])
            if found:
                return int(found[1])
    return None


def without_version(doi: str) -> str:
    """Give what all versions of a preprint share, where its server gives each a DOI of its own."""
    return _VERSION.sub("", doi) if doi.startswith(PREPRINT_PREFIXES) else doi


def pmid_of(value: str) -> str | None:
    """Read a PubMed number from a labelled name or a PubMed address."""
    found = _PUBMED.search(value)
    return normalize_pmid(found[1]) if found else None


def pmcid_of(value: str) -> str | None:
    """Read a PubMed Central name from a labelled name or an address."""
    found = _PMC.search(value)
    return normalize_pmcid(found[0]) if found else None
