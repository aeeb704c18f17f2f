"""Find the feeds of a page that somebody pasted.

Pure: the page has been fetched by somebody else, and nothing that is found here has been asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from academichub.model.taxonomy import category
from academichub.sources import catalogue
from academichub.sources.decoding import CHARSET, decode
from academichub.sources.recognising import LONGEST_ADDRESS, SCIENCE_DIRECT, of_address
from academichub.sources.tags import tags, text_after
from academichub.text.identifiers import normalize_issn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from academichub.sources.shelves import Entry
    from academichub.sources.tags import Tag

MOST_BYTES: Final = 2 * 1024 * 1024  # of a page; feeds are named in its head
MOST_FOUND: Final = 100
MOST_TAGS: Final = 50_000  # that are looked at
MOST_CANDIDATES: Final = 2_000  # that are looked at closely
LONGEST_TITLE: Final = 300

# What a thing was found by, the surest first.
BECAUSE: Final = ("address", "itself", "link", "issn", "anchor", "opml")


@dataclass(frozen=True, slots=True)
class Found:
    """Something that could be subscribed.

    `because`: "address", the page's address is one we know; "itself", what was pasted is a feed; "link",
    the page's head names it; "issn", the page's head names an ISSN; "anchor", a link in the page looks
    like a feed; "opml", a link leads to a list of feeds, which is no source of its own.
    """

    url: str
    title: str  # as the page says it; may be ""
    because: str
    entry: Entry | None  # None for a list of feeds


def discover(body: bytes, *, base: str, content_type: str = "") -> tuple[Found, ...]:
    """Find the feeds of a page, the likeliest first, each once.

    Only the first two megabytes are read, and a hundred finds are given. Addresses that are not http or
    https, or that hold a password, are passed over.

    Args:
        body: The page, HTML or anything else.
        base: Its address, after redirects.
        content_type: Of the answer, for its charset.
    """
    page = body[:MOST_BYTES]
    if not CHARSET.search(content_type) and (declared := _CHARSET.search(page[:2_048])):
        content_type = f"{content_type}; charset={declared[1].decode('ascii')}"
    text = decode(page, content_type=content_type).text
    found: dict[str, Found] = {}
    for one in _all(text, base):
        known = found.get(one.url)
        if known is None or BECAUSE.index(one.because) < BECAUSE.index(known.because):
            found[one.url] = one
        if len(found) >= MOST_FOUND:
            break
    return tuple(sorted(found.values(), key=lambda one: BECAUSE.index(one.because)))


def _all(text: str, base: str) -> Iterator[Found]:
    yield from (Found(one.url, one.title, "address", one) for one in of_address(base))
    if _FEED.match(text[:500].lstrip("\ufeff \t\r\n\0")):
        yield from (_as_found(base, "", "itself") if _web(base, base) else ())
    host = _host(base)
    yield from _in_tags(text, base, host)
    if host.endswith("sciencedirect.com"):  # whose journals' addresses have a name in place of the ISSN
        for match in islice(_ISSN_IN_TEXT.finditer(text), _MOST_ISSNS):
            yield from _of_issn(match[1], host)


def _in_tags(text: str, base: str, host: str) -> Iterator[Found]:
    """Look at every tag that may say something new, no more than so many of them."""
    seen: set[tuple[str, str]] = set()
    based = False
    for tag in islice(tags(text, "base", "link", "a", "meta"), MOST_TAGS):
        said = tag.attributes.get("content" if tag.name == "meta" else "href", "")
        if tag.is_end or not said or (tag.name, said) in seen or not _is_candidate(tag, said):
            continue
        seen.add((tag.name, said))
        if len(seen) > MOST_CANDIDATES:
            return
        if tag.name == "meta":
            yield from _of_issn(said, host)
        elif tag.name == "link":
            yield from _in_link(tag, base)
        elif tag.name == "a":
            yield from _in_anchor(tag, base, text)
        elif not based:  # the first base counts
            base, based = _web(said, base) or base, True


# -- in a page ------------------------------------------------------------------------------------

_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE
)
_FEED: Final = re.compile(
    r"(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[^>]{0,200}-->\s*)?<(?:rss|feed|rdf:RDF|channel)[\s>]"
    r'|\{\s*"version"\s*:\s*"https://jsonfeed\.org/',
    re.IGNORECASE,
)
_FEED_TYPES: Final = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/x.atom+xml",
        "application/x-atom+xml",
        "text/rss+xml",
        "text/atom+xml",
    }
)
_VAGUE_TYPES: Final = frozenset({"application/json", "application/xml", "text/xml"})
_OPML_TYPES: Final = frozenset({"text/x-opml", "text/x-opml+xml", "application/xml+opml"})
_ISSN_NAMES: Final = frozenset(
    {"citation_issn", "prism.issn", "prism.eissn", "dc.identifier.issn", "issn", "eissn"}
)
_ISSN_IN_TEXT: Final = re.compile(r"issn[^0-9]{0,12}([0-9]{4}-?[0-9]{3}[0-9X])(?![0-9])", re.IGNORECASE)
_MOST_ISSNS: Final = 20
# A part of a path or a parameter that says "feed"; and the same in an address as it is written.
_FEED_WORD: Final = re.compile(
    r"(?:^|[/.=?&_-])(?:rss2?|feeds?|atom|rdf|showfeed)(?:$|[/.=?&_-])", re.IGNORECASE
)
_FEED_SIGN: Final = re.compile(r"rss|feed|atom|rdf|\.xml|\.opml", re.IGNORECASE)
_FEED_TEXT: Final = re.compile(r"\b(?:rss|atom)\b|\bfeed\b|订阅源", re.IGNORECASE)
_NEVER: Final = re.compile(r"sitemap|\.(?:html?|pdf|png|jpe?g|gif|svg|css|js|zip|mp[34])$", re.IGNORECASE)


def _is_candidate(tag: Tag, said: str) -> bool:
    """Sort out quickly, by what is written, most tags of a page."""
    if tag.name == "meta":
        return tag.attributes.get("name", "").lower() in _ISSN_NAMES
    if tag.name != "a":
        return True
    return _sort(tag) in _FEED_TYPES or _FEED_SIGN.search(said[:LONGEST_ADDRESS]) is not None


def _in_link(tag: Tag, base: str) -> Iterator[Found]:
    """<link rel="alternate" type="application/rss+xml">; and rel="feed", as HTML once had it."""
    relations = tag.attributes.get("rel", "").lower().split()
    sort = _sort(tag)
    url = _web(tag.attributes["href"], base)
    title = tag.attributes.get("title", "")
    is_typed = sort in _FEED_TYPES or (sort in _VAGUE_TYPES and _FEED_WORD.search(url) is not None)
    if not url:
        return
    if sort in _OPML_TYPES:
        yield _list_of_feeds(url, title)
    elif "feed" in relations or ("alternate" in relations and is_typed):
        yield from _as_found(url, title, "link")


def _in_anchor(tag: Tag, base: str, text: str) -> Iterator[Found]:
    url = _web(tag.attributes["href"], base)
    if not url:
        return
    said = text_after(text, tag) or tag.attributes.get("title", "")
    path, query = urlsplit(url).path.lower(), urlsplit(url).query
    is_typed = _sort(tag) in _FEED_TYPES
    if _NEVER.search(path) and not is_typed:
        return
    if path.endswith(".opml"):
        yield _list_of_feeds(url, said)
    elif (
        is_typed
        or _FEED_WORD.search(f"{path}?{query}")
        or (path.endswith(".xml") and _FEED_TEXT.search(said))
    ):
        yield from _as_found(url, said, "anchor")


def _sort(tag: Tag) -> str:
    """Give the media type that a tag names, without parameters."""
    return tag.attributes.get("type", "").partition(";")[0].strip().lower()


def _list_of_feeds(url: str, title: str) -> Found:
    return Found(url, _short(title), "opml", None)


def _as_found(url: str, title: str, because: str) -> Iterator[Found]:
    """Give a feed as its entry; nothing for an address of arXiv's that is no category's feed."""
    title = _short(title)
    name = catalogue.arxiv_feed_name(url)
    if name is not None and ((known := category(name)) is None or not known.active):
        return
    entry = catalogue.feed_entry(url, title=title)
    yield Found(entry.url, title, because, entry)


def _of_issn(written: str, host: str) -> Iterator[Found]:
    issn = normalize_issn(written)
    if issn is None:
        return
    entry = catalogue.entry_for_issn(issn)
    if entry is None and host.endswith("sciencedirect.com"):
        entry = catalogue.feed_entry(SCIENCE_DIRECT.format(issn.replace("-", "")))
    entry = entry or catalogue.crossref_entry(f"issn:{issn}")
    yield Found(entry.url, entry.title, "issn", entry)


def _short(title: str) -> str:
    return " ".join(title.split())[:LONGEST_TITLE]


def _web(href: str, base: str) -> str:
    """Resolve an address as browsers do; "" for what is none of the web's, or holds a password."""
    href = re.sub(r"[\t\r\n]", "", href[: LONGEST_ADDRESS + 1]).strip().removeprefix("feed:")
    if not href or len(href) > LONGEST_ADDRESS:
        return ""
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    is_ours = parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc
    return url if is_ours and " " not in url and len(url) <= LONGEST_ADDRESS else ""


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
