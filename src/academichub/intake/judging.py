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
        lookalikes: Every known manifestation that shares its place and item, one of its identifiers, or
            a name that either says is the same work's; in any order.

    Returns:
        The verdict. Place and item decide before identifiers do, identifiers in the order of
        `Identifiers.pairs` (DOI, arXiv, PMID, ...), and both before what a paper says of another one.
        Where a draft ties several works together, the oldest keeps its card and `joins` names the rest.
    """
    oldest_first = sorted(lookalikes, key=lambda known: (known.work_id, known.manifestation_id))
    here = [known for known in oldest_first if _same_item(draft, known)]
    tied = _tied(draft, oldest_first)
    if here:
        home = here[0].work_id
        joins = tuple(dict.fromkeys(known.work_id for known, _ in tied if known.work_id != home))
        return _judge_at_its_place(draft, here, joins=joins)
    if tied:
        first, because = tied[0]
        joins = tuple(dict.fromkeys(known.work_id for known, _ in tied if known.work_id != first.work_id))
        return Twin(of=first.work_id, because=because, joins=joins)
    return New()


def _same_item(draft: Draft, known: Known) -> bool:
    return (known.key.place, known.key.item) == (draft.key.place, draft.key.item)


def _tied(draft: Draft, oldest_first: Sequence[Known]) -> list[tuple[Known, str]]:
    """Pair each known manifestation that a name ties to the draft with that name's scheme or bond."""
    found: list[tuple[Known, str]] = []
    pairs = draft.identifiers.pairs()
    for pair in pairs:
        found += [
            (known, pair[0])
            for known in oldest_first
            if pair in known.pairs() and not _are_two_records(draft, known, pair[0])
        ]
    for relation in draft.relations:
        if relation.bond.is_same_work:
            pair = (relation.scheme, relation.value)
            found += [(known, relation.bond.value) for known in oldest_first if pair in known.pairs()]
    found += [(known, "said") for known in oldest_first if any(pair in known.ties for pair in pairs)]
    return found


def _are_two_records(draft: Draft, known: Known, scheme: str) -> bool:
    """True for two versions of record with DOIs of their own: a shared lesser name is somebody's mistake."""
    if scheme == "doi" or not (known.is_record and draft.kind.is_record):
        return False
    return bool(
        draft.identifiers.doi and known.identifiers.doi and draft.identifiers.doi != known.identifiers.doi
    )


def _judge_at_its_place(draft: Draft, here: Sequence[Known], *, joins: tuple[int, ...]) -> Verdict:
    newest = max(here, key=lambda known: known.key.version)
    exact = (
        # A record that counts no versions describes the newest.
        newest
        if draft.version is None
        else next((known for known in here if known.key.version == draft.key.version), None)
    )
    if exact is not None:
        if draft.fingerprint in {exact.fingerprint, exact.said}:
            return Unchanged(exact.work_id, exact.manifestation_id, joins)
        if not exact.said:
            return Twin(exact.work_id, "source", exact.manifestation_id, joins)
        return Revised(exact.work_id, exact.manifestation_id, "content", joins)
    if draft.key.version > newest.key.version:
        return Revised(newest.work_id, None, "version", joins)
    # An older version that comes late, from a back-fill say: kept, but it revises nothing.
    return Twin(newest.work_id, "version", None, joins)
