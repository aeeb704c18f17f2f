"""Titles: what they say of their kind, and what two printings of one title share."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.model.papers import Kind
from academichub.text.titles import bare, strip_title_prefix, title_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pieces = st.lists(
    st.sampled_from(
        [
            *(
                "[ASAP] ",
                "[Review]",
                "【综述】",
                "Author Correction: ",
                "Correction to “",
                "RETRACTED: ",
                "更正：",
                "勘误",
            ),
            *(
                "撤稿声明：",
                "Editorial",
                ":",
                "：",
                " ",
                "”",
                "《",
                "》",
                "-",
                "_",
                "Łódź",
                "ﬁ",
                "ß",
                "İ",
                "²",
                "α",
            ),
            *("Deep learning", "深度学习", "の", "が", "ｶﾞ", "한국어", "é", "e\u0301", "2026", "x"),
        ]
    ),
    max_size=8,
).map("".join)


# -- what a title says of its kind ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "shown", "kind"),
    [
        ("[ASAP] Strained Os nanoclusters", "Strained Os nanoclusters", None),
        ("[ASAP][Review] Strained Os nanoclusters", "Strained Os nanoclusters", Kind.REVIEW),
        ("[Articles] A trial of two drugs", "A trial of two drugs", None),
        ("[Comment] A trial in context", "A trial in context", Kind.EDITORIAL),
        ("【综述】钙钛矿电池", "钙钛矿电池", Kind.REVIEW),
        ("【网络首发】钙钛矿电池", "钙钛矿电池", None),
    ],
)
def test_the_feeds_label_is_taken_off(title: str, shown: str, kind: Kind | None) -> None:
    assert strip_title_prefix(title) == (shown, kind)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Author Correction: Long-range order", Kind.CORRECTION),
        ("Publisher Correction: Long-range order", Kind.CORRECTION),
        ("Correction: Long-range order", Kind.CORRECTION),
        ("Correction to: Long-range order", Kind.CORRECTION),
        ("Correction to “Long-range order”", Kind.CORRECTION),
        ("Corrigendum to “Long-range order” [J. Order 12 (2026) 1]", Kind.CORRECTION),
        ("Corrigendum to Long-range order", Kind.CORRECTION),
        ("Erratum: Long-range order [Phys. Rev. X 1, 2 (2026)]", Kind.CORRECTION),
        ("Erratum", Kind.CORRECTION),
        ("Editorial Expression of Concern: Long-range order", Kind.CORRECTION),
        ("[Department of Error] Department of Error", Kind.CORRECTION),
        ("更正：钙钛矿电池", Kind.CORRECTION),
        ("更正声明", Kind.CORRECTION),
        ("《钙钛矿电池》一文的更正", Kind.CORRECTION),
        ("勘误：钙钛矿电池", Kind.CORRECTION),
        ("勘误", Kind.CORRECTION),
        ("Retraction Note: Long-range order", Kind.RETRACTION),
        ("Retraction: Long-range order", Kind.RETRACTION),
        ("Retraction of “Long-range order”", Kind.RETRACTION),
        ("RETRACTED ARTICLE: Long-range order", Kind.RETRACTION),
        ("[Retracted] Long-range order", Kind.RETRACTION),
        ("WITHDRAWN: Long-range order", Kind.RETRACTION),
        ("撤稿声明：钙钛矿电池", Kind.RETRACTION),
        ("关于撤销《钙钛矿电池》一文的声明", Kind.RETRACTION),
        ("Editorial", Kind.EDITORIAL),
        ("Editorial: Order at long range", Kind.EDITORIAL),
        ("社论：开放科学", Kind.EDITORIAL),
        ("News", Kind.NEWS),
        ("News & Views: Order at long range", Kind.NEWS),
        ("Daily briefing: Order at long range", Kind.NEWS),
        ("新闻：开放科学", Kind.NEWS),
        ("Review", Kind.REVIEW),
        ("Review: Order at long range", Kind.REVIEW),
        ("综述：钙钛矿电池", Kind.REVIEW),
    ],
)
def test_a_title_that_names_its_kind_is_shown_whole(title: str, kind: Kind) -> None:
    assert strip_title_prefix(title) == (title, kind)


def test_a_correction_behind_a_feeds_label_is_still_a_correction() -> None:
    assert strip_title_prefix("[ASAP] Correction to “Order”") == ("Correction to “Order”", Kind.CORRECTION)


@pytest.mark.parametrize(
    "title",
    [
        "Correction of aberrations in a microscope",
        "Correction for attenuation: a tutorial",
        "Retraction of the tongue in chameleons",
        "Reviewing peer review",
        "Newsworthiness: a measure",
        "Editorial boards and their networks",
        "[2+2] cycloaddition of alkenes",
        "[60]Fullerene derivatives",
        "更正教育的理论",
        "撤稿论文的引用分析",
        "",
    ],
)
def test_an_ordinary_title_is_left_alone(title: str) -> None:
    assert strip_title_prefix(title) == (title, None)


def test_a_label_that_is_the_whole_title_stays() -> None:
    assert strip_title_prefix("[Editorial]") == ("[Editorial]", Kind.EDITORIAL)


# -- what two printings share ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deep learning: A review", "DEEP LEARNING — a review."),
        ("[ASAP] α-C−H Alkylation", "α-C-H alkylation"),
        ("Schrödinger’s cat in Łódź", "Schrodinger's cat in Lodz"),
        ("Conduction in H₂O", "Conduction in H2O"),
        ("The eﬃcient ﬁeld", "The efficient field"),
        ("Author Correction: Long-range order", "Long-range order"),
        ("[ASAP] Correction to “Long-range order”", "Long-range order"),
        ("基于 BERT 的 文本分类", "基于BERT的文本分类"),
        ("数字经济赋能：机制与路径", "数字经济赋能——机制与路径"),
        ("ＧＰＳ 定位", "GPS定位"),
        ("撤稿声明：钙钛矿电池", "钙钛矿电池"),
    ],
)
def test_two_printings_of_a_title_have_one_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Order, part I", "Order, part II"),
        ("日本語のが", "日本語のか"),
        ("Order 2024", "Order 2025"),
        ("甲乙", "甲丙"),
    ],
)
def test_two_titles_have_two_keys(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


def test_a_key_is_words_joined_by_spaces() -> None:
    assert (
        title_key("  Deep-learning (DL) for Schrödinger's   equation! ")
        == "deep learning dl for schrodinger s equation"
    )
    assert title_key("基于BERT的文本分类") == "基于 bert 的文本分类"
    assert title_key("한국어 제목") == "한국어 제목"


def test_a_title_that_is_only_a_prefix_keeps_it() -> None:
    assert title_key("Author Correction:") == "author correction"
    assert title_key("…") == ""


@given(st.one_of(st.text(), pieces))
def test_a_key_is_its_own_key(title: str) -> None:
    key = title_key(title)

    assert title_key(key) == key
    assert bare(key) == key


@given(st.one_of(st.text(), pieces))
def test_a_shown_title_has_nothing_more_to_take_off(title: str) -> None:
    shown, kind = strip_title_prefix(title)

    assert title.strip().endswith(shown)
    assert strip_title_prefix(shown)[0] == shown
    assert kind is not None or strip_title_prefix(shown)[1] is None


def test_every_label_of_real_acs_feeds_is_taken_off(data: Callable[[str], Path]) -> None:
    texts = [path.read_text(encoding="utf-8") for path in data("captures/journal_rss/jacs").glob("*.xml")]
    titles = {unescape(title) for text in texts for title in re.findall(r"<title>([^<]+)</title>", text)}

    shown = {title: strip_title_prefix(title) for title in titles}

    assert any(title.startswith("[ASAP]") for title in titles)
    assert not [title for title, (stripped, _) in shown.items() if stripped.startswith("[ASAP")]
    for title, (_, kind) in shown.items():
        assert (kind is Kind.CORRECTION) == bool(re.search(r"\bCorrections? to\b", title)), title
