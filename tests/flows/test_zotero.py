"""A Zotero library is followed over real HTTP: read, read on, and kept in step with what is gone there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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
from academichub.fetch.keys import credentials
from academichub.flows.importdesk import ImportDesk
from academichub.flows.keptentries import read_back
from academichub.flows.tying import tie_entries
from academichub.flows.zotero import sync_zotero
from academichub.model.keeping import Mark
from academichub.store import collections, libraryentries, marks
from tests.fakes.drafts import NOW, journal_draft
from tests.fakes.network import a_fetcher
from tests.fakes.shelf import TestShelf
from tests.fakes.zotero_server import HOME, KEY, Fault, ZoteroServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from academichub.fetch.client import Fetcher
    from academichub.flows.zotero import ZoteroSynced
    from academichub.model.keeping import CollectionRow

DOI = "10.5555/j.1"


@dataclass(slots=True)
class Desk:
    """A hub's shelves, and a Zotero to follow."""

    shelf: TestShelf
    zotero: ZoteroServer
    web: Fetcher
    waits: list[float] = field(default_factory=list)

    def sync(self, **asked: Any) -> ZoteroSynced:
        asked.setdefault("web", self.web)
        return sync_zotero(self.shelf.database, clock=lambda: NOW, sleep=self.waits.append, **asked)

    def rows(self) -> dict[str, CollectionRow]:
        with self.shelf.database.reading() as connection:
            return {one.name: one for one in collections.rows(connection)}

    def titles(self, name: str) -> set[str]:
        """Name everything in a collection by its title."""
        with self.shelf.database.reading() as connection:
            found = collections.find_by_name(connection, name)
            assert found is not None
            kept = libraryentries.references_of(connection, found.collection_id)
        return {read_back(one.reference)[0].title for one in kept}

    def works(self, name: str) -> tuple[int, ...]:
        with self.shelf.database.reading() as connection:
            found = collections.find_by_name(connection, name)
            assert found is not None
            return tuple(collections.works_of(connection, found.collection_id)[0])

    def paths(self) -> list[str]:
        return [one.path for one in self.zotero.asked]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    shelf = TestShelf(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    given = credentials(zotero_key=KEY)
    with ZoteroServer() as zotero, a_fetcher(replay=zotero.url, credentials=given) as web:
        yield Desk(shelf, zotero, web)
    shelf.database.close()


# -- the first reading -------------------------------------------------------------------------------


def test_each_collection_there_becomes_one_here_and_what_is_in_none_has_its_own(desk: Desk) -> None:
    home = desk.zotero.home
    home.put_collection("AAAAAAAA", "Physics")
    home.put_collection("BBBBBBBB", "Qubits", parent="AAAAAAAA")
    home.put("ITEM0001", "On codes", collections=("BBBBBBBB",))
    home.put("ITEM0002", "On everything", collections=("AAAAAAAA", "BBBBBBBB"))
    home.put("ITEM0003", "On nothing")

    synced = desk.sync()

    assert synced.library == HOME
    assert (synced.account.entries, synced.account.kept) == (3, 3)
    assert desk.titles("Physics / Qubits") == {"On codes", "On everything"}
    assert desk.titles("Physics") == {"On everything"}
    assert desk.titles("Zotero: ada") == {"On nothing"}
    assert desk.rows()["Physics"].origin == f"zotero:{HOME}/collections/AAAAAAAA"


def test_an_item_that_the_hub_has_is_its_work(desk: Desk) -> None:
    desk.shelf.put(journal_draft(DOI))
    desk.zotero.home.put("ITEM0001", "Written otherwise", DOI=DOI.upper())

    synced = desk.sync()

    assert synced.account.matched == 1
    assert desk.works("Zotero: ada") == (1,)
    assert desk.rows()["Zotero: ada"].entries == 0


def test_parts_of_items_and_what_is_in_the_trash_are_counted_and_not_taken(desk: Desk) -> None:
    home = desk.zotero.home
    home.put("ITEM0001", "A paper")
    home.put("ITEM0002", itemType="attachment")
    home.put("ITEM0003", itemType="note", note="<p>mine</p>")
    home.put("ITEM0004", "Thrown away")
    home.trash("ITEM0004")

    synced = desk.sync()

    assert synced.skipped == {"attachment": 1, "note": 1, "trash": 1}
    assert desk.titles("Zotero: ada") == {"A paper"}
    assert synced.account.entries == 1


def test_a_long_library_is_read_page_after_page(desk: Desk) -> None:
    for number in range(250):
        desk.zotero.home.put(f"ITEM{number:04}", f"Paper number {number}")

    synced = desk.sync()

    assert synced.account.kept == 250
    assert len(desk.titles("Zotero: ada")) == 250
    assert [one.asked["start"] for one in desk.zotero.asked if one.path.endswith("/items/top")] == [
        "0",
        "100",
        "200",
    ]


def test_the_key_goes_in_a_header_and_in_no_address(desk: Desk) -> None:
    desk.sync()

    assert all(one.headers["zotero-api-key"] == KEY for one in desk.zotero.asked)
    assert all(KEY not in str((one.path, one.asked)) for one in desk.zotero.asked)


def test_a_group_is_read_by_its_number_or_by_the_address_of_its_page(desk: Desk) -> None:
    desk.zotero.group(77, "Reading circle").put("ITEM0001", "For all of us")

    first = desk.sync(library="groups/77")
    again = desk.sync(library="https://www.zotero.org/groups/77/reading_circle")

    assert (first.library, first.name) == ("groups/77", "Reading circle")
    assert desk.titles("Zotero: Reading circle") == {"For all of us"}
    assert again.is_unchanged


def test_one_collection_can_be_followed_alone(desk: Desk) -> None:
    home = desk.zotero.home
    home.put_collection("AAAAAAAA", "Physics")
    home.put_collection("BBBBBBBB", "Cooking")
    home.put("ITEM0001", "On codes", collections=("AAAAAAAA", "BBBBBBBB"))
    home.put("ITEM0002", "On soup", collections=("BBBBBBBB",))

    desk.sync(collection="aaaaaaaa")
    home.put("ITEM0001", "On codes", collections=("BBBBBBBB",))
    synced = desk.sync(collection="AAAAAAAA")

    assert set(desk.rows()) == {"Physics"}
    assert synced.removed == 1
    assert desk.titles("Physics") == set()


# -- reading on --------------------------------------------------------------------------------------


def test_a_library_that_has_not_changed_is_asked_one_question(desk: Desk) -> None:
    desk.zotero.home.put("ITEM0001", "A paper")
    desk.sync()
    before = len(desk.zotero.asked)

    synced = desk.sync()

    assert synced.is_unchanged
    questions = desk.zotero.asked[before:]
    assert [one.path for one in questions] == ["/keys/current", f"/{HOME}/collections"]
    assert questions[1].headers["if-modified-since-version"] == "1"


def test_only_what_changed_is_asked_for_again(desk: Desk) -> None:
    home = desk.zotero.home
    home.put("ITEM0001", "A paper")
    home.put("ITEM0002", "A papre")
    desk.sync()

    home.put("ITEM0002", "A paper, spelled right")
    synced = desk.sync()

    assert (synced.account.entries, synced.account.kept) == (1, 1)
    assert desk.titles("Zotero: ada") == {"A paper", "A paper, spelled right"}
    asked = [one for one in desk.zotero.asked if one.path.endswith("/items/top")][-1]
    assert asked.asked["since"] == "2"


def test_an_item_that_moves_is_moved_here(desk: Desk) -> None:
    home = desk.zotero.home
    home.put_collection("AAAAAAAA", "Unread")
    home.put_collection("BBBBBBBB", "Read")
    home.put("ITEM0001", "A paper", collections=("AAAAAAAA",))
    desk.sync()

    home.put("ITEM0001", "A paper", collections=("BBBBBBBB",))
    desk.sync()

    assert desk.titles("Unread") == set()
    assert desk.titles("Read") == {"A paper"}


@pytest.mark.parametrize("how", ["trash", "delete"])
def test_what_is_gone_there_goes_here_and_the_work_keeps_its_marks(desk: Desk, how: str) -> None:
    desk.shelf.put(journal_draft(DOI))
    desk.zotero.home.put("ITEM0001", "A title in a journal", DOI=DOI)
    desk.zotero.home.put("ITEM0002", "Another")
    desk.sync()
    with desk.shelf.database.writing() as connection:
        marks.mark(connection, [1], Mark.STARRED, on=True, now=NOW)

    getattr(desk.zotero.home, how)("ITEM0001")
    synced = desk.sync()

    assert synced.removed == 1
    assert desk.works("Zotero: ada") == ()
    with desk.shelf.database.reading() as connection:
        row = connection.exec_driver_sql("SELECT work_id, mark FROM marks").all()
    assert row == [(1, "starred")]


def test_an_item_that_comes_out_of_the_trash_comes_back(desk: Desk) -> None:
    home = desk.zotero.home
    home.put("ITEM0001", "A paper")
    desk.sync()
    home.trash("ITEM0001")
    desk.sync()

    home.put("ITEM0001", "A paper")
    desk.sync()

    assert desk.titles("Zotero: ada") == {"A paper"}


def test_a_collection_that_goes_there_goes_here_and_its_items_are_in_none(desk: Desk) -> None:
    home = desk.zotero.home
    home.put_collection("AAAAAAAA", "Physics")
    home.put("ITEM0001", "A paper", collections=("AAAAAAAA",))
    desk.sync()

    home.delete_collection("AAAAAAAA")
    desk.sync()

    assert set(desk.rows()) == {"Zotero: ada"}
    assert desk.titles("Zotero: ada") == {"A paper"}


def test_a_collection_that_goes_there_stays_for_what_was_put_in_by_hand(desk: Desk) -> None:
    desk.shelf.put(journal_draft(DOI))
    home = desk.zotero.home
    home.put_collection("AAAAAAAA", "Physics")
    home.put("ITEM0001", "A paper", collections=("AAAAAAAA",))
    desk.sync()
    with desk.shelf.database.writing() as connection:
        found = collections.find_by_name(connection, "Physics")
        assert found is not None
        collections.put_in(connection, found.collection_id, [1], now=NOW)

    home.delete_collection("AAAAAAAA")
    desk.sync()

    assert desk.titles("Physics") == set()
    assert desk.works("Physics") == (1,)


def test_a_collection_that_was_removed_here_comes_back_with_its_items(desk: Desk) -> None:
    home = desk.zotero.home
    home.put_collection("AAAAAAAA", "Physics")
    home.put("ITEM0001", "A paper", collections=("AAAAAAAA",))
    desk.sync()
    with desk.shelf.database.writing() as connection:
        found = collections.find_by_name(connection, "Physics")
        assert found is not None
        collections.remove(connection, found.collection_id)

    home.put("ITEM0002", "News")
    desk.sync()

    assert desk.titles("Physics") == {"A paper"}


def test_a_collection_takes_a_new_name_from_there_and_otherwise_keeps_its_name_here(desk: Desk) -> None:
    home = desk.zotero.home
    home.put_collection("AAAAAAAA", "Physics")
    home.put_collection("BBBBBBBB", "Qubits", parent="AAAAAAAA")
    desk.sync()
    with desk.shelf.database.writing() as connection:
        found = collections.find_by_name(connection, "Physics / Qubits")
        assert found is not None
        collections.rename(connection, found.collection_id, "Mine", now=NOW)

    home.put("ITEM0001", "Something else changes")
    desk.sync()
    after_another_change = set(desk.rows())
    home.put_collection("AAAAAAAA", "Quantum physics")
    desk.sync()

    assert after_another_change == {"Physics", "Mine", "Zotero: ada"}
    assert set(desk.rows()) == {"Quantum physics", "Quantum physics / Qubits", "Zotero: ada"}


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

    assert there == 100
    assert (synced.account.kept, synced.account.unchanged) == (150, 100)
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
