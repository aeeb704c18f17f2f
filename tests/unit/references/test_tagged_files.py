from __future__ import annotations

from academichub.references.entry import Limits
from academichub.references.reading import read_library


def test_a_line_without_a_tag_outside_records_is_nobodys() -> None:
    library = read_library(b"junk\n\nTY  - JOUR\nTI  - x\nKW  - *\n\nER  - \nmore junk\nER  - \n", name="x")

    assert [each.title for each in library.references] == ["x"]
    assert library.broken == ()
    assert library.warnings == ()


def test_a_value_beyond_the_limit_breaks_its_record_only() -> None:
    long_line = "AB  - " + "x" * 60
    long_tail = "AB  - x\n" + "y" * 60
    text = "".join(
        f"TY  - JOUR\nID  - {n}\n{each}\nER  - \n"
        for n, each in enumerate((long_line, long_tail, "TI  - ok"))
    )

    library = read_library(text.encode(), name="x.ris", limits=Limits(field_characters=50))

    assert [each.title for each in library.references] == ["ok"]
    assert [each.facts["entry"] for each in library.broken] == ["0", "1"]


def test_a_record_with_more_lines_than_any_has_is_broken() -> None:
    library = read_library(b"TY  - JOUR\n" + b"KW  - a\n" * 100_001 + b"ER  - \n", name="x")

    assert library.broken[0].facts["reason"] == "more than 100000 lines KW"


def test_a_record_of_an_unknown_type_and_without_names_is_read() -> None:
    library = read_library(b"PMID- 1\nTI  - x\nPT  - Odd\nAU  - \n\nPMID- 2\n", name="x")

    assert [(each.key, each.type) for each in library.references] == [
        ("1", "article-journal"),
        ("2", "article-journal"),
    ]


def test_preprints_are_known_by_their_identifier() -> None:
    library = read_library(b"TY  - JOUR\nTI  - x\nJO  - arXiv preprint arXiv:2401.01234\nER  - \n", name="x")

    assert library.references[0].type == "article"
    assert library.references[0].identifiers.arxiv == "2401.01234"
