"""The sources the hub knows by name: arXiv's categories, and what the files in `catalogue/` list.

The files are written for librarians; docs/sources.md says how. They are read when something is first asked.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from academichub.errors import AddressMalformed, CategoryUnknown
from academichub.model.taxonomy import active_categories, category, suggest
from academichub.sources.shelves import (
    CROSSREF,
    FIELDS,
    Entry,
    FieldName,
    OpenHours,
    read_entries,
    refuse_twins,
)
from academichub.text.identifiers import normalize_issn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from academichub.model.taxonomy import Category

    NATURE: Entry

__all__ = [
    "NATURE",
    "STARTER_CATEGORIES",
    "Entry",
    "FieldName",
    "OpenHours",
    "arxiv_entry",
    "arxiv_feed_name",
    "crossref_entry",
    "entry",
    "entry_for_issn",
    "entry_for_url",
    "feed_entry",
    "fields",
    "find",
    "known_entries",
    "laid_over",
    "read_entries",
    "starter_entries",
]

STARTER_CATEGORIES = ("cs.CV", "cs.LG", "cs.AI", "quant-ph", "math.PR")
_PREFIX: Final = re.compile(r"10\.[0-9]{4,9}")


def fields() -> tuple[FieldName, ...]:
    """List the broad fields, with English and Chinese names."""
    return FIELDS


# -- entries by name ------------------------------------------------------------------------------

# Where a category belongs elsewhere than the group arXiv keeps it in.
_FIELD_OF_CATEGORY: Final = {
    "cond-mat.mtrl-sci": "materials",
    "physics.ao-ph": "earth",
    "physics.bio-ph": "biology",
    "physics.chem-ph": "chemistry",
    "physics.ed-ph": "education",
    "physics.geo-ph": "earth",
    "physics.hist-ph": "humanities",
    "physics.med-ph": "medicine",
    "physics.space-ph": "astronomy",
    "math.ST": "statistics",
    "q-bio.NC": "neuroscience",
}
_FIELD_OF_GROUP: Final = {
    "grp_cs": "computer-science",
    "grp_econ": "economics",
    "grp_eess": "engineering",
    "grp_math": "mathematics",
    "grp_physics": "physics",
    "grp_q-bio": "biology",
    "grp_q-fin": "economics",
    "grp_stat": "statistics",
}
# arXiv renders its feeds after midnight at its home (ingest reference, section 2.1).
_ARXIV_HOURS: Final = OpenHours("America/New_York", "00:15", "04:00")
_SATURDAY_AND_SUNDAY: Final = (5, 6)


def arxiv_entry(name: str) -> Entry:
    """Give the feed of one arXiv category.

    One feed per category, never an archive or a union: the server cuts answers at 2,000 rows and drops
    the new papers first (ingest reference, section 2.1).

    Raises:
        CategoryUnknown: arXiv has no such active category; the facts suggest the nearest.
    """
    found = category(name)
    if found is None or not found.active:
        raise CategoryUnknown(category=name, suggestion=suggest(name))
    return _arxiv_entry(found)


@cache
def _arxiv_entry(found: Category) -> Entry:
    archive_field = "astronomy" if found.archive == "astro-ph" else _FIELD_OF_GROUP[found.group]
    return Entry(
        key=f"arxiv:{found.name}",
        kind="arxiv",
        title=f"arXiv {found.name}",
        url=f"https://rss.arxiv.org/rss/{found.name}",
        title_zh=f"arXiv {found.name} {found.title_zh}",
        about=found.title_en,
        field=_FIELD_OF_CATEGORY.get(found.name, archive_field),
        publisher="arXiv",
        min_interval_hours=1,
        max_interval_hours=24,
        hours=_ARXIV_HOURS,
        skip_weekdays=_SATURDAY_AND_SUNDAY,
    )


def arxiv_feed_name(url: str) -> str | None:
    """Give what an address of arXiv's feeds asks for, a category or not; None for any other address.

    Raises:
        ValueError: The address cannot be taken apart.
    """
    parts = urlsplit(url.strip())
    if f".{parts.hostname or ''}".endswith(".arxiv.org") and parts.path.startswith(("/rss/", "/atom/")):
        return parts.path.split("/", 2)[2].strip("/")
    return None


def feed_entry(url: str, *, title: str = "") -> Entry:
    """Give the catalogue's entry for an address, or one that is named after its host and address.

    Raises:
        AddressMalformed: Not an http or https address with a host.
        CategoryUnknown: An address of arXiv's feeds, of no single active category.
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError as error:
        raise AddressMalformed(url=url[:300], reason=str(error)) from error
    if parts.scheme not in {"http", "https"} or not host:
        raise AddressMalformed(url=url[:300], reason="not an http or https address")
    if (name := arxiv_feed_name(url)) is not None:
        return arxiv_entry(name)
    if known := _by_address().get(_address(url)):
        return known
    digest = hashlib.blake2b(url.strip().encode(), digest_size=3).hexdigest()
    short = host.removeprefix("www.")
    return Entry(f"feed:{short}-{digest}", "feed", title or short, url.strip())


def crossref_entry(scope: str) -> Entry:
    """Give an entry for what only Crossref knows; the catalogue's own where it has one.

    Args:
        scope: "issn:0028-0836" for a journal, "prefix:10.26434" for a registrant.

    Raises:
        ValueError: The scope is neither.
    """
    sort, _, value = scope.partition(":")
    if sort == "issn" and (issn := normalize_issn(value)):
        return entry_for_issn(issn) or Entry(
            key=f"crossref:issn:{issn}",
            kind="api",
            title=f"ISSN {issn}",
            url=f"{CROSSREF}/journals/{issn}/works",
            issn=issn,
            access="crossref",
            connector="crossref",
            scope=f"issn:{issn}",
        )
    if sort != "prefix" or not _PREFIX.fullmatch(value):
        msg = f"Crossref is asked by issn: or prefix:, not {scope[:100]!r}"
        raise ValueError(msg)
    url = f"{CROSSREF}/prefixes/{value}/works"
    return _by_address().get(_address(url)) or Entry(
        key=f"crossref:prefix:{value}",
        kind="api",
        title=f"DOI prefix {value}",
        url=url,
        access="crossref",
        connector="crossref",
        scope=f"prefix:{value}",
    )


def starter_entries() -> tuple[Entry, ...]:
    """List what a new hub subscribes."""
    return (*map(arxiv_entry, STARTER_CATEGORIES), _by_key()["nature"])


@cache
def known_entries() -> tuple[Entry, ...]:
    """List every source that can be subscribed by its key: arXiv's active categories, then the catalogue.

    A category with two names, such as cs.IT and math.IT, is listed once.
    """
    return (*dict.fromkeys(arxiv_entry(one.name) for one in active_categories()), *_shipped())


def entry(key: str) -> Entry | None:
    """Find an entry by its key, however it is cased; both names of a category lead to the one that stands."""
    wanted = key.strip().casefold()
    if found := _by_key().get(wanted):
        return found
    known = category(wanted.removeprefix("arxiv:")) if wanted.startswith("arxiv:") else None
    return _arxiv_entry(known) if known is not None and known.active else None


def entry_for_url(url: str) -> Entry | None:
    """Find the entry that an address belongs to.

    It does not matter whether it begins with http or https, with www., ends in a slash, or how its
    parameters are ordered.
    """
    return _by_address().get(_address(url))


def entry_for_issn(issn: str) -> Entry | None:
    """Find the entry that an ISSN belongs to, in print or electronic."""
    return _by_issn().get(normalize_issn(issn) or "")


def laid_over(own: Iterable[Entry], entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Lay a reader's own entries over others: the same key takes the other's place, a new one is added."""
    own_by_key = {one.key: one for one in own}
    kept = [own_by_key.pop(one.key, one) for one in entries]
    return (*kept, *own_by_key.values())


def __getattr__(name: str) -> Entry:
    """Give NATURE without reading the catalogue when this module is imported."""
    if name == "NATURE":
        return _by_key()["nature"]
    raise AttributeError(name)


# -- search ---------------------------------------------------------------------------------------


def find(
    words: str,
    *,
    field: str | None = None,
    publisher: str | None = None,
    access: str | None = None,
    language: str | None = None,
    among: Iterable[Entry] | None = None,
) -> tuple[Entry, ...]:
    """Find entries by words, best first: case, accents and punctuation do not matter.

    First comes what has exactly that key or ISSN, then titles that are the words, titles that begin with
    them, titles with words that begin so, and last what has every word anywhere. Chinese is found by any
    part.

    Args:
        words: What to look for in keys, titles, subjects, publishers and ISSNs; "" lists all.
        field: Only this field, by its key.
        publisher: Only publishers with this in their name.
        access: Only this way of access.
        language: Only this language, "en" or "zh".
        among: Where to look; the whole catalogue if None.
    """
    cards = _cards() if among is None else tuple(map(_card, among))
    maker = _folded(publisher or "")
    kept = [
        card
        for card in cards
        if (field is None or card.entry.field == field)
        and (access is None or card.entry.access == access)
        and (language is None or card.entry.language == language)
        and maker in card.publisher
    ]
    if not words.strip():
        return tuple(card.entry for card in kept)
    asked = _question(words)
    ranks = [(_rank(card, asked), len(card.title), place) for place, card in enumerate(kept)]
    return tuple(kept[place].entry for rank, _, place in sorted(ranks) if rank < _NOWHERE)


@dataclass(frozen=True, slots=True)
class _Card:
    """An entry with its words made ready to be compared."""

    entry: Entry
    names: frozenset[str]  # what it is exactly: keys and ISSNs
    title: str
    chinese: str  # without blanks
    beginnings: str  # title and subject, a blank before every word
    publisher: str
    everything: str


@dataclass(frozen=True, slots=True)
class _Question:
    """What somebody looks for, made ready in the same way."""

    names: frozenset[str]
    phrase: str
    tokens: tuple[str, ...]


_EXACT, _WHOLE, _START, _WORDS, _ANYWHERE, _NOWHERE = range(6)
_NOT_A_WORD: Final = re.compile(r"[\W_]+")


def _rank(card: _Card, asked: _Question) -> int:
    """Tell how well an entry answers; lower is better."""
    if asked.names & card.names:
        return _EXACT
    if not asked.tokens:
        return _NOWHERE
    squashed = asked.phrase.replace(" ", "")
    if asked.phrase == card.title or squashed == card.chinese:
        return _WHOLE
    if card.title.startswith(asked.phrase) or card.chinese.startswith(squashed):
        return _START
    if all(f" {token}" in card.beginnings or _in_chinese(token, card) for token in asked.tokens):
        return _WORDS
    return _ANYWHERE if all(token in card.everything for token in asked.tokens) else _NOWHERE


def _in_chinese(token: str, card: _Card) -> bool:
    """Chinese has no blanks between words: there, any part counts."""
    return not token.isascii() and token in card.chinese


def _question(words: str) -> _Question:
    said, phrase = words.strip().casefold(), _folded(words)
    return _Question(frozenset({said, normalize_issn(words) or said}), phrase, tuple(phrase.split()))


def _card(one: Entry) -> _Card:
    key = one.key.casefold()
    title, about, publisher = _folded(one.title), _folded(one.about), _folded(one.publisher)
    chinese = _folded(one.title_zh).replace(" ", "")
    names = {key, key.partition(":")[2] or key, one.issn, one.eissn} - {""}
    issns = f"{one.issn} {one.eissn}".replace("-", " ")
    return _Card(
        entry=one,
        names=frozenset(names),
        title=title,
        chinese=chinese,
        beginnings=f" {title} {about}",
        publisher=publisher,
        everything=f"{_folded(key)} {title} {about} {chinese} {publisher} {issns}",
    )


def _folded(text: str) -> str:
    """Take case, accents and punctuation away, and a title's leading "the"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(_NOT_A_WORD.sub(" ", plain).split()).removeprefix("the ")


# -- what is kept once it has been read -----------------------------------------------------------


@cache
def _shipped() -> tuple[Entry, ...]:
    """Read the files that are shipped, in the order of their names."""
    from importlib.resources import files

    folder = files("academichub.sources").joinpath("catalogue")
    found = sorted((one.name, one) for one in folder.iterdir() if one.name.endswith(".toml"))
    entries = [
        entry for name, one in found for entry in read_entries(one.read_text(encoding="utf-8"), name=name)
    ]
    refuse_twins(entries)
    return tuple(entries)


@cache
def _cards() -> tuple[_Card, ...]:
    return tuple(map(_card, known_entries()))


@cache
def _by_key() -> Mapping[str, Entry]:
    return {one.key.casefold(): one for one in known_entries()}


@cache
def _by_issn() -> Mapping[str, Entry]:
    return {issn: one for one in known_entries() for issn in (one.issn, one.eissn) if issn}


@cache
def _by_address() -> Mapping[str, Entry]:
    return {_address(url): one for one in known_entries() for url in (*one.aliases, one.url)}


def _address(url: str) -> str:
    """Write an address so that those that lead to the same place are the same."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    query = sorted(parse_qsl(parts.query, keep_blank_values=True, max_num_fields=None))
    asked = "&".join(f"{name}={value}" for name, value in query)
    return f"{parts.netloc.casefold().removeprefix('www.')}{parts.path.rstrip('/')}?{asked}".casefold()
