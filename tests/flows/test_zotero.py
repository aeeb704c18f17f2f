"""A Zotero library is followed over real HTTP: read, read on, and kept in step with what is gone there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from academichub.model.keeping import Mark
from academichub.store import collections, marks
from tests.fakes.drafts import NOW, journal_draft
from tests.fakes.zotero_desk import DOI, Desk, a_desk
from tests.fakes.zotero_server import HOME, KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as opened:
        yield opened


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
