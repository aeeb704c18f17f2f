"""Render stored texts again after an upgrade of the renderer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from academichub.store import texts
from academichub.text import prose

if TYPE_CHECKING:
    from collections.abc import Callable

    from academichub.db.engine import Database

BATCH = 200


def render_again(database: Database, *, progress: Callable[[int], None] | None = None) -> int:
    """Bring every text made by an older renderer up to date; give how many were.

    Only plain and html change: raw, fingerprints and the days papers are listed stay as they are.
    """
    done = 0
    while True:
        with database.shelving() as connection:
            outdated = texts.outdated(connection, renderer=prose.RENDERER, size=BATCH)
            if not outdated:
                return done
            for one in outdated:
                texts.replace(
                    connection,
                    one.manifestation_id,
                    title=prose.render_title(one.title_raw, one.title_form),
                    abstract=(
                        prose.render(one.abstract_raw, one.abstract_form)
                        if one.abstract_raw is not None and one.abstract_form is not None
                        else None
                    ),
                    renderer=prose.RENDERER,
                )
            texts.note_change(connection, [one.work_id for one in outdated])
        done += len(outdated)
        if progress is not None:
            progress(len(outdated))
