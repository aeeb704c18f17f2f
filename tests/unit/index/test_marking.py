"""Marks touch text alone: formulas stay whole, tags stay closed, and a window shows what was asked for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.index.marking import Marker, highlight, snippet
from academichub.index.seeking import Seeker
from academichub.model.query import Field, Scope
from academichub.text import query
from tests.unit.index.library import questions

MATH = "<math><mi>cat</mi></math>"
FILL = "Nothing of note stands here. " * 12


def marked(html: str, written: str, field: Field = Field.TITLE) -> str:
    return highlight(html, query.parse(written, scope=Scope.SEARCH), field=field)


@pytest.mark.parametrize(
    ("html", "written", "shown"),
    [
        ("Cats learn", "learning cat", "<mark>Cats</mark> <mark>learn</mark>"),
        ("Cats learn", '"learning" "cat"', "Cats learn"),
        ("a pre-trained net", "pretrained", "a <mark>pre-trained</mark> net"),
        ("a pre-trained net", '"trained net"', "a pre-<mark>trained net</mark>"),
        ("a pre-trained net", '"pretrained net"', "a <mark>pre-trained net</mark>"),
        ("量子纠错码", "纠错", "量子<mark>纠错</mark>码"),
        ("transformers", "transf*", "<mark>transformers</mark>"),
        ("deep nets", '"deep ne*"', "<mark>deep nets</mark>"),
        (
            "Schr&ouml;dinger&#39;s cat",
            "schrodinger",
            "<mark>Schr&ouml;dinger&#39;s</mark> cat",
        ),
        ("deep <i>learn</i>ing", "learning", "deep <i><mark>learn</mark></i><mark>ing</mark>"),
        (f"cat {MATH} cat", "cat", f"<mark>cat</mark> {MATH} <mark>cat</mark>"),
        (f"big {MATH} cat", '"big cat"', f"big {MATH} cat"),
        ('<code class="tex">cat</code>', "cat", '<code class="tex">cat</code>'),
        ('<a href="?q=a>b cat">cat</a>', "cat", '<a href="?q=a>b cat"><mark>cat</mark></a>'),
        ("<!-- cat --> cat", "cat", "<!-- cat --> <mark>cat</mark>"),
        ("<p>big</p><p>cat</p>", "bigcat", "<p>big</p><p>cat</p>"),
        ("a < cat & <b", "cat", "a < <mark>cat</mark> & <b"),
        ("<math>cat", "cat", "<math><mark>cat</mark>"),
        ("big cat", '"big cat" cat big', "<mark>big cat</mark>"),
        ("cat dog", "cat -dog", "<mark>cat</mark> dog"),
        ("cat", "dog", "cat"),
        ("cat", "abs:cat", "cat"),
        ("cat", "ti:cat", "<mark>cat</mark>"),
        ("cat", "venue:cat date:2026 is:read", "cat"),
        ("", "cat", ""),
    ],
)
def test_what_was_found_is_marked(html: str, written: str, shown: str) -> None:
    assert marked(html, written) == shown


def test_terms_of_the_abstract_mark_the_abstract() -> None:
    assert marked("cat dog", "abs:cat ti:dog", Field.ABSTRACT) == "<mark>cat</mark> dog"


def shown(html: str, written: str, length: int = 80) -> str:
    return snippet(html, query.parse(written, scope=Scope.SEARCH), length=length)


def test_a_short_abstract_is_shown_whole() -> None:
    assert shown("<p>A <b>cat</b>.</p><p>End.</p>", "cat") == "A <b><mark>cat</mark></b>.  End."
    assert shown("", "cat") == ""


def test_the_window_shows_the_most_different_words() -> None:
    html = f"<p>Dog dog dog dog. {FILL}A <em>cat <b>and</b> a</em> dog. {FILL}</p>"

    found = shown(html, "cat dog")

    assert "<em><mark>cat</mark> <b>and</b> a</em> <mark>dog</mark>" in found
    assert found.startswith("…")
    assert found.endswith("…")


def test_tags_around_a_window_are_opened_and_closed() -> None:
    html = f"<i>{FILL}<b>{FILL}a cat {FILL}</b>{FILL}</i><sup>{FILL}</sup>"

    found = shown(html, "cat")

    assert found.startswith("…<i><b>")
    assert "a <mark>cat</mark>" in found
    assert found.endswith("…</b></i>")


def test_what_is_open_or_closed_by_mistake_stays_inside_its_window() -> None:
    assert shown(f"</b>{FILL}cat</i> {FILL}", "cat").count("<") == 2
    assert shown("a</b> <i>cat<br>dog", "cat") == "a <i><mark>cat</mark> dog</i>"
    assert shown('<img src="x">cat', "cat") == '<img src="x"><mark>cat</mark>'


def test_where_nothing_is_found_the_beginning_is_shown() -> None:
    assert shown(FILL, "cat", 60) == "Nothing of note stands here. Nothing of note stands here.…"
    assert shown("错" * 100, "cat", 60) == "错" * 60 + "…"


def test_a_formula_at_the_edge_of_a_window_is_whole() -> None:
    html = f"{FILL}dog {MATH} x {FILL}"

    for length in range(30, 90):
        found = shown(html, "dog", length)
        assert found.count("<math>") == found.count("</math>")
        assert re.sub("<mark>|</mark>", "", found).count(MATH) == found.count("<math>")


def test_a_mark_at_the_edge_of_a_window_is_whole() -> None:
    once = "量" * 40 + "纠错" * 10 + "量" * 200
    often = "量" * 40 + "码纠错纠错纠错" * 60 + "量" * 200

    for length in range(10, 60):
        assert f"<mark>{'纠错' * 10}</mark>" in shown(once, f'"{"纠错" * 10}"', length)
        found = shown(often, '"纠错纠错纠错"', length)
        assert found.count("<mark>") == found.count("<mark>纠错纠错纠错</mark>") > 0


def test_a_window_that_begins_in_a_mark_or_ends_with_the_abstract_is_moved() -> None:
    asked = '"u v w x y" dog fox emu gnu'

    assert shown(f"{FILL}u v w x y dog fox emu gnu {FILL}", asked, 24).startswith(
        "…<mark>u v w x y</mark> <mark>dog"
    )
    assert shown(f"{FILL}the dog", asked, 24).endswith("the <mark>dog</mark>")


pieces = st.sampled_from(
    (
        *(
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<br>",
            MATH,
            "<",
            ">",
            "&",
            "&lt;",
            "&amp;",
            "'",
            '"',
        ),
        *(
            "graph",
            "network ",
            "量子",
            "pre-training ",
            "<a href='x>y'>",
            "</a>",
            "&#228;",
            "<math>",
            "ﬁ",
            " ",
        ),
    )
)
pages = st.lists(pieces, max_size=30).map("".join)
closed_pages = st.lists(pieces.filter(lambda piece: piece != "<math>"), max_size=30).map("".join)


def bare(html: str) -> str:
    return re.sub("</?mark>", "", html)


@given(pages, questions)
def test_without_its_marks_a_page_is_as_it_was(html: str, written: str) -> None:
    found = marked(html, written)

    assert bare(found) == html
    assert found.count("<mark>") == found.count("</mark>")
    assert all("<" not in inside for inside in re.findall("<mark>(.*?)</mark>", found) if inside != "<")


@given(closed_pages, questions, st.integers(1, 60))
def test_a_window_is_closed_in_itself(html: str, written: str, length: int) -> None:
    found = shown(html, written, length)

    for tag in ("b", "i", "a", "mark"):
        opened, closed = len(re.findall(rf"<{tag}[ >]", found)), found.count(f"</{tag}>")
        assert opened == closed, (tag, found)


@given(st.text(), st.sampled_from(("a", "量", '"a b"', "ab*")))
def test_no_text_breaks_marking(html: str, written: str) -> None:
    assert bare(marked(html, written)) == html
    shown(html, written)


@given(
    st.lists(
        st.sampled_from(
            (
                "graph ",
                "Graphs",
                "-",
                "theory ",
                "théorie ",
                "pre-training ",
                "pretraining",
                "c++ ",
                "量",
                "子",
            )
        )
        | st.characters(),
        max_size=30,
    ).map("".join),
    st.sampled_from(
        (
            "graph",
            "graph theory",
            '"graph theory"',
            "pretrain*",
            "pre-training",
            "c++ OR 量",
            "量子",
            "theory",
        )
    ),
)
def test_what_is_sought_by_leaps_is_what_a_whole_reading_finds(text: str, written: str) -> None:
    asked = query.parse(written, scope=Scope.SEARCH)

    class Slow(Seeker):
        """Takes every text for one whose characters move when it is folded."""

        def _leaping(self, text: str) -> None:
            del text

    assert Seeker(asked, Field.ABSTRACT).marks(text) == Slow(asked, Field.ABSTRACT).marks(text)


def test_a_row_of_words_is_found_in_a_long_text_without_spaces() -> None:
    asked = query.parse('量子注意力 OR "b c"', scope=Scope.SEARCH)
    far = f"{'子力' * 400}量子注意力,{'b' * 40},{'b,' * 30}c {'b ' * 3}"

    found = Seeker(asked, Field.ABSTRACT).marks(far)

    assert [far[mark.start : mark.end] for mark in found] == ["量子注意力", "b,c"]


def test_a_row_of_words_is_found_across_a_wide_gap() -> None:
    asked = query.parse('"alpha beta"', scope=Scope.SEARCH)
    text = f"gamma alpha {', ' * 60}beta delta"

    (mark,) = Seeker(asked, Field.ABSTRACT).marks(text)

    assert (mark.start, mark.end) == (6, text.index(" delta"))


def test_one_marker_marks_all_works_of_a_page() -> None:
    marker = Marker(query.parse("cat", scope=Scope.SEARCH))

    assert [marker.highlight(title) for title in ("Cats", "a dog", "the cat")] == [
        "<mark>Cats</mark>",
        "a dog",
        "the <mark>cat</mark>",
    ]
