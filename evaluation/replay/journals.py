"""Journals' feeds over time: real captures in the order they were made, and made-up ones for a storm."""

from __future__ import annotations

import functools
import random
import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from lxml import etree

from evaluation.replay.script import Answer, etag_of, http_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from evaluation.replay.script import Question, Script

_ACS: Final = "https://pubs.acs.org/action/showFeed?type=axatoc&feed=rss&jc="
# Where the time series of the shared captures come from; the first address is the feed's own.
HOMES: Final[Mapping[str, tuple[str, ...]]] = {
    "acs_catalysis": (f"{_ACS}accacs",),
    "chem_sci": ("https://feeds.rsc.org/rss/sc", "https://pubs.rsc.org/sc/latest-articles"),
    "chemrxiv": ("https://chemrxiv.org/action/showFeed?type=latest&format=rss",),
    "drug_discovery_today": ("https://rss.sciencedirect.com/publication/science/13596446",),
    "jacs": (f"{_ACS}jacsat",),
}
_TAKEN: Final = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{6})_\w+\.xml")  # the name says when, in UTC
_ITEM: Final = re.compile(rb"<(item|entry)[\s>].*?</\1>\s*", re.DOTALL)
_RSS: Final = "application/rss+xml"


# -- real ones --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer of a feed."""

    taken_at: datetime
    path: Path

    def body(self) -> bytes:
        """Read it."""
        return _read(self.path)

    def entries(self) -> tuple[str, ...]:
        """Name its entries by their guid, in their order."""
        return _guids(self.path)


@functools.lru_cache(maxsize=64)  # some 6 MB
def _read(path: Path) -> bytes:
    return path.read_bytes()


@functools.lru_cache(maxsize=256)
def _guids(path: Path) -> tuple[str, ...]:
    root = etree.fromstring(_read(path), etree.XMLParser(resolve_entities=False, no_network=True))
    return tuple((one.text or "").strip() for one in root.iterfind(".//item/guid"))


@dataclass(frozen=True, slots=True)
class Series:
    """One feed as it was on different days."""

    name: str
    urls: tuple[str, ...]
    captures: tuple[Capture, ...]  # in order of time

    def newest(self, now: datetime) -> Capture | None:
        """Give the newest capture that is not after now; None before the first."""
        place = bisect_right(self.captures, now, key=lambda one: one.taken_at)
        return self.captures[place - 1] if place else None

    def expected(self, until: datetime) -> tuple[str, ...]:
        """Name the entries that were shown until then, each once: what a reader of every capture knows."""
        known: dict[str, None] = {}
        for one in self.captures:
            if one.taken_at <= until:
                known.update(dict.fromkeys(one.entries()))
        return tuple(known)

    def __call__(self, question: Question) -> Answer | None:
        """Play the newest capture; before the first, the same feed without entries."""
        found = self.newest(question.now)
        body = found.body() if found else _ITEM.sub(b"", self.captures[0].body())
        modified = http_date(found.taken_at) if found else ""
        return Answer(body, content_type=_RSS, etag=etag_of(body), last_modified=modified)


def series(folder: Path) -> tuple[Series, ...]:
    """Find the time series in a folder of captures such as `captures/journal_rss`."""
    found = []
    for name, urls in HOMES.items():
        captures = [
            Capture(datetime.strptime(said[1], "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC), path)
            for path in sorted((folder / name).glob("*.xml"))
            if (said := _TAKEN.fullmatch(path.name))
        ]
        if captures:
            found.append(Series(name, urls, tuple(sorted(captures, key=lambda one: one.taken_at))))
    return tuple(found)


def play_series(script: Script, found: Iterable[Series]) -> None:
    """Let time series speak for their addresses."""
    for one in found:
        for url in one.urls:
            script.play_at(url, one)


# -- made-up ones -----------------------------------------------------------------------------------

_FORMS: Final = ("rss", "atom", "rdf")
_WORDS: Final = (
    "adaptive",
    "amorphous",
    "aqueous",
    "binding",
    "bounded",
    "cascade",
    "catalytic",
    "coastal",
    "coherent",
    "column",
    "cortical",
    "coupled",
    "decay",
    "dense",
    "diffusion",
    "dynamic",
    "elastic",
    "enzyme",
    "estimate",
    "field",
    "flow",
    "fracture",
    "gradient",
    "growth",
    "harmonic",
    "imaging",
    "interface",
    "kinetic",
    "lattice",
    "layer",
    "linear",
    "marine",
    "membrane",
    "mixed",
    "network",
    "nonlinear",
    "optical",
    "orbital",
    "particle",
    "phase",
    "polymer",
    "pressure",
    "protein",
    "quantum",
    "random",
    "reaction",
    "residual",
    "response",
    "scale",
    "sediment",
    "signal",
    "solar",
    "sparse",
    "spectral",
    "stable",
    "storage",
    "structure",
    "surface",
    "thermal",
    "transport",
    "turbulent",
    "vascular",
    "wave",
)
_GIVEN: Final = ("Ana", "Bo", "Chen", "Dina", "Emil", "Farah", "Goran", "Hana", "Ivo", "Jun", "Kira", "Lars")
_FAMILY: Final = (
    "Abel",
    "Brandt",
    "Castro",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Gupta",
    "Haddad",
    "Ito",
    "Jansen",
)
# How many entries journals post in a week: most few, some many, some none.
_PACES: Final = (0, 1, 2, 3, 5, 5, 8, 8, 12, 20, 35)
_BACKLOG: Final = (0, 3, 6, 10)  # entries from before the first day
WINDOW: Final = 30  # the newest entries that a feed shows


@dataclass(frozen=True, slots=True)
class MadeEntry:
    """One entry of a made-up journal."""

    url: str
    doi: str
    title: str
    authors: tuple[str, ...]
    abstract: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class MadeJournal:
    """A journal on a host of its own."""

    number: int
    url: str
    form: str  # "rss", "atom" or "rdf"
    entries: tuple[MadeEntry, ...]  # by time
    window: int = WINDOW

    @property
    def title(self) -> str:
        """What the feed calls itself."""
        return f"Made-up Journal {self.number}"

    @property
    def host(self) -> str:
        """Where it is."""
        return _host_of(self.number)

    def until(self, now: datetime) -> tuple[MadeEntry, ...]:
        """List the entries that exist by then."""
        return self.entries[: bisect_right(self.entries, now, key=lambda one: one.published_at)]

    def __call__(self, question: Question) -> Answer | None:
        """Play the feed: the newest entries first. Journals differ in what they say about caching."""
        there = self.until(question.now)
        shown = there[-self.window :][::-1]
        write = {"rss": _rss, "atom": _atom, "rdf": _rdf}[self.form]
        body = write(self, shown).encode()
        changed = there[-1].published_at if there else None
        return Answer(
            body,
            content_type={"rss": _RSS, "atom": "application/atom+xml", "rdf": "application/rdf+xml"}[
                self.form
            ],
            etag=etag_of(body) if self.number % 2 == 0 else "",
            last_modified=http_date(changed) if changed and self.number % 4 in {0, 3} else "",
            max_age_seconds=3600 if self.number % 3 == 0 else None,
        )


@dataclass(frozen=True, slots=True)
class Storm:
    """Many journals at once."""

    journals: tuple[MadeJournal, ...]

    @property
    def urls(self) -> tuple[str, ...]:
        """List the feeds' addresses."""
        return tuple(one.url for one in self.journals)

    def expected(self, until: datetime) -> dict[str, tuple[MadeEntry, ...]]:
        """Tell which entries exist by then, by the address of their feed."""
        return {one.url: one.until(until) for one in self.journals}

    def seen(self, polled_at: Mapping[str, Sequence[datetime]]) -> dict[str, tuple[MadeEntry, ...]]:
        """Tell which entries somebody saw who asked each feed at those instants: a feed shows only so many.

        Args:
            polled_at: Instants by the feed's address.
        """
        found = {}
        for one in self.journals:
            known: dict[str, MadeEntry] = {}
            for at in polled_at.get(one.url, ()):
                known |= {each.url: each for each in one.until(at)[-one.window :]}
            found[one.url] = tuple(sorted(known.values(), key=lambda each: each.published_at))
        return found

    def play(self, script: Script) -> None:
        """Let the journals speak for their hosts."""
        for one in self.journals:
            script.play_at(one.url, one)


def many(count: int, *, start: datetime, seed: int = 0, days: int = 7, window: int = WINDOW) -> Storm:
    """Make up journals, each on a host of an owner of its own, that post over some days.

    The same seed gives the same journals; the first hundred of two hundred are the hundred of one hundred.

    Args:
        count: How many.
        start: The first instant, with a time zone; some entries are older.
        seed: Of everything that is left to chance.
        days: How long they post.
        window: How many entries a feed shows at most.
    """
    journals = []
    for number in range(count):
        dice = random.Random(f"{seed}/{number}")  # noqa: S311  not for secrets
        posted = round(dice.choice(_PACES) * days / 7 * dice.uniform(0.8, 1.2))
        instants = [start - timedelta(hours=dice.uniform(1, 24 * 30)) for _ in range(dice.choice(_BACKLOG))]
        instants += [start + timedelta(seconds=dice.randrange(days * 24 * 3600)) for _ in range(posted)]
        whole = sorted({at.astimezone(UTC).replace(microsecond=0) for at in instants})
        entries = tuple(_made(number, place, at, dice) for place, at in enumerate(whole, start=1))
        form = _FORMS[number % len(_FORMS)]
        url = f"https://{_host_of(number)}/feed.{'xml' if form != 'atom' else 'atom'}"
        journals.append(MadeJournal(number, url, form, entries, window))
    return Storm(tuple(journals))


def _host_of(number: int) -> str:
    """Name a host that shares its gate with no other: gates go by the last two labels."""
    return f"journal.press{number:04d}.example"


def _made(number: int, place: int, at: datetime, dice: random.Random) -> MadeEntry:
    words = [dice.choice(_WORDS) for _ in range(90)]
    sentences = [" ".join(words[first : first + 15]).capitalize() + "." for first in range(8, 83, 15)]
    names = [f"{dice.choice(_GIVEN)} {dice.choice(_FAMILY)}" for _ in range(dice.randrange(1, 6))]
    return MadeEntry(
        url=f"https://{_host_of(number)}/articles/{place}",
        doi=f"10.5555/press{number:04d}.{place}",
        title=f"{' '.join(words[:8]).capitalize()} {number}-{place}",
        authors=tuple(dict.fromkeys(names)),
        abstract=" ".join(sentences),
        published_at=at,
    )


def _rss(journal: MadeJournal, shown: Sequence[MadeEntry]) -> str:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{one.url}</link>"
        f'<guid isPermaLink="false">doi:{one.doi}</guid>'
        f"<pubDate>{format_datetime(one.published_at)}</pubDate>"
        f"<description>{escape(one.abstract)}</description><prism:doi>{one.doi}</prism:doi>"
        + "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in one.authors)
        + "</item>\n"
        for one in shown
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"><channel>'
        f"<title>{journal.title}</title><link>https://{journal.host}/</link>"
        f"<description>All articles</description>\n{items}</channel></rss>\n"
    )


def _atom(journal: MadeJournal, shown: Sequence[MadeEntry]) -> str:
    changed = shown[0].published_at if shown else datetime(2000, 1, 1, tzinfo=UTC)
    entries = "".join(
        f"<entry><id>{one.url}</id><title>{escape(one.title)}</title>"
        f'<link rel="alternate" href="{one.url}"/><published>{one.published_at.isoformat()}</published>'
        f"<updated>{one.published_at.isoformat()}</updated>"
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in one.authors)
        + f"<summary>{escape(one.abstract)}</summary></entry>\n"
        for one in shown
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{journal.url}</id><title>{journal.title}</title><updated>{changed.isoformat()}</updated>"
        f'<link rel="self" href="{journal.url}"/>\n{entries}</feed>\n'
    )


def _rdf(journal: MadeJournal, shown: Sequence[MadeEntry]) -> str:
    places = "".join(f'<rdf:li rdf:resource="{one.url}"/>' for one in shown)
    items = "".join(
        f'<item rdf:about="{one.url}"><title>{escape(one.title)}</title><link>{one.url}</link>'
        f"<description>{escape(one.abstract)}</description><dc:identifier>doi:{one.doi}</dc:identifier>"
        f"<dc:date>{one.published_at:%Y-%m-%d}</dc:date>"
        + "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in one.authors)
        + "</item>\n"
        for one in shown
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{journal.url}">'
        f"<title>{journal.title}</title><link>https://{journal.host}/</link>"
        f"<description>All articles</description><items><rdf:Seq>{places}</rdf:Seq></items></channel>\n"
        f"{items}</rdf:RDF>\n"
    )
