"""Vectors are kept per space, made again only for texts that changed, and counted honestly."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from academichub.flows.reviewing import merge_by_hand, undo_merge
from academichub.model.papers import Kind
from academichub.store import corpus, vectors
from academichub.store.log import pages_revision
from tests.fakes.drafts import DAY, NOW, arxiv_draft, journal_draft

if TYPE_CHECKING:
    from academichub.store.vectors import Waiting
    from tests.fakes.shelf import TestShelf

LATER = NOW + timedelta(days=1)
NEXT_DAY = DAY + timedelta(days=1)
WORDS = "words-3d"


def waiting(shelf: TestShelf, space: str = WORDS) -> list[Waiting]:
    with shelf.database.reading() as connection:
        return vectors.waiting(connection, space)


def embed(shelf: TestShelf, space: str = WORDS) -> int:
    """Do what a night does: make vectors of new texts, confirm the others; give how many were made."""
    ones = waiting(shelf, space)
    made = [
        vectors.Vector(one.work_id, one.text_hash, one.change, f"{space}:{one.title}".encode())
        for one in ones
        if not one.is_same
    ]
    with shelf.database.writing() as connection:
        vectors.keep(connection, space, made, now=NOW)
        vectors.confirm(connection, space, {one.work_id: one.change for one in ones if one.is_same})
    return len(made)


def test_works_wait_for_their_vectors_newest_first(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft("2606.00001", on=NEXT_DAY), now=LATER)
    shelf.put(arxiv_draft("2606.00002"), arxiv_draft("2606.00003", title="Frogs", abstract="They sing."))
    shelf.put(journal_draft(language="zh"))

    with shelf.database.reading() as connection:
        first = vectors.waiting(connection, WORDS, limit=2)
        place = (first[-1].listed_on, first[-1].work_id)
        rest = vectors.waiting(connection, WORDS, after=place)
        fresh = vectors.waiting(connection, WORDS, since=NEXT_DAY)

    assert [one.work_id for one in first + rest] == [1, 4, 3, 2]
    assert [one.work_id for one in fresh] == [1]
    assert (first[1].abstract, first[1].language, first[1].is_same) == (None, "zh", False)
    assert rest[0][2:5] == ("Frogs", "They sing.", "en")
    assert rest[0].text_hash == corpus.text_hash("Frogs", "They sing.")


def test_a_vector_is_made_once_and_again_only_when_the_text_changes(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft(), arxiv_draft("2606.00002"))

    first, second = embed(shelf), embed(shelf)
    shelf.put(arxiv_draft(version=2, title="Second", on=NEXT_DAY), now=LATER)
    shelf.put(arxiv_draft("2606.00002", version=2, comment="A comment.", on=NEXT_DAY), now=LATER)
    changed = {one.work_id: one.is_same for one in waiting(shelf)}
    third, fourth = embed(shelf), len(waiting(shelf))

    assert (first, second, third, fourth) == (2, 0, 1, 0)
    assert changed == {1: False, 2: True}
    with shelf.database.reading() as connection:
        assert vectors.read(connection, WORDS, [1, 2]) == {1: b"words-3d:Second", 2: b"words-3d:A title"}


def test_spaces_do_not_mix(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft(), arxiv_draft("2606.00002"))
    embed(shelf, "one")
    shelf.put(arxiv_draft("2606.00003"))
    embed(shelf, "other")

    with shelf.database.writing() as connection:
        vectors.keep_texts(connection, "one", {"a": b"1"}, now=NOW)
        vectors.keep_texts(connection, "other", {"a": b"2"}, now=NOW)
        both = vectors.spaces(connection)
        dropped = vectors.drop_space(connection, "one")

        assert (both, dropped) == ({"one": 2, "other": 3}, 2)
        assert vectors.spaces(connection) == {"other": 3}
        assert vectors.read(connection, "one", [1]) == {}
        assert vectors.read(connection, "other", [1]) == {1: b"other:A title"}
        assert vectors.read_texts(connection, "one", ["a"]) == {}
        assert vectors.read_texts(connection, "other", ["a"]) == {"a": b"2"}


def test_any_bytes_come_back_and_many_at_once(shelf: TestShelf) -> None:
    every_byte = bytes(range(256)) * 3
    many = [vectors.Vector(number, "a", 1, every_byte + bytes([number % 256])) for number in range(1, 1001)]

    with shelf.database.writing() as connection:
        vectors.keep(connection, WORDS, many, now=NOW)
        vectors.keep(connection, WORDS, [], now=NOW)

        assert vectors.read(connection, WORDS, range(2000)) == {one.work_id: one.vector for one in many}
        assert vectors.coverage(connection, WORDS, range(501, 2000)) == 500
        assert vectors.coverage(connection, WORDS, []) == 0


def test_coverage_is_part_of_the_pages(shelf: TestShelf) -> None:
    shelf.put(arxiv_draft())
    with shelf.database.reading() as connection:
        before = pages_revision(connection)

    embed(shelf)

    with shelf.database.reading() as connection:
        assert pages_revision(connection) > before


def test_vectors_survive_a_merge_and_its_undoing(shelf: TestShelf) -> None:
    preprint = journal_draft(
        "10.1101/1", kind=Kind.PREPRINT, title="Frogs", abstract="They sing.", is_teaser=False
    )
    shelf.put(preprint, journal_draft("10.5555/j.1"))
    embed(shelf)

    merge_id = merge_by_hand(shelf.database, 2, 1, now=LATER)
    merged = embed(shelf)
    undo_merge(shelf.database, merge_id, now=LATER)
    parted = embed(shelf)

    assert (merged, parted) == (0, 0)
    with shelf.database.reading() as connection:
        assert set(vectors.read(connection, WORDS, [1, 2])) == {1, 2}


def test_vectors_of_free_texts_are_forgotten_when_they_are_old(shelf: TestShelf) -> None:
    with shelf.database.writing() as connection:
        vectors.keep_texts(connection, WORDS, {"old": b"1", "used": b"2"}, now=NOW)
        vectors.keep_texts(connection, WORDS, {"used": b"3", "new": b"4"}, now=LATER)
        vectors.keep_texts(connection, WORDS, {}, now=LATER)

        forgotten = vectors.forget_texts(connection, before=LATER)

        assert forgotten == 1
        assert vectors.read_texts(connection, WORDS, ["old", "used", "new"]) == {"used": b"3", "new": b"4"}
