"""What an arriving draft could be, while its batch is judged."""

from __future__ import annotations

from dataclasses import replace

from academichub.model.lookalikes import Lookalikes, names_of
from academichub.model.papers import Bond, Draft, Identifiers, Known, Relation
from tests.fakes.drafts import arxiv_draft, journal_draft


def known(draft: Draft, number: int = 1, **parts: object) -> Known:
    first = Known(number, number * 10, draft.key, draft.fingerprint, draft.identifiers)
    return replace(first, **parts)  # type: ignore[arg-type]  # each part names a field and fits it


def a_preprint_of(doi: str) -> Draft:
    said = (Relation(Bond.PREPRINT_OF, "doi", doi), Relation(Bond.CORRECTS, "doi", "10.5555/corrected"))
    return arxiv_draft(relations=said)


def test_a_draft_is_named_by_itself_and_by_what_it_says_is_the_same_work() -> None:
    assert names_of(arxiv_draft()) == (("arxiv", "2606.00001"),)
    assert names_of(a_preprint_of("10.5555/a")) == (("arxiv", "2606.00001"), ("doi", "10.5555/a"))


def test_a_draft_finds_the_work_that_it_says_it_belongs_to() -> None:
    article, corrected = known(journal_draft("10.5555/a")), known(journal_draft("10.5555/corrected"), 2)

    assert Lookalikes([article, corrected]).of(a_preprint_of("10.5555/a")) == (article,)


def test_a_draft_finds_the_work_that_says_it_belongs_to_it() -> None:
    preprint = known(arxiv_draft(), ties=(("doi", "10.5555/a"),))

    assert Lookalikes([preprint]).of(journal_draft("10.5555/a")) == (preprint,)


def test_a_work_is_found_by_the_names_that_its_other_versions_gave_it() -> None:
    work = known(arxiv_draft(), names=(("doi", "10.5555/a"),))

    assert Lookalikes([work]).of(journal_draft("10.5555/a")) == (work,)


def test_what_is_learned_anew_of_a_row_replaces_it_under_every_name_and_loses_none() -> None:
    draft = arxiv_draft()
    shelves = Lookalikes([known(draft, names=(("doi", "10.5555/a"),), ties=(("doi", "10.5555/b"),))])
    shelves.learn(known(draft, fingerprint="new", ties=(("doi", "10.5555/c"),)))

    again = arxiv_draft(identifiers=Identifiers(doi="10.5555/a", arxiv="2606.00001"))
    found = [shelves.of(journal_draft(f"10.5555/{name}")) for name in "abc"]

    assert [one.fingerprint for one in shelves.of(again)] == ["new"]
    assert found == [shelves.of(again)] * 3
    assert found[0][0].pairs() == (("arxiv", "2606.00001"), ("doi", "10.5555/a"))
