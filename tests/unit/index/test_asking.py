"""Pages, orders, facets, the reader's sets, and questions that are relaxed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from academichub.index.answering import rounded
from academichub.model.query import Document, Scope
from academichub.model.search import FacetKind, SearchOrder
from academichub.model.shelf import Facet
from academichub.text import query
from academichub.text.queryparts import without_hidden
from tests.unit.index.conftest import shelved
from tests.unit.index.library import keepings, works

if TYPE_CHECKING:
    from collections.abc import Collection

    from academichub.index.asking import Found
    from academichub.index.fulltext import Index
    from tests.unit.index.conftest import Shelve

DAY = date(2026, 5, 1)
WORKS = works(400)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return shelved(tmp_path_factory.mktemp("asking") / "index", *(WORKS[start::5] for start in range(5)))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Give the same works that came in another order."""
    batches = [WORKS[start::-5] for start in (397, 399, 396, 395, 398)]
    return shelved(tmp_path_factory.mktemp("other") / "index", *batches)


def ask(index: Index, written: str, size: int = 25) -> Found:
    asked = query.ask(written)
    return index.search(asked.query, may_relax=asked.may_relax, size=size)


def numbers(found: Found) -> list[int]:
    return [hit.work_id for hit in found.hits]


def all_pages(index: Index, written: str | None, order: SearchOrder, size: int) -> list[tuple[int, float]]:
    asked = None if written is None else query.parse(written, scope=Scope.SEARCH)
    out: list[tuple[int, float]] = []
    after = None
    while True:
        found = index.search(asked, order=order, after=after, size=size, with_facets=False)
        out += found.hits
        after = found.next
        if after is None:
            assert len(out) == found.total
            return out
        assert after.number == len(out)


@pytest.mark.parametrize("order", SearchOrder)
@pytest.mark.parametrize(
    "written", ["network", '"of a"', "net OR cat:cs", "gra*", "NOT network", "量子", None]
)
def test_pages_hold_every_hit_once_in_one_order(
    index: Index, order: SearchOrder, written: str | None
) -> None:
    whole = all_pages(index, written, order, 500)

    assert all_pages(index, written, order, 7) == whole
    assert all_pages(index, written, order, len(whole)) == whole
    assert len(set(whole)) == len(whole)
    by_score = [(-score, work_id) for work_id, score in whole]
    if whole[0][1]:
        assert by_score == sorted(by_score)


@pytest.mark.parametrize("written", ["network", "net OR learning OR graph", '"of a"', "the 量子", None])
@pytest.mark.parametrize("order", SearchOrder)
def test_the_order_does_not_hang_on_how_the_works_came(
    index: Index, other: Index, order: SearchOrder, written: str | None
) -> None:
    assert all_pages(index, written, order, 50) == all_pages(other, written, order, 50)


def test_works_that_tie_beyond_the_page_are_ordered_by_number(shelve: Shelve) -> None:
    index = shelve(Document(number, title="A cat") for number in range(300, 0, -1))

    first = ask(index, "cat", size=3)

    assert numbers(first) == [1, 2, 3]
    assert all_pages(index, "cat", SearchOrder.RELEVANCE, 90)[-1][0] == 300


def test_newest_come_first_and_those_without_a_day_last(shelve: Shelve) -> None:
    index = shelve(
        [
            Document(1, title="cat"),
            Document(2, title="cat", listed_on=DAY),
            Document(3, title="cat", listed_on=DAY + timedelta(days=1)),
            Document(4, title="cat", listed_on=DAY),
        ]
    )

    found = index.search(query.parse("cat"), order=SearchOrder.DATE)

    assert numbers(found) == [3, 2, 4, 1]
    assert numbers(ask(index, "kind:article OR date:2026")) == [3, 2, 4]  # nothing to rank by


def test_a_word_in_the_title_weighs_more(shelve: Shelve) -> None:
    index = shelve(
        [
            Document(1, title="On dogs", abstract="Some cat."),
            Document(2, title="On cats", abstract="Some dog."),
        ]
    )

    assert numbers(ask(index, "cat")) == [2, 1]
    assert numbers(ask(index, "dog")) == [1, 2]


def test_scores_are_rounded_whatever_their_size() -> None:
    scores = np.array([0.0, 12.345678901, 1e-9, 3.0])

    assert rounded(scores) == pytest.approx(scores, rel=1e-4)
    assert rounded(scores * (1 + 1e-9)).tolist() == rounded(scores).tolist()


def test_facets_are_counted_each_under_the_other_choices(shelve: Shelve) -> None:
    index = shelve(
        [
            Document(1, title="cat", sources=("arxiv",), categories=("cs.CV", "cs.LG"), kind="preprint"),
            Document(2, title="cat", sources=("arxiv", "nature"), categories=("cs.CV",), kind="article"),
            Document(3, title="cat", sources=("nature",), venue="Nature  Physics", listed_on=DAY),
            Document(4, title="dog", sources=("nature",), categories=("Cell Biology",)),
        ]
    )
    chosen = {FacetKind.SOURCE: "arxiv", FacetKind.CATEGORY: "cs"}

    free = ask(index, "cat").facets
    narrowed = index.search(query.parse("cat"), chosen=chosen)

    assert free[FacetKind.SOURCE] == (Facet("arxiv", 2), Facet("nature", 2))
    assert free[FacetKind.CATEGORY] == (Facet("cs", 2), Facet("cs.CV", 2), Facet("cs.LG", 1))
    assert free[FacetKind.VENUE] == (Facet("Nature Physics", 1),)
    assert free[FacetKind.YEAR] == (Facet("2026", 1),)
    assert free[FacetKind.KIND] == (Facet("article", 1), Facet("preprint", 1))
    assert free[FacetKind.STATE] == ()
    assert narrowed.total == 2
    assert narrowed.facets[FacetKind.SOURCE] == (Facet("arxiv", 2), Facet("nature", 1))
    assert narrowed.facets[FacetKind.CATEGORY] == (Facet("cs", 2), Facet("cs.CV", 2), Facet("cs.LG", 1))
    assert narrowed.facets[FacetKind.KIND] == (Facet("article", 1), Facet("preprint", 1))
    assert index.search(None, chosen=chosen, with_facets=False).facets == {}


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        (FacetKind.VENUE, "Nature Physics", [3]),
        (FacetKind.YEAR, "2026", [3]),
        (FacetKind.YEAR, "0", []),
        (FacetKind.YEAR, "99999999999999999999", []),
        (FacetKind.YEAR, "last", []),
        (FacetKind.KIND, "article", [2]),
        (FacetKind.SOURCE, "", []),
        (FacetKind.SOURCE, "\ud800", []),
        (FacetKind.STATE, "read", [1, 2]),
        (FacetKind.STATE, "unread", [3]),
        (FacetKind.STATE, "starred", []),
        (FacetKind.STATE, "nonsense", []),
    ],
)
def test_results_are_narrowed_to_what_is_chosen(
    shelve: Shelve, kind: FacetKind, value: str, found: list[int]
) -> None:
    index = shelve(
        [
            Document(1, sources=("arxiv",)),
            Document(2, kind="article"),
            Document(3, venue="Nature Physics", listed_on=DAY),
        ]
    )

    assert index.ids(None, members={"is:read": {1, 2}}, chosen={kind: value}).tolist() == found


def test_a_facet_of_very_many_values_is_cut_by_name(shelve: Shelve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("academichub.index.answering._SOME_VALUES", 25)
    index = shelve([Document(number, venue=f"Journal {number:03}") for number in range(60, 0, -1)])

    venues = index.search(None).facets[FacetKind.VENUE]

    assert [venue.value for venue in venues] == [f"Journal {number:03}" for number in range(1, 21)]


def test_states_are_counted_among_what_is_found(shelve: Shelve) -> None:
    index = shelve([Document(1, title="cat"), Document(2, title="cat"), Document(3, title="dog")])
    kept: dict[str, Collection[int]] = {
        "is:read": np.array([2, 3]),
        "is:starred": {1, 3},
        "tag:x": {1},
    }

    found = index.search(query.parse("cat"), members=kept)
    chosen = index.search(query.parse("cat"), members=kept, chosen={FacetKind.STATE: "read"})

    assert found.facets[FacetKind.STATE] == (Facet("read", 1), Facet("starred", 1), Facet("unread", 1))
    assert numbers(chosen) == [2]
    assert chosen.facets[FacetKind.STATE] == found.facets[FacetKind.STATE]
    assert index.search(None, members={"is:later": {3}}).facets[FacetKind.STATE] == (Facet("later", 1),)
    nothing: dict[str, Collection[int]] = {"is:read": (), "is:later": ()}
    assert index.search(query.parse("cat"), members=nothing).facets[FacetKind.STATE] == (
        Facet("unread", 2),
        Facet("later", 0),
        Facet("read", 0),
    )


@pytest.mark.parametrize(
    "written",
    [
        "network is:read",
        "network is:unread",
        "network (is:starred OR cat:cs)",
        "network (is:starred OR is:read)",
        "NOT (network is:read) graph",
        "NOT network is:unread",
        "date:2026 is:read",
        "is:read",
        "the is:unread",
        "network is:read is:later",
        "network OR is:read",
    ],
)
def test_big_sets_of_the_reader_find_the_same_as_small_ones(
    index: Index, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    kept = keepings(len(WORKS))
    asked = query.parse(written, scope=Scope.SEARCH)
    plain = index.ids(asked, members=kept).tolist()

    monkeypatch.setattr("academichub.index.asking._MANY", 10)

    assert index.ids(asked, members=kept).tolist() == plain


def test_hidden_works_are_left_out_unless_they_are_asked_for(shelve: Shelve) -> None:
    index = shelve([Document(1, title="cat"), Document(2, title="cat")])
    kept = {"is:hidden": {2}}

    def found(written: str | None) -> list[int]:
        asked = None if written is None else query.parse(written, scope=Scope.SEARCH)
        ids: list[int] = index.ids(without_hidden(asked), members=kept).tolist()
        return ids

    assert found("cat") == [1]
    assert found(None) == [1]
    assert found("is:hidden") == [2]


LONG = "how do cats in boxes learn of quantum gravity"


def test_a_long_question_is_relaxed_where_all_its_words_are_nowhere(shelve: Shelve) -> None:
    index = shelve(
        [
            Document(1, title="Cats in boxes", abstract="Gravity."),
            Document(2, title="Cats", abstract="How do cats learn?"),
            Document(3, title="Of how to do", abstract="In and of."),
            Document(4, title="Cats learn quantum gravity in boxes", kind="article"),
        ]
    )

    found = ask(index, LONG)

    assert found.is_relaxed
    assert numbers(found)[0] == 4
    assert set(numbers(found)) == {1, 2, 4}  # words that only bind others find nothing
    assert numbers(ask(index, f"{LONG} kind:article")) == [4]
    assert not ask(index, LONG.replace(" cats", " AND cats")).is_relaxed
    assert not ask(index, "cats").is_relaxed
    assert not ask(index, '"cats in boxes"').is_relaxed


def test_a_question_that_finds_enough_stays_strict(shelve: Shelve) -> None:
    index = shelve([Document(number, title="cats in boxes") for number in range(10)])

    found = ask(index, "cats boxes")

    assert (found.is_relaxed, found.total) == (False, 10)


def test_chinese_and_hyphens_are_relaxed_piece_by_piece(shelve: Shelve) -> None:
    index = shelve(
        [
            Document(1, title="量子信息与纠错"),
            Document(2, title="pretraining"),
            Document(3, title="training"),
            Document(4, title="The of"),
            Document(5, title="AI 模型"),
        ]
    )

    assert numbers(ask(index, "量子纠错")) == [1]
    assert set(numbers(ask(index, "pre-training"))) == {2, 3}
    assert numbers(ask(index, "the of")) == [4]
    assert numbers(ask(index, "AI模型x")) == [5]
