"""Stored texts that another renderer made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from academichub.db.tables import manifestations, works
from academichub.model.papers import Form
from academichub.store.log import next_change, touch_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from academichub.model.papers import Prose


@dataclass(frozen=True, slots=True)
class Outdated:
    """The raw texts of a manifestation whose rendered ones are out of date."""

    manifestation_id: int
    work_id: int
    title_raw: str
    title_form: Form
    abstract_raw: str | None
    abstract_form: Form | None


def outdated(connection: sa.Connection, *, renderer: str, size: int) -> list[Outdated]:
    """List some manifestations that another renderer made, by id."""
    columns = manifestations.c
    rows = connection.execute(
        sa.select(
            columns.id,
            columns.work_id,
            columns.title_raw,
            columns.title_form,
            columns.abstract_raw,
            columns.abstract_form,
        )
        .where(columns.renderer != renderer)
        .order_by(columns.id)
        .limit(size)
    )
    return [
        Outdated(
            row.id,
            row.work_id,
            row.title_raw,
            Form(row.title_form),
            row.abstract_raw,
            Form(row.abstract_form) if row.abstract_form else None,
        )
        for row in rows
    ]


def replace(
    connection: sa.Connection,
    manifestation_id: int,
    *,
    title: Prose,
    abstract: Prose | None,
    renderer: str,
) -> None:
    """Write the newly rendered forms."""
    values = {"title_plain": title.plain, "title_html": title.html, "renderer": renderer}
    if abstract is not None:
        values |= {"abstract_plain": abstract.plain, "abstract_html": abstract.html}
    connection.execute(
        sa.update(manifestations).where(manifestations.c.id == manifestation_id).values(**values)
    )


def note_change(connection: sa.Connection, work_ids: Sequence[int]) -> None:
    """Tell followers of the change sequence, and the pages."""
    ids = sorted(set(work_ids))
    change = next_change(connection, len(ids))
    for work_id in ids:
        change += 1
        connection.execute(sa.update(works).where(works.c.id == work_id).values(change=change))
    touch_pages(connection)
