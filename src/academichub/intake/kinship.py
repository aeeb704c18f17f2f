"""Compare works by their text: what the matching needs of a draft or a card, and its guards. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from academichub.intake.blocking import blocks
from academichub.intake.matching import Candidate, Sameness, compare, prepare
from academichub.model.kinship import Finding, Reason
from academichub.model.papers import Bond, Kind, Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.intake.matching import Prepared
    from academichub.model.kinship import Likeness
    from academichub.model.papers import Draft

_TIED: Final = 0.001  # scores nearer to each other say nothing of which work it is
_NOTICES = {Kind.CORRECTION: Bond.CORRECTS, Kind.RETRACTION: Bond.RETRACTS}


def prepared(draft: Draft) -> Prepared:
    """Make of a draft what comparing needs."""
    return prepare(
        Candidate(
            title=draft.title.plain,
            authors=tuple(author.name for author in draft.authors),
            venue=draft.venue,
            year=draft.published.on.year if draft.published else None,
            identifiers=draft.identifiers,
            kind=draft.kind,
        )
    )


def prepared_likeness(one: Likeness) -> Prepared:
    """Make of a work on the shelf what comparing needs."""
    return prepare(
        Candidate(
            title=one.title,
            authors=one.authors,
            venue=one.venue,
            year=one.year,
            identifiers=one.identifiers,
            kind=one.kind,
        )
    )


def keys_of(this: Prepared) -> tuple[int, ...]:
    """Give the keys under which a work looks for its like."""
    return blocks(this)


def may_be_one(one: Likeness, other: Likeness) -> bool:
    """Rule out what identifiers have decided already, before any text is compared.

    Two papers of one place are two papers: its own numbering says so. So are two versions of record with
    DOIs of their own, and a notice, or news, is never the paper it is about.
    """
    if one.place == other.place:
        return False
    kinds = {one.kind, other.kind}
    if kinds & {Kind.CORRECTION, Kind.RETRACTION, Kind.NEWS, Kind.EDITORIAL, Kind.POST, Kind.DATASET}:
        return False
    if one.kind.is_record and other.kind.is_record and one.identifiers.doi and other.identifiers.doi:
        return one.identifiers.doi == other.identifiers.doi
    both_arxiv = one.identifiers.arxiv and other.identifiers.arxiv
    return not (both_arxiv and one.identifiers.arxiv != other.identifiers.arxiv)


def best_match(this: Likeness, others: Sequence[Likeness]) -> Finding | None:
    """Find the work that a new one most likely is; None where none is likely enough to ask a person.

    Where two works are equally likely, as a talk and its paper are, the one whose title is the same wins;
    where that does not tell them apart either, a person decides.

    Args:
        this: The new work.
        others: Works that share a key with it.
    """
    mine = prepared_likeness(this)
    found = [
        (other, match)
        for other in others
        if may_be_one(this, other)
        and (match := compare(mine, prepared_likeness(other))).verdict is not Sameness.DIFFERENT
    ]
    if not found:
        return None
    best = max(match.score for _, match in found)
    tied = [(other, match) for other, match in found if match.score > best - _TIED]
    tied = [pair for pair in tied if pair[0].title_key == this.title_key] or tied
    other, match = min(tied, key=lambda pair: pair[0].work_id)
    reasons = tuple(Reason(one.name, str(one.value), round(one.weight, 3)) for one in match.reasons)
    is_sure = match.verdict is Sameness.SAME and len(tied) == 1
    return Finding(other.work_id, match.score, is_sure, reasons)


def notice_of(this: Likeness, others: Sequence[Likeness]) -> Relation | None:
    """Tie a correction or retraction that names no DOI to its paper: the same title in the same venue.

    Returns:
        The relation, or None where no paper, or more than one, carries the title.
    """
    bond = _NOTICES.get(this.kind)
    if bond is None or not (this.title_key and this.venue):
        return None
    same = [
        other
        for other in others
        if other.title_key == this.title_key
        and other.venue == this.venue
        and other.kind not in _NOTICES
        and other.identifiers.doi
    ]
    if len(same) != 1 or same[0].identifiers.doi is None:
        return None
    return Relation(bond, "doi", same[0].identifiers.doi)
