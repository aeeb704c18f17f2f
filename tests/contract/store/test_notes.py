"""The honest line: what each source did on a day, and how it is doing now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from academichub.errors import SourceUnreachable
from academichub.model.shelf import FeedQuery, FetchStatus, Health
from academichub.store import log
from academichub.store import sources as shelf_sources
from tests.fakes.drafts import DAY, NOW, arxiv_draft

if TYPE_CHECKING:
    from datetime import datetime

    from tests.fakes.shelf import TestShelf


def _fail(shelf: TestShelf, key: str, *, now: datetime) -> None:
    error = SourceUnreachable(url="https://x.example/", status=None, reason="no such host")
    with shelf.database.writing() as connection:
        source = shelf_sources.subscription(connection, key)
        fetch = log.open_fetch(
            connection,
            source_id=source.source_id,
            run=f"{key}:{now.isoformat()}",
            address=source.url,
            fingerprint=None,
            byte_count=0,
            now=now,
        )
        log.finish_fetch(connection, fetch, status=FetchStatus.FAILED, now=now, error=error)
        shelf_sources.note_failure(
            connection, source.source_id, error=error, now=now, next_due_at=now + timedelta(hours=1)
        )


def test_an_empty_hub_names_the_sources_that_were_never_asked(shelf: TestShelf) -> None:
    (note,) = shelf.page().notes

    assert (note.key, note.health) == ("arxiv:cs.LG", Health.NEVER)


def test_an_empty_hub_without_network_says_what_failed_and_when_it_is_tried_again(shelf: TestShelf) -> None:
    _fail(shelf, "arxiv:cs.LG", now=NOW)

    (note,) = shelf.page().notes

    assert (note.health, note.error_code) == (Health.LATE, "source.unreachable")
    assert note.next_try_at == NOW + timedelta(hours=1)


def test_the_latest_day_tells_of_a_failure_that_came_after_it_and_past_days_do_not(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft("2606.00001", on=DAY - timedelta(days=1)), arxiv_draft("2606.00002"))
    for hours in (30, 31, 32):
        _fail(shelf, "arxiv:cs.LG", now=NOW + timedelta(hours=hours))

    latest = shelf.page(today=DAY + timedelta(days=1))
    past = shelf.page(FeedQuery(on=DAY - timedelta(days=1)), today=DAY + timedelta(days=1))

    assert [note.health for note in latest.notes] == [Health.FAILING]
    assert past.notes == ()
