from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.model.papers import Author, Identifiers
from academichub.references.entry import Reference
from academichub.references.people import whole_name
from academichub.references.writing.keys import keys_for, made_key
from academichub.references.writing.namewords import Words, name_words
from academichub.text.unicode import flat


def a_reference(
    title: str = "A study of rivers", *, key: str = "", name: str = "Ada Lovelace", year: int | None = 2021
) -> Reference:
    authors = (Author(name),) if name else ()
    return Reference(position=0, line=1, key=key, type="book", title=title, authors=authors, year=year)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ada Lovelace", Words("Lovelace", "Ada")),
        ("Ludwig van Beethoven", Words("Beethoven", "Ludwig", "van")),
        ("Juan Carlos de la Cruz", Words("Cruz", "Juan Carlos", "de la")),
        ("van Gogh", Words("Gogh", particle="van")),
        ("Martin Luther King Jr.", Words("King", "Martin Luther", suffix="Jr.")),
        ("Jean Picard III", Words("Picard", "Jean", suffix="III")),
        ("Plato", Words("Plato", is_body=True)),
        ("李怀印", Words("李", "怀印")),
        ("欧阳锋", Words("欧阳", "锋")),
        ("山田太郎", Words("山田太郎", is_body=True)),
        ("中国科学院", Words("中国科学院", is_body=True)),
        ("北京大学", Words("北京大学", is_body=True)),
        ("The Example Collaboration", Words("The Example Collaboration", is_body=True)),
        ("on behalf of nobody", Words("on behalf of nobody", is_body=True)),
        ("A B C D E F G", Words("A B C D E F G", is_body=True)),
        ("Doe, Jane", Words("Doe, Jane", is_body=True)),
        ("two  spaces", Words("two  spaces", is_body=True)),
        ("d' Almeida", Words("d' Almeida", is_body=True)),
    ],
)
def test_a_name_is_cut_where_its_parts_are_sure(name: str, words: Words) -> None:
    assert name_words(name) == words


@given(st.text(max_size=30).map(flat).filter(bool))
def test_the_parts_of_any_name_give_the_name_again(name: str) -> None:
    cut = name_words(name)

    assert flat(whole_name(cut.family, cut.given, prefix=cut.particle, suffix=cut.suffix)) == name


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        (a_reference(), "lovelace2021study"),
        (a_reference("On the Über-method", name="Łucja van Øster"), "oster2021ubermethod"),
        (a_reference("2001: an odyssey", year=None), "lovelaceodyssey"),
        (a_reference("The", name=""), "ref2021x"),
        (a_reference("On x2 DNA"), "lovelace2021dna"),
        (a_reference("On x2"), "lovelace2021x2"),
        (a_reference("图像 GAN", name="李怀印"), "2021gan"),
        (a_reference("图像", name="李怀印"), "ref2021x"),
    ],
)
def test_a_key_is_made_of_surname_year_and_first_word(reference: Reference, key: str) -> None:
    made = made_key(reference)

    assert made == key or (key.endswith("x") and made.startswith(key))


def test_own_keys_stay_and_keys_that_collide_get_letters() -> None:
    listed = [a_reference(), a_reference(key="Lovelace2021study"), a_reference("Study of seas")]

    keys = keys_for(listed, is_tex=True)

    assert keys == ["lovelace2021studya", "Lovelace2021study", "lovelace2021studyb"]


def test_the_order_of_a_list_changes_no_key() -> None:
    one, two = a_reference("Study one"), a_reference("Study two")

    assert keys_for([one, two], is_tex=True) == keys_for([two, one], is_tex=True)[::-1]


def test_thirty_works_of_one_key_are_told_apart() -> None:
    listed = [a_reference(f"Study {number}") for number in range(30)]

    keys = keys_for(listed, is_tex=True)

    assert len(set(keys)) == len(keys)
    assert "lovelace2021studyaa" in keys


def test_a_key_from_elsewhere_cannot_break_out_of_its_entry() -> None:
    hostile = a_reference(key="a},\n title = {x}, y % #")

    assert keys_for([hostile], is_tex=True) == ["a_title_x_y_"]
    assert keys_for([hostile], is_tex=False) == ["a},_ title = {x}, y % #"]


def test_identifiers_settle_which_of_equals_comes_first() -> None:
    one = Reference(
        position=0, line=1, key="", type="book", title="Study", identifiers=Identifiers(doi="10.1000/b")
    )
    two = Reference(
        position=0, line=1, key="", type="book", title="Study", identifiers=Identifiers(arxiv="0704.0001")
    )

    assert keys_for([one, two], is_tex=True) == ["studya", "study"]
