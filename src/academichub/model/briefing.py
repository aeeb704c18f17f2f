"""The shapes of a briefing: papers in, evidence, statements and sections out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime  # noqa: TC003 - packing reads the types of the fields
from enum import StrEnum

from academichub.model.papers import Flag, Kind


class Role(StrEnum):
    """What a sentence does in an abstract."""

    BACKGROUND = "background"
    AIM = "aim"
    METHOD = "method"
    RESULT = "result"
    LIMIT = "limit"


class Label(StrEnum):
    """How near a printed sentence is to the words that carry it; weakest last."""

    QUOTED = "quoted"  # verbatim in the stored version
    CLOSE = "close"  # a paraphrase whose words are nearly all the author's
    LOOSE = "loose"  # a freer one: shown with its quote, its wording is not checked


class Maker(StrEnum):
    """Who writes a briefing's sentences."""

    EXTRACTIVE = "extractive"
    MODEL = "model"


class Growth(StrEnum):
    """How long a concept has been used in a field that is not its own."""

    NEW = "new"
    GROWING = "growing"
    ESTABLISHED = "established"


class TensionKind(StrEnum):
    """How two claims disagree."""

    DIRECTION = "direction"
    NUMBERS = "numbers"


class ChangeKind(StrEnum):
    """What is different since the last briefing."""

    BORN = "born"
    GROWN = "grown"
    SHRUNK = "shrunk"
    GONE = "gone"
    REVISED = "revised"
    RETRACTED = "retracted"


# -- what is read ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paper:
    """A work as a briefing reads it: the text of its face, as it is stored."""

    work_id: int
    title: str  # plain
    abstract: str  # plain; "" where there is none, or only a teaser
    text_hash: str  # 16 hexadecimal digits over title and abstract
    listed_on: date
    version: str = ""  # "v2"; "" where its source counts none
    categories: tuple[str, ...] = ()  # primary first
    venue: str = ""
    kind: Kind = Kind.PREPRINT
    language: str = "en"
    byline: tuple[str, ...] = ()
    is_revised: bool = False  # a new version of a work of an earlier day
    flags: tuple[Flag, ...] = ()
    matches: tuple[tuple[str, float], ...] = ()  # radars that show it, by key, and the match; best first

    @property
    def category(self) -> str:
        """The primary category, "cs.CV"; "" where there is none."""
        return self.categories[0] if self.categories else ""


def archive_of(category: str) -> str:
    """Give the archive of a category: "cs" of "cs.CV", "quant-ph" of itself."""
    return category.partition(".")[0]


# -- evidence -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the stored abstract of one version of a work, in characters."""

    work_id: int
    version: str
    start: int
    end: int
    text_hash: str  # `Paper.text_hash` of the text it was cut from


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a paper that carry a statement. `quote` is exactly what the span holds."""

    span: Span
    quote: str
    role: Role
    sentence: int  # 1-based number of the abstract's sentence in which it begins


@dataclass(frozen=True, slots=True)
class Statement:
    """A printed sentence. It has evidence, always.

    A quoted one shows the quote of its only evidence, perhaps without its opening connective.
    """

    text: str
    label: Label
    evidence: tuple[Evidence, ...]
    language: str = "en"
    maker: Maker = Maker.EXTRACTIVE
    warnings: tuple[str, ...] = ()  # codes of checks that warn without refusing: "entity"


@dataclass(frozen=True, slots=True)
class Removed:
    """A sentence that was not printed: kept in the record, with the reasons."""

    text: str
    section: str  # as in `Fallback.section`
    reasons: tuple[str, ...]  # codes: "citation", "quote", "number", "unit", "swapped", "negation", ...
    maker: Maker = Maker.MODEL


@dataclass(frozen=True, slots=True)
class Fallback:
    """A section that the model could not write; the extractive writer did."""

    section: str  # "points", "theme:2", "bridge:1", "tension:1"
    reason: str  # code: "unreachable", "refused", "unreadable", "unsupported", "cap", "cancelled"


# -- what is found --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Theme:
    """A group of papers and the phrases that set it apart."""

    terms: tuple[str, ...]  # as papers write them, the best first
    fields: tuple[str, ...]  # primary categories of its papers, the most common first
    works: tuple[int, ...]  # nearest to the middle first
    cohesion: float  # mean similarity of two of its papers, 0 to 1


@dataclass(frozen=True, slots=True)
class Bridge:
    """A concept at home in one field and used in another, and the two papers that show it."""

    concept: str  # as papers write it
    home: str  # category
    away: str
    home_evidence: Evidence  # the sentence that holds the concept
    away_evidence: Evidence
    home_count: int  # papers of the field that used it in the year before
    away_count: int
    home_total: int  # papers of the field in that year
    away_total: int
    first_seen: date | None  # in the field that is not its own; None if never before
    growth: Growth
    likely: float  # order by how likely the fields meet here
    surprising: float


@dataclass(frozen=True, slots=True)
class Tension:
    """Two claims about one concept that point apart."""

    concept: str
    kind: TensionKind
    one: Evidence
    other: Evidence
    one_says: str  # the words or the number that disagree, verbatim
    other_says: str
    strength: float


@dataclass(frozen=True, slots=True)
class Change:
    """What is different since the last briefing: a theme, or a work."""

    kind: ChangeKind
    terms: tuple[str, ...] = ()
    work_id: int | None = None
    before: int = 0  # papers of the theme then
    now: int = 0
    version: str = ""  # of a revised work


@dataclass(frozen=True, slots=True)
class ReadFirst:
    """A paper to read, how long it takes and why it comes here."""

    work_id: int
    minutes: int  # for the abstract and a skim of the paper, see briefing.reading
    reasons: tuple[tuple[str, str], ...]  # (code, fact): ("theme", "dark matter"), ("radar", "空间推理"), ...


@dataclass(frozen=True, slots=True)
class Watch:
    """A phrase to keep an eye on: used more than it was."""

    term: str
    now: int  # papers of the days briefed
    expected: float  # papers that the background leads to expect
    works: tuple[int, ...]


# -- the briefing ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ThemePart:
    """A theme and what is said of it."""

    theme: Theme
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class BridgePart:
    """A bridge; both sentences are in it. A model may say more."""

    bridge: Bridge
    statements: tuple[Statement, ...] = ()
    is_surprising: bool = False  # listed for its surprise, not for its likelihood


@dataclass(frozen=True, slots=True)
class TensionPart:
    """A tension; both claims are in it. A model may say more."""

    tension: Tension
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Cost:
    """What a model was asked and what it costs."""

    calls: int = 0
    cached: int = 0  # of the calls, those that were answered before and cost nothing
    tokens_in: int = 0
    tokens_out: int = 0
    money: float = 0.0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class BriefingOrder:
    """What is to be briefed."""

    radars: tuple[str, ...]  # keys; empty: all that are not paused, or the whole day where there is none
    first: date
    last: date
    language: str  # "zh" or "en"
    writer: Maker


@dataclass(frozen=True, slots=True)
class Briefing:
    """A whole briefing. Works are numbered from 1 in the order of `works`: cited ones first."""

    order: BriefingOrder
    made_at: datetime  # UTC
    works: tuple[int, ...]
    cited: int  # of the works, the first so many are cited
    titles: tuple[str, ...]  # of the works
    points: tuple[Statement, ...] = ()
    themes: tuple[ThemePart, ...] = ()
    bridges: tuple[BridgePart, ...] = ()  # the likely ones first, then others that surprise
    tensions: tuple[TensionPart, ...] = ()
    changes: tuple[Change, ...] = ()
    since: date | None = None  # the last day of the briefing that changes are against
    reading: tuple[ReadFirst, ...] = ()
    watch: tuple[Watch, ...] = ()
    removed: tuple[Removed, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    model: str = ""
    cost: Cost = field(default_factory=Cost)
    fingerprint: str = ""  # of everything that went in: same fingerprint, same extractive briefing
    background: int = 0  # papers that fields were learned from

    def number(self, work_id: int) -> int:
        """Give a work's number, from 1. Raises ValueError where it is none of them."""
        return self.works.index(work_id) + 1

    def statements(self) -> tuple[Statement, ...]:
        """List every printed statement, in the order of the page."""
        parts: tuple[ThemePart | BridgePart | TensionPart, ...] = (
            *self.themes,
            *self.bridges,
            *self.tensions,
        )
        return (*self.points, *(statement for part in parts for statement in part.statements))

    def evidence(self) -> tuple[Evidence, ...]:
        """List every quote that is printed or can be opened, in the order of the page."""
        said = [one for statement in self.points for one in statement.evidence]
        for theme in self.themes:
            said += [one for statement in theme.statements for one in statement.evidence]
        for part in self.bridges:
            said += [part.bridge.home_evidence, part.bridge.away_evidence]
            said += [one for statement in part.statements for one in statement.evidence]
        for each in self.tensions:
            said += [each.tension.one, each.tension.other]
            said += [one for statement in each.statements for one in statement.evidence]
        return tuple(said)

    def account(self) -> Account:
        """Count what the briefing is made of."""
        statements = self.statements()
        evidence = self.evidence()
        pairs = 2 * (len(self.bridges) + len(self.tensions))  # sentences quoted on both sides
        labels = [one.label for one in statements]
        return Account(
            works=len(self.works),
            sentences=len(statements) + pairs,
            citations=len(evidence),
            quoted=labels.count(Label.QUOTED) + pairs,
            close=labels.count(Label.CLOSE),
            loose=labels.count(Label.LOOSE),
            removed=len(self.removed),
        )


@dataclass(frozen=True, slots=True)
class Account:
    """The account of a briefing. sentences = quoted + close + loose."""

    works: int
    sentences: int
    citations: int
    quoted: int
    close: int
    loose: int
    removed: int
