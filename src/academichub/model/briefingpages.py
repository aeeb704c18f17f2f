"""What the hub tells doors about briefings: the shapes that pages, commands and programs read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from academichub.model.briefing import Cost

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from academichub.model.briefing import Account, Briefing, BriefingOrder, Maker
    from academichub.model.shelf import Card


class BriefingState(StrEnum):
    """How far a briefing is."""

    WAITING = "waiting"
    WRITING = "writing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done for a briefing just now."""

    stage: str = ""  # "reading", "analysing", "evidence", "plan", a section as in `Fallback.section`, "done"
    done: int = 0
    of: int = 0  # 0: not known
    tokens: int = 0  # that the model has written


@dataclass(frozen=True, slots=True)
class BriefingLine:
    """One briefing in the archive."""

    key: str  # in addresses: "2026-06-19", "2026-06-19-2"
    order: BriefingOrder
    state: BriefingState
    ordered_at: datetime
    made_at: datetime | None
    account: Account | None
    model: str
    headline: tuple[str, ...]  # the terms of its largest themes


@dataclass(frozen=True, slots=True)
class BriefingPage:
    """One briefing as its page shows it. `briefing` is what there is so far while it is being written."""

    line: BriefingLine
    briefing: Briefing | None
    progress: Progress
    cards: Mapping[int, Card]  # of its works, those that are still on the shelves
    numbers: Mapping[int, int]  # of works on their own day's page: "jump to card 03"
    radars: tuple[tuple[str, str], ...]  # key and name
    earlier: str | None  # key of the neighbour in the archive
    later: str | None
    error: str = ""  # code, of one that failed
    stale: tuple[int, ...] = ()  # works whose stored text is another one now: their quotes are of before


@dataclass(frozen=True, slots=True)
class BriefingsPage:
    """The archive, newest first, and what a new briefing can be made of."""

    lines: tuple[BriefingLine, ...]
    schedules: tuple[BriefingSchedule, ...]
    radars: tuple[tuple[str, str], ...]  # key and name
    model: str  # the model in use; "" where none is set
    latest: date | None  # the last day that a radar was ranked for, or without radars the last with works
    spent_today: Cost = field(default_factory=Cost)
    spent: Cost = field(default_factory=Cost)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a briefing would take, before it is ordered."""

    works: int
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    money: float = 0.0
    currency: str = ""
    over: str = ""  # the cap that it would exceed: "run", "day", "hub"; "" if none


@dataclass(frozen=True, slots=True)
class BriefingSchedule:
    """When a briefing is written by itself."""

    id: int
    radars: tuple[str, ...]
    language: str
    writer: Maker
    hour: int  # 0 to 23, in `zone`
    minute: int
    weekdays: tuple[int, ...]  # 0 Monday to 6 Sunday; empty: every day
    zone: str  # IANA name: "Asia/Shanghai"
    days: int = 1  # how many days a briefing looks back
    last_on: date | None = None  # the reader's day it last ran for


class AiKind(StrEnum):
    """What a model wrote of one paper."""

    SUMMARY = "summary"
    TITLE = "title"
    ABSTRACT = "abstract"


@dataclass(frozen=True, slots=True)
class AiText:
    """What a model wrote of one paper. It is shown with its mark, its model and its date, never alone."""

    work_id: int
    kind: AiKind
    language: str
    text: str  # plain
    text_hash: str  # of the paper's text that it was made from
    model: str
    made_at: datetime
    warnings: tuple[str, ...] = ()  # codes of checks: "number", "coverage"


@dataclass(frozen=True, slots=True)
class Belongs:
    """A field that a paper is likely of interest to, besides its own."""

    archive: str
    likelihood: float  # calibrated, 0 to 1; shown as "likely", never as a percentage
