"""What a sentence does in its abstract."""

from __future__ import annotations

import pytest

from academichub.briefing.roles import heading_of, role_at, role_of, roles
from academichub.model.briefing import Role
from academichub.text.sentences import sentences

PLAIN = (
    "Lamps have long been studied in dark rooms. In this paper, we propose a brighter lamp. "
    "We train a network on lamps using gradient descent. Our lamp achieves 95 % and "
    "outperforms others by 3 %. "
    "However, our approach is limited to small rooms."
)


def test_a_plain_abstract_is_told_by_its_cues_and_places() -> None:
    assert roles(PLAIN) == (Role.BACKGROUND, Role.AIM, Role.METHOD, Role.RESULT, Role.LIMIT)


@pytest.mark.parametrize(
    "text", [PLAIN, "AIMS: We dim lamps. METHODS: A dimmer. It turns. RESULTS: It is dark."]
)
def test_the_role_of_one_sentence_is_the_one_it_has_among_all(text: str) -> None:
    spans = sentences(text)

    assert tuple(role_at(text, spans, at) for at in range(len(spans))) == roles(text)


def test_what_stands_below_a_heading_is_of_its_kind() -> None:
    text = "OBJECTIVE: Lamps matter. METHODS: We lit some. They were many. RESULTS: We found light."

    assert roles(text) == (Role.AIM, Role.METHOD, Role.METHOD, Role.RESULT)


def test_a_limit_is_told_among_the_conclusions() -> None:
    text = "CONCLUSIONS: Lamps give light. However, our approach is limited to small rooms."

    assert roles(text) == (Role.RESULT, Role.LIMIT)


@pytest.mark.parametrize(
    ("sentence", "role"),
    [("METHODS: We", Role.METHOD), ("【目的】研究", Role.AIM), ("Limitations. We", Role.LIMIT)],
)
def test_a_heading_is_found_where_it_opens_a_sentence(sentence: str, role: Role) -> None:
    found = heading_of(sentence)

    assert found is not None
    assert found[0] is role


def test_a_heading_decides_and_a_word_like_one_does_not() -> None:
    assert heading_of("Methods that work are rare.") is None
    assert role_of("RESULTS: In this paper we propose a lamp.", 0, 3) is Role.RESULT
    assert role_of("Lamps.", 0, 1) in set(Role)
    assert roles("") == ()
