"""What a reader keeps, for tests: a few works on a shelf, and short ways to ask and to say."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from academichub.flows.reviewing import merge_by_hand, undo_merge
from academichub.model.keeping import Mark, State
from academichub.model.radar import LOCAL_READER
from academichub.store import keeping, marks
from academichub.store.libraryentries import NewEntry
from academichub.store.log import pages_revision
from tests.fakes.drafts import DAY, NOW, arxiv_draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from academichub.db.engine import Database
    from tests.fakes.shelf import TestShelf

LATER = NOW + timedelta(hours=1)
NOTHING = State()


def fill(shelf: TestShelf, count: int, *, on: date = DAY, first: int = 1) -> None:
    """Put works with the numbers 1, 2, ... on an empty shelf, or some more."""
    shelf.put(*(arxiv_draft(f"2606.{number:05d}", on=on) for number in range(first, first + count)))


def merge(shelf: TestShelf, one: int, other: int) -> int:
    """Make two works one; the older stays."""
    return merge_by_hand(shelf.database, one, other, now=LATER)


def unmerge(shelf: TestShelf, merge_id: int) -> None:
    """Take that back."""
    undo_merge(shelf.database, merge_id, now=LATER)


def mark(
    shelf: TestShelf, work_ids: Iterable[int], which: Mark, *, on: bool = True, reader_id: int = LOCAL_READER
) -> int:
    """Set a mark, or take it away."""
    with shelf.database.writing() as connection:
        return marks.mark(connection, work_ids, which, on=on, now=NOW, reader_id=reader_id)


def back(shelf: TestShelf, action: int, *, reader_id: int = LOCAL_READER) -> bool:
    """Take an action back."""
    with shelf.database.writing() as connection:
        return marks.take_back(connection, action, now=LATER, reader_id=reader_id)


def states(shelf: TestShelf, *work_ids: int, reader_id: int = LOCAL_READER) -> dict[int, State]:
    """Read states."""
    with shelf.database.reading() as connection:
        return keeping.states(connection, work_ids, reader_id=reader_id)


def members(shelf: TestShelf, name: str, *, reader_id: int = LOCAL_READER) -> set[int]:
    """Read one list of works whole."""
    with shelf.database.reading() as connection:
        return set(keeping.members(connection, reader_id, [name])[name])


def revisions(shelf: TestShelf) -> tuple[int, int]:
    """Read what pages and searches follow."""
    with shelf.database.reading() as connection:
        return pages_revision(connection), keeping.marks_revision(connection)


def entry(
    fingerprint: str = "one", *, position: int = 0, work_id: int | None = None, **more: Any
) -> NewEntry:
    """Make an entry of a library."""
    usual: dict[str, Any] = {
        "line": 1 + position,
        "key": f"key-{fingerprint}",
        "type": "article-journal",
        "title": f"Title of {fingerprint}",
        "authors": ("Ada Example", "示例"),
        "year": 2020,
        "venue": "Journal of Examples",
        "identifiers": ("doi:10.5555/x",),
        "url": "https://x.example/1",
        "reference": {"title": fingerprint},
    }
    return NewEntry(position=position, fingerprint=fingerprint, work_id=work_id, **{**usual, **more})


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Write down every statement that reaches the database."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK")):
            statements.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(database.engine, "before_cursor_execute", note)
