"""Read saved XML metadata of any kind: Crossref, JATS, DataCite, Dublin Core, MARC, bare or in envelopes."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from academichub.errors import AnswerUnknown, FeedSaysError, FeedTooManyEntries, RecordError
from academichub.model.papers import Feed, Rejected
from academichub.sources import copernicus, datacitexml, dublincore, jatsarticle, marcxml, unixref
from academichub.sources.harvest import Connector, Page
from academichub.sources.xmlanswer import children, local, parse_xml, rejected, text_at
from academichub.sources.xmlparts import broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from lxml.etree import _Element

    from academichub.model.papers import Record
    from academichub.sources.harvest import Step
    from academichub.sources.limits import Limits

    # An element, the identifier its envelope gives ("" for none), and its place in the answer.
    Reader: TypeAlias = Callable[[_Element, str, int], Record]

_JATS_SPACES: Final = (
    "",
    "http://jats.nlm.nih.gov",
    *(
        f"{scheme}://jats.nlm.nih.gov/ns/{tagset}/{version}/"
        for scheme in ("http", "https")
        for tagset in ("archiving", "publishing")
        for version in ("1.0", "1.1", "1.2", "1.3", "1.4")
    ),
    *(f"{scheme}://dtd.nlm.nih.gov/ns/archiving/2.3/" for scheme in ("http", "https")),
    "http://dtd.nlm.nih.gov/2.0/xsd/archivearticle",
    "http://dtd.nlm.nih.gov/publishing/2.3",
)
_CROSSREF_SPACES: Final = ("", *(f"http://www.crossref.org/xschema/{version}" for version in ("1.0", "1.1")))
_CROSSREF_RESULTS: Final = (
    "",
    *(f"http://www.crossref.org/qrschema/{version}" for version in ("2.0", "3.0")),
)
_CROSSREF_DEPOSITS: Final = tuple(
    f"http://www.crossref.org/schema/{version}"
    for version in (
        *("4.3.0", "4.3.1", "4.3.2", "4.3.3", "4.3.4", "4.3.5", "4.3.6", "4.3.7", "4.3.8"),
        *("4.4.0", "4.4.1", "4.4.2", "5.3.0", "5.3.1", "5.4.0"),
    )
)
_DATACITE_SPACES: Final = (
    "",
    *(
        f"http://datacite.org/schema/kernel-{version}"
        for version in (
            "2.0",
            "2.1",
            "2.2",
            "3",
            "3.0",
            "3.1",
            "4",
            "4.0",
            "4.1",
            "4.2",
            "4.3",
            "4.4",
            "4.5",
            "4.6",
        )
    ),
)
_DATACITE_ENVELOPES: Final = tuple(f"http://schema.datacite.org/oai/oai-1.{minor}/" for minor in (0, 1))
_DUBLIN_CORE: Final = (
    "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc",
    "{http://www.openarchives.org/OAI/2.0/oai_dc}dc",
    "{http://purl.org/dc/elements/1.1/}dc",
    "{info:srw/schema/1/dc-schema}dc",
    "{info:srw/schema/1/dc-v1.1}dc",
    "{http://dspace.org/qualifieddc/}qualifieddc",
    "{http://worldcat.org/xmlschemas/qdc-1.0/}qualifieddc",
    "{http://pos.sissa.it/pos-ext_dc/pos-ext_dc.xsd}pex-dc",
)
_MARC_SPACES: Final = ("http://www.loc.gov/MARC21/slim", "")


def _tags(name: str, spaces: tuple[str, ...]) -> list[str]:
    return [f"{{{space}}}{name}" if space else name for space in spaces]


def _read_article(article: _Element, external_id: str, position: int) -> Record:
    """Read an `article` without a namespace: JATS, or what Copernicus calls so."""
    read_it = copernicus.read if copernicus.is_one(article) else jatsarticle.read
    return read_it(article, external_id, position)


_JATS: Final = ("jats", "", "")
# Format, and the server's name and home where only one writes it, by the reader.
_FORMATS: Final[Mapping[Reader, tuple[str, str, str]]] = MappingProxyType(
    {
        unixref.read: ("unixref", "Crossref", "https://www.crossref.org/"),
        datacitexml.read: ("datacite xml", "DataCite", "https://datacite.org/"),
        dublincore.read: ("dublin core", "", ""),
        marcxml.read: ("marcxml", "", ""),
    }
)
READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        **dict.fromkeys(_tags("article", _JATS_SPACES), jatsarticle.read),
        "article": _read_article,
        **dict.fromkeys(_tags("crossref", _CROSSREF_SPACES), unixref.read),
        **dict.fromkeys(_tags("doi_record", _CROSSREF_SPACES), unixref.read),
        **dict.fromkeys(_tags("doi_records", _CROSSREF_SPACES), unixref.read),
        **dict.fromkeys(_tags("resource", _DATACITE_SPACES), datacitexml.read),
        **dict.fromkeys(_tags("oai_datacite", _DATACITE_ENVELOPES), datacitexml.read),
        **dict.fromkeys(_DUBLIN_CORE, dublincore.read),
        **dict.fromkeys(_tags("record", _MARC_SPACES), marcxml.read),
    }
)
_ENVELOPES: Final = frozenset(
    (
        *_tags("crossref_result", _CROSSREF_RESULTS),
        *_tags("doi_batch", _CROSSREF_DEPOSITS),
        *_tags("collection", _MARC_SPACES),
        "{http://www.loc.gov/zing/srw/}searchRetrieveResponse",
        "{http://docs.oasis-open.org/ns/search-ws/sruResponse}searchRetrieveResponse",
        *("articles", "resources", "records", "article-set", "articleset"),
    )
)
_OF_CROSSREF: Final = frozenset({"crossref", "doi_record", "doi_batch"})
# IOP writes TeX into processing instructions, which a parser drops.
_TOLD: Final = re.compile(rb"<\?CDATA\s(.*?)\?>", re.DOTALL)


def read(body: bytes, step: Step, limits: Limits) -> Page:  # noqa: ARG001  a connector's signature
    """Read one saved document: a single work, or an envelope of several.

    Raises:
        FeedUnreadable: Not well-formed; nothing of it is read.
        FeedSaysError: A catalogue's diagnostics instead of records.
        AnswerUnknown: Well-formed, but with nothing in it that the hub reads.
        FeedError: Whatever keeps the document from being read.
    """
    root = parse_xml(_with_tex(body), limits)
    records: list[Record] = []
    faults: list[Rejected] = []
    formats: set[tuple[str, str, str]] = set()
    for position, (element, external_id, reader) in enumerate(_entries(root)):
        if position >= limits.entries:
            raise FeedTooManyEntries(entries=position + 1, limit=limits.entries)
        try:
            if reader is None:
                raise broken(element, f"no metadata of a known kind in <{local(element)}>")
            formats.add(_FORMATS.get(reader, _JATS))
            records.append(reader(element, external_id, position))
        except RecordError as error:
            title = next((text_at(element, path) for path in _TITLES if element.find(path) is not None), "")
            faults.append(rejected(element, position, error, external_id=external_id, title=title))
    if not records and not faults:
        raise _nothing(root)
    name, title, link = formats.pop() if len(formats) == 1 else ("xml metadata", "", "")
    return Page(Feed(name, "lxml", title, link, records=tuple(records), rejected=tuple(faults)), None)


_TITLES: Final = (".//{*}article-title", ".//{*}title")


def _with_tex(body: bytes) -> bytes:
    """Turn IOP's instructions into text; only as far as instructions end, so that it takes linear time."""
    end = body.rfind(b"?>") + 2
    if b"<?CDATA" not in body or end <= 1:
        return body
    return _TOLD.sub(_as_cdata, body[:end]) + body[end:]


def _as_cdata(match: re.Match[bytes]) -> bytes:
    return match[0] if b"]]>" in match[1] else b"<![CDATA[" + match[1] + b"]]>"


def _entries(root: _Element) -> Iterator[tuple[_Element, str, Reader | None]]:
    """Give each entry of a document, what its envelope calls it, and who reads it."""
    if local(root) == "record" and any(True for _ in children(root, "metadata")):
        yield _unwrapped(root)  # one record cut out of an OAI-PMH answer
    elif local(root) == "crossref_result":
        for query in root.iter():
            if local(query) == "query":
                yield from _of_crossref(query, text_at(query, "{*}doi"))
    else:
        yield from _found_in(root)


def _unwrapped(record: _Element) -> tuple[_Element, str, Reader | None]:
    metadata = next(children(record, "metadata"))
    inside = next(iter(metadata), metadata)
    return inside, text_at(record, "{*}header/{*}identifier"), READERS.get(str(inside.tag))


def _found_in(element: _Element) -> Iterator[tuple[_Element, str, Reader | None]]:
    """Give the outermost elements that have a reader, in document order."""
    waiting = [element]
    while waiting:
        one = waiting.pop()
        name, reader = local(one), READERS.get(str(one.tag))
        if name in _OF_CROSSREF and (reader or str(one.tag) in _ENVELOPES):
            yield from _of_crossref(one, "")
        elif reader is not None and name != "doi_records":
            yield one, "", reader
        else:
            waiting.extend(reversed(one))


def _of_crossref(element: _Element, external_id: str) -> Iterator[tuple[_Element, str, Reader | None]]:
    """Give the works of one Crossref record, or the record itself, for its reader to say what is wrong."""
    found = unixref.works(element)
    for one in found:
        yield one, "" if len(found) > 1 else external_id, unixref.read
    if not found:
        yield element, external_id, unixref.read


def _nothing(root: _Element) -> AnswerUnknown | FeedSaysError:
    said = text_at(root, ".//{*}diagnostic/{*}message") or text_at(root, ".//{*}diagnostic/{*}details")
    return FeedSaysError(message=said[:300]) if said else AnswerUnknown(looks_like=f"<{local(root)}>"[:100])


CONNECTOR: Final = Connector(
    name="xml metadata",
    read=read,
    recognises_xml=(READERS.keys() | _ENVELOPES).__contains__,
)
