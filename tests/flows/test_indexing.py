"""The index follows the shelves; whatever is wrong with it, another one is built beside it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from academichub.db.tables import counters, works
from academichub.errors import IndexBroken, IndexBusy
from academichub.flows import indexing
from academichub.flows.indexing import IndexKeeper
from academichub.store import merging
from academichub.text.query import ask
from tests.fakes.drafts import DAY, NOW, arxiv_draft
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[TestShelf]:
    opened = TestShelf(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def keeper(shelf: TestShelf, tmp_path: Path) -> IndexKeeper:
    return a_keeper(shelf, tmp_path)


def a_keeper(shelf: TestShelf, folder: Path) -> IndexKeeper:
    return IndexKeeper(shelf.database, folder / "index", draw=secrets.randbits)


def put(shelf: TestShelf, *numbers: int) -> None:
    shelf.put(*(arxiv_draft(f"2606.{number:05d}", title=f"Lantern {number}") for number in numbers))


def found(keeper: IndexKeeper, text: str = "lantern") -> list[int]:
    ids: list[int] = keeper.open().ids(ask(text).query).tolist()
    return ids


def files(keeper: IndexKeeper, ending: str = "") -> list[Path]:
    current = keeper.folder.current()
    assert current is not None
    return sorted(path for path in current.iterdir() if path.name.endswith(ending))


def test_where_there_is_no_index_one_is_built(shelf: TestShelf, keeper: IndexKeeper) -> None:
    put(shelf, 1, 2, 3)
    with pytest.raises(IndexBroken):
        keeper.open()

    followed = keeper.follow()

    assert (followed.replaced, followed.is_built) == (3, True)
    assert found(keeper) == [1, 2, 3]
    assert not keeper.is_behind()


def test_what_comes_later_is_added_and_nothing_is_built_again(shelf: TestShelf, keeper: IndexKeeper) -> None:
    put(shelf, 1, 2, 3)
    keeper.follow()
    put(shelf, 4, 5)
    assert keeper.is_behind()

    followed = keeper.follow()

    assert (followed.replaced, followed.is_built) == (2, False)
    assert found(keeper) == [1, 2, 3, 4, 5]
    assert keeper.follow() == (followed.change, 0, 0, False)


def test_a_revised_work_is_found_by_its_new_words_alone(shelf: TestShelf, keeper: IndexKeeper) -> None:
    put(shelf, 1, 2, 3, 4)
    keeper.follow()

    shelf.put(arxiv_draft("2606.00001", version=2, title="Candle", on=DAY + timedelta(days=1)))
    keeper.follow()

    assert found(keeper) == [2, 3, 4]
    assert found(keeper, "candle") == [1]


def test_a_merged_work_goes_and_comes_back_when_the_merge_is_undone(
    shelf: TestShelf, keeper: IndexKeeper
) -> None:
    put(shelf, 1, 2, 3)
    keeper.follow()
    with shelf.database.shelving() as connection:
        merge_id = merging.merge(connection, kept_id=1, gone_id=2, because="hand", now=NOW)
    assert merge_id is not None

    followed = keeper.follow()
    merged = found(keeper)
    with shelf.database.shelving() as connection:
        merging.undo(connection, shelf.database, merge_id, now=NOW)
    keeper.follow()

    assert (followed.removed, merged) == (1, [1, 3])
    assert found(keeper) == [1, 2, 3]


def test_much_to_follow_is_committed_on_the_way(
    shelf: TestShelf, keeper: IndexKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "BATCH", 2)
    monkeypatch.setattr(indexing, "COMMITTED", 4)
    keeper.follow()
    put(shelf, *range(1, 10))
    steps: list[int] = []
    totals: list[int] = []

    followed = keeper.follow(begin=totals.append, progress=steps.append, is_over=lambda: sum(steps) >= 4)

    assert (totals, steps) == ([9], [2, 2])
    assert (followed.replaced, found(keeper)) == (4, [1, 2, 3, 4])
    assert keeper.follow().replaced == 5
    assert found(keeper) == [*range(1, 10)]


def test_a_new_index_that_is_not_finished_leaves_no_trace(
    shelf: TestShelf, keeper: IndexKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "BATCH", 2)
    put(shelf, 1, 2, 3)

    followed = keeper.follow(is_over=lambda: True)

    assert not followed.is_built
    assert keeper.folder.current() is None
    assert not keeper.folder.is_building()
    assert keeper.follow().is_built


def test_the_old_index_is_read_until_the_new_one_is_whole(shelf: TestShelf, keeper: IndexKeeper) -> None:
    put(shelf, 1, 2)
    keeper.follow()
    old = keeper.folder.current()
    seen: list[list[int]] = []
    states: list[bool] = []

    def look(_count: int) -> None:
        seen.append(found(keeper))
        states.append(keeper.folder.is_building())

    followed = keeper.follow(anew=True, progress=look)

    assert followed.is_built
    assert (seen, states) == ([[1, 2]], [True])
    assert found(keeper) == [1, 2]
    assert keeper.folder.current() != old
    assert old is not None
    assert not old.exists()
    assert not keeper.folder.is_building()


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0x55
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [cut, flip, empty, Path.unlink])
def test_whatever_file_is_harmed_and_however_another_index_is_built(
    shelf: TestShelf, keeper: IndexKeeper, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    put(shelf, 1, 2, 3)
    keeper.follow()

    for ending in (".term", ".idx", ".fast", ".fieldnorm", ".store", ".pos", "meta.json"):
        for reader in (keeper, a_keeper(shelf, tmp_path)):  # one that has it open, and one that comes new
            harm(files(keeper, ending)[0])

            with pytest.raises(IndexBroken):
                reader.open()
            assert reader.follow().is_built
            assert found(keeper) == [1, 2, 3]


def test_an_index_that_cannot_be_read_though_its_files_are_whole_is_built_again(
    shelf: TestShelf, keeper: IndexKeeper
) -> None:
    put(shelf, 1, 2, 3)
    keeper.follow()
    index = keeper.open()

    keeper.report(index)

    with pytest.raises(IndexBroken):
        keeper.open()
    assert keeper.follow().is_built
    assert found(keeper) == [1, 2, 3]
    keeper.report(index)  # the one before: nothing is said of the new one
    assert found(keeper) == [1, 2, 3]


def test_an_index_of_another_database_is_not_followed(shelf: TestShelf, tmp_path: Path) -> None:
    put(shelf, 1, 2, 3)
    a_keeper(shelf, tmp_path).follow()
    folder = tmp_path / "other"
    folder.mkdir()
    other = TestShelf(f"sqlite:///{folder / 'hub.sqlite'}")
    put(other, 7)
    keeper = a_keeper(other, tmp_path)

    followed = keeper.follow()

    assert followed.is_built
    assert found(keeper) == [1]
    other.close()


def test_an_index_that_is_ahead_of_a_database_put_back_is_built_again(
    shelf: TestShelf, keeper: IndexKeeper
) -> None:
    put(shelf, 1, 2, 3)
    keeper.follow()
    with shelf.database.writing() as connection:
        connection.execute(sa.update(counters).where(counters.c.name == "change").values(value=2))
        connection.execute(sa.update(works).where(works.c.id == 3).values(change=2))

    followed = keeper.follow()

    assert (followed.is_built, followed.change) == (True, 2)


def test_an_index_with_many_replaced_entries_is_built_again(shelf: TestShelf, keeper: IndexKeeper) -> None:
    put(shelf, 1, 2, 3)
    keeper.follow()
    builds = []

    for version in range(2, 6):
        later = DAY + timedelta(days=version)
        shelf.put(arxiv_draft("2606.00001", version=version, title="Lantern", on=later))
        builds.append(keeper.follow().is_built)

    assert any(builds)
    assert found(keeper) == [1, 2, 3]


def test_only_one_writes_at_a_time(shelf: TestShelf, keeper: IndexKeeper, tmp_path: Path) -> None:
    put(shelf, 1)
    other = a_keeper(shelf, tmp_path)

    with keeper.folder.claim(), pytest.raises(IndexBusy):
        other.follow()

    assert other.follow().is_built
    assert found(keeper) == [1]


def test_another_process_s_commits_and_rebuilds_are_seen(
    shelf: TestShelf, keeper: IndexKeeper, tmp_path: Path
) -> None:
    other = a_keeper(shelf, tmp_path)
    put(shelf, 1)
    keeper.follow()
    assert found(other) == [1]

    put(shelf, 2)
    keeper.follow()
    after_commit = found(other)
    put(shelf, 3)
    keeper.follow(anew=True)

    assert after_commit == [1, 2]
    assert found(other) == [1, 2, 3]


def test_who_reads_an_index_that_is_replaced_reads_it_to_the_end(
    shelf: TestShelf, keeper: IndexKeeper
) -> None:
    put(shelf, 1, 2)
    keeper.follow()
    index = keeper.open()

    keeper.follow(anew=True)

    assert index.ids(ask("lantern").query).tolist() == [1, 2]


@pytest.mark.parametrize("written", ["", "nonsense", "g-gone", "g-../../etc", "\x00\xff"])
def test_a_pointer_that_leads_nowhere_is_no_index(
    shelf: TestShelf, keeper: IndexKeeper, written: str
) -> None:
    put(shelf, 1)
    keeper.follow()
    (keeper.folder.path / "current").write_text(written, encoding="latin-1")

    with pytest.raises(IndexBroken):
        keeper.open()

    assert keeper.follow().is_built
    assert found(keeper) == [1]
    assert len([path for path in keeper.folder.path.iterdir() if path.is_dir()]) == 1


def test_what_a_killed_builder_left_is_swept_away(shelf: TestShelf, keeper: IndexKeeper) -> None:
    put(shelf, 1)
    keeper.follow()
    left = keeper.folder.path / "new-killed"
    left.mkdir()
    (left / "half.term").write_bytes(b"x" * 100)
    assert keeper.folder.is_building()

    keeper.follow(anew=True)

    assert not left.exists()


def test_an_index_of_another_version_is_built_again(
    shelf: TestShelf, keeper: IndexKeeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from academichub.index import fulltext

    put(shelf, 1)
    with monkeypatch.context() as older:
        older.setattr(fulltext, "VERSION", -1)
        keeper.follow()
    newer = a_keeper(shelf, tmp_path)

    with pytest.raises(IndexBroken):
        newer.open()

    assert newer.follow().is_built
    assert found(newer) == [1]


def test_a_folder_that_is_deleted_while_it_is_read_is_made_again(
    shelf: TestShelf, keeper: IndexKeeper
) -> None:
    put(shelf, 1, 2)
    keeper.follow()
    keeper.open()

    shutil.rmtree(keeper.folder.path)

    with pytest.raises(IndexBroken):
        keeper.open()
    assert keeper.follow().is_built
    assert found(keeper) == [1, 2]


def test_a_folder_that_cannot_be_made_is_told(shelf: TestShelf, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file", encoding="utf-8")

    with pytest.raises(IndexBroken):
        a_keeper(shelf, tmp_path).follow()


@pytest.mark.parametrize("said", ["[]", "{}", '{"segments": [{"segment_id": "x"}]}', '{"segments": [1]}'])
def test_a_list_of_files_that_is_none_is_a_broken_index(
    shelf: TestShelf, keeper: IndexKeeper, said: str
) -> None:
    put(shelf, 1)
    keeper.follow()
    json.loads(said)
    files(keeper, "meta.json")[0].write_text(said, encoding="utf-8")

    with pytest.raises(IndexBroken):
        keeper.open()

    assert keeper.follow().is_built


def test_the_index_is_weighed(shelf: TestShelf, keeper: IndexKeeper) -> None:
    assert keeper.folder.megabytes() == 0.0

    put(shelf, 1)
    keeper.follow()

    assert 0.0 < keeper.folder.megabytes() < 1.0
