"""Zotero in all weathers: changing while it is read, slow, broken, and closed; nothing is lost by it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from academichub.errors import (
    AnswerPageEmpty,
    AnswerUnknown,
    CollectionUnknown,
    FeedIsWebPage,
    KeepingInvalid,
    SourceThrottled,
    SourceUnreachable,
    ZoteroRefused,
)
from academichub.flows.importdesk import ImportDesk
from academichub.flows.tying import tie_entries
from tests.fakes.drafts import NOW, journal_draft
from tests.fakes.network import a_fetcher
from tests.fakes.zotero_desk import DOI, Desk, a_desk
from tests.fakes.zotero_server import HOME, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from academichub.fetch.client import Fetcher


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as opened:
        yield opened


# -- weather -----------------------------------------------------------------------------------------


def test_a_library_that_changes_between_two_pages_is_read_again(desk: Desk) -> None:
    home = desk.zotero.home
    for number in range(150):
        home.put(f"ITEM{number:04}", f"Paper number {number}")
    pages = iter(range(10))

    def meddle() -> None:
        home.put("ITEM9999", f"Written meanwhile {next(pages)}")

    desk.zotero.faults = [Fault("/items/top"), Fault("/items/top", before=meddle)]

    synced = desk.sync()

    assert len(desk.titles("Zotero: ada")) == 151
    assert synced.account.kept == 151
    assert synced.version == 151


def test_a_library_that_never_holds_still_is_left_for_later(desk: Desk) -> None:
    home = desk.zotero.home
    home.put("ITEM0000", "A paper")

    def meddle() -> None:
        home.put("ITEM0000", "A paper")

    desk.zotero.faults = [Fault("/items/top", before=meddle) for _ in range(20)]

    with pytest.raises(SourceUnreachable) as caught:
        desk.sync()

    assert "kept changing" in str(caught.value.facts["reason"])


def test_a_request_to_wait_is_heeded(desk: Desk) -> None:
    desk.zotero.home.put("ITEM0001", "A paper")
    desk.zotero.faults = [
        Fault("/items/top", status=429, headers={"Retry-After": "7"}),
        Fault("/items/top", status=503, headers={"Retry-After": "9"}),
        Fault("/items/top", headers={"Backoff": "11"}),
    ]

    synced = desk.sync()

    assert desk.waits == [7.0, 9.0, 11.0]
    assert synced.account.kept == 1


def test_a_server_that_only_ever_asks_to_wait_is_left_alone(desk: Desk) -> None:
    desk.zotero.faults = [Fault("/keys", status=429) for _ in range(20)]

    with pytest.raises(SourceThrottled):
        desk.sync()

    assert desk.waits == [2.0, 4.0, 8.0, 16.0, 32.0, 64.0]


def test_a_wait_beyond_all_patience_is_no_wait(desk: Desk) -> None:
    desk.zotero.faults = [Fault("/keys", status=429, headers={"Retry-After": "86000"})]

    with pytest.raises(SourceThrottled):
        desk.sync()

    assert desk.waits == []


def test_an_answer_that_breaks_off_is_asked_for_again(desk: Desk) -> None:
    desk.zotero.home.put("ITEM0001", "A paper")
    desk.zotero.faults = [Fault("/items/top", cut_after=40)]

    assert desk.sync().account.kept == 1


def test_a_page_for_people_in_place_of_an_answer_is_asked_for_again(desk: Desk) -> None:
    desk.zotero.home.put("ITEM0001", "A paper")
    desk.zotero.faults = [Fault("/items/top", body=b"<!doctype html><h1>Maintenance</h1>")]

    assert desk.sync().account.kept == 1


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<!doctype html><h1>Maintenance</h1>", FeedIsWebPage),
        (b'{"error": "nonsense"}', AnswerUnknown),
        (b"[]", AnswerPageEmpty),
    ],
)
def test_what_is_no_answer_three_times_takes_nothing_away(
    desk: Desk, body: bytes, error: type[Exception]
) -> None:
    desk.zotero.home.put("ITEM0001", "A paper")
    desk.sync()
    desk.zotero.home.put("ITEM0002", "Another")
    desk.zotero.faults = [Fault("/items/top", body=body) for _ in range(3)]

    with pytest.raises(error):
        desk.sync()
    missed = desk.titles("Zotero: ada")
    desk.sync()

    assert missed == {"A paper"}
    assert desk.titles("Zotero: ada") == {"A paper", "Another"}


def test_broken_items_are_told_and_stop_nobody(desk: Desk) -> None:
    entries = [
        3,
        {"key": "ITEM0001", "data": {"title": "no type"}},
        {"data": None},
        {"key": "x/../y", "data": {"itemType": "book"}},
        {
            "key": "ITEM0002",
            "data": {
                "itemType": "book",
                "title": "Sound",
                "tags": 7,
                "creators": "nobody",
                "collections": {},
            },
        },
    ]
    page = json.dumps(entries).encode()
    desk.zotero.faults = [Fault("/items/top", body=page)]

    synced = desk.sync()

    assert (synced.account.entries, synced.account.kept, synced.account.broken) == (5, 1, 4)
    assert ("ITEM0001", "no item of Zotero") in synced.broken
    assert desk.titles("Zotero: ada") == {"Sound"}


def test_a_reading_that_was_interrupted_is_made_good_by_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("academichub.flows.zotero.BATCH", 100)
    for number in range(250):
        desk.zotero.home.put(f"ITEM{number:04}", f"Paper number {number}")
    pages: list[int] = []

    def stop(items: int) -> None:
        pages.append(items)
        if len(pages) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.sync(progress=stop)
    there = len(desk.titles("Zotero: ada"))
    synced = desk.sync()

    assert there == 200
    assert (synced.account.kept, synced.account.unchanged) == (50, 200)
    assert len(desk.titles("Zotero: ada")) == 250


def test_a_work_that_comes_later_is_tied_and_stays_so(desk: Desk) -> None:
    desk.zotero.home.put("ITEM0001", "A title in a journal", DOI=DOI)
    desk.sync()
    desk.shelf.put(journal_draft(DOI))

    tied = tie_entries(desk.shelf.database, now=NOW)
    desk.zotero.home.put("ITEM0002", "Another")
    desk.sync()

    assert tied == 1
    assert desk.works("Zotero: ada") == (1,)


def test_an_item_whose_doi_was_wrong_goes_to_its_true_work(desk: Desk) -> None:
    desk.shelf.put(journal_draft(DOI), journal_draft("10.5555/j.2", title="Quite another thing"))
    desk.zotero.home.put("ITEM0001", "A paper", DOI=DOI)
    desk.sync()

    desk.zotero.home.put("ITEM0001", "A paper", DOI="10.5555/j.2")
    desk.sync()

    assert desk.works("Zotero: ada") == (2,)


def test_the_hub_asks_with_a_client_of_its_own_and_hangs_up(desk: Desk) -> None:
    desk.zotero.home.put("ITEM0001", "A paper")
    noticed: list[bool] = []

    class Hub(ImportDesk):
        database = desk.shelf.database

        def clock(self) -> datetime:
            return NOW

        def make_fetcher(self) -> Fetcher:
            return desk.web

        def notice_writing(self) -> None:
            noticed.append(True)

    synced = Hub().sync_zotero(sleep=desk.waits.append)

    assert synced.account.kept == 1
    assert noticed == [True]


# -- refusals ----------------------------------------------------------------------------------------


def test_without_a_key_the_reader_is_told(desk: Desk) -> None:
    with a_fetcher(replay=desk.zotero.url) as keyless:
        with pytest.raises(ZoteroRefused) as caught:
            desk.sync(web=keyless)
        with pytest.raises(ZoteroRefused) as private:
            desk.sync(web=keyless, library=HOME)

    assert caught.value.facts["status"] == 404
    assert private.value.facts == {"library": HOME, "status": 403}


def test_a_public_library_needs_no_key(desk: Desk) -> None:
    desk.zotero.group(5, "Open", is_public=True).put("ITEM0001", "For everybody")

    with a_fetcher(replay=desk.zotero.url) as keyless:
        synced = desk.sync(web=keyless, library="groups/5")

    assert synced.account.kept == 1


@pytest.mark.parametrize("library", ["users/99", "groups/99"])
def test_a_library_that_is_not_there_is_refused(desk: Desk, library: str) -> None:
    with pytest.raises(ZoteroRefused):
        desk.sync(library=library)

    assert desk.rows() == {}


@pytest.mark.parametrize("library", ["../keys", "users/", "http://evil.example/users/1", "users/1/../2x"])
def test_what_is_no_library_is_never_asked_for(desk: Desk, library: str) -> None:
    with pytest.raises(KeepingInvalid):
        desk.sync(library=library)

    assert desk.paths() == []


def test_a_collection_that_is_not_there_is_unknown(desk: Desk) -> None:
    with pytest.raises(CollectionUnknown):
        desk.sync(collection="ZZZZZZZZ")
    with pytest.raises(KeepingInvalid):
        desk.sync(collection="../../keys")
