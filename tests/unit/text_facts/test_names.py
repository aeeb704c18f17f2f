"""Author lines: every person once, in reading order, with what stood beside the name."""

from __future__ import annotations

import gzip
import json
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.model.papers import Author
from academichub.text.latex import to_plain
from academichub.text.names import clean_name, name_key, split_authors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIX = "Jane Roe, John Q. Public, Ludwig van Beethoven, Jean-Pierre Serre, Ann Poe, Wei Zhang"

given_names = st.sampled_from(["Jane", "Jean-Pierre", "John Q.", "J. R.", "Zoë", "Łukasz", "Wei", "Ludwig"])
surnames = st.sampled_from(
    ["Roe", "van Beethoven", "O'Brien", "Nuñez", "Müller-Lüdenscheidt", "Ørsted", "de la Cruz"]
)
people = st.builds("{} {}".format, given_names, surnames)
pieces = st.lists(
    st.sampled_from(
        [
            *(
                "Jane",
                "Roe",
                "ROE",
                "van",
                "J.",
                "Jr.",
                "PhD",
                "张三",
                "李",
                "王小明",
                "Collaboration",
                "and",
                "&",
                "et al.",
            ),
            *(
                ",",
                ";",
                "，",
                "、",
                " ",
                " ",
                "(",
                ")",
                "（",
                "MIT",
                "(1)",
                "1",
                "*",
                "@",
                "a@b.c",
                "等",
                ":",
                "{",
                "}",
                "\\'e",
            ),
        ]
    ),
    max_size=12,
).map(" ".join)


def names(value: str) -> list[str]:
    return [author.name for author in split_authors(value)]


# -- lines that hold several people ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Jane Roe, John Doe", ["Jane Roe", "John Doe"]),
        ("Jane Roe; John Doe; A. Poe", ["Jane Roe", "John Doe", "A. Poe"]),
        ("Roe, Jane; Doe, John", ["Jane Roe", "John Doe"]),
        ("Roe, Jane；Doe, John；", ["Jane Roe", "John Doe"]),
        ("Jane Roe, John Doe and Ann Poe", ["Jane Roe", "John Doe", "Ann Poe"]),
        ("Jane Roe, John Doe, and Ann Poe", ["Jane Roe", "John Doe", "Ann Poe"]),
        ("Jane Roe & John Doe", ["Jane Roe", "John Doe"]),
        ("Jane Roe, Alexander Brandt", ["Jane Roe", "Alexander Brandt"]),
        ("Roe, Jane and Doe, John", ["Jane Roe", "John Doe"]),
        ("Roe, J., Doe, A. B., Poe, E.", ["J. Roe", "A. B. Doe", "E. Poe"]),
        ("Roe, J., Doe, A., & Poe, E.", ["J. Roe", "A. Doe", "E. Poe"]),
        (
            "Roe, J., Wu, S.-R., The Sleep Consortium, Doe, A.",
            ["J. Roe", "S.-R. Wu", "The Sleep Consortium", "A. Doe"],
        ),
        ("Roe J, Doe AB", ["Roe J", "Doe AB"]),
        ("E.Roe, A.Doe", ["E.Roe", "A.Doe"]),
        ("J. Roe, Rakesh", ["J. Roe", "Rakesh"]),
        ("J Roe, A Doe", ["J Roe", "A Doe"]),
        ("Hengrong Du, Nung Kwan Yip", ["Hengrong Du", "Nung Kwan Yip"]),
        ("John Doe, Jr., Jane Roe", ["John Doe Jr.", "Jane Roe"]),
        ("Jane Roe, MD, PhD, John Doe, MSc", ["Jane Roe", "John Doe"]),
        ("Euclid Collaboration, :, Y. Roe", ["Euclid Collaboration", "Y. Roe"]),
        ("J. Roe and the H1 Collaboration", ["J. Roe", "the H1 Collaboration"]),
        ("The Supernova and Cosmology Collaboration", ["The Supernova and Cosmology Collaboration"]),
        ("H1 Collaboration, Jane Roe", ["H1 Collaboration", "Jane Roe"]),
        ("by Jane Roe and John Doe", ["Jane Roe", "John Doe"]),
        ("Authors: Jane Roe, John Doe", ["Jane Roe", "John Doe"]),
        ("and Jane Roe and", ["Jane Roe"]),
        ("a@b.org (Jane Roe), c@d.org (John Doe)", ["Jane Roe", "John Doe"]),
        ("Erd\\H{o}s, P\\'al; Franti\\v{s}ek Nov\\'ak", ["Pál Erdős", "František Novák"]),
    ],
)
def test_every_person_of_a_line_is_found(line: str, people: list[str]) -> None:
    assert names(line) == people


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("张三，李四、王五", ["张三", "李四", "王五"]),
        ("张三 李四", ["张三", "李四"]),
        ("张三；李四;王五", ["张三", "李四", "王五"]),
        ("作者：张三, 欧阳修 等", ["张三", "欧阳修"]),
        ("张三等人", ["张三"]),
        ("张 三", ["张三"]),
        ("王 小明", ["王小明"]),
        ("张三1,2，李四2*", ["张三", "李四"]),
        ("卡尔·马克思 恩格斯", ["卡尔·马克思", "恩格斯"]),
        ("Zhang San 张三", ["Zhang San 张三"]),
        ("中国科学院物理研究所", ["中国科学院物理研究所"]),
    ],
)
def test_chinese_lists_are_cut_at_every_kind_of_comma(line: str, people: list[str]) -> None:
    assert names(line) == people


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Jane Roe", "Jane Roe"),
        ("Roe, Jane", "Jane Roe"),
        ("Roe, Jane Mary", "Jane Mary Roe"),
        ("van Beethoven, Ludwig", "Ludwig van Beethoven"),
        ("de la Cruz, Juan M.", "Juan M. de la Cruz"),
        ("García Márquez, Gabriel", "Gabriel García Márquez"),
        ("Ramón y Cajal, S.", "S. Ramón y Cajal"),
        ("Doe, John, Jr.", "John Doe Jr."),
        ("Doe, Jr., John", "John Doe Jr."),
        ("a@b.org (Jane Roe)", "Jane Roe"),
        ("Jane Roe <a@b.org>", "Jane Roe"),
        ("Jane Roe et al.", "Jane Roe"),
        ("Jane Roe, et al", "Jane Roe"),
        ("Jane Roe and others", "Jane Roe"),
        ("(Jane Roe)", "Jane Roe"),
    ],
)
def test_one_person_is_not_taken_for_two(line: str, person: str) -> None:
    assert names(line) == [person]


@pytest.mark.parametrize(
    "line",
    ["", "  ", "作者:", "作者：", "none", "Unknown", "N/A", ":", "et al.", "a@b.org", "(1)", "()", "((("],
)
def test_a_line_that_names_nobody_gives_nobody(line: str) -> None:
    assert split_authors(line) == ()


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        (
            "Jane Roe (MIT, ETH), John Doe, Ann Poe (CNRS)",
            [
                Author("Jane Roe", None, ("MIT", "ETH")),
                Author("John Doe"),
                Author("Ann Poe", None, ("CNRS",)),
            ],
        ),
        (
            "Jane Roe (1), John Doe (1 and 2) ((1) Univ. of X, Y, (2) Institute Z)",
            [Author("Jane Roe", None, ("Univ. of X, Y",)), Author("John Doe", None, ("1 and 2",))],
        ),
        (
            "Jane Roe (1), John Doe (1, 2) ((1) Univ. of X, (2) Institute Z)",
            [
                Author("Jane Roe", None, ("Univ. of X",)),
                Author("John Doe", None, ("Univ. of X", "Institute Z")),
            ],
        ),
        ("Jane Roe (1), John Doe (2)", [Author("Jane Roe"), Author("John Doe")]),
        (
            "Jane Roe (UCLA) John Doe (Univ. (Main) of Y)",
            [Author("Jane Roe", None, ("UCLA",)), Author("John Doe", None, ("Univ. (Main) of Y",))],
        ),
        ("William (Bill) Roe (MIT)", [Author("William Roe", None, ("MIT",))]),
        ("Jane Roe (LaMA, CERMICS", [Author("Jane Roe", None, ("LaMA", "CERMICS"))]),
        ("Jane Roe), John Doe", [Author("Jane Roe"), Author("John Doe")]),
        ("Jane Roe (0000-0002-1825-0097)", [Author("Jane Roe", "0000-0002-1825-0097")]),
        (
            "Jane Roe (https://orcid.org/0000-0002-1825-0097) (MIT)",
            [Author("Jane Roe", "0000-0002-1825-0097", ("MIT",))],
        ),
        ("张三（清华大学），李四", [Author("张三", None, ("清华大学",)), Author("李四")]),
        ("Roe, Jane (MIT); Doe, John", [Author("Jane Roe", None, ("MIT",)), Author("John Doe")]),
        ("Roe (MIT), Doe (ETH)", [Author("Roe", None, ("MIT",)), Author("Doe", None, ("ETH",))]),
    ],
)
def test_what_stands_in_parentheses_goes_with_the_name(line: str, authors: list[Author]) -> None:
    assert list(split_authors(line)) == authors


# -- one name -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("Jane  Roe\n", "Jane Roe"),
        ("Jane Jamal", "Jane Jamal"),
        ("Roe, Jane Mary", "Jane Mary Roe"),
        ("van Beethoven, Ludwig", "Ludwig van Beethoven"),
        ("a@b.org (Jane Roe)", "Jane Roe"),
        ("Jane Roe (MIT)", "Jane Roe"),
        ("{H1 Collaboration}", "H1 Collaboration"),
        ("H1 Collaboration, DESY", "H1 Collaboration, DESY"),
        ("Roe, Jane, University of X", "Roe, Jane, University of X"),
        ("JANE ROE", "Jane Roe"),
        ("ROE, JANE", "Jane Roe"),
        ("JOHN VAN DER BERG", "John van der Berg"),
        ("SEAN O'BRIEN-MCDONALD", "Sean O'Brien-McDonald"),
        ("J.K. ROE", "J.K. Roe"),
        ("JK ROE III", "JK Roe III"),
        ("LI WEI", "Li Wei"),
        ("LI", "LI"),
        ("Y. L. U", "Y. L. U"),
        ("CERN", "CERN"),
        ("ATLAS COLLABORATION", "ATLAS Collaboration"),
        ("Jane Roe*†", "Jane Roe"),
        ("Jane Anderson.", "Jane Anderson"),
        ("John Doe Jr.", "John Doe Jr."),
        ("Jose\u0301 Nun\u0303ez", "José Nuñez"),
        ("\\'Arp\\'ad B\\'enyi", "Árpád Bényi"),
        ("张三1*", "张三"),
        ("作者", ""),
        ("none", ""),
        ("  ", ""),
        ("12", ""),
        ("A word. " * 100, ""),
    ],
)
def test_a_name_is_written_in_reading_order(written: str, clean: str) -> None:
    assert clean_name(written) == clean


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ludwig van Beethoven", "beethoven l"),
        ("Beethoven L", "beethoven l"),
        ("Beethoven LV", "beethoven l"),
        ("L. van Beethoven", "beethoven l"),
        ("LUDWIG VAN BEETHOVEN", "beethoven l"),
        ("Jean-Pierre Serre", "serre j"),
        ("Łukasz Ørsted", "orsted l"),
        ("Sean O'Brien", "obrien s"),
        ("John Doe Jr.", "doe j"),
        ("Rakesh", "rakesh"),
        ("张三", "张三"),
        ("张 三", "张三"),
        ("the H1 Collaboration", "h1 collaboration"),
        ("H1 Collaboration", "h1 collaboration"),
        ("Лев Ландау", "ландау л"),
        ("", ""),
        ("…", ""),
    ],
)
def test_a_person_is_looked_up_by_surname_and_initial(name: str, key: str) -> None:
    assert name_key(name) == key


# -- for any line ---------------------------------------------------------------------------------


@given(st.lists(people, min_size=3, max_size=6))
def test_three_and_more_people_come_back_from_every_separator(line: list[str]) -> None:
    wanted = [unicodedata.normalize("NFC", person) for person in line]

    assert names(", ".join(line)) == wanted
    assert names("; ".join(line)) == wanted
    assert names(", ".join(line[:-1]) + " and " + line[-1]) == wanted
    assert names(", ".join(f"{person} (MIT)" for person in line)) == wanted


@given(st.lists(st.tuples(given_names, surnames), min_size=1, max_size=5))
def test_inverted_names_come_back_in_reading_order(line: list[tuple[str, str]]) -> None:
    wanted = [f"{first} {last}" for first, last in line]

    assert names("; ".join(f"{last}, {first}" for first, last in line)) == wanted
    assert [clean_name(f"{last}, {first}") for first, last in line] == wanted


@given(st.one_of(people, pieces.filter(lambda text: "\\" not in text)))
def test_a_clean_name_is_left_as_it_is(text: str) -> None:
    name = clean_name(text)

    assert clean_name(name) == name


@given(st.one_of(st.text(), pieces))
def test_any_text_gives_names_with_letters_or_nobody(text: str) -> None:
    for author in split_authors(text):
        assert any(character.isalpha() for character in author.name)
        assert author.name == author.name.strip()
        assert "\n" not in author.name
    assert name_key(name_key(text)) == name_key(text)


def test_a_line_of_parentheses_is_read_in_time_that_grows_with_its_length() -> None:
    assert split_authors("(" * 50_000) == ()
    assert split_authors("()" * 50_000) == ()
    assert len(split_authors("Jane Roe (x), " * 7_000)) == 7_000


def test_real_arxiv_author_lists_survive_being_joined_by_commas(data: Callable[[str], Path]) -> None:
    with gzip.open(data("arxiv/records.jsonl.gz"), "rt", encoding="utf-8") as lines:
        records = [json.loads(line)["authors"] for _, line in zip(range(8000), lines, strict=False)]
    # Lists with parentheses or commas in a name were cut badly before they came here.
    whole = [record for record in records if not any(mark in name for name in record for mark in "(),")]

    lost = [
        record
        for record in whole
        if names(", ".join(record))
        != [" ".join((to_plain(name) if "\\" in name else name).split()) for name in record]
    ]

    assert len(whole) > 6000
    assert len(lost) <= 0.002 * len(whole)
