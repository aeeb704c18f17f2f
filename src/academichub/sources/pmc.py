"""Read PubMed Central's articles, in the JATS that efetch gives; only what the front matter says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from academichub.errors import (
    AnswerUnknown,
    FeedSaysError,
    FeedThrottled,
    FeedTooManyEntries,
    RecordBroken,
    RecordError,
)
from academichub.model.papers import Feed, Record, Rejected
from academichub.sources import jatsarticle
from academichub.sources.harvest import ACCEPT_XML, Connector, Page, Step
from academichub.sources.throttling import is_request_to_wait
from academichub.sources.xmlanswer import local, parse_xml, rejected, text_at
from academichub.text.identifiers import normalize_pmcid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from academichub.sources.limits import Limits

EFETCH: Final = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi"
PLACE: Final = "pmc"
MOST_NAMES: Final = 50  # articles of one answer: they come with their whole text, some 150 kB each
_ROOT: Final = "pmc-articleset"
_MOST_TOLD: Final = 300  # characters of a message that are kept


def lookup(identifiers: Sequence[str]) -> Step:
    """Ask for articles by their PMC numbers, "PMC123" or "123".

    Raises:
        ValueError: Nothing to ask for, too many, or a name that is none.
    """
    numbers: list[str] = []
    for name in identifiers:
        pmcid = normalize_pmcid(name)
        if not pmcid:
            msg = f"no PMC number: {name[:100]!r}"
            raise ValueError(msg)
        numbers.append(pmcid.removeprefix("PMC"))
    if not 0 < len(numbers) <= MOST_NAMES:
        msg = f"{len(numbers)} names; between 1 and {MOST_NAMES} can be asked for"
        raise ValueError(msg)
    query = {"db": "pmc", "id": ",".join(numbers), "retmode": "xml"}
    return Step(url=f"{EFETCH}?{urlencode(query, safe=',')}", accept=ACCEPT_XML)


def read(body: bytes, step: Step, limits: Limits) -> Page:  # noqa: ARG001  a connector's signature
    """Read a set of articles; what PMC will not give is rejected in its own words.

    Raises:
        FeedSaysError, FeedThrottled: The server complains.
        AnswerUnknown: No set of articles.
        FeedError: Whatever keeps the answer from being read.
    """
    root = parse_xml(body, limits)
    if complaint := text_at(root, "ERROR") or text_at(root, "error"):
        message = complaint[:_MOST_TOLD]
        raise (
            FeedThrottled(message=message) if is_request_to_wait(message) else FeedSaysError(message=message)
        )
    if local(root) != _ROOT:
        raise AnswerUnknown(looks_like=f"<{local(root)}>"[:100])
    if len(root) > limits.entries:
        raise FeedTooManyEntries(entries=len(root), limit=limits.entries)
    records: list[Record] = []
    faults: list[Rejected] = []
    for position, entry in enumerate(root):
        try:
            records.append(_read_entry(entry, position))
        except RecordError as error:
            title = text_at(entry, ".//{*}article-title")
            faults.append(rejected(entry, position, error, external_id=entry.get("Id") or "", title=title))
    feed = Feed(
        format="pmc jats",
        parser="lxml",
        title="PubMed Central",
        link="https://pmc.ncbi.nlm.nih.gov/",
        records=tuple(records),
        rejected=tuple(faults),
    )
    return Page(feed, None)


def _read_entry(entry: _Element, position: int) -> Record:
    if local(entry) == "Reply":  # "The following PMCID is not available: ..."
        raise RecordBroken(reason=(entry.get("error") or "no article")[:_MOST_TOLD], line=None)
    record = jatsarticle.read(entry, "", position)
    pmcid = record.first("hub:pmcid")
    if not pmcid:
        raise RecordBroken(reason="an article without a PMC number", line=None)
    fields = {**record.fields, "hub:place": (PLACE,), "hub:item": (pmcid,)}
    link = f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/"
    return replace(record, external_id=pmcid, link=link, fields=fields)


CONNECTOR: Final = Connector(
    name="pmc",
    read=read,
    lookup=lookup,
    most_lookups=MOST_NAMES,
    recognises_xml={_ROOT}.__contains__,
    key_setting="ncbi_key",
    fields=frozenset(
        {"abstract", "authors", "doi", "issn", "licence", "pmid", "published", "relation", "venue"}
    ),
)
