"""Call each element of a feed by one name, whatever prefix its document chose."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from academichub.errors import FeedTooDeep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

# Namespaces of the feed formats themselves; their elements carry no prefix in our names. Keys are
# as `_plain_address` leaves them. The list is feedparser's, so that old dialects agree with it.
ATOM: Final = frozenset(
    {
        "http://www.w3.org/2005/atom",
        "http://purl.org/atom/ns",
        "http://purl.org/pie",
        "http://purl.org/echo",
        "http://example.com/newformat",
        "http://example.com/necho",
        "uri/of/echo/namespace",
    }
)
RSS: Final = frozenset(
    {
        "",
        "http://purl.org/rss/1.0",
        "http://my.netscape.com/rdf/simple/0.9",
        "http://purl.org/net/rss1.1",
        "http://channel.netscape.com/rdf/simple/0.9",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://purl.org/rss/1.0/modules/rss091",
    }
)

PREFIX_BY_NAMESPACE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "http://arxiv.org/schemas/atom": "arxiv",
        "http://arxiv.org/oai/arxiv": "arxiv",
        "http://a9.com/-/spec/opensearch/1.1": "opensearch",
        "http://a9.com/-/spec/opensearchrss/1.0": "opensearch",
        "http://backend.userland.com/creativecommonsrssmodule": "creativeCommons",
        "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativeCommons",
        "http://creativecommons.org/ns": "cc",
        "http://web.resource.org/cc": "cc",
        "http://crossref.org/schema": "crossref",
        "http://datacite.org/schema/kernel-4": "datacite",
        "http://example.com/dtds/podcast-1.0.dtd": "itunes",
        "http://madskills.com/public/xml/rss/module/pingback": "pingback",
        "http://madskills.com/public/xml/rss/module/trackback": "trackback",
        "http://podlove.org/simple-chapters": "psc",
        "http://postneo.com/icbm": "icbm",
        "http://purl.org/dc/elements/1.1": "dc",
        "http://purl.org/dc/elements/1.0": "dc",
        "http://purl.org/dc/terms": "dcterms",
        "http://purl.org/rss/1.0/modules/aggregation": "ag",
        "http://purl.org/rss/1.0/modules/annotate": "annotate",
        "http://purl.org/rss/1.0/modules/company": "co",
        "http://purl.org/rss/1.0/modules/content": "content",
        "http://purl.org/rss/1.0/modules/email": "email",
        "http://purl.org/rss/1.0/modules/event": "ev",
        "http://purl.org/rss/1.0/modules/image": "image",
        "http://purl.org/rss/1.0/modules/link": "l",
        "http://purl.org/rss/1.0/modules/reference": "ref",
        "http://purl.org/rss/1.0/modules/search": "search",
        "http://purl.org/rss/1.0/modules/slash": "slash",
        "http://purl.org/rss/1.0/modules/syndication": "sy",
        "http://purl.org/rss/1.0/modules/taxonomy": "taxo",
        "http://purl.org/rss/1.0/modules/threading": "thr",
        "http://purl.org/syndication/thread/1.0": "thr",
        "http://purl.org/syndication/history/1.0": "fh",
        "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
        "http://schemas.google.com/g/2005": "gd",
        "http://search.yahoo.com/mrss": "media",
        "http://video.search.yahoo.com/mrss": "media",
        "http://webns.net/mvcb": "admin",
        "http://wellformedweb.org/commentapi": "wfw",
        "http://www.georss.org/georss": "georss",
        "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
        "http://www.opengis.net/gml": "gml",
        "http://www.w3.org/1998/math/mathml": "mml",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
        "http://www.w3.org/1999/xhtml": "xhtml",
        "http://www.w3.org/1999/xlink": "xlink",
        "http://www.w3.org/2000/01/rdf-schema": "rdfs",
        "http://www.w3.org/2000/svg": "svg",
        "http://www.w3.org/2001/xmlschema-instance": "xsi",
        "http://www.w3.org/2003/01/geo/wgs84_pos": "geo",
        "http://www.w3.org/2007/app": "app",
        "http://www.w3.org/xml/1998/namespace": "xml",
        "http://www.youtube.com/xml/schemas/2015": "yt",
        "http://xmlns.com/foaf/0.1": "foaf",
    }
)

# What an element means to us. An element without a part here is kept in `Record.fields` only.
PART_BY_NAME: Final[Mapping[str, str]] = MappingProxyType(
    {
        "abstract": "summary",
        "author": "author",
        "body": "content",
        "category": "category",
        "channel": "channel",
        "content": "content",
        "content:encoded": "content",
        "created": "created",
        "dc:author": "author",
        "dc:creator": "author",
        "dc:date": "date",
        "dc:description": "summary",
        "dc:language": "language",
        "dc:subject": "category",
        "dc:title": "title",
        "dcterms:created": "created",
        "dcterms:issued": "published",
        "dcterms:modified": "updated",
        "description": "summary",
        "enclosure": "enclosure",
        "entry": "entry",
        "feed": "channel",
        "fullitem": "content",
        "guid": "id",
        "id": "id",
        "info": "subtitle",
        "issued": "published",
        "item": "entry",
        "itunes:author": "author",
        "itunes:summary": "summary",
        "language": "language",
        "lastbuilddate": "updated",
        "link": "link",
        "media:content": "media",
        "media:description": "caption",
        "media:group": "media",
        "media:title": "caption",
        "modified": "updated",
        "prism:publicationdate": "printed",
        "pubdate": "published",
        "published": "published",
        "rdf:rdf": "channel",
        "rss": "channel",
        "skipdays": "skip days",
        "skiphours": "skip hours",
        "subtitle": "subtitle",
        "summary": "summary",
        "sy:updatefrequency": "update frequency",
        "sy:updateperiod": "update period",
        "tagline": "subtitle",
        "title": "title",
        "ttl": "ttl",
        "updated": "updated",
        "xhtml:body": "content",
    }
)

# Elements of these vocabularies inside a text are its markup, not facts beside it.
MARKUP_PREFIXES: Final = frozenset({"xhtml", "mml", "svg"})


class Name(NamedTuple):
    """An element's canonical name, the part it plays, and where its namespace puts it."""

    name: str  # "title", "dc:creator", "arxiv:announce_type"; the local part as written
    part: str  # from PART_BY_NAME, or ""
    is_atom: bool
    is_core: bool  # of a feed format itself
    is_markup: bool  # XHTML, MathML, SVG, or no namespace of its own


class Names:
    """Name the elements and attributes of one document, remembering what was worked out."""

    __slots__ = ("_most_attributes", "known")

    def __init__(self, *, most_attributes: int) -> None:
        self.known: dict[str, Name] = {}  # by tag, as far as worked out
        self._most_attributes = most_attributes

    def of(self, element: _Element) -> Name:
        """Give the canonical name of an element."""
        tag: str = element.tag
        known = self.known.get(tag)
        if known is None:
            known = self.known[tag] = self._work_out(tag, element.prefix)
        return known

    def attributes(self, element: _Element) -> list[tuple[str, str]]:
        """List an element's attributes by canonical names, but for those that only serve XML itself.

        Raises:
            FeedTooDeep: More attributes than any honest feed piles up. They are counted first:
                lxml takes quadratic time to list them.
        """
        count = len(element.attrib)
        if count == 0:
            return []
        if count > self._most_attributes:
            raise FeedTooDeep(reason="attributes", limit=self._most_attributes)
        named = ((_attribute_name(str(key)), str(value)) for key, value in element.items())
        return [(name, value) for name, value in named if name]

    @staticmethod
    def _work_out(tag: str, prefix: str | None) -> Name:
        namespace, local = "", tag
        if tag[0] == "{":
            namespace, _, local = tag[1:].partition("}")
        canonical = prefix_of(namespace)
        if canonical is None:
            # Unknown vocabularies keep the document's prefix. One without a prefix is taken for
            # the feed's own, as feedparser does: some servers mistype their default namespace.
            canonical = prefix or ""
        name = f"{canonical}:{local}" if canonical else local
        return Name(
            name=name,
            part=PART_BY_NAME.get(name.lower(), ""),
            is_atom=_plain_address(namespace) in ATOM,
            is_core=not canonical,
            is_markup=not canonical or canonical in MARKUP_PREFIXES,
        )


def prefix_of(namespace: str) -> str | None:
    """Give the canonical prefix of a namespace: '' for the feed formats, None when unknown.

    PRISM is one vocabulary under many addresses (basic/1.2, basic/2.0, basic/2.1, 3.0, and 1.2/basic
    as Atypon writes it).
    """
    address = _plain_address(namespace)
    if address in RSS or address in ATOM or "backend.userland.com/rss" in address:
        return ""
    if "prismstandard.org/namespaces/" in address and "basic" in address:
        return "prism"
    return PREFIX_BY_NAMESPACE.get(address)


def namespace_of(prefix: str) -> str:
    """Give the namespace a prefix is most likely meant for; an invented one where none is known."""
    if prefix == "prism":
        return "http://prismstandard.org/namespaces/basic/2.0/"
    known = (address for address, canonical in PREFIX_BY_NAMESPACE.items() if canonical == prefix)
    return next(known, f"urn:undeclared:{prefix}")


def _attribute_name(key: str) -> str:
    if key[0] != "{":
        return key
    namespace, _, local = key[1:].partition("}")
    prefix = prefix_of(namespace)
    if prefix in {"xml", "xsi"}:
        return ""
    return f"{prefix}:{local}" if prefix else local


def _plain_address(namespace: str) -> str:
    """Fold the spellings of a namespace that real feeds mix up: case, https, a last '/' or '#'."""
    address = namespace.strip().lower().rstrip("/#")
    return "http" + address[5:] if address.startswith("https:") else address
