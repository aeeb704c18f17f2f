from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.references.bibnames import read_names
from academichub.references.people import authors, inverted_name, whole_name


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Ada Beispiel", ["Ada Beispiel"]),
        ("Beispiel, Ada", ["Ada Beispiel"]),
        ("de la Tour, Carl", ["Carl de la Tour"]),
        ("von Muster, Jr, Erika", ["Erika von Muster Jr"]),
        ("Muster, Jr, Erika, Dr", ["Erika Dr Muster Jr"]),
        ("{The Example Group, Inc.} and others", ["The Example Group, Inc."]),
        ("A and B\n AND  {C and D}", ["A", "B", "C and D"]),
        ("Sand, Anders and Brandt, E.", ["Anders Sand", "E. Brandt"]),
        ("d' Almeida, Rui", ["Rui d'Almeida"]),
        ("{\\'e}toile {\\'E}tat, Jo", ["Jo étoile État"]),
        ("{van} Dyke, Dick", ["Dick van Dyke"]),
        ("\\'etoile Brune, Jo", ["Jo étoile Brune"]),
        ("123 Corp, X", ["X 123 Corp"]),
        ("李, 明 and 王小明", ["李明", "王小明"]),
        ("family=Dijk, given=Marten, prefix=van, useprefix=true", ["Marten van Dijk"]),
        ('given=Jean, family="de la {Fontaine, Sr}", nonsense', ["Jean de la Fontaine, Sr"]),
        ("family=", []),
        ("and and", []),
        ("", []),
        ("}{ A", ["A"]),
        ("Doe~Roe, J.~K.", ["J. K. Doe Roe"]),
    ],
)
def test_names_of_bibtex_come_out_in_reading_order(written: str, names: list[str]) -> None:
    assert read_names(written) == names


@given(st.text(max_size=60))
def test_any_text_gives_names_without_blanks_around(written: str) -> None:
    assert all(name and name == name.strip() for name in read_names(written))


def test_parts_of_names_are_put_together_as_people_write_them() -> None:
    assert whole_name("Muster", "Erika", prefix="von", suffix="III") == "Erika von Muster III"
    assert whole_name("山田", "花子") == "山田花子"
    assert whole_name("山田", "Hanako") == "Hanako 山田"
    assert inverted_name("Doe,Jane A.,Jr") == "Jane A. Doe Jr"
    assert inverted_name("Example Org") == "Example Org"


def test_nobody_is_no_author_and_marks_go() -> None:
    assert [each.name for each in authors(["Ada B*", "others", "", "et al.", "等"])] == ["Ada B"]
