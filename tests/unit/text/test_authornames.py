"""How else an author's name may be written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.text.authornames import MOST_SPELLINGS, has_initials_alone, spellings


@pytest.mark.parametrize(
    ("name", "among"),
    [
        ("Ada Example", {"A. Example", "A Example", "Example A"}),
        (
            "Ada Bea Example",
            {
                "A. B. Example",
                "A.B. Example",
                "AB Example",
                "Ada Example",
                "Ada B. Example",
                "Example AB",
                "A. Example",
            },
        ),
        ("Ada B. Example", {"Ada Example", "A. B. Example", "Ada B Example", "Example AB"}),
        ("Jean-Luc Example", {"J. Example", "J.-L. Example", "J. L. Example", "JL Example"}),
        ("A. B. Example", {"A. Example", "A.B. Example", "AB Example", "Example AB"}),
        ("AB Example", {"A. B. Example", "A. Example"}),
    ],
)
def test_given_names_are_shortened_in_the_ways_that_journals_do(name: str, among: set[str]) -> None:
    found = spellings(name)

    assert among <= set(found)
    assert name not in found


@pytest.mark.parametrize(
    "name",
    ["", "Aristotle", "张伟", "Zhang 伟", "The Collaboration of Seven Very Large Telescopes", "Team 7"],
)
def test_a_name_that_has_no_other_spelling_gets_none(name: str) -> None:
    assert spellings(name) == ()


@pytest.mark.parametrize(
    "name",
    [
        "A. Example",
        "A Example",
        "A.B. Example",
        "A. B. Example",
        "J.-L. Example",
        "AB Example",
        "Example AB",
        "Example A",
    ],
)
def test_initials_and_a_surname_say_little(name: str) -> None:
    assert has_initials_alone(name)


@pytest.mark.parametrize("name", ["Ada Example", "Ada B. Example", "Li Wu", "张伟", "Aristotle", "", "Bo Xu"])
def test_a_given_name_says_more(name: str) -> None:
    assert not has_initials_alone(name)


@given(st.text(max_size=60))
def test_spellings_are_few_and_never_the_name_itself(name: str) -> None:
    found = spellings(" ".join(name.split()))

    assert len(found) <= MOST_SPELLINGS
    assert len(found) == len(set(found))
    assert " ".join(name.split()) not in found
