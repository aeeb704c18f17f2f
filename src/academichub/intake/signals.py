"""Read an entry that only says something about a paper: a vote, a mention. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from academichub.intake.relations import canonical_name
from academichub.model.papers import Signal

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.model.papers import Record

STRONGEST: Final = 10_000_000
LONGEST_NAME: Final = 40


def signal_of(record: Record, *, now: datetime) -> Signal | None:
    """Give the signal that an entry is; None where it is a paper, or names none that can be known."""
    name = record.first("hub:signal")[:LONGEST_NAME]
    if not name:
        return None
    arxiv, doi = record.first("hub:arxiv"), record.first("prism:doi")
    known = canonical_name("arxiv", arxiv) or canonical_name("doi", doi)
    if known is None:
        return None
    votes = record.first("hf:upvotes")
    strength = min(int(votes[:9]), STRONGEST) if votes.isascii() and votes.isdigit() else 0
    return Signal(name=name, scheme=known[0], value=known[1], on=_day(record, now), strength=strength)


def _day(record: Record, now: datetime) -> date:
    """Read the day it was said; today where that is not told, or has not come yet."""
    try:
        return min(date.fromisoformat(record.first("hf:on")[:10]), now.date())
    except ValueError:
        return now.date()
