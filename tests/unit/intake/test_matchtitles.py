"""Two titles side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.matchtitles import (
    Likeness,
    compare_titles,
    is_subtitled,
    letter_ratio,
    read_title,
)
from academichub.model.papers import Kind

titles = st.lists(
    st.sampled_from(
        [
            *("Deep", "learning", "of", "the", "object-oriented", "objectoriented", "databases", "database"),
            *("Part", "II", "2024", ":", "(", "tutorial", ")", "…", "深度", "学习", "（二）", "é", "-", "x"),
        ]
    ),
    max_size=9,
).map(" ".join)


def alike(one: str, other: str, *, told: tuple[str, ...] = ()) -> Likeness:
    return compare_titles(read_title(one), read_title(other), told=told)


# -- one title ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "numbers", "parts"),
    [
        ("Databases in 1998 and 2000", {"1998", "2000"}, set()),
        ("Trees: Part II", {"2"}, {"2"}),
        ("Trees: part two", {"2"}, {"2"}),
        ("Trees, Part A", {"a"}, {"a"}),
        ("Trees III", {"3"}, {"3"}),
        ("The second look at XI trees", {"2", "11"}, set()),
        ("I, one of them", set(), set()),
        ("Vitamin C", set(), set()),
        ("A 3-D view of CO2, 007", {"3", "2", "7"}, set()),
        ("Zero is 000", {"0"}, set()),
        ("数字经济（二）", {"2"}, {"2"}),
        ("数字经济（上）", {"上"}, {"上"}),
        ("数字经济第三部分", {"3"}, {"3"}),
        ("数字经济 Ⅱ", {"2"}, {"2"}),
    ],
)
def test_numbers_are_read_in_any_spelling(title: str, numbers: set[str], parts: set[str]) -> None:
    found = read_title(title)

    assert (set(found.numbers), set(found.parts)) == (numbers, parts)


@pytest.mark.parametrize(
    ("title", "notice"),
    [
        ("Author Correction: A map of maps", "correction"),
        ("Erratum - A map of maps", "correction"),
        ("A map of maps: erratum", "correction"),
        ("A map of maps [Corrigendum]", "correction"),
        ("Expression of concern: A map of maps", "correction"),
        ("RETRACTED: A map of maps", "retraction"),
        ("Comment on “A map of maps”", "comment"),
        ("Reply to “Comment on a map of maps”", "reply"),
        ("In reply to a map of maps", "reply"),
        ("Data from: A map of maps", "supplement"),
        ("Supplementary material for a map of maps", "supplement"),
        ("更正：地图之图", "correction"),
        ("对《地图之图》的商榷", "comment"),
        ("A map of maps", ""),
        ("Commentaries of Caesar", ""),
        ("地图之图", ""),
    ],
)
def test_a_title_says_what_it_is_to_another_paper(title: str, notice: str) -> None:
    assert read_title(title).notice == notice


def test_the_kind_says_so_where_the_title_does_not() -> None:
    assert read_title("A map of maps", kind=Kind.CORRECTION).notice == "correction"
    assert read_title("A map of maps", kind=Kind.DATASET).notice == "supplement"
    assert read_title("Reply: A map of maps", kind=Kind.ARTICLE).notice == "reply"


@pytest.mark.parametrize(
    "title",
    [
        "Editorial",
        "Guest editors' introduction",
        "Nearest neighbour queries",
        "In this issue of Tests",
        "Message from the programme chair",
        "List of reviewers 2024",
        "Acknowledgment to Reviewers of Tests in 2023",
        "编者按",
    ],
)
def test_titles_that_many_works_bear_are_generic(title: str) -> None:
    assert read_title(title).is_generic


def test_a_title_of_four_words_is_its_own() -> None:
    assert not read_title("A map of maps").is_generic
    assert not read_title("深度学习方法综述").is_generic


def test_chinese_characters_are_words_of_half_the_size() -> None:
    title = read_title("基于BERT的文本分类")

    assert title.words == ("基", "于", "bert", "的", "文", "本", "分", "类")
    assert title.size == 4.5
    assert title.is_cjk


def test_the_sign_of_the_type_of_document_is_not_part_of_a_title() -> None:
    assert read_title("深度学习方法研究[J]").key == read_title("深度学习方法研究").key
    assert read_title("A map of maps [sic]").key == "a map of maps sic"


@pytest.mark.parametrize(
    ("short", "long", "is_one"),
    [
        ("A map of maps", "A map of maps: forty years of tests", True),
        ("A map of maps", "A map of maps (with a poem)", True),
        ("A map of maps", "Mapper: a map of maps", True),
        ("A map of maps: why?", "A map of maps: why? (with a poem)", True),
        ("A map of maps", "A map of maps in women", False),
    ],
)
def test_a_subtitle_stands_behind_a_mark(short: str, long: str, *, is_one: bool) -> None:
    assert is_subtitled(read_title(short), read_title(long)) is is_one


# -- two titles -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Object-oriented databases", "object oriented  DATABASES."),
        ("Video anywhere", "Videoanywhere"),
        ("Müller’s naïve map", "Mullers naive map"),
        ("A very long map of many …", "A very long map of many maps and other maps"),
        ("[ASAP] A map of maps", "A map of maps"),
    ],
)
def test_the_same_title_in_two_spellings_is_the_same(one: str, other: str) -> None:
    assert alike(one, other).ratio == 1.0
    assert alike(other, one) == alike(one, other)


def test_three_words_and_an_ellipsis_are_not_taken_for_a_title_cut_short() -> None:
    assert alike("A map …", "A map of maps and other maps").ratio < 1


def test_what_a_form_of_paper_is_called_hardly_counts() -> None:
    likeness = alike(
        "Mapping moving objects in cities (extended abstract)", "Mapping moving objects in cities"
    )

    assert likeness.ratio > 0.9
    assert likeness.extra < 0.1
    assert not likeness.swapped


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mapping moving object", "Mapping moving objects"),
        ("Mapping responive systems", "Mapping responsive systems"),
        ("Mapping univ reports", "Mapping university reports"),
        ("Mapping data bases of the yore (abstract)", "Mapping databases of yore"),
    ],
)
def test_plurals_misprints_and_parted_words_are_not_other_words(one: str, other: str) -> None:
    likeness = alike(one, other)

    assert likeness.ratio > 0.85
    assert likeness.swapped == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smoking and death in men", "Smoking and death in women"),
        ("Symmetric maps of worlds", "Asymmetric maps of worlds"),
        ("Intracellular maps of worlds", "Intercellular maps of worlds"),
        ("Maps of worlds at 7000 metres", "Maps of worlds at 8000 metres"),
        ("Mass of the W boson", "Mass of the Z boson"),
        ("Quick maps of worlds", "Tricky maps of worlds"),
        ("Quietly mapped worlds", "Quay mapped worlds"),
        ("男性吸烟与肺癌死亡率的关系", "女性吸烟与肺癌死亡率的关系"),
    ],
)
def test_opposites_and_numbers_are_other_words(one: str, other: str) -> None:
    assert alike(one, other).swapped > 0.02


def test_words_that_other_fields_tell_are_noise() -> None:
    noisy = alike("Roe: mapping the moving objects", "Mapping the moving objects", told=("roe",))

    assert noisy.ratio == 1.0
    assert noisy.extra == 0
    assert noisy.left == (frozenset({"roe"}), frozenset())


def test_many_other_words_are_not_searched_for_misprints() -> None:
    words = ["alpha", "bravo", "charly", "delta", "gamma", "kappa", "lambda", "sigma", "omega"]
    misprints = [word[:2] + word[3:] for word in words]
    start = ["mapping", "moving", "objects", "everywhere"]

    eight = alike(" ".join([*start, *words[:8]]), " ".join([*start, *misprints[:8]]))
    nine = alike(" ".join([*start, *words]), " ".join([*start, *misprints]))

    assert eight.swapped == 0
    assert nine.swapped > 0.5


def test_titles_without_a_word_in_common_have_nothing_in_common() -> None:
    likeness = alike("Efficient indexing of moving cars in cities", "Robust training by gradient noise")

    assert likeness.ratio < 0.4
    assert likeness.swapped > 0.7


def test_titles_of_noise_alone_are_the_same_noise() -> None:
    assert alike("Roe", "Poe", told=("roe", "poe")).ratio == 1.0


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("abc", "abc", 1.0), ("abcd", "abxd", 0.75), ("", "a", 0.0), ("ab", "cd", 0.0)],
)
def test_letters_are_compared_in_their_order(one: str, other: str, ratio: float) -> None:
    assert letter_ratio(one, other) == ratio


@given(titles, titles)
def test_shares_are_shares_whatever_the_titles(one: str, other: str) -> None:
    a, b = read_title(one), read_title(other)
    if a.key and b.key:
        likeness = compare_titles(a, b)

        assert 0 <= likeness.ratio <= 1
        assert 0 <= likeness.swapped <= 1
        assert 0 <= likeness.extra <= 1


@given(st.text(max_size=80))
def test_any_text_is_a_title_and_like_itself(text: str) -> None:
    title = read_title(text)

    assert compare_titles(title, title).ratio == 1.0
