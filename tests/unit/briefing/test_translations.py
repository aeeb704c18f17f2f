"""A translation says the same numbers, names and denials as its original, as far as words can tell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.briefing.translations import Held, hold
from tests.fakes import briefed
from tests.fakes.translated import translated

ENGLISH = (
    "We measured 1,200 lamps in 3 harbours between 2019 and 2021 [4, 7]. The brightest lamp, ArcLight, "
    "reduces the cost by 95 % and takes twelve watts. Two of the lamps did not burn for 2.5 million seconds. "
    "See https://github.com/lamps/arc and Smith et al. (2020)."
)
CHINESE = (
    "我们在2019年至2021年间测量了3个港口的1200盏灯[4,7]。最亮的灯ArcLight将成本降低95%，功率为12瓦。其中两盏灯"
    "没有燃烧250万秒。见 https://github.com/lamps/arc 和 Smith et al.（2020）。"
)
PAPER = briefed.paper(9, title="Twelve lamps", abstract=ENGLISH)


def held(text: str, original: str = ENGLISH, *, language: str = "zh") -> Held:
    return hold(text, "abstract", briefed.paper(9, title="", abstract=original), language=language)


def test_a_faithful_translation_is_found_faithful() -> None:
    assert held(CHINESE) == Held()


@pytest.mark.parametrize(
    ("here", "there", "reason"),
    [
        ("95%", "59%", "number"),
        ("95%", "95倍", "unit"),
        ("1200盏", "1200公里", "unit"),
        ("12瓦", "", "number"),
        ("250万秒", "250秒", "number"),
        ("3个港口", "13个港口", "number"),
        ("两盏灯", "灯", "number"),
        ("2019年", "2018年", "number"),
        ("[4,7]", "[4]", "reference"),
        ("[4,7]", "[4,7,9]", "reference"),
        ("/lamps/arc", "/lamps/evil", "reference"),
        ("ArcLight", "OtherNet-9", "entity"),
        ("没有燃烧", "燃烧了", "negation"),
        ("降低95%", "提高95%", "direction"),
        ("我们在", "<b>我们</b>在", "foreign"),
        ("见 ", "请访问 https://evil.example 和 ", "foreign"),
    ],
)
def test_a_change_of_meaning_is_seen(here: str, there: str, reason: str) -> None:
    assert here in CHINESE

    assert reason in held(CHINESE.replace(here, there)).reasons


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("It gains 95 % here and there.", "它在各处提高了百分之九十五。"),
        ("It gains 95% here and there.", "它在各处提高了百分之95。"),
        ("It gains 5 percentage points here.", "它在这里提高了5个百分点。"),
        ("A road of 12 km leads to it.", "一条12公里的路通向它。"),
        ("A load of 3 kg hangs on it.", "上面挂着3公斤的重物。"),
        ("Three methods are better than both of them.", "三种方法比这两种都好。"),
        ("The second stage halves the cost of it.", "第二阶段将它的成本减半。"),
        ("It was built in the 1990s in a town.", "它于1990年代建在一座城里。"),
        ("It was lit on May 5, 2021 in a town.", "它于2021年5月5日在一座城里点亮。"),
        ("An 8B model with 2.5B tokens is used.", "使用了8B模型和25亿个词元。"),
        ("It is ten times as fast as before.", "它的速度是以前的十倍。"),
        ("We use 3-D images of twenty lamps.", "我们使用二十盏灯的三维图像。"),
        ("Hundreds of lamps burn for 5-10 seconds.", "数百盏灯燃烧5到10秒。"),
        ("Two-thirds of the lamps burn well.", "三分之二的灯燃烧良好。"),
    ],
)
def test_numbers_may_be_said_as_the_language_says_them(english: str, chinese: str) -> None:
    assert not {"number", "unit"} & set(held(chinese, english).reasons)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("It gains 95 % here and there.", "它在各处提高了百分之九十六。"),
        ("Three methods are better here.", "五种方法在这里更好。"),
        ("Two lamps burn in the harbour.", "灯在港口里燃烧。"),
        ("A lamp burns in the harbour here.", "两个灯在港口里燃烧。"),
        ("It gains 5 percentage points here.", "它在这里提高了5公里。"),
        ("It gains 3 and 5 points here.", "它在这里提高了3和3分。"),
    ],
)
def test_another_number_is_seen_however_it_is_written(english: str, chinese: str) -> None:
    assert {"number", "unit"} & set(held(chinese, english).reasons)


def test_a_translation_into_english_is_held_too() -> None:
    chinese = "本文提出一种面向缺失观测的显式建模方法。结果表明，该方法在三个数据集上将误差降低了12%。"
    english = (
        "This paper proposes a method that models missing observations explicitly. Results show that it "
        "reduces the error by 12 % on three datasets."
    )

    assert held(english, chinese, language="en") == Held()
    assert "number" in held(english.replace("12", "21"), chinese, language="en").reasons
    assert "number" in held(english.replace("three", "five"), chinese, language="en").reasons
    assert "direction" in held(english.replace("reduces", "increases"), chinese, language="en").reasons
    assert "language" in held(chinese, chinese, language="en").reasons


@pytest.mark.parametrize("text", ["", "。", "灯", ENGLISH, CHINESE * 9, "灯" * 400])
def test_what_is_no_translation_at_all_is_refused(text: str) -> None:
    assert {"language", "length"} & set(held(text).reasons)


def test_the_translation_of_another_paper_is_refused() -> None:
    texts = translated(1)
    paper = briefed.paper(9, title=texts.title, abstract=texts.abstract)

    for other in range(2, 6):
        assert hold(translated(other).abstract_zh, "abstract", paper, language="zh").reasons


def test_titles_are_held_by_themselves() -> None:
    assert hold("十二盏灯", "title", PAPER, language="zh") == Held()
    assert hold("十三盏灯", "title", PAPER, language="zh").reasons == ("number",)
    assert hold("95%的灯", "title", PAPER, language="zh").reasons == ("number",)


def test_a_name_that_is_not_carried_over_is_only_warned_of() -> None:
    assert held(CHINESE.replace("ArcLight", "弧光")) == Held((), ("entity",))


def test_sentences_are_compared_in_pairs_only_where_there_are_as_many() -> None:
    joined = CHINESE.replace("。其中", "，其中").replace("没有燃烧", "燃烧了")

    assert "negation" in held(CHINESE.replace("没有燃烧", "燃烧了")).reasons
    assert isinstance(held(joined), Held)


@given(st.text(max_size=300), st.text(min_size=1, max_size=300), st.sampled_from(["zh", "en"]))
def test_any_text_can_be_held_against_any_other(text: str, original: str, language: str) -> None:
    paper = briefed.paper(9, title=original[:40], abstract=f"A lamp. {original}")

    for part in ("title", "abstract"):
        assert isinstance(hold(text, part, paper, language=language), Held)


def test_nothing_has_no_translation() -> None:
    assert "length" in held("一盏灯照亮了整个港口，" * 40, " ").reasons
