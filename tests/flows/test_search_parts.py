"""The parts of searching: two orders made one, vectors in memory, questions, what follows by itself."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from academichub.errors import IndexBroken, IndexBusy, QueryInvalid
from academichub.flows import meanings
from academichub.flows.embedding import embed_works
from academichub.flows.following import Following
from academichub.flows.fusing import DEPTH, Scored, fuse
from academichub.flows.indexdocuments import document_of, features_of
from academichub.flows.meanings import Meanings
from academichub.flows.understanding import understand
from academichub.llm.ports import Space
from academichub.llm.vectors import pack, unit
from academichub.model.papers import Kind
from academichub.model.query import Scope
from academichub.model.search import FacetKind, SearchMode, SearchNote
from academichub.store import vectors
from academichub.store.indexing import KeptVector, Shelved
from academichub.store.vectors import Vector
from academichub.text import query
from academichub.text.bilingual import BETWEEN_EQUIVALENTS, BETWEEN_SIDES, glossary_folder, glossary_lines
from tests.fakes.drafts import DAY, NOW
from tests.fakes.embeddings import FakeEmbedder
from tests.fakes.radardesk import SUBJECTS, paper
from tests.fakes.searchdesk import Finder
from tests.fakes.shelf import TestShelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# -- one order of two -----------------------------------------------------------------------------


def scored(*pairs: tuple[int, float]) -> list[Scored]:
    return [Scored(*pair) for pair in pairs]


def test_what_is_first_in_both_orders_is_first() -> None:
    fused = fuse(scored((1, 9.0), (2, 5.0)), scored((1, 0.9), (3, 0.5)))

    assert [one.work_id for one in fused] == [1, 2, 3]
    assert fused[0] == (1, 1.0, True, True)
    assert [(one.is_by_words, one.is_by_meaning) for one in fused[1:]] == [(True, False), (False, True)]


def test_a_lone_hit_by_words_is_worth_as_much_as_the_nearest() -> None:
    fused = fuse(scored((7, 0.2)), scored((1, 0.9), (2, 0.8), (3, 0.1)))

    assert [one.work_id for one in fused] == [1, 7, 2, 3]


def test_a_near_work_that_matches_further_down_is_found_by_words_too() -> None:
    fused = fuse(scored((1, 2.0)), scored((2, 0.4)), matching={2})

    assert fused[1] == (2, 0.5, True, True)


def test_nothing_fused_with_nothing_is_nothing() -> None:
    assert fuse([], []) == []


@given(
    st.dictionaries(st.integers(1, 400), st.floats(0.001, 50), max_size=DEPTH),
    st.dictionaries(st.integers(1, 400), st.floats(-1, 1), max_size=DEPTH),
)
def test_fusing_loses_nothing_and_keeps_scores_between_0_and_1(
    by_words: dict[int, float], by_meaning: dict[int, float]
) -> None:
    one, other = (
        [Scored(key, held[key]) for key in sorted(held, key=lambda key: (-held[key], key))]
        for held in (by_words, by_meaning)
    )

    fused = fuse(one, other)

    assert {hit.work_id for hit in fused} == {*by_words, *by_meaning}
    assert all(-1e-9 <= hit.score <= 1 + 1e-9 for hit in fused)
    assert fused == sorted(fused, key=lambda hit: (-hit.score, hit.work_id))


# -- vectors in memory ----------------------------------------------------------------------------


def random_rows(count: int, dimensions: int = 16) -> np.ndarray:
    return unit(np.random.default_rng(5).standard_normal((count, dimensions)))


def kept(rows: np.ndarray, first: int = 1) -> list[KeptVector]:
    return [KeptVector(first + number, pack(row), NOW) for number, row in enumerate(rows)]


def test_the_nearest_come_first_with_their_cosines() -> None:
    rows = random_rows(300)
    snapshot = Meanings.of(Space("a@1", 16), kept(rows))

    near = snapshot.nearest(rows[41], most=5)

    cosines = rows @ rows[41]
    assert [one.work_id for one in near] == (np.argsort(-cosines)[:5] + 1).tolist()
    assert near[0].cosine == pytest.approx(1.0, abs=1e-3)


def test_only_those_that_may_be_found_are_found() -> None:
    snapshot = Meanings.of(Space("a@1", 16), kept(random_rows(50)))

    near = snapshot.nearest(random_rows(1)[0], most=9, among=[3, 5, 5, 900])

    assert {one.work_id for one in near} == {3, 5}


def test_a_text_without_words_is_near_to_nothing() -> None:
    snapshot = Meanings.of(Space("a@1", 16), kept(random_rows(5)))

    assert snapshot.nearest(np.zeros(16, dtype=np.float32), most=3) == []
    assert Meanings.of(Space("a@1", 16), []).nearest(random_rows(1)[0], most=3) == []
    assert Meanings.of(Space("a@1", 16), []).of(1) is None


def test_a_first_look_over_many_works_finds_the_nearest_of_a_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meanings, "LOOKED_AT", 50)
    monkeypatch.setattr(meanings, "DIRECTIONS", 8)
    dice = np.random.default_rng(9)
    middles = unit(dice.standard_normal((10, 32)))
    rows = unit(np.repeat(middles, 100, axis=0) + 0.1 * dice.standard_normal((1000, 32)))

    near = Meanings.of(Space("a@1", 32), kept(rows)).nearest(rows[250], most=10)

    exact = np.argsort(-(rows @ rows[250]))[:10] + 1
    assert len({one.work_id for one in near} & set(exact.tolist())) >= 8
    assert near[0].work_id == 251


def test_vectors_that_come_later_are_seen_and_those_that_change_take_the_old_ones_place(
    tmp_path: Path,
) -> None:
    shelf = TestShelf(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    rows = random_rows(40)
    follower = Meanings(Space("a@1", 16), stopwatch=lambda: 0.0)

    def keep(first: int, some: np.ndarray, minutes: int) -> None:
        made = [Vector(first + at, "h", 1, pack(row)) for at, row in enumerate(some)]
        with shelf.database.writing() as connection:
            vectors.keep(connection, "a@1", made, now=NOW + timedelta(minutes=minutes))

    keep(1, rows[:10], 0)
    early = follower.snapshot(shelf.database)
    keep(11, rows[10:20], 30)
    keep(1, rows[20:21], 31)
    late = follower.refresh(shelf.database)

    assert (early.works, late.works) == (10, 20)
    assert early.nearest(rows[0], most=1)[0].work_id == 1
    assert late.nearest(rows[20], most=1)[0].work_id == 1
    assert late.nearest(rows[0], most=20)[0].cosine < 0.99
    assert follower.refresh(shelf.database, is_patient=True) is late
    shelf.close()


def test_room_is_made_and_void_rows_are_cleared_away() -> None:
    rows = random_rows(3000)
    room = meanings._Room(16, None)
    room.put(kept(rows[:10]))
    room.put(kept(rows[:10]))  # the same again: nothing is added
    room.put(kept(rows[10:3000], first=11))
    room.put(kept(rows[:2500][::-1]))

    fresh = meanings._Room(16, room.snapshot())

    assert room.is_outgrown
    assert room.snapshot().works == fresh.snapshot().works == 3000
    assert fresh.snapshot().nearest(rows[0], most=1) == room.snapshot().nearest(rows[0], most=1)


def test_many_vectors_are_kept_in_half_precision_alone_and_found_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = random_rows(2000)
    few = meanings._Room(16, None)
    few.put(kept(rows))
    monkeypatch.setattr(meanings, "_WIDENED", 1500)
    many = meanings._Room(16, None)
    many.put(kept(rows[:1000]))
    assert many.snapshot().wholes is not None
    many.put(kept(rows[1000:], first=1001))

    assert few.snapshot().wholes is not None
    assert many.snapshot().wholes is None
    assert many.snapshot().nearest(rows[7], most=50) == few.snapshot().nearest(rows[7], most=50)


# -- questions ------------------------------------------------------------------------------------


def written(text: str) -> tuple[str, str]:
    found = understand(text)
    wider = "" if found.wider is None else query.format(found.wider, scope=Scope.SEARCH)
    return query.format(found.query, scope=Scope.SEARCH), wider


def test_bare_words_may_be_extended_and_filters_bind() -> None:
    found = understand("graph network cat:cs.LG -survey")

    assert (found.may_extend, found.may_relax) == (True, True)
    assert found.text == "graph network"
    assert found.binding is not None
    assert query.format(found.binding, scope=Scope.SEARCH) == "cat:cs.LG AND NOT survey"


def test_a_question_with_and_is_strict() -> None:
    found = understand("graph AND network")

    assert not found.may_extend
    assert not found.may_relax
    assert found.binding == found.query


def test_chinese_words_are_asked_for_in_both_languages() -> None:
    assert written("量子注意力") == (
        "(量子 OR quantum) AND (注意力 OR attention)",
        "量子注意力 OR 量子 OR quantum OR 注意力 OR attention",
    )


def test_what_is_no_word_of_the_glossary_is_asked_as_it_is() -> None:
    assert written("哔哩哔哩") == ("哔哩哔哩", "")
    assert written("graph 图") != ("", "")


def test_every_line_of_the_glossary_can_be_asked() -> None:
    for _, line in glossary_lines(glossary_folder()):
        zh, _, english = line.partition(BETWEEN_SIDES)
        found = understand(zh)
        assert found.is_translated, line
        assert found.english == english.split(BETWEEN_EQUIVALENTS)[0], line


@given(st.text(max_size=60))
def test_whatever_is_asked_is_understood_or_refused_with_a_place(text: str) -> None:
    try:
        found = understand(text)
    except QueryInvalid as refused:
        assert 1 <= int(str(refused.facts["column"])) <= max(1, len(text) + 1)  # noqa: PT017  # either may be
    else:
        assert found.query is not None


# -- what the index holds -------------------------------------------------------------------------


def a_work(**more: object) -> Shelved:
    fields: dict[str, object] = {
        "work_id": 1,
        "change": 1,
        "listed_on": DAY,
        "kind": Kind.PREPRINT,
        "venue": "arXiv",
        "minutes": 1,
        "title": "T",
        "abstract": "A",
        "is_teaser": False,
        "byline": ("Ada",),
        "orcids": (),
        "categories": ("cs.LG",),
        "identifiers": ("arxiv:1",),
        "sources": ("s",),
        "links": (),
        "comment": "",
    }
    return Shelved(**{**fields, **more})  # type: ignore[arg-type]  # made of the right ones above


@pytest.mark.parametrize(
    ("more", "has"),
    [
        ({}, ("abstract",)),
        ({"abstract": ""}, ()),
        ({"is_teaser": True}, ()),
        ({"identifiers": ("doi:10.1/x",)}, ("abstract", "doi")),
        ({"links": ("code https://x.example/a", "pdf https://x.example/b")}, ("code", "abstract", "pdf")),
        ({"links": ("related https://github.com/ada/lantern",)}, ("code", "abstract")),
        ({"abstract": "Code: https://github.com/ada/lantern."}, ("code", "abstract")),
        ({"comment": "see www.gitlab.com/ada/lantern"}, ("code", "abstract")),
        ({"abstract": "代码见 https://gitee.com/ada/lantern，数据另附"}, ("code", "abstract")),
        ({"abstract": "Data at https://zenodo.org/records/1"}, ("data", "abstract")),
        ({"kind": Kind.DATASET}, ("data", "abstract")),
        ({"abstract": "We study how people use https://github.com/ and zenodo.org."}, ("abstract",)),
        ({"abstract": "https://notgithub.com/a/b https://github.com.evil.example/a"}, ("abstract",)),
        ({"abstract": "https://[half/a https://huggingface.co/datasets/a/b"}, ("data", "abstract")),
    ],
)
def test_what_a_work_has_is_told_by_links_and_addresses(
    more: dict[str, object], has: tuple[str, ...]
) -> None:
    assert features_of(a_work(**more)) == has


def test_a_document_has_the_work_s_own_words_and_keys() -> None:
    document = document_of(a_work(orcids=("0000-0002-1825-0097",)))

    assert (document.work_id, document.title, document.kind) == (1, "T", "preprint")
    assert (document.orcids, document.features) == (("0000-0002-1825-0097",), ("abstract",))


# -- without an index -----------------------------------------------------------------------------


def test_without_an_index_the_newest_works_answer_and_it_is_said(tmp_path: Path) -> None:
    finder = Finder(tmp_path)
    numbers = iter(range(1, 41))
    finder.shelf.put(*(paper(next(numbers), subject) for _ in range(10) for subject in SUBJECTS))
    finder.keep("is:starred", 1, 2)
    finder.keep("is:hidden", 5)
    seen: list[int] = []

    page = finder.ask("quantum", SearchMode.BOTH, size=3)
    while True:
        seen += [hit.card.work_id for hit in page.hits]
        if page.next is None:
            break
        page = finder.ask("quantum", SearchMode.BOTH, size=3, after=page.next)

    expected = page.total
    finder.follow_index()
    assert (page.mode, page.notes) == (SearchMode.WORDS, (SearchNote.NO_MODEL, SearchNote.REBUILDING))
    assert len(seen) == len(set(seen)) == expected == finder.ask("quantum").total
    assert 5 not in seen
    finder.close()


@pytest.mark.parametrize(
    "text", ["quantum", "is:starred", "data -quantum", "is:hidden", "is:unread wage", "量子", "cat:cs.CV", ""]
)
@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {FacetKind.CATEGORY: "cs.CV"},
        {FacetKind.CATEGORY: "cs"},
        {FacetKind.YEAR: "2026", FacetKind.KIND: "preprint"},
        {FacetKind.STATE: "unread"},
        {FacetKind.STATE: "starred", FacetKind.VENUE: "arXiv"},
        {FacetKind.SOURCE: "arxiv:cs.LG"},
        {FacetKind.YEAR: "1999"},
    ],
)
def test_the_shelves_answer_like_the_index(
    both_ways: Callable[[str, dict[FacetKind, str]], tuple[set[int], set[int]]],
    text: str,
    chosen: dict[FacetKind, str],
) -> None:
    from_shelves, from_index = both_ways(text, chosen)

    assert from_shelves == from_index


@pytest.fixture(scope="module")
def both_ways(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, dict[FacetKind, str]], tuple[set[int], set[int]]]:
    """Ask one shelf twice: without an index, and with one."""
    folder = tmp_path_factory.mktemp("both")
    without = Finder(folder)
    numbers = iter(range(1, 41))
    without.shelf.put(*(paper(next(numbers), subject) for _ in range(10) for subject in SUBJECTS))
    other = folder / "with"
    other.mkdir()
    within = Finder(other, url=without.database.url)
    within.follow_index()
    for finder in (without, within):
        finder.keep("is:starred", 2, 6, 9)
        finder.keep("is:read", *range(1, 20))
        finder.keep("is:hidden", 10)

    def ask(text: str, chosen: dict[FacetKind, str]) -> tuple[set[int], set[int]]:
        pages = [finder.ask(text, chosen=chosen, size=200) for finder in (without, within)]
        one, two = ({hit.card.work_id for hit in page.hits} for page in pages)
        return one, two

    return ask


# -- following by itself --------------------------------------------------------------------------


def test_what_is_shelved_is_found_soon_without_anybody_s_doing(tmp_path: Path) -> None:
    finder = Finder(tmp_path, embedder=FakeEmbedder(), follows_by_itself=True)
    finder.ask("quantum")
    finder.shelf.put(paper(1, "quant-ph"))
    waited = threading.Event()

    for _ in range(400):
        page = finder.ask("is:unread")
        if page.total and not page.notes:
            break
        waited.wait(0.05)

    assert [hit.card.work_id for hit in page.hits] == [1]
    embed_works(finder.database, FakeEmbedder(), clock=finder.clock, limit=9)
    assert finder.index_state()[:3] == (1, 1, False)
    finder.close()


def test_what_the_index_has_not_followed_is_said(tmp_path: Path) -> None:
    finder = Finder(tmp_path)
    finder.put(paper(1, "quant-ph"))
    finder.shelf.put(paper(2, "quant-ph"))

    behind = finder.ask("quantum")
    finder.follow_index()
    followed = finder.ask("quantum")

    assert behind.notes == (SearchNote.BEHIND,)
    assert followed.notes == ()
    finder.close()


def test_a_thread_that_follows_tries_again_after_a_failure() -> None:
    tried = threading.Semaphore(0)
    failures = iter([IndexBusy(path="x"), IndexBroken(path="x", reason="full")])

    def step(_is_over: object) -> None:
        tried.release()
        failure = next(failures, None)
        if failure is not None:
            raise failure

    following = Following(step, every_seconds=0.001)
    following.start()
    following.start()
    for _ in range(4):
        following.wake()
        assert tried.acquire(timeout=30)
    following.stop()
    following.start()

    assert following._thread is not None
    assert not following._thread.is_alive()
