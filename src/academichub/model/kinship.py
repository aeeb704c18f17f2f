"""Shapes for telling whether two works are one, and for taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from academichub.model.papers import Draft, Identifiers, Kind
    from academichub.model.shelf import Card


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is needed to compare a work with another by its text."""

    work_id: int
    title: str  # plain
    authors: tuple[str, ...]
    venue: str
    year: int | None
    identifiers: Identifiers
    kind: Kind
    place: str
    title_key: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One manifestation as it stands on the shelf."""

    draft: Draft
    origins: Mapping[str, str]  # as in intake.completing
    first: str  # the provider that first brought it


class DoubtState(StrEnum):
    """What became of a pair that the hub was not sure of."""

    OPEN = "open"
    MERGED = "merged"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground for or against two descriptions being of one work, and its weight in the score."""

    name: str
    value: str
    weight: float


@dataclass(frozen=True, slots=True)
class Finding:
    """The work that another one most likely is."""

    work_id: int
    score: float  # 0 to 1
    is_sure: bool  # merged without asking; otherwise a person decides
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two works that may be one; a person decides."""

    doubt_id: int
    one: Card
    other: Card
    score: float  # 0 to 1
    reasons: tuple[Reason, ...]
    state: DoubtState
    at: datetime


@dataclass(frozen=True, slots=True)
class MergeRow:
    """One line of the merge log."""

    merge_id: int
    at: datetime
    kept: Card
    gone_title: str  # plain
    gone_venue: str
    because: str
    score: float | None
    reasons: tuple[Reason, ...]
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What waits for a person, and what the hub did by itself."""

    doubts: tuple[Doubt, ...]  # likeliest first, at most 50
    doubts_total: int
    merges: tuple[MergeRow, ...]  # newest first, at most 50
    merges_total: int
