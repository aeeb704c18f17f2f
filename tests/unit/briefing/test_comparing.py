"""What a near copy may leave out of its sentence, and what it may not."""

from __future__ import annotations

from academichub.briefing.comparing import compare, source_of
from academichub.briefing.foreign import is_foreign


def reasons(text: str, source: str) -> tuple[str, ...]:
    return compare(text, [source_of("", source)]).reasons


def test_a_word_that_stands_in_another_place_is_a_change() -> None:
    source = "The bright lamp lights the long road at night without any wires."

    assert reasons("The lamp lights the bright long road at night without any wires.", source) == ("altered",)


def test_a_sentence_may_not_lose_the_denial_that_opens_it() -> None:
    source = "We do not find that lamps improve the sleep of older people in large cities."

    assert "negation" in reasons("Lamps improve sleep of older people in large cities.", source)


def test_a_comparison_behind_a_comma_may_go() -> None:
    source = "Our lamps shine over the long roads of the city in winter, unlike others."

    assert reasons("Our lamps shine over the long roads of a city in winter.", source) == ()


def test_a_link_of_the_cited_abstract_is_allowed() -> None:
    abstract = "We draw lamps. Code: https://github.com/a/lamps."

    assert not is_foreign("Code of the lamps is at https://github.com/a/lamps", [abstract])
    assert is_foreign("Code of the lamps is at https://github.com/b/lamps", [abstract])


def test_what_points_down_where_its_source_only_points_up_is_turned_round() -> None:
    source = "Lamps raised the number of walkers, and more shops opened late."

    assert "direction" in reasons("Fewer people walked about when there were lamps around.", source)


def test_a_denial_that_no_sentence_of_the_source_has_is_one_whatever_the_wording() -> None:
    source = "Lamps raised the number of walkers, and more shops opened late."

    assert "negation" in reasons("People never went out where streets were lit.", source)
