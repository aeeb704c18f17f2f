from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.references.bibscan import scan
from academichub.references.entry import Limits
from academichub.references.reading import read_library

if TYPE_CHECKING:
    from academichub.references.entry import Library


def read(text: str, **limits: int) -> Library:
    return read_library(text.encode(), name="my.bib", limits=Limits(**limits))


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (
            "@article{bad, title = {{open\n}\n",
            "a brace of the field title that begins on line 2 is not closed",
        ),
        (
            '@article{bad, title = "open\n}\n',
            "in the field title a quote is not closed before line 3",
        ),
        ('@article{bad, title = "a } b"}\n', "not closed before line 2, or a brace too many"),
        ("@article{bad, title = {a}\n", "not closed before the next entry on line 3"),
        ("@article{bad, title = {a},\n", "not closed before the next entry on line 3"),
        (
            "@article{bad, title = {a}}, year = 1}\n",
            "a bracket too many closes the entry before its field year",
        ),
        ("@article{bad, title = }\n", "the field title on line 2 has no value"),
        ("@article{bad, two words}\n", "no = after 'two' on line 2"),
        ("@article{bad, title = {a} {b}}\n", "'{' on line 2 stands after the value of title"),
        ("@article{bad, (x) = {a}}\n", "'(' on line 2 stands where a field should be"),
        ("@article{bad{x, title = {a}}\n", "'{' stands where the key should be"),
        ("@articlebad,\n title = {a}\n}\n", "no bracket opens the entry behind its type"),
        ("@preamble{ {x}\n", "the preamble is not closed"),
        ("@string{bad = {x\n", "is not closed"),
    ],
)
def test_a_broken_entry_is_named_with_file_line_and_reason_and_its_neighbours_are_read(
    written: str, reason: str
) -> None:
    library = read("@misc{one, title = {One}}\n" + written + "@misc{two, title = {Two}}\n")

    assert [each.title for each in library.references] == ["One", "Two"]
    (broken,) = library.broken
    assert (broken.facts["file"], broken.facts["line"]) == ("my.bib", 2)
    assert reason in str(broken.facts["reason"])


@pytest.mark.parametrize(
    "end", ["@article{k", "@article{k, ", "@article{k, title", "@article{k, title =", "@article{k,a=b"]
)
def test_a_file_that_ends_in_the_middle_of_an_entry_keeps_those_before(end: str) -> None:
    library = read("@misc{one, title = {One}}\n" + end)

    assert [each.key for each in library.references] == ["one"]
    assert library.broken[0].facts["line"] == 2


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("@misc{k\n title = {T}}", "no comma after the key"),
        ("@misc{k, title = {T} year = {1}}", "no comma after the field title"),
        ("@misc{k, title {T}}", "no = after title"),
        ("@misc{title = {T}}", "the entry has no key"),
        ("@misc{, title = {T}}", "the entry has no key"),
        ("@misc{k, title = {T}, title = {U}}", "more than one field title; the first counts"),
        ("@misc{k, title = {T}, year, month = {}}", "the field year has no value"),
        ("@misc{k, title = {T}, year = 1 May 2001}", "'1 May 2001' is no macro of this file"),
        ("@misc{k, title = {T}, a = nomacro # {x}}", "'nomacro' is no macro of this file"),
        ("@misc{k, title = T year = {1}}", "no comma after the field title"),
        ("@misc{k, title = {T}}@misc{k}", "the key is already used on line 1"),
        ("@comment{ {\n@misc{k, title = {T}}", "the brace of this @comment is not closed"),
    ],
)
def test_what_leaves_no_doubt_is_mended_with_a_remark(written: str, reason: str) -> None:
    library = read(written)

    assert library.references[0].title == "T"
    assert library.broken == ()
    assert any(reason in remark.reason for remark in library.warnings)


def test_repeated_files_and_keywords_are_no_accident() -> None:
    library = read("@misc{k, title={T}, file={a}, file={b}, keywords={x}, keywords={y}}")

    assert library.warnings == ()
    assert library.references[0].keywords == ("x", "y")
    assert library.references[0].fields["file"] == ("a", "b")


def test_what_is_commented_out_is_no_entry() -> None:
    text = (
        "% @misc{a, title={A}}\nme@example.org {x}\n@comment{@misc{b, title={B}}}\n\\@ifx{c}\n@comment(d)\n"
    )

    library = read(text + "@misc(k, title={T}, % why\n % note = {no},\n year=2001)@misc(key)@misc{empty}")

    assert [each.key for each in library.references] == ["k", "key", "empty"]
    assert library.references[0].year == 2001


def test_a_line_like_an_entry_inside_a_value_means_that_a_brace_was_forgotten() -> None:
    library = read("@misc{a,\n title = {open,\n}\n@misc{b,\n title = {B}}\n}\n@misc{c, title={C}}")

    assert [each.key for each in library.references] == ["b", "c"]
    assert library.broken[0].facts["entry"] == "a"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("title = {" + "x" * 60 + "}", "the field title has more than 50 characters"),
        ("title = {" + "x" * 30 + "} # {" + "x" * 30 + "}", "the field title has more than 50 characters"),
        ("a=1,b=1,c=1,d=1,e=1", "more than 4 fields"),
    ],
)
def test_an_entry_beyond_the_limits_is_broken_and_its_neighbours_are_read(written: str, reason: str) -> None:
    library = read(f"@misc{{big, {written}}}\n@misc{{k, title={{T}}}}", fields=4, field_characters=50)

    assert [each.key for each in library.references] == ["k"]
    assert library.broken[0].facts["reason"] == reason


def test_macros_of_macros_cannot_fill_the_memory() -> None:
    bomb = "@string{a0 = {xxxxxxxxxx}}\n" + "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(40))

    library = read(bomb + "@misc{k, title={T}}")

    assert [each.key for each in library.references] == ["k"]
    assert any(
        "macros make many times" in str(each.facts["reason"]) or "more than" in str(each.facts["reason"])
        for each in library.broken
    )


def test_a_macro_used_too_often_breaks_the_entries_that_use_it() -> None:
    library = read("@string{a={" + "x" * 90 + "}}\n" + "@misc{k, a=a,b=a,c=a}\n" * 40, field_characters=100)

    assert library.references
    assert "macros make many times the file of it" in {each.facts["reason"] for each in library.broken}


def test_a_file_made_to_be_read_again_and_again_is_read_only_so_often() -> None:
    scanned = scan("    @a{k, x = {\n" * 400)

    assert "is lost with it" in scanned.broken[-1].reason
    assert len(scan("@comment{ {\n" * 400).remarks) < 400
    assert scan("@comment{" + "{}" * 30 + "x", Limits(field_characters=20)).remarks


def test_more_entries_than_the_limit_stop_the_reading() -> None:
    assert scan("@a{k}" * 9, Limits(entries=3)).is_over


def test_entries_that_are_each_others_parents_inherit_once() -> None:
    library = read(
        "@inbook{a, crossref={b}}@book{b, crossref={a}, title={B}, author={Doe, J}}"
        "@article{c, title={C}, crossref={d}}@periodical{d, title={Journal}, doi={10.1000/d}}"
        "@misc{e, crossref={c}}"
    )

    a, _, c, _, e = library.references
    assert (a.venue, a.authors[0].name) == ("B", "J Doe")
    assert (c.venue, c.identifiers.doi) == ("Journal", None)
    assert (e.title, e.venue) == ("", "")


def test_lists_of_keywords_are_parted_outside_braces() -> None:
    library = read("@misc{k, keywords = {one, {two, three}, , }}@misc{l, keywords={R&D; x, y}}")

    assert [each.keywords for each in library.references] == [("one", "two, three"), ("R&D; x", "y")]


NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=12)
VALUES = st.text(
    st.characters(codec="utf-8", exclude_characters='{}\\"@%#$', exclude_categories=["Cc", "Cs"]), max_size=30
)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=6))
def test_every_well_formed_entry_is_read_back(entries: list[tuple[str, str]]) -> None:
    text = "\n".join(f"@misc{{{key}, note = {{{value}}}}}" for key, value in entries)

    scanned = scan(text)

    assert [(each.key, each.fields) for each in scanned.entries] == [
        (key, (("note", value),)) for key, value in entries
    ]
    assert scanned.broken == ()


@given(st.text(st.sampled_from('@ab{}()"\\,=#%\n mis1'), max_size=80))
def test_no_neighbour_of_rubbish_is_lost_when_a_line_parts_them(rubbish: str) -> None:
    scanned = scan(f"@misc{{before, title = {{B}}}}\n{rubbish}\n@misc{{after, title = {{A}}}}")

    keys = {each.key for each in scanned.entries}
    assert "before" in keys or scanned.broken
    swallowed = any(
        "after" in value or "title" in value for each in scanned.entries for _, value in each.fields
    )
    assert "after" in keys or swallowed or scanned.comments or "%" in rubbish or scanned.broken
