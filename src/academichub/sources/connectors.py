"""All connectors by name, and which of them can read a saved answer."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from academichub.errors import AnswerUnknown, FeedError, FeedUnreadable
from academichub.sources.decoding import decode
from academichub.sources.harvest import read_saved
from academichub.sources.jsonanswer import parse_json
from academichub.sources.limits import DEFAULT_LIMITS
from academichub.sources.reading import HTML_TAGS, read
from academichub.sources.xmlanswer import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from academichub.model.papers import Feed, Record
    from academichub.sources.harvest import Connector
    from academichub.sources.limits import Limits

# Module names, so that a command that asks one server loads one module.
MODULES: Final[Mapping[str, str]] = {
    "oai": "oai",
    "arxivapi": "arxivapi",
    "crossref": "crossref",
    "openalex": "openalex",
    "europepmc": "europepmc",
    "pubmed": "pubmed",
    "pmc": "pmc",
    "semanticscholar": "semanticscholar",
    "biorxiv": "biorxiv",
    "chemrxiv": "chemrxiv",
    "hfdaily": "hfdaily",
    "openreview": "openreview",
    "dblp": "dblp",
    "doaj": "doaj",
    "datacite": "datacite",
    "plos": "plos",
    "elife": "elife",
    "core": "core",
    "hal": "hal",
    "zenodo": "zenodo",
    "openaire": "openaire",
    "unpaywall": "unpaywall",
    "xueshu": "xueshu",
    "xml metadata": "xmlmetadata",
}
HEAD: Final = 4_096  # bytes in which an answer shows what it is
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ROOT: Final = re.compile(r"<(?:[\w.-]{1,64}:)?([A-Za-z_][\w.-]{0,80})[\s/>]")  # the prefix is cut off
JSON_FEED: Final = "jsonfeed.org/version"
FEED_ROOTS: Final = frozenset({"rss", "rdf", "feed", "channel"})
# Field names that only this hub gives; a stranger's are kept, but must not speak in its name.
OURS: Final = "hub:"


@cache
def connector(name: str) -> Connector:
    """Give a connector by its name.

    Raises:
        KeyError: There is none.
    """
    found: Connector = import_module(f"academichub.sources.{MODULES[name]}").CONNECTOR
    return found


@lru_cache(maxsize=1)
def all_connectors() -> tuple[Connector, ...]:
    """Give every connector; loads them all."""
    return tuple(connector(name) for name in MODULES)


def read_any(body: bytes, *, content_type: str = "", base: str = "", limits: Limits = DEFAULT_LIMITS) -> Feed:
    """Read an answer in any form that the hub knows: a feed, or what a connector's server answers.

    Raises:
        FeedError: It is none, or an error dressed as an answer. AnswerUnknown where it is well-formed JSON
            or XML of a kind that nobody here reads.
    """
    start = decode(body[:HEAD], content_type=content_type).text.lstrip("\ufeff \t\r\n\0")
    if start.startswith(("{", "[")):
        if JSON_FEED in start:
            return _read_feed(body, limits, content_type=content_type, base=base)
        return _read_json(body, limits, content_type=content_type, base=base)
    root = _ROOT.search(_COMMENT.sub("", start))
    if root is None or root[1].lower() in FEED_ROOTS | HTML_TAGS:
        return _read_feed(body, limits, content_type=content_type, base=base)
    return _read_xml(body, root[1], limits, content_type=content_type, base=base)


def _read_feed(body: bytes, limits: Limits, *, content_type: str, base: str) -> Feed:
    feed = read(body, content_type=content_type, base=base, limits=limits)
    if not any(name.startswith(OURS) for record in feed.records for name in record.fields):
        return feed
    return replace(feed, records=tuple(map(_in_its_own_name, feed.records)))


def _in_its_own_name(record: Record) -> Record:
    fields = {f"x-{name}" if name.startswith(OURS) else name: said for name, said in record.fields.items()}
    return replace(record, fields=fields)


def _read_json(body: bytes, limits: Limits, *, content_type: str, base: str) -> Feed:
    if len(body) <= limits.body_bytes:
        try:
            return _read_feed(body, limits, content_type=content_type, base=base)
        except FeedError as error:
            if error.code not in {"feed.unreadable", "feed.too_many_entries"}:
                raise
    value = parse_json(body, limits)
    found = [one for one in all_connectors() if one.recognises_json and one.recognises_json(value)]
    if not found:
        raise AnswerUnknown(looks_like=_looks_like(value))
    return _from(found[0], body, limits)


def _read_xml(body: bytes, root: str, limits: Limits, *, content_type: str, base: str) -> Feed:
    try:
        tag = str(parse_xml(body, limits, content_type=content_type).tag)
    except FeedUnreadable:
        tag = root  # whoever reads such answers may know how to mend them
        if not any(one.recognises_xml and one.recognises_xml(tag) for one in all_connectors()):
            raise
    found = [one for one in all_connectors() if one.recognises_xml and one.recognises_xml(tag)]
    if found:
        return _from(found[0], body, limits)
    try:
        return _read_feed(body, limits, content_type=content_type, base=base)
    except FeedError as error:  # it has neither a feed's root nor its entries, or more than feeds may have
        raise AnswerUnknown(looks_like=f"XML <{tag[:80]}>") from error


def _from(one: Connector, body: bytes, limits: Limits) -> Feed:
    page = read_saved(one, body, limits=limits)
    return replace(page.feed, provider=one.name)


def _looks_like(value: object) -> str:
    names: Iterable[object] = value if isinstance(value, dict) else ()
    shown = ", ".join(str(name)[:30] for _, name in zip(range(6), names, strict=False))
    return f"JSON {{{shown}}}" if isinstance(value, dict) else f"a JSON {type(value).__name__}"
