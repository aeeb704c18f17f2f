"""Two lists of authors side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.matchnames import (
    Agreement,
    compare_bylines,
    people_among,
    read_byline,
    read_person,
)

people = st.lists(
    st.one_of(
        st.text(max_size=15),
        st.sampled_from(
            [
                *("Jane Roe", "Roe, J.", "Wei Zhang", "Zhang Wei", "W. Zhang", "张伟", "ATLAS Collaboration"),
                *(
                    "et al.",
                    "Ludwig van Beethoven",
                    "Beethoven LV",
                    "José Müller",
                    "Mueller, J.",
                    "García Pérez",
                ),
            ]
        ),
    ),
    max_size=6,
)


def agree(one: list[str], other: list[str]) -> Agreement | None:
    return compare_bylines(read_byline(one), read_byline(other))


def share(one: str, other: str) -> float:
    agreement = agree([one], [other])
    assert agreement is not None
    return agreement.share


# -- one name -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("José A. Blakeley", "blakeley j"),
        ("Blakeley, J.A.", "blakeley j"),
        ("Blakeley JA", "blakeley j"),
        ("Ludwig van Beethoven", "beethoven l"),
        ("Doe, John, Jr.", "doe j"),
        ("John Doe Jr.", "doe j"),
        ("Paul O’Brien", "obrien p"),
        ("WEI LI", "li w"),
        ("Plato", "plato"),
        ("张 伟", "张伟"),
        ("The ATLAS Collaboration", "atlas collaboration"),
    ],
)
def test_a_name_is_read_in_either_order(name: str, key: str) -> None:
    person = read_person(name)

    assert person is not None
    assert person.key == key


@pytest.mark.parametrize("name", ["", "  ", "?", "X", "M …", "123"])
def test_nobody_is_read_from_what_is_no_name(name: str) -> None:
    assert read_person(name) is None


@pytest.mark.parametrize("last", ["et al.", "J. Poe et al", "and others", "M …", "等", "李四等", "..."])
def test_a_list_says_where_it_was_cut_short(last: str) -> None:
    byline = read_byline(["Jane Roe", last])

    assert byline.is_cut
    assert "roe j" in byline.people
    assert len(byline.people) == 1 + (last[0] in "J李")


def test_a_name_that_ends_like_others_is_a_name() -> None:
    byline = read_byline(["Nabil al", "Ann Brothers", "Amal"])

    assert not byline.is_cut
    assert len(byline.people) == 3


# -- two lists ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane Roe", "J. Roe"),
        ("Jane Roe", "Roe"),
        ("Wei Zhang", "Zhang Wei"),
        ("Zhang Wei", "W. Zhang"),
        ("Wu YL", "Yi-Leh Wu"),
        ("wu yl", "yi-leh wu"),
        ("Li Xiao-Ming", "Xiaoming Li"),
        ("Chen-Chuan Chang", "Chenchuan Chang"),
        ("Kevin Chen-Chuan Chang", "Chen-Chuan K. Chang"),
        ("Suad Alagić", "suad alag í c"),
        ("Hector Garcia-Molina", "Hector Garcia"),
        ("Bill Rosenblatt", "Bill Rosneblatt"),
        ("Robert H. Gerber", "Bob Gerber"),
        ("Robert Gerber", "R. H. Gerber"),
        ("Alexander Roe", "Alex Roe"),
        ("Brigitta Roe", "Birgitta Roe"),
        ("Corporate Act-Net Consortium", "The ACT-NET Consortium"),
        ("Object Management Group", "Object Database Management Group"),
        ("Jose Garcia Perez", "J. Garcia"),
        ("Edward Roe", "Ed Roe"),
        ("Platon", "Plato"),
        ("Anna Maria Roe", "Alice Maria Roe"),
    ],
)
def test_two_spellings_of_a_person_agree(one: str, other: str) -> None:
    assert share(one, other) >= 0.7
    assert share(other, one) >= 0.7


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane Roe", "John Doe"),
        ("Jane Roe", "Karl Roe"),
        ("Wei Zhang", "Wen Zhang"),
        ("J. A. Roe", "James B. Roe"),
        ("Wei Li", "Li Zhang"),
        ("张伟", "李娜"),
        ("张伟", "张娜"),
        ("ATLAS Collaboration", "CMS Working Group"),
        ("Roland Ng", "Roland Ny"),
        ("Ann Marsh", "Ann March-Poe"),
        ("Jane Rosenberg", "Karl Rosenborg"),
    ],
)
def test_two_people_do_not_agree(one: str, other: str) -> None:
    assert share(one, other) <= 0.5
    assert share(other, one) <= 0.5


def test_the_order_of_authors_does_not_matter() -> None:
    agreement = agree(["Jane Roe", "John Doe", "Ann Poe"], ["A. Poe", "J. Doe", "J. Roe"])

    assert agreement == Agreement(1.0, 3.0, 0.0)


def test_a_shorter_list_agrees_by_its_own_people() -> None:
    assert agree(["Jane Roe"], ["Jane Roe", "John Doe"]) == Agreement(1.0, 1.0, 0.5)
    assert agree(["Jane Roe", "et al."], ["Jane Roe", "John Doe"]) == Agreement(1.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([], ["Jane Roe"]),
        (["?"], ["Jane Roe"]),
        (["张伟"], ["Wei Zhang"]),
        (["CMS Collaboration"], ["Jane Roe", "John Doe"]),
    ],
)
def test_what_cannot_be_compared_contradicts_nothing(one: list[str], other: list[str]) -> None:
    assert agree(one, other) is None


def test_a_collaboration_beside_people_is_left_out() -> None:
    assert agree(["Jane Roe", "CMS Collaboration"], ["J. Roe"]) == Agreement(1.0, 1.0, 0.0)


def test_hundreds_of_authors_are_compared_by_surname_and_initial_alone() -> None:
    many = [f"Jane R{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}{'uv'[n // 100]}er" for n in range(200)]

    assert agree(many, [*many[:150], *(f"Kim {name.split()[1]}" for name in many[150:])]) == Agreement(
        0.75, 150.0, 0.0
    )


def test_two_people_of_different_sorts_are_two() -> None:
    mixed = ["Jane Roe", "张伟", "CMS Collaboration"]

    assert agree(mixed, ["J. Roe", "张娜", "张伟 Collaboration", "CMS Collaboration team"]) is not None


def test_people_are_found_among_words_by_surname() -> None:
    byline = read_byline(["Jane Roe", "John Doe"])

    assert [person.key for person in people_among({"roe", "maps"}, byline)] == ["roe j"]
    assert people_among({"maps"}, byline) == []


@given(people, people)
def test_shares_are_shares_whatever_the_names(one: list[str], other: list[str]) -> None:
    agreement = agree(one, other)

    if agreement is not None:
        assert 0 <= agreement.share <= 1
        assert 0 <= agreement.longer < 1
        assert agreement.matched <= min(len(one), len(other))
