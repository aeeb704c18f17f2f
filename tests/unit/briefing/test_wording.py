"""Words, names and their weights."""

from __future__ import annotations

import pytest

from academichub.briefing.simplechecks import has_new_words, is_outside_sets
from academichub.briefing.weighing import RARE, coverage, learn_weights, weight_of
from academichub.briefing.wording import content, cut_words, names, source_names, word_list


def test_a_sentence_is_cut_into_words_of_five_kinds() -> None:
    words = cut_words("We don't use GPT4's 3 lamps, cannot see 95 % 灯")

    assert [(word.key, word.kind) for word in words] == [
        ("we", "function"), ("do", "function"), ("not", "function"), ("use", "function"), ("gpt4", "name"),
        ("s", "function"), ("#", "number"), ("lamp", "content"), ("can", "function"), ("not", "function"),
        ("see", "content"), ("#", "number"), ("%", "sign"), ("灯", "content"),
    ]  # fmt: skip
    assert [word.raw for word in words if word.is_first] == ["We", "can"]


def test_content_is_stems_and_pairs_of_chinese_characters() -> None:
    assert content("The lamps of ResNet50 灯具的") == ("lamp", "resnet50", "灯具", "具的")


def test_names_are_what_has_capitals_where_no_sentence_begins() -> None:
    assert names("Lamps by Edison use LED and X-Net. Then a 3D one") == ("Edison", "LED", "X-Net", "3D")


@pytest.mark.parametrize("name", ["XNet", "X-Nets", "LEDs", "Edison-LED", "LLM"])
def test_a_source_holds_a_name_in_other_spellings(name: str) -> None:
    assert source_names("Edison's X-Net has an LED: a large language model").holds(name)


@pytest.mark.parametrize("name", ["YNet", "Edison-Foo", "AB", "A-B"])
def test_a_source_does_not_hold_other_names(name: str) -> None:
    assert not source_names("Edison's X-Net has an LED").holds(name)


def test_a_list_of_words_has_their_stems() -> None:
    assert {"hardly", "fails", "fail", "not"} <= word_list("denial")


def test_rare_words_weigh_more_in_coverage() -> None:
    source = frozenset(content("We classify photovoltaic lamps"))

    assert coverage((), source) == 1.0
    assert coverage(content("photovoltaic lamps"), source) == 1.0
    assert 0.0 < coverage(content("lamps and classification"), source) < 1.0
    assert coverage(content("gravitational waves"), source) == 0.0
    assert weight_of("no such stem") == RARE


def test_weights_are_learned_from_how_many_texts_hold_a_stem() -> None:
    weights = learn_weights(["lamps and rooms", "a lamp", "rooms"])

    assert weights == {"lamp": 0.41, "room": 0.41}


def test_simple_checks_compare_sets() -> None:
    source = "We improve lamps by 3 % with LED in two rooms."

    assert not is_outside_sets("With LED, two lamps improve.", source)
    assert is_outside_sets("Lamps by 4 %.", source)
    assert is_outside_sets("We improve lamps with OLED", source)
    assert is_outside_sets("We do not improve lamps", source)
    assert not has_new_words("lamps by 3 %", source)
    assert has_new_words("lamps by 4 %", source)
    assert has_new_words("green lamps", source)
