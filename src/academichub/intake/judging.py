"""Decide what an arriving draft is. Reads nothing, writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.model.papers import New, Revised, Twin, Unchanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.model.papers import Draft, Known, Verdict


def judge(draft: Draft, lookalikes: Sequence[Known]) -> Verdict:
    """Say whether a draft is new, on the shelf already, a revision, or another copy of a known work.

    Args:
        draft: The arriving paper.
        lookalikes: Every known manifestation that shares its place and item or one of its
            identifiers, in any order.

    Returns:
        The verdict. Place and item decide before identifiers do, and identifiers in the order of
        `Identifiers.pairs`: DOI, arXiv, PMID, ...
    """
    oldest_first = sorted(lookalikes, key=lambda known: (known.work_id, known.manifestation_id))
    here = [known for known in oldest_first if _same_item(draft, known)]
    if here:
        return _judge_at_its_place(draft, here)
    for pair in draft.identifiers.pairs():
        tied = next((known for known in oldest_first if pair in known.identifiers.pairs()), None)
        if tied is not None:
            return Twin(of=tied.work_id, because=pair[0])
    return New()


def _same_item(draft: Draft, known: Known) -> bool:
    return (known.key.place, known.key.item) == (draft.key.place, draft.key.item)


def _judge_at_its_place(draft: Draft, here: Sequence[Known]) -> Verdict:
    newest = max(here, key=lambda known: known.key.version)
    exact = next((known for known in here if known.key.version == draft.key.version), None)
    if exact is not None:
        if exact.fingerprint == draft.fingerprint or _would_lose_text(draft, exact):
            return Unchanged(exact.work_id, exact.manifestation_id)
        return Revised(of=exact.work_id, manifestation_id=exact.manifestation_id, because="content")
    if draft.key.version > newest.key.version:
        return Revised(of=newest.work_id, manifestation_id=None, because="version")
    # An older version that comes late, from a back-fill say: kept, but it revises nothing.
    return Twin(of=newest.work_id, because="version")


def _would_lose_text(draft: Draft, known: Known) -> bool:
    """A teaser, or nothing, never takes the place of an abstract (ingest reference, section 2.8)."""
    arriving = len(draft.abstract.plain) if draft.abstract else 0
    if known.abstract_length == 0:
        return False
    return arriving == 0 or (draft.is_teaser and not known.is_teaser)
