"""What an arriving draft is, whatever is on the shelves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from academichub.intake.judging import judge
from academichub.model.lookalikes import Lookalikes
from academichub.model.papers import (
    Bond,
    Draft,
    Identifiers,
    Key,
    Kind,
    Known,
    New,
    Relation,
    Revised,
    Twin,
    Unchanged,
)
from tests.fakes.drafts import arxiv_draft, journal_draft, prose, sealed

if TYPE_CHECKING:
    import random


def shelved(draft: Draft, *, work_id: int = 7, manifestation_id: int = 70, is_said: bool = True) -> Known:
    """Give what the shelves hold once a draft is on them; `is_said` by the source that asks."""
    return Known(
        work_id=work_id,
        manifestation_id=manifestation_id,
        key=draft.key,
        fingerprint=draft.fingerprint,
        identifiers=draft.identifiers,
        said=draft.fingerprint if is_said else "",
        ties=tuple((one.scheme, one.value) for one in draft.relations if one.bond.is_same_work),
        is_record=draft.kind.is_record,
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


def test_another_sources_record_of_the_same_version_completes_its_row() -> None:
    known = shelved(arxiv_draft(title="As the feed has it"), is_said=False)

    assert judge(arxiv_draft(title="As the archive has it"), [known]) == Twin(7, "source", 70)


def test_what_a_source_said_before_is_unchanged_though_another_has_completed_it() -> None:
    feed = arxiv_draft(title="As the feed has it")
    known = replace(shelved(arxiv_draft(title="As the archive has it")), said=feed.fingerprint)

    assert judge(feed, [known]) == Unchanged(7, 70)


def test_a_record_that_counts_no_versions_describes_the_newest() -> None:
    first = shelved(arxiv_draft(version=1), manifestation_id=70)
    second = shelved(arxiv_draft(version=2, title="Second"), manifestation_id=71, is_said=False)
    record = sealed(replace(arxiv_draft(title="Archived"), version=None))

    assert judge(record, [first, second]) == Twin(7, "source", 71)


def test_a_preprint_that_names_its_article_is_a_twin_of_it_and_the_other_way_round() -> None:
    article = journal_draft("10.5555/article")
    said = Relation(Bond.PREPRINT_OF, "doi", "10.5555/article")
    preprint = sealed(
        replace(
            journal_draft("10.1101/2026.01.01.000001", kind=Kind.PREPRINT),
            key=Key("biorxiv.org", "10.1101/2026.01.01.000001"),
            relations=(said,),
        )
    )

    assert judge(preprint, [shelved(article)]) == Twin(of=7, because="preprint-of")
    assert judge(article, [shelved(preprint)]) == Twin(of=7, because="said")


def test_a_paper_that_ties_two_works_together_joins_them_into_the_older() -> None:
    draft = journal_draft("10.5555/a", arxiv="2606.00001")
    by_doi = shelved(replace(journal_draft("10.5555/a"), key=Key("other.example", "x")), work_id=9)
    by_arxiv = shelved(arxiv_draft("2606.00001"), work_id=3, manifestation_id=30)
    at_home = shelved(draft, work_id=5, manifestation_id=50)

    assert judge(draft, [by_arxiv, by_doi]) == Twin(of=9, because="doi", joins=(3,))
    assert judge(draft, [by_arxiv, by_doi, at_home]) == Unchanged(5, 50, joins=(9, 3))


def test_a_retraction_notice_is_no_copy_of_what_it_retracts() -> None:
    said = Relation(Bond.RETRACTS, "doi", "10.5555/a")
    notice = sealed(replace(journal_draft("10.5555/r", kind=Kind.RETRACTION), relations=(said,)))

    assert judge(notice, [shelved(journal_draft("10.5555/a"))]) == New()


def test_two_journal_articles_with_dois_of_their_own_are_two_whatever_else_they_share() -> None:
    one = journal_draft("10.5555/a", arxiv="2606.00001")
    other = replace(journal_draft("10.5555/b", arxiv="2606.00001"), key=Key("other.example", "b"))

    assert judge(one, [shelved(other)]) == New()


def test_another_places_copy_is_a_twin_by_its_strongest_identifier() -> None:
    copy = journal_draft("10.5555/a", arxiv="2606.00001")
    by_doi = shelved(replace(journal_draft("10.5555/a"), key=Key("other.example", "x")), work_id=9)
    by_arxiv = shelved(arxiv_draft("2606.00001"), work_id=3)

    assert judge(copy, [by_doi]) == Twin(of=9, because="doi")
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
        case Unchanged(work_id, manifestation_id, _):
            assert (work_id, manifestation_id) in {(one.work_id, one.manifestation_id) for one in here}
        case Revised(work_id, manifestation_id, because, _):
            assert work_id in {one.work_id for one in here}
            assert (manifestation_id is None) == (because == "version")
        case Twin(work_id, because, _, _):
            at_home = because in {"version", "source"}
            assert work_id in {one.work_id for one in (here if at_home else tied)}


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

    assert isinstance(verdict, Unchanged)
    assert (verdict.work_id, verdict.manifestation_id) == (99, 990)
