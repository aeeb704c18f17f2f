"""What is learned as a concept, and where it is found. All papers are made up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academichub.briefing import conceptkeeping
from academichub.briefing.concepts import Concepts, learn_concepts
from academichub.briefing.senses import learn_directions, mean_direction
from tests.fakes.fieldpapers import HOME, LAST_DAY, WORDS, background, made_paper

if TYPE_CHECKING:
    from academichub.model.briefing import Paper


@pytest.fixture(scope="module")
def concepts() -> Concepts:
    return learn_concepts(background())


def same(one: Concepts, other: Concepts) -> bool:
    arrays, others = conceptkeeping.to_arrays(one), conceptkeeping.to_arrays(other)
    return all(np.array_equal(arrays[name], others[name]) for name in arrays)


def test_a_phrase_is_a_concept_and_its_words_alone_are_none(concepts: Concepts) -> None:
    assert "frequency comb" in concepts.number
    assert "frequency" not in concepts.number
    assert "comb" not in concepts.number


def test_how_many_papers_and_which_fields_use_a_concept_is_counted(concepts: Concepts) -> None:
    number = concepts.number["transit"]

    assert concepts.df[number] == 10
    assert concepts.titles[number] == 5
    assert concepts.uses(number).keys() == {"astro-ph.EP"}
    assert concepts.use(number, "astro-ph").count == 10
    assert concepts.use(number, "cs.LG") == (0, 0, None)
    assert concepts.field_size("cs") == (
        240,
        concepts.field_size("cs.LG")[1] + concepts.field_size("cs.CY")[1],
    )


def test_the_past_year_and_the_first_day_are_those_of_the_papers() -> None:
    days = [LAST_DAY, LAST_DAY - timedelta(days=364), LAST_DAY - timedelta(days=365), date(2020, 1, 1)]
    papers = [
        made_paper(at, "A copper lamp", "The copper lamp glows.", on=day) for at, day in enumerate(days)
    ]

    use = learn_concepts(papers).use(0, "cs.LG")

    assert use == (4, 2, date(2020, 1, 1))


def test_concepts_are_written_as_most_papers_write_them() -> None:
    papers = [
        made_paper(1, "GLOW-MATCHING LAMPS", "We like Glow-matching lamps."),
        made_paper(2, "Glow matching lamp", "We like glow-matching lamps."),
        made_paper(3, "Glow matching lamp", "We like glow-matching lamps."),
    ]

    learned = learn_concepts(papers)

    assert learned.surfaces == ("glow-matching lamps",)


def test_concepts_are_found_in_title_and_abstract_with_their_places(concepts: Concepts) -> None:
    abstract = "The frequency-comb and a transit, no transit-timing."
    found = concepts.of(made_paper(1, "Frequency combs", abstract))

    assert [concepts.names[one.concept] for one in found.title] == ["frequency comb"]
    assert [abstract[one.start : one.end] for one in found.abstract] == ["frequency-comb", "transit"]
    assert len(found.numbers) == 2


def test_a_concept_ends_before_a_tail_and_not_inside_a_compound(concepts: Concepts) -> None:
    found = concepts.of("A transit-based search, a non-transit star").abstract

    assert [concepts.names[one.concept] for one in found] == ["transit", "star"]


def test_an_apostrophe_inside_a_name_does_not_part_it() -> None:
    papers = [made_paper(at, "Zel'dovich lamps", "Newton's Zel’dovich lamps glow.") for at in range(3)]

    learned = learn_concepts(papers)

    assert learned.names == ("zeldovich lamp",)
    assert learned.surfaces == ("Zel’dovich lamps",)


def test_a_mark_or_a_stop_word_parts_a_phrase(concepts: Concepts) -> None:
    assert concepts.of("The frequency, comb; frequency and comb, a frequency").abstract == ()


def test_a_concept_has_four_words_at_most() -> None:
    papers = [
        made_paper(at, "Warm copper oil lamp shade", "A warm copper oil lamp shade.") for at in range(4)
    ]

    learned = learn_concepts(
        [*papers, *(made_paper(9 + at, "Lamp shade", "Warm copper.") for at in range(4))]
    )

    assert max(name.count(" ") for name in learned.names) <= 3
    assert all(name.count(" ") <= 3 for name in (learned.names[one] for one in learned.of(papers[0]).numbers))


def test_a_phrase_does_not_begin_with_an_inner_word_or_end_with_an_open_one() -> None:
    papers = [made_paper(at, "Mixture of lamps", "A mixture of lamps, lamp-aware shade.") for at in range(12)]

    learned = learn_concepts(papers)

    assert "mixture of lamp" in learned.number
    assert "of lamp" not in learned.number
    assert "lamp aware" not in learned.number


def test_common_words_are_no_concepts_in_a_large_background() -> None:
    papers = [made_paper(at, "Lamps", "Lamps glow.") for at in range(300)]

    assert not len(learn_concepts(papers))


@pytest.mark.parametrize("papers", [[], [made_paper(1, "", "")], [made_paper(1, "Lamps", "Lamps glow.", "")]])
def test_where_there_is_nothing_to_learn_nothing_is_found(papers: list[Paper]) -> None:
    learned = learn_concepts(papers)

    assert len(learned) == 0
    assert learned.of("Lamps glow.").abstract == ()
    assert learned.spread.shape == (0,)


def test_papers_without_a_field_count_without_one() -> None:
    papers = [made_paper(at, "A copper lamp", "The copper lamp glows.", "") for at in range(3)]

    learned = learn_concepts(papers)

    assert learned.df.tolist() == [3]
    assert learned.uses(0) == {}


def test_two_runs_learn_the_same_to_the_last_bit(concepts: Concepts) -> None:
    assert same(concepts, learn_concepts(background()))


def test_concepts_are_kept_and_put_together_again(concepts: Concepts) -> None:
    again = conceptkeeping.from_arrays(conceptkeeping.to_arrays(concepts))

    assert same(concepts, again)
    assert again.of("a frequency comb") == concepts.of("a frequency comb")


def test_nothing_learned_is_kept_too() -> None:
    again = conceptkeeping.from_arrays(conceptkeeping.to_arrays(learn_concepts([])))

    assert len(again) == 0


def test_arrays_that_do_not_fit_are_refused(concepts: Concepts) -> None:
    arrays = conceptkeeping.to_arrays(concepts)

    with pytest.raises(ValueError, match="form 9"):
        conceptkeeping.from_arrays(arrays | {"form": np.array([9])})
    with pytest.raises(ValueError, match="do not fit"):
        conceptkeeping.from_arrays(arrays | {"df": arrays["df"][1:]})
    with pytest.raises(ValueError, match="do not fit"):
        conceptkeeping.from_arrays(arrays | {"starts": arrays["starts"][:0]})
    with pytest.raises(KeyError):
        conceptkeeping.from_arrays({"form": np.array([1])})


def test_a_term_points_where_the_words_of_its_field_do(concepts: Concepts) -> None:
    def alike(term: str, category: str) -> float:
        words = [concepts.number[word] for word in WORDS[category].split() if word in concepts.number]
        middle = mean_direction(words, concepts.directions, concepts.idf)
        return float(concepts.directions[concepts.number[term]] @ middle)

    for term, home in HOME.items():
        assert alike(term, home) > max(alike(term, other) for other in WORDS if other != home)


def test_a_concept_that_is_never_used_points_nowhere() -> None:
    none = np.zeros(0, dtype=np.int64)

    assert not learn_directions(none, none, np.ones(3), 2).any()
    assert not mean_direction([], np.ones((3, 4), dtype=np.float32), np.ones(3)).any()
    one = np.array([0, 0, 1]), np.array([0, 1, 1])
    assert not learn_directions(*one, np.ones(3), 2)[2].any()


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.text(alphabet="ab -$.,s\\é深7", max_size=60), max_size=6), text=st.text(max_size=80))
def test_any_text_is_read_and_what_is_found_stands_where_it_says(texts: list[str], text: str) -> None:
    learned = learn_concepts(made_paper(at, each, each) for at, each in enumerate(texts))
    for each in (*texts, text):
        for found in learned.of(each).abstract:
            assert 0 <= found.start < found.end <= len(each)
