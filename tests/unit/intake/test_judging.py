"""What an arriving draft is, whatever is on the shelves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.judging import judge
from academichub.model.lookalikes import Lookalikes
from academichub.model.papers import Draft, Identifiers, Key, Known, New, Revised, Twin, Unchanged
from tests.fakes.drafts import arxiv_draft, journal_draft, prose, sealed

if TYPE_CHECKING:
    import random


def shelved(draft: Draft, *, work_id: int = 7, manifestation_id: int = 70) -> Known:
    """Give what the shelves hold once a draft is on them."""
    return Known(
        work_id=work_id,
        manifestation_id=manifestation_id,
        key=draft.key,
        fingerprint=draft.fingerprint,
        identifiers=draft.identifiers,
        abstract_length=len(draft.abstract.plain) if draft.abstract else 0,
        is_teaser=draft.is_teaser,
    )


def test_nothing_alike_is_new() -> None:
    assert judge(arxiv_draft(), []) == New()


def test_the_same_draft_again_is_unchanged() -> None:
    draft = arxiv_draft()

    assert judge(draft, [shelved(draft)]) == Unchanged(7, 70)


def test_a_higher_version_revises_without_a_row_to_rewrite() -> None:
    known = shelved(arxiv_draft(version=1))

    assert judge(arxiv_draft(version=2), [known]) == Revised(of=7, manifestation_id=None, because="version")


def test_an_older_version_that_comes_late_revises_nothing() -> None:
    known = shelved(arxiv_draft(version=3))

    assert judge(arxiv_draft(version=2), [known]) == Twin(of=7, because="version")


def test_a_corrected_record_of_the_same_version_rewrites_its_row() -> None:
    known = shelved(arxiv_draft(title="Old"))

    assert judge(arxiv_draft(title="New"), [known]) == Revised(of=7, manifestation_id=70, because="content")


@pytest.mark.parametrize("arriving", [None, "A standfirst."])
def test_a_teaser_or_nothing_never_takes_the_place_of_an_abstract(arriving: str | None) -> None:
    known = shelved(journal_draft(abstract="A whole abstract.", is_teaser=False))

    assert judge(journal_draft(abstract=arriving), [known]) == Unchanged(7, 70)


def test_an_abstract_takes_the_place_of_a_teaser_and_of_nothing() -> None:
    whole = journal_draft(abstract="A whole abstract.", is_teaser=False)

    for abstract in (None, "A standfirst."):
        assert isinstance(judge(whole, [shelved(journal_draft(abstract=abstract))]), Revised)


def test_another_places_copy_is_a_twin_by_its_strongest_identifier() -> None:
    copy = journal_draft("10.5555/a", arxiv="2606.00001")
    by_doi = shelved(replace(journal_draft("10.5555/a"), key=Key("other.example", "x")), work_id=9)
    by_arxiv = shelved(arxiv_draft("2606.00001"), work_id=3)

    assert judge(copy, [by_arxiv, by_doi]) == Twin(of=9, because="doi")
    assert judge(copy, [by_arxiv]) == Twin(of=3, because="arxiv")


NAMES = st.sampled_from(["2606.00001", "2606.00002"])
DOIS = st.sampled_from([None, "10.5555/a", "10.5555/b"])


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Draw drafts that are often alike."""
    name, doi, version = draw(NAMES), draw(DOIS), draw(st.integers(1, 3))
    place = draw(st.sampled_from(["arxiv", "journal.example"]))
    abstract = draw(st.sampled_from([None, "Short.", "A longer abstract."]))
    draft = arxiv_draft(name, version=version)
    return sealed(
        replace(
            draft,
            key=Key(place, name, version),
            identifiers=Identifiers(doi=doi, arxiv=draw(st.sampled_from([None, name]))),
            abstract=prose(abstract) if abstract else None,
            is_teaser=draw(st.booleans()),
        )
    )


@st.composite
def shelves(draw: st.DrawFn) -> list[Known]:
    """Draw what the shelves hold: rows with numbers of their own."""
    held = draw(st.lists(st.tuples(drafts(), st.integers(1, 4)), max_size=6))
    return [shelved(one, work_id=work, manifestation_id=number) for number, (one, work) in enumerate(held, 1)]


@given(drafts(), shelves())
def test_a_verdict_says_what_the_shelves_say(draft: Draft, known: list[Known]) -> None:
    verdict = judge(draft, Lookalikes(known).of(draft))

    here = [one for one in known if (one.key.place, one.key.item) == (draft.key.place, draft.key.item)]
    tied = [one for one in known if set(one.identifiers.pairs()) & set(draft.identifiers.pairs())]
    match verdict:
        case New():
            assert not here
            assert not tied
        case Unchanged(work_id, manifestation_id):
            assert (work_id, manifestation_id) in {(one.work_id, one.manifestation_id) for one in here}
        case Revised(work_id, manifestation_id, because):
            assert work_id in {one.work_id for one in here}
            assert (manifestation_id is None) == (because == "version")
        case Twin(work_id, because):
            assert work_id in {one.work_id for one in (here if because == "version" else tied)}


@given(drafts(), shelves(), st.randoms(use_true_random=False))
def test_the_order_of_lookalikes_makes_no_difference(
    draft: Draft, known: list[Known], dice: random.Random
) -> None:
    shuffled = list(known)
    dice.shuffle(shuffled)

    assert judge(draft, shuffled) == judge(draft, known)


@given(drafts(), shelves())
def test_what_was_shelved_is_unchanged_when_it_comes_again(draft: Draft, known: list[Known]) -> None:
    kept = [one for one in known if (one.key.place, one.key.item) != (draft.key.place, draft.key.item)]

    verdict = judge(draft, [*kept, shelved(draft, work_id=99, manifestation_id=990)])

    assert verdict == Unchanged(99, 990)
