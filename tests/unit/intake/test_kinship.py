"""Comparing works by their text: the guards before it, and the choice after it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.kinship import (
    best_match,
    keys_of,
    may_be_one,
    notice_of,
    prepared,
    prepared_likeness,
)
from academichub.model.kinship import Finding, Likeness
from academichub.model.papers import Author, Bond, Identifiers, Kind, Relation
from academichub.text.titles import title_key
from tests.fakes.drafts import journal_draft, prose

TITLE = "Slow Light in Photonic Crystals of Imaginary Materials"
PEOPLE = ("Ada Example", "Bo Sample", "Cy Placeholder")


def a_work(work_id: int = 1, *, title: str = TITLE, **parts: Any) -> Likeness:
    """Make a journal article."""
    told: dict[str, Any] = {
        "authors": PEOPLE,
        "venue": "Journal of Examples",
        "year": 2026,
        "identifiers": Identifiers(doi="10.5555/a"),
        "kind": Kind.ARTICLE,
        "place": "journal.example",
        "title_key": title_key(title),
    }
    return Likeness(work_id=work_id, title=title, **(told | parts))


def a_preprint(work_id: int = 2, **parts: Any) -> Likeness:
    """Make what the article was before, at arXiv."""
    told: dict[str, Any] = {
        "venue": "arXiv",
        "place": "arxiv",
        "kind": Kind.PREPRINT,
        "identifiers": Identifiers(arxiv="2606.00001"),
    }
    return a_work(work_id, **(told | parts))


# -- guards ---------------------------------------------------------------------------------------


def test_a_preprint_and_an_article_may_be_one() -> None:
    assert may_be_one(a_work(), a_preprint())


def test_two_papers_of_one_place_are_two() -> None:
    assert not may_be_one(a_preprint(1), a_preprint(2))
    assert not may_be_one(a_work(1, identifiers=Identifiers()), a_work(2, identifiers=Identifiers()))


def test_two_versions_of_record_with_dois_of_their_own_are_two() -> None:
    elsewhere = a_work(2, place="crossref", identifiers=Identifiers(doi="10.5555/b"))

    assert not may_be_one(a_work(), elsewhere)
    assert may_be_one(a_work(), replace(elsewhere, identifiers=Identifiers(doi="10.5555/a")))
    assert may_be_one(a_work(), replace(elsewhere, identifiers=Identifiers(pmid="42")))
    assert may_be_one(a_work(), replace(elsewhere, kind=Kind.PREPRINT))


def test_two_papers_with_names_of_their_own_at_arxiv_are_two() -> None:
    seen = a_preprint(1, place="semanticscholar")

    assert not may_be_one(seen, a_preprint(2, identifiers=Identifiers(arxiv="2606.00002")))
    assert may_be_one(seen, a_preprint(2))
    assert may_be_one(seen, a_preprint(2, identifiers=Identifiers()))


@pytest.mark.parametrize(
    "kind", [Kind.CORRECTION, Kind.RETRACTION, Kind.NEWS, Kind.EDITORIAL, Kind.POST, Kind.DATASET]
)
def test_a_notice_news_or_a_dataset_is_never_the_paper_it_is_about(kind: Kind) -> None:
    about = a_work(kind=kind, identifiers=Identifiers())

    assert not may_be_one(about, a_preprint())
    assert not may_be_one(a_preprint(), about)


PLACES = st.sampled_from(["arxiv", "journal.example", "crossref"])
NAMES = st.builds(
    Identifiers,
    doi=st.sampled_from([None, "10.5555/a", "10.5555/b"]),
    arxiv=st.sampled_from([None, "2606.00001", "2606.00002"]),
)
WORKS = st.builds(
    a_work,
    st.integers(1, 9),
    title=st.sampled_from([TITLE, "Another title altogether", "", "更正"]),
    kind=st.sampled_from(Kind),
    place=PLACES,
    identifiers=NAMES,
    year=st.none() | st.integers(2020, 2026),
    authors=st.sampled_from([(), PEOPLE, ("X",)]),
    venue=st.sampled_from(["", "Journal of Examples", "arXiv"]),
)


@given(WORKS, WORKS)
def test_the_guards_do_not_care_which_comes_first(one: Likeness, other: Likeness) -> None:
    assert may_be_one(one, other) == may_be_one(other, one)


# -- the best of several --------------------------------------------------------------------------


def test_the_same_title_by_the_same_people_is_surely_the_same_work() -> None:
    found = best_match(a_work(9), [a_preprint(2)])

    assert isinstance(found, Finding)
    assert (found.work_id, found.is_sure) == (2, True)
    assert 0.5 < found.score <= 1
    assert found.reasons
    assert all(one.weight == round(one.weight, 3) for one in found.reasons)


def test_nothing_alike_is_no_match() -> None:
    other = a_preprint(title="The Mating Habits of Unicorns", authors=("Zed Nobody",))

    assert best_match(a_work(9), [other]) is None
    assert best_match(a_work(9), []) is None


def test_what_the_guards_rule_out_is_not_compared() -> None:
    assert best_match(a_work(9), [a_work(2, identifiers=Identifiers(doi="10.5555/b"))]) is None


def test_of_several_the_likeliest_is_found_and_of_equals_the_oldest() -> None:
    less = a_preprint(1, title=f"{TITLE}: A Survey", authors=PEOPLE[:1], year=2020)
    same = [a_preprint(number, identifiers=Identifiers(arxiv=f"2606.0000{number}")) for number in (5, 3, 7)]

    found = best_match(a_work(9), [less, *same])

    assert found is not None
    assert found.work_id == 3


@given(WORKS, st.lists(WORKS, max_size=4))
def test_whatever_is_compared_a_match_is_one_of_those_that_may_be(
    this: Likeness, others: list[Likeness]
) -> None:
    found = best_match(this, others)

    if found is not None:
        assert 0 <= found.score <= 1
        assert found.work_id in {one.work_id for one in others if may_be_one(this, one)}


def test_a_draft_and_its_work_on_the_shelf_look_for_their_like_under_the_same_keys() -> None:
    draft = replace(
        journal_draft("10.5555/a"),
        title=prose(TITLE),
        authors=tuple(map(Author, PEOPLE)),
        venue="Journal of Examples",
    )

    assert keys_of(prepared(draft)) == keys_of(prepared_likeness(a_work()))
    assert len(keys_of(prepared(draft))) > 1
    assert prepared(draft) == prepared_likeness(a_work())
    assert prepared(replace(draft, published=None)).year is None


# -- notices --------------------------------------------------------------------------------------


def a_notice(title: str = f"Author Correction: {TITLE}", **parts: Any) -> Likeness:
    told: dict[str, Any] = {"kind": Kind.CORRECTION, "identifiers": Identifiers(doi="10.5555/c")}
    return a_work(9, title=title, **(told | parts))


def test_a_correction_belongs_to_the_paper_whose_title_it_carries() -> None:
    assert notice_of(a_notice(), [a_work()]) == Relation(Bond.CORRECTS, "doi", "10.5555/a")


def test_a_retraction_belongs_to_what_it_retracts() -> None:
    notice = a_notice(f"Retraction Note: {TITLE}", kind=Kind.RETRACTION)

    assert notice_of(notice, [a_work()]) == Relation(Bond.RETRACTS, "doi", "10.5555/a")


@pytest.mark.parametrize(
    "others",
    [
        [],
        [a_work(title="Another title")],
        [a_work(venue="Another Journal")],
        [a_work(identifiers=Identifiers(pmid="42"))],
        [a_work(kind=Kind.CORRECTION)],
        [a_work(kind=Kind.RETRACTION)],
        [a_work(1), a_work(2, identifiers=Identifiers(doi="10.5555/b"))],
    ],
    ids=["nothing", "title", "venue", "no DOI", "correction", "retraction", "two of them"],
)
def test_a_notice_is_tied_to_one_paper_of_its_own_journal_or_to_none(others: list[Likeness]) -> None:
    assert notice_of(a_notice(), others) is None


def test_a_notice_passes_over_the_notices_beside_its_paper() -> None:
    others = [a_notice(), a_work(2), a_work(3, title="Another title")]

    assert notice_of(a_notice(), others) == Relation(Bond.CORRECTS, "doi", "10.5555/a")


def test_papers_of_no_journal_are_not_of_the_same_one() -> None:
    assert notice_of(a_notice(venue=""), [a_work(venue="")]) is None


def test_a_notice_without_a_title_is_tied_to_nothing() -> None:
    assert notice_of(a_notice("***"), [a_work(title="***")]) is None


@pytest.mark.parametrize("kind", [Kind.ARTICLE, Kind.NEWS, Kind.EDITORIAL, Kind.PREPRINT])
def test_only_notices_are_tied(kind: Kind) -> None:
    assert notice_of(a_notice(kind=kind), [a_work()]) is None
