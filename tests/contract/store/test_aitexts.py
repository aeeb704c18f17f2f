"""What a model wrote of a paper is shown for the very text it read, and for no other, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from academichub.flows.reviewing import merge_by_hand, undo_merge
from academichub.model.briefingpages import AiKind, AiText
from academichub.store import aitexts, corpus
from academichub.store.log import pages_revision
from tests.fakes.drafts import DAY, NOW, arxiv_draft, journal_draft

if TYPE_CHECKING:
    from datetime import date

    from tests.fakes.shelf import TestShelf

LATER = NOW + timedelta(days=1)
LONG_AGO = DAY - timedelta(days=99)


def hash_of(shelf: TestShelf, work_id: int) -> str:
    with shelf.database.reading() as connection:
        return corpus.texts(connection, [work_id])[work_id].text_hash


def text_of(
    shelf: TestShelf,
    work_id: int,
    kind: AiKind = AiKind.SUMMARY,
    *,
    text: str = "Frogs.",
    language: str = "zh",
) -> AiText:
    return AiText(
        work_id=work_id,
        kind=kind,
        language=language,
        text=text,
        text_hash=hash_of(shelf, work_id),
        model="small-1",
        made_at=NOW,
        warnings=("number", "coverage"),
    )


def save(shelf: TestShelf, *texts: AiText) -> None:
    with shelf.database.writing() as connection:
        aitexts.save(connection, texts)


def of_works(shelf: TestShelf, *work_ids: int, language: str = "zh") -> dict[int, tuple[AiText, ...]]:
    with shelf.database.reading() as connection:
        return aitexts.of_works(connection, work_ids, language)


def waiting(
    shelf: TestShelf,
    kind: AiKind = AiKind.SUMMARY,
    language: str = "zh",
    *,
    since: date = LONG_AGO,
    limit: int = 50,
) -> list[int]:
    with shelf.database.reading() as connection:
        return aitexts.waiting(connection, kind, language, since=since, limit=limit)


def filled(shelf: TestShelf, count: int = 3) -> None:
    """Put works on the shelf, numbered from 1, each listed a day after the one before."""
    for number in range(1, count + 1):
        on = DAY - timedelta(days=count - number)
        shelf.put(arxiv_draft(f"2606.{number:05d}", on=on, title=f"Title {number}"))


def test_what_was_written_comes_back_in_its_language_by_kind(shelf: TestShelf) -> None:
    filled(shelf)
    summary, title = text_of(shelf, 3), text_of(shelf, 3, AiKind.TITLE, text="题目三")
    english = text_of(shelf, 3, language="en", text="In English.")

    save(shelf, title, english, summary)

    assert of_works(shelf, 1, 3, 99) == {3: (summary, title)}
    assert of_works(shelf, 3, language="en") == {3: (english,)}
    assert of_works(shelf) == {}


def test_what_is_written_again_takes_the_place_of_what_was_there_and_pages_follow(shelf: TestShelf) -> None:
    filled(shelf)
    save(shelf, text_of(shelf, 3))
    with shelf.database.writing() as connection:
        before = pages_revision(connection)
        aitexts.save(connection, [])
        assert pages_revision(connection) == before
    again = text_of(shelf, 3, text="Toads.")

    save(shelf, text_of(shelf, 3), again)

    assert of_works(shelf, 3) == {3: (again,)}
    with shelf.database.reading() as connection:
        assert pages_revision(connection) > before


def test_a_text_of_another_text_is_not_shown_and_the_work_waits_again(shelf: TestShelf) -> None:
    filled(shelf)
    old = text_of(shelf, 3)
    save(shelf, old, text_of(shelf, 2))
    shelf.put(arxiv_draft("2606.00003", version=2, title="Another title"), now=LATER)

    assert of_works(shelf, 2, 3).keys() == {2}
    assert waiting(shelf) == [3, 1]
    new = text_of(shelf, 3)
    save(shelf, new)
    assert of_works(shelf, 3) == {3: (new,)}
    assert waiting(shelf) == [1]


def test_works_wait_newest_first_since_a_day_and_no_more_than_asked_for(shelf: TestShelf) -> None:
    filled(shelf, 4)
    save(shelf, text_of(shelf, 3))

    assert waiting(shelf) == [4, 2, 1]
    assert waiting(shelf, limit=2) == [4, 2]
    assert waiting(shelf, since=DAY) == [4]
    assert waiting(shelf, language="en") == [4, 3, 2, 1]
    assert waiting(shelf, AiKind.TITLE) == [4, 3, 2, 1]


def test_more_works_than_are_read_at_once_wait_too(shelf: TestShelf) -> None:
    shelf.put(*(arxiv_draft(f"2606.{number:05d}") for number in range(1, 901)))
    save(shelf, text_of(shelf, 900), text_of(shelf, 1))

    assert waiting(shelf, limit=1000) == list(range(899, 1, -1))
    assert waiting(shelf, limit=3) == [899, 898, 897]


def test_nothing_waits_that_needs_no_translation_or_has_no_abstract(shelf: TestShelf) -> None:
    shelf.put(
        arxiv_draft("2606.00001", language="en"),
        journal_draft("10.5555/j.2", language="en"),  # a teaser
        journal_draft("10.5555/j.3", language="en", abstract=None),
        arxiv_draft("2606.00004", language="zh-Hans"),
    )

    waits = {
        (kind, language): sorted(waiting(shelf, kind, language))
        for kind in AiKind
        for language in ("zh", "en")
    }

    assert waits == {
        (AiKind.SUMMARY, "zh"): [1, 4],
        (AiKind.SUMMARY, "en"): [1, 4],
        (AiKind.ABSTRACT, "zh"): [1],
        (AiKind.ABSTRACT, "en"): [4],
        (AiKind.TITLE, "zh"): [1, 2, 3],
        (AiKind.TITLE, "en"): [4],
    }


def test_a_text_that_no_model_could_write_is_not_shown_and_not_asked_for_again(shelf: TestShelf) -> None:
    filled(shelf)

    save(shelf, text_of(shelf, 3, text=""))

    assert of_works(shelf, 3) == {}
    assert waiting(shelf) == [2, 1]


def test_what_postgresql_cannot_keep_is_left_out_of_a_text(shelf: TestShelf) -> None:
    filled(shelf, 1)

    save(shelf, text_of(shelf, 1, text="Fr\x00ogs \ud800"))

    assert of_works(shelf, 1)[1][0].text == "Frogs ?"


def test_a_merged_work_shows_what_was_written_of_either_where_it_is_of_its_text(shelf: TestShelf) -> None:
    shelf.put(
        journal_draft("10.5555/j.1", title="One title"),  # with a teaser only
        arxiv_draft("2606.00002", title="Another title", abstract="The longer abstract."),
    )
    of_one = text_of(shelf, 1, AiKind.TITLE)
    of_other = text_of(shelf, 2), text_of(shelf, 2, AiKind.TITLE)
    save(shelf, of_one, *of_other)

    merge_id = merge_by_hand(shelf.database, 1, 2, now=LATER)
    merged, waits = of_works(shelf, 1), waiting(shelf)
    undo_merge(shelf.database, merge_id, now=LATER)

    assert merged == {1: tuple(replace(one, work_id=1) for one in of_other)}
    assert waits == []
    assert of_works(shelf, 1, 2) == {1: (of_one,), 2: of_other}
