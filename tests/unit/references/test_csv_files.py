from __future__ import annotations

from academichub.references.entry import Limits
from academichub.references.reading import read_library

HEADER = '"Key","Item Type","Title"\n'


def test_a_row_that_cannot_be_read_is_named_and_its_neighbours_are_read() -> None:
    text = (
        HEADER + '"a","book","One"\n\n"b","book","bad" x\n"c","book","Two"\n"d","book","' + "x" * 60 + '"\n'
    )

    library = read_library(text.encode(), name="my.csv", limits=Limits(field_characters=50))

    assert [each.title for each in library.references] == ["One", "Two"]
    assert [(each.facts["line"], each.facts["entry"]) for each in library.broken] == [(4, ""), (6, "d")]


def test_a_quote_that_is_not_closed_takes_no_other_row_with_it() -> None:
    text = HEADER + '"a","book","One"\n"b","book","open\nmore\n"c","book","Two"\n"d","book","end\nx\n\ny'

    library = read_library(text.encode(), name="x")

    assert [each.title for each in library.references] == ["One", "Two"]
    assert [each.facts["line"] for each in library.broken] == [3, 6]


def test_a_table_of_something_else_is_no_library() -> None:
    text = "@misc{k, title={T}}\n"

    assert read_library(text.encode(), name="x").format == "bibtex"
    assert read_library(b"Item Type,Title", name="x").references == ()
