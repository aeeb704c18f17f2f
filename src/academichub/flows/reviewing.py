"""Let a person decide about doubtful pairs, and take merges back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.errors import MergeUnknown
from academichub.store import merging, reviewing

if TYPE_CHECKING:
    from datetime import datetime

    from academichub.db.engine import Database


def decide(database: Database, doubt_id: int, *, is_same: bool, now: datetime) -> int:
    """Settle a doubtful pair; give the work that stays, or the older of the two.

    Raises:
        DoubtUnknown: There is no such open doubt.
    """
    with database.shelving() as connection:
        one_id, other_id = reviewing.doubt_pair(connection, doubt_id)
        if is_same:
            merging.merge(connection, kept_id=one_id, gone_id=other_id, because="hand", now=now)
        else:
            merging.part(connection, one_id, other_id, now=now)
        return one_id


def undo_merge(database: Database, merge_id: int, *, now: datetime) -> int:
    """Take a merge back; give the work that has its own card again.

    Raises:
        MergeUnknown: There is no such merge, or it cannot be taken back.
    """
    with database.shelving() as connection:
        return merging.undo(connection, database, merge_id, now=now)


def merge_by_hand(database: Database, one_id: int, other_id: int, *, now: datetime) -> int:
    """Make two works one because a person says so; give the log's number.

    Raises:
        MergeUnknown: One of them is not there, or somebody has said that they are two.
    """
    with database.shelving() as connection:
        kept, gone = sorted((one_id, other_id))
        done = merging.merge(connection, kept_id=kept, gone_id=gone, because="hand", now=now)
    if done is None:
        raise MergeUnknown(merge=gone)
    return done
