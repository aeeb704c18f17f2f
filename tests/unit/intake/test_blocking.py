"""Keys under which two records of one work find each other."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.blocking import VERSION, blocks
from academichub.intake.matching import Candidate, prepare

TITLE = "Efficient indexing of moving objects in very large road networks"
PEOPLE = ("Jane Roe", "John Doe", "Ann Poe")


def keys(title: str = TITLE, *authors: str) -> set[int]:
    return set(blocks(prepare(Candidate(title=title, authors=authors))))


def test_keys_are_few_and_fit_a_database_column() -> None:
    found = blocks(prepare(Candidate(title=TITLE, authors=PEOPLE)))

    assert len(found) == 4
    assert all(-(2**63) <= key < 2**63 for key in found)


def test_keys_stay_what_they_are_until_their_version_changes() -> None:
    assert VERSION == 1
    assert blocks(
        prepare(Candidate(title="Efficient indexing of moving objects", authors=("Jane Roe",)))
    ) == (
        566957330470418031,
        2619158085102979385,
        -8710624322537703372,
        -107010870919859806,
    )


def test_a_misprint_at_one_end_of_the_title_leaves_the_other() -> None:
    assert keys(TITLE) & keys(TITLE.replace("Efficient", "Eficient"))
    assert keys(TITLE) & keys(TITLE.replace("networks", "netwroks"))


def test_a_subtitle_more_leaves_the_front() -> None:
    assert keys(TITLE) & keys(f"{TITLE}: an experimental comparison of twelve trees")


def test_small_words_and_labels_are_not_part_of_a_key() -> None:
    assert keys(TITLE) == keys(f"On the {TITLE} (extended abstract)")


def test_three_authors_in_any_order_are_a_key_under_any_title() -> None:
    shuffled = random.Random(7).sample(PEOPLE, k=3)  # noqa: S311  # any order does

    assert keys(TITLE, *PEOPLE) & keys("Trees for cars", *shuffled)


def test_a_common_name_alone_is_no_key() -> None:
    assert not keys(TITLE, "Wei Zhang") & keys("Trees for cars", "Wei Zhang")


def test_chinese_titles_have_keys_of_their_front_back_and_rare_pairs() -> None:
    title = "基于深度学习的遥感图像分类方法研究进展"

    assert len(keys(title)) == 3
    assert keys(title) & keys(title.replace("基于", "采用"))
    assert keys(title) & keys(f"{title}综述")
    assert not keys(title) & keys("数字经济与高质量发展的关系研究")


def test_one_character_is_a_key() -> None:
    assert len(keys("水")) == 3


def test_a_title_of_small_words_alone_has_keys_all_the_same() -> None:
    assert keys("To be or not to be")
    assert keys("What is this?") != keys("To be or not to be")


def test_a_work_without_title_and_authors_has_no_key() -> None:
    assert keys("") == set()
    assert keys("?!") == set()


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=4))
def test_any_text_has_at_most_four_keys(title: str, authors: list[str]) -> None:
    assert len(keys(title, *authors)) <= 4
