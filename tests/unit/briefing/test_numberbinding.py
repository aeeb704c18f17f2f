"""Numbers stay with the nouns that their source gives them to."""

from __future__ import annotations

import pytest

from academichub.briefing.numberchecks import number_reasons

SOURCE = (
    "Our lamp reduces the failure rate of cables from 12.4% to 3.1%, and after a year of tests in the cold "
    "it reaches an efficiency of 95% on three roads. It needs 40 W and works at 2.5 million places."
)


def reasons(text: str, source: str = SOURCE) -> tuple[str, ...]:
    return tuple(number_reasons(text, [source]))


@pytest.mark.parametrize(
    "text",
    [
        "With an efficiency of 95% the lamp fails in 3.1% of all cables.",
        "Failure drops from 12.4% to 3.1%.",
        "The lamp cuts the failure rate to 3.1%.",
        "An efficiency of 95 percent is reached on 3 roads.",
        "It needs 40 W, 95% efficient.",
        "在三个道路上效率达到95%，在250万个地点工作。",
        "提出一种灯，效率达到95%。",
        "故障率从12.4%降低到3.1%。",
        "No number at all.",
    ],
)
def test_numbers_in_other_words_pass(text: str) -> None:
    assert reasons(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "It reaches 12.4% efficiency.",
        "Failure drops from 3.1% to 12.4%.",
        "故障率从3.1%降低到12.4%。",
        "效率12.4%。",
        "12.4%的效率。",
    ],
)
def test_a_number_that_belongs_to_another_noun_is_swapped(text: str) -> None:
    assert "swapped" in reasons(text)


@pytest.mark.parametrize("text", ["在五个道路上工作。", "效率达到百分之九十四。"])
def test_a_chinese_numeral_that_the_source_has_not_is_a_wrong_number(text: str) -> None:
    assert "number" in reasons(text)


def test_a_chinese_numeral_is_read_where_no_digit_stands() -> None:
    assert reasons("效率达到百分之九十五。") == ()


def test_numbers_of_other_units_do_not_compete() -> None:
    source = "The dimmer saves 30 W per lamp, though a pole stands 8 m from the next one in the row, of ten."

    assert reasons("Poles stand 8 m apart and save 30 W.", source) == ()


def test_a_noun_near_no_other_number_says_nothing() -> None:
    source = "Noise is 5% here. Far away from all of this, and much later in the text, stands a signal of 7%."

    assert reasons("We see 7% noise.", source) == ("swapped",)
    assert reasons("We see 7% here at sea.", "It is 7%.") == ()


def test_numbers_in_names_and_in_words_have_no_noun_of_their_own() -> None:
    assert reasons("Three lamps in 4D by GPT-4.", "We draw three lamps in 4D by GPT-4.") == ()
