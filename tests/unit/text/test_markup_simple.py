"""HTML that is nothing but characters goes by the cleaner, and is what the cleaner would have given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from academichub.text import markup


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_what_is_passed_without_the_cleaner_is_what_the_cleaner_would_give(lines: list[str]) -> None:
    escaped = [markup.escape(line) for line in lines]

    for html in ("".join(f"<p>{line}</p>" for line in escaped), escaped[0]):
        if markup._SIMPLE.fullmatch(html):
            assert markup._PAGE.clean(html) == html
        assert "<script" not in markup.clean(html)


def test_only_the_simplest_is_passed_without_the_cleaner() -> None:
    simple = ["<p>a &lt; b &amp; c</p><p>灯 ∑ \ue000</p>", "a title", "", "<p></p>"]
    other = [
        "<p>a<b>c</b></p>",
        "a&nbsp;b",
        "a\xa0b",
        "<p>a",
        "a</p>",
        "<p onclick=x>a</p>",
        "&#60;",
        "a & b",
        "<p><p>a</p></p>",
    ]

    assert [one for one in simple if not markup._SIMPLE.fullmatch(one)] == []
    assert [one for one in other if markup._SIMPLE.fullmatch(one)] == []
