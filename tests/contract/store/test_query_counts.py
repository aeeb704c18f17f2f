"""No page asks more questions because there are more rows."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.model.shelf import FeedQuery
from academichub.store import reading
from academichub.store import sources as shelf_sources
from tests.fakes.drafts import DAY, NOW, arxiv_draft, journal_draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes.shelf import TestShelf


@contextmanager
def counted(shelf: TestShelf) -> Iterator[list[str]]:
    """Write down every statement that reaches the database."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "ROLLBACK")):
            statements.append(statement)

    sa.event.listen(shelf.database.engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(shelf.database.engine, "before_cursor_execute", note)


def _fill(shelf: TestShelf, first: int, last: int) -> None:
    shelf.put(*(arxiv_draft(f"2606.{number:05d}") for number in range(first, last)))
    shelf.put(*(journal_draft(f"10.5555/j.{number}") for number in range(first, last)))
    later = DAY + timedelta(days=1)
    revised = (arxiv_draft(f"2606.{number:05d}", version=2, on=later) for number in range(first, last))
    shelf.put(*revised, now=NOW + timedelta(days=1))
    for number in range(first, min(last, first + 20)):
        shelf.add_source(f"feed:{number}", kind="feed")


def _feed(shelf: TestShelf) -> None:
    shelf.page(FeedQuery(size=50))


def _filtered(shelf: TestShelf) -> None:
    shelf.page(FeedQuery(category="cs.LG", venue="arXiv", size=50))


def _paper(shelf: TestShelf) -> None:
    with shelf.database.reading() as connection:
        reading.paper_page(connection, reading.find_work(connection, "arxiv", "2606.00001"))


def _sources(shelf: TestShelf) -> None:
    with shelf.database.reading() as connection:
        shelf_sources.source_rows(connection, now=NOW)


@pytest.mark.parametrize(
    ("page", "most"),
    [(_feed, 5), (_filtered, 6), (_paper, 13), (_sources, 3)],
    ids=["feed", "filtered", "paper", "sources"],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    shelf: TestShelf, page: Callable[[TestShelf], None], most: int
) -> None:
    _fill(shelf, 1, 4)
    with counted(shelf) as few:
        page(shelf)

    _fill(shelf, 4, 120)
    with counted(shelf) as many:
        page(shelf)

    assert len(many) == len(few) <= most
