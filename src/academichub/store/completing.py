"""The papers that lack something, and whom to ask for it next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from academichub.db.tables import manifestations, wanted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class Want(NamedTuple):
    """One version that lacks something."""

    manifestation_id: int
    work_id: int
    scheme: str
    value: str
    rounds: int


def due(connection: sa.Connection, *, scheme: str, stage: int, now: datetime, size: int) -> list[Want]:
    """List versions that one provider is to be asked about, longest waiting first."""
    rows = connection.execute(DUE, {"scheme": scheme, "stage": stage, "now": now, "size": size})
    return [Want(*row) for row in rows]


def still_due(connection: sa.Connection, manifestation_ids: Sequence[int], *, stage: int) -> list[Want]:
    """Read versions again before filling them in: those that still wait for this stage, as they are now."""
    rows = connection.execute(STILL, {"ids": list(manifestation_ids), "stage": stage})
    return [Want(*row) for row in rows]


def stages(connection: sa.Connection, *, now: datetime) -> list[tuple[str, int, int]]:
    """Count what is due: (scheme, stage, versions), the earliest stage first."""
    return [(row.scheme, row.stage, row.versions) for row in connection.execute(STAGES, {"now": now})]


def fulfil(connection: sa.Connection, manifestation_ids: Sequence[int]) -> None:
    """Strike versions off the list: nothing is missing any more."""
    connection.execute(sa.delete(wanted).where(wanted.c.manifestation_id.in_(manifestation_ids)))


def pass_on(
    connection: sa.Connection,
    manifestation_ids: Sequence[int],
    *,
    stage: int,
    rounds: int,
    next_try_at: datetime,
) -> None:
    """Have the next provider asked, or all of them again later."""
    connection.execute(
        sa.update(wanted)
        .where(wanted.c.manifestation_id.in_(manifestation_ids))
        .values(stage=stage, rounds=rounds, next_try_at=next_try_at)
    )


def want(
    connection: sa.Connection,
    manifestation_id: int,
    *,
    name: tuple[str, str],
    stage: int,
    now: datetime,
) -> None:
    """Name what a version is asked for by, (scheme, value), where a better name was learnt."""
    scheme, value = name
    connection.execute(
        sa.update(wanted)
        .where(wanted.c.manifestation_id == manifestation_id)
        .values(scheme=scheme, value=value, stage=stage, next_try_at=now)
    )


def count_waiting(connection: sa.Connection) -> int:
    """Count the versions that lack something and will be asked for."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(wanted)).scalar_one())


WANTS = sa.select(
    wanted.c.manifestation_id,
    manifestations.c.work_id,
    wanted.c.scheme,
    wanted.c.value,
    wanted.c.rounds,
).join(manifestations, manifestations.c.id == wanted.c.manifestation_id)
DUE = (
    WANTS.where(
        wanted.c.scheme == sa.bindparam("scheme"),
        wanted.c.stage == sa.bindparam("stage"),
        wanted.c.next_try_at <= sa.bindparam("now"),
    )
    .order_by(wanted.c.next_try_at, wanted.c.manifestation_id)
    .limit(sa.bindparam("size"))
)
STILL = WANTS.where(
    wanted.c.manifestation_id.in_(sa.bindparam("ids", expanding=True)),
    wanted.c.stage == sa.bindparam("stage"),
).order_by(wanted.c.manifestation_id)
STAGES = (
    sa.select(wanted.c.scheme, wanted.c.stage, sa.func.count().label("versions"))
    .where(wanted.c.next_try_at <= sa.bindparam("now"))
    .group_by(wanted.c.scheme, wanted.c.stage)
    .order_by(wanted.c.stage, wanted.c.scheme)
)
