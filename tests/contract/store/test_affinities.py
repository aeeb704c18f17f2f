"""What a model says a work belongs to is kept, and judged again when the work changes, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from academichub.db.briefingtables import work_affinities
from academichub.flows.reviewing import merge_by_hand, undo_merge
from academichub.model.briefingpages import Belongs
from academichub.store import affinities, corpus
from academichub.store.log import pages_revision
from tests.fakes.drafts import DAY, NOW, arxiv_draft, journal_draft

if TYPE_CHECKING:
    from datetime import date

    from tests.fakes.shelf import TestShelf

QUANTUM = (Belongs("quant-ph", 1 / 3), Belongs("math", 0.1))


def filled(shelf: TestShelf, count: int = 3) -> None:
    """Put works on the shelf, numbered from 1, the first listed a day before the second, and so on."""
    for number in range(1, count + 1):
        on = DAY - timedelta(days=count - number)
        shelf.put(arxiv_draft(f"2606.{number:05d}", on=on, title=f"Title {number}"))


def waiting(shelf: TestShelf, model: str = "nb-1", *, since: date = DAY, limit: int = 50) -> list[int]:
    with shelf.database.reading() as connection:
        return affinities.waiting(connection, model, since=since, limit=limit)


def save(shelf: TestShelf, rows: dict[int, tuple[Belongs, ...]], model: str = "nb-1") -> bool:
    """Save judgements of the works as they are now; tell whether pages have to be made anew."""
    with shelf.database.writing() as connection:
        before = pages_revision(connection)
        texts = corpus.texts(connection, rows)
        changes = {work_id: text.change for work_id, text in texts.items()}
        affinities.save(connection, model, rows, changes=changes, now=NOW)
        return pages_revision(connection) > before


def of_works(shelf: TestShelf, *work_ids: int) -> dict[int, tuple[Belongs, ...]]:
    with shelf.database.reading() as connection:
        return affinities.of_works(connection, work_ids)


def test_works_wait_newest_first_and_those_before_the_day_do_not(shelf: TestShelf) -> None:
    filled(shelf)

    assert waiting(shelf, since=DAY - timedelta(days=9)) == [3, 2, 1]
    assert waiting(shelf, since=DAY - timedelta(days=9), limit=2) == [3, 2]
    assert waiting(shelf, since=DAY - timedelta(days=1)) == [3, 2]
    assert waiting(shelf, since=DAY + timedelta(days=1)) == []


def test_what_was_judged_comes_back_as_it_was_and_waits_no_more(shelf: TestShelf) -> None:
    filled(shelf)

    save(shelf, {3: QUANTUM, 2: ()})

    assert of_works(shelf, 1, 2, 3, 99) == {3: QUANTUM, 2: ()}
    assert of_works(shelf) == {}
    assert waiting(shelf, since=DAY - timedelta(days=9)) == [1]


def test_a_work_that_changed_waits_again_until_it_is_judged_as_it_is(shelf: TestShelf) -> None:
    filled(shelf)
    save(shelf, {3: QUANTUM})
    shelf.put(arxiv_draft("2606.00003", version=2, title="Another title"), now=NOW + timedelta(days=1))

    assert waiting(shelf) == [3]
    assert of_works(shelf, 3) == {3: QUANTUM}
    save(shelf, {3: QUANTUM[:1]})
    assert waiting(shelf) == []
    assert of_works(shelf, 3) == {3: QUANTUM[:1]}


def test_a_judgement_of_a_text_that_changed_meanwhile_does_not_keep_its_work_from_waiting(
    shelf: TestShelf,
) -> None:
    filled(shelf, 1)
    with shelf.database.reading() as connection:
        read = corpus.texts(connection, [1])[1].change
    shelf.put(arxiv_draft("2606.00001", version=2, title="Another title"), now=NOW + timedelta(days=1))

    with shelf.database.writing() as connection:
        affinities.save(connection, "nb-1", {1: QUANTUM}, changes={1: read}, now=NOW)

    assert waiting(shelf) == [1]


def test_a_new_model_judges_everything_and_its_word_counts(shelf: TestShelf) -> None:
    filled(shelf)
    save(shelf, {3: QUANTUM, 2: QUANTUM, 1: QUANTUM})

    assert waiting(shelf, "nb-2") == [3]
    save(shelf, {3: QUANTUM[1:]}, "nb-2")
    assert of_works(shelf, 1, 3) == {1: QUANTUM, 3: QUANTUM[1:]}

    with shelf.database.writing() as connection:
        assert affinities.forget_others(connection, "nb-2") == 2
        assert affinities.forget_others(connection, "nb-2") == 0
    assert of_works(shelf, 1, 2, 3) == {3: QUANTUM[1:]}


def test_pages_are_made_anew_only_where_a_card_says_something_else(shelf: TestShelf) -> None:
    filled(shelf)

    assert not save(shelf, {})
    assert not save(shelf, {1: ()})
    assert save(shelf, {1: (), 2: QUANTUM})
    assert not save(shelf, {2: QUANTUM}, "nb-2")
    assert save(shelf, {2: ()}, "nb-2")


def test_a_merge_has_the_work_judged_again_and_an_undo_finds_what_was_said(shelf: TestShelf) -> None:
    shelf.put(journal_draft("10.5555/j.1", on=DAY), journal_draft("10.5555/j.2", on=DAY))
    save(shelf, {1: QUANTUM, 2: QUANTUM[1:]})

    merge_id = merge_by_hand(shelf.database, 1, 2, now=NOW)
    assert waiting(shelf) == [1]
    assert shelf.count(work_affinities) == 2

    undo_merge(shelf.database, merge_id, now=NOW)
    assert of_works(shelf, 1, 2) == {1: QUANTUM, 2: QUANTUM[1:]}


def test_more_works_than_one_statement_takes_are_read_and_saved(shelf: TestShelf) -> None:
    with shelf.database.writing() as connection:
        many = dict.fromkeys(range(1, 901), QUANTUM)
        affinities.save(connection, "nb-1", many, changes=dict.fromkeys(many, 1), now=NOW)

        assert affinities.of_works(connection, range(1, 1000)) == many
