"""The life of an index: made, written by one, read by many, broken, and never half of a commit."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from academichub.errors import IndexBroken, IndexBusy
from academichub.index import fulltext, schema
from academichub.index.fulltext import Index, reading
from academichub.model.query import Document, Scope
from academichub.text import query

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.index.conftest import Shelve

CAT = Document(1, title="A cat")
DOG = Document(2, title="A dog")


def ids(index: Index, written: str) -> list[int]:
    found: list[int] = index.ids(query.parse(written, scope=Scope.SEARCH)).tolist()
    return found


def test_a_new_index_is_empty_and_follows_nothing(tmp_path: Path) -> None:
    index = Index.create(tmp_path / "deep" / "index")

    assert (index.works, index.change, index.stale_share()) == (0, 0, 0.0)
    assert index.search(None).total == 0
    assert index.ids(None).tolist() == []
    assert index.megabytes() > 0


def test_an_index_is_not_made_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear reader")

    with pytest.raises(IndexBroken) as raised:
        Index.create(tmp_path)

    assert raised.value.facts["reason"] == "the folder is not empty"


def test_a_commit_is_seen_by_readers_that_look_again(shelve: Shelve) -> None:
    index = shelve([CAT])
    other = Index.open(index.path)

    with index.writer() as writer:
        writer.replace([DOG])
        writer.commit(change=7)

    assert ids(other, "dog") == []
    assert other.refresh()
    assert not other.refresh()
    assert (ids(other, "dog"), other.change, other.works) == ([2], 7, 2)


def test_a_work_that_changes_takes_its_own_place(shelve: Shelve) -> None:
    index = shelve([CAT, DOG], [Document(1, title="A lion")])

    assert (ids(index, "cat"), ids(index, "lion"), index.works) == ([], [1], 2)
    assert 0 < index.stale_share() < 1


def test_a_work_that_comes_twice_into_a_new_index_is_there_once(shelve: Shelve) -> None:
    index = shelve([CAT, DOG, Document(1, title="A lion")])

    assert (ids(index, "cat"), ids(index, "lion"), index.works) == ([], [1], 2)


def test_works_go_one_by_one_or_all_at_once(shelve: Shelve) -> None:
    index = shelve([CAT, DOG])

    with index.writer() as writer:
        writer.remove([1, 99])
        writer.commit(change=8)
    index.refresh()
    left = index.ids(None).tolist()
    with index.writer() as writer:
        writer.clear()
        writer.replace([CAT])
        writer.commit(change=9)
    index.refresh()

    assert left == [2]
    assert (index.ids(None).tolist(), index.change) == ([1], 9)


def test_what_is_not_committed_is_dropped(shelve: Shelve) -> None:
    index = shelve([CAT])

    with index.writer() as writer:
        writer.replace([DOG])

    assert not index.refresh()
    assert index.works == 1


def test_a_second_writer_is_told_that_the_index_is_busy(shelve: Shelve) -> None:
    index = shelve([CAT])

    with index.writer(), pytest.raises(IndexBusy):
        index.writer()

    with index.writer():
        pass


def test_opening_an_index_writes_nothing(shelve: Shelve) -> None:
    index = shelve([CAT])
    before = {file.name: file.stat().st_mtime_ns for file in index.path.iterdir()}

    again = Index.open(index.path)
    again.refresh()
    ids(again, "cat")

    assert {file.name: file.stat().st_mtime_ns for file in index.path.iterdir()} == before


def test_an_index_that_is_not_there_is_broken(tmp_path: Path) -> None:
    with pytest.raises(IndexBroken):
        Index.open(tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexBroken):
        Index.create(tmp_path / "file")


@pytest.mark.parametrize("ending", ["idx", "term", "fast", "store", "pos", "fieldnorm", "json"])
def test_an_index_with_a_file_cut_short_is_broken(shelve: Shelve, ending: str) -> None:
    index = shelve([CAT, DOG])
    name = "meta.json" if ending == "json" else f".{ending}"
    for file in index.path.iterdir():
        if file.name.endswith(name) and not file.name.startswith("."):
            os.truncate(file, file.stat().st_size // 2)

    with pytest.raises(IndexBroken):
        Index.open(index.path)


def test_an_index_whose_folder_goes_is_broken_when_looked_at_again(shelve: Shelve) -> None:
    index = shelve([CAT])
    shutil.rmtree(index.path)

    assert ids(index, "cat") == [1]  # what is open stays open
    with pytest.raises(IndexBroken):
        index.refresh()
    with pytest.raises(IndexBroken):
        index.writer()
    with pytest.raises(IndexBroken):
        index.stale_share()


def test_an_index_swapped_for_another_is_read_anew(shelve: Shelve) -> None:
    index, other = shelve([CAT]), shelve([DOG])
    index.path.rename(index.path.with_suffix(".old"))
    other.path.rename(index.path)

    assert index.refresh()
    assert index.ids(None).tolist() == [2]


def test_an_index_of_another_version_is_broken(shelve: Shelve, monkeypatch: pytest.MonkeyPatch) -> None:
    index = shelve([CAT])

    monkeypatch.setattr(fulltext, "VERSION", schema.VERSION + 1)

    with pytest.raises(IndexBroken):
        Index.open(index.path)


@pytest.mark.parametrize("note", [None, "[1]"])
def test_an_index_without_its_note_is_broken(
    shelve: Shelve, monkeypatch: pytest.MonkeyPatch, note: str | None
) -> None:
    index = shelve([CAT])
    with index.writer() as writer, monkeypatch.context() as patched:
        if note is None:
            patched.setattr(fulltext, "note_of", lambda _: schema.entry_of(DOG))
        else:
            patched.setattr(fulltext, "_note", lambda _: note)
        writer.commit(change=2)

    with pytest.raises(IndexBroken):
        Index.open(index.path)


def test_a_writer_that_cannot_be_had_for_another_reason_is_no_busy_one(shelve: Shelve) -> None:
    index = shelve([CAT])

    with pytest.raises(IndexBroken):
        index.writer(megabytes=1)


def test_files_that_go_while_they_are_measured_are_left_out(
    shelve: Shelve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = shelve([CAT])
    whole = index.megabytes()
    held = [*index.path.iterdir(), tmp_path / "gone"]
    monkeypatch.setattr(type(index.path), "iterdir", lambda _: iter(held))

    assert index.megabytes() == whole


def test_a_panic_of_the_engine_says_that_the_index_is_broken(tmp_path: Path) -> None:
    panic = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})

    with pytest.raises(IndexBroken), reading(tmp_path):
        raise panic

    with pytest.raises(KeyboardInterrupt), reading(tmp_path):
        raise KeyboardInterrupt
