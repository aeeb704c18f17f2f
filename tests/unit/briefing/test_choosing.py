"""Which sentences of papers are quoted, and that every one is verbatim."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from academichub.briefing.choosing import LONGEST_ABSTRACT, best, choose, contribution, result
from academichub.briefing.sentencefeatures import MOST_SENTENCES
from academichub.briefing.sentencescores import shipped
from academichub.model.briefing import Label, Maker, Paper

LAMPS = (
    "Rooms have long been dark and many people have complained. "
    "However, in this paper, we propose a copper lamp that glows for years without any wire. "
    "We train workers to hang copper lamps in rooms. "
    "Experiments show that the copper lamp glows 95% longer than bulbs in winter."
)


def paper(abstract: str, title: str = "", number: int = 1) -> Paper:
    return Paper(number, title, abstract, "0" * 16, date(2026, 5, 4), version="v2")


def test_the_contribution_is_what_the_authors_propose() -> None:
    evidence = contribution(paper(LAMPS, "Copper lamps"))

    assert evidence is not None
    assert evidence.quote.startswith("However, in this paper, we propose")
    assert (evidence.sentence, evidence.span.version, evidence.span.work_id) == (2, "v2", 1)


def test_a_paper_without_a_sentence_that_stands_alone_says_nothing() -> None:
    assert contribution(paper("")) is None
    assert contribution(paper("These glow. They also glow. It glows.")) is None


def test_background_is_never_a_contribution_unless_it_is_all_there_is() -> None:
    only = "Rooms have long been dark and many people have complained."

    assert contribution(paper(f"{only} These glow.")) is None
    alone = contribution(paper(only))
    assert alone is not None
    assert alone.quote == only


def test_a_heading_is_no_part_of_the_quote_and_one_alone_is_no_sentence() -> None:
    evidence = contribution(paper("METHODS: We propose a copper lamp that glows for years.\n\nRESULTS:"))

    assert evidence is not None
    assert evidence.quote == "We propose a copper lamp that glows for years."


def test_a_result_is_another_sentence_with_a_measure() -> None:
    work = paper(LAMPS, "Copper lamps")
    first = contribution(work)
    assert first is not None

    second = result(work, first)

    assert second is not None
    assert "95% longer" in second.quote
    assert second.span.start > first.span.end


def test_a_result_that_is_the_contribution_itself_or_says_the_same_is_none() -> None:
    alone = "Experiments show that our copper lamp glows 95% longer than bulbs in winter."
    twice = paper(f"{alone} {alone}")
    first = contribution(paper(alone))
    assert first is not None

    assert result(twice, first) is None


def test_a_year_or_a_name_with_a_number_measures_nothing() -> None:
    work = paper(
        "We propose a lamp that glows for years in rooms. Results show that GPT-4 glowed in 2024 at last."
    )
    first = contribution(work)
    assert first is not None

    assert result(work, first) is None


def test_a_theme_has_a_sentence_of_each_paper_and_then_results() -> None:
    wires = "We present a network of wires that finds thieves at night. It is dark."
    works = (paper(LAMPS, number=1), paper(wires, number=2), paper("", number=3))

    said = best(works, ("copper", "!"), 4)

    assert [one.evidence[0].span.work_id for one in said] == [1, 1, 2]
    assert all(one.label is Label.QUOTED and one.maker is Maker.EXTRACTIVE for one in said)
    assert said[0].text.startswith("We propose a copper lamp")


def test_a_theme_says_nothing_twice_and_no_more_than_is_wanted() -> None:
    works = (paper(LAMPS, number=1), paper(LAMPS, number=2))

    assert [one.evidence[0].span.work_id for one in best(works, (), 4)] == [1, 1]
    assert [one.evidence[0].span.work_id for one in best(works, (), 1)] == [1]
    assert best(works, (), 0) == ()


def test_a_result_that_another_paper_says_already_is_left_out() -> None:
    finding = "Experiments show that the copper lamp glows 95% longer than bulbs in winter."
    one = paper(f"We propose a copper lamp that needs no wire at all. {finding}", number=1)
    other = paper(f"We present a network that finds thieves at night. {finding}", number=2)

    said = best((one, other), (), 4)

    assert [each.evidence[0].span.work_id for each in said] == [1, 1, 2]


def test_a_theme_prefers_the_sentence_that_holds_its_terms() -> None:
    text = (
        "Rooms are dark. We study copper in all old rooms. "
        "We study why silver lamps glow in every river. They glow."
    )

    plain, fitting = best((paper(text),), (), 1), best((paper(text),), ("silver", "river"), 1)

    assert "copper" in plain[0].text
    assert "silver" in fitting[0].text


def test_neither_a_question_nor_a_teaser_is_preferred_to_a_whole_sentence() -> None:
    dark, good = "Rooms have long been dark.", "We build lamps that glow for years in dark rooms"

    for end, place in ((".", 1), ("?", 2), (" ...", 2)):
        assert choose("", (dark, good + end, good + ".", dark), shipped()) == place


def test_an_abstract_that_leans_throughout_is_still_chosen_from_by_score() -> None:
    assert choose("", ("They glow.", "It also glows in these rooms."), shipped()) in (0, 1)
    assert choose("", ["这种灯亮。"] * 200, shipped()) < MOST_SENTENCES


PIECES = st.sampled_from(
    (
        "We propose a lamp. ",
        "METHODS: ",
        "However, ",
        "It glows by 95 %. ",
        "本文提出一种灯。",
        "\n\n",
        "$x, y$ ",
        "RESULTS:",
    )
)


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES | st.text(max_size=30), max_size=12).map("".join), st.text(max_size=40))
def test_evidence_is_always_an_exact_part_of_the_abstract(abstract: str, title: str) -> None:
    work = paper(abstract, title)

    said = best((work,), (title[:5],), 2)

    for one in said:
        (evidence,) = one.evidence
        assert abstract[evidence.span.start : evidence.span.end] == evidence.quote
        assert evidence.quote
        assert evidence.quote.endswith(one.text[1:])


def test_what_lies_behind_the_longest_abstract_is_not_read() -> None:
    long = "x" * LONGEST_ABSTRACT + ". We propose a lamp."

    evidence = contribution(paper(long))

    assert evidence is None or evidence.span.end <= LONGEST_ABSTRACT
