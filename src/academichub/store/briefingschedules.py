"""When briefings are written by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from academichub.db.briefingtables import briefing_schedules
from academichub.errors import BriefingInvalid
from academichub.model.briefing import Maker
from academichub.model.briefingpages import BriefingSchedule
from academichub.model.radar import LOCAL_READER
from academichub.store.log import storable, touch_pages

if TYPE_CHECKING:
    from datetime import date, datetime

    from academichub.store.rows import Row, SqlRow

MOST_LISTED: Final = 500
LARGEST_NUMBER: Final = 2**63 - 1
MOST_DAYS: Final = 31  # that a briefing looks back
LANGUAGES: Final = ("zh", "en")


def save(
    connection: sa.Connection, schedule: BriefingSchedule, *, now: datetime, reader_id: int = LOCAL_READER
) -> int:
    """Keep a schedule; give its number.

    Args:
        connection: For writing.
        schedule: Its number is 0 where it is a new one. When it last ran is `ran`'s to say.
        now: The present, UTC.
        reader_id: Whose.

    Raises:
        BriefingInvalid: It cannot be kept so, or is not there to be changed.
    """
    _check(schedule)
    values: Row = {
        "radars": [storable(key) for key in schedule.radars],
        "language": schedule.language,
        "writer": schedule.writer.value,
        "hour": schedule.hour,
        "minute": schedule.minute,
        "weekdays": sorted(set(schedule.weekdays)),
        "zone": schedule.zone,
        "days": schedule.days,
        "changed_at": now,
    }
    if schedule.id:
        changed = sa.update(briefing_schedules).where(_of_reader(schedule.id, reader_id)).values(**values)
        if not connection.execute(changed).rowcount:
            raise BriefingInvalid(field="schedule", reason="gone")
        saved = schedule.id
    else:
        added = sa.insert(briefing_schedules).values(reader_id=reader_id, **values)
        saved = int(connection.execute(added.returning(briefing_schedules.c.id)).scalar_one())
    touch_pages(connection)
    return saved


def remove(connection: sa.Connection, schedule_id: int, *, reader_id: int = LOCAL_READER) -> bool:
    """Forget a schedule; tell whether there was one."""
    forgotten = sa.delete(briefing_schedules).where(_of_reader(schedule_id, reader_id))
    removed = bool(connection.execute(forgotten).rowcount)
    if removed:
        touch_pages(connection)
    return removed


def all_of(connection: sa.Connection, *, reader_id: int = LOCAL_READER) -> list[BriefingSchedule]:
    """List a reader's schedules, oldest first."""
    rows = connection.execute(OF_READER, {"reader_id": reader_id, "size": MOST_LISTED})
    return [_schedule(row) for row in rows]


def ran(connection: sa.Connection, schedule_id: int, on: date) -> bool:
    """Claim a reader's day for a schedule: of several that ask, one is told to go ahead.

    Returns:
        False where it ran for that day or a later one already, or somebody removed it.
    """
    is_later = sa.or_(briefing_schedules.c.last_on.is_(None), briefing_schedules.c.last_on < on)
    claimed = connection.execute(
        sa.update(briefing_schedules)
        .where(briefing_schedules.c.id == schedule_id, is_later)
        .values(last_on=on)
    ).rowcount
    if claimed:
        touch_pages(connection)
    return bool(claimed)


def _of_reader(schedule_id: int, reader_id: int) -> sa.ColumnElement[bool]:
    if not 0 < schedule_id <= LARGEST_NUMBER:  # more would be no number to the database
        return sa.false()
    return sa.and_(briefing_schedules.c.id == schedule_id, briefing_schedules.c.reader_id == reader_id)


def _check(schedule: BriefingSchedule) -> None:
    wrong = [
        field
        for field, is_right in (
            ("hour", 0 <= schedule.hour <= 23),  # noqa: PLR2004  # of a day
            ("minute", 0 <= schedule.minute <= 59),  # noqa: PLR2004  # of an hour
            ("weekdays", all(0 <= day <= 6 for day in schedule.weekdays)),  # noqa: PLR2004  # Monday to Sunday
            ("days", 1 <= schedule.days <= MOST_DAYS),
            ("language", schedule.language in LANGUAGES),
            ("radars", not any("\n" in key for key in schedule.radars) and all(schedule.radars)),
            ("zone", _is_zone(schedule.zone)),
        )
        if not is_right
    ]
    if wrong:
        raise BriefingInvalid(field=wrong[0], reason=REASONS[wrong[0]])


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder
        return False
    return True


def _schedule(row: SqlRow) -> BriefingSchedule:
    return BriefingSchedule(
        id=row.id,
        radars=tuple(row.radars),
        language=row.language,
        writer=Maker(row.writer),
        hour=row.hour,
        minute=row.minute,
        weekdays=tuple(row.weekdays),
        zone=row.zone,
        days=row.days,
        last_on=row.last_on,
    )


REASONS: Final = {
    "hour": "not-an-hour",
    "minute": "not-a-minute",
    "weekdays": "not-a-weekday",
    "days": "too-many-days",
    "language": "zh-or-en",
    "radars": "no-radar",
    "zone": "no-zone",
}
OF_READER = (
    sa.select(
        briefing_schedules.c.id,
        briefing_schedules.c.radars,
        briefing_schedules.c.language,
        briefing_schedules.c.writer,
        briefing_schedules.c.hour,
        briefing_schedules.c.minute,
        briefing_schedules.c.weekdays,
        briefing_schedules.c.zone,
        briefing_schedules.c.days,
        briefing_schedules.c.last_on,
    )
    .where(briefing_schedules.c.reader_id == sa.bindparam("reader_id"))
    .order_by(briefing_schedules.c.id)
    .limit(sa.bindparam("size"))
)
