"""Know sources by what people have at hand: the address of a journal's page, a DOI, an ISSN, a key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from academichub.model.taxonomy import active_categories
from academichub.sources import catalogue
from academichub.text.identifiers import normalize_doi, normalize_issn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.sources.shelves import Entry

LONGEST_ADDRESS: Final = 2_000
SCIENCE_DIRECT: Final = "https://rss.sciencedirect.com/publication/science/{}"


def recognise(said: str) -> tuple[Entry, ...]:
    """Find what a DOI, an ISSN, an address, a key or a category stands for; nothing for any other text.

    A DOI leads to its journal where its form tells the journal, and to its registrant at Crossref otherwise.
    """
    said = said.strip()[:LONGEST_ADDRESS]
    if known := catalogue.entry(said) or catalogue.entry(f"arxiv:{said}"):
        return (known,)
    if issn := normalize_issn(said):
        return (catalogue.crossref_entry(f"issn:{issn}"),)
    if doi := normalize_doi(said):
        return of_doi(doi)
    if "://" in said:
        return of_address(said)
    return of_address(f"https://{said}") if "." in said and " " not in said else ()


# -- by address -----------------------------------------------------------------------------------

# Journals of these hosts have a page and a feed of the same form.
_ATYPON: Final = "|".join(
    re.escape(host)
    for host in (
        "ascopubs.org",
        "dl.acm.org",
        "epubs.siam.org",
        "journals.aom.org",
        "journals.sagepub.com",
        "journals.uchicago.edu",
        "nejm.org",
        "pnas.org",
        "pubs.aeaweb.org",
        "pubsonline.informs.org",
        "royalsocietypublishing.org",
        "science.org",
    )
)
# What a journal's page is called, without "www.", and where its feed is (ingest reference, section 2.6). True
# where every page of that form has such a feed; otherwise only what the catalogue knows is believed.
_PAGES: Final = (
    (r"nature\.com/subjects/([a-z0-9-]+)", "https://www.nature.com/subjects/{}.rss", True),
    (r"(?:feeds\.)?nature\.com/([a-z0-9]+)(?:/|$)", "https://www.nature.com/{}.rss", False),
    (
        r"link\.springer\.com/journal/([0-9]+)",
        "https://link.springer.com/search.rss?facet-content-type=Article&facet-journal-id={}",
        True,
    ),
    (
        r"([a-z]+)\.biomedcentral\.com",
        "https://{}.biomedcentral.com/articles/most-recent/rss.xml",
        True,
    ),
    (r"sciencedirect\.com/science/journal/([0-9]{7}[0-9x])", SCIENCE_DIRECT, True),
    (r"cell\.com/((?:trends/)?[a-z-]+)(?:/|$)", "https://www.cell.com/{}/current.rss", False),
    (r"thelancet\.com/journals/([a-z]+)", "https://www.thelancet.com/rssfeed/{}_current.xml", True),
    (
        r"(?:[a-z]+\.)?onlinelibrary\.wiley\.com/(?:page/)?(?:journal|loi|toc|feed)/([0-9]{7}[0-9x])",
        "https://onlinelibrary.wiley.com/feed/{}/most-recent",
        True,
    ),
    (
        rf"({_ATYPON})/(?:journal|journals|toc|loi|home)/([a-z0-9]+)",
        "https://{0}/action/showFeed?type=etoc&feed=rss&jc={1}",
        True,
    ),
    (
        r"pubs\.acs\.org/(?:journal|toc|loi)/([a-z0-9]+)",
        "https://pubs.acs.org/action/showFeed?type=axatoc&feed=rss&jc={}",
        True,
    ),
    (
        r"tandfonline\.com/(?:journals|toc|loi|action/journalInformation)/([a-z0-9]+)",
        "https://www.tandfonline.com/feed/rss/{}",
        True,
    ),
    (
        r"pubs\.rsc\.org/(?:en/journals/journal(?:issues)?/)?([a-z]{2})(?:/|$)",
        "http://feeds.rsc.org/rss/{}",
        False,
    ),
    (
        r"iopscience\.iop\.org/journal/([0-9]{4}-[0-9]{3}[0-9x])",
        "https://iopscience.iop.org/journal/rss/{}",
        True,
    ),
    (r"journals\.aps\.org/([a-z]+)", "https://feeds.aps.org/rss/recent/{}.xml", False),
    (r"academic\.oup\.com/([a-z]+)", "https://academic.oup.com/{}", False),
    (
        r"annualreviews\.org/(?:content/journals|journal|loi)/([a-z]+)",
        "https://www.annualreviews.org/rss/content/journals/{}/latestarticles?fmt=rss",
        True,
    ),
    (r"jamanetwork\.com/journals/([a-z-]+)", "https://jamanetwork.com/journals/{}", False),
    (r"([a-z]+)\.bmj\.com", "https://{}.bmj.com/rss/current.xml", False),
    (r"journals\.plos\.org/([a-z]+)", "https://journals.plos.org/{}/feed/atom", True),
    (r"([a-z]+)\.copernicus\.org", "https://{}.copernicus.org/xml/rss2_0.xml", False),
    (r"mdpi\.com/journal/([a-z0-9]+)", "https://www.mdpi.com/rss/journal/{}", True),
    (r"frontiersin\.org/journals/([a-z0-9-]+)", "https://www.frontiersin.org/journals/{}/rss", True),
    (r"navi\.cnki\.net/knavi/journals/([a-z0-9]{4})(?:/|$)", "https://navi.cnki.net/knavi/rss/{}", True),
    (r"dblp\.org/db/((?:conf|journals)/[a-z0-9-]+)", "https://dblp.org/db/{}", False),
)
_PATTERNS: Final = tuple((re.compile(page, re.IGNORECASE), feed, is_sure) for page, feed, is_sure in _PAGES)
_ARXIV: Final = re.compile(r"(?:[a-z]+\.)?arxiv\.org/(?:list|archive)/([a-z.-]+)", re.IGNORECASE)
_OPENRXIV: Final = re.compile(r"(bio|med)rxiv\.org/collection/([a-z_-]+)", re.IGNORECASE)
_OSF: Final = re.compile(r"osf\.io/preprints/([a-z]+)", re.IGNORECASE)
_IEEE: Final = "ieeexplore.ieee.org/xpl/"
_SERVERS: Final = {"papers.ssrn.com": "ssrn", "chemrxiv.org": "chemrxiv", "eartharxiv.org": "eartharxiv"}


def of_address(url: str) -> tuple[Entry, ...]:
    """Find the entries that an address stands for: a feed, or the page of a journal or a category.

    An archive of arXiv stands for its categories: the feed of a whole archive loses papers.
    """
    try:
        parts = urlsplit(url.strip()[:LONGEST_ADDRESS])
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ()
    if parts.scheme not in {"http", "https"} or not host:
        return ()
    known = catalogue.entry_for_url(url)
    return (known,) if known else _of_page(host, parts.path, parts.query)


def _of_page(host: str, path: str, query: str) -> tuple[Entry, ...]:
    page = f"{host}{path}"
    if match := _ARXIV.match(page):
        return tuple(_of_arxiv(match[1]))
    if match := _OPENRXIV.match(page):
        subject = match[2].replace("-", "_")
        feed = f"https://connect.{match[1]}rxiv.org/{match[1]}rxiv_xml.php?subject={subject}"
        return _these(catalogue.entry_for_url(feed))
    if match := _OSF.match(page):
        return _these(catalogue.entry(match[1]))
    if page.startswith(_IEEE):
        number = parse_qs(query).get("punumber", [""])[0]
        is_number = number.isascii() and number.isdigit()
        return (
            (catalogue.feed_entry(f"https://ieeexplore.ieee.org/rss/TOC{number}.XML"),) if is_number else ()
        )
    if host in _SERVERS:
        return _these(catalogue.entry(_SERVERS[host]))
    return _of_journal(page) or (_alone_at(host) if path in {"", "/"} else ())


def _of_journal(page: str) -> tuple[Entry, ...]:
    """Take the first form that fits, and gives an entry."""
    for pattern, feed, is_sure in _PATTERNS:
        if match := pattern.match(page):
            url = feed.format(*match.groups())
            known = catalogue.entry_for_url(url)
            if known is not None or is_sure:
                return (known or catalogue.feed_entry(url),)
    return ()


def _of_arxiv(name: str) -> Iterator[Entry]:
    if known := catalogue.entry(f"arxiv:{name}"):
        yield known
        return
    wanted = name.casefold()
    inside = (one.name for one in active_categories() if one.archive.casefold() == wanted)
    yield from dict.fromkeys(map(catalogue.arxiv_entry, inside))


def _alone_at(host: str) -> tuple[Entry, ...]:
    """Find the entry of a host that carries no other."""
    there = [one for one in catalogue.known_entries() if f"{host}/" in f"{one.url}/"]
    there = [one for one in there if (urlsplit(one.url).hostname or "").removeprefix("www.") == host]
    return _these(there[0]) if len(there) == 1 else ()


def _these(entry: Entry | None) -> tuple[Entry, ...]:
    return () if entry is None else (entry,)


# -- by DOI ---------------------------------------------------------------------------------------

# How the DOIs of well-known journals begin; a catalogue key each.
_DOI_STARTS: Final = {
    "10.1001/jama.": "jama",
    "10.1021/jacs.": "jacs",
    "10.1038/s41467-": "nature-communications",
    "10.1038/s41563-": "nature-materials",
    "10.1038/s41567-": "nature-physics",
    "10.1038/s41586-": "nature",
    "10.1038/s41587-": "nature-biotechnology",
    "10.1038/s41591-": "nature-medicine",
    "10.1038/s41598-": "scientific-reports",
    "10.1056/nejm": "nejm",
    "10.1073/pnas.": "pnas",
    "10.1093/nar/": "nucleic-acids-research",
    "10.1093/qje/": "qje",
    "10.1103/physrevlett.": "prl",
    "10.1103/physrevx.": "prx",
    "10.1109/tpami.": "tpami",
    "10.1126/sciadv.": "science-advances",
    "10.1126/science.": "science",
    "10.1126/scirobotics.": "science-robotics",
    "10.1136/bmj": "bmj",
    "10.1257/aer.": "aer",
    "10.1371/journal.pbio.": "plos-biology",
    "10.1371/journal.pcbi.": "plos-computational-biology",
    "10.1371/journal.pgen.": "plos-genetics",
    "10.1371/journal.pmed.": "plos-medicine",
    "10.1371/journal.pone.": "plos-one",
    "10.7554/elife.": "elife",
}
_ARXIV_PREFIX: Final = "10.48550"  # at DataCite, and a paper does not tell its category
_ISSN: Final = re.compile(r"(?<![0-9])([0-9]{4}-[0-9]{3}[0-9x])(?![0-9])")
_SPRINGER: Final = re.compile(r"10\.1007/s([0-9]{5})-")


def of_doi(doi: str) -> tuple[Entry, ...]:
    """Find a DOI's journal by its form, its server by its prefix, or else its registrant.

    Args:
        doi: In canonical form (text.identifiers.normalize_doi).
    """
    prefix, _, rest = doi.partition("/")
    if prefix == _ARXIV_PREFIX:
        return ()
    for start, key in _DOI_STARTS.items():
        if doi.startswith(start):
            return _these(catalogue.entry(key))
    for match in _ISSN.finditer(rest):
        if known := catalogue.entry_for_issn(match[1]):
            return (known,)
    if number := _SPRINGER.match(doi):
        return of_address(f"https://link.springer.com/journal/{int(number[1])}")
    return (catalogue.crossref_entry(f"prefix:{prefix}"),)
