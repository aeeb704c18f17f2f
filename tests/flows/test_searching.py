"""Searching by words, by meaning and by both: what binds, what extends, and pages that miss nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from academichub.errors import EmbeddingsUnreachable, QueryInvalid, WorkUnknown
from academichub.flows import answering, searching
from academichub.flows.embedding import embed_works
from academichub.model.search import FacetKind, SearchMode, SearchNote, SearchOrder
from academichub.store import merging
from tests.fakes.drafts import DAY, NOW, arxiv_draft
from tests.fakes.embeddings import FakeEmbedder
from tests.fakes.radardesk import SUBJECTS, paper
from tests.fakes.searchdesk import Finder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from academichub.llm.ports import Vectors

CHINESE = {"量子": "quantum", "解码器": "decoder"}


@pytest.fixture
def finder(tmp_path: Path) -> Iterator[Finder]:
    """Forty papers on four subjects, ten on each; numbers of one subject are four apart."""
    opened = Finder(tmp_path, embedder=FakeEmbedder())
    fill(opened)
    yield opened
    opened.close()


def fill(finder: Finder, each: int = 10) -> None:
    numbers = iter(range(1, 4 * each + 1))
    finder.put(*(paper(next(numbers), subject) for _ in range(each) for subject in SUBJECTS))


def embed(finder: Finder) -> None:
    embedder = finder.embedder()
    assert embedder is not None
    embed_works(finder.database, embedder, clock=finder.clock, limit=1_000)
    finder.kept_search.meanings = None  # as a process that begins now


def every_page(finder: Finder, text: str, mode: SearchMode, size: int, **more: object) -> list[int]:
    """Turn all pages of an answer; give the works in order."""
    seen: list[int] = []
    page = finder.ask(text, mode, size=size, **more)
    while True:
        assert page.first_number == len(seen) + 1
        seen += [hit.card.work_id for hit in page.hits]
        if page.next is None:
            assert len(seen) == page.total
            return seen
        assert page.hits
        page = finder.ask(text, mode, size=size, after=page.next, **more)


def subjects_of(finder: Finder, text: str, mode: SearchMode, **more: object) -> set[str]:
    return {hit.card.categories[0] for hit in finder.ask(text, mode, **more).hits}


# -- by words -------------------------------------------------------------------------------------


def test_words_find_what_has_them_and_mark_it(finder: Finder) -> None:
    page = finder.ask("neuron")

    assert page.mode is SearchMode.WORDS
    assert {hit.card.categories[0] for hit in page.hits} == {"q-bio.NC"}
    assert all(hit.is_by_words and not hit.is_by_meaning for hit in page.hits)
    assert any("<mark>" in hit.title_html + hit.snippet_html for hit in page.hits)
    assert page.minutes == sum(hit.card.minutes for hit in page.hits)
    assert page.notes == ()


def test_an_empty_question_lists_what_was_chosen_newest_first(finder: Finder) -> None:
    finder.put(paper(90, "econ.EM", on=DAY + timedelta(days=1)))

    page = finder.ask("", SearchMode.BOTH, chosen={FacetKind.CATEGORY: "econ.EM"})

    assert (page.total, page.mode) == (11, SearchMode.WORDS)
    assert page.hits[0].card.listed_on == DAY + timedelta(days=1)
    assert page.hits[0].snippet_html == page.hits[0].card.abstract_html


def test_a_question_that_cannot_be_read_points_at_the_place(finder: Finder) -> None:
    with pytest.raises(QueryInvalid) as told:
        finder.ask('neuron "memory')

    assert told.value.facts["column"] == 8


def test_hidden_works_are_left_out_unless_they_are_asked_for(finder: Finder) -> None:
    shown = finder.ask("neuron").total
    gone = finder.ask("neuron").hits[0].card.work_id

    finder.keep("is:hidden", gone)

    assert finder.ask("neuron").total == shown - 1
    assert gone not in [hit.card.work_id for hit in finder.ask("neuron", SearchMode.BOTH).hits]
    assert [hit.card.work_id for hit in finder.ask("neuron is:hidden").hits] == [gone]


def test_what_the_reader_keeps_is_asked_anew_when_it_changes(finder: Finder) -> None:
    assert finder.ask("is:starred").total == 0

    finder.keep("is:starred", 3, 7)
    starred = finder.ask("is:starred")

    assert {hit.card.work_id for hit in starred.hits} == {3, 7}
    assert {facet.value: facet.works for facet in starred.facets[FacetKind.STATE]}["starred"] == 2


def test_tags_and_collections_narrow_in_every_mode(finder: Finder) -> None:
    embed(finder)
    finder.keep("tag:to read", 1, 5, 2)
    finder.keep("in:shelf-1", 1, 2)

    for mode in SearchMode:
        page = finder.ask('quantum tag:"To  Read" in:shelf-1', mode)
        assert {hit.card.work_id for hit in page.hits} <= {1, 2}


def test_a_misspelt_word_is_answered_with_what_was_meant(finder: Finder) -> None:
    page = finder.ask("neurom")

    assert page.suggestion == "neuron"


# -- by meaning and both --------------------------------------------------------------------------


def test_without_a_model_words_answer_and_it_is_said(tmp_path: Path) -> None:
    finder = Finder(tmp_path)
    fill(finder, 2)

    page = finder.ask("neuron", SearchMode.MEANING)

    assert (page.mode, page.notes) == (SearchMode.WORDS, (SearchNote.NO_MODEL,))
    assert page.hits
    finder.close()


def test_without_any_vector_words_answer_and_it_is_said(finder: Finder) -> None:
    page = finder.ask("neuron", SearchMode.BOTH)

    assert (page.mode, page.notes) == (SearchMode.WORDS, (SearchNote.PARTLY_EMBEDDED,))


def test_meaning_finds_works_without_the_word(finder: Finder) -> None:
    embed(finder)

    page = finder.ask("neuron cortex synapse spike hippocampus", SearchMode.MEANING, size=5)

    assert page.mode is SearchMode.MEANING
    assert {hit.card.categories[0] for hit in page.hits} == {"q-bio.NC"}
    assert all(hit.is_by_meaning for hit in page.hits)
    more = finder.ask("neuron cortex synapse spike hippocampus", SearchMode.MEANING, size=40).hits
    assert not all(hit.is_by_words for hit in more)
    assert [hit.score for hit in page.hits] == sorted((hit.score for hit in page.hits), reverse=True)


def test_both_has_what_either_finds_and_says_which(finder: Finder) -> None:
    embed(finder)
    by_words = {hit.card.work_id for hit in finder.ask("hippocampus", size=50).hits}

    hits = finder.ask("hippocampus", SearchMode.BOTH, size=50).hits

    assert {hit.card.work_id for hit in hits if hit.is_by_words} == by_words
    assert {hit.card.work_id for hit in hits if hit.is_by_meaning} > by_words


@pytest.mark.parametrize("mode", list(SearchMode))
@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("quantum cat:cs.CV", {"cs.CV"}),
        ("data -cat:econ.EM", {"quant-ph", "cs.CV", "q-bio.NC"}),
        ('"camera" quantum', {"cs.CV"}),
        ("data NOT (cat:econ.EM OR cat:cs.CV)", {"quant-ph", "q-bio.NC"}),
        ("wage AND data", {"econ.EM"}),
        ("wage OR neuron", {"econ.EM", "q-bio.NC"}),
    ],
)
def test_filters_and_operators_bind_in_every_mode(
    finder: Finder, mode: SearchMode, text: str, allowed: set[str]
) -> None:
    embed(finder)

    assert subjects_of(finder, text, mode, size=50) <= allowed


def test_meaning_is_asked_of_all_that_a_narrow_filter_leaves(
    finder: Finder, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed(finder)
    monkeypatch.setattr(searching, "DEPTH", 3)  # so that the nearest six are all of one subject

    found = subjects_of(finder, "quantum qubit cat:econ.EM", SearchMode.MEANING)

    assert found == {"econ.EM"}


def test_what_was_chosen_narrows_what_meaning_finds(finder: Finder) -> None:
    embed(finder)

    page = finder.ask("quantum", SearchMode.BOTH, chosen={FacetKind.CATEGORY: "cs.CV"}, size=50)

    assert {hit.card.categories[0] for hit in page.hits} == {"cs.CV"}
    assert page.total == len(page.hits)


@pytest.mark.parametrize("mode", list(SearchMode))
@pytest.mark.parametrize("size", [1, 3, 7, 40])
def test_turning_pages_gives_every_hit_once(finder: Finder, mode: SearchMode, size: int) -> None:
    embed(finder)

    pages = every_page(finder, "quantum data", mode, size)

    assert len(pages) == len(set(pages))
    assert pages == [hit.card.work_id for hit in finder.ask("quantum data", mode, size=100).hits]


@pytest.mark.parametrize("size", [1, 2, 5, 13])
def test_pages_go_on_by_words_where_the_fused_hits_end(
    finder: Finder, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    embed(finder)
    monkeypatch.setattr(searching, "DEPTH", 4)
    by_words = {hit.card.work_id for hit in finder.ask("data", size=100).hits}

    pages = every_page(finder, "data", SearchMode.BOTH, size)

    assert len(pages) == len(set(pages))
    assert by_words <= set(pages)


def test_both_by_date_is_what_words_find(finder: Finder) -> None:
    embed(finder)
    finder.put(paper(90, "q-bio.NC", on=DAY + timedelta(days=1)))

    page = finder.ask("data", SearchMode.BOTH, order=SearchOrder.DATE, size=50)
    days = [hit.card.listed_on for hit in page.hits]

    assert page.mode is SearchMode.WORDS
    assert days == sorted(days, reverse=True)


def test_meaning_by_date_is_what_is_near_newest_first(finder: Finder) -> None:
    embed(finder)

    pages = every_page(finder, "neuron", SearchMode.MEANING, 7, order=SearchOrder.DATE)

    assert sorted(pages) == [*range(1, 41)]


def test_a_work_that_was_merged_away_is_found_by_no_mode(finder: Finder) -> None:
    embed(finder)
    with finder.database.shelving() as connection:
        merging.merge(connection, kept_id=1, gone_id=5, because="hand", now=NOW)
    finder.follow_index()

    for mode in SearchMode:
        page = finder.ask("quantum", mode, size=50)
        assert 5 not in [hit.card.work_id for hit in page.hits]
        assert page.total == len(page.hits)
    assert 5 not in [one.card.work_id for one in finder.similar(1)]


def test_a_model_that_fails_leaves_words(tmp_path: Path) -> None:
    class Failing(FakeEmbedder):
        def embed_queries(self, texts: Sequence[str]) -> Vectors:
            raise EmbeddingsUnreachable(url="http://127.0.0.1/v1", status=503, reason=str(len(texts)))

    finder = Finder(tmp_path, embedder=Failing())
    fill(finder, 2)
    embed(finder)

    page = finder.ask("neuron", SearchMode.BOTH)

    assert (page.mode, page.notes) == (SearchMode.WORDS, (SearchNote.NO_MODEL,))
    finder.close()


def test_a_question_is_embedded_once(finder: Finder) -> None:
    embed(finder)
    embedder = finder.embedder()
    assert isinstance(embedder, FakeEmbedder)
    before = len(embedder.embedded)

    finder.ask("neuron", SearchMode.BOTH)
    finder.ask("neuron", SearchMode.BOTH, size=3)

    assert len(embedder.embedded) == before + 1


# -- Chinese --------------------------------------------------------------------------------------


def test_chinese_words_find_english_papers_by_the_glossary(finder: Finder) -> None:
    page = finder.ask("量子纠缠", SearchMode.WORDS)

    assert page.notes == (SearchNote.GLOSSARY,)
    assert {hit.card.categories[0] for hit in page.hits} == {"quant-ph"}


def test_what_is_written_in_chinese_is_found_too(finder: Finder) -> None:
    finder.put(arxiv_draft("2606.09999", title="量子纠缠的测量", abstract="", categories=("quant-ph",)))

    page = finder.ask("量子纠缠", SearchMode.WORDS, size=50)

    assert "量子纠缠的测量" in [hit.card.title_plain for hit in page.hits]
    assert len(page.hits) > 1


def test_a_question_with_words_that_no_glossary_has_is_asked_more_widely(finder: Finder) -> None:
    assert finder.ask("为什么量子神经元那么贵", SearchMode.WORDS).total > 0
    assert finder.ask("哔哩哔哩", SearchMode.WORDS).total == 0


def test_it_is_said_where_not_all_words_had_to_be_there(finder: Finder) -> None:
    assert SearchNote.RELAXED in finder.ask("neuron wage camera").notes
    assert SearchNote.RELAXED not in finder.ask("neuron AND wage AND camera").notes


def test_an_english_model_reads_what_the_glossary_says(finder: Finder) -> None:
    embed(finder)

    page = finder.ask("量子", SearchMode.MEANING, size=5)

    assert (page.mode, page.notes) == (SearchMode.MEANING, (SearchNote.GLOSSARY,))
    assert page.hits[0].card.categories == ("quant-ph",)
    assert finder.ask("哔哩哔哩", SearchMode.MEANING).mode is SearchMode.WORDS


def test_a_multilingual_model_reads_chinese_itself(tmp_path: Path) -> None:
    finder = Finder(tmp_path, embedder=FakeEmbedder("multi@1", translations=CHINESE))
    fill(finder)
    embed(finder)

    page = finder.ask("量子 解码器", SearchMode.MEANING, size=5)

    assert page.notes == (SearchNote.MULTILINGUAL,)
    assert {hit.card.categories[0] for hit in page.hits} == {"quant-ph"}
    finder.close()


# -- similar --------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_embedded", [True, False])
def test_similar_works_are_of_the_same_subject_and_never_the_work_itself(
    finder: Finder, *, is_embedded: bool
) -> None:
    if is_embedded:
        embed(finder)
    finder.keep("is:hidden", 5)

    similar = finder.similar(1, size=4)

    assert len(similar) == 4
    assert all(one.is_by_meaning == is_embedded for one in similar)
    assert {one.card.categories[0] for one in similar} == {"quant-ph"}
    assert not {1, 5} & {one.card.work_id for one in similar}
    assert all(0.0 <= one.likeness <= 1.0 for one in similar)
    assert [one.likeness for one in similar] == sorted((one.likeness for one in similar), reverse=True)
    assert finder.similar(1, size=4) == similar


def test_nothing_is_similar_to_a_work_that_is_not_there(finder: Finder) -> None:
    with pytest.raises(WorkUnknown):
        finder.similar(4711)


def test_without_an_index_or_vectors_nothing_is_similar_and_nothing_fails(tmp_path: Path) -> None:
    finder = Finder(tmp_path)
    finder.shelf.put(paper(1, "quant-ph"))

    assert finder.similar(1) == ()
    finder.close()


def test_an_answer_that_is_asked_for_again_sees_what_moved_meanwhile(finder: Finder) -> None:
    first = finder.ask("quantum", SearchMode.WORDS)
    again = finder.ask("quantum", SearchMode.WORDS)
    finder.keep("is:starred", first.hits[0].card.work_id)
    marked = finder.ask("quantum", SearchMode.WORDS)
    finder.keep("is:hidden", first.hits[0].card.work_id)
    hidden = finder.ask("quantum", SearchMode.WORDS)

    starred = {facet.value: facet.works for facet in marked.facets[FacetKind.STATE]}
    assert again == first
    assert starred["starred"] == 1
    assert marked.total == first.total
    assert first.hits[0].card.work_id not in {hit.card.work_id for hit in hidden.hits}


@pytest.mark.parametrize("mode", SearchMode)
def test_the_second_page_has_the_facets_of_the_first(finder: Finder, mode: SearchMode) -> None:
    embed(finder)
    whole = finder.ask("quantum", mode, size=100)
    first = finder.ask("quantum", mode, size=3)

    second = finder.ask("quantum", mode, size=3, after=first.next)

    assert second.facets == first.facets == whole.facets
    assert [hit.card.work_id for hit in second.hits] == [hit.card.work_id for hit in whole.hits[3:6]]


def test_only_the_last_answers_are_kept(finder: Finder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "ANSWERS_KEPT", 1)
    first = finder.ask("quantum", SearchMode.WORDS)
    finder.ask("networks", SearchMode.WORDS)

    assert finder.ask("quantum", SearchMode.WORDS) == first
