"""What the hub tells doors about radars: the shapes that pages, commands and programs read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from academichub.model.radar import Feedback, Interest, Radar, Ranked, Seed, Theme, Verdict
    from academichub.model.shelf import Card


@dataclass(frozen=True, slots=True)
class RadarRow:
    """One radar in the list of all."""

    radar: Radar
    seeds: int
    likes: int  # "more" verdicts in force
    dislikes: int
    latest_on: date | None  # the last day it was ranked for
    shown: int  # papers above the threshold on that day
    days: tuple[
        tuple[date, int], ...
    ] = ()  # ranked days of the last thirty with how many were shown, oldest first


@dataclass(frozen=True, slots=True)
class RadarsPage:
    """All radars of a reader, and what ranking can work with."""

    rows: tuple[RadarRow, ...]
    embedded: int  # of the latest day's works, those with vectors
    of: int
    space: str  # the vector space in use; "" for words alone


@dataclass(frozen=True, slots=True)
class Blip:
    """One paper on the polar plot. The page turns it into a place."""

    work_id: int
    place: int
    match: float
    theme: int  # -1: none
    attention: float  # 0 to 1, among the day's papers: signals and places that show it
    age_days: int


@dataclass(frozen=True, slots=True)
class RadarCard:
    """A ranked paper with its card, and what the reader said of it on this radar."""

    card: Card
    ranked: Ranked
    verdict: Verdict | None
    reason: str = ""  # of "less"


@dataclass(frozen=True, slots=True)
class RadarPage:
    """One day of one radar. `on` None: it was never ranked."""

    row: RadarRow
    on: date | None
    earlier: date | None
    later: date | None
    days: tuple[tuple[date, int], ...]  # the last days with how many were shown, oldest first
    cards: tuple[RadarCard, ...]  # in order of place, above the threshold
    below: int  # of the candidates, those that it does not show
    candidates: int
    embedded: int
    themes: tuple[Theme, ...]
    blips: tuple[Blip, ...]
    seeds: tuple[SeedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class SeedLine:
    """A paper that stands for the interest, as the edit page lists it."""

    seed_id: int
    seed: Seed


@dataclass(frozen=True, slots=True)
class Found:
    """What became of one line a reader typed or pasted to name a paper."""

    asked: str
    work_id: int | None  # None: not on the shelves; its text alone is used, where there is any
    title: str
    how: str  # "doi", "arxiv", "pmid", "title", "text", "unknown"


@dataclass(frozen=True, slots=True)
class LibraryReport:
    """What an imported library brought."""

    name: str
    format: str
    entries: int
    matched: int  # entries whose work is on the shelves
    added: int  # seeds that are new to the radar
    broken: tuple[tuple[int, str, str], ...]  # line, entry, reason
    collections: tuple[str, ...] = ()  # that its entries are in, by name


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One paper that a radar would have shown."""

    work_id: int
    title_html: str
    title_plain: str
    language: str
    listed_on: date
    match: float
    because: tuple[str, ...]  # the strongest reasons, as text


@dataclass(frozen=True, slots=True)
class Preview:
    """What a radar that is being made would have caught in the last days."""

    days: int
    candidates: int
    shown: int  # above the threshold
    steps: tuple[tuple[float, int], ...]  # thresholds, ascending, and how many each would let through
    rows: tuple[PreviewRow, ...]  # the best
    english: str = ""  # what a Chinese text was read as, where the glossary was needed
    unknown: tuple[str, ...] = ()  # Chinese words that it does not know
    found: tuple[Found, ...] = ()  # what became of the papers that were named
    library: LibraryReport | None = None
    warnings: tuple[str, ...] = ()  # codes: "no-likes", "nothing-stored", "words-only"


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """A ready-made interest for a newcomer."""

    key: str
    field: str  # archive or group, such as "cs"
    name_en: str
    name_zh: str
    interest: Interest


@dataclass(frozen=True, slots=True)
class Badge:
    """A radar that a paper matched, on its card."""

    key: str
    name: str
    match: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a paper has its score, as it was stored, and what has changed since."""

    radar: Radar
    on: date
    ranked_at: datetime
    title_html: str
    ranked: Ranked
    algorithm: str
    changed: tuple[str, ...]  # names of inputs that are different now, as fields of `Inputs`
    now_score: float | None  # with the inputs as they are now; None where nothing changed


@dataclass(frozen=True, slots=True)
class RadarForm:
    """What a reader filled in: an interest, and papers to stand for it."""

    interest: Interest
    papers: str = ""  # identifiers, titles or links, one on a line
    library: bytes = b""
    library_name: str = ""
    collection: str = ""  # of the library, the only one that is taken; "": all of it


@dataclass(frozen=True, slots=True)
class RadarExport:
    """Everything that a radar was told, to keep or to move."""

    key: str
    interest: Interest
    seeds: tuple[Seed, ...]
    feedback: tuple[Feedback, ...]
